"""The team's page: the people whom somebody leads on the day, by topic, with what is worth knowing of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy.orm import Session

from studyhub.domain.days import office_day
from studyhub.domain.identity import Actor
from studyhub.domain.team import (
    Lately,
    Order,
    PersonRow,
    Sentences,
    Since,
    by_kana,
    in_need,
    month_before,
    month_of,
    sentences,
    sentences_of_units,
)
from studyhub.persistence.leadership import Leadership
from studyhub.persistence.practice import load_evidence_of
from studyhub.persistence.settings import load_settings
from studyhub.reads.team_people import MOST_PEOPLE, Crowd, Person, load_crowd, load_lately
from studyhub.reads.team_topics import (
    ExamChoice,
    TeamLens,
    TopicsShown,
    load_exams,
    load_lenses,
    load_topics,
    usual_lens,
)
from studyhub.reads.team_units import (
    Pictures,
    TopicTrend,
    UnitTable,
    load_pictures,
    of_month,
    trends,
    unit_table,
)

_MOST_CELLS = 8_000
"""A page of more takes a browser longer than a second."""
_FEWEST_ROWS = 20


@dataclass(frozen=True, slots=True)
class TeamAsked:
    """As in the address: empty for the usual."""

    unit: str = ""
    lens: str = ""
    topic: str = ""
    level: int | None = None
    title: str = ""
    exam: str = ""
    since: Since = Since.ALL
    order: Order = Order.NEED
    page: int = 1

    @property
    def narrowed(self) -> bool:
        """Whether not everybody, or not all evidence, is meant."""
        return bool(self.title or self.exam or self.since is not Since.ALL)


@dataclass(frozen=True, slots=True)
class UnitChoice:
    """``code`` is empty for a unit that one does not lead."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class TeamPage:
    asked: TeamAsked
    purpose: str
    purpose_en: str
    path: tuple[UnitChoice, ...]
    """Down to the unit shown, with it; empty for everything that one leads."""
    headed: tuple[UnitChoice, ...]
    below: int
    """People in the units shown and all below them."""
    wide: bool
    """Whether these are too many to be shown one by one."""
    lenses: tuple[TeamLens, ...]
    exams: tuple[ExamChoice, ...]
    titles: tuple[str, ...]
    topics: TopicsShown
    rows: tuple[PersonRow, ...]
    total: int
    pages: int
    sentences: Sentences | None
    units: UnitTable | None
    day: date
    """On which the people were led and their bands reckoned."""
    trends: tuple[TopicTrend, ...]


def team_page(
    db: Session, actor: Actor, asked: TeamAsked, now: datetime, *, whole: bool = False
) -> TeamPage | None:
    """None for somebody who leads nobody today. ``whole`` shows all people on one page, for an export.

    Raises NotFound for a unit that the actor does not lead today and for a topic or syllabus that there is not.
    """
    leadership = Leadership(db, actor.user_id, office_day(now))
    if not leadership.headed:
        return None
    crowd = load_crowd(db, leadership, asked.unit)
    lenses, exams = load_lenses(db), load_exams(db)
    targets = [asked.exam] if asked.exam else [person.target_exam for person in crowd.people]
    lens = asked.lens or usual_lens(lenses, exams, targets)
    topics = load_topics(db, lenses, lens, asked.topic, asked.level)
    rows = _rows(db, crowd, topics, asked, now, whole=whole)
    below = leadership.children(crowd.units[0]) if crowd.unit is not None else crowd.units
    topic_ids = {*topics.root_ids, *(each.topic_id for each in topics.columns if each.topic_id)}
    pictures = load_pictures(db, leadership, below, crowd.units, topic_ids, crowd.day)
    settings = load_settings(db)
    return TeamPage(
        asked=rows.asked,
        purpose=settings.purpose,
        purpose_en=settings.purpose_en,
        path=_path(leadership, crowd),
        headed=tuple(UnitChoice(each.code, each.name) for each in leadership.headed),
        below=crowd.below,
        wide=crowd.wide,
        lenses=lenses,
        exams=exams,
        titles=crowd.titles,
        topics=topics,
        rows=rows.shown,
        total=rows.total,
        pages=rows.pages,
        sentences=_sentences(topics, rows, pictures, crowd, now),
        day=crowd.day,
        units=unit_table(leadership, below, topics.columns, pictures),
        trends=trends(topics.fields, crowd.units, pictures),
    )


