"""One spelling for both kana, so that what is read alike sorts together and is found together."""

from __future__ import annotations

_TO_HIRAGANA = {code: code - 0x60 for code in range(ord("ァ"), ord("ヶ") + 1)}


def to_hiragana(text: str) -> str:
    """Full-width katakana only; all other signs stay."""
    return text.translate(_TO_HIRAGANA)
