"""Two study sessions that the demonstration's lecturer has in the works: a draft, and one that publishes itself soon."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from studyhub.domain.days import TOKYO, office_day
from studyhub.domain.editing import SessionFields, SessionKind
from studyhub.domain.identity import Actor, Role
from studyhub.persistence.models import Course, Question, Topic, User
from studyhub.services.study_session_editing import (
    CreateStudySession,
    RenderedNotes,
    create_study_session,
    render_notes,
)
from studyhub.services.study_session_publishing import schedule

_LECTURER = "lecturer"
_COURSE = "dx-basics"


@dataclass(frozen=True, slots=True)
class _Written:
    key: str
    title: str
    title_en: str
    summary: str
    kind: SessionKind
    days_ahead: int
    place: str
    topics: tuple[str, ...]
    objectives: tuple[str, ...]
    check: tuple[str, ...]
    body: str
    is_scheduled: bool


_SESSIONS = (
    _Written(
        key="cloud-before-you-choose",
        title="クラウドサービスを選ぶ前に確かめること",
        title_en="What to check before choosing a cloud service",
        summary="クラウドサービスの三つの形を区別し、預けるデータと止まったときの影響から選び方を考えます。",
        kind=SessionKind.STUDY_SESSION,
        days_ahead=16,
        place="第一庁舎 見本会議室C（オンライン併用）",
        topics=("ip-6.5:20", "tokyo-dx:security-at-work"),
        objectives=(
            "IaaS・PaaS・SaaSの違いを、自分の課の業務の例で説明できる。",
            "サービスが止まったときの影響を、利用者の側から書き出せる。",
        ),
        check=("ip-20-001", "ip-20-002", "ip-61-001"),
        is_scheduled=True,
        body="""\
新しいサービスを検討するとき、機能の一覧から読み始めていないでしょうか。先に確かめたいのは、**何を預けるのか**と、**止まったら誰が困るのか**の二つです。

## 三つの形を区別する

{{term SaaS}}はでき上がったソフトウェアを使う形、{{term PaaS}}は作るための土台を借りる形、{{term IaaS}}は機械そのものを借りる形です。

| 形 | 自分たちが面倒を見るもの |
|---|---|
| SaaS | 使い方の決まり、利用者の登録、預けるデータ |
| PaaS | 上に加えて、作ったアプリケーション |
| IaaS | 上に加えて、OSや更新 |

## 止まったときを考える

!!! note "窓口で考える"
    午前9時から1時間止まったら、何人が待つことになるでしょうか。紙で受け付ける手順は、誰が知っているでしょうか。

## 申込みの前に読むもの

1. データを置く国と、解約したときにデータを受け取る方法
2. 稼働率の約束と、約束を下回ったときの扱い
3. 障害の知らせが届く相手
""",
    ),
    _Written(
        key="persona-workshop",
        title="こんな人に見て欲しい：ペルソナシートを書く",
        title_en="Whom the page is for: writing a persona sheet",
        summary="ホームページを見る人を一人思い浮かべ、その人が困らない順番に情報を並べ替えます。",
        kind=SessionKind.WORKSHOP,
        days_ahead=30,
        place="",
        topics=("ip-6.5:19",),
        objectives=("自分の課のページを見る人を、名前を付けて一人書ける。",),
        check=(),
        is_scheduled=False,
        body="""\
## はじめに

ページを直す前に、読む人を一人決めます。年齢や職業より先に、**いつ、どこで、何に困って開いたのか**を書きます。

## 進め方

- 一人で10分書く
- 三人で見せ合う
- ページの最初の画面だけを直す
""",
    ),
)


def render_sessions() -> list[RenderedNotes]:
    """Before any transaction."""
    return [render_notes(each.body, {}) for each in _SESSIONS]


def write_sessions(db: Session, rendered: list[RenderedNotes], now: datetime) -> None:
    """Nothing where the content of the files, whose course they belong to, is not there."""
    user = db.scalars(select(User).where(User.login == _LECTURER)).one()
    actor = Actor(user.id, user.login, user.display_name, frozenset({Role.LECTURER}))
    if db.scalar(select(Course.id).where(Course.key == _COURSE)) is None:
        return
    for written, notes in zip(_SESSIONS, rendered, strict=True):
        command = CreateStudySession(
            fields=_fields(db, written, user.display_name, office_day(now)),
            notes=notes,
            check=_known(db, written.check),
            wanted_key=written.key,
        )
        key = create_study_session(db, actor, command, now)
        if written.is_scheduled:
            morning = datetime.combine(office_day(now) + timedelta(days=2), time(9), TOKYO)
            schedule(db, actor, key, morning, now)


def _fields(db: Session, written: _Written, lecturer: str, today: date) -> SessionFields:
    return SessionFields(
        title=written.title,
        course=_COURSE,
        title_en=written.title_en,
        summary=written.summary,
        kind=written.kind,
        held_on=today + timedelta(days=written.days_ahead),
        starts_at=time(15, 0),
        place=written.place,
        lecturers=(lecturer,),
        topics=tuple(
            key for key in written.topics if db.scalar(select(Topic.id).where(Topic.key == key)) is not None
        ),
        objectives=written.objectives,
    )


def _known(db: Session, keys: tuple[str, ...]) -> tuple[str, ...]:
    known = set(db.scalars(select(Question.key).where(Question.key.in_(keys))))
    return tuple(key for key in keys if key in known)
