"""Forms and JSON of practice, read once into commands."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from uuid import UUID

from flask import request
from werkzeug.datastructures import MultiDict

from studyhub.domain.errors import Invalid, NotFound
from studyhub.domain.practice import MOST_QUESTIONS, Length, Mode
from studyhub.services.practice import ReportQuestion, StartSet
from studyhub.services.practice_answers import Given
from studyhub.web.incoming import json_fields

LONGEST_MINUTES = 120


def sent() -> MultiDict[str, str]:
    """The fields of the form, or of a JSON object with the same names."""
    if not request.is_json:
        return request.form
    return MultiDict(
        (name, str(value))
        for name, values in json_fields().items()
        for value in (values if isinstance(values, list) else [values])
        if value is not None and value is not False
    )


def given(fields: MultiDict[str, str]) -> Given:
    form: Mapping[str, list[str]] = fields.to_dict(flat=False)
    return Given(
        response_id=_response_id(fields.get("response_id", "")),
        form=form,
        unsure=bool(fields.get("unsure")),
        answered_at=_moment(fields.get("answered_at", "")),
        duration_ms=_whole_number(fields.get("duration_ms", "")),
    )


def start_command(fields: MultiDict[str, str]) -> StartSet:
    """A topic names its mode; minutes and count beyond the bounds are brought into them."""
    topic = fields.get("topic", "")
    name = Mode.TOPIC.value if topic else fields.get("mode", "")
    if name not in set(Mode) or (name == Mode.TOPIC and not topic):
        raise Invalid("練習のしかたを選んでください。")
    minutes = _within(_whole_number(fields.get("minutes", "")), LONGEST_MINUTES)
    count = _within(_whole_number(fields.get("count", "")), MOST_QUESTIONS)
    return StartSet(Mode(name), Length(minutes, count), topic or None)


def report_command(fields: MultiDict[str, str]) -> ReportQuestion:
    revision_id = _whole_number(fields.get("revision_id", ""))
    if revision_id is None:
        raise NotFound
    return ReportQuestion(revision_id, fields.get("kind", ""), fields.get("text", "").strip())


def revision_id(fields: MultiDict[str, str]) -> int:
    found = _whole_number(fields.get("revision_id", ""))
    if found is None:
        raise Invalid("送られた内容を読めませんでした。")
    return found


def place_on_page(fields: MultiDict[str, str]) -> int | None:
    """The number under which a check question stands, counted from 1."""
    return _whole_number(fields.get("number", "")) or None


def response_id(fields: MultiDict[str, str]) -> str:
    return _response_id(fields.get("response_id", ""))


def _response_id(text: str) -> str:
    """In the one spelling of a UUID, so that the same id is the same text."""
    try:
        return str(UUID(text))
    except ValueError:
        raise Invalid("回答の番号が読めません。ページを開き直してください。") from None


def _moment(text: str) -> datetime | None:
    """None for what is missing or no aware time: the server's clock is then used."""
    try:
        moment = datetime.fromisoformat(text)
        return moment.astimezone(UTC) if moment.tzinfo else None
    except (ValueError, OverflowError):
        return None


def _whole_number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 9 else None


def _within(number: int | None, most: int) -> int | None:
    return None if number is None else max(1, min(number, most))
