"""The daily round's letters: reminders on any day, with the weekly digest on its own; one letter a person and day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Row, exists, func, or_, select, update
from sqlalchemy.orm import Session

from studyhub.config import Config
from studyhub.domain.assignments import is_to_be_reminded, state_of, tally
from studyhub.domain.attendance import RegistrationState
from studyhub.domain.days import TOKYO, office_day
from studyhub.domain.identity import Locale, Role
from studyhub.domain.mastery import DEFAULT_BANDS
from studyhub.domain.notices import Letter, NoticeKind, digest_day, is_address, next_round
from studyhub.domain.organisation import Chart
from studyhub.domain.settings import Settings
from studyhub.persistence.id_sets import is_one_of
from studyhub.persistence.models import (
    Assignment,
    AssignmentPerson,
    Job,
    Mail,
    Notice,
    Registration,
    StudySession,
    Topic,
    TopicProgress,
    User,
    UserRole,
)
from studyhub.persistence.organisation import load_chart
from studyhub.persistence.settings import load_settings
from studyhub.services import jobs, mail
from studyhub.services.assignments import PATH, notice_params
from studyhub.services.digest_texts import AskedLine, Digest, SeatLine, SiteNames, TeamLine, compose
from studyhub.services.notices import tell

AnyRow = Row[*tuple[Any, ...]]

LETTERS_AT_ONCE = 200
_SEATS_AHEAD = timedelta(days=14)
_PAST_SHOWN = timedelta(days=30)
"""How long past its date something that is asked still stands in a supervisor's digest."""


@dataclass(frozen=True, slots=True)
class Round:
    """What one morning works with; ``handled`` is the last day whose round was done before."""

    now: datetime
    handled: date
    settings: Settings
    chart: Chart
    mail_goes: bool
    site: SiteNames

    @property
    def today(self) -> date:
        return office_day(self.now)

    @property
    def digest_day(self) -> date | None:
        """The day whose digest is sent in this round."""
        return digest_day(self.handled, self.now, self.settings.digest_weekday)


@dataclass(frozen=True, slots=True)
class Addressed:
    user_id: int
    address: str
    letter: Letter


@dataclass(frozen=True, slots=True)
class _Reader:
    user_id: int
    address: str
    name: str
    locale: Locale


def ask_for_round(db: Session, now: datetime, handled: date | None = None) -> None:
    """For the next morning. Without ``handled``, as when a worker starts, only where none waits or runs."""
    if handled is None:
        is_under_way = Job.kind == "daily_round", Job.state.in_(("queued", "running"))
        if db.scalar(select(exists().where(*is_under_way))):
            return
    last, morning = handled or office_day(now) - timedelta(days=1), next_round(now)
    # The day is part of the key: beside a waiting one of its own key, a round that failed is not tried again.
    key = f"daily_round:{office_day(morning)}"
    jobs.enqueue(db, "daily_round", {"handled": str(last)}, now, unique_key=key, run_after=morning)


def note_done(db: Session, now: datetime) -> None:
    """The rounds that wait know of this one; until then, the next one also does what this one owed."""
    waiting = update(Job).where(Job.kind == "daily_round", Job.state == "queued")
    db.execute(waiting.values(payload={"handled": str(office_day(now))}))


def day_of(now: datetime) -> date:
    return office_day(now)


def handled_before(said: str, now: datetime) -> date:
    return date.fromisoformat(said) if said else office_day(now) - timedelta(days=1)


def begin_round(db: Session, config: Config, handled: date, now: datetime) -> Round:
    settings = load_settings(db)
    return Round(
        now=now,
        handled=handled,
        settings=settings,
        chart=load_chart(db, office_day(now)),
        mail_goes=sender(db, config) is not None,
        site=site_names(db, config),
    )


def site_names(db: Session, config: Config) -> SiteNames:
    return SiteNames(load_settings(db).site_name or config.site_name, config.public_url.rstrip("/"))


def sender_address(db: Session) -> str:
    """As set in the browser; empty when it was not."""
    return load_settings(db).mail_sender


def sender(db: Session, config: Config) -> mail.Sender | None:
    """None where mail is switched off, in the browser or in the configuration, or has no address to come from."""
    settings = load_settings(db)
    if not settings.mail_on or not config.smtp_host or not is_address(settings.mail_sender):
        return None
    names = site_names(db, config)
    account_url = f"{names.public_url}/account" if names.public_url else ""
    return mail.Sender(settings.mail_sender, names.name, account_url)


