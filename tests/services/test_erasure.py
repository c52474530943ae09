"""Erasing a person, and handing a person all that is known: each table is decided upon, and what is decided happens."""

from __future__ import annotations

import io
import json
import re
from zipfile import ZipFile

import pytest
from sqlalchemy import Table, func, select, update

from studyhub.domain.errors import Conflict, Forbidden, Invalid
from studyhub.domain.identity import Role
from studyhub.persistence.base import Base
from studyhub.persistence.models import (
    AuditEntry,
    CaseNote,
    Job,
    Notice,
    Post,
    ProgressLook,
    QuestionReport,
    Response,
    SignIn,
    SignInFailure,
    User,
)
from studyhub.persistence.session import transaction
from studyhub.services import personal_data, sign_in
from studyhub.services.erasure import erase
from studyhub.services.people import reactivate, reset_password, set_roles
from studyhub.services.personal_tables import SECRETS, TRACES, WITHOUT_PEOPLE, Fate, rows_of, table_of
from tests.factories.people import make_user
from tests.furnished import furnish
from tests.personas import PASSWORD

NAMES_WITHOUT_KEY = {"user_id", "viewer_id", "subject_id", "author_id", "reviewer_id", "account", "login"}


def naming_columns(table: Table) -> set[str]:
    """Columns with a foreign key to users, and those that by their name can only hold a person."""
    found = set()
    for column in table.columns:
        keyed = any(key.column.table.name == "users" for key in column.foreign_keys)
        if keyed or column.name in NAMES_WITHOUT_KEY or re.search(r"_by$|_user_id$", column.name):
            found.add(column.name)
    return found


def test_every_table_is_decided_upon():
    tables = Base.metadata.tables
    decided = {trace.table for trace in TRACES}
    assert not decided & WITHOUT_PEOPLE
    assert set(tables) - decided - WITHOUT_PEOPLE == set(), (
        "say in services/personal_tables.py what becomes of it"
    )
    assert decided | WITHOUT_PEOPLE == set(tables), "a table that is gone"
    assert not [name for name in WITHOUT_PEOPLE if naming_columns(tables[name])]


def test_every_column_that_names_a_person_is_decided_upon():
    decided = {(trace.table, trace.column) for trace in TRACES} | {("users", "login")}
    named = {
        (table.name, column) for table in Base.metadata.tables.values() for column in naming_columns(table)
    }
    assert named - decided == set(), "say in services/personal_tables.py what becomes of it"
    for trace in TRACES:
        columns = table_of(trace).columns
        assert trace.column in columns
        assert set(trace.empties) <= set(columns.keys())
        assert trace.fate is not Fate.NAMELESS or columns[trace.column].nullable


def test_tables_that_hang_on_what_is_erased_are_decided_upon():
    """A row that hangs by ON DELETE CASCADE on a person's row goes with it, so it must be a decision and no accident."""
    decided = {trace.table for trace in TRACES}
    deleted = {trace.table for trace in TRACES if trace.fate is Fate.DELETED}
    for table in Base.metadata.tables.values():
        for key in table.foreign_key_constraints:
            if key.ondelete == "CASCADE" and key.referred_table.name in deleted:
                assert table.name in decided, f"{table.name} goes with {key.referred_table.name}"


@pytest.fixture
def lived(engine, personas, now):
    """The officer has studied, was looked at, wrote and tried to sign in."""
    officer = personas.officer.user_id
    with transaction(engine) as db:
        furnish(db, now, user_id=officer, size=5)
        sign_in.sign_in(db, sign_in.SignInCommand("officer", PASSWORD, "192.0.2.7", "browser"), now, 14)
        db.add(SignInFailure(account="officer", address="192.0.2.7", at=now))
        db.add(
            AuditEntry(at=now, action="sign_in.limit", subject_kind="login", subject_id="officer", detail={})
        )
        db.add(
            CaseNote(
                author_id=officer,
                kind="trouble",
                title="題",
                text="文",
                html="文",
                happened_on=now.date(),
                created_at=now,
            )
        )
        revision = db.scalar(select(Response.revision_id).limit(1))
        db.add(
            QuestionReport(
                user_id=officer, revision_id=revision, kind="other", text="電話して", created_at=now
            )
        )
        db.add(Notice(user_id=officer, kind="answer", params={"title": "題"}, created_at=now))
        db.add(
            ProgressLook(
                subject_id=officer,
                day=now.date(),
                viewer_id=personas.supervisor.user_id,
                kind="person",
                last_at=now,
            )
        )
    return officer


