"""How far people are with what is asked of them, from what they read, attended and answered.

A constant number of statements, and only those that the kinds among the goals need.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from studyhub.domain.assignments import (
    AssignmentKind,
    CheckFacts,
    Facts,
    SessionFacts,
    TopicFacts,
    people_of_unit,
)
from studyhub.domain.errors import NotFound
from studyhub.domain.mastery import Band, Evidence, band_and_share, total
from studyhub.domain.organisation import Chart
from studyhub.domain.reading import Heading, section_anchors
from studyhub.persistence import models
from studyhub.persistence.id_sets import is_one_of
from studyhub.persistence.leadership import Leadership
from studyhub.persistence.practice import TopicForest, load_forest


@dataclass(frozen=True, slots=True)
class Goal:
    """What an assignment asks; of ``study_session_id``, ``topic_id`` and ``band`` its kind has what it needs."""

    kind: AssignmentKind
    study_session_id: int | None = None
    topic_id: int | None = None
    band: Band | None = None


@dataclass(frozen=True, slots=True)
class Scope:
    """Whom a supervisor leads on a day, active people only, and which units; ``chart`` holds no more than these."""

    chart: Chart
    people: frozenset[int]
    units: frozenset[int]


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of some people about some goals."""

    _notes: Mapping[int, tuple[frozenset[str], frozenset[int]]] = field(default_factory=dict)
    """By study session: anchors of its sections, ids of its check questions."""
    _read: Mapping[tuple[int, int], dict[str, datetime]] = field(default_factory=dict)
    _attended: Mapping[tuple[int, int], datetime] = field(default_factory=dict)
    _answered: Mapping[int, dict[int, datetime]] = field(default_factory=dict)
    _topics: Mapping[tuple[int, int], tuple[Band, datetime | None]] = field(default_factory=dict)
    """By topic and person."""

    def facts(self, goal: Goal, user_id: int) -> Facts:
        if goal.kind is AssignmentKind.TOPIC:
            assert goal.topic_id is not None
            assert goal.band is not None
            band, last_at = self._topics.get((goal.topic_id, user_id), (Band.NONE, None))
            return TopicFacts(band, goal.band, last_at)
        assert goal.study_session_id is not None
        sections, questions = self._notes.get(goal.study_session_id, (frozenset(), frozenset()))
        if goal.kind is AssignmentKind.CHECK:
            answered = self._answered.get(user_id, {})
            moments = [answered[each] for each in questions if each in answered]
            return CheckFacts(len(moments), len(questions), max(moments, default=None))
        here = (goal.study_session_id, user_id)
        read = [at for anchor, at in self._read.get(here, {}).items() if anchor in sections]
        return SessionFacts(
            len(read), max(len(sections), 1), max(read, default=None), self._attended.get(here)
        )


def load_scope(db: Session, user_id: int, day: date) -> Scope:
    """Reads the posts in and under the units that are headed, not those of the whole organisation."""
    leadership = Leadership(db, user_id, day)
    chart = leadership.staffed(db, leadership.highest(), deep=True)
    led = chart.subordinates(user_id).all
    active = select(models.User.id).where(models.User.active, is_one_of(db, models.User.id, led))
    people = frozenset(db.scalars(active)) if led else frozenset[int]()
    return Scope(chart, people, chart.led_units(user_id))


def load_standing(db: Session, goals: Iterable[Goal], people: Collection[int], now: datetime) -> Standing:
    """``now`` tells how much of the evidence on a topic has faded."""
    wanted = list(goals)
    if not wanted or not people:
        return Standing()
    to_read = {g.study_session_id for g in wanted if g.kind is AssignmentKind.SESSION}
    to_check = {g.study_session_id for g in wanted if g.kind is AssignmentKind.CHECK}
    topics = {g.topic_id for g in wanted if g.topic_id is not None}
    notes = _notes(db, {*to_read, *to_check} - {None}, with_checks=bool(to_check))
    return Standing(
        notes,
        _read(db, to_read - {None}, people) if to_read else {},
        _attended(db, to_read - {None}, people) if to_read else {},
        _answered(db, {q for sid in to_check for q in notes.get(sid or 0, ((), ()))[1]}, people),
        _bands(db, topics, people, now) if topics else {},
    )


def check_questions(db: Session, study_session_id: int) -> int:
    """How many published check questions a session has."""
    return len(_notes(db, {study_session_id}, with_checks=True).get(study_session_id, ((), ()))[1])


def _notes(
    db: Session, ids: Collection[int | None], *, with_checks: bool
) -> dict[int, tuple[frozenset[str], frozenset[int]]]:
    if not ids:
        return {}
    session, revision = models.StudySession, models.StudySessionRevision
    rows = db.execute(
        select(session.id, revision.toc, revision.checks)
        .join(revision, revision.id == session.current_revision_id)
        .where(session.id.in_(ids))
    ).all()
    keys = {key for row in rows for key in row.checks} if with_checks else set()
    published = select(models.Question.key, models.Question.id).where(
        models.Question.key.in_(keys), models.Question.status == "published"
    )
    known = {row.key: row.id for row in db.execute(published)} if keys else {}
    return {
        row.id: (
            frozenset(section_anchors(Heading(**heading) for heading in row.toc)),
            frozenset(known[key] for key in row.checks if key in known),
        )
        for row in rows
    }


