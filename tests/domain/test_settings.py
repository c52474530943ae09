"""What an administrator may set, and what is refused with a sentence."""

from __future__ import annotations

from dataclasses import replace

import pytest

from studyhub.domain.errors import Invalid
from studyhub.domain.settings import PURPOSE, Settings, changes, checked, parse, written

CHOSEN = Settings(
    site_name="学びの広場", purpose="学習の支援にだけ使います。", questions_need_review=True, mail_on=True,
    mail_sender="studyhub@example.lg.jp", digest_weekday=4, reminder_days=0, late_check_in_minutes=30,
)  # fmt: skip


def test_what_is_stored_is_read_back_and_defaults_are_not_stored() -> None:
    assert parse(written(CHOSEN)) == CHOSEN
    assert written(Settings()) == {}


def test_names_that_are_no_longer_known_are_passed_over() -> None:
    assert parse({"colour_of_the_door": "blue"}) == Settings()


def test_blanks_around_texts_are_taken_off() -> None:
    assert checked(replace(CHOSEN, site_name="  学びの　広場 ")).site_name == "学びの 広場"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("site_name", "長" * 41),
        ("purpose", " "),
        ("purpose_en", ""),
        ("purpose", "長" * 301),
        ("mail_sender", "somebody"),
        ("mail_sender", "a@example.jp\nBcc: b@example.jp"),
        ("mail_sender", "A <a@example.jp>"),
        ("mail_sender", ""),
        ("digest_weekday", 7),
        ("reminder_days", -1),
        ("reminder_days", 31),
        ("late_check_in_minutes", 1441),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(field: str, value: object) -> None:
    with pytest.raises(Invalid) as refused:
        checked(replace(CHOSEN, **{field: value}))  # type: ignore[arg-type]
    assert refused.value.field == field


def test_no_mail_needs_no_sender() -> None:
    assert checked(Settings()) == Settings()


def test_changes_say_old_and_new_as_they_are_stored() -> None:
    found = changes(Settings(), CHOSEN)
    assert found["purpose"] == (PURPOSE, "学習の支援にだけ使います。")
    assert found["mail_on"] == ("no", "yes")
    assert "purpose_en" not in found
