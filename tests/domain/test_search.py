"""One way of cutting text for the index and for the query."""

from __future__ import annotations

import random

import pytest

from studyhub.domain.search import (
    MAX_TOKEN_CHARACTERS,
    MAX_WORDS,
    SNIPPET_BEFORE,
    SNIPPET_CHARACTERS,
    Passage,
    highlight,
    normalise,
    parse_name,
    parse_query,
    snippet,
    tokens_of,
)


def _finds(asked: str, written: str) -> bool:
    """As the index does it: every token is there, then the text is compared."""
    text = normalise(written).text
    held = tokens_of(text)
    words = parse_query(asked).words
    return bool(words) and all(
        all(any(t.startswith(w.text) if w.prefix else t == w.text for t in held) for w in word.tokens)
        and (not word.needs_comparing or word.text in text)
        for word in words
    )


def _marked(passages: tuple[Passage, ...]) -> list[str]:
    return [passage.text for passage in passages if passage.hit]


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        ("ＩＴパスポート", "itパスポート"),
        ("ﾊﾞｯｸｱｯﾌﾟ", "バックアップ"),
        ("ハ\u3099ックアッフ\u309a", "バックアップ"),
        ("㍻三十年", "平成三十年"),
        ("葛\U000e0100飾区", "葛飾区"),
        ("情報\u200bセキュ\u00adリティ", "情報セキュリティ"),
        ("情報セキュ\n  リティ", "情報セキュリティ"),
        ("TCP\nIP", "tcp ip"),
        ("a\x00b\u3000c", "a b c"),
        ("Straße", "strasse"),
    ],
)
def test_text_is_normalised_however_it_is_typed(written: str, normal: str) -> None:
    assert normalise(written).text == normal


def test_each_character_of_normalised_text_knows_where_it_came_from() -> None:
    normalised = normalise("㍻とﾊﾞ。")
    assert (normalised.text, list(normalised.origins)) == ("平成とバ。", [0, 0, 1, 2, 4, 5])


def test_japanese_is_cut_into_pairs_and_other_words_stay_whole() -> None:
    assert tokens_of(normalise("暗号化とTLS1.3。鍵").text) == [
        "暗号",
        "号化",
        "化と",
        "と",
        "tls1",
        "3",
        "鍵",
    ]


def test_a_run_of_letters_that_is_too_long_for_an_index_is_cut() -> None:
    assert tokens_of("a" * 5000) == ["a" * MAX_TOKEN_CHARACTERS]
    assert _finds("a" * 150, "a" * 5000)
    assert not _finds("a" * 150, "a" * 100)


@pytest.mark.parametrize(
    ("asked", "written"),
    [
        ("鍵", "公開鍵"),
        ("鍵", "鍵です"),
        ("暗号", "暗号化"),
        ("認証", "多要素認証"),
        ("号化", "暗号化"),
        ("暗号　認証", "認証と暗号"),
        ("encrypt", "Encryption"),
        ("tcp/ip", "ＴＣＰ／ＩＰ"),
        ("ITガバナンス", "itガバナンスとは"),
        ("「暗号」", "暗号"),
        ("c++", "C++で書く"),
    ],
)
def test_a_word_is_found(asked: str, written: str) -> None:
    assert _finds(asked, written)


@pytest.mark.parametrize(
    ("asked", "written"),
    [
        ("暗号化", "暗号と号化"),
        ("暗号 認証", "暗号だけ"),
        ("it", "with"),
        ("東京都", "東京と京都"),
        ("暗証", "暗号と認証"),
    ],
)
def test_what_only_looks_alike_is_not_found(asked: str, written: str) -> None:
    assert not _finds(asked, written)


def test_every_piece_of_a_text_is_found_in_it() -> None:
    rng = random.Random(7)
    written = "情報セキュリティの三要素（CIA）とは、機密性・完全性・可用性です。ＩＳＭＳの認証も受けます。"
    for _ in range(500):
        start = rng.randrange(len(written))
        piece = written[start : start + rng.randint(1, 8)]
        if parse_query(piece).words and not piece[0].isascii() and "Ｓ" not in piece and "Ｍ" not in piece:
            assert _finds(piece, written), piece


@pytest.mark.parametrize("asked", ["", "  ", "%", '"', "' --", "。、！？", "*:*", "\x00"])
def test_signs_alone_are_nothing_to_search_for(asked: str) -> None:
    assert parse_query(asked).words == ()


def test_a_query_of_any_length_stays_small() -> None:
    words = parse_query(" ".join(f"語{n}" for n in range(10_000))).words
    assert len(words) == MAX_WORDS
    assert len(parse_query("暗" * 10_000).text) == 200


def test_a_name_in_latin_letters_is_looked_for_whole() -> None:
    assert [token.prefix for word in parse_name("IP アドレス 鍵").words for token in word.tokens] == [
        False, False, False, False, True,
    ]  # fmt: skip


def test_a_snippet_shows_the_words_as_they_were_written() -> None:
    text = "はじめに。" * 40 + "ここでＩＴとﾊﾞｯｸｱｯﾌﾟを扱います。" + "おわりに。" * 40
    found = snippet(text, parse_query("バックアップ it"))
    assert _marked(found) == ["ＩＴ", "ﾊﾞｯｸｱｯﾌﾟ"]
    assert (found[0].text, found[-1].text) == ("…", "…")
    assert len("".join(passage.text for passage in found)) <= SNIPPET_CHARACTERS + 10


def test_a_snippet_prefers_the_place_where_all_words_stand_together() -> None:
    text = "暗号の話。" + "あ" * 300 + "認証と暗号の話。"
    assert _marked(snippet(text, parse_query("暗号 認証"))) == ["認証", "暗号"]


def test_a_snippet_without_a_hit_is_the_beginning() -> None:
    assert snippet("本文です。", parse_query("鍵")) == (Passage("本文です。", False),)
    assert snippet("", parse_query("鍵")) == ()
    assert SNIPPET_BEFORE < SNIPPET_CHARACTERS


def test_words_that_overlap_are_marked_once() -> None:
    assert _marked(highlight("情報セキュリティ対策", parse_query("情報セキュ セキュリティ"))) == [
        "情報セキュリティ"
    ]


def test_a_word_in_latin_letters_is_marked_at_its_beginning_only() -> None:
    assert highlight("with IT, ITIL", parse_query("it")) == (
        Passage("with ", False),
        Passage("IT", True),
        Passage(", ", False),
        Passage("IT", True),
        Passage("IL", False),
    )


def test_a_character_that_stands_for_several_is_marked_whole() -> None:
    assert _marked(highlight("㍻元年", parse_query("成"))) == ["㍻"]
