"""What the pages of surveys send, read once at the edge."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time

from flask import Request

from studyhub.domain.days import TOKYO
from studyhub.domain.errors import Invalid, NotFound
from studyhub.domain.surveys import MOST_ITEMS, Item, ItemKind, SurveyMoment

OPENS_AT = time(9)
"""Of Asia/Tokyo: when a planned survey opens."""


@dataclass(frozen=True, slots=True)
class Written:
    """A survey as it stands in the builder, sound or not. ``step`` is the button: empty to save, ``begin``, else ``up``,
    ``down`` or ``remove`` with the place of the item, or ``add-`` with a kind."""

    title: str
    items: tuple[Item, ...]
    step: str = ""
    place: int = -1


def moment_of(text: str) -> SurveyMoment:
    if text not in set(SurveyMoment):
        raise NotFound
    return SurveyMoment(text)


def written(request: Request) -> Written:
    form = request.form
    places = [n for n in range(MOST_ITEMS + 1) if form.get(f"kind-{n}") in set(ItemKind)]
    step, _colon, place = form.get("step", "").partition(":")
    return Written(
        title=_line(form.get("title", "")),
        items=tuple(_item(form, n) for n in places),
        step=step,
        place=int(place) if place.isascii() and place.isdigit() and len(place) < 3 else -1,
    )


def stepped(survey: Written) -> Written:
    """After the button was pressed; one that leads nowhere changes nothing."""
    items, here = list(survey.items), survey.place
    if survey.step.startswith("add-") and len(items) < MOST_ITEMS:
        kind = survey.step.removeprefix("add-")
        items += (
            [Item(ItemKind(kind), "", ("", "") if kind == ItemKind.SCALE else ())]
            if kind in set(ItemKind)
            else []
        )
    elif 0 <= here < len(items):
        there = {"up": here - 1, "down": here + 1}.get(survey.step, -1)
        if survey.step == "remove":
            del items[here]
        elif 0 <= there < len(items):
            items[here], items[there] = items[there], items[here]
    return replace(survey, items=tuple(items))


def given_answers(form: Mapping[str, str]) -> dict[int, str]:
    """By the key of the item."""
    numbers = (
        (name.removeprefix("item-"), value) for name, value in form.items() if name.startswith("item-")
    )
    return {int(key): value for key, value in numbers if key.isascii() and key.isdigit() and len(key) < 10}


def opening_day(text: str) -> datetime | None:
    """Nine in the morning of that day; None for an empty field. Raises Invalid."""
    if not text.strip():
        return None
    try:
        day = date.fromisoformat(text.strip())
    except ValueError:
        raise Invalid("日付を読み取れませんでした。", field="opens_on") from None
    return datetime.combine(day, OPENS_AT, TOKYO)


def _item(form: Mapping[str, str], place: int) -> Item:
    kind = ItemKind(form[f"kind-{place}"])
    options: tuple[str, ...] = ()
    if kind is ItemKind.SCALE:
        options = (_line(form.get(f"low-{place}", "")), _line(form.get(f"high-{place}", "")))
    elif kind is ItemKind.CHOICE:
        lines = (_line(line) for line in form.get(f"options-{place}", "").splitlines())
        options = tuple(line for line in lines if line)
    return Item(kind, _line(form.get(f"label-{place}", "")), options, required=f"required-{place}" in form)


def _line(text: str) -> str:
    return " ".join(text.split())
