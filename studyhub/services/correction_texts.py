"""The revision that a correction writes: the same options with another key, and new words where there are any.

Rendering runs in a child process, before the transaction. What is not rewritten keeps its HTML, figures and all.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import Any, assert_never

from sqlalchemy import select
from sqlalchemy.orm import Session

from studyhub.content import rendering
from studyhub.content.markdown_html import Rendered
from studyhub.domain.corrections import Key, bodies, option_map, with_keys
from studyhub.domain.errors import Invalid, NotFound
from studyhub.domain.identity import Actor
from studyhub.domain.permissions import Permission, require
from studyhub.domain.questions import (
    Matching,
    MultipleChoice,
    Numeric,
    Ordering,
    Question,
    Scenario,
    SimpleBody,
    SingleChoice,
    TrueFalse,
    from_data,
)
from studyhub.persistence.models import Question as QuestionRow
from studyhub.persistence.models import QuestionRevision, StoredFile

MOST_CHARACTERS = 20_000
_FILE = re.compile(r"/files/([0-9a-f-]{36})")


@dataclass(frozen=True, slots=True)
class NewWords:
    """``explanation`` of the question, or None to leave it; ``reasons`` by index of the choice, for the first body."""

    explanation: str | None = None
    reasons: Mapping[int, str] | None = None


@dataclass(frozen=True, slots=True)
class RewrittenQuestion:
    question: Question
    html: dict[str, Any]


def rewrite(
    db: Session, actor: Actor, key: str, base_revision_id: int, keys: Sequence[Key], words: NewWords
) -> RewrittenQuestion:
    """Raises NotFound, and Invalid for keys that fit the kind no better than before or a text that cannot be shown."""
    require(actor, Permission.WRITE_CONTENT)
    row = db.scalars(
        select(QuestionRevision)
        .join(QuestionRow, QuestionRow.id == QuestionRevision.question_id)
        .where(QuestionRow.key == key, QuestionRevision.id == base_revision_id)
    ).one_or_none()
    if row is None:
        raise NotFound
    old = from_data(row.data)
    corrected = with_keys(old, keys)
    new = _reworded(corrected, words)
    html = _html_with_keys(row.html, old, corrected)
    return RewrittenQuestion(new, _render_changes(html, corrected, new, _addresses(db, row.html)))


def reasons_of(body: SimpleBody) -> tuple[str, ...]:
    match body:
        case SingleChoice(choices) | MultipleChoice(choices):
            return tuple(choice.reason for choice in choices)
        case TrueFalse(_, reason_true, reason_false):
            return (reason_true, reason_false)
        case Matching(pairs):
            return tuple(pair.reason for pair in pairs)
        case Numeric() | Ordering():
            return ()
        case _:
            assert_never(body)


def _reworded(question: Question, words: NewWords) -> Question:
    texts = [words.explanation or "", *(words.reasons or {}).values()]
    if any(len(text) > MOST_CHARACTERS for text in texts):
        raise Invalid("文章が長すぎます。%(count)s文字以内にしてください。", count=MOST_CHARACTERS)
    if words.explanation is not None:
        question = replace(question, explanation=words.explanation)
    if isinstance(question.body, Scenario) or not words.reasons:
        return question
    reasons = list(reasons_of(question.body))
    for index, text in words.reasons.items():
        if index < len(reasons):
            reasons[index] = text
    return replace(question, body=_with_reasons(question.body, reasons))


def _with_reasons(body: SimpleBody, reasons: Sequence[str]) -> SimpleBody:
    match body:
        case SingleChoice(choices) | MultipleChoice(choices):
            told = zip(choices, reasons, strict=True)
            return replace(body, choices=tuple(replace(choice, reason=reason) for choice, reason in told))
        case TrueFalse(answer):
            return TrueFalse(answer, reasons[0], reasons[1])
        case Matching(pairs):
            explained = zip(pairs, reasons, strict=True)
            return Matching(tuple(replace(pair, reason=reason) for pair, reason in explained))
        case Numeric() | Ordering():
            return body
        case _:
            assert_never(body)


def _html_with_keys(html: Mapping[str, Any], old: Question, new: Question) -> dict[str, Any]:
    """Items and right-hand sides stand in the right order: they move with the key."""
    pairs = list(zip(bodies(old), bodies(new), strict=True))
    if not isinstance(old.body, Scenario):
        return _moved(html, *pairs[0])
    parts = zip(html["parts"], pairs, strict=True)
    return {**html, "parts": [_moved(part, *pair) for part, pair in parts]}


def _moved(html: Mapping[str, Any], old: SimpleBody, new: SimpleBody) -> dict[str, Any]:
    map_ = option_map(old, new)
    if map_ is None:
        raise ValueError("a new key changes no options")
    moved = dict(html)
    if isinstance(new, Ordering):
        moved["choices"] = _placed(html["choices"], map_.lefts)
    elif isinstance(new, Matching):
        moved["rights"] = _placed(html["rights"], map_.rights)
    return moved


def _placed(texts: Sequence[str], places: Sequence[int]) -> list[str]:
    placed = {place: text for text, place in zip(texts, places, strict=True)}
    return [placed[place] for place in range(len(texts))]


def _addresses(db: Session, html: Mapping[str, Any]) -> Callable[[str], str | None]:
    """Where the figures are that the question shows, by their names."""
    ids = sorted(set(_FILE.findall(str(html))))
    rows = db.execute(select(StoredFile.name, StoredFile.id).where(StoredFile.id.in_(ids)))
    known = {name: f"/files/{id_}" for name, id_ in rows}
    return lambda name: known.get(PurePosixPath(name).name)


def _render_changes(
    html: dict[str, Any], old: Question, new: Question, address: Callable[[str], str | None]
) -> dict[str, Any]:
    changed: list[tuple[str, int, str]] = []
    if new.explanation != old.explanation:
        changed.append(("explanation", -1, new.explanation))
    if not isinstance(new.body, Scenario) and not isinstance(old.body, Scenario):
        both = enumerate(zip(reasons_of(old.body), reasons_of(new.body), strict=True))
        changed += [("reasons", index, after) for index, (before, after) in both if before != after]
    if not changed:
        return html
    with rendering.Renderer() as renderer:
        rendered = renderer.render_many(
            [rendering.Text(text, address, inline=name == "reasons") for name, _index, text in changed]
        )
    for (name, index, _text), result in zip(changed, rendered, strict=True):
        if not isinstance(result, Rendered):
            raise Invalid("文章を表示できません。%(reason)s", field=name, reason=result.sentence)
        if index < 0:
            html = {**html, name: result.html}
        else:
            html = {**html, name: [*html[name][:index], result.html, *html[name][index + 1 :]]}
    return html
