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
LATIN = "A-Z"
"""The row of what is written in Latin letters: nobody looks for IPS under い."""
OTHER = "#"
"""The row of what has no reading in kana."""
ROWS = (*_ROWS, LATIN, OTHER)
_ROW_OF = {kana: row for row, members in _ROWS.items() for kana in members}


def hiragana(text: str) -> str:
    """Normalised as for the search, with katakana as hiragana."""
    return to_hiragana(normalise(text).text)


def row_of(term: str, reading: str) -> str:
    """One of ROWS: by a Latin first letter, else by the first kana of the reading without its voicing mark."""
    if "a" <= normalise(term).text[:1] <= "z":
        return LATIN
    first = unicodedata.normalize("NFD", hiragana(reading)[:1])[:1]
    return _ROW_OF.get(first, OTHER)


def place_of(term: str, reading: str) -> tuple[int, str]:
    """Sorts the rows, and the row of Latin letters by its letters; the others keep the order of their readings."""
    row = row_of(term, reading)
    return ROWS.index(row), normalise(term).text if row == LATIN else ""


def answers_to(asked: str, names: Iterable[str]) -> bool:
    """Whether one of the names contains what is asked for, however it is spelt."""
    wanted = hiragana(asked).strip()
    return any(wanted in hiragana(name) for name in names)
