"""Letters: one a person and day, sent once at most, and nothing smuggled into their heads."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from studyhub.config import Config
from studyhub.domain.errors import Invalid
from studyhub.domain.identity import Actor
from studyhub.domain.notices import Letter
from studyhub.persistence.models import Mail, User
from studyhub.services import account, mail
from studyhub.services.mail import Posted, Sender
from tests.personas import Personas
from tests.smtp_server import MailServer, mail_server

SENDER = Sender("studyhub@example.jp", "学びの場", "https://study.example.jp/account")
LETTER = Letter("【StudyHub】期限が近いもの 2件", "佐藤 花子さん\n\n本文です。\n.点で始まる行\n")


@pytest.fixture
def server() -> Iterator[MailServer]:
    with mail_server() as running:
        yield running


@pytest.fixture
def mail_config(server: MailServer, tmp_path: Path) -> Config:
    return Config(
        tmp_path, "sqlite://", tmp_path, "", smtp_host="127.0.0.1", smtp_port=server.port, smtp_tls="none"
    )


def reader(db: Session, person: Actor) -> int:
    """Somebody with the address a@b.jp who wants mail."""
    db.get_one(User, person.user_id).email = "a@b.jp"
    return person.user_id


def to(address: str, letter: Letter = LETTER) -> Posted:
    return Posted(7, address, date(2026, 11, 23), letter)


def send(config: Config, posted: Posted, now: datetime) -> None:
    with mail.connection(config) as server:
        mail.send(server, SENDER.address, posted.address, mail.message(SENDER, posted, now))


def test_a_letter_arrives_as_it_was_written(server: MailServer, mail_config: Config, now: datetime) -> None:
    send(mail_config, to("hanako@example.jp"), now)
    (letter,) = server.received_by("hanako@example.jp")
    assert letter["Subject"] == LETTER.subject
    assert letter["From"] == "学びの場 <studyhub@example.jp>"
    assert letter["To"] == "hanako@example.jp"
    assert letter["Date"] == "Mon, 23 Nov 2026 10:00:00 +0900"
    assert letter["Message-ID"] == "<studyhub-7-20261123@example.jp>"
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter["List-Unsubscribe"] == "<https://study.example.jp/account>"
    assert letter.get_content_type() == "text/plain"
    assert letter.get_content().replace("\r\n", "\n") == LETTER.text


def test_without_the_site_s_address_there_is_no_link_to_stop_at(now: datetime) -> None:
    assert "List-Unsubscribe" not in mail.message(replace(SENDER, account_url=""), to("a@b.jp"), now)


@pytest.mark.parametrize(
    ("sender", "posted"),
    [
        (replace(SENDER, address="a@b.jp\r\nBcc: c@d.jp"), to("hanako@example.jp")),
        (replace(SENDER, name="学び\r\nBcc: c@d.jp"), to("hanako@example.jp")),
        (SENDER, to("hanako@example.jp\nBcc: c@d.jp")),
        (SENDER, to("hanako@example.jp", Letter("件名\r\nBcc: c@d.jp", "本文"))),
        (SENDER, to("hanako@example.jp", Letter("件名\nBcc: c@d.jp", "本文"))),
    ],
    ids=["from", "name", "to", "subject", "subject with a bare line feed"],
)
def test_a_line_end_in_a_head_is_refused(sender: Sender, posted: Posted, now: datetime) -> None:
    with pytest.raises(Invalid):
        mail.message(sender, posted, now)


@pytest.mark.parametrize(
    ("address", "outcome"),
    [("nobody@b.jp", mail.Refused), ("later@b.jp", mail.TemporarilyRefused), ("cut@b.jp", mail.Refused)],
)
def test_a_refusal_says_whether_it_may_be_tried_again(
    mail_config: Config, now: datetime, address: str, outcome: type[Exception]
) -> None:
    with pytest.raises(outcome) as refused:
        send(mail_config, to(address), now)
    assert address not in str(refused.value)


def test_after_a_refusal_the_same_conversation_takes_the_next_letter(
    server: MailServer, mail_config: Config, now: datetime
) -> None:
    with mail.connection(mail_config) as talking:
        for address in ("nobody@b.jp", "hanako@b.jp"):
            content = mail.message(SENDER, to(address), now)
            try:
                mail.send(talking, SENDER.address, address, content)
            except mail.Refused:
                continue
    assert [who for who, _ in server.letters] == ["hanako@b.jp"]


def test_a_server_that_is_away_may_be_asked_again(mail_config: Config, now: datetime) -> None:
    with mail_server() as other:
        gone = replace(mail_config, smtp_port=other.port)
    with pytest.raises(mail.TemporarilyRefused):
        send(gone, to("hanako@b.jp"), now)


def test_a_server_that_will_not_encrypt_gets_neither_letter_nor_pass_word(
    server: MailServer, mail_config: Config, now: datetime
) -> None:
    careful = replace(mail_config, smtp_tls="starttls", smtp_user="studyhub", smtp_password="kept-secret")
    with pytest.raises(mail.TemporarilyRefused) as refused:
        send(careful, to("hanako@b.jp"), now)
    assert not server.letters
    assert "kept-secret" not in str(refused.value)
    assert "kept-secret" not in repr(careful)


def test_nobody_gets_a_second_letter_on_a_day(db: Session, personas: Personas, now: datetime) -> None:
    user_id = personas.officer.user_id
    assert mail.post(db, user_id, "a@b.jp", LETTER, now)
    assert not mail.post(db, user_id, "a@b.jp", Letter("別の件", "別の本文"), now + timedelta(hours=3))
    assert mail.post(db, user_id, "a@b.jp", LETTER, now + timedelta(days=1))


def test_a_letter_that_was_taken_up_is_not_taken_up_again(
    db: Session, personas: Personas, now: datetime
) -> None:
    """By another worker, or by the one that comes after a crash."""
    mail.post(db, reader(db, personas.officer), "a@b.jp", LETTER, now)
    assert mail.take_up(db, now) is not None
    assert mail.take_up(db, now) is None
    assert mail.try_again(db, now) == 0


def test_what_was_put_off_is_taken_up_in_the_next_run_and_not_in_this_one(
    db: Session, personas: Personas, now: datetime
) -> None:
    mail.post(db, reader(db, personas.officer), "a@b.jp", LETTER, now)
    first = mail.take_up(db, now)
    assert first is not None
    mail.note_not_now(db, first.id, "451 not now")
    assert mail.take_up(db, now) is None
    assert mail.try_again(db, now) == 1
    assert mail.take_up(db, now) == first


def test_a_letter_is_not_taken_up_after_its_reader_stopped_mail(
    db: Session, personas: Personas, now: datetime
) -> None:
    mail.post(db, reader(db, personas.officer), "a@b.jp", LETTER, now)
    assert mail.try_again(db, now) == 1
    account.set_wants_mail(db, personas.officer, False)
    assert mail.take_up(db, now) is None
    assert mail.try_again(db, now) == 0
    assert not db.scalars(select(Mail)).all()


def test_a_letter_is_not_sent_on_another_day(db: Session, personas: Personas, now: datetime) -> None:
    """It would come on top of that day's own."""
    people = (personas.officer, personas.lecturer, personas.supervisor)
    for person in people:
        mail.post(db, reader(db, person), "a@b.jp", LETTER, now)
    sent, cut_off = mail.take_up(db, now), mail.take_up(db, now)
    assert sent is not None
    assert cut_off is not None
    mail.note_sent(db, sent.id, now)
    tomorrow = now + timedelta(days=1)
    assert mail.take_up(db, tomorrow) is None
    mail.close_the_day(db, tomorrow)
    db.expire_all()
    rows = db.scalars(select(Mail).order_by(Mail.id)).all()
    assert [(row.state, row.error) for row in rows] == [
        ("sent", ""), ("failed", "sending was cut off"), ("failed", "the day passed"),
    ]  # fmt: skip


def test_old_letters_are_forgotten(db: Session, personas: Personas, now: datetime) -> None:
    mail.post(db, reader(db, personas.officer), "a@b.jp", LETTER, now)
    mail.close_the_day(db, now + timedelta(days=91))
    assert not db.scalars(select(Mail)).all()
