"""Which topics stand as columns over people or units: a syllabus, a topic in it, and how deep below that."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from studyhub.domain.errors import NotFound
from studyhub.domain.skill_columns import Columns
from studyhub.domain.skill_map import Node
from studyhub.domain.team import Column
from studyhub.persistence.models import Blueprint, Syllabus
from studyhub.persistence.skill_topics import load_landings, load_nodes

_USUAL_COLUMNS = 25
"""A syllabus as a whole is shown as deep as fits into so many columns."""


@dataclass(frozen=True, slots=True)
class TeamLens:
    id: str
    title: str
    title_en: str
    is_draft: bool
    levels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ExamChoice:
    key: str
    title: str
    title_en: str
    syllabus_id: str


@dataclass(frozen=True, slots=True)
class ColumnGroup:
    """Columns next to each other below the same topic."""

    key: str
    name: str
    name_en: str
    span: int


@dataclass(frozen=True)
class TopicsShown:
    """``columns`` begin with the topic, or the syllabus, that the rest of them is part of."""

    lens: TeamLens
    topic: Node | None
    above: tuple[Node, ...]
    """From the field down to what stands above ``topic``."""
    level: int
    levels: tuple[tuple[int, str], ...]
    """Depths one may choose here, with their names."""
    columns: tuple[Column, ...]
    groups: tuple[ColumnGroup, ...]
    """Over all columns but the first; none when they all stand below ``topic`` directly."""
    evidence: Columns
    fields: tuple[Column, ...]
    """The topic itself or, without one, the highest ones: what is told month by month."""
    root_ids: tuple[int, ...]


def load_lenses(db: Session) -> tuple[TeamLens, ...]:
    row = Syllabus
    columns = select(row.id, row.title, row.title_en, row.status, row.levels).where(row.status != "retired")
    return tuple(
        TeamLens(r.id, r.title, r.title_en or r.title, r.status == "draft", tuple(r.levels))
        for r in db.execute(columns.order_by(row.position, row.id))
    )


def load_exams(db: Session) -> tuple[ExamChoice, ...]:
    row = Blueprint
    columns = select(row.id, row.title, row.title_en, row.syllabus_id).order_by(row.position, row.id)
    return tuple(ExamChoice(r.id, r.title, r.title_en or r.title, r.syllabus_id) for r in db.execute(columns))


def usual_lens(lenses: Sequence[TeamLens], exams: Iterable[ExamChoice], targets: Iterable[str]) -> str:
    """The syllabus of the examination that most of the people aim at."""
    syllabi = {exam.key: exam.syllabus_id for exam in exams}
    offered = {lens.id for lens in lenses}
    aimed_at = Counter(syllabi[key] for key in targets if syllabi.get(key) in offered)
    if aimed_at:
        return min(aimed_at, key=lambda each: (-aimed_at[each], each))
    return lenses[0].id if lenses else ""


def load_topics(
    db: Session, lenses: Sequence[TeamLens], lens_id: str, topic_key: str, level: int | None
) -> TopicsShown:
    """Raises NotFound for a syllabus or topic that there is not."""
    lens = next((each for each in lenses if each.id == lens_id), None)
    if lens is None:
        raise NotFound
    nodes = load_nodes(db, lens.id)
    landings = load_landings(db, lens.id, nodes)
    topic = next((node for node in nodes if node.key == topic_key), None)
    if topic_key and topic is None:
        raise NotFound
    return _topics(lens, nodes, landings, topic, level)


def _topics(
    lens: TeamLens,
    nodes: Sequence[Node],
    landings: Mapping[int, set[int]],
    topic: Node | None,
    level: int | None,
) -> TopicsShown:
    within = _under(nodes, topic)
    depths = sorted({node.depth for node in within})
    asked = level if level in depths else _usual_depth(nodes, within, topic, depths)
    shown = _frontier(nodes, within, asked)
    parents = {node.parent_id for node in nodes}
    columns = (_first(topic), *(_column(node, node.id in parents) for node in shown))
    fields = [topic] if topic is not None else [node for node in nodes if node.parent_id is None]
    return TopicsShown(
        lens=lens,
        topic=topic,
        above=_above(nodes, topic),
        level=asked,
        levels=tuple((depth, lens.levels[depth]) for depth in depths if depth < len(lens.levels)),
        columns=columns,
        groups=_groups(nodes, shown, topic),
        evidence=Columns(nodes, landings, [column.topic_id for column in columns]),
        fields=tuple(_column(node, node.id in parents) for node in fields),
        root_ids=tuple(node.id for node in nodes if node.parent_id is None),
    )


def _first(topic: Node | None) -> Column:
    return Column(None, "", "", "", 1.0) if topic is None else _column(topic, deeper=False)


def _column(node: Node, deeper: bool) -> Column:
    return Column(node.id, node.key, node.name, node.name_en or node.name, node.share or 1.0, deeper)


def _under(nodes: Sequence[Node], topic: Node | None) -> list[Node]:
    if topic is None:
        return list(nodes)
    within = {topic.id}
    found = []
    for node in nodes:
        if node.parent_id in within:
            within.add(node.id)
            found.append(node)
    return found


def _usual_depth(
    nodes: Sequence[Node], within: Sequence[Node], topic: Node | None, depths: Sequence[int]
) -> int:
    """Directly below a topic; of a whole syllabus the deepest that fits."""
    if topic is not None or not depths:
        return depths[0] if depths else 0
    fitting = [depth for depth in depths if len(_frontier(nodes, within, depth)) <= _USUAL_COLUMNS]
    return max(fitting, default=depths[0])


def _frontier(nodes: Sequence[Node], within: Sequence[Node], depth: int) -> list[Node]:
    """The nodes at the depth, and those above it that have nothing below."""
    parents = {node.parent_id for node in nodes}
    return [node for node in within if node.depth == depth or (node.depth < depth and node.id not in parents)]


def _above(nodes: Sequence[Node], topic: Node | None) -> tuple[Node, ...]:
    by_id = {node.id: node for node in nodes}
    found: list[Node] = []
    while topic is not None and topic.parent_id is not None:
        topic = by_id[topic.parent_id]
        found.append(topic)
    return tuple(reversed(found))


def _groups(nodes: Sequence[Node], shown: Sequence[Node], topic: Node | None) -> tuple[ColumnGroup, ...]:
    """By the ancestor right below ``topic``."""
    by_id = {node.id: node for node in nodes}
    stop = topic.id if topic is not None else None

    def top(node: Node) -> Node:
        while node.parent_id is not None and node.parent_id != stop:
            node = by_id[node.parent_id]
        return node

    tops = [top(node) for node in shown]
    spans = Counter(node.id for node in tops)
    if all(head is node for head, node in zip(tops, shown, strict=True)):
        return ()
    return tuple(
        ColumnGroup(head.key, head.name, head.name_en or head.name, spans[head.id])
        for head in dict.fromkeys(tops)
    )
