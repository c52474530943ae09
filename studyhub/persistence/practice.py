"""What the choice of practice questions looks at, as the values its rules work on; one statement each."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, case, null, select
from sqlalchemy.orm import Session

from studyhub.domain.mastery import Evidence, band_and_share, total
from studyhub.domain.practice import Candidate, TopicState
from studyhub.domain.questions import Kind
from studyhub.persistence import models

_KINDS = {kind.value: kind for kind in Kind}


@dataclass(frozen=True, slots=True)
class TopicNode:
    id: int
    key: str
    syllabus_id: str
    parent_id: int | None
    name: str
    name_en: str


@dataclass(frozen=True, slots=True)
class Target:
    """The exam an officer aims at; without one everything that is published is practised."""

    syllabus_id: str | None
    field_questions: Mapping[str, float]
    """Questions of the exam by key of the field's topic."""
    daily_minutes: int


class TopicForest:
    """The trees of all syllabi: a few hundred topics."""

    def __init__(self, nodes: Sequence[TopicNode]) -> None:
        """``nodes`` with parents before children."""
        self.nodes = nodes
        self.by_id = {node.id: node for node in nodes}
        self.by_key = {node.key: node for node in nodes}
        self._roots: dict[int, int] = {}
        for node in nodes:
            self._roots[node.id] = self._roots.get(node.parent_id or 0, node.id)

    def root_of(self, topic_id: int) -> int:
        return self._roots.get(topic_id, topic_id)

    def under(self, topic_id: int) -> set[int]:
        """The topic and all below it."""
        found = {topic_id}
        for node in self.nodes:
            if node.parent_id in found:
                found.add(node.id)
        return found

    def up_from(self, topic_id: int) -> list[int]:
        """The topic and those above it; nothing for one that is retired."""
        found = []
        node = self.by_id.get(topic_id)
        while node is not None:
            found.append(node.id)
            node = self.by_id.get(node.parent_id or 0)
        return found

    def of_syllabus(self, syllabus_id: str) -> set[int]:
        return {node.id for node in self.nodes if node.syllabus_id == syllabus_id}


def load_forest(db: Session) -> TopicForest:
    row = models.Topic
    columns = select(row.id, row.key, row.syllabus_id, row.parent_id, row.name, row.name_en)
    in_order = columns.where(row.retired.is_(False)).order_by(row.syllabus_id, row.depth, row.position)
    return TopicForest([TopicNode(*found) for found in db.execute(in_order)])


def load_target(db: Session, user_id: int) -> Target:
    user, blueprint = models.User, models.Blueprint
    found = db.execute(
        select(blueprint.syllabus_id, blueprint.spec, user.daily_minutes)
        .select_from(user)
        .outerjoin(blueprint, blueprint.id == user.target_exam)
        .where(user.id == user_id)
    ).one()
    fields = found.spec["fields"] if found.spec else []
    quotas = {field["topic_key"]: float(field["questions"]) for field in fields}
    return Target(found.syllabus_id, quotas, found.daily_minutes)


def target_fields(db: Session, forest: TopicForest, target: Target) -> dict[int, int] | None:
    """By topic that counts for the target, the field it counts for: of the target's syllabus, or of another and mapped
    to or from it. None without a target, when every topic counts."""
    if target.syllabus_id is None:
        return None
    own = forest.of_syllabus(target.syllabus_id)
    fields = {topic_id: forest.root_of(topic_id) for topic_id in own}
    mapping = models.TopicMapping
    pairs = select(mapping.from_topic_id, mapping.to_topic_id).where(mapping.to_topic_id.is_not(None))
    for from_id, to_id in db.execute(pairs.order_by(mapping.id)):
        for here, there in ((from_id, to_id), (to_id, from_id)):
            if there in own and here is not None:
                fields.setdefault(here, fields[there])
    return fields


def field_weights(forest: TopicForest, target: Target) -> dict[int, float]:
    """By id of the field's topic."""
    found = {forest.by_key.get(key): questions for key, questions in target.field_questions.items()}
    return {node.id: questions for node, questions in found.items() if node is not None}


def load_candidates(db: Session, user_id: int, topic_ids: Collection[int] | None = None) -> list[Candidate]:
    """Published questions with one of the topics, or all."""
    question, revision, progress = models.Question, models.QuestionRevision, models.QuestionProgress
    columns = select(
        question.id, revision.id, question.main_topic_id, revision.kind,
        progress.responses, progress.last_correct, progress.last_unsure, progress.last_at,
        null() if topic_ids is None else _topic_among(topic_ids),
    )  # fmt: skip
    wanted = (
        columns.join(revision, question.current_revision_id == revision.id)
        .outerjoin(progress, and_(progress.user_id == user_id, progress.question_id == question.id))
        .where(question.status == "published")
        .order_by(question.id)
    )
    if topic_ids is not None:
        named = models.QuestionTopic
        wanted = wanted.where(question.id.in_(select(named.question_id).where(named.topic_id.in_(topic_ids))))
    return [
        Candidate(
            question_id, revision_id, topic_id, _KINDS[kind], seen or 0, bool(correct), bool(unsure), last_at, among
        )
        for question_id, revision_id, topic_id, kind, seen, correct, unsure, last_at, among in db.execute(wanted)
    ]  # fmt: skip


def _topic_among(topic_ids: Collection[int]) -> ColumnElement[int | None]:
    """NULL for the main topic, else the first of a question's topics that is one of these."""
    question, named = models.Question, models.QuestionTopic
    first = (
        select(named.topic_id)
        .where(named.question_id == question.id, named.topic_id.in_(topic_ids))
        .order_by(named.position)
        .limit(1)
        .scalar_subquery()
    )
    return case((question.main_topic_id.in_(topic_ids), null()), else_=first)


def load_evidence(db: Session, user_id: int) -> dict[int, Evidence]:
    """By topic that questions name; of all syllabi."""
    return load_evidence_of(db, [user_id]).get(user_id, {})


def load_evidence_of(db: Session, user_ids: Collection[int]) -> dict[int, dict[int, Evidence]]:
    """By person, then as ``load_evidence``; who has answered nothing is left out."""
    row = models.TopicProgress
    columns = select(
        row.user_id, row.topic_id, row.responses, row.correct, row.evidence_tenths, row.credit_tenths, row.last_at
    )  # fmt: skip
    found: dict[int, dict[int, Evidence]] = {}
    rows = db.execute(columns.where(row.user_id.in_(user_ids)))
    for user, topic, responses, correct, evidence, credit, last_at in rows:
        found.setdefault(user, {})[topic] = Evidence(responses, correct, evidence, credit, last_at)
    return found


def load_topic_states(
    db: Session, user_id: int, forest: TopicForest, fields: Mapping[int, int] | None, now: datetime
) -> dict[int, TopicState]:
    """Of every topic; those without an answer have no band. ``fields`` as ``target_fields`` gives them."""
    evidence = load_evidence(db, user_id)
    trees: dict[int, list[Evidence]] = {}
    for topic_id, each in evidence.items():
        trees.setdefault(forest.root_of(topic_id), []).append(each)
    around = {root: total(parts) for root, parts in trees.items()}
    states = {}
    for topic_id in {*forest.by_id, *evidence}:
        root = forest.root_of(topic_id)
        field = (fields or {}).get(topic_id, root)
        states[topic_id] = TopicState(field)
        if topic_id in evidence:
            states[topic_id] = TopicState(field, *band_and_share(evidence[topic_id], around[root], now))
    return states