def counted(db, model, *where) -> int:
    return db.scalar(select(func.count()).select_from(model).where(*where))


def test_what_was_about_the_person_goes_and_what_was_answered_stays_under_a_number(db, personas, lived, now):
    answers = counted(db, Response, Response.user_id == lived)
    assert answers
    erase(db, personas.administrator, lived, " Officer ", now)
    user = db.get(User, lived, populate_existing=True)
    assert (user.family_name, user.given_name, user.login) == ("削除された", "利用者", f"erased-{lived}")
    assert (user.email, user.staff_number, user.family_kana, user.active) == (None, None, "", False)
    assert user.erased_at == now
    assert counted(db, Response, Response.user_id == lived) == answers
    for trace in TRACES:
        if trace.fate is not Fate.KEPT:
            left = db.connection().scalar(
                select(func.count()).select_from(table_of(trace)).where(rows_of(trace, lived, "officer"))
            )
            assert left == 0, trace
    kept = [
        (report.user_id, report.text)
        for report in db.scalars(select(QuestionReport))
        if report.kind == "other"
    ]
    assert (None, "") in kept


def test_no_text_of_the_database_says_the_name_or_login_any_more(db, personas, lived, now):
    erase(db, personas.administrator, lived, "officer", now)
    db.flush()
    for table in Base.metadata.tables.values():
        for row in db.connection().execute(select(table)):
            said = json.dumps(list(row), ensure_ascii=False, default=str)
            assert "佐藤" not in said, table.name
            assert "さとう" not in said, table.name
            assert "192.0.2.7" not in said or table.name == "audit_entries"
            assert not re.search(r'"officer"', said) or table.name in {"user_roles", "audit_entries"}, said


def test_what_others_were_told_no_longer_says_the_name(db, personas, now):
    told = Notice(
        user_id=personas.officer.user_id,
        kind="assignment",
        params={"by": "田中 真理", "what": "資料"},
        created_at=now,
    )
    db.add(told)
    db.flush()
    erase(db, personas.administrator, personas.supervisor.user_id, "supervisor", now)
    assert told.params == {"by": "削除された 利用者", "what": "資料"}


def test_the_erasure_is_in_the_log_without_the_name(db, personas, lived, now):
    erase(db, personas.administrator, lived, "officer", now)
    entry = db.scalars(select(AuditEntry).where(AuditEntry.action == "user.erase")).one()
    assert (entry.user_id, entry.subject_id) == (personas.administrator.user_id, str(lived))
    assert "officer" not in json.dumps(entry.detail)
    assert entry.detail["rows"]["posts.user_id"] == 1


def test_the_search_is_asked_to_forget_what_the_person_wrote(db, personas, lived, now):
    erase(db, personas.administrator, lived, "officer", now)
    assert counted(db, Job, Job.kind == "reindex_search", Job.state == "queued") == 1


def test_what_others_discuss_stays_without_the_name(db, personas, lived, now):
    erase(db, personas.administrator, lived, "officer", now)
    assert counted(db, CaseNote) >= 1
    assert counted(db, CaseNote, CaseNote.author_id.is_not(None)) == 0


def test_another_login_than_the_persons_erases_nobody(db, personas, lived, now):
    with pytest.raises(Invalid) as refused:
        erase(db, personas.administrator, lived, "lecturer", now)
    assert refused.value.field == "login"
    assert db.get(User, lived).erased_at is None


