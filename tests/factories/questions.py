"""Syllabi and questions as they lie in the database after a sync."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import count
from typing import assert_never

from sqlalchemy import select
from sqlalchemy.orm import Session

from studyhub.domain import questions as domain
from studyhub.persistence.models import Question, QuestionRevision, QuestionTopic, Syllabus, Topic

_numbers = count(1)


def make_syllabus(db: Session, *, key: str = "ip-6.5", leaves: Sequence[str] = ("61",)) -> list[Topic]:
    """A syllabus with one root and the given leaves; returns the leaves."""
    db.add(Syllabus(id=key, title=key, status="current", levels=["field", "small"], content_hash="0" * 64))
    db.flush()
    root = _topic(db, key, "strategy", None, 0, "field")
    return [_topic(db, key, leaf, root.id, place, "small") for place, leaf in enumerate(leaves, start=1)]


def _topic(db: Session, syllabus: str, node: str, parent_id: int | None, position: int, level: str) -> Topic:
    topic = Topic(
        key=f"{syllabus}:{node}",
        syllabus_id=syllabus,
        parent_id=parent_id,
        level=level,
        depth=0 if parent_id is None else 1,
        position=position,
        name=f"項目 {node}",
        name_en=f"Topic {node}",
    )
    db.add(topic)
    db.flush()
    return topic


def single_choice(key: str, topic: str, *, right: int = 0) -> domain.Question:
    """An authored question with four choices, the one at `right` being the key."""
    choices = tuple(domain.Choice(f"選択肢{n}", n == right, f"理由{n}") for n in range(4))
    return domain.Question(
        id=key,
        status=domain.QuestionStatus.PUBLISHED,
        level=domain.Level.UNDERSTAND,
        topics=(topic,),
        stem=f"{key} に関する記述のうち，適切なものはどれか。",
        body=domain.SingleChoice(choices),
        explanation="解説です。",
        expected_facility=0.5,
        as_of="2026-11",
    )


def make_question(
    db: Session,
    now: datetime,
    topic: Topic,
    *,
    key: str | None = None,
    right: int = 0,
    status: str = "published",
) -> Question:
    """A published question with one revision; its choice at index `right` is the key."""
    authored = single_choice(key or f"t-{next(_numbers):04d}", topic.key, right=right)
    question = Question(key=authored.id, status=status, main_topic_id=topic.id)
    db.add(question)
    db.flush()
    db.add(QuestionTopic(question_id=question.id, topic_id=topic.id))
    question.current_revision = _revision(authored, question.id, now)
    db.flush()
    return question


def make_questions(db: Session, now: datetime, topic: Topic, number: int) -> list[Question]:
    return [make_question(db, now, topic) for _ in range(number)]


def _revision(authored: domain.Question, question_id: int, now: datetime) -> QuestionRevision:
    assert isinstance(authored.body, domain.SingleChoice)
    return QuestionRevision(
        question_id=question_id,
        number=1,
        content_hash=domain.content_hash(authored),
        kind=authored.kind.value,
        level=domain.Level.UNDERSTAND.value,
        data=domain.to_data(authored),
        html={
            "stem": f"<p>{authored.stem}</p>",
            "explanation": f"<p>{authored.explanation}</p>",
            "choices": [f"<p>{choice.text}</p>" for choice in authored.body.choices],
            "reasons": [f"<p>{choice.reason}</p>" for choice in authored.body.choices],
        },
        plain=authored.stem,
        expected_facility=0.5,
        created_at=now,
    )


def topic_of(db: Session, key: str) -> Topic:
    return db.scalars(select(Topic).where(Topic.key == key)).one()


def store_question(db: Session, now: datetime, topic: Topic, authored: domain.Question) -> Question:
    """A published question of any kind; its HTML is the text in paragraphs."""
    question = Question(
        key=authored.id, status="published", main_topic_id=topic.id, teaches=authored.teaches or ""
    )
    db.add(question)
    db.flush()
    db.add(QuestionTopic(question_id=question.id, topic_id=topic.id))
    question.current_revision = QuestionRevision(
        question_id=question.id,
        number=1,
        content_hash=domain.content_hash(authored),
        kind=authored.kind.value,
        level=domain.Level.UNDERSTAND.value,
        data=domain.to_data(authored),
        html={"stem": f"<p>{authored.stem}</p>", "explanation": f"<p>{authored.explanation}</p>"}
        | _html_of(authored.body),
        plain=authored.stem,
        expected_facility=0.5,
        source_line=authored.source_line or "",
        created_at=now,
    )
    db.flush()
    return question


def _html_of(body: domain.Body) -> dict[str, object]:
    match body:
        case domain.Scenario(text, parts):
            shown = [
                {"stem": part.stem, "explanation": part.explanation, **_html_of(part.body)} for part in parts
            ]
            return {"text": f"<p>{text}</p>", "choices": [], "reasons": [], "parts": shown}
        case domain.SingleChoice(choices) | domain.MultipleChoice(choices):
            return {"choices": [c.text for c in choices], "reasons": [c.reason for c in choices]}
        case domain.TrueFalse():
            return {"choices": [], "reasons": [body.reason_true, body.reason_false]}
        case domain.Numeric():
            return {"choices": [], "reasons": []}
        case domain.Ordering(items):
            return {"choices": list(items), "reasons": []}
        case domain.Matching(pairs):
            return {
                "choices": [pair.left for pair in pairs],
                "rights": [pair.right for pair in pairs],
                "reasons": [pair.reason for pair in pairs],
            }
        case _:
            assert_never(body)
