"""Backup, restore and verify: from either engine into either engine, and nothing is quietly lost or wrong."""

from __future__ import annotations

import hashlib
import json
import stat
import tracemalloc
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from sqlalchemy import Engine, delete, func, select, text, update

from studyhub.domain.errors import Conflict, Invalid
from studyhub.persistence import schema
from studyhub.persistence.models import AuditEntry, Job, Response, SignIn, StoredFile, Syllabus, User
from studyhub.persistence.session import reading, snapshot, transaction
from studyhub.services.backup import BackupCommand, write_backup
from studyhub.services.backup_archive import MANIFEST, Manifest, kept_tables, open_archive
from studyhub.services.files import path_of
from studyhub.services.restore import restore
from studyhub.services.verify import Difference, SiteFaults, check_archive, check_site, compare
from tests.conftest import NOW
from tests.databases import POSTGRESQL, PostgresqlDatabases, SqliteDatabases, wanted_engines
from tests.factories.people import make_user
from tests.services.site_with_history import SLIDES, fill_site, syllabus


@pytest.fixture
def files_root(tmp_path: Path) -> Path:
    return tmp_path / "files"


@pytest.fixture
def site(engine: Engine, files_root: Path, now: datetime) -> Engine:
    fill_site(engine, files_root, now)
    return engine


@pytest.fixture(scope="session", params=wanted_engines())
def databases_elsewhere(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, worker_id: str
) -> Iterator[SqliteDatabases | PostgresqlDatabases]:
    made: SqliteDatabases | PostgresqlDatabases
    if request.param == POSTGRESQL:
        made = PostgresqlDatabases(f"{worker_id}_elsewhere")
    else:
        made = SqliteDatabases(tmp_path_factory.mktemp("databases-elsewhere"))
    yield made
    made.close()


@pytest.fixture
def elsewhere(databases_elsewhere: SqliteDatabases | PostgresqlDatabases, tmp_path: Path) -> Iterator[Engine]:
    """An empty database on each engine, beside the one under test."""
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    with databases_elsewhere.fresh(folder) as other:
        if other.dialect.name == POSTGRESQL:
            _number_from_one(other)
        yield other


def _number_from_one(postgresql: Engine) -> None:
    """As in a database that was never used: the numbers that another test used up would hide that a restore forgot to
    move them on."""
    with postgresql.begin() as connection:
        connection.execute(text("SELECT setval(oid::regclass, 1, false) FROM pg_class WHERE relkind = 'S'"))