def remind(db: Session, assignment_id: int, this: Round) -> None:
    """In the site, once for each date of an assignment, whether mail goes or not."""
    row = db.get(Assignment, assignment_id)
    if row is None or row.cancelled_at is not None or not _is_offered(db, row):
        return
    if not is_to_be_reminded(row.due_on, this.today, this.settings.reminder_days):
        return
    waiting = select(AssignmentPerson.user_id).where(
        AssignmentPerson.assignment_id == assignment_id, AssignmentPerson.done_at.is_(None)
    )
    params = notice_params(db, row)
    said = {"what": params["what"], "due": params["due"]}
    key = f"reminder:{assignment_id}:{row.due_on}"
    tell(db, db.scalars(waiting), NoticeKind.REMINDER, said, PATH, this.now, unique_key=key)


def readers(db: Session) -> list[int]:
    """Those who may get mail at all."""
    wanted = select(User.id).where(User.active, User.wants_mail, User.email.is_not(None), User.email != "")
    return list(db.scalars(wanted.order_by(User.id)))


def write_letters(db: Session, this: Round, user_ids: Collection[int]) -> list[Addressed]:
    """To those who have something to read. Stores nothing, since reading and writing for so many takes its time."""
    found = _readers(db, user_ids)
    reminders = _reminders(db, [reader.user_id for reader in found], this)
    weekly = _weekly(db, _without_digest(db, found, this), this)
    written = []
    for reader in found:
        digest = weekly.get(reader.user_id, _bare(reader))
        soon = tuple(reminders.get(reader.user_id, ()))
        whole = replace(digest, reminders=soon, asked=tuple(a for a in digest.asked if a not in soon))
        if not whole.is_empty:
            written.append(Addressed(reader.user_id, reader.address, compose(whole, this.site, this.today)))
    return written


def post_letters(db: Session, this: Round, letters: Iterable[Addressed]) -> None:
    """Twice is once: nobody gets a second one on a day."""
    for each in letters:
        mail.post(db, each.user_id, each.address, each.letter, this.now, day=this.today)
    mail.ask_for_delivery(db, this.now)


def _readers(db: Session, user_ids: Collection[int]) -> list[_Reader]:
    columns = select(User.id, User.email, User.family_name, User.given_name, User.locale)
    rows = db.execute(columns.where(User.id.in_(user_ids), User.active, User.wants_mail).order_by(User.id))
    return [
        _Reader(row.id, row.email, f"{row.family_name} {row.given_name}", Locale(row.locale))
        for row in rows
        if row.email and is_address(row.email)
    ]


def _reminders(db: Session, ids: Collection[int], this: Round) -> dict[int, list[AskedLine]]:
    """What was told this morning: a round that begins anew finds it again."""
    since = datetime.combine(this.today, time(0), tzinfo=TOKYO)
    told = (
        select(Notice.user_id, Notice.params)
        .where(Notice.user_id.in_(ids), Notice.kind == NoticeKind.REMINDER, Notice.created_at >= since)
        .order_by(Notice.id)
    )
    found: dict[int, list[AskedLine]] = defaultdict(list)
    for user_id, params in db.execute(told):
        found[user_id].append(AskedLine(params["what"], date.fromisoformat(params["due"])))
    return found


def _bare(reader: _Reader) -> Digest:
    return Digest(reader.name, reader.locale, weekly=False)


def _without_digest(db: Session, found: Sequence[_Reader], this: Round) -> Sequence[_Reader]:
    """Whose digest is due: all of them on its day. Later, after a round that broke off, not those who had a letter
    since, for that one was their digest."""
    if this.digest_day is None:
        return ()
    ids = [reader.user_id for reader in found]
    since = (Mail.day >= this.digest_day, Mail.day < this.today)
    had = set(db.scalars(select(Mail.user_id).where(Mail.user_id.in_(ids), *since)))
    return [reader for reader in found if reader.user_id not in had]


def _weekly(db: Session, found: Sequence[_Reader], this: Round) -> dict[int, Digest]:
    if not found:
        return {}
    ids = [reader.user_id for reader in found]
    asked, seats, team = _asked(db, ids), _seats(db, ids, this), _team(db, ids, this)
    fading, unread = _fading(db, ids, this), _unread(db, ids)
    return {
        reader.user_id: Digest(
            name=reader.name,
            locale=reader.locale,
            weekly=True,
            asked=tuple(asked.get(reader.user_id, ())),
            seats=tuple(seats.get(reader.user_id, ())),
            fading=fading.get(reader.user_id, 0),
            unread=unread.get(reader.user_id, 0),
            team=tuple(team.get(reader.user_id, ())),
        )
        for reader in found
    }


_GOAL = (Assignment.kind, Assignment.band, Assignment.due_on)
_TITLES = (
    func.coalesce(Topic.name, StudySession.title).label("title"),
    func.coalesce(Topic.name_en, StudySession.title_en).label("title_en"),
)
_OFFERED = or_(Assignment.study_session_id.is_(None), StudySession.status == "published")
"""Nobody is sent to notes that are not there any more."""


