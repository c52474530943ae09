"""Signs of names that are written in several ways."""

import pytest

from studyhub.domain.names import usual_signs, variants_in


@pytest.mark.parametrize(
    ("written", "usual"),
    [
        ("髙﨑", "高崎"),
        ("𠮷田", "吉田"),
        ("渡邉", "渡辺"),
        ("齋藤", "斉藤"),
        ("\N{CJK COMPATIBILITY IDEOGRAPH-FA10}本", "塚本"),
    ],
)
def test_a_variant_and_its_usual_sign_are_alike(written: str, usual: str) -> None:
    assert usual_signs(written) == usual_signs(usual)


def test_other_signs_stay_what_they_are() -> None:
    assert usual_signs("佐藤 花子 Sato 100%") == "佐藤 花子 Sato 100%"


def test_only_variants_of_the_signs_that_are_there_are_looked_for() -> None:
    assert ("髙", "高") in variants_in("高橋")
    assert {usual for _, usual in variants_in("高橋")} <= {"高", "橋"}
    assert variants_in("あ") == ()


def test_no_usual_sign_is_itself_a_variant() -> None:
    variants = variants_in("".join(usual_signs(chr(code)) for code in range(0x3400, 0xFAFF)))
    assert all(usual_signs(usual) == usual for _, usual in variants)
