"""The officer's home: the next step and why, what comes next, what was begun, and the week."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from studyhub.domain.blueprint import days_until
from studyhub.domain.days import office_day
from studyhub.domain.home import NextSet, TopicFacts, minutes_to_choose, next_set, todays_chance
from studyhub.domain.identity import Actor
from studyhub.domain.mastery import Evidence, estimate, total
from studyhub.domain.practice import Length, Mode, Pick, choose
from studyhub.domain.reading import Heading, ReadingProgress, reading_progress, section_anchors
from studyhub.domain.trend import Day, Week, monday_of, weeks
from studyhub.persistence.models import (
    Blueprint,
    DailyActivity,
    ReadingMark,
    ReadingPosition,
    StudySession,
    StudySessionRevision,
    Topic,
    User,
)
from studyhub.persistence.practice import (
    TopicForest,
    field_weights,
    load_candidates,
    load_evidence,
    load_forest,
    load_target,
    load_topic_states,
    target_fields,
)
from studyhub.reads.assignments import AskedOfMe, asked_on_home
from studyhub.reads.practice_start import RunningSet, running_set
from studyhub.reads.rows import AnyRow
from studyhub.reads.study_sessions import lecturers_of

_MOST_UPCOMING = 3
_LAST_READ = 5


@dataclass(frozen=True, slots=True)
class Aim:
    title: str
    title_en: str
    exam_on: date | None
    days_left: int | None
    """None without a date, or after it."""


@dataclass(frozen=True, slots=True)
class Upcoming:
    key: str
    title: str
    title_en: str
    held_on: date
    starts_at: datetime | None
    minutes: int
    place: str
    lecturers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Begun:
    """A study session whose notes are partly read."""

    key: str
    title: str
    title_en: str
    anchor: str
    section: str
    progress: ReadingProgress
    last_at: datetime


@dataclass(frozen=True, slots=True)
class HomePage:
    today: date
    aim: Aim | None
    is_newcomer: bool
    """Who has not answered anything yet."""
    running: RunningSet | None
    next_set: NextSet | None
    """None while a set runs, and where there are no questions."""
    minutes: int
    minutes_offered: tuple[int, ...]
    upcoming: tuple[Upcoming, ...]
    begun: Begun | None
    week: Week
    week_before: Week
    asked: tuple[AskedOfMe, ...]
    """What others ask of the officer and is not done."""


def home_page(db: Session, actor: Actor, now: datetime) -> HomePage:
    today = office_day(now)
    aim, daily_minutes = _aim(db, actor, today)
    evidence = load_evidence(db, actor.user_id)
    running = running_set(db, actor)
    # A newcomer tries five minutes first, whatever the plan says.
    minutes = daily_minutes if evidence else min(daily_minutes, 5)
    week_before, week = weeks(_days(db, actor, monday_of(today) - timedelta(days=7)), today, 2)
    return HomePage(
        today=today,
        aim=aim,
        is_newcomer=not evidence,
        running=running,
        next_set=None if running else _next_set(db, actor, evidence, minutes, now),
        minutes=minutes,
        minutes_offered=minutes_to_choose(minutes),
        upcoming=_upcoming(db, today),
        begun=_begun(db, actor),
        week=week,
        week_before=week_before,
        asked=asked_on_home(db, actor, now),
    )


def _aim(db: Session, actor: Actor, today: date) -> tuple[Aim | None, int]:
    row = db.execute(
        select(Blueprint.title, Blueprint.title_en, User.exam_on, User.daily_minutes)
        .select_from(User)
        .outerjoin(Blueprint, Blueprint.id == User.target_exam)
        .where(User.id == actor.user_id)
    ).one()
    if row.title is None:
        return None, row.daily_minutes
    left = None if row.exam_on is None else days_until(row.exam_on, today)
    coming = left if left is not None and left >= 0 else None
    return Aim(row.title, row.title_en or row.title, row.exam_on, coming), row.daily_minutes


def _days(db: Session, actor: Actor, since: date) -> list[Day]:
    row = DailyActivity
    columns = select(row.day, row.responses, row.correct).where(
        row.user_id == actor.user_id, row.day >= since
    )
    return [Day(*found) for found in db.execute(columns)]


def _next_set(
    db: Session, actor: Actor, evidence: dict[int, Evidence], minutes: int, now: datetime
) -> NextSet | None:
    """What services.practice would deal this moment for the mode "today"."""
    forest, target = load_forest(db), load_target(db, actor.user_id)
    fields = target_fields(db, forest, target)
    picks = choose(
        load_candidates(db, actor.user_id, fields),
        load_topic_states(db, actor.user_id, forest, fields, now),
        field_weights(forest, target),
        Mode.TODAY,
        Length(minutes),
        todays_chance(actor.user_id, office_day(now)),
        now,
    )
    return next_set(picks, _facts(db, picks, forest, evidence, now), now)


def _facts(
    db: Session, picks: Iterable[Pick], forest: TopicForest, evidence: dict[int, Evidence], now: datetime
) -> dict[int, TopicFacts]:
    picked = {pick.candidate.topic_id for pick in picks}
    columns = select(Topic.id, Topic.name, Topic.name_en, Topic.share)
    named = {
        row.id: row for row in db.execute(columns.where(or_(Topic.share.is_not(None), Topic.id.in_(picked))))
    }
    fields: dict[int, list[Evidence]] = {}
    for topic_id, each in evidence.items():
        fields.setdefault(forest.root_of(topic_id), []).append(each)
    facts = {}
    for topic_id in picked:
        row, own = named[topic_id], evidence.get(topic_id)
        around = named[
            next((up for up in _upwards(forest, topic_id) if up in named and named[up].share), row.id)
        ]
        facts[topic_id] = TopicFacts(
            row.name,
            row.name_en or row.name,
            estimate(own, total(fields[forest.root_of(topic_id)]), now) if own else None,
            around.share,
            around.name,
            around.name_en or around.name,
        )
    return facts


def _upwards(forest: TopicForest, topic_id: int | None) -> Iterator[int]:
    """The topic and those around it, smallest first."""
    while topic_id is not None:
        yield topic_id
        node = forest.by_id.get(topic_id)
        topic_id = node.parent_id if node else None


def _upcoming(db: Session, today: date) -> tuple[Upcoming, ...]:
    row = StudySession
    rows = db.execute(
        select(row.id, row.key, row.title, row.title_en, row.held_on, row.starts_at, row.minutes, row.place)
        .where(row.status == "published", row.held_on >= today)
        .order_by(row.held_on, row.starts_at.nulls_last(), row.id)
        .limit(_MOST_UPCOMING)
    ).all()
    lecturers = lecturers_of(db, [found.id for found in rows])
    return tuple(
        Upcoming(f.key, f.title, f.title_en or f.title, f.held_on, f.starts_at, f.minutes, f.place, lecturers[f.id])
        for f in rows
    )  # fmt: skip


def _begun(db: Session, actor: Actor) -> Begun | None:
    """The one read last that is not read to its end."""
    rows = db.execute(
        select(
            StudySession.id, StudySession.key, StudySession.title, StudySession.title_en,
            ReadingPosition.anchor, ReadingPosition.at, StudySessionRevision.toc,
        )
        .join(ReadingPosition, ReadingPosition.study_session_id == StudySession.id)
        .join(StudySessionRevision, StudySessionRevision.id == StudySession.current_revision_id)
        .where(ReadingPosition.user_id == actor.user_id, StudySession.status == "published")
        .order_by(ReadingPosition.at.desc())
        .limit(_LAST_READ)
    ).all()  # fmt: skip
    marks = db.execute(
        select(ReadingMark.study_session_id, ReadingMark.anchor).where(
            ReadingMark.user_id == actor.user_id, ReadingMark.study_session_id.in_([row.id for row in rows])
        )
    )
    read: dict[int, set[str]] = {}
    for study_session_id, anchor in marks:
        read.setdefault(study_session_id, set()).add(anchor)
    begun = (_begun_row(row, read.get(row.id, set())) for row in rows)
    return next((each for each in begun if not each.progress.is_finished), None)


def _begun_row(row: AnyRow, read: set[str]) -> Begun:
    headings = [Heading(**heading) for heading in row.toc]
    texts = {heading.anchor: heading.text for heading in headings}
    progress = reading_progress(section_anchors(headings), read)
    title_en = row.title_en or row.title
    return Begun(row.key, row.title, title_en, row.anchor, texts.get(row.anchor, ""), progress, row.at)
