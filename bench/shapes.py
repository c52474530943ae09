"""Which shape of the server is best: processes × threads, on one engine. Prints a table for docs/decisions/.

    python -m bench.shapes [--engine sqlite|postgresql] [--site FOLDER]

The floor always runs in the same shape; each round measures it too, so that the shapes can be compared although the
machine drifts between them.
"""

from __future__ import annotations

import argparse
import statistics
from collections.abc import Iterator
from pathlib import Path
from random import Random

from bench.generate import Size, askable
from bench.load import Sample, median_sample
from bench.processes import memory
from bench.run import Bench, ground_of, prepared
from bench.servers import Shape, serving
from bench.visitors import answers, pages, sign_in_all, sit_down
from studyhub.persistence.engine import make_engine

ROUNDS = 4
SECONDS = 1.5
OFFICERS = 64
GROUND = Shape(2, 1)
SHAPES = (
    *(Shape(workers, 1, "sync") for workers in (1, 2, 3)),
    *(Shape(workers, threads) for workers in (1, 2, 3) for threads in (1, 2, 4)),
)


def compare(engine: str, size: Size, kept: Path | None) -> Iterator[str]:
    yield "| shape | answers/s | p50 / p95 / p99 ms | share of the floor | question pages/s | p95 ms | memory MB |"
    yield "|---|---|---|---|---|---|---|"
    with prepared(engine, size, kept, print) as place:
        database = make_engine(place.database_url)
        asked = askable(database)
        with serving("floor", ground_of(place), GROUND) as ground:
            for shape in SHAPES:
                with serving("studyhub", place, shape) as subject:
                    visitors = sign_in_all(subject.port, range(1, OFFICERS + 1))
                    bench = Bench(place, database, subject, ground, visitors, SECONDS, asked, Random())
                    yield _row(shape, bench)
        database.dispose()


def _row(shape: Shape, bench: Bench) -> str:
    stored: list[Sample] = []
    read: list[Sample] = []
    shares = []
    for _round in range(ROUNDS):
        floor = bench.insert_floor()
        sittings = sit_down(bench.engine, bench.visitors, bench.asked, bench.rng)
        stored.append(bench.drive(answers(sittings, shown=False), again=False))
        read.append(bench.drive(pages(sittings, "{set}"), again=True))
        shares.append(stored[-1].rate / floor.rate)
    answer, page = median_sample(stored), median_sample(read)
    times = " / ".join(f"{answer.percentile(share):.0f}" for share in (0.5, 0.95, 0.99))
    return (
        f"| {shape} | {answer.rate:.0f} | {times} | {statistics.median(shares):.2f} | {page.rate:.0f} |"
        f" {page.percentile(0.95):.0f} | {memory(bench.subject.pid).own:.0f} |"
    )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--engine", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--site", type=Path)
    given = parser.parse_args()
    for line in compare(given.engine, Size(), given.site.resolve() if given.site else None):
        print(line, flush=True)


if __name__ == "__main__":
    main()
