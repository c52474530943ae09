"""Surveys: their states, what they may ask, and when what was answered may be seen.

Results are shown only when a survey is closed. While one is open they could be differenced: whoever sees the results
of four answers and then of five knows the fifth, and since answers carry no order there is no way to show "the first
five" of them again later.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import assert_never

from studyhub.domain.errors import Invalid
from studyhub.domain.small_groups import SMALLEST_GROUP as SMALLEST_GROUP

OPEN_FOR = timedelta(days=14)
LATER_AFTER = timedelta(weeks=4)
"""When the second survey is suggested to open, counted from the day of the study session."""
MOST_ITEMS = 20
MOST_OPTIONS = 10
LONGEST_LABEL, LONGEST_OPTION, LONGEST_TEXT = 200, 100, 2000
SCALE = range(1, 6)


class SurveyMoment(StrEnum):
    """Right after the study session, or some weeks later about use at work."""

    AFTER = "after"
    LATER = "later"


class SurveyState(StrEnum):
    DRAFT = "draft"
    OPEN = "open"
    CLOSED = "closed"


class ItemKind(StrEnum):
    """A step from 1 to 5, one of several texts, or free text."""

    SCALE = "scale"
    CHOICE = "choice"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Item:
    """``options``: the texts of a choice, or the words at both ends of a scale."""

    kind: ItemKind
    label: str
    options: tuple[str, ...] = ()
    required: bool = False


@dataclass(frozen=True, slots=True)
class Count:
    """``value``: step of a scale from 1, or index of a choice from 0."""

    value: int
    people: int
    share: float


@dataclass(frozen=True, slots=True)
class ItemResult:
    """``answers`` is None where fewer than five answered: then nothing else is said either."""

    item: Item
    answers: int | None
    counts: tuple[Count, ...] = ()
    mean: float | None = None
    """Of a scale."""
    texts: tuple[str, ...] = ()


Answer = int | str


def default_items(moment: SurveyMoment) -> tuple[Item, ...]:
    match moment:
        case SurveyMoment.AFTER:
            return (
                Item(ItemKind.SCALE, "この勉強会に満足しましたか", ("不満", "満足"), required=True),
                Item(
                    ItemKind.SCALE,
                    "内容は理解できましたか",
                    ("理解できなかった", "理解できた"),
                    required=True,
                ),
                Item(
                    ItemKind.CHOICE,
                    "学んだことを仕事で使いますか",
                    ("すぐに使う", "いずれ使う", "使う場面がない", "まだ分からない"),
                    required=True,
                ),
                Item(ItemKind.TEXT, "よかったこと、直してほしいことを自由に書いてください"),
            )
        case SurveyMoment.LATER:
            return (
                Item(
                    ItemKind.CHOICE,
                    "学んだことを仕事で使いましたか",
                    ("何度も使った", "一度は使った", "使おうとしたが、できなかった", "使う場面がなかった"),
                    required=True,
                ),
                Item(
                    ItemKind.SCALE,
                    "仕事の役に立っていますか",
                    ("役に立っていない", "役に立っている"),
                    required=True,
                ),
                Item(ItemKind.TEXT, "何に使いましたか。使えなかったときは、何があれば使えましたか"),
            )
        case _:
            assert_never(moment)


def default_title(moment: SurveyMoment) -> str:
    match moment:
        case SurveyMoment.AFTER:
            return "勉強会のアンケート"
        case SurveyMoment.LATER:
            return "その後のアンケート"
        case _:
            assert_never(moment)


def closes_at(opened_at: datetime) -> datetime:
    return opened_at + OPEN_FOR


def state_at(state: SurveyState, opened_at: datetime | None, now: datetime) -> SurveyState:
    """A survey whose time is over takes no more answers, also before the job has closed it."""
    is_over = state is SurveyState.OPEN and opened_at is not None and now >= closes_at(opened_at)
    return SurveyState.CLOSED if is_over else state


def require_sound(items: Sequence[Item]) -> None:
    """Raises Invalid, whose field is ``label-2`` or ``options-2`` for the third item."""
    if not items:
        raise Invalid("設問を1つ以上置いてください。", field="items")
    if len(items) > MOST_ITEMS:
        raise Invalid("設問は%(most)s個までです。", field="items", most=MOST_ITEMS)
    for index, item in enumerate(items):
        _require_sound(item, index)


def _require_sound(item: Item, index: int) -> None:
    if not item.label:
        raise Invalid("設問の文を入力してください。", field=f"label-{index}")
    if len(item.label) > LONGEST_LABEL:
        raise Invalid("設問は%(most)s文字以内にしてください。", field=f"label-{index}", most=LONGEST_LABEL)
    where = f"options-{index}"
    if any(len(option) > LONGEST_OPTION for option in item.options):
        raise Invalid("選択肢は%(most)s文字以内にしてください。", field=where, most=LONGEST_OPTION)
    match item.kind:
        case ItemKind.SCALE:
            if len(item.options) != 2 or not all(item.options):
                raise Invalid("両端の言葉を入力してください。", field=where)
        case ItemKind.CHOICE:
            if not 2 <= len(item.options) <= MOST_OPTIONS:
                raise Invalid("選択肢は2個から%(most)s個までです。", field=where, most=MOST_OPTIONS)
            if len(set(item.options)) < len(item.options):
                raise Invalid("同じ選択肢が2つあります。", field=where)
        case ItemKind.TEXT:
            return
        case _:
            assert_never(item.kind)


def checked_answers(items: Mapping[int, Item], given: Mapping[int, str]) -> dict[int, Answer]:
    """By the key of the item; an item that was passed over is left out. ``given`` is as a form sends it.

    Raises Invalid, whose field is ``item-7`` for the item with the key 7.
    """
    answers: dict[int, Answer] = {}
    for key, item in items.items():
        text = given.get(key, "").strip()
        if text:
            answers[key] = _checked(item, text, f"item-{key}")
        elif item.required:
            raise Invalid("この設問に答えてください。", field=f"item-{key}")
    if not answers:
        raise Invalid("1つ以上の設問に答えてください。", field="items")
    return answers


def _checked(item: Item, text: str, where: str) -> Answer:
    match item.kind:
        case ItemKind.SCALE:
            allowed: Iterable[int] = SCALE
        case ItemKind.CHOICE:
            allowed = range(len(item.options))
        case ItemKind.TEXT:
            if len(text) > LONGEST_TEXT:
                raise Invalid("%(limit)s文字以内にしてください。", field=where, limit=LONGEST_TEXT)
            return text
        case _:
            assert_never(item.kind)
    numbers = {str(number): number for number in allowed}
    if text not in numbers:
        raise Invalid("選択肢の中から選んでください。", field=where)
    return numbers[text]


def results(
    items: Mapping[int, Item], sheets: Iterable[Mapping[int, Answer]]
) -> tuple[ItemResult, ...] | None:
    """None with fewer than five sheets. Free texts stand in an order made from the texts alone, each item by itself:
    it says nothing of when or by whom, and no two texts are joined."""
    answered = list(sheets)
    if len(answered) < SMALLEST_GROUP:
        return None
    return tuple(
        item_result(item, [sheet[key] for sheet in answered if key in sheet]) for key, item in items.items()
    )


def item_result(item: Item, answers: Sequence[Answer]) -> ItemResult:
    if len(answers) < SMALLEST_GROUP:
        return ItemResult(item, None)
    match item.kind:
        case ItemKind.SCALE:
            counts = _counts(answers, SCALE)
            mean = sum(count.value * count.people for count in counts) / len(answers)
            return ItemResult(item, len(answers), counts, mean=mean)
        case ItemKind.CHOICE:
            return ItemResult(item, len(answers), _counts(answers, range(len(item.options))))
        case ItemKind.TEXT:
            return ItemResult(item, len(answers), texts=_shuffled(str(answer) for answer in answers))
        case _:
            assert_never(item.kind)


def _counts(answers: Sequence[Answer], values: Iterable[int]) -> tuple[Count, ...]:
    held = Counter(answers)
    return tuple(Count(value, held[value], held[value] / len(answers)) for value in values)


def _shuffled(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(texts, key=lambda text: hashlib.sha256(text.encode()).digest()))
