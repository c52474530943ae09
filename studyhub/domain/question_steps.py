"""The way of a question written in the site: its key, from draft to publication, and who may look at it first."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from enum import StrEnum

from studyhub.domain.errors import Invalid
from studyhub.domain.questions import QuestionStatus

_KEY_PART = re.compile(r"[a-z0-9]+")


def key_stem(topic_key: str) -> str:
    """What the keys of questions on the topic begin with, before their number: ``st-61`` for ``ip-6.5:61``."""
    node = topic_key.partition(":")[2] or topic_key
    return f"st-{'-'.join(_KEY_PART.findall(node.lower()))[:40].strip('-') or 'x'}"


def next_key(stem: str, taken: Iterable[str]) -> str:
    """One number above every key of the stem, so that none is ever used again."""
    ends = [key.removeprefix(f"{stem}-") for key in taken if key.startswith(f"{stem}-")]
    last = max((int(end) for end in ends if end.isascii() and end.isdigit() and len(end) < 9), default=0)
    return f"{stem}-{last + 1:03d}"


class StatusStep(StrEnum):
    """What can be done with a question as it stands."""

    ASK_REVIEW = "ask_review"
    PUBLISH = "publish"
    WITHDRAW = "withdraw"
    """Back to a draft, out of the review."""
    RETIRE = "retire"
    REOPEN = "reopen"
    """A retired one, as a draft again."""


_STEPS: Mapping[QuestionStatus, tuple[StatusStep, ...]] = {
    QuestionStatus.DRAFT: (StatusStep.PUBLISH, StatusStep.ASK_REVIEW, StatusStep.RETIRE),
    QuestionStatus.REVIEW: (StatusStep.PUBLISH, StatusStep.WITHDRAW, StatusStep.RETIRE),
    QuestionStatus.PUBLISHED: (StatusStep.RETIRE,),
    QuestionStatus.RETIRED: (StatusStep.REOPEN,),
}
_AFTER: Mapping[StatusStep, QuestionStatus] = {
    StatusStep.ASK_REVIEW: QuestionStatus.REVIEW,
    StatusStep.PUBLISH: QuestionStatus.PUBLISHED,
    StatusStep.WITHDRAW: QuestionStatus.DRAFT,
    StatusStep.RETIRE: QuestionStatus.RETIRED,
    StatusStep.REOPEN: QuestionStatus.DRAFT,
}


def status_steps(status: QuestionStatus, *, needs_review: bool) -> tuple[StatusStep, ...]:
    """Where a second person must approve, publishing is their step and nobody else's."""
    steps = _STEPS[status]
    return tuple(step for step in steps if step is not StatusStep.PUBLISH) if needs_review else steps


def status_after(status: QuestionStatus, step: StatusStep, *, needs_review: bool) -> QuestionStatus:
    """Raises Invalid for a step that cannot be taken from there."""
    if step in status_steps(status, needs_review=needs_review):
        return _AFTER[step]
    if step is StatusStep.PUBLISH and needs_review and step in _STEPS[status]:
        raise Invalid("公開する前に、ほかの人の確認が必要です。")
    raise Invalid("いまの状態では、この操作はできません。画面を開き直してください。")


def status_when_saved(status: QuestionStatus, *, changed: bool, needs_review: bool) -> QuestionStatus:
    """A published question whose content changed waits for the second person again, where one is asked for; one that
    is changed while it is looked at starts over."""
    if changed and status is QuestionStatus.PUBLISHED and needs_review:
        return QuestionStatus.REVIEW
    return status


def may_review(actor_id: int, author_id: int | None, revised_by: int | None) -> bool:
    """A second person: neither who wrote the question nor who wrote this revision of it."""
    return actor_id not in {author_id, revised_by}