def _read(
    db: Session, ids: Collection[int | None], people: Collection[int]
) -> dict[tuple[int, int], dict[str, datetime]]:
    row = models.ReadingMark
    marks = select(row.study_session_id, row.user_id, row.anchor, row.read_at).where(
        row.study_session_id.in_(ids), is_one_of(db, row.user_id, people)
    )
    found: dict[tuple[int, int], dict[str, datetime]] = defaultdict(dict)
    for session_id, user_id, anchor, at in db.execute(marks):
        found[session_id, user_id][anchor] = at
    return found


def _attended(
    db: Session, ids: Collection[int | None], people: Collection[int]
) -> dict[tuple[int, int], datetime]:
    row = models.Attendance
    there = select(row.study_session_id, row.user_id, row.at).where(
        row.study_session_id.in_(ids), row.present, is_one_of(db, row.user_id, people)
    )
    return {(session_id, user_id): at for session_id, user_id, at in db.execute(there)}


def _answered(
    db: Session, question_ids: Collection[int], people: Collection[int]
) -> dict[int, dict[int, datetime]]:
    """By person: when each question was first answered in a check, in whichever revision."""
    if not question_ids:
        return {}
    row = models.Response
    given = (
        select(row.user_id, row.question_id, func.min(row.seq).label("seq"))
        .where(row.context == "check", row.question_id.in_(question_ids), is_one_of(db, row.user_id, people))
        .group_by(row.user_id, row.question_id)
        .subquery()
    )
    found: dict[int, dict[int, datetime]] = defaultdict(dict)
    first = select(given.c.user_id, given.c.question_id, row.answered_at).join(row, row.seq == given.c.seq)
    for user_id, question_id, at in db.execute(first):
        found[user_id][question_id] = at
    return found


def _bands(
    db: Session, topic_ids: Collection[int], people: Collection[int], now: datetime
) -> dict[tuple[int, int], tuple[Band, datetime | None]]:
    """As the skill map shows them: the evidence of the topic and all below it, with the field around it as prior, and
    what was answered under another syllabus where the two are mapped."""
    forest = load_forest(db)
    known = [topic_id for topic_id in topic_ids if topic_id in forest.by_id]
    counted = _counted(db, forest, known)
    row = models.TopicProgress
    columns = select(
        row.user_id, row.topic_id, row.responses, row.correct, row.evidence_tenths, row.credit_tenths, row.last_at
    )  # fmt: skip
    sources = {source for inner, around in counted.values() for source in inner | around}
    evidence: dict[int, dict[int, Evidence]] = defaultdict(dict)
    for found in db.execute(
        columns.where(is_one_of(db, row.topic_id, sources), is_one_of(db, row.user_id, people))
    ):
        evidence[found.user_id][found.topic_id] = Evidence(*found[2:])
    bands: dict[tuple[int, int], tuple[Band, datetime | None]] = {}
    for topic_id, (inner, around) in counted.items():
        for user_id, own in evidence.items():
            here = total(own[source] for source in inner if source in own)
            field_ = total(own[source] for source in around if source in own)
            bands[topic_id, user_id] = (band_and_share(here, field_, now)[0], here.last_at)
    return bands


def _counted(
    db: Session, forest: TopicForest, topic_ids: Collection[int]
) -> dict[int, tuple[set[int], set[int]]]:
    """By topic: the topics whose answers count for it, and those whose answers count for its field."""
    row = models.TopicMapping
    pairs = db.execute(select(row.from_topic_id, row.to_topic_id).where(row.to_topic_id.is_not(None))).all()
    mapped: dict[int, set[int]] = defaultdict(set)
    for here, there in pairs:
        assert there is not None
        mapped[here].add(there)
        mapped[there].add(here)

    def sources(inside: set[int], syllabus_id: str) -> set[int]:
        own = forest.of_syllabus(syllabus_id)
        return inside | {other for each in inside for other in mapped[each] if other not in own}

    return {
        topic_id: (
            sources(forest.under(topic_id), forest.by_id[topic_id].syllabus_id),
            sources(forest.under(forest.root_of(topic_id)), forest.by_id[topic_id].syllabus_id),
        )
        for topic_id in topic_ids
    }


def people_asked(
    scope: Scope, asker: int, people: Collection[int], units: Collection[int]
) -> dict[int, int | None]:
    """By person: the unit through which they are asked, None for those named themselves. Raises NotFound for people
    and units that the asker does not lead."""
    if not scope.people.issuperset(people) or not scope.units.issuperset(units):
        raise NotFound
    found: dict[int, int | None] = dict.fromkeys(people)
    for unit_id in units:
        for user_id in people_of_unit(scope.chart, unit_id, asker) & scope.people:
            found.setdefault(user_id, unit_id)
    return found
