"""The audit log in sentences: one for each action, in the reader's language. What is not known is shown as it is."""

from __future__ import annotations

import json
from collections.abc import Mapping

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from studyhub.domain.identity import Role
from studyhub.reads.audit import AuditLine
from studyhub.web.admin.forms import ROLE_NAMES

GROUPS: Mapping[str, object] = {
    "sign_in.": _l("サインイン"),
    "password.": _l("パスワード"),
    "user.": _l("利用者"),
    "post.": _l("所属"),
    "people.": _l("取り込み"),
    "unit.": _l("組織"),
    "settings.": _l("設定"),
    "site.": _l("サイト全体"),
    "backup.": _l("バックアップ"),
    "content.": _l("教材の同期"),
    "job.": _l("処理"),
    "audit.": _l("操作の記録"),
    "progress.": _l("学習の記録を見ること"),
    "team.": _l("チーム"),
    "assignment.": _l("頼みごと"),
    "course.": _l("コース"),
    "study_session.": _l("勉強会"),
    "attendance.": _l("出席"),
    "registration.": _l("申込み"),
    "survey.": _l("アンケート"),
    "question.": _l("問題"),
    "inquiry.": _l("講師への質問"),
    "case_note.": _l("課題と好事例"),
    "workshop.": _l("ワークショップ"),
}
"""What the first part of an action is about; also what one filters by."""

SENTENCES: Mapping[str, object] = {
    "sign_in.start": _l("サインインしました（%(address)s）。"),
    "sign_in.end": _l("サインアウトしました。"),
    "sign_in.revoke": _l("%(subject)sのサインインを一つ終わらせました。"),
    "sign_in.revoke_all": _l("%(subject)sのサインインをすべて（%(ended)s）終わらせました。"),
    "sign_in.revoke_everybody": _l("自分のほかの、全員のサインイン（%(ended)s）を終わらせました。"),
    "sign_in.limit": _l("ログインID「%(subject)s」で失敗が続いたため、しばらく受け付けなくしました。"),
    "password.change": _l("自分のパスワードを変えました。"),
    "password.reset": _l("%(subject)sの新しいパスワードを作りました。"),
    "user.create": _l("%(subject)sを登録しました（%(roles)s）。"),
    "user.change": _l("%(subject)sの登録情報を変えました（%(fields)s）。"),
    "user.import": _l("%(subject)sを表から取り込みました。"),
    "user.roles": _l("%(subject)sの役割を「%(before)s」から「%(after)s」に変えました。"),
    "user.deactivate": _l("%(subject)sの利用を止めました。"),
    "user.reactivate": _l("%(subject)sの利用を再開しました。"),
    "user.data": _l("%(subject)sの記録のすべてを書き出しました。%(reason)s"),
    "user.erase": _l("利用者%(subject_id)sの情報を消しました。"),
    "post.start": _l("%(subject)sの所属を登録しました（%(from)sから）。"),
    "post.end": _l("%(subject)sの所属の終わりを%(on)sにしました。"),
    "post.change": _l("%(subject)sの職名か、長であるかどうかを変えました（%(from)sから）。"),
    "post.cancel": _l("%(subject)sの予定していた所属を取り消しました。"),
    "people.import": _l("表から%(people)s人と組織%(units)sを取り込みました。"),
    "people.import_file": _l("画面から表を取り込みました（%(people)s人、うち新しい人%(new)s人）。"),
    "people.phrases": _l("取り込んだ人の最初のパスワードを受け取りました。"),
    "unit.open": _l("組織「%(name)s」を作りました。"),
    "unit.change": _l("組織「%(name)s」の名前か場所を変えました（%(from)sから）。"),
    "unit.close": _l("組織「%(subject)s」の最後の日を%(on)sにしました。"),
    "unit.take_back": _l("組織「%(name)s」の予定を取り消しました。"),
    "settings.change": _l("サイトの設定を変えました。%(changes)s"),
    "site.restore": _l("バックアップ（%(subject_id)s）からサイトを復元しました。"),
    "backup.make": _l("バックアップを作るよう頼みました。"),
    "backup.download": _l("バックアップ「%(subject_id)s」をダウンロードしました。"),
    "backup.delete": _l("バックアップ「%(subject_id)s」を削除しました。"),
    "content.sync": _l("教材のファイルを取り込むよう頼みました。"),
    "job.retry": _l("失敗した処理「%(kind)s」をやり直しました。"),
    "job.sweep": _l("片付けをすぐに行うよう頼みました。"),
    "audit.export": _l("操作の記録を%(entries)s件書き出しました。"),
    "progress.look": _l("%(subject)sの学習の記録を見ました。"),
    "team.export": _l("チームの表を書き出しました（%(people)s人）。理由：%(reason)s"),
    "assignment.make": _l("学習を頼みました（%(people)s人、%(due)sまで）。"),
    "assignment.change": _l("頼みごとの期限を%(from)sから%(to)sに変えました。"),
    "assignment.cancel": _l("頼みごとを取りやめました。"),
    "course.create": _l("コース「%(subject_id)s」を作りました。"),
    "study_session.publish": _l("勉強会「%(subject_id)s」を公開しました。"),
    "study_session.schedule": _l("勉強会「%(subject_id)s」の公開を予約しました。"),
    "study_session.unpublish": _l("勉強会「%(subject_id)s」の公開をやめました。"),
    "study_session.delete": _l("勉強会「%(subject_id)s」をごみ箱に入れました。"),
    "study_session.restore": _l("勉強会「%(subject_id)s」をごみ箱から戻しました。"),
    "study_session.erase": _l("勉強会「%(subject_id)s」を完全に消しました。"),
    "attendance.code": _l("勉強会「%(subject_id)s」の出席コードを新しくしました。"),
    "attendance.add": _l("%(subject)sを勉強会「%(study_session)s」の出席に加えました。"),
    "attendance.strike": _l("%(subject)sの勉強会「%(study_session)s」の出席を取り消しました。"),
    "attendance.restore": _l("%(subject)sの勉強会「%(study_session)s」の出席を戻しました。"),
    "attendance.export": _l("勉強会「%(subject_id)s」の出席者を書き出しました。"),
    "registration.add": _l("%(subject)sを勉強会「%(study_session)s」の申込みに加えました。"),
    "registration.remove": _l("%(subject)sを勉強会「%(study_session)s」の申込みから外しました。"),
    "survey.open": _l("勉強会「%(study_session)s」のアンケートを始めました。"),
    "survey.close": _l("勉強会「%(study_session)s」のアンケートを締め切りました。"),
    "survey.export": _l("勉強会「%(study_session)s」のアンケートの結果を書き出しました。"),
    "question.correct": _l(
        "問題「%(subject_id)s」を訂正しました（%(people)s人の回答%(responses)s件）。理由：%(reason)s"
    ),
    "question.settle_reports": _l("問題「%(subject_id)s」の報告に答えました。"),
    "question.restore": _l("問題「%(subject_id)s」を第%(revision)s版の内容に戻しました。"),
    "question.draft": _l("問題「%(subject_id)s」を下書きに戻しました。"),
    "question.review": _l("問題「%(subject_id)s」を確認に回しました。"),
    "question.verdict": _l("問題「%(subject_id)s」の第%(revision)s版を確認しました。"),
    "question.bulk": _l("問題%(subject_id)s問をまとめて変えました。"),
    "question.export": _l("問題%(subject_id)s問を書き出しました。"),
    "question.published": _l("問題「%(subject_id)s」を公開しました。"),
    "question.retired": _l("問題「%(subject_id)s」を出題しないことにしました。"),
    "question.import_file": _l("問題を表から取り込みました（新しい問題%(new)s、直した問題%(revised)s）。"),
    "case_note.withdraw": _l("課題と好事例の「%(title)s」を取り下げました。"),
}
_ROLES = {role.value: name for role, name in ROLE_NAMES.items()}


