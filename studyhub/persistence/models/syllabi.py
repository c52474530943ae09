"""Syllabi as trees of topics, mappings between them, and exam blueprints: data, versioned, never code."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from studyhub.persistence.base import Base, Json
from studyhub.persistence.models.people import one_of


class Syllabus(Base):
    __tablename__ = "syllabi"
    __table_args__ = (one_of("status", ("current", "draft", "retired")),)

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    title: Mapped[str] = mapped_column(String(200))
    title_en: Mapped[str] = mapped_column(String(200), default="")
    version: Mapped[str] = mapped_column(String(40), default="")
    status: Mapped[str] = mapped_column(String(10))
    published_on: Mapped[date | None]
    levels: Mapped[list[Any]] = mapped_column(Json)
    """Name of each depth of the tree, from the root."""
    content_hash: Mapped[str] = mapped_column(String(64))
    position: Mapped[int] = mapped_column(default=0)


class Topic(Base):
    __tablename__ = "topics"
    __table_args__ = (Index("ix_topics_syllabus_position", "syllabus_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(100), unique=True)
    """``<syllabus>:<node>``."""
    syllabus_id: Mapped[str] = mapped_column(ForeignKey("syllabi.id"))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("topics.id"), index=True)
    level: Mapped[str] = mapped_column(String(20))
    depth: Mapped[int]
    position: Mapped[int]
    """Place in a walk of the whole tree, parents before children."""
    name: Mapped[str] = mapped_column(String(120))
    name_en: Mapped[str] = mapped_column(String(200), default="")
    share: Mapped[float | None]
    """Published or observed share of the examination, in percent."""
    retired: Mapped[bool] = mapped_column(default=False)


class SyllabusMapping(Base):
    """That one syllabus is mapped onto another; its rows are the topic mappings between the two."""

    __tablename__ = "syllabus_mappings"
    __table_args__ = (
        one_of("status", ("current", "draft")),
        UniqueConstraint("from_syllabus_id", "to_syllabus_id"),
    )

    id: Mapped[str] = mapped_column(String(82), primary_key=True)
    """``<from>--<to>``."""
    from_syllabus_id: Mapped[str] = mapped_column(ForeignKey("syllabi.id"))
    to_syllabus_id: Mapped[str] = mapped_column(ForeignKey("syllabi.id"))
    status: Mapped[str] = mapped_column(String(10))
    content_hash: Mapped[str] = mapped_column(String(64))


class TopicMapping(Base):
    """From a topic of one syllabus to one of another; ``to_topic_id`` NULL says that it is unmapped on purpose."""

    __tablename__ = "topic_mappings"
    __table_args__ = (UniqueConstraint("from_topic_id", "to_syllabus_id", "to_topic_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    from_topic_id: Mapped[int] = mapped_column(ForeignKey("topics.id"))
    to_syllabus_id: Mapped[str] = mapped_column(ForeignKey("syllabi.id"), index=True)
    to_topic_id: Mapped[int | None] = mapped_column(ForeignKey("topics.id"))


class Blueprint(Base):
    __tablename__ = "blueprints"
    __table_args__ = (one_of("status", ("current", "draft", "retired")),)

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    title: Mapped[str] = mapped_column(String(200))
    title_en: Mapped[str] = mapped_column(String(200), default="")
    syllabus_id: Mapped[str] = mapped_column(ForeignKey("syllabi.id"))
    status: Mapped[str] = mapped_column(String(10))
    spec: Mapped[dict[str, Any]] = mapped_column(Json)
    content_hash: Mapped[str] = mapped_column(String(64))
    position: Mapped[int] = mapped_column(default=0)
