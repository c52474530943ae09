"""Measures a generated site in one run and prints one table; what ``studyhub bench`` and ``make bench`` do.

    python -m bench.run [--engine sqlite|postgresql] [--officers 33000] [--responses 2000000] [--seconds 10]

PostgreSQL is the server that STUDYHUB_TEST_POSTGRESQL names (tools/with_postgresql.sh --durable makes one). Floor and
subject are measured in turns, and the ratio is the median of the ratios of the rounds, so that a machine that others
use too does not favour either.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random
from uuid import uuid4

from sqlalchemy import Engine, make_url, text

from bench import floor, processes, report
from bench.generate import OFFICERS, RESPONSES, Place, Size, askable, generate
from bench.history import KEEN, Asked
from bench.load import CLIENTS, Call, Sample, drive, median_sample
from bench.report import ELSEWHERE, Figure
from bench.servers import Running, Shape, serving
from bench.statements import Examiner
from bench.visitors import Sitting, Visitor, answers, pages, sign_in_all, sit_down, stand_up
from bench.weight import weigh
from studyhub.config import load_config
from studyhub.persistence.engine import make_engine

SECONDS = 10.0
ROUNDS = 5
PAGES = (
    # name, path ({set} is the first question of one's own running set), whether a set runs
    ("home, next set dealt", "/", False),
    ("home, a set runs", "/", True),
    ("practice: choose", "/practice", False),
    ("practice: question", "{set}", True),
    ("study sessions", "/study-sessions", True),
    ("study session", "/study-sessions/support-practice-first-hearing", True),
    ("skill map", "/progress", True),
    ("history", "/progress/history", True),
    ("trend", "/progress/trend", True),
    ("exams", "/exams", True),
    ("search", "/search?q=%E6%9A%97%E5%8F%B7", True),
    ("glossary", "/glossary", True),
    ("account", "/account", True),
)
Say = Callable[[str], None]


@dataclass(slots=True)
class Measured:
    """Rounds of one figure, each beside the floor measured just before."""

    samples: list[Sample] = field(default_factory=list)
    floors: list[Sample] = field(default_factory=list)

    def figure(self, name: str, **more: str) -> Figure:
        sample, floor_sample = median_sample(self.samples), median_sample(self.floors)
        ratios = [one.rate / other.rate for one, other in zip(self.samples, self.floors, strict=True)]
        times = " / ".join(f"{sample.percentile(share):.0f}" for share in (0.5, 0.95, 0.99))
        return Figure(
            name,
            f"{sample.rate:.0f}/s",
            times,
            f"{sample.cpu_ms:.1f} (floor {floor_sample.cpu_ms:.1f})",
            f"floor {floor_sample.rate:.0f}/s (p95 {floor_sample.percentile(0.95):.0f} ms)",
            f"{statistics.median(ratios):.2f}",
            **more,
        )


@dataclass(frozen=True, slots=True)
class Bench:
    """Both servers running, and officers signed in."""

    place: Place
    engine: Engine
    subject: Running
    ground: Running
    visitors: Sequence[Visitor]
    seconds: float
    """Of each round."""
    asked: Sequence[Asked]
    rng: Random

    def sit(self) -> list[Sitting]:
        return sit_down(self.engine, self.visitors, self.asked, self.rng)

    def insert_floor(self) -> Sample:
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        body = f"response_id={uuid4()}&choice=1".encode()
        return self._drive(self.ground, [[Call("/rows", form, body, b"saved")]] * CLIENTS, again=True)

    def page_floor(self) -> Sample:
        return self._drive(self.ground, [[Call("/page", {})]] * CLIENTS, again=True)

    def drive(self, scripts: Sequence[Sequence[Call]], *, again: bool) -> Sample:
        return self._drive(self.subject, scripts, again=again)

    def _drive(self, server: Running, scripts: Sequence[Sequence[Call]], *, again: bool) -> Sample:
        before = processes.processor_s(server.pid)
        sample = drive(server.port, scripts, self.seconds, again=again)
        return replace(sample, cpu_s=processes.processor_s(server.pid) - before)


def measure(bench: Bench, say: Say) -> list[Figure]:
    stored, shown = Measured(), Measured()
    shows: dict[tuple[str, str, bool], Measured] = {page: Measured() for page in PAGES}
    for number in range(1, ROUNDS + 1):
        say(f"round {number} of {ROUNDS}")
        for into, with_feedback in ((stored, False), (shown, True)):
            into.floors.append(bench.insert_floor())
            into.samples.append(bench.drive(answers(bench.sit(), shown=with_feedback), again=False))
        for running in (True, False):
            sittings = bench.sit()
            if not running:
                stand_up(bench.engine, bench.visitors)
            ground = bench.page_floor()
            for page, into in shows.items():
                if page[2] is running:
                    into.floors.append(ground)
                    into.samples.append(bench.drive(pages(sittings, page[1]), again=True))
    figures = [
        stored.figure("answer stored"),
        shown.figure("answer stored, feedback shown"),
    ]
    return [*figures, *_page_figures(bench, shows), *_memory_figures(bench)]


def _page_figures(bench: Bench, shows: dict[tuple[str, str, bool], Measured]) -> Iterator[Figure]:
    examiner = Examiner(bench.place, bench.visitors[0].user_id)
    sitting = bench.sit()[0]
    for (name, pattern, running), measured in sorted(shows.items(), key=lambda each: not each[0][2]):
        if not running:
            stand_up(bench.engine, bench.visitors)
        path = pattern.format(set=sitting.address(1))
        asked, weight = examiner.examine(path), weigh(bench.subject.port, bench.visitors[0], path)
        statements = str(asked.statements) if asked else ""
        if asked and asked.scans:
            statements += f" (reads all of {', '.join(asked.scans)})"
        yield measured.figure(
            name,
            statements=statements,
            weight=f"{weight.cold_bytes / 1000:.0f} ({weight.requests}), {weight.warm_bytes / 1000:.1f}",
        )
    examiner.close()


def _memory_figures(bench: Bench) -> Iterator[Figure]:
    for name, running in (("memory of the server", bench.subject), ("memory of the floor", bench.ground)):
        used = processes.memory(running.pid)
        yield Figure(
            name,
            f"{used.own:.0f} MB",
            beside=f"{used.processes} processes, {used.resident:.0f} MB resident in sum",
        )


@contextmanager
def prepared(engine: str, size: Size, kept: Path | None, say: Say) -> Iterator[Place]:
    """A generated site; one in ``kept`` is used again, any other is removed at the end."""
    folder = kept or Path(tempfile.mkdtemp(prefix="studyhub-bench."))
    place = Place(folder, _database(engine, folder, fresh=kept is None))
    try:
        if not (folder / "generated").exists():
            generate(place, size, say)
            (folder / "generated").touch()
        yield place
    finally:
        if kept is None:
            shutil.rmtree(folder)


def _database(engine: str, folder: Path, *, fresh: bool) -> str:
    if engine == "sqlite":
        return f"sqlite:///{folder / 'studyhub.sqlite3'}"
    server = make_url(os.environ["STUDYHUB_TEST_POSTGRESQL"])
    name = "studyhub_bench"
    with make_engine(server.render_as_string(hide_password=False)).connect() as connection:
        connection = connection.execution_options(isolation_level="AUTOCOMMIT")
        if fresh:
            connection.execute(text(f"DROP DATABASE IF EXISTS {name}"))
        if not connection.scalar(text(f"SELECT 1 FROM pg_database WHERE datname = '{name}'")):
            connection.execute(text(f"CREATE DATABASE {name}"))
    return server.set(database=name).render_as_string(hide_password=False)


def ground_of(place: Place) -> Place:
    """Where the floor keeps its table: beside the site, in the same engine."""
    url = place.database_url.replace("studyhub.sqlite3", "floor.sqlite3")
    floor.prepare(url)
    return Place(place.instance, url)


@contextmanager
def running(place: Place, shape: Shape, seconds: float) -> Iterator[Bench]:
    engine = make_engine(place.database_url)
    with ExitStack() as stack:
        ground = stack.enter_context(serving("floor", ground_of(place), shape))
        subject = stack.enter_context(serving("studyhub", place, shape, jobs=True))
        visitors = sign_in_all(subject.port, range(1, KEEN + 1))
        yield Bench(place, engine, subject, ground, visitors, seconds, askable(engine), Random())
    engine.dispose()


def run(engine: str, size: Size, seconds: float, kept: Path | None = None, say: Say = print) -> Path:
    """Measures one engine, prints the table and gives the path of what was written."""
    facts = report.machine()
    with prepared(engine, size, kept, say) as place:
        config = load_config(place.environment())
        shape = Shape(config.workers, config.threads)
        facts |= {"database": _database_facts(place), "server": str(shape), "clients": str(CLIENTS)}
        with running(place, shape, seconds / ROUNDS) as bench:
            figures = [*measure(bench, say), *ELSEWHERE]
    say(report.table(figures))
    return report.write(engine, facts, figures)


def _database_facts(place: Place) -> str:
    engine = make_engine(place.database_url)
    with engine.connect() as connection:
        counts = {name: connection.scalar(text(f"SELECT count(*) FROM {name}"))
                  for name in ("users", "responses", "practice_items", "questions", "topic_progress")}  # fmt: skip
        if engine.dialect.name == "sqlite":
            system = f"SQLite {connection.scalar(text('SELECT sqlite_version()'))}, WAL, synchronous FULL"
        else:
            durable = [
                f"{name} {connection.scalar(text(f'SHOW {name}'))}"
                for name in ("fsync", "synchronous_commit")
            ]
            system = f"PostgreSQL {connection.scalar(text('SHOW server_version'))}, {', '.join(durable)}"
    engine.dispose()
    return system + "; " + ", ".join(f"{count:,} {name}" for name, count in counts.items())


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--engine", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--officers", type=int, default=OFFICERS)
    parser.add_argument("--responses", type=int, default=RESPONSES)
    parser.add_argument("--seconds", type=float, default=SECONDS, help="of each figure, over all its rounds")
    parser.add_argument(
        "--site", type=Path, help="folder to keep the generated site in, and to find it again"
    )
    given = parser.parse_args()
    size = Size(given.officers, given.responses)
    print(run(given.engine, size, given.seconds, given.site.resolve() if given.site else None))


if __name__ == "__main__":
    main()
