"""What the pool consists of, counted for people who write it."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from studyhub.content.loader import Content, LoadedQuestion
from studyhub.content.pool_statistics import choice_texts, is_of_four, key_is_longest
from studyhub.domain.questions import Kind, Level, QuestionStatus
from studyhub.domain.syllabus import Syllabus, Topic

GROUP_DEPTHS = {4: 2}
"""Depth that is counted together, by the number of levels of a syllabus; the second level where not said."""


@dataclass(frozen=True, slots=True)
class PoolRow:
    """Questions whose main topic lies in one group; `empty` counts its smallest topics that have none."""

    root: str
    group: str
    statuses: Mapping[QuestionStatus, int]
    levels: Mapping[Level | None, int]
    topics: int
    empty: int

    @property
    def total(self) -> int:
        return sum(self.statuses.values())


@dataclass(frozen=True, slots=True)
class PoolTable:
    """`key_positions` and `key_longest` are of the `of_four` single choice questions with four choices."""

    rows: tuple[tuple[str, tuple[PoolRow, ...]], ...]
    """By title of the syllabus."""
    kinds: Mapping[Kind, int]
    key_positions: tuple[int, int, int, int] = (0, 0, 0, 0)
    key_longest: int = 0
    of_four: int = field(default=0)


def pool_table(content: Content) -> PoolTable:
    questions = [q for q in content.questions if q.question.topics]
    of_four = [loaded for loaded in questions if is_of_four(loaded)]
    positions = Counter([right for _, right in choice_texts(loaded)].index(True) for loaded in of_four)
    return PoolTable(
        rows=tuple((found.item.title, tuple(_rows(found.item, questions))) for found in content.syllabi),
        kinds=Counter(loaded.question.kind for loaded in questions),
        key_positions=(positions[0], positions[1], positions[2], positions[3]),
        key_longest=sum(key_is_longest(choice_texts(loaded)) for loaded in of_four),
        of_four=len(of_four),
    )


def _rows(syllabus: Syllabus, questions: Iterable[LoadedQuestion]) -> Iterable[PoolRow]:
    """Only of groups that have a question or stand in a syllabus that has one."""
    by_topic: dict[str, list[LoadedQuestion]] = {}
    for loaded in questions:
        if loaded.question.main_topic in syllabus.by_key:
            by_topic.setdefault(loaded.question.main_topic, []).append(loaded)
    for group in _groups(syllabus) if by_topic else ():
        inside = [loaded for topic in syllabus.subtree(group.key) for loaded in by_topic.get(topic.key, ())]
        leaves = syllabus.leaves(group.key)
        ancestors = syllabus.ancestors(group.key)
        yield PoolRow(
            root=ancestors[0].name if ancestors else "",
            group=group.name,
            statuses=Counter(loaded.question.status for loaded in inside),
            levels=Counter(loaded.question.level for loaded in inside),
            topics=len(leaves),
            empty=sum(leaf.key not in by_topic for leaf in leaves),
        )


def _groups(syllabus: Syllabus) -> list[Topic]:
    depth = GROUP_DEPTHS.get(len(syllabus.levels), min(1, len(syllabus.levels) - 1))
    return [topic for topic in syllabus.topics if len(syllabus.ancestors(topic.key)) == depth]
