"""Syllabus trees of any depth, and the mapping of one syllabus' topics onto another's."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property
from types import MappingProxyType


class SyllabusStatus(StrEnum):
    CURRENT = "current"
    DRAFT = "draft"


def topic_key(syllabus_id: str, node_id: str) -> str:
    return f"{syllabus_id}:{node_id}"


@dataclass(frozen=True, slots=True)
class Topic:
    """A node of a syllabus tree.

    `key` is `<syllabus>:<node>`; `position` counts from 0 among the children of one parent;
    `share` is the published number of questions per 100, where one is published.
    """

    key: str
    parent_key: str | None
    level: str
    position: int
    name: str
    name_en: str = ""
    share: float | None = None

    @property
    def syllabus_id(self) -> str:
        return self.key.partition(":")[0]

    @property
    def node_id(self) -> str:
        return self.key.partition(":")[2]


@dataclass(frozen=True)
class Syllabus:
    """A tree of topics, listed in reading order: every parent stands before its children."""

    id: str
    title: str
    title_en: str
    version: str
    status: SyllabusStatus
    published_on: date | None
    levels: tuple[str, ...]
    topics: tuple[Topic, ...]
    sources: tuple[str, ...] = ()
    note: str = ""
    note_en: str = ""

    @cached_property
    def by_key(self) -> Mapping[str, Topic]:
        return MappingProxyType({topic.key: topic for topic in self.topics})

    @cached_property
    def _children(self) -> Mapping[str | None, tuple[Topic, ...]]:
        children: dict[str | None, list[Topic]] = {}
        for topic in self.topics:
            children.setdefault(topic.parent_key, []).append(topic)
        return {key: tuple(topics) for key, topics in children.items()}

    @property
    def roots(self) -> tuple[Topic, ...]:
        return self._children.get(None, ())

    def children(self, key: str) -> tuple[Topic, ...]:
        return self._children.get(key, ())

    def ancestors(self, key: str) -> tuple[Topic, ...]:
        """From the root down to the parent; empty for a root or an unknown key."""
        found: list[Topic] = []
        topic = self.by_key.get(key)
        while topic is not None and topic.parent_key is not None:
            topic = self.by_key.get(topic.parent_key)
            if topic is not None:
                found.append(topic)
        return tuple(reversed(found))

    def subtree(self, key: str) -> Iterator[Topic]:
        """The topic itself and everything below it, in reading order."""
        topic = self.by_key.get(key)
        if topic is None:
            return
        yield topic
        for child in self.children(key):
            yield from self.subtree(child.key)

    def leaves(self, key: str | None = None) -> tuple[Topic, ...]:
        """The topics without children, of the whole tree or below (and including) `key`."""
        within = self.topics if key is None else tuple(self.subtree(key))
        return tuple(topic for topic in within if topic.key not in self._children)


@dataclass(frozen=True, slots=True)
class TopicMapping:
    """Where the topics of one syllabus are found in another; an empty tuple is said to be unmapped."""

    from_syllabus: str
    to_syllabus: str
    targets: Mapping[str, tuple[str, ...]]
    status: SyllabusStatus = SyllabusStatus.CURRENT

    def translate(self, key: str) -> tuple[str, ...]:
        return self.targets.get(key, ())

    @property
    def unmapped(self) -> tuple[str, ...]:
        return tuple(key for key, found in self.targets.items() if not found)
