"""What browsers send, read so that every text can be stored and every number fits, before a view sees it.

A NUL, which PostgreSQL refuses, and half of a surrogate pair, which no UTF-8 holds, become the replacement character,
as bytes that are no UTF-8 do already: somebody who pasted one by accident is not turned away.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask import Flask, Request, request
from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.routing import IntegerConverter, PathConverter, UnicodeConverter

from studyhub.domain.errors import Invalid

MOST_JSON_BYTES = 1024 * 1024
_MOST_CHARACTERS_OF_A_NUMBER = 9
Scalar = str | int | float | bool | None


def storable(text: str) -> str:
    whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return whole.replace("\0", "\N{REPLACEMENT CHARACTER}")


class StorableFields(ImmutableMultiDict[str, Any]):
    """Of a form or of the address; uploaded files pass through."""

    def __init__(self, pairs: Iterable[tuple[str, Any]] = ()) -> None:
        super().__init__([(storable(name), _readable(value)) for name, value in pairs])

    def get(self, key: str, default: Any = None, type: Any = None) -> Any:  # type: ignore[override]  # noqa: A002
        return super().get(key, default, _whole_number if type is int else type)

    def getlist(self, key: str, type: Any = None) -> list[Any]:  # noqa: A002
        return super().getlist(key, _whole_number if type is int else type)


def _whole_number(text: str) -> int:
    """As in an address: one with more digits fits no column. Raises ValueError."""
    if len(text) > _MOST_CHARACTERS_OF_A_NUMBER:
        raise ValueError
    return int(text)


class IncomingRequest(Request):
    parameter_storage_class = StorableFields

    @property
    def max_content_length(self) -> int | None:
        """JSON is read as a whole into memory; only uploads may be as large as is configured."""
        most = super().max_content_length
        return min(most or MOST_JSON_BYTES, MOST_JSON_BYTES) if self.is_json else most

    @max_content_length.setter
    def max_content_length(self, most: int | None) -> None:
        self._max_content_length = most


class _Number(IntegerConverter):
    """Fits the databases' integers; an address with more digits leads nowhere."""

    regex = r"\d{1,9}"


class _Text(UnicodeConverter):
    def to_python(self, value: str) -> str:
        return storable(value)


class _Path(PathConverter):
    def to_python(self, value: str) -> str:
        return storable(value)


def install(app: Flask) -> None:
    app.request_class = IncomingRequest
    app.url_map.converters.update(int=_Number, default=_Text, string=_Text, path=_Path)


def json_fields() -> dict[str, Scalar | list[Scalar]]:
    """A JSON object of plain values and lists of them, which is all that a form can say. Raises Invalid."""
    try:
        body = request.get_json(silent=True)
    except RecursionError:
        body = None
    if not isinstance(body, dict):
        raise Invalid("送られた内容を読めませんでした。")
    return {storable(name): _plain(value) for name, value in body.items()}


def _plain(value: Any) -> Scalar | list[Scalar]:
    within = value if isinstance(value, list) else [value]
    if any(isinstance(each, list | dict) for each in within):
        raise Invalid("送られた内容を読めませんでした。")
    return [_readable(each) for each in value] if isinstance(value, list) else _readable(value)


def _readable(value: Any) -> Any:
    return storable(value) if isinstance(value, str) else value
