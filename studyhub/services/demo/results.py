"""What the demonstration's lecturer sees of results: answers before and after a study session, a question whose key was
entered wrongly and corrected, and faults that learners reported.

The question and its author are fictional; the wrong key stood in it only here.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from random import Random
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from studyhub.domain import questions as domain
from studyhub.domain.corrections import RightChoices
from studyhub.domain.days import office_day
from studyhub.domain.grading import ChosenOne, grade, response_to_data
from studyhub.domain.identity import Actor, Role
from studyhub.persistence import models
from studyhub.services import corrections, responses
from studyhub.services.correction_texts import NewWords, rewrite
from studyhub.services.practice import ReportQuestion, report_question
from studyhub.services.question_reports import SettleReports, settle_reports

_GUESTS = slice(5, 19)
_MANY = slice(5, None)
"""Who meets the check question that its author thinks the easiest, and finds it hard."""
_TOPIC = "ip-6.5:61"
_KEY = "st-demo-correction-001"
_MEANT, _ENTERED = 1, 2
_CHOICES = (
    ("委託先の選定は入札の結果だけで決まるので，情報の取扱いは確かめなくてよい。", "価格だけでなく，情報を守る体制も選定の条件です。"),
    ("委託先での取扱いの決まりを契約に入れ，守られているかを定期に確かめる。", "委託した側には，委託先を監督する責任が残ります。"),
    ("委託した時点で，情報を守る責任は全て委託先に移る。", "責任は移りません。監督を怠れば，委託した側も責めを負います。"),
    ("再委託は，委託先が自由に決めてよい。", "再委託には，ふつう委託元の承諾が要ります。"),
)  # fmt: skip
_STEM = "住民の情報を扱う業務を外部に委託するときの，委託する課の対応として，適切なものはどれか。"
_REASON = "「委託先での取扱いを契約に入れて確かめる」が正しいのに、別の選択肢を正解として登録していました。申し訳ありません。"
_REPORTS = (
    ("unclear", "「最も」が、費用のことなのか期間のことなのか分かりませんでした。"),
    ("outdated", "法律の名前が変わったと研修で聞きました。確かめてください。"),
    ("unclear", ""),
)


def show_results(db: Session, people: Sequence[int], now: datetime, *, seed: int = 20261111) -> None:
    """``people`` as ``populate`` gives them; after ``live_through``."""
    rng = Random(seed)  # nosec B311 # noqa: S311 (a simulation, repeatable on purpose)
    lecturer = _actor(db, "lecturer", Role.LECTURER)
    _meet(db, people, now, rng)
    _correct(db, lecturer, people, now, rng)
    _report(db, lecturer, people, now)


def _actor(db: Session, login: str, role: Role) -> Actor:
    user_id = db.scalars(select(models.User.id).where(models.User.login == login)).one()
    return Actor(user_id, login, "", frozenset({Role.OFFICER, role}))


def _meet(db: Session, people: Sequence[int], now: datetime, rng: Random) -> None:
    """Check questions of the study session held last, answered the day before and the day after."""
    row = models.StudySession
    held = db.execute(
        select(row.held_on, models.StudySessionRevision.checks)
        .join(models.StudySessionRevision, models.StudySessionRevision.id == row.current_revision_id)
        .where(row.status == "published", row.held_on < office_day(now))
        .order_by(row.held_on.desc(), row.key)
    ).first()
    if held is None or held.held_on is None:
        return
    began = datetime.combine(held.held_on, time(6), UTC)
    question, revision = models.Question, models.QuestionRevision
    asked = (
        select(question)
        .join(revision, revision.id == question.current_revision_id)
        .where(question.key.in_(held.checks))
        .order_by(revision.expected_facility.desc().nulls_last(), question.key)
    )
    for place, each in enumerate(db.scalars(asked)):
        before, after, guests = (0.4, 0.85, _GUESTS) if place else (0.05, 0.4, _MANY)
        for person in people[guests]:
            _give(db, person, each, rng.random() < before, began - timedelta(hours=20), rng)
            _give(db, person, each, rng.random() < after, began + timedelta(hours=21), rng)


def _give(
    db: Session, person: int, question: models.Question, knows: bool, at: datetime, rng: Random
) -> None:
    """Whoever does not know takes any of the wrong choices; only questions with one right choice are answered."""
    body = domain.from_data(_revision(db, question).data).body
    if isinstance(body, domain.SingleChoice):
        fitting = [place for place, choice in enumerate(body.choices) if choice.correct is knows]
        _choose(db, person, question, rng.choice(fitting), at, rng)


def _choose(
    db: Session, person: int, question: models.Question, choice: int, at: datetime, rng: Random
) -> None:
    revision, given = _revision(db, question), ChosenOne(choice)
    answer = responses.Answer(
        id=str(UUID(int=rng.getrandbits(128), version=4)), user_id=person, question_id=question.id,
        revision_id=revision.id, context="check", given=response_to_data(given),
        mark=grade(domain.from_data(revision.data), given), unsure=False, answered_at=at,
    )  # fmt: skip
    responses.record(db, answer, at)


def _revision(db: Session, question: models.Question) -> models.QuestionRevision:
    return db.get_one(models.QuestionRevision, question.current_revision_id)


def _correct(db: Session, lecturer: Actor, people: Sequence[int], now: datetime, rng: Random) -> None:
    topic = db.scalars(select(models.Topic).where(models.Topic.key == _TOPIC)).first()
    if topic is None:
        return
    question = _store_question(db, lecturer, topic, now - timedelta(days=12))
    chosen = [people[0], *people[_GUESTS]]
    for place, person in enumerate(chosen):
        choice = _ENTERED if place % 4 == 3 else _MEANT  # most are right against the key as it was entered
        _choose(db, person, question, choice, now - timedelta(days=9, hours=place), rng)
    base = question.current_revision_id or 0
    keys = [RightChoices(frozenset({_MEANT}))]
    rewritten = rewrite(db, lecturer, question.key, base, keys, NewWords())
    command = corrections.CorrectKey(question.key, base, _REASON, rewritten)
    corrections.correct_key(db, lecturer, command, now - timedelta(days=2))


def _store_question(db: Session, lecturer: Actor, topic: models.Topic, at: datetime) -> models.Question:
    choices = tuple(
        domain.Choice(text, place == _ENTERED, reason) for place, (text, reason) in enumerate(_CHOICES)
    )
    authored = domain.Question(
        id=_KEY, status=domain.QuestionStatus.PUBLISHED, level=domain.Level.UNDERSTAND, topics=(_TOPIC,), stem=_STEM,
        body=domain.SingleChoice(choices), explanation="委託しても，情報を守る責任は委託した側に残ります。",
        expected_facility=0.7, as_of="2026-11",
    )  # fmt: skip
    row = models.Question(
        key=_KEY, status="published", origin="studio", author_id=lecturer.user_id, main_topic_id=topic.id
    )
    db.add(row)
    db.flush()
    db.add(models.QuestionTopic(question_id=row.id, topic_id=topic.id))
    revision = models.QuestionRevision(
        question_id=row.id, number=1, content_hash=domain.content_hash(authored), kind=authored.kind.value,
        level="understand", data=domain.to_data(authored), plain=_STEM, expected_facility=0.7, created_at=at,
        created_by=lecturer.user_id, html={
            "stem": f"<p>{_STEM}</p>", "explanation": f"<p>{authored.explanation}</p>",
            "choices": [text for text, _ in _CHOICES], "reasons": [reason for _, reason in _CHOICES],
        },
    )  # fmt: skip
    db.add(revision)
    db.flush()
    row.current_revision_id = revision.id
    db.flush()
    return row


def _report(db: Session, lecturer: Actor, people: Sequence[int], now: datetime) -> None:
    """Three that wait, on two questions, and one that was settled."""
    row = models.Question
    asked = list(
        db.scalars(
            select(row).where(row.status == "published", row.origin == "pool").order_by(row.key).limit(3)
        )
    )
    if len(asked) < 3:
        return
    told = zip(_REPORTS, (asked[0], asked[1], asked[0]), people[_GUESTS], strict=False)
    for place, ((kind, text), question, person) in enumerate(told):
        reporter = Actor(person, "", "", frozenset({Role.OFFICER}))
        command = ReportQuestion(question.current_revision_id or 0, kind, text)
        report_question(db, reporter, command, now - timedelta(days=3, hours=place))
    mine = Actor(people[0], "", "", frozenset({Role.OFFICER}))
    typing = ReportQuestion(asked[2].current_revision_id or 0, "typing", "句点が二つ続いています。")
    report_question(db, mine, typing, now - timedelta(days=5))
    report = select(models.QuestionReport.id).where(models.QuestionReport.user_id == mine.user_id)
    settled = SettleReports(
        asked[2].key, frozenset(db.scalars(report)), "直しました。お知らせありがとうございました。"
    )
    settle_reports(db, lecturer, settled, now - timedelta(days=1))
