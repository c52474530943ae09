"""Bringing in people in the browser: kept, looked at, taken in once, and the pass phrases fetched once."""

from __future__ import annotations

from threading import Event
from uuid import uuid4

import pytest
from sqlalchemy import func, select, update

from studyhub.domain.errors import Conflict, Forbidden, Invalid, NotFound
from studyhub.formats.people_table import read_people
from studyhub.formats.table import read_table
from studyhub.jobs.runner import Worker
from studyhub.persistence.models import Job, Post, User
from studyhub.persistence.session import reading, transaction
from studyhub.services import people_tables
from studyhub.services.people_template import TableFormat, template
from studyhub.services.sign_in import SignedIn, SignInCommand, sign_in

HEADINGS = "ログインID,職員番号,姓,名,権限,局,部,課,係,職名,区分,所属長,着任日,離任日"
NEW = "hanae,2001,渡邉,英恵,職員,デジタル推進局,,企画課,,主事,本務,,2026-11-01,"
CHANGED = "officer,1001,佐藤,はな子,,,,,,,,,,"


def table(*rows: str) -> bytes:
    return "\n".join((HEADINGS, *rows)).encode()


@pytest.fixture
def work(engine, config, clock):
    """Runs all jobs that wait."""
    return lambda: Worker(engine, config, clock=clock).run_all(Event())


@pytest.fixture
def looked_at(engine, config, personas, now, work):
    """Keeps a table and has it looked at; gives its id and what was found."""

    def look(*rows: str):
        import_id = people_tables.keep(config.instance, personas.administrator, table(*rows), "people.csv")
        with transaction(engine) as db:
            people_tables.ask_for_look(db, personas.administrator, import_id, now)
        work()
        return import_id, people_tables.preview_of(config.instance, import_id)

    return look


@pytest.fixture
def take_in(engine, config, personas, now, work):
    def ask(import_id, digest):
        with transaction(engine) as db:
            people_tables.ask_for_taking_in(
                db, personas.administrator, config.instance, import_id, digest, now
            )
        work()
        return people_tables.outcome_of(config.instance, import_id)

    return ask


def count(engine, model) -> int:
    with reading(engine) as db:
        return db.scalar(select(func.count()).select_from(model))


def test_the_preview_says_who_is_new_and_what_changes(looked_at, engine):
    before = count(engine, User)
    _, preview = looked_at(NEW, CHANGED, "lecturer,,鈴木,一郎,,,,,,,,,,")
    assert (preview.new, preview.changed, preview.unchanged, preview.errors) == (1, 1, 1, 0)
    new, changed = preview.people
    assert (new.login, new.name, new.is_new, new.posts[0].title) == ("hanae", "渡邉 英恵", True, "主事")
    assert changed.changes == (("given_name", "花子", "はな子"), ("staff_number", "", "1001"))
    assert count(engine, User) == before


def test_a_bad_row_is_told_in_both_languages_and_nothing_can_be_taken_in(looked_at, take_in):
    import_id, preview = looked_at(NEW, "x,,,,,,,,,,,,,")
    finding = preview.findings[0]
    assert (finding.is_error, finding.line) == (True, 3)
    assert "空" in " ".join(found.sentences["ja"] for found in preview.findings)
    assert "empty" in " ".join(found.sentences["en"] for found in preview.findings)
    with pytest.raises(Invalid):
        take_in(import_id, preview.digest)


def test_what_was_looked_at_is_taken_in_and_its_pass_phrases_are_fetched_once(
    looked_at, take_in, engine, config, now
):
    import_id, preview = looked_at(NEW, CHANGED)
    outcome = take_in(import_id, preview.digest)
    assert (outcome.people, outcome.new, outcome.refusal, outcome.phrases_wait) == (2, 1, "", True)
    heading, row = read_table(people_tables.fetch_phrases(config.instance, import_id))
    assert (heading.cells[0], row.cells[0], row.cells[1]) == ("ログインID", "hanae", "渡邉 英恵")
    with transaction(engine) as db:
        found = sign_in(db, SignInCommand("hanae", row.cells[2], "192.0.2.1", ""), now, 14)
    assert isinstance(found, SignedIn)
    assert not people_tables.outcome_of(config.instance, import_id).phrases_wait
    with pytest.raises(Conflict):
        people_tables.fetch_phrases(config.instance, import_id)


def test_what_changed_after_the_look_is_noticed_and_nothing_is_taken_in(
    looked_at, take_in, engine, personas, config, now, work
):
    import_id, preview = looked_at(NEW, CHANGED)
    with transaction(engine) as db:
        db.execute(update(User).where(User.login == "officer").values(given_name="華子"))
    before = count(engine, User)
    outcome = take_in(import_id, preview.digest)
    assert "変わりました" in outcome.refusal
    assert not outcome.phrases_wait
    assert count(engine, User) == before
    with transaction(engine) as db:
        people_tables.ask_for_look(db, personas.administrator, import_id, now)
    work()
    again = people_tables.preview_of(config.instance, import_id)
    assert again.digest != preview.digest
    assert take_in(import_id, again.digest).refusal == ""