@pytest.fixture(scope="session")
def archive(
    databases: SqliteDatabases | PostgresqlDatabases, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """A backup of the site, written once by each worker and engine; the tests that forge or damage it write another."""
    folder = tmp_path_factory.mktemp("archive")
    with databases.fresh(folder) as engine:
        fill_site(engine, folder / "files", NOW)
        back_up(engine, folder / "files", folder / "b.zip", NOW)
    return folder / "b.zip"


def back_up(engine: Engine, files_root: Path, target: Path, now: datetime) -> Manifest:
    command = BackupCommand(target, files_root, schema.newest_revision())
    with snapshot(engine) as db:
        return write_backup(db, command, now, lambda _table, _rows: None)


def bring_back(engine: Engine, files_root: Path, source: Path, now: datetime) -> None:
    with open_archive(source) as archive, transaction(engine) as db:
        restore(db, archive, files_root, schema.newest_revision(), now, lambda _table, _rows: None)


def differences(engine: Engine, source: Path) -> dict[str, Difference]:
    with open_archive(source) as archive, snapshot(engine) as db:
        found = compare(db, archive, lambda _difference: None)
    return {difference.table: difference for difference in found if not difference.same}


def faults(engine: Engine, files_root: Path) -> SiteFaults:
    with snapshot(engine) as db:
        return check_site(db, files_root)


def test_what_is_restored_elsewhere_is_what_was_backed_up(
    site: Engine, elsewhere: Engine, files_root: Path, tmp_path: Path, now: datetime
) -> None:
    first, second = tmp_path / "first.zip", tmp_path / "second.zip"
    manifest = back_up(site, files_root, first, now)
    bring_back(elsewhere, tmp_path / "other-files", first, now)
    assert not faults(elsewhere, tmp_path / "other-files")
    found = differences(elsewhere, first)
    assert {name: (one.new, one.changed, one.missing) for name, one in found.items()} == {
        "audit_entries": (1, 0, 0),  # the restore itself
        "jobs": (1, 0, 0),  # the search index to be made
    }
    again = back_up(elsewhere, tmp_path / "other-files", second, now)
    untouched = set(manifest.tables) - set(found)
    assert {name: again.tables[name] for name in untouched} == {
        name: manifest.tables[name] for name in untouched
    }, "equal content has an equal hash on both engines"


def test_a_restored_site_goes_on_where_it_stopped(
    archive: Path, elsewhere: Engine, tmp_path: Path, now: datetime
) -> None:
    """New keys follow the restored ones, files lie in their place, work that waited still waits."""
    bring_back(elsewhere, tmp_path / "other-files", archive, now)
    with transaction(elsewhere) as db:
        highest = max(db.scalars(select(User.id)))
        assert make_user(db, now).id > highest
        file = db.scalars(select(StoredFile)).one()
        assert path_of(tmp_path / "other-files", file.sha256).read_bytes() == SLIDES
        assert sorted(db.scalars(select(Job.kind))) == ["reindex_search", "render_slides"]
        assert "site.restore" in db.scalars(select(AuditEntry.action)).all()


def test_nobody_is_signed_in_to_a_restored_site(
    archive: Path, elsewhere: Engine, files_root: Path, now: datetime
) -> None:
    bring_back(elsewhere, files_root, archive, now)
    with reading(elsewhere) as db:
        assert db.scalars(select(SignIn)).all() == []


def test_a_site_that_holds_anything_is_not_restored_into(
    site: Engine, files_root: Path, tmp_path: Path, now: datetime
) -> None:
    back_up(site, files_root, tmp_path / "b.zip", now)
    with pytest.raises(Conflict, match="空のサイト"):
        bring_back(site, files_root, tmp_path / "b.zip", now)


def test_a_backup_is_of_one_moment_while_others_write(
    site: Engine, files_root: Path, tmp_path: Path, now: datetime
) -> None:
    """Somebody writes between two tables: neither table has it."""

    def write(table: str, _rows: int) -> None:
        if table == kept_tables()[0].name:
            with transaction(site) as db:
                make_user(db, now)
                db.add(syllabus("later"))

    command = BackupCommand(tmp_path / "b.zip", files_root, schema.newest_revision())
    with snapshot(site) as db:
        manifest = write_backup(db, command, now, write)
    assert (manifest.tables["users"].rows, manifest.tables["syllabi"].rows) == (1, 4)
    assert differences(site, tmp_path / "b.zip")["users"] == Difference("users", 1, new=1)


def test_a_backup_is_private_and_never_overwrites(
    site: Engine, files_root: Path, tmp_path: Path, now: datetime
) -> None:
    target = tmp_path / "b.zip"
    back_up(site, files_root, target, now)
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    with pytest.raises(Conflict, match="既にあります"):
        back_up(site, files_root, target, now)
    assert [path.name for path in tmp_path.glob(".*part")] == []


def test_verify_tells_rows_added_changed_and_gone_since_the_backup(
    site: Engine, files_root: Path, tmp_path: Path, now: datetime
) -> None:
    back_up(site, files_root, tmp_path / "b.zip", now)
    with transaction(site) as db:
        db.add(syllabus("a new one"))
        db.execute(update(Syllabus).where(Syllabus.id == "b").values(title="changed"))
        db.execute(delete(Syllabus).where(Syllabus.id == "B"))
        db.execute(delete(Response).where(Response.seq == select(func.min(Response.seq)).scalar_subquery()))
    found = differences(site, tmp_path / "b.zip")
    assert found == {
        "syllabi": Difference("syllabi", 4, new=1, changed=1, missing=1),
        "responses": Difference("responses", 30, missing=1),
    }
    assert found["responses"].loses_history
    assert not found["syllabi"].loses_history


def test_a_stored_file_that_is_gone_or_damaged_is_found(
    site: Engine, files_root: Path, tmp_path: Path, now: datetime
) -> None:
    with reading(site) as db:
        file = db.scalars(select(StoredFile)).one()
    path_of(files_root, file.sha256).write_bytes(b"x")
    assert faults(site, files_root).files == ((file.sha256, "暗号入門.pdf"),)
    assert back_up(site, files_root, tmp_path / "b.zip", now).missing_files == (file.sha256,)


def test_a_reference_to_nothing_is_found(engine: Engine, site: Engine, files_root: Path) -> None:
    with site.connect() as connection:
        off = {"sqlite": "PRAGMA foreign_keys = OFF", "postgresql": "SET session_replication_role = replica"}
        on = {"sqlite": "PRAGMA foreign_keys = ON", "postgresql": "RESET session_replication_role"}
        dialect = connection.dialect.name
        connection.connection.cursor().execute(off[dialect])
        connection.execute(text("DELETE FROM questions WHERE id = (SELECT min(question_id) FROM responses)"))
        connection.commit()
        connection.connection.cursor().execute(on[dialect])
        connection.commit()
    assert ("responses", "questions", 30) in faults(site, files_root).broken_keys


@pytest.mark.parametrize("member", ["tables/responses.jsonl", "files/"])
def test_a_damaged_backup_restores_nothing(
    archive: Path, elsewhere: Engine, tmp_path: Path, now: datetime, member: str
) -> None:
    damaged = tmp_path / "damaged.zip"
    with ZipFile(archive) as source, ZipFile(damaged, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            target.writestr(name, content[: len(content) // 2] if name.startswith(member) else content)
    with open_archive(damaged) as opened, pytest.raises(Invalid):
        check_archive(opened)
    with pytest.raises(Invalid, match="壊れています"):
        bring_back(elsewhere, tmp_path / "other-files", damaged, now)
    with reading(elsewhere) as db:
        assert db.scalars(select(User)).all() == []


def test_a_backup_without_one_of_the_tables_restores_nothing(
    archive: Path, elsewhere: Engine, tmp_path: Path, now: datetime
) -> None:
    partial = tmp_path / "partial.zip"
    with ZipFile(archive) as source, ZipFile(partial, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            if name == MANIFEST:
                manifest = json.loads(content)
                del manifest["tables"]["responses"]
                content = json.dumps(manifest).encode()
            target.writestr(name, content)
    with pytest.raises(Invalid, match="responses"):
        bring_back(elsewhere, tmp_path / "other-files", partial, now)


@pytest.mark.parametrize(
    "rows",
    [[b"not json"], [b"[1]"], [b'{"a": 1}'], [b"1"], [b"[" * 100_000], "twice", "empty", "dates"],
    ids=lambda rows: str(rows)[:12],
)
def test_a_forged_table_is_refused_with_a_sentence(
    archive: Path, elsewhere: Engine, tmp_path: Path, now: datetime, rows: list[bytes] | str
) -> None:
    """Its hash fits, since whoever forged the rows forged the manifest too."""
    with ZipFile(archive) as true:
        members = {name: true.read(name) for name in true.namelist()}
    manifest = json.loads(members[MANIFEST])
    users, entry = members["tables/users.jsonl"].splitlines(), manifest["tables"]["users"]
    shaped = {
        "twice": users * 2,
        "empty": [json.dumps([None] * len(entry["columns"])).encode()],
        "dates": [line.replace(b"2026-", b"twenty-") for line in users],
    }
    forged = b"".join(line + b"\n" for line in (shaped[rows] if isinstance(rows, str) else rows))
    entry |= {"rows": forged.count(b"\n"), "sha256": hashlib.sha256(forged).hexdigest()}
    members |= {"tables/users.jsonl": forged, MANIFEST: json.dumps(manifest).encode()}
    with ZipFile(tmp_path / "forged.zip", "w") as zip_file:
        for name, content in members.items():
            zip_file.writestr(name, content)
    with pytest.raises(Invalid, match="users"):
        bring_back(elsewhere, tmp_path / "other-files", tmp_path / "forged.zip", now)
    with reading(elsewhere) as db:
        assert db.scalar(select(func.count()).select_from(User)) == 0


@pytest.mark.parametrize(
    "manifest",
    [b"[" * 100_000, b"[]", b'{"tables": [1]}', b" " * (65 << 20), b'{"tables": {"users": {"rows": "x"}}}'],
    ids=lambda manifest: repr(manifest[:12]),
)
def test_a_forged_manifest_is_refused_with_a_sentence(tmp_path: Path, manifest: bytes) -> None:
    with ZipFile(tmp_path / "forged.zip", "w", ZIP_DEFLATED) as zip_file:
        zip_file.writestr(MANIFEST, manifest)
    with pytest.raises(Invalid, match="目録"), open_archive(tmp_path / "forged.zip"):
        raise AssertionError("opened")


def test_a_backup_of_another_schema_says_which_version_to_use(
    site: Engine, elsewhere: Engine, files_root: Path, tmp_path: Path, now: datetime
) -> None:
    with snapshot(site) as db:
        write_backup(db, BackupCommand(tmp_path / "b.zip", files_root, "0000"), now, lambda _t, _r: None)
    with pytest.raises(Invalid, match="0000"):
        bring_back(elsewhere, files_root, tmp_path / "b.zip", now)


def test_what_is_no_backup_is_refused_with_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "text.zip").write_text("not a zip")
    with ZipFile(tmp_path / "other.zip", "w") as other:
        other.writestr("a.txt", "")
    for name in ("text.zip", "other.zip", "absent.zip"):
        with pytest.raises(Invalid, match="バックアップ"), open_archive(tmp_path / name):
            pass


def test_memory_does_not_grow_with_the_number_of_responses(
    engine: Engine, elsewhere: Engine, files_root: Path, tmp_path: Path, now: datetime
) -> None:
    fill_site(engine, files_root, now, responses=6_000)
    tracemalloc.start()
    try:
        back_up(engine, files_root, tmp_path / "b.zip", now)
        bring_back(elsewhere, tmp_path / "other-files", tmp_path / "b.zip", now)
        assert not differences(elsewhere, tmp_path / "b.zip").get("responses")
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 7 * 1024 * 1024
