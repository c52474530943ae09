"""Delivery: what the server refuses is tried again or told, and a crash never makes two letters of one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from threading import Event

import pytest
from sqlalchemy import Engine, select, update

from studyhub.config import Config, load_config
from studyhub.domain.notices import Letter
from studyhub.jobs.runner import Worker
from studyhub.persistence.models import Job, Mail, SiteSetting, User
from studyhub.persistence.session import reading, transaction
from studyhub.services import jobs, mail
from tests.factories.people import make_user
from tests.personas import Personas
from tests.smtp_server import MailServer, mail_server


@pytest.fixture
def server() -> Iterator[MailServer]:
    with mail_server() as running:
        yield running


@pytest.fixture
def config(tmp_path: Path, server: MailServer) -> Config:
    plain = load_config({"STUDYHUB_INSTANCE": str(tmp_path / "instance")})
    return replace(plain, smtp_host="127.0.0.1", smtp_port=server.port, smtp_tls="none")


@pytest.fixture(autouse=True)
def mail_on(engine: Engine, personas: Personas, now: datetime) -> None:
    with transaction(engine) as db:
        for name, value in (("mail_on", "yes"), ("mail_sender", "studyhub@example.jp")):
            db.add(SiteSetting(name=name, value=value, changed_at=now))


def post(engine: Engine, now: datetime, *names: str) -> None:
    with transaction(engine) as db:
        for name in names:
            user = make_user(db, now)
            user.email = f"{name}@example.jp"
            mail.post(db, user.id, user.email, Letter("件名", "本文\n"), now)
        mail.ask_for_delivery(db, now)


def work(engine: Engine, config: Config, now: datetime) -> None:
    Worker(engine, config, clock=lambda: now).run_all(Event())


def states(engine: Engine) -> dict[str, str]:
    with reading(engine) as db:
        return {row.address.split("@")[0]: row.state for row in db.scalars(select(Mail).order_by(Mail.id))}


def only_job(engine: Engine) -> Job:
    with reading(engine) as db:
        return db.scalars(select(Job)).one()


def test_letters_are_sent_in_one_go(
    engine: Engine, config: Config, server: MailServer, now: datetime
) -> None:
    post(engine, now, "hanako", "ken", "mari")
    work(engine, config, now)
    assert [who for who, _ in server.letters] == ["hanako@example.jp", "ken@example.jp", "mari@example.jp"]
    assert set(states(engine).values()) == {"sent"}
    assert only_job(engine).state == "done"


def test_an_address_that_does_not_exist_is_told_and_keeps_nobody_else_from_their_letter(
    engine: Engine, config: Config, server: MailServer, now: datetime
) -> None:
    post(engine, now, "nobody", "hanako")
    work(engine, config, now)
    assert states(engine) == {"nobody": "failed", "hanako": "sent"}
    job = only_job(engine)
    assert job.state == "failed"
    assert "今日のメールのうち1通を届けられませんでした。" in job.last_error
    assert "nobody@" not in job.last_error


def test_what_is_refused_for_now_is_tried_again_and_the_others_are_not_sent_twice(
    engine: Engine, config: Config, server: MailServer, now: datetime
) -> None:
    post(engine, now, "later", "hanako")
    work(engine, config, now)
    assert states(engine) == {"later": "waiting", "hanako": "sent"}
    assert only_job(engine).state == "queued"
    work(engine, config, now + jobs.FIRST_RETRY)
    assert len(server.letters) == 1


def test_a_server_that_comes_back_gets_the_letters(
    engine: Engine, config: Config, server: MailServer, now: datetime
) -> None:
    post(engine, now, "hanako")
    with mail_server() as other:
        away = replace(config, smtp_port=other.port)
    work(engine, away, now)
    assert states(engine) == {"hanako": "waiting"}
    work(engine, config, now + jobs.FIRST_RETRY)
    assert states(engine) == {"hanako": "sent"}


def test_a_server_that_stays_away_is_told_and_asked_again_later_the_same_day(
    engine: Engine, config: Config, server: MailServer, now: datetime
) -> None:
    post(engine, now, "hanako")
    with mail_server() as other:
        away = replace(config, smtp_port=other.port)
    at = now
    for _ in range(jobs.MOST_ATTEMPTS):
        work(engine, away, at)
        at += timedelta(minutes=15)
    with reading(engine) as db:
        found = {job.state for job in db.scalars(select(Job))}
    assert found == {"failed", "queued"}
    work(engine, config, at + mail.TRY_LATER)
    assert states(engine) == {"hanako": "sent"}


def test_a_letter_without_an_answer_is_not_sent_again(
    engine: Engine, config: Config, server: MailServer, now: datetime
) -> None:
    """Nobody knows whether it was taken; two in a day would break the promise, one less does not."""
    post(engine, now, "cut")
    work(engine, config, now)
    work(engine, config, now + timedelta(hours=2))
    assert states(engine) == {"cut": "failed"}
    assert len(server.letters) == 1


def test_a_worker_that_died_at_sending_leaves_a_letter_that_is_not_sent_again(
    engine: Engine, config: Config, server: MailServer, now: datetime
) -> None:
    post(engine, now, "hanako", "ken")
    with transaction(engine) as db:
        assert jobs.lease(db, now) is not None
        assert mail.take_up(db, now) is not None  # and then the power failed
    work(engine, config, now + timedelta(minutes=5))
    assert [who for who, _ in server.letters] == ["ken@example.jp"]
    assert states(engine) == {"hanako": "sending", "ken": "sent"}


def test_letters_wait_while_mail_is_switched_off(
    engine: Engine, config: Config, server: MailServer, now: datetime
) -> None:
    post(engine, now, "hanako")
    with transaction(engine) as db:
        db.delete(db.scalars(select(SiteSetting).where(SiteSetting.name == "mail_on")).one())
    work(engine, config, now)
    assert not server.letters
    assert states(engine) == {"hanako": "waiting"}


@pytest.mark.parametrize("change", [{"wants_mail": False}, {"active": False}, {"email": "new@example.jp"}])
def test_a_letter_that_waits_is_not_sent_once_it_is_not_wanted_and_that_is_no_failure(
    engine: Engine, config: Config, server: MailServer, now: datetime, change: dict[str, object]
) -> None:
    post(engine, now, "hanako", "ken")
    with transaction(engine) as db:
        db.execute(update(User).where(User.email == "hanako@example.jp").values(change))
    work(engine, config, now)
    assert [who for who, _ in server.letters] == ["ken@example.jp"]
    assert states(engine) == {"ken": "sent"}
    assert only_job(engine).state == "done"


def test_yesterday_s_letters_are_not_sent_today(
    engine: Engine, config: Config, server: MailServer, now: datetime
) -> None:
    post(engine, now, "hanako")
    work(engine, config, now + timedelta(days=1))
    assert not server.letters
