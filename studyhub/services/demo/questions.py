"""Questions that the demonstration's lecturers have in the works: a draft, and one that waits for a second person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from studyhub.domain.identity import Actor, Role
from studyhub.domain.question_steps import StatusStep
from studyhub.domain.questions import Attribute, Choice, Level, Question, QuestionStatus, SingleChoice
from studyhub.persistence.models import Topic, User
from studyhub.services.question_editing import (
    CreateQuestion,
    RenderedQuestion,
    create_question,
    render_question,
)
from studyhub.services.question_review import TakeStep, take_step


@dataclass(frozen=True, slots=True)
class _Written:
    login: str
    days_ago: int
    is_to_review: bool
    question: Question


def _question(stem: str, choices: tuple[Choice, ...], explanation: str, topic: str) -> Question:
    return Question(
        id="",
        status=QuestionStatus.DRAFT,
        level=Level.APPLY,
        topics=(topic,),
        stem=stem,
        body=SingleChoice(choices),
        explanation=explanation,
        expected_facility=0.6 if explanation else None,
        as_of="2026-11",
        attributes=(Attribute.METROPOLITAN,),
    )


_QUESTIONS = (
    _Written(
        login="lecturer",
        days_ago=2,
        is_to_review=False,
        question=_question(
            "窓口の混雑状況をホームページに出すことにした。表示を始める前に，最初に決めておくこととして，最も適切なものはどれか。",
            (
                Choice("表示が止まったときに誰が気付き，どう知らせるか", True, "止まった表示は、ないよりも人を迷わせます。"),
                Choice("混雑を表す色の種類", False, "見せ方は、何を約束するかを決めてから選びます。"),
                Choice("他局のページで使っている画像", False, ""),
            ),
            "",
            "tokyo-dx:first-hearing",
        ),
    ),
    _Written(
        login="admin",
        days_ago=1,
        is_to_review=True,
        question=_question(
            "委託先の担当者から，作業のために職員の共用アカウントのパスワードを電子メールで送ってほしいと頼まれた。"
            "職員の対応として，最も適切なものはどれか。",
            (
                Choice("担当者ごとのアカウントを期限付きで用意してもらう手続をとる", True, "誰が何をしたかを後から追えます。"),
                Choice("パスワードを圧縮ファイルに入れ，続けて別の電子メールで送る", False, "同じ道筋を通るので、一緒に見られます。"),
                Choice("作業の間だけパスワードを変え，電話で伝える", False, "伝え方を変えても、誰の作業かは分かりません。"),
                Choice("上司の了承を得て，パスワードをチャットで送る", False, "了承があっても、共用と送付の危うさは残ります。"),
            ),
            "共用アカウントは、操作した人を特定できません。一人に一つ、要る間だけのアカウントを用意し、終わったら止めます。",
            "ip-6.5:62",
        ),
    ),
)  # fmt: skip


def render_questions() -> list[RenderedQuestion]:
    """Before any transaction."""
    return [render_question(each.question, {}) for each in _QUESTIONS]


def write_questions(db: Session, rendered: list[RenderedQuestion], now: datetime) -> None:
    """Nothing of a topic that the content does not have."""
    for written, each in zip(_QUESTIONS, rendered, strict=True):
        if db.scalar(select(Topic.id).where(Topic.key == written.question.main_topic)) is None:
            continue
        user = db.scalars(select(User).where(User.login == written.login)).one()
        actor = Actor(user.id, user.login, user.display_name, frozenset({Role.LECTURER}))
        moment = now - timedelta(days=written.days_ago)
        key = create_question(db, actor, CreateQuestion(each), moment)
        if written.is_to_review:
            take_step(db, actor, TakeStep(key, StatusStep.ASK_REVIEW, 1), moment)
