"""The queue, on both engines: nothing is lost, nothing is held by two, and a failure waits longer each time."""

from __future__ import annotations

from datetime import datetime, timedelta
from threading import Barrier, Thread

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from studyhub.persistence.models import Job, SignIn, SignInFailure
from studyhub.persistence.session import reading, transaction
from studyhub.services import housekeeping, jobs
from tests.factories.people import make_user

SECOND = timedelta(seconds=1)


def job_row(db: Session, job_id: int) -> Job:
    return db.scalars(select(Job).where(Job.id == job_id).execution_options(populate_existing=True)).one()


def leased(db: Session, now: datetime) -> jobs.LeasedJob:
    job = jobs.lease(db, now)
    assert job is not None
    return job


def test_a_job_is_leased_once_and_then_done(db: Session, now: datetime) -> None:
    job_id = jobs.enqueue(db, "render_slides", {"material_id": 7}, now)
    job = leased(db, now)
    assert (job.id, job.kind, job.payload, job.attempt) == (job_id, "render_slides", {"material_id": 7}, 1)
    assert jobs.lease(db, now) is None
    jobs.complete(db, job, now)
    assert (job_row(db, job_id).state, job_row(db, job_id).finished_at) == ("done", now)


def test_an_asking_transaction_that_is_rolled_back_leaves_no_job(engine: Engine, now: datetime) -> None:
    with pytest.raises(RuntimeError):
        _ask_and_fail(engine, now)
    with reading(engine) as db:
        assert not jobs.any_ready(db, now)


def _ask_and_fail(engine: Engine, now: datetime) -> None:
    with transaction(engine) as db:
        jobs.enqueue(db, "sweep", {}, now)
        raise RuntimeError


def test_the_job_that_waits_longest_comes_first_and_a_later_one_waits_for_its_time(
    db: Session, now: datetime
) -> None:
    later = jobs.enqueue(db, "sweep", {}, now, run_after=now + 30 * SECOND)
    young = jobs.enqueue(db, "sweep", {}, now)
    old = jobs.enqueue(db, "sweep", {}, now, run_after=now - SECOND)
    assert [leased(db, now).id, leased(db, now).id] == [old, young]
    assert not jobs.any_ready(db, now)
    assert jobs.any_ready(db, now + 30 * SECOND)
    assert leased(db, now + 30 * SECOND).id == later


def test_asking_twice_for_the_same_waiting_work_is_asking_once_at_the_earlier_time(
    db: Session, now: datetime
) -> None:
    first = jobs.enqueue(db, "sweep", {}, now, unique_key="sweep", run_after=now + 60 * SECOND)
    assert jobs.enqueue(db, "sweep", {}, now, unique_key="sweep") == first
    assert jobs.enqueue(db, "sweep", {}, now, unique_key="sweep", run_after=now + 90 * SECOND) == first
    assert job_row(db, first).run_after == now


def test_work_asked_for_while_it_runs_is_done_once_more_afterwards(db: Session, now: datetime) -> None:
    first = jobs.enqueue(db, "reindex_search", {}, now, unique_key="reindex")
    running = leased(db, now)
    second = jobs.enqueue(db, "reindex_search", {}, now, unique_key="reindex")
    assert second != first
    assert jobs.lease(db, now) is None, "the same work must not run twice at the same time"
    jobs.complete(db, running, now)
    assert leased(db, now).id == second


def test_a_lease_that_runs_out_is_taken_over_and_the_slow_worker_is_shut_out(
    db: Session, now: datetime
) -> None:
    job_id = jobs.enqueue(db, "sweep", {}, now)
    slow = leased(db, now)
    after = now + jobs.LEASE
    heir = leased(db, after)
    assert (heir.id, heir.attempt) == (job_id, 2)
    for late in (
        lambda: jobs.complete(db, slow, after),
        lambda: jobs.fail(db, slow, "too late", after),
        lambda: jobs.extend(db, slow, after),
        lambda: jobs.report_progress(db, slow, 1, 2),
        lambda: jobs.release(db, slow, after),
    ):
        with pytest.raises(jobs.LeaseLost):
            late()
    jobs.complete(db, heir, after)


def test_a_sign_of_life_keeps_the_lease(db: Session, now: datetime) -> None:
    jobs.enqueue(db, "sweep", {}, now)
    job = leased(db, now)
    jobs.extend(db, job, now + 50 * SECOND)
    assert jobs.lease(db, now + jobs.LEASE) is None