def test_nobody_erases_themselves_or_the_last_administrator(db, personas, now):
    with pytest.raises(Conflict):
        erase(db, personas.administrator, personas.administrator.user_id, "administrator", now)
    other = make_user(db, now, login="other", roles={Role.ADMINISTRATOR})
    db.execute(update(User).where(User.id == personas.administrator.user_id).values(active=False))
    with pytest.raises(Conflict):
        erase(db, personas.administrator, other.id, "other", now)


def test_who_was_erased_can_be_neither_erased_again_nor_brought_back(db, personas, lived, now):
    admin = personas.administrator
    erase(db, admin, lived, "officer", now)
    for change in (
        lambda: erase(db, admin, lived, f"erased-{lived}", now),
        lambda: reactivate(db, admin, lived, now),
        lambda: reset_password(db, admin, lived, now),
        lambda: set_roles(db, admin, lived, {Role.OFFICER}, now),
    ):
        with pytest.raises(Conflict):
            change()


def test_only_administrators_erase(db, personas, now):
    with pytest.raises(Forbidden):
        erase(db, personas.lecturer, personas.officer.user_id, "officer", now)


def members(content: bytes) -> dict[str, object]:
    with ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        files = {name: archive.read(name).decode() for name in archive.namelist()}
    return {name: json.loads(text) if name.endswith(".json") else text for name, text in files.items()}


def test_a_persons_file_holds_all_that_is_known_and_a_page_to_read_it(db, personas, lived, now):
    found = members(personal_data.collect(db, lived, now).content)
    assert found["data/users.id.json"][0]["family_name"] == "佐藤"
    assert len(found["data/responses.user_id.json"]) == counted(db, Response, Response.user_id == lived)
    assert {row["revision_id"] for row in found["data/questions_answered.json"]} == {
        row["revision_id"] for row in found["data/responses.user_id.json"]
    }
    assert found["data/posts.user_id.json"]
    assert len(found["data/sign_ins.user_id.json"]) == counted(db, SignIn, SignIn.user_id == lived)
    page = found["index.html"]
    assert "問題への回答" in page
    assert "佐藤 花子" in page
    assert set(found) == {"index.html", "data/questions_answered.json"} | {
        f"data/{trace.table}.{trace.column}.json" for trace in TRACES
    }


def test_a_persons_file_holds_no_secret_and_nobody_elses_name_but_those_who_looked(db, personas, lived, now):
    found = members(personal_data.collect(db, lived, now).content)
    for table, columns in SECRETS.items():
        for name, rows in found.items():
            if name.startswith(f"data/{table}."):
                assert not [row for row in rows if columns & row.keys()]
    assert found["data/progress_looks.subject_id.json"][0]["viewer_id"] == "田中 真理"
    others = {
        name: text for name, text in found.items() if "progress_looks" not in name and name != "index.html"
    }
    assert "田中" not in json.dumps(others, ensure_ascii=False)


def test_a_text_of_a_person_cannot_become_markup_of_the_page(db, personas, lived, now):
    db.execute(update(CaseNote).values(text="<script>alert(1)</script>"))
    page = members(personal_data.collect(db, lived, now).content)["index.html"]
    assert "<script>" not in page
    assert "&lt;script&gt;" in page


def test_an_administrator_takes_somebodys_file_for_a_reason_that_the_person_sees(db, personas, lived, now):
    admin = personas.administrator
    with pytest.raises(Invalid):
        personal_data.ask_for_person(db, admin, lived, "  ", now)
    with pytest.raises(Forbidden):
        personal_data.ask_for_person(db, personas.supervisor, lived, "見たい", now)
    personal_data.ask_for_person(db, admin, lived, "本人の請求", now)
    personal_data.ask_for_person(db, admin, lived, "本人の請求", now)
    look = db.get(ProgressLook, (lived, now.date(), admin.user_id, "export"))
    assert look.times == 2
    entry = db.scalars(select(AuditEntry).where(AuditEntry.action == "user.data").limit(1)).one()
    assert entry.detail == {"reason": "本人の請求"}


def test_posts_of_somebody_erased_lead_nobody(db, personas, now):
    erase(db, personas.administrator, personas.supervisor.user_id, "supervisor", now)
    assert counted(db, Post, Post.user_id == personas.supervisor.user_id) == 0