def action_name(action: str) -> str:
    """What it is about, in a word."""
    return str(GROUPS.get(f"{action.partition('.')[0]}.", action))


def said(line: AuditLine) -> str:
    sentence = SENTENCES.get(line.action)
    if sentence is None:
        return f"{line.action} {_plain(line.detail)}".strip()
    return str(sentence) % _Words(line)


class _Words(dict[str, str]):
    """What the placeholders of a sentence stand for; a detail that an older version did not write is a dash."""

    def __init__(self, line: AuditLine) -> None:
        super().__init__({name: _word(value) for name, value in line.detail.items()})
        self["subject_id"] = line.subject_id
        self["subject"] = _subject(line)
        self["changes"] = _changes(line.detail) if line.action == "settings.change" else ""
        self.setdefault("reason", "")

    def __missing__(self, _name: str) -> str:
        return "—"


def _subject(line: AuditLine) -> str:
    if line.subject_kind == "user":
        return str(gettext("%(name)sさん", name=line.subject or line.subject_id))
    return line.subject or line.subject_id


def _word(value: object) -> str:
    if isinstance(value, list):
        return "・".join(_word(each) for each in value)
    return str(_ROLES.get(str(value), value)) if str(value) in set(Role) else str(value)


def _changes(detail: Mapping[str, object]) -> str:
    return " / ".join(
        f"{name}: {change.get('before')} → {change.get('after')}"
        for name, change in detail.items()
        if isinstance(change, dict)
    )


def _plain(detail: Mapping[str, object]) -> str:
    return json.dumps(dict(detail), ensure_ascii=False) if detail else ""