def test_a_job_that_runs_twice_takes_in_once(looked_at, take_in, engine, personas, config, now):
    import_id, preview = looked_at(NEW)
    take_in(import_id, preview.digest)
    held = people_tables.kept_table(config.instance, import_id)
    with transaction(engine) as db:
        people_tables.take_in(
            db, personas.administrator, config.instance, import_id, held, preview.digest, now
        )
    assert people_tables.outcome_of(config.instance, import_id).refusal == ""
    assert people_tables.outcome_of(config.instance, import_id).phrases_wait


def test_who_lost_the_role_meanwhile_takes_nothing_in(looked_at, engine, personas, config, now, work):
    import_id, preview = looked_at(NEW)
    with transaction(engine) as db:
        people_tables.ask_for_taking_in(
            db, personas.administrator, config.instance, import_id, preview.digest, now
        )
        db.get(User, personas.administrator.user_id).active = False
    work()
    assert people_tables.outcome_of(config.instance, import_id).refusal
    assert count(engine, Job) == 2


def test_another_digest_than_the_one_looked_at_is_refused(looked_at, take_in):
    import_id, _ = looked_at(NEW)
    with pytest.raises(Conflict):
        take_in(import_id, "0" * 64)


@pytest.mark.parametrize("content", [b"", b"\0" * 20_000_001])
def test_an_empty_or_too_large_file_is_not_kept(config, personas, content):
    with pytest.raises(Invalid):
        people_tables.keep(config.instance, personas.administrator, content, "people.csv")
    assert not (config.instance / "people_tables").exists()


def test_an_empty_file_is_told_apart_from_none_at_all(config, personas):
    for name, said in (("people.csv", "選んだファイルは空です"), ("", "ファイルを選んでください")):
        with pytest.raises(Invalid, match=said):
            people_tables.keep(config.instance, personas.administrator, b"", name)


def test_a_file_that_is_no_table_is_told_in_the_preview(config, personas, engine, now, work):
    import_id = people_tables.keep(
        config.instance, personas.administrator, b"PK\x03\x04 no zip", "people.xlsx"
    )
    with transaction(engine) as db:
        people_tables.ask_for_look(db, personas.administrator, import_id, now)
    work()
    preview = people_tables.preview_of(config.instance, import_id)
    assert preview.errors == 1
    assert "Excel" in preview.findings[0].sentences["ja"]


def test_rows_with_several_faults_are_counted_once_and_listed_by_line(looked_at):
    taken = "hanae2,2001,渡邉,英恵,,デジタル推進局,,企画課,,主事,本務,,2026-11-01,"
    first = "officer,9999,佐藤,はな子,,,,,,,,,,"
    _, preview = looked_at(NEW, first, taken, "h,,,花,部長,,,,,,派遣,,,")
    lines = [finding.line for finding in preview.findings if finding.is_error]
    assert lines == sorted(lines)
    assert preview.faulty_rows == len(set(lines)) < preview.errors


def test_only_administrators_bring_in_people(config, personas, db, now):
    with pytest.raises(Forbidden):
        people_tables.keep(config.instance, personas.lecturer, table(NEW), "people.csv")
    with pytest.raises(Forbidden):
        people_tables.ask_for_look(db, personas.lecturer, uuid4(), now)


def test_tables_are_forgotten_after_a_week(looked_at, config, clock):
    import_id, _ = looked_at(NEW)
    assert people_tables.forget_old(config.instance, clock.at) == 0
    clock.advance(days=365 * 20)
    assert people_tables.forget_old(config.instance, clock.at) == 1
    with pytest.raises(NotFound):
        people_tables.preview_of(config.instance, import_id)


@pytest.mark.parametrize("english", [False, True])
@pytest.mark.parametrize("format_", list(TableFormat))
def test_the_template_has_headings_that_are_understood_and_no_examples_to_be_brought_in(format_, english):
    content = template(format_, english=english)
    (heading,) = read_table(content)
    row = dict.fromkeys(heading.cells, "")
    row |= {heading.cells[0]: "hanae", heading.cells[2]: "渡邉 英恵"}
    filled = "\n".join((",".join(heading.cells), ",".join(row[name] for name in heading.cells)))
    reading_ = read_people(filled.encode(), "people.csv")
    assert reading_.report.findings == ()
    assert reading_.items[0].item.person.family_name == "渡邉"


def test_an_import_writes_no_post_twice(looked_at, take_in, engine):
    import_id, preview = looked_at(NEW)
    take_in(import_id, preview.digest)
    before = count(engine, Post)
    _, again = looked_at(NEW)
    assert (again.people, again.units, again.unchanged) == ((), (), 1)
    assert count(engine, Post) == before