def test_a_failure_waits_longer_each_time_and_the_last_one_stays(db: Session, now: datetime) -> None:
    job_id = jobs.enqueue(db, "sweep", {}, now)
    waits = []
    for _ in range(4):
        jobs.fail(db, leased(db, now), "disk full", now)
        waits.append((job_row(db, job_id).run_after - now).total_seconds())
        now = job_row(db, job_id).run_after
    assert waits == [10, 40, 160, 640]
    jobs.fail(db, leased(db, now), "disk full", now)
    assert (job_row(db, job_id).state, job_row(db, job_id).last_error) == ("failed", "disk full")
    assert jobs.retry_delay(30) == jobs.LONGEST_RETRY


def test_a_job_that_kills_its_worker_each_time_is_given_up(db: Session, now: datetime) -> None:
    job_id = jobs.enqueue(db, "sweep", {}, now)
    for _ in range(5):
        leased(db, now)
        now += jobs.LEASE
    assert jobs.lease(db, now) is None
    assert job_row(db, job_id).state == "failed"


def test_a_failed_job_whose_twin_waits_does_not_wait_beside_it(db: Session, now: datetime) -> None:
    jobs.enqueue(db, "sweep", {}, now, unique_key="sweep")
    running = leased(db, now)
    twin = jobs.enqueue(db, "sweep", {}, now, unique_key="sweep")
    jobs.fail(db, running, "disk full", now)
    assert job_row(db, running.id).state == "failed"
    assert leased(db, now).id == twin


def test_a_worker_that_is_asked_to_stop_gives_its_job_back_at_once(db: Session, now: datetime) -> None:
    job_id = jobs.enqueue(db, "sweep", {}, now)
    jobs.release(db, leased(db, now), now)
    again = leased(db, now)
    assert (again.id, again.attempt) == (job_id, 1)


def test_a_job_given_back_while_its_twin_waits_is_that_twin(db: Session, now: datetime) -> None:
    jobs.enqueue(db, "sweep", {}, now, unique_key="sweep")
    running = leased(db, now)
    twin = jobs.enqueue(db, "sweep", {}, now, unique_key="sweep")
    jobs.release(db, running, now)
    assert db.scalars(select(Job.id)).all() == [twin]


def test_progress_is_kept_beside_the_job(db: Session, now: datetime) -> None:
    job_id = jobs.enqueue(db, "sweep", {}, now)
    jobs.report_progress(db, leased(db, now), 3, 30)
    assert (job_row(db, job_id).progress, job_row(db, job_id).progress_total) == (3, 30)


def test_workers_that_lease_at_the_same_time_never_get_the_same_job(engine: Engine, now: datetime) -> None:
    with transaction(engine) as db:
        asked = [jobs.enqueue(db, "sweep", {"n": n}, now) for n in range(40)]
    taken: list[int] = []
    start = Barrier(4)

    def work() -> None:
        start.wait()
        while True:
            with transaction(engine) as db:
                job = jobs.lease(db, now)
            if job is None:
                return
            taken.append(job.id)

    threads = [Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(taken) == asked


def test_a_sweep_forgets_old_failures_ended_sign_ins_and_finished_jobs_only(
    db: Session, now: datetime
) -> None:
    old, user = now - timedelta(days=31), make_user(db, now)
    for at in (old, now):
        db.add(SignInFailure(account="a", address="192.0.2.1", at=at))
        db.add(sign_in(user.id, str(at), expires_at=at, now=now))
        jobs.complete(db, _run_one(db, at), at)
    db.add(sign_in(user.id, "revoked", expires_at=now, revoked_at=old, now=now))
    db.flush()
    assert housekeeping.sweep(db, now) == housekeeping.Swept(failures=1, sign_ins=2, jobs=1)
    assert len(db.scalars(select(SignIn)).all()) == len(db.scalars(select(Job)).all()) == 1


def _run_one(db: Session, at: datetime) -> jobs.LeasedJob:
    jobs.enqueue(db, "sweep", {}, at)
    return leased(db, at)


def sign_in(
    user_id: int, token: str, *, expires_at: datetime, now: datetime, revoked_at: datetime | None = None
) -> SignIn:
    return SignIn(
        user_id=user_id,
        token_hash=token,
        created_at=now,
        last_seen_at=now,
        expires_at=expires_at,
        revoked_at=revoked_at,
    )
