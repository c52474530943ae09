"""The examinations one can aim at, and what a switch of the target would mean for one's answers."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from studyhub.domain.blueprint import PassRule, days_until, from_data
from studyhub.domain.days import office_day
from studyhub.domain.identity import Actor
from studyhub.domain.mastery import Evidence
from studyhub.persistence.models import Blueprint, Syllabus, TopicMapping, User
from studyhub.persistence.practice import TopicForest, TopicNode, load_evidence, load_forest
from studyhub.reads.rows import AnyRow


@dataclass(frozen=True, slots=True)
class ExamField:
    name: str
    name_en: str
    questions: int
    scored: int


@dataclass(frozen=True, slots=True)
class Unmapped:
    """A topic with answers that an examination's syllabus has no place for."""

    name: str
    name_en: str
    answers: int


@dataclass(frozen=True, slots=True)
class Carried:
    """What one's answers are worth under an examination. Topics are those that questions name."""

    topics: int
    """Topics with answers that count under it."""
    unmapped: tuple[Unmapped, ...]
    added: tuple[TopicNode, ...]
    """Its topics that nothing of the present target's syllabus is mapped to."""


@dataclass(frozen=True, slots=True)
class Exam:
    key: str
    title: str
    title_en: str
    is_draft: bool
    is_target: bool
    syllabus_id: str
    syllabus: str
    syllabus_en: str
    questions: int
    scored: int
    minutes: int
    fields: tuple[ExamField, ...]
    pass_rule: PassRule
    notes: tuple[str, ...]
    notes_en: tuple[str, ...]
    sources: tuple[str, ...]
    carried: Carried


@dataclass(frozen=True, slots=True)
class ExamsPage:
    exams: tuple[Exam, ...]
    """The target first."""
    exam_on: date | None
    days_left: int | None


def exams_page(db: Session, actor: Actor, now: datetime) -> ExamsPage:
    user = db.execute(select(User.target_exam, User.exam_on).where(User.id == actor.user_id)).one()
    rows = _offered(db, user.target_exam)
    forest, evidence, pairs = load_forest(db), load_evidence(db, actor.user_id), _pairs(db)
    target = next((row.syllabus_id for row in rows if row.id == user.target_exam), None)
    examined = {row.syllabus_id for row in rows}
    exams = [
        _exam(row, row.id == user.target_exam, forest, _carried(row.syllabus_id, target, examined, forest, evidence, pairs))
        for row in rows
    ]  # fmt: skip
    left = None if user.exam_on is None else days_until(user.exam_on, office_day(now))
    return ExamsPage(tuple(sorted(exams, key=lambda exam: not exam.is_target)), user.exam_on, left)


def _offered(db: Session, target: str) -> list[AnyRow]:
    """A retired examination is shown only to whoever still aims at it."""
    return list(
        db.execute(
            select(
                Blueprint.id, Blueprint.status, Blueprint.spec, Blueprint.syllabus_id,
                Syllabus.title.label("syllabus"), Syllabus.title_en.label("syllabus_en"),
            )
            .join(Syllabus, Syllabus.id == Blueprint.syllabus_id)
            .where((Blueprint.status != "retired") | (Blueprint.id == target))
            .order_by(Blueprint.position, Blueprint.id)
        )
    )  # fmt: skip


def _pairs(db: Session) -> list[tuple[int, int]]:
    """Mapped topics of all syllabi, both ways round."""
    row = TopicMapping
    found = db.execute(select(row.from_topic_id, row.to_topic_id).where(row.to_topic_id.is_not(None)))
    return [
        pair for from_id, to_id in found if to_id is not None for pair in ((from_id, to_id), (to_id, from_id))
    ]


def _exam(row: AnyRow, is_target: bool, forest: TopicForest, carried: Carried) -> Exam:
    blueprint = from_data(row.spec)
    named = [(forest.by_key.get(quota.topic_key), quota) for quota in blueprint.fields]
    fields = tuple(
        ExamField(topic.name, topic.name_en or topic.name, quota.questions, quota.scored)
        for topic, quota in named
        if topic is not None
    )
    return Exam(
        key=row.id,
        title=blueprint.title,
        title_en=blueprint.title_en or blueprint.title,
        is_draft=row.status == "draft",
        is_target=is_target,
        syllabus_id=row.syllabus_id,
        syllabus=row.syllabus,
        syllabus_en=row.syllabus_en or row.syllabus,
        questions=blueprint.questions,
        scored=blueprint.scored,
        minutes=blueprint.minutes,
        fields=fields,
        pass_rule=blueprint.pass_rule,
        notes=blueprint.notes,
        notes_en=blueprint.notes_en or blueprint.notes,
        sources=blueprint.sources,
        carried=carried,
    )


def _carried(
    syllabus_id: str,
    target: str | None,
    examined: Collection[str],
    forest: TopicForest,
    evidence: Mapping[int, Evidence],
    pairs: Iterable[tuple[int, int]],
) -> Carried:
    """Of topics outside every examination, such as those of the bureaus' practice, nothing is missed."""
    own = forest.of_syllabus(syllabus_id)
    reached_from: dict[int, set[int]] = {topic_id: {topic_id} for topic_id in own}
    for from_id, to_id in pairs:
        if to_id in own:
            reached_from.setdefault(from_id, set()).add(to_id)
    sources = [forest.by_id[topic_id] for topic_id in evidence if topic_id in forest.by_id]
    lost = [node for node in sources if node.id not in reached_from and node.syllabus_id in examined]
    covered = _covered(reached_from, forest, target)
    parents = {node.parent_id for node in forest.nodes}
    return Carried(
        topics=sum(node.id in reached_from for node in sources),
        unmapped=tuple(Unmapped(n.name, n.name_en or n.name, evidence[n.id].responses) for n in lost),
        added=tuple(n for n in forest.nodes if n.id in own and n.id not in parents and n.id not in covered),
    )


def _covered(reached_from: Mapping[int, set[int]], forest: TopicForest, target: str | None) -> set[int]:
    """Topics that one studies already under the present target."""
    present = forest.of_syllabus(target) if target else set()
    return {to_id for from_id, reached in reached_from.items() if from_id in present for to_id in reached}
