"""Settings, sign-ins of others, failed jobs, backups and the state of the content."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from threading import Event
from zipfile import ZipFile

import pytest
from sqlalchemy import select

from studyhub.domain.errors import Conflict, Forbidden, Invalid, NotFound
from studyhub.domain.settings import Settings
from studyhub.jobs.runner import Worker
from studyhub.persistence.models import AuditEntry, Job, SignIn, SiteSetting
from studyhub.persistence.session import transaction
from studyhub.persistence.settings import load_settings
from studyhub.reads.jobs_overview import newest_job
from studyhub.services import content_state, job_control, jobs, kept_backups, sign_ins
from studyhub.services.settings import save
from studyhub.services.sign_in import SignInCommand, sign_in
from tests.personas import PASSWORD


@pytest.fixture
def work(engine, config, clock):
    return lambda: Worker(engine, config, clock=clock).run_all(Event())


def actions(db) -> list[str]:
    return list(db.scalars(select(AuditEntry.action).order_by(AuditEntry.id)))


def test_settings_are_kept_where_they_differ_and_the_log_has_old_and_new(db, personas, now):
    chosen = Settings(site_name="学びの広場", reminder_days=7)
    assert save(db, personas.administrator, chosen, now).keys() == {"site_name", "reminder_days"}
    assert load_settings(db) == chosen
    entry = db.scalars(select(AuditEntry).where(AuditEntry.action == "settings.change")).one()
    assert entry.detail["reminder_days"] == {"before": "3", "after": "7"}
    save(db, personas.administrator, replace(chosen, reminder_days=3), now)
    assert set(db.scalars(select(SiteSetting.name))) == {"site_name"}


def test_the_same_settings_again_are_no_change(db, personas, now):
    assert save(db, personas.administrator, Settings(), now) == {}
    assert "settings.change" not in actions(db)


def test_settings_that_cannot_be_change_nothing(db, personas, now):
    with pytest.raises(Invalid):
        save(db, personas.administrator, Settings(site_name="新しい名前", purpose=""), now)
    assert load_settings(db) == Settings()


def test_an_administrator_ends_sign_ins_but_keeps_their_own(db, personas, now):
    for login in ("officer", "officer", "lecturer", "administrator"):
        sign_in(db, SignInCommand(login, PASSWORD, "192.0.2.1", ""), now, 14)

    def signed_in() -> list[int]:
        return list(db.scalars(select(SignIn.user_id).where(SignIn.revoked_at.is_(None)).order_by(SignIn.id)))

    admin, officer = personas.administrator, personas.officer.user_id
    first = db.scalars(select(SignIn.id).where(SignIn.user_id == officer).order_by(SignIn.id)).first()
    assert sign_ins.revoke_one(db, admin, first, now) == officer
    assert sign_ins.revoke_all_of(db, admin, officer, now) == 1
    assert sign_ins.revoke_everybody(db, admin, now) == 1
    assert signed_in() == [admin.user_id]
    assert actions(db)[-3:] == ["sign_in.revoke", "sign_in.revoke_all", "sign_in.revoke_everybody"]


def test_nobody_else_does_any_of_it(db, personas, config, now):
    for do in (
        lambda who: save(db, who, Settings(), now),
        lambda who: sign_ins.revoke_everybody(db, who, now),
        lambda who: job_control.sweep_now(db, who, now),
        lambda who: job_control.retry(db, who, 1, now),
        lambda who: kept_backups.ask_for_backup(db, who, now),
        lambda who: kept_backups.note_download(db, who, "x", now),
        lambda who: content_state.ask_for_sync(db, who, now),
    ):
        for who in (personas.officer, personas.lecturer, personas.supervisor):
            with pytest.raises(Forbidden):
                do(who)


def test_a_failed_job_is_tried_again_with_all_its_attempts(engine, personas, config, clock, work):
    with transaction(engine) as db:
        job_id = jobs.enqueue(db, "no_such_kind", {}, clock.at, unique_key="no_such_kind")
    work()
    with transaction(engine) as db:
        assert db.get(Job, job_id).state == "failed"
        job_control.retry(db, personas.administrator, job_id, clock.at)
        job = db.get(Job, job_id)
        assert (job.state, job.attempts, job.finished_at) == ("queued", 0, None)
        with pytest.raises(Conflict):
            job_control.retry(db, personas.administrator, job_id, clock.at)


def test_a_failed_job_whose_twin_waits_is_not_queued_twice(engine, personas, clock, work):
    with transaction(engine) as db:
        failed = jobs.enqueue(db, "no_such_kind", {}, clock.at, unique_key="same")
    work()
    with transaction(engine) as db:
        jobs.enqueue(db, "no_such_kind", {}, clock.at, unique_key="same")
        with pytest.raises(Conflict, match="待って"):
            job_control.retry(db, personas.administrator, failed, clock.at)


def test_a_backup_is_made_checked_and_deleted(engine, personas, config, clock, work):
    with transaction(engine) as db:
        first = kept_backups.ask_for_backup(db, personas.administrator, clock.at)
        assert kept_backups.ask_for_backup(db, personas.administrator, clock.at) == first
    work()
    (backup,) = kept_backups.kept_backups(config.instance)
    assert (backup.name, backup.sound) == ("studyhub-20261123-100000.zip", None)
    with transaction(engine) as db:
        job = newest_job(db, kept_backups.MAKE)
        assert (job.state, job.progress) == ("done", job.progress_total)
        assert job.progress > 0
        kept_backups.ask_for_check(db, personas.administrator, config.instance, backup.name, clock.at)
    work()
    assert kept_backups.kept_backups(config.instance)[0].sound is True
    assert kept_backups.path_of(config.instance, backup.name).stat().st_mode & 0o077 == 0
    kept_backups.delete(config.instance, backup.name)
    assert kept_backups.kept_backups(config.instance) == ()
    assert list(kept_backups.folder(config.instance).iterdir()) == []


def test_a_damaged_backup_is_told(engine, personas, config, clock, work):
    with transaction(engine) as db:
        kept_backups.ask_for_backup(db, personas.administrator, clock.at)
    work()
    (backup,) = kept_backups.kept_backups(config.instance)
    with ZipFile(kept_backups.path_of(config.instance, backup.name), "a") as archive:
        archive.writestr("files/" + "0" * 64, b"something that was not there")
    assert kept_backups.verify(config.instance, backup.name, clock.at) is False
    assert kept_backups.kept_backups(config.instance)[0].sound is False


@pytest.mark.parametrize(
    "name", ["../secret_key", "config.toml", "studyhub-20261123-100000.zip", "..%2f", ""]
)
def test_a_name_that_is_no_backup_leads_nowhere(config, name):
    kept_backups.folder(config.instance).mkdir(parents=True)
    (config.instance / "secret_key").write_text("secret")
    with pytest.raises(NotFound):
        kept_backups.path_of(config.instance, name)


@pytest.fixture
def small_content(config, tmp_path):
    """A folder of content with one fault in it."""
    root = tmp_path / "content"
    (root / "question_pool" / "ip").mkdir(parents=True)
    (root / "courses").mkdir()
    (root / "question_pool" / "ip" / "broken.yaml").write_text("- id: [\n", "utf-8")
    return replace(config, content=root)


def test_faults_of_the_files_are_told_with_their_place_and_nothing_is_synchronised(
    engine, personas, small_content, clock
):
    assert content_state.kept_state(small_content.instance) is None
    with transaction(engine) as db:
        content_state.ask_for_sync(db, personas.administrator, clock.at)
    Worker(engine, small_content, clock=clock).run_all(Event())
    state = content_state.kept_state(small_content.instance)
    finding = next(found for found in state.findings if found.is_error)
    assert finding.file.endswith("broken.yaml")
    assert finding.line > 0
    assert "YAML" in finding.sentences["en"]
    assert (state.nouns, state.refusal_params["count"] > 0) == ((), True)


def test_once_the_fault_is_mended_the_state_says_that_nothing_is_left(engine, personas, small_content, clock):
    (small_content.content / "question_pool" / "ip" / "broken.yaml").unlink()
    with transaction(engine) as db:
        content_state.ask_for_sync(db, personas.administrator, clock.at)
    Worker(engine, small_content, clock=clock).run_all(Event())
    state = content_state.kept_state(small_content.instance)
    assert (state.errors, state.refusal) == (0, "")
    assert not [noun for noun in state.nouns if noun.added or noun.changed or noun.retired]


def test_the_sweep_can_be_run_at_once_and_tomorrows_stays(engine, personas, clock, work):
    with transaction(engine) as db:
        job_control.sweep_now(db, personas.administrator, clock.at)
    work()
    with transaction(engine) as db:
        waiting = db.scalars(select(Job).where(Job.kind == "sweep", Job.state == "queued")).one()
        assert waiting.run_after == clock.at + timedelta(days=1)
