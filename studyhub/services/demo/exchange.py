"""What people of the demonstration tell each other: case notes, questions to the lecturer, and a workshop's sheets.

Bureaus, people and what happened to them are fictional.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from studyhub.content.rendering import Text
from studyhub.domain.case_notes import NoteFields, NoteKind
from studyhub.domain.days import office_day
from studyhub.domain.identity import Actor, Role
from studyhub.domain.inquiries import About, AskInquiry
from studyhub.persistence.models import StudySession, Unit, User
from studyhub.persistence.workshops import sheet_of
from studyhub.services import case_notes, inquiries, workshops
from studyhub.services.markdown import render_texts
from studyhub.services.workshops import KeepSheet


@dataclass(frozen=True, slots=True)
class _Note:
    days_ago: int
    kind: NoteKind
    bureau: str
    title: str
    text: str
    topics: tuple[str, ...]
    comment: str = ""


_NOTES = (
    _Note(2, NoteKind.PRACTICE, "W", "受付票の番号を変えたら、呼び間違いが減った",
          "待合いで番号が聞き取りにくいという声があったので、`A-12` のような番号を `12番` にした。\n\n"
          "- 呼び間違いは、週に8件から1件に減った\n- 直したのは受付機の設定だけで、費用は掛かっていない",
          ("tokyo-dx:bpr",), "数えてから直した所がよいですね。うちの窓口でも、まず一週間数えてみます。"),
    _Note(3, NoteKind.TROUBLE, "B", "許可の進み具合を聞く電話が、毎朝20件ある",
          "申請した事業者が、いまどこまで進んだかを電話で確かめている。担当者は毎回、紙の台帳を見に行く。\n\n"
          "システムを作る前に、**いつ、何を聞かれているか**を二週間書き留めることにした。",
          ("tokyo-dx:hearing", "tokyo-dx:bpr"), "書き留める様式、よければ見せてください。"),
    _Note(5, NoteKind.PRACTICE, "D", "初めての相談では、画面を見せずに話を聴いた",
          "道具の話から入ると、相手も道具の話しかしなくなる。今回は最初の30分、**困った日の一日**を順に話してもらった。"
          "すると、困りごとは入力ではなく、その前の確認に集まっていた。",
          ("tokyo-dx:hearing",)),
    _Note(8, NoteKind.TROUBLE, "W", "同じ住所を、三つの様式に書いてもらっている",
          "窓口で「また書くのですか」と言われる。三つとも別の課の様式で、どの課も残りの二つを知らなかった。",
          ("tokyo-dx:bpr", "tokyo-dx:service-design")),
    _Note(12, NoteKind.PRACTICE, "B", "案内の文を、やさしい日本語に直してもらった",
          "外国人住民を支援する団体の方に読んでもらい、16か所を直した。「遅滞なく」は「すぐに」に、「所定の」は消した。",
          ("tokyo-dx:accessibility",)),
    _Note(15, NoteKind.TROUBLE, "D", "生成AIに入れてよい情報か、その場で決められない",
          "相談の席で聞かれて、すぐに答えられなかった。**入れてよいもの、いけないもの、迷ったら誰に聞くか**を一枚にして、机に置くことにした。",
          ("tokyo-dx:generative-ai",)),
)  # fmt: skip
_ASKED = (
    ("相談の記録は、どこまで詳しく残せばよいですか",
     "相手の言葉をそのまま書くと長くなり、まとめると後で意味が分からなくなります。目安があれば知りたいです。", False,
     "迷ったら、**数字・固有の言葉・相手の表情が変わった所**の三つだけは、そのまま残してください。残りは要約でかまいません。\n\n"
     "記録の最後に「まだ確かめていないこと」の欄を作っておくと、次の相談がそこから始められます。"),
    ("システムの話になったとき、分からない言葉をその場で聞いてよいですか",
     "分からないまま帰ってきて、後で調べています。", True,
     "その場で聞いてください。「私のほうで説明できるようになりたいので」と一言添えると、相手も説明しやすくなります。"),
    ("小さく試す相手の課が見つからないときは、どうしますか",
     "忙しい時期で、どの課からも断られました。", False, ""),
)  # fmt: skip
_SHEETS = (
    ("一班", ("hanako",), {
        "trouble": "窓口が混む日は、昼休みが取れません。",
        "symptoms.0.0": "月初めの午前に、窓口で30分以上待つ", "symptoms.0.1": "月に4日、一日およそ60人",
        "symptoms.0.2": "受付票の記録", "symptoms.1.0": "書類が足りず、出直す人がいる", "symptoms.1.1": "一日に9人",
        "symptoms.1.2": "窓口の聞き取り（未確認）",
        "chosen": "出直し。待ち時間の半分は、二度目に来た人の受付に使われているから。",
        "causes": "持ち物の一覧が、申請の種類ごとに分かれていない\n一覧が、様式の裏の小さな字にある\n様式は、10年前に別の手続と合わせて作った",
        "place": "様式や言葉を変える", "small-step": "いちばん多い申請だけ、持ち物を一枚の絵にして、来週から窓口とページに出す。",
        "measure": "出直しの人数（一日9人を4人に）",
    }),
    ("", ("officer",), {
        "trouble": "問合せの電話で、仕事が何度も止まります。",
        "symptoms.0.0": "同じ質問の電話が、午前に続く", "symptoms.0.1": "一日に22件", "symptoms.0.2": "二週間の記録",
        "chosen": "「いつ届きますか」という質問。22件のうち13件を占めるから。",
        "causes": "発送の日を、どこにも書いていない\n発送の日が、担当の中で決まっていない",
        "place": "業務の流れを変える", "small-step": "毎週水曜に発送すると決め、受付票に書く。", "measure": "電話の件数（22件を12件に）",
    }),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class RenderedExchange:
    """HTML of the notes, then of the answers, in order."""

    notes: tuple[str, ...]
    answers: tuple[str, ...]


def render_exchange() -> RenderedExchange:
    """Before the transaction."""
    texts = [note.text for note in _NOTES] + [answer for *_, answer in _ASKED]
    html = [rendered.html for rendered in render_texts([Text(text) for text in texts])]
    return RenderedExchange(tuple(html[: len(_NOTES)]), tuple(html[len(_NOTES) :]))


def exchange(db: Session, rendered: RenderedExchange, now: datetime) -> None:
    """After ``populate`` and with the content in the site."""
    officer, hanako = _actor(db, "officer"), _actor(db, "hanako")
    lecturer = _actor(db, "lecturer", Role.LECTURER)
    _write_notes(db, (hanako, lecturer, officer), rendered.notes, now)
    _ask(db, officer, lecturer, rendered.answers, now)
    _work_on_sheets(db, lecturer, now)


def _actor(db: Session, login: str, *roles: Role) -> Actor:
    user_id = db.scalars(select(User.id).where(User.login == login)).one()
    return Actor(user_id, login, "", frozenset({Role.OFFICER, *roles}))


def _write_notes(db: Session, authors: Sequence[Actor], html: Sequence[str], now: datetime) -> None:
    bureaus = {code: id_ for code, id_ in db.execute(select(Unit.code, Unit.id)).all()}  # noqa: C416
    for number, (note, shown) in enumerate(zip(_NOTES, html, strict=True)):
        at = now - timedelta(days=note.days_ago)
        fields = NoteFields(
            note.kind, note.title, note.text, office_day(at), bureaus[note.bureau], note.topics
        )
        author = authors[number % len(authors)]
        note_id = case_notes.write_note(db, author, fields, shown, at)
        if note.comment:
            reader = authors[(number + 1) % len(authors)]
            case_notes.comment_on_note(db, reader, note_id, note.comment, at + timedelta(hours=5))


def _ask(db: Session, officer: Actor, lecturer: Actor, html: Sequence[str], now: datetime) -> None:
    key = db.scalar(select(StudySession.key).where(StudySession.key == "support-practice-first-hearing"))
    for number, ((title, text, nameless, answer), shown) in enumerate(zip(_ASKED, html, strict=True)):
        at = now - timedelta(days=9 - 3 * number)
        asked = AskInquiry(title, text, About(key or ""), nameless)
        inquiry_id = inquiries.ask(db, officer, asked, at)
        if answer:
            inquiries.answer(db, lecturer, inquiry_id, answer, shown, at + timedelta(days=1))


def _work_on_sheets(db: Session, lecturer: Actor, now: datetime) -> None:
    """On the workshop that puts a bureau's trouble in order, where the content has it."""
    key = "support-practice-structuring-problems"
    if db.scalar(select(StudySession.worksheet_id).where(StudySession.key == key)) is None:
        return
    for group, people, values in _SHEETS:
        actor = _actor(db, people[0])
        group_id = workshops.begin_group(db, actor, key, group) if group else None
        begun = KeepSheet(key, group_id, 0, lambda name, of=values: of.get(name, ""))  # type: ignore[misc]
        workshops.keep_sheet(db, actor, begun, now)
        if group:
            workshops.hand_in(db, actor, key, group_id, now)
    hanako = _actor(db, "hanako")
    sheet = sheet_of(
        db, db.scalars(select(StudySession.id).where(StudySession.key == key)).one(), hanako.user_id
    )
    assert sheet is not None
    workshops.comment(
        db, lecturer, sheet.id, "measure", "二週間後に、誰が数えるかも決めておくとよいですね。", now
    )
