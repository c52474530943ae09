"""The order and the lookup of a Japanese glossary: rows of the kana table, and one spelling for both kana."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from studyhub.domain.kana import to_hiragana
from studyhub.domain.search import normalise

_ROWS = {
    "あ": "ぁあぃいぅうぇえぉおゔ",
    "か": "かきくけこゕゖ",
    "さ": "さしすせそ",
    "た": "たちっつてと",
    "な": "なにぬねの",
    "は": "はひふへほ",
    "ま": "まみむめも",
    "や": "ゃやゅゆょよ",
    "ら": "らりるれろ",
    "わ": "ゎわゐゑをん",
}
OTHER = "#"
"""The row of what has no reading in kana."""
ROWS = (*_ROWS, OTHER)
_ROW_OF = {kana: row for row, members in _ROWS.items() for kana in members}


def hiragana(text: str) -> str:
    """Normalised as for the search, with katakana as hiragana."""
    return to_hiragana(normalise(text).text)


def row_of(reading: str) -> str:
    """One of ROWS, by the first kana without its voicing mark."""
    first = unicodedata.normalize("NFD", hiragana(reading)[:1])[:1]
    return _ROW_OF.get(first, OTHER)


def answers_to(asked: str, names: Iterable[str]) -> bool:
    """Whether one of the names contains what is asked for, however it is spelt."""
    wanted = hiragana(asked).strip()
    return any(wanted in hiragana(name) for name in names)
