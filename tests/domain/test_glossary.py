from __future__ import annotations

import pytest

from studyhub.domain.glossary import LATIN, OTHER, ROWS, answers_to, row_of


@pytest.mark.parametrize(
    ("reading", "row"),
    [("あいでぃー", "あ"), ("ヴぁーちゃる", "あ"), ("がいぶ", "か"), ("ﾊﾟｽﾜｰﾄﾞ", "は"), ("ょ", "や"), ("んん", "わ"),
     ("TLS", OTHER), ("", OTHER)],
)  # fmt: skip
def test_a_reading_stands_in_its_row(reading: str, row: str) -> None:
    assert row_of("本文", reading) == row
    assert row in ROWS


def test_a_term_answers_to_either_kana_and_to_any_width() -> None:
    names = ["プロトコル", "ぷろとこる", "Protocol"]
    assert all(answers_to(asked, names) for asked in ("ぷろと", "ﾌﾟﾛﾄ", "プロト", "ＰＲＯＴＯ", " proto "))
    assert not answers_to("プロキシ", names)


@pytest.mark.parametrize("term", ["IPS", "eKYC", "ＤＮＳ"])
def test_what_begins_with_a_latin_letter_stands_under_it(term: str) -> None:
    assert row_of(term, "あいうえお") == LATIN
