"""The commands of those who set a site up: init, migrate, people."""

import csv
import stat

import pytest
from click.testing import CliRunner
from openpyxl import Workbook
from sqlalchemy import func, select

from studyhub.cli import database
from studyhub.cli.init import init, migrate
from studyhub.cli.people import people
from studyhub.persistence.engine import make_engine
from studyhub.persistence.models import Post, User
from studyhub.persistence.schema import current_revision, newest_revision
from studyhub.persistence.session import reading, transaction
from studyhub.services.sign_in import SignedIn, SignInCommand, sign_in

HEADINGS = "ログインID,職員番号,姓,名,権限,局,課,職名,区分,着任日"
HANAE = "hanae,2001,渡邉,英恵,職員,デジタル推進局,企画課,主事,本務,2026-04-01"
TRANSFERRED = "officer,,佐藤,花子,,建設局,道路課,主任,本務,2027-04-01"


@pytest.fixture
def table(tmp_path):
    def write(*rows: str):
        path = tmp_path / "people.csv"
        path.write_text("\n".join((HEADINGS, *rows)), "utf-8")
        return str(path)

    return write


def run(command, *arguments: str, typed: str | None = None):
    return CliRunner().invoke(command, arguments, input=typed)


def count(engine, model) -> int:
    with reading(engine) as db:
        return db.scalar(select(func.count()).select_from(model))


def signs_in(engine, login, phrase, now) -> bool:
    with transaction(engine) as db:
        return isinstance(sign_in(db, SignInCommand(login, phrase, "192.0.2.1", ""), now, 14), SignedIn)


def test_init_asks_for_the_first_administrator_until_the_phrase_is_good(site, engine, now):
    typed = "megumi\n小林\n恵\nshort\nshort\nkawa-no-oto-12\nkawa-no-oto-12\n"
    result = run(init, typed=typed)
    assert result.exit_code == 0, result.output
    assert "12文字以上" in result.output
    assert signs_in(engine, "megumi", "kawa-no-oto-12", now)


def test_init_again_changes_nothing(site, engine, tmp_path):
    phrase = tmp_path / "phrase"
    phrase.write_text("kawa-no-oto-12\n", "utf-8")
    options = (
        "--login",
        "megumi",
        "--family-name",
        "小林",
        "--given-name",
        "恵",
        "--password-file",
        str(phrase),
    )
    assert run(init, *options).exit_code == 0
    again = run(init, *options)
    assert again.exit_code == 0
    assert "管理者がすでにいます: megumi" in again.output
    assert count(engine, User) == 1


def test_init_refuses_a_weak_phrase_from_a_file(site, engine, tmp_path):
    phrase = tmp_path / "phrase"
    phrase.write_text("password1234\n", "utf-8")
    options = (
        "--login",
        "megumi",
        "--family-name",
        "小林",
        "--given-name",
        "恵",
        "--password-file",
        str(phrase),
    )
    result = run(init, *options)
    assert result.exit_code == 1
    assert "よく使われる" in result.output
    assert count(engine, User) == 0


def test_migrate_prepares_an_empty_database(tmp_path, monkeypatch):
    url = f"sqlite:///{tmp_path / 'new.sqlite3'}"
    monkeypatch.setenv("STUDYHUB_INSTANCE", str(tmp_path / "instance"))
    monkeypatch.setenv("STUDYHUB_DATABASE_URL", url)
    database.config.cache_clear()
    database.engine.cache_clear()
    assert run(people, "list").exit_code == 1
    assert run(migrate).exit_code == 0
    assert "最新" in run(migrate).output
    assert run(people, "list").exit_code == 0
    assert current_revision(make_engine(url)) == newest_revision()
    database.config.cache_clear()
    database.engine.cache_clear()


def test_people_come_in_and_their_passphrases_stand_in_a_file_of_its_owner(
    site, engine, personas, table, now
):
    result = run(people, "import", table(HANAE, TRANSFERRED), "--yes")
    assert result.exit_code == 0, result.output
    assert "新しい人 1人、変わる人 1人" in result.output
    said = "".join(result.output.split())
    assert "企画課は2027-03-31まで" in said
    assert "2027-04-01から建設局道路課主任（本務）" in said
    (path,) = (site / "passphrases").iterdir()
    assert str(path) in result.output
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    with path.open(encoding="utf-8-sig", newline="") as file:
        (row,) = csv.DictReader(file)
    assert row["氏名"] == "渡邉 英恵"
    assert row["パスワード"] not in result.output
    assert signs_in(engine, "hanae", row["パスワード"], now)


def test_a_dry_run_and_a_no_take_nothing_in(site, engine, personas, table):
    before = count(engine, User), count(engine, Post)
    assert run(people, "import", table(HANAE), "--dry-run").exit_code == 0
    assert run(people, "import", table(HANAE), typed="n\n").exit_code == 1
    assert before == (count(engine, User), count(engine, Post))
    assert not (site / "passphrases").exists()


def test_every_fault_is_said_with_its_line_and_nothing_is_taken_in(site, engine, personas, table):
    result = run(people, "import", table(HANAE, "x,,,,,,,,,いつか", TRANSFERRED), "--yes")
    assert result.exit_code == 1
    assert "people.csv:3" in result.output
    assert "日付として読めません" in result.output
    assert "1行も取り込みませんでした" in result.output
    assert count(engine, User) == 6


def test_a_workbook_comes_in_like_a_csv_file(site, engine, personas, tmp_path):
    book, path = Workbook(), tmp_path / "people.xlsx"
    for row in (HEADINGS, HANAE):
        book.active.append(row.split(","))
    book.save(path)
    assert run(people, "import", str(path), "--yes").exit_code == 0
    assert count(engine, User) == 7


def test_the_same_table_again_says_that_nothing_changes(site, engine, personas, table):
    run(people, "import", table(HANAE), "--yes")
    again = run(people, "import", table(HANAE))
    assert again.exit_code == 0
    assert "そのままの人 1人" in again.output


def test_no_file_of_passphrases_is_left_when_the_import_fails(site, engine, personas, table, monkeypatch):
    def fails(*_):
        raise OSError("the disk is full")

    monkeypatch.setattr("studyhub.cli.people.os.fsync", fails)
    assert isinstance(run(people, "import", table(HANAE), "--yes").exception, OSError)
    assert count(engine, User) == 6
    assert list((site / "passphrases").iterdir()) == []


def test_the_list_shows_roles_and_unit(site, engine, personas):
    lines = run(people, "list").output.splitlines()
    assert "lecturer\t鈴木 一郎\t職員・講師\tデジタル推進局 企画課" in lines
    assert len(lines) == 6


def test_an_operator_helps_somebody_who_forgot_the_phrase(site, engine, personas, now):
    result = run(people, "reset-password", "Officer")
    assert result.exit_code == 0, result.output
    (path,) = (site / "passphrases").iterdir()
    phrase = path.read_text("utf-8-sig").splitlines()[1].split(",")[-1]
    assert signs_in(engine, "officer", phrase, now)
    assert "いません" in run(people, "reset-password", "nobody").output
