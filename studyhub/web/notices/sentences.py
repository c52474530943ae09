"""Each kind of notice as a sentence in the reader's language.

What a notice names was written by many features over years: whatever is missing or of another shape is left out, and
the sentence stands without it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, assert_never

from flask_babel import gettext

from studyhub.domain.identity import Locale
from studyhub.domain.notices import NoticeKind
from studyhub.web.rendering import current_locale, format_day, format_time

Params = Mapping[str, Any]


def sentence(kind: NoticeKind, params: Params) -> str:
    """What happened."""
    match kind:
        case NoticeKind.CORRECTION:
            return _correction(params)
        case NoticeKind.ASSIGNMENT:
            return _assignment(params)
        case NoticeKind.REMINDER:
            named = {"what": goal_words(params.get("what")), "day": _day(params.get("due"))}
            return str(gettext("期限が近づいています：%(what)s（%(day)sまで）", **named))
        case NoticeKind.ANSWER | NoticeKind.INQUIRY | NoticeKind.SURVEY:
            return _about_a_title(kind, _title(params))
        case NoticeKind.REPORT_SETTLED | NoticeKind.REVIEW_WANTED | NoticeKind.REVIEWED:
            return _about_a_question(kind, params)
        case NoticeKind.SEAT:
            return _seat(params)
        case NoticeKind.SESSION_CHANGED:
            return _session_changed(params)
        case NoticeKind.COMMENT:
            return _comment(params)
        case _:
            assert_never(kind)


def detail(kind: NoticeKind, params: Params) -> str:
    """What the person who caused it wrote, and other particulars; often nothing."""
    match kind:
        case NoticeKind.CORRECTION:
            return "　".join(part for part in (_marks(params), _reason(params)) if part)
        case NoticeKind.ASSIGNMENT:
            return _reason(params)
        case NoticeKind.REPORT_SETTLED:
            return _text(params.get("answer"))
        case NoticeKind.REVIEWED:
            return _text(params.get("comment"))
        case NoticeKind.SESSION_CHANGED:
            return _meeting(params.get("new"))
        case _:
            return ""


def goal_words(what: object) -> str:
    """What is asked, as a phrase that ends in its verb."""
    if not isinstance(what, Mapping):
        return _text(what)
    title = _title(what)
    if what.get("kind") == "topic":
        band = gettext("定着") if what.get("band") == "firm" else gettext("あと少し")
        return str(gettext("「%(title)s」を「%(band)s」まで学ぶ", title=title, band=band))
    if what.get("kind") == "check":
        return str(gettext("「%(title)s」の確認問題に答える", title=title))
    return str(gettext("「%(title)s」の資料を読むか、出席する", title=title))


def _assignment(params: Params) -> str:
    what = goal_words(params.get("what"))
    if params.get("cancelled"):
        return str(gettext("頼まれていたことが取り消されました：%(what)s", what=what))
    day = _day(params.get("due"))
    if params.get("changed"):
        return str(gettext("期限が%(day)sに変わりました：%(what)s", what=what, day=day))
    by = _text(params.get("by"))
    if not by:
        return str(gettext("頼まれました：%(what)s（%(day)sまで）", what=what, day=day))
    return str(gettext("%(by)sさんから頼まれました：%(what)s（%(day)sまで）", by=by, what=what, day=day))


def _correction(params: Params) -> str:
    title = _text(params.get("question_title")) or _text(params.get("question"))
    if params.get("new") == "struck":
        return str(gettext("答えた問題が採点から外されました：%(title)s", title=title))
    return str(gettext("答えた問題の正解が訂正されました：%(title)s", title=title))


def _marks(params: Params) -> str:
    old, new = _mark(params.get("old")), _mark(params.get("new"))
    if not old or not new:
        return ""
    return str(gettext("あなたの回答：%(old)s → %(new)s", old=old, new=new))


def _mark(word: object) -> str:
    if not isinstance(word, str):
        return ""
    known = {
        "right": gettext("正解"),
        "partly": gettext("一部正解"),
        "wrong": gettext("不正解"),
        "struck": gettext("採点しない"),
    }
    return str(known.get(word, word))


def _about_a_title(kind: NoticeKind, title: str) -> str:
    if kind is NoticeKind.ANSWER:
        return str(gettext("質問に講師が回答しました：%(title)s", title=title))
    if kind is NoticeKind.INQUIRY:
        return str(gettext("新しい質問があります：%(title)s", title=title))
    return str(gettext("アンケートにご協力ください：%(title)s", title=title))


def _about_a_question(kind: NoticeKind, params: Params) -> str:
    named = {"question": _text(params.get("question_title")) or _text(params.get("question"))}
    if kind is NoticeKind.REPORT_SETTLED:
        return str(gettext("お知らせいただいた問題を確かめました：%(question)s", **named))
    if kind is NoticeKind.REVIEW_WANTED:
        return str(gettext("問題の確認をお願いします：%(question)s", **named))
    verdicts = {
        "approved": gettext("問題が承認されました：%(question)s", **named),
        "changes": gettext("問題に直してほしいところがあります：%(question)s", **named),
        "changes_wanted": gettext("問題に直してほしいところがあります：%(question)s", **named),
    }
    verdict = params.get("verdict")
    otherwise = gettext("問題が確認されました：%(question)s", **named)
    return str(verdicts.get(verdict, otherwise) if isinstance(verdict, str) else otherwise)


def _seat(params: Params) -> str:
    title = _title(params) or _text(params.get("session"))
    state = params.get("state")
    if state == "registered":
        return str(gettext("席が取れました：%(title)s", title=title))
    if state == "waiting":
        return str(gettext("キャンセル待ちになりました：%(title)s", title=title))
    if state == "cancelled":
        return str(gettext("申込みが取り消されました：%(title)s", title=title))
    return str(gettext("申込みが変わりました：%(title)s", title=title))


def _session_changed(params: Params) -> str:
    title = _title(params) or _text(params.get("session"))
    what = params.get("what")
    if what in ("cancelled", "withdrawn"):
        return str(gettext("勉強会が取りやめになりました：%(title)s", title=title))
    if what == "held":
        return str(gettext("勉強会が開かれることになりました：%(title)s", title=title))
    return str(gettext("勉強会の日時や場所が変わりました：%(title)s", title=title))


def _meeting(new: object) -> str:
    if not isinstance(new, Mapping):
        return ""
    starts_at = _moment(new.get("starts_at"))
    held_on = new.get("held_on")
    parts = [_day(held_on), format_time(starts_at) if starts_at else "", _text(new.get("place"))]
    return " ".join(part for part in parts if part)


def _comment(params: Params) -> str:
    title = _title(params)
    where = params.get("where")
    if where == "case_note":
        return str(gettext("事例ノートにコメントが付きました：%(title)s", title=title))
    if where in ("workshop", "worksheet"):
        return str(gettext("ワークシートにコメントが付きました：%(title)s", title=title))
    return str(gettext("コメントが付きました：%(title)s", title=title))


def _reason(params: Params) -> str:
    reason = _text(params.get("reason"))
    return str(gettext("理由：%(reason)s", reason=reason)) if reason else ""


def _title(named: Params) -> str:
    """In the reader's language where there is one."""
    english = _text(named.get("title_en")) if current_locale() != Locale.JA else ""
    return english or _text(named.get("title"))


def _text(value: object) -> str:
    return str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""


def _day(value: object) -> str:
    try:
        return format_day(date.fromisoformat(value[:10])) if isinstance(value, str) and value else ""
    except ValueError:
        return _text(value)


def _moment(value: object) -> datetime | None:
    try:
        found = datetime.fromisoformat(value) if isinstance(value, str) and value else None
    except ValueError:
        return None
    return found if found is not None and found.tzinfo is not None else None
