"""A site in the size that is planned for: 33,000 officers, the project's content, and a log of a million answers.

    python -m bench.generate --instance FOLDER [--database URL] [--officers 33000] [--responses 2000000]

The content comes in through ``studyhub content sync``; questions beyond the pool are copies of those in it.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from random import Random

from sqlalchemy import Engine, func, select, text

from bench.bulk import Bulk, bulk
from bench.history import KEEN, Asked, store_history
from bench.population import store_population
from bench.projections import differing, store_projections
from bench.reading import store_guesses, store_reading
from studyhub.config import PROJECT_ROOT
from studyhub.domain.questions import SingleChoice, from_data
from studyhub.persistence import models
from studyhub.persistence.engine import make_engine
from studyhub.persistence.session import reading

SEED = 20261123
OFFICERS = 33_000
RESPONSES = 2_000_000
QUESTIONS = 2_800
"""26 past examinations with 100 questions each, and the project's own."""
CHECKED = 3
"""Officers whose projections are compared with the log."""

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Size:
    officers: int = OFFICERS
    responses: int = RESPONSES
    questions: int = QUESTIONS


@dataclass(frozen=True, slots=True)
class Place:
    """Where a site lives."""

    instance: Path
    database_url: str

    def environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("STUDYHUB_")}
        return kept | {
            "STUDYHUB_INSTANCE": str(self.instance),
            "STUDYHUB_DATABASE_URL": self.database_url,
            "STUDYHUB_CONTENT": str(PROJECT_ROOT),
        }

    def run(self, *arguments: str) -> None:
        """A command of StudyHub on this site."""
        command = [sys.executable, "-m", "studyhub", *arguments]
        subprocess.run(
            command, env=self.environment(), cwd=PROJECT_ROOT, check=True, stdout=subprocess.DEVNULL
        )


def generate(place: Place, size: Size, say: Say = print) -> None:
    """Raises RuntimeError when the projections are not those of the log."""
    place.instance.mkdir(parents=True, exist_ok=True)
    place.run("migrate")
    place.run("content", "sync")
    engine = make_engine(place.database_url)
    now, rng = datetime.now(UTC), Random(SEED)
    with bulk(engine) as rows:
        _step("questions", lambda: _copy_questions(engine, rows, size.questions), say)
    asked = askable(engine)
    with bulk(engine) as rows:
        _step("officers", lambda: store_population(rows, size.officers, now, rng), say)
        _step("responses", lambda: store_history(rows, size.officers, size.responses, asked, now, rng), say)
        _step("reading", lambda: store_reading(engine, rows, size.officers, now, rng), say)
        _step("guesses", lambda: store_guesses(rows), say)
        _step("projections", lambda: store_projections(rows, engine.dialect.name), say)
    if engine.dialect.name == "postgresql":
        # As autovacuum would have done by and by.
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            _step("vacuum", lambda: connection.execute(text("VACUUM ANALYZE")), say)
    _step("check of projections", lambda: _check(engine, size.officers), say)
    engine.dispose()


def _step(name: str, work: Callable[[], object], say: Say) -> None:
    begun = time.perf_counter()
    work()
    say(f"{name}: {time.perf_counter() - begun:.1f} s")


def _copy_questions(engine: Engine, rows: Bulk, wanted: int) -> None:
    with reading(engine) as db:
        count, highest = db.execute(select(func.count(), func.max(models.Question.id))).one()
        highest = max(highest, db.scalar(select(func.max(models.QuestionRevision.id))) or 0)
    for copy in range(1, -(-wanted // count)):
        _copy_once(rows, copy, copy * highest)


def _copy_once(rows: Bulk, copy: int, offset: int) -> None:
    """Keys are given by the hundred thousand rows elsewhere; here all of one copy are moved by one offset."""
    rows.run(
        "INSERT INTO questions (id, key, status, origin, main_topic_id, current_revision_id, teaches, fingerprint)"
        f" SELECT id + {offset}, 'copy{copy}-' || key, status, 'import', main_topic_id,"
        f" current_revision_id + {offset}, teaches, '' FROM questions WHERE origin = 'pool'"
    )
    rows.run(
        "INSERT INTO question_revisions (id, question_id, number, content_hash, kind, level, data, html, plain,"
        f" expected_facility, source_line, created_at) SELECT r.id + {offset}, r.question_id + {offset}, number,"
        " content_hash, kind, level, data, html, plain, expected_facility, source_line, created_at"
        " FROM question_revisions AS r JOIN questions AS q ON q.id = r.question_id WHERE q.origin = 'pool'"
    )
    rows.run(
        "INSERT INTO question_topics (question_id, topic_id, position)"
        f" SELECT question_id + {offset}, topic_id, position FROM question_topics AS t"
        " JOIN questions AS q ON q.id = t.question_id WHERE q.origin = 'pool'"
    )


def askable(engine: Engine) -> list[Asked]:
    """The published single-choice questions with four choices."""
    question, revision = models.Question, models.QuestionRevision
    found = (
        select(question.id, revision.id, revision.data)
        .join(revision, revision.id == question.current_revision_id)
        .where(question.status == "published", revision.kind == "single_choice")
        .order_by(question.id)
    )
    with reading(engine) as db:
        return [asked for row in db.execute(found) if (asked := _four_choices(*row))]


def _four_choices(question_id: int, revision_id: int, data: dict[str, object]) -> Asked | None:
    body = from_data(data).body
    if not isinstance(body, SingleChoice) or len(body.choices) != 4:
        return None
    return Asked(question_id, revision_id, next(i for i, choice in enumerate(body.choices) if choice.correct))


def _check(engine: Engine, officers: int) -> None:
    step = max(1, officers // CHECKED)
    sample = [1, *range(min(KEEN, officers) + 1, officers + 1, step)]
    if wrong := differing(engine, sample):
        raise RuntimeError(f"the projections of the officers {wrong} are not those of the log")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--instance", type=Path, required=True)
    parser.add_argument("--database")
    parser.add_argument("--officers", type=int, default=OFFICERS)
    parser.add_argument("--responses", type=int, default=RESPONSES)
    parser.add_argument("--questions", type=int, default=QUESTIONS)
    given = parser.parse_args()
    instance = given.instance.resolve()
    place = Place(instance, given.database or f"sqlite:///{instance / 'studyhub.sqlite3'}")
    generate(place, Size(given.officers, given.responses, given.questions))


if __name__ == "__main__":
    main()
