"""The supervisor's pages on a generated site: the matrix of 270 people, and 33,000 people through units.

    python -m bench.team [--engine sqlite|postgresql] [--site FOLDER] [--officers 33000] [--responses 2000000]

Each page is measured beside the floor of the same run, in turns; the nightly picture of all units is timed once. The
supervisors are officers of the population who head units by concurrent posts from today on.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from random import Random

from sqlalchemy import Engine, delete, func, select

from bench.generate import OFFICERS, RESPONSES, Size
from bench.population import OFFICERS_OF_A_TEAM, UNITS_BELOW
from bench.report import Figure, table
from bench.run import Bench, Measured, ground_of, prepared
from bench.servers import Shape, serving
from bench.statements import Examiner
from bench.visitors import sign_in_all
from bench.weight import weigh
from studyhub.config import load_config
from studyhub.domain.days import office_day
from studyhub.persistence import models
from studyhub.persistence.engine import make_engine
from studyhub.persistence.session import reading, transaction
from studyhub.services.unit_pictures import ROWS_AT_ONCE, forget_others, prepare, rows_of, store

ROUNDS = 5
OF_A_SECTION, OF_A_DIVISION, OF_ALL = 1, 2, 3
"""Numbers of the officers who supervise."""
PAGES = (
    # name, who, path
    ("team: a section of 45", OF_A_SECTION, "/team"),
    ("team: 270 people, 23 topics", OF_A_DIVISION, "/team"),
    ("team: 270 people, one topic", OF_A_DIVISION, "/team?topic=ip-6.5:m23"),
    ("team: 33,000 people, by bureau", OF_ALL, "/team"),
    ("team: a bureau of them", OF_ALL, "/team?unit=U{bureau}"),
)


def appoint(engine: Engine) -> int:
    """Who supervises what; gives the id of a bureau."""
    today = office_day(datetime.now(UTC))
    with transaction(engine) as db:
        units = db.execute(select(models.Unit.id, models.Unit.level, models.Unit.parent_id)).all()
        bureaus = [unit.id for unit in units if unit.level == "bureau"]
        division = min(unit.id for unit in units if unit.level == "division")
        sections = [unit.id for unit in units if unit.level == "section" and unit.parent_id != division]
        three_hundred = [
            division,
            *sections[: (300 - UNITS_BELOW**2 * OFFICERS_OF_A_TEAM) // (UNITS_BELOW * OFFICERS_OF_A_TEAM)],
        ]
        led = {OF_A_SECTION: sections[5:6], OF_A_DIVISION: three_hundred, OF_ALL: bureaus}
        db.execute(delete(models.Post).where(models.Post.kind == "concurrent"))
        db.execute(delete(models.UserRole).where(models.UserRole.role == "supervisor"))
        for user_id, headed in led.items():
            db.add(models.UserRole(user_id=user_id, role="supervisor"))
            db.add_all(
                models.Post(
                    user_id=user_id, unit_id=unit_id, kind="concurrent", heads_unit=True, starts_on=today
                )
                for unit_id in headed
            )
    return bureaus[0]


def picture(engine: Engine) -> Iterator[Figure]:
    """As the job does it."""
    now = datetime.now(UTC)
    begun, longest, number = time.perf_counter(), 0.0, 0
    with reading(engine) as db:
        picturing = prepare(db, office_day(now))
    for part in picturing.parts:
        with reading(engine) as db:
            rows = rows_of(db, picturing, part, now)
        number += len(rows)
        for first in range(0, len(rows), ROWS_AT_ONCE):
            held = time.perf_counter()
            with transaction(engine) as db:
                store(db, rows[first : first + ROWS_AT_ONCE])
            longest = max(longest, time.perf_counter() - held)
    with transaction(engine) as db:
        forget_others(db, now)
    spent = time.perf_counter() - begun
    yield Figure(
        "nightly picture of all units",
        f"{spent:.0f} s",
        beside=f"{number:,} rows; longest turn of a writer {longest * 1000:.0f} ms",
    )


def measure(bench: Bench, bureau: int) -> Iterator[Figure]:
    shows = {page: Measured() for page in PAGES}
    for _round in range(ROUNDS):
        for page, into in shows.items():
            visitor, path = bench.visitors[page[1] - 1], page[2].format(bureau=bureau)
            into.floors.append(bench.page_floor())
            into.samples.append(bench.drive([[visitor.page(path)]] * 2, again=True))
    for (name, who, pattern), measured in shows.items():
        path = pattern.format(bureau=bureau)
        examiner = Examiner(bench.place, who)
        asked, weight = examiner.examine(path), weigh(bench.subject.port, bench.visitors[who - 1], path)
        examiner.close()
        scans = f" (reads all of {', '.join(asked.scans)})" if asked and asked.scans else ""
        figure = measured.figure(
            name, weight=f"{weight.cold_bytes / 1000:.0f}, {weight.warm_bytes / 1000:.1f}"
        )
        yield replace(figure, statements=f"{asked.statements if asked else ''}{scans}")


def run(engine_name: str, size: Size, seconds: float, kept: Path | None) -> Sequence[Figure]:
    with prepared(engine_name, size, kept, print) as place:
        engine = make_engine(place.database_url)
        bureau = appoint(engine)
        figures = list(picture(engine))
        config = load_config(place.environment())
        shape = Shape(config.workers, config.threads)
        with (
            serving("floor", ground_of(place), shape) as ground,
            serving("studyhub", place, shape) as subject,
        ):
            visitors = sign_in_all(subject.port, range(1, OF_ALL + 1))
            bench = Bench(place, engine, subject, ground, visitors, seconds / ROUNDS, [], Random())
            figures += measure(bench, bureau)
        with reading(engine) as db:
            print(f"{db.scalar(select(func.count()).select_from(models.User)):,} people")
        engine.dispose()
    return figures


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--engine", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--officers", type=int, default=OFFICERS)
    parser.add_argument("--responses", type=int, default=RESPONSES)
    parser.add_argument("--seconds", type=float, default=10.0, help="of each figure, over all its rounds")
    parser.add_argument("--site", type=Path)
    given = parser.parse_args()
    size = Size(given.officers, given.responses)
    print(table(run(given.engine, size, given.seconds, given.site.resolve() if given.site else None)))


if __name__ == "__main__":
    main()