def _asked(db: Session, ids: Collection[int]) -> dict[int, list[AskedLine]]:
    rows = db.execute(
        select(AssignmentPerson.user_id, *_GOAL, *_TITLES)
        .join(Assignment, Assignment.id == AssignmentPerson.assignment_id)
        .outerjoin(Topic, Topic.id == Assignment.topic_id)
        .outerjoin(StudySession, StudySession.id == Assignment.study_session_id)
        .where(
            AssignmentPerson.user_id.in_(ids),
            AssignmentPerson.done_at.is_(None),
            Assignment.cancelled_at.is_(None),
            _OFFERED,
        )
        .order_by(Assignment.due_on, Assignment.id)
    )
    found: dict[int, list[AskedLine]] = defaultdict(list)
    for row in rows:
        found[row.user_id].append(AskedLine(_named(row), row.due_on))
    return found


def _seats(db: Session, ids: Collection[int], this: Round) -> dict[int, list[SeatLine]]:
    held = StudySession.held_on
    rows = db.execute(
        select(
            Registration.user_id, StudySession.title, StudySession.title_en, held, StudySession.starts_at,
            StudySession.place,
        )
        .join(StudySession, StudySession.id == Registration.study_session_id)
        .where(
            Registration.user_id.in_(ids),
            Registration.state == RegistrationState.REGISTERED,
            StudySession.status == "published",
            held >= this.today,
            held <= this.today + _SEATS_AHEAD,
        )
        .order_by(held, StudySession.starts_at.nulls_last(), StudySession.id)
    )  # fmt: skip
    found: dict[int, list[SeatLine]] = defaultdict(list)
    for row in rows:
        assert row.held_on is not None  # asked for with a day
        found[row.user_id].append(SeatLine(row.title, row.title_en, row.held_on, row.starts_at, row.place))
    return found


def _fading(db: Session, ids: Collection[int], this: Round) -> dict[int, int]:
    """Topics on which something is known that grows old."""
    before = this.now - timedelta(days=DEFAULT_BANDS.fading_days)
    row = TopicProgress
    counted = select(row.user_id, func.count()).where(
        row.user_id.in_(ids), row.last_at < before, row.responses >= DEFAULT_BANDS.least_responses
    )
    return {row[0]: row[1] for row in db.execute(counted.group_by(row.user_id))}


def _unread(db: Session, ids: Collection[int]) -> dict[int, int]:
    counted = select(Notice.user_id, func.count()).where(Notice.user_id.in_(ids), Notice.read_at.is_(None))
    return {row[0]: row[1] for row in db.execute(counted.group_by(Notice.user_id))}


def _team(db: Session, ids: Collection[int], this: Round) -> dict[int, list[TeamLine]]:
    """Counts over those whom a supervisor leads today; who has left is in none of them."""
    supervisors = select(UserRole.user_id).where(UserRole.user_id.in_(ids), UserRole.role == Role.SUPERVISOR)
    led = {user_id: this.chart.subordinates(user_id).all for user_id in db.scalars(supervisors)}
    everybody = frozenset[int]().union(*led.values())
    if not everybody:
        return {}
    rows = db.execute(
        select(
            AssignmentPerson.assignment_id, AssignmentPerson.user_id, AssignmentPerson.done_at, *_GOAL, *_TITLES
        )
        .join(Assignment, Assignment.id == AssignmentPerson.assignment_id)
        .outerjoin(Topic, Topic.id == Assignment.topic_id)
        .outerjoin(StudySession, StudySession.id == Assignment.study_session_id)
        .join(User, User.id == AssignmentPerson.user_id)
        .where(
            is_one_of(db, AssignmentPerson.user_id, everybody), User.active, _OFFERED,
            Assignment.cancelled_at.is_(None), Assignment.due_on >= this.today - _PAST_SHOWN,
        )
        .order_by(Assignment.due_on, Assignment.id)
    ).all()  # fmt: skip
    return {supervisor: _team_lines(rows, people, this.today) for supervisor, people in led.items()}


def _team_lines(rows: Sequence[AnyRow], people: Collection[int], today: date) -> list[TeamLine]:
    grouped: dict[int, list[AnyRow]] = defaultdict(list)
    for row in rows:
        if row.user_id in people:
            grouped[row.assignment_id].append(row)
    return [
        TeamLine(
            _named(group[0]),
            group[0].due_on,
            tally(state_of(row.done_at, row.due_on, today) for row in group),
        )
        for group in grouped.values()
    ]


def _named(row: AnyRow) -> dict[str, str]:
    return {"kind": row.kind, "title": row.title, "title_en": row.title_en or "", "band": row.band or ""}


def _is_offered(db: Session, row: Assignment) -> bool:
    if row.study_session_id is None:
        return True
    return (
        db.scalar(select(StudySession.status).where(StudySession.id == row.study_session_id)) == "published"
    )
