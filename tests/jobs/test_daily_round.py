"""The morning: reminders in the site and by mail, the weekly digest, and a round that bears being done again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from threading import Event

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from studyhub.config import Config, load_config
from studyhub.domain.notices import NoticeKind, next_round
from studyhub.jobs.runner import Worker
from studyhub.persistence.models import Job, Mail, Notice, Registration, SiteSetting, StudySession, User
from studyhub.persistence.session import reading, transaction
from studyhub.services import digests, jobs
from tests.factories.assignments import ask_to_read, read_to_the_end
from tests.factories.study_sessions import make_course, make_study_session
from tests.personas import Personas
from tests.smtp_server import MailServer, mail_server

SUNDAY = datetime.fromisoformat("2026-11-22T03:00:00+00:00")
MONDAY = datetime.fromisoformat("2026-11-23T07:00:00+09:00")


@pytest.fixture
def server() -> Iterator[MailServer]:
    with mail_server() as running:
        yield running


@pytest.fixture
def config(tmp_path: Path, server: MailServer) -> Config:
    plain = load_config({"STUDYHUB_INSTANCE": str(tmp_path / "instance")})
    return replace(
        plain,
        smtp_host="127.0.0.1",
        smtp_port=server.port,
        smtp_tls="none",
        public_url="https://study.example.jp/",
    )


@pytest.fixture
def mail_on(engine: Engine, personas: Personas) -> None:
    with transaction(engine) as db:
        _set(db, mail_on="yes", mail_sender="studyhub@example.jp")
        for person in (personas.officer, personas.lecturer, personas.supervisor):
            db.get_one(User, person.user_id).email = f"{person.login}@example.jp"


def _set(db: Session, **settings: str) -> None:
    db.add_all(SiteSetting(name=name, value=value, changed_at=SUNDAY) for name, value in settings.items())


@pytest.fixture
def asked(engine: Engine, personas: Personas) -> int:
    """The officer and the lecturer, by Wednesday."""
    with transaction(engine) as db:
        study_session = make_study_session(db, SUNDAY, make_course(db), key="privacy", title="個人情報")
        people = [personas.officer.user_id, personas.lecturer.user_id]
        made = ask_to_read(db, personas.supervisor, SUNDAY, study_session, people=people, days=3)
        digests.ask_for_round(db, SUNDAY)
    return made


def work(engine: Engine, config: Config, now: datetime) -> None:
    Worker(engine, config, clock=lambda: now).run_all(Event())


def run_again(engine: Engine, config: Config, now: datetime) -> None:
    """As after a crash that came before the job was settled."""
    with transaction(engine) as db:
        jobs.enqueue(db, "daily_round", {"handled": "2026-11-22"}, now)
    work(engine, config, now)


def notices(engine: Engine, kind: NoticeKind) -> list[int]:
    with reading(engine) as db:
        return list(db.scalars(select(Notice.user_id).where(Notice.kind == kind).order_by(Notice.user_id)))


def text_of(letter: EmailMessage) -> str:
    return str(letter.get_content()).replace("\r\n", "\n")


def test_nothing_happens_before_the_morning(engine: Engine, config: Config, asked: int) -> None:
    work(engine, config, MONDAY - timedelta(minutes=1))
    assert not notices(engine, NoticeKind.REMINDER)


def test_a_date_that_comes_near_is_told_in_the_site_once_also_without_mail(
    engine: Engine, config: Config, server: MailServer, personas: Personas, asked: int
) -> None:
    people = sorted([personas.officer.user_id, personas.lecturer.user_id])
    work(engine, config, MONDAY)
    assert notices(engine, NoticeKind.REMINDER) == people
    for days in (1, 2, 3):
        work(engine, config, MONDAY + timedelta(days=days))
    assert notices(engine, NoticeKind.REMINDER) == people
    assert not server.letters


def test_the_round_asks_for_the_next_morning_s(
    engine: Engine, config: Config, personas: Personas, asked: int
) -> None:
    late = MONDAY + timedelta(hours=9)  # the site was down in the morning
    work(engine, config, late)
    with reading(engine) as db:
        waiting = db.scalars(select(Job).where(Job.kind == "daily_round", Job.state == "queued")).one()
    assert waiting.run_after == next_round(late) == MONDAY + timedelta(days=1)
    assert waiting.payload == {"handled": "2026-11-23"}


def test_reminder_and_digest_come_in_one_letter(
    engine: Engine, config: Config, server: MailServer, mail_on: None, asked: int
) -> None:
    work(engine, config, MONDAY)
    (letter,) = server.received_by("officer@example.jp")
    assert letter["Subject"] == "【StudyHub】今週のまとめ"
    text = text_of(letter)
    assert text.startswith("佐藤 花子さん\n")
    assert "■ 期限が近いもの\n- 「個人情報」の資料を読むか、出席する（11月25日（水）まで）" in text
    assert text.count("個人情報") == 1
    assert "https://study.example.jp/account" in text


def test_a_round_that_was_cut_off_sends_nobody_a_second_letter(
    engine: Engine, config: Config, server: MailServer, mail_on: None, asked: int
) -> None:
    work(engine, config, MONDAY)
    sent = len(server.letters)
    run_again(engine, config, MONDAY + timedelta(minutes=5))
    assert sent == 3  # officer, lecturer, supervisor
    assert len(server.letters) == sent
    with reading(engine) as db:
        assert set(db.scalars(select(Mail.state))) == {"sent"}


def test_a_round_that_failed_is_tried_again_the_same_morning(
    engine: Engine,
    config: Config,
    server: MailServer,
    mail_on: None,
    asked: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def break_down(*_args: object) -> None:
        raise RuntimeError("the database went away")

    with monkeypatch.context() as broken:
        broken.setattr(digests, "write_letters", break_down)
        work(engine, config, MONDAY)
    assert not server.letters
    with transaction(engine) as db:
        digests.ask_for_round(db, MONDAY)  # a worker starts meanwhile
    work(engine, config, MONDAY + timedelta(minutes=1))
    assert len(server.letters) == 3
    with reading(engine) as db:
        waiting = db.scalars(select(Job).where(Job.kind == "daily_round", Job.state == "queued")).one()
    assert waiting.run_after == MONDAY + timedelta(days=1)


def fail_all_morning(
    engine: Engine, config: Config, monkeypatch: pytest.MonkeyPatch, only_for: frozenset[int] | None = None
) -> None:
    """Every attempt breaks down at the letters, or at those of some people."""
    write = digests.write_letters

    def break_down(db: Session, this: digests.Round, people: list[int]) -> list[digests.Addressed]:
        if only_for is None or only_for & set(people):
            raise RuntimeError("the database went away")
        return write(db, this, people)

    with monkeypatch.context() as broken:
        broken.setattr(digests, "LETTERS_AT_ONCE", 1)
        broken.setattr(digests, "write_letters", break_down)
        for minutes in (0, 1, 3, 8, 30):
            work(engine, config, MONDAY + timedelta(minutes=minutes))
    with reading(engine) as db:
        found = db.scalars(select(Job.state).where(Job.kind == "daily_round").order_by(Job.id)).all()
    assert found == ["failed", "queued"]


def test_when_the_digest_s_morning_fails_for_good_the_next_one_sends_it_once(
    engine: Engine,
    config: Config,
    server: MailServer,
    mail_on: None,
    asked: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    fail_all_morning(engine, config, monkeypatch)
    assert not server.letters
    for days in range(1, 7):
        work(engine, config, MONDAY + timedelta(days=days))
    received = {who: letter["Subject"] for who, letter in server.letters}
    assert len(server.letters) == len(received) == 3
    assert set(received.values()) == {"【StudyHub】今週のまとめ"}


def test_whoever_had_the_digest_before_the_round_broke_off_gets_no_second_one(
    engine: Engine,
    config: Config,
    server: MailServer,
    personas: Personas,
    mail_on: None,
    asked: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    last = max(personas.officer.user_id, personas.lecturer.user_id, personas.supervisor.user_id)
    fail_all_morning(engine, config, monkeypatch, only_for=frozenset({last}))
    assert len(server.letters) == 2
    for days in (1, 2):
        work(engine, config, MONDAY + timedelta(days=days))
    assert len(server.letters) == len({who for who, _ in server.letters}) == 3


def test_a_supervisor_reads_counts_of_their_people_and_no_names(
    engine: Engine, config: Config, server: MailServer, personas: Personas, mail_on: None, asked: int
) -> None:
    with transaction(engine) as db:
        session = make_study_session(db, SUNDAY, make_course(db), title="委託の進め方")
        read_to_the_end(db, personas.officer.user_id, session, SUNDAY)
        people = [personas.officer.user_id, personas.lecturer.user_id]
        ask_to_read(db, personas.supervisor, SUNDAY, session, people=people, days=20)
    work(engine, config, MONDAY)
    (letter,) = server.received_by("supervisor@example.jp")
    text = text_of(letter)
    assert "「委託の進め方」の資料を読むか、出席する（12月12日（土）まで）：済み 1人、これから 1人" in text
    assert "佐藤" not in text


def test_on_other_days_only_reminders_are_sent(
    engine: Engine, config: Config, server: MailServer, mail_on: None, asked: int
) -> None:
    with transaction(engine) as db:
        _set(db, digest_weekday="4", reminder_days="1")
    work(engine, config, MONDAY)
    assert not server.letters
    work(engine, config, MONDAY + timedelta(days=1))
    assert [who for who, _ in server.letters] == ["officer@example.jp", "lecturer@example.jp"]
    assert server.letters[0][1]["Subject"] == "【StudyHub】期限が近いもの 1件"


def test_a_digest_that_was_missed_comes_when_the_site_is_back(
    engine: Engine, config: Config, server: MailServer, mail_on: None, asked: int
) -> None:
    with transaction(engine) as db:
        _set(db, digest_weekday="0")
    work(engine, config, MONDAY + timedelta(days=2, hours=3))
    assert server.received_by("supervisor@example.jp")


def test_study_sessions_one_has_a_seat_in_stand_in_the_digest_in_the_reader_s_language(
    engine: Engine, config: Config, server: MailServer, personas: Personas, mail_on: None, asked: int
) -> None:
    with transaction(engine) as db:
        held_on = MONDAY.date() + timedelta(days=2)
        session = make_study_session(db, SUNDAY, make_course(db), held_on=held_on)
        session.starts_at = datetime.fromisoformat("2026-11-25T15:00:00+09:00")
        untimed = make_study_session(db, SUNDAY, make_course(db), held_on=held_on)
        untimed.title_en = "All day"
        user_id = personas.officer.user_id
        db.add_all(
            Registration(
                study_session_id=each.id, user_id=user_id, state="registered", asked_at=SUNDAY,
                changed_at=SUNDAY,
            )
            for each in (untimed, session)
        )  # fmt: skip
        db.get_one(User, user_id).locale = "en"
    work(engine, config, MONDAY)
    text = text_of(server.received_by("officer@example.jp")[0])
    assert "- Wed 25 Nov 15:00 The first hearing" in text
    assert text.index("The first hearing") < text.index("All day")


def test_nobody_is_written_to_who_has_nothing_to_read_or_does_not_want_to(
    engine: Engine, config: Config, server: MailServer, personas: Personas, mail_on: None, asked: int
) -> None:
    with transaction(engine) as db:
        db.get_one(User, personas.lecturer.user_id).wants_mail = False
        db.get_one(User, personas.officer.user_id).active = False
        db.get_one(User, personas.administrator.user_id).email = "administrator@example.jp"
    work(engine, config, MONDAY)
    assert [who for who, _ in server.letters] == ["supervisor@example.jp"]


@pytest.mark.parametrize("missing", ["mail_on", "mail_sender", "smtp_host"])
def test_mail_is_off_unless_everything_is_set(
    engine: Engine, config: Config, server: MailServer, mail_on: None, asked: int, missing: str
) -> None:
    with transaction(engine) as db:
        for row in db.scalars(select(SiteSetting).where(SiteSetting.name == missing)):
            db.delete(row)
    work(engine, replace(config, smtp_host="") if missing == "smtp_host" else config, MONDAY)
    assert not server.letters


def test_notes_that_were_withdrawn_remind_nobody(
    engine: Engine, config: Config, personas: Personas, asked: int
) -> None:
    with transaction(engine) as db:
        db.scalars(select(StudySession).where(StudySession.key == "privacy")).one().status = "retired"
    work(engine, config, MONDAY)
    assert not notices(engine, NoticeKind.REMINDER)