@dataclass(frozen=True, slots=True)
class _Rows:
    all: tuple[PersonRow, ...]
    """Of people who are too many to be loaded at once only those shown."""
    shown: tuple[PersonRow, ...]
    lately: dict[int, Lately]
    total: int
    pages: int
    asked: TeamAsked
    """As it was answered."""


def _rows(
    db: Session, crowd: Crowd, topics: TopicsShown, asked: TeamAsked, now: datetime, *, whole: bool
) -> _Rows:
    people = _narrowed(crowd, asked)
    length = max(_FEWEST_ROWS, min(MOST_PEOPLE, _MOST_CELLS // len(topics.columns)))
    pages = 1 if whole else max(1, -(-len(people) // length))
    page = min(max(asked.page, 1), pages)
    window = slice(None) if whole else slice((page - 1) * length, page * length)
    by_name = len(people) > MOST_PEOPLE and not whole
    order = Order.KANA if by_name else asked.order
    loaded = people[window] if by_name else people
    lately = load_lately(db, [person.user_id for person in loaded], crowd.day)
    rows = _person_rows(db, loaded, topics, lately, asked.since, now)
    ordered = (
        by_kana(rows) if order is Order.KANA else in_need(rows, [each.weight for each in topics.columns])
    )
    shown = ordered if by_name else ordered[window]
    answered = replace(asked, lens=topics.lens.id, level=topics.level, order=order, page=page)
    return _Rows(ordered, shown, lately, len(people), pages, answered)


def _narrowed(crowd: Crowd, asked: TeamAsked) -> list[Person]:
    """By kana."""
    found = (
        person
        for person in crowd.people
        if asked.title in ("", person.title) and asked.exam in ("", person.target_exam)
    )
    return sorted(found, key=lambda person: (person.kana, person.user_id))


def _person_rows(
    db: Session,
    people: Sequence[Person],
    topics: TopicsShown,
    lately: Mapping[int, Lately],
    since: Since,
    now: datetime,
) -> list[PersonRow]:
    evidence = load_evidence_of(db, [person.user_id for person in people])
    oldest = since.moment(now)
    return [
        PersonRow(
            user_id=person.user_id,
            name=person.name,
            kana=person.kana,
            unit=person.unit,
            title=person.title,
            direct=person.direct,
            last_on=lately.get(person.user_id, Lately()).last_on,
            cells=topics.evidence.cells(evidence.get(person.user_id, {}), now, oldest),
        )
        for person in people
    ]


def _sentences(
    topics: TopicsShown, rows: _Rows, pictures: Pictures, crowd: Crowd, now: datetime
) -> Sentences | None:
    month = month_of(crowd.day)
    before = of_month(topics.columns, crowd.units, pictures, month_before(month))
    if crowd.wide:
        latest = pictures.month or month
        return sentences_of_units(
            topics.columns, of_month(topics.columns, crowd.units, pictures, latest), before
        )
    return sentences(topics.columns, rows.all, rows.lately, {} if rows.asked.narrowed else before, now)


def _path(leadership: Leadership, crowd: Crowd) -> tuple[UnitChoice, ...]:
    if crowd.unit is None:
        return ()
    led = {unit.id for unit in leadership.headed}
    path, inside = [], False
    for unit in leadership.chart.path(crowd.unit.id):
        inside = inside or unit.id in led
        path.append(UnitChoice(unit.code if inside else "", unit.name))
    return tuple(path)
