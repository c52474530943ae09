"""Where the database names a person, and what becomes of it when the person is erased: one table of decisions.

A test walks over every table and column of the schema and fails until a new one is decided upon here.
docs/administrators.md says the same for people.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import ColumnElement, Table, select

from studyhub.persistence.base import Base


class Fate(StrEnum):
    """DELETED goes with its rows; NAMELESS stays and no longer says who; KEPT stays under a number of nobody."""

    DELETED = "deleted"
    NAMELESS = "nameless"
    KEPT = "kept"


@dataclass(frozen=True, slots=True)
class Trace:
    """A column that names a person. ``empties`` are free texts of the row that go with the name."""

    table: str
    column: str
    fate: Fate
    title: str
    """What the rows are, for people: Japanese, then English."""
    title_en: str
    empties: tuple[str, ...] = ()
    through: tuple[str, str] | None = None
    """For a table that names the person only by a row of another one: that table and its key."""


_D, _N, _K = Fate.DELETED, Fate.NAMELESS, Fate.KEPT

TRACES = (
    Trace("users", "id", _K, "登録されている情報", "Registration"),
    Trace("user_roles", "user_id", _D, "役割", "Roles"),
    Trace("posts", "user_id", _D, "所属", "Posts"),
    Trace("sign_ins", "user_id", _D, "サインイン", "Sign-ins"),
    Trace("audit_entries", "user_id", _K, "操作の記録（本人がしたこと）", "Audit log: what the person did"),
    Trace(
        "audit_entries", "subject_id", _K, "操作の記録（本人についてのこと）", "Audit log: what was done about them"
    ),
    Trace("responses", "user_id", _K, "問題への回答", "Answers"),
    Trace("unsure_marks", "response_id", _K, "自信なしの印", "Marks of unsure answers", through=("responses", "id")),
    Trace("regrades", "response_id", _K, "採点の訂正", "Corrected marks", through=("responses", "id")),
    Trace("question_progress", "user_id", _K, "問題ごとのまとめ", "Progress by question"),
    Trace("topic_progress", "user_id", _K, "分野ごとのまとめ", "Progress by topic"),
    Trace("daily_activity", "user_id", _K, "日ごとのまとめ", "Activity by day"),
    Trace("practice_sets", "user_id", _D, "練習", "Practice sets"),
    Trace(
        "practice_items", "practice_set_id", _D, "練習の問題", "Items of practice", through=("practice_sets", "id")
    ),
    Trace("reading_marks", "user_id", _D, "読んだ章", "Sections read"),
    Trace("reading_positions", "user_id", _D, "読みかけの場所", "Reading positions"),
    Trace("registrations", "user_id", _D, "勉強会の申込み", "Registrations"),
    Trace("attendances", "user_id", _D, "出席", "Attendance"),
    Trace("attendances", "corrected_by", _N, "出席の訂正（講師として）", "Corrections of attendance made"),
    Trace("calendar_feeds", "user_id", _D, "カレンダーの購読", "Calendar feed"),
    Trace("survey_participations", "user_id", _D, "アンケートへの参加", "Surveys taken part in"),
    Trace("assignment_people", "user_id", _D, "頼まれていること", "Assignments received"),
    Trace("assignments", "made_by", _N, "頼んだこと（管理職として）", "Assignments made"),
    Trace("progress_looks", "subject_id", _D, "学習の記録を見た人", "Who looked at the record"),
    Trace("progress_looks", "viewer_id", _K, "見たほかの人の記録（管理職として）", "Looks at other people's records"),
    Trace("notices", "user_id", _D, "お知らせ", "Notices"),
    Trace("mails", "user_id", _D, "送ったメール", "Mails"),
    Trace("drafts", "user_id", _D, "書きかけ", "Drafts"),
    Trace("inquiries", "asked_by", _N, "講師への質問", "Questions to lecturers"),
    Trace("inquiry_answers", "answered_by", _N, "質問への回答（講師として）", "Answers to questions"),
    Trace("case_notes", "author_id", _N, "課題と好事例", "Case notes"),
    Trace("case_note_topics", "case_note_id", _K, "課題と好事例の分野", "Topics of case notes",
          through=("case_notes", "id")),
    Trace("case_note_comments", "author_id", _N, "課題と好事例へのコメント", "Comments on case notes"),
    Trace("filled_sheets", "user_id", _D, "ワークシート", "Worksheets"),
    Trace("filled_sheets", "changed_by", _N, "書き込んだワークシート", "Worksheets written in"),
    Trace("workshop_members", "user_id", _D, "ワークショップの班", "Workshop groups"),
    Trace("sheet_comments", "author_id", _D, "ワークシートへのコメント", "Comments on worksheets"),
    Trace("question_reports", "user_id", _N, "問題の誤りの報告", "Faults reported", empties=("text",)),
    Trace("question_reports", "settled_by", _N, "対応した報告（講師として）", "Reports settled"),
    Trace("question_reviews", "reviewer_id", _N, "問題の確認（講師として）", "Reviews", empties=("comment",)),
    Trace("questions", "author_id", _N, "作った問題（講師として）", "Questions written"),
    Trace("question_revisions", "created_by", _N, "問題の版（講師として）", "Revisions of questions"),
    Trace("corrections", "made_by", _N, "問題の訂正（講師として）", "Corrections made"),
    Trace("study_sessions", "author_id", _N, "作った勉強会（講師として）", "Study sessions made"),
    Trace("study_session_revisions", "created_by", _N, "勉強会の版（講師として）", "Revisions of study sessions"),
    Trace("surveys", "created_by", _N, "作ったアンケート（講師として）", "Surveys made"),
    Trace("sign_in_failures", "account", _D, "失敗したサインイン", "Failed sign-ins"),
)  # fmt: skip

WITHOUT_PEOPLE = frozenset({
    "assignment_units", "blueprints", "courses", "jobs", "materials", "question_topics", "search_documents",
    "site_settings", "slide_pages", "stored_files", "study_session_lecturers", "study_session_topics",
    "survey_answers", "survey_items", "syllabi", "syllabus_mappings", "terms", "topic_mappings", "topics",
    "unit_topic_months", "units", "workshop_groups", "worksheets",
})  # fmt: skip
"""Tables that name nobody. ``survey_answers`` are anonymous by construction, so that nobody's can be found;
``study_session_lecturers`` are names as a lecturer wrote them on a page, which whoever edits the page changes."""

SECRETS: Mapping[str, frozenset[str]] = {
    "users": frozenset({"password_hash"}),
    "sign_ins": frozenset({"token_hash"}),
    "calendar_feeds": frozenset({"token"}),
}
"""Left out of what a person is given: worth nothing to them and something to a thief."""

BULKY = frozenset({"html", "segments", "toc", "plain", "form"})
"""Columns that only repeat, made ready for a page, what another column of the row says."""


def table_of(trace: Trace) -> Table:
    return Base.metadata.tables[trace.table]


def rows_of(trace: Trace, user_id: int, login: str) -> ColumnElement[bool]:
    """Which rows of the table are the person's."""
    table = table_of(trace)
    column = table.c[trace.column]
    if trace.through is not None:
        parent, key = Base.metadata.tables[trace.through[0]], trace.through[1]
        owner = next(found for found in TRACES if found.table == parent.name)
        return column.in_(select(parent.c[key]).where(parent.c[owner.column] == user_id))
    if trace.table == "audit_entries" and trace.column == "subject_id":
        return (table.c.subject_kind == "user") & (column == str(user_id))
    if trace.table == "sign_in_failures":
        # Tries to check in with a wrong code are counted under the number.
        return column.in_((login, f"ATTEND:{user_id}"))
    return column == user_id
