"""Recall and time of the search on 5,000 synthetic documents, on SQLite and, when a server is named, on PostgreSQL.

    python -m bench.search [--documents 5000] [--postgresql postgresql+psycopg://postgres@127.0.0.1/postgres]

The text is drawn at random: words of two to four kanji by Zipf's law, kana between them, some words in Latin letters.
Recall is measured against a plain look through every text; times are those of the whole read behind the page: match,
visibility, counts by kind, ranking, twenty snippets.
"""

from __future__ import annotations

import argparse
import random
import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from sqlalchemy import Engine, select, text

from studyhub.domain.identity import Actor, Role
from studyhub.domain.search import Kind, normalise, parse_query
from studyhub.persistence import schema, search_index
from studyhub.persistence.engine import make_engine
from studyhub.persistence.models import Course, SearchDocument, StudySession
from studyhub.persistence.session import reading, transaction
from studyhub.reads.search import search_page
from studyhub.services.search import BATCH, Batch, store_batch
from studyhub.services.search_documents import Document

SEED = 20261123
CHARACTERS = 1000
"""A document, about."""
ALWAYS = ("暗号", "認証")
RANDOM_WORDS = 200
OFFICER = Actor(user_id=1, login="bench", display_name="", roles=frozenset({Role.OFFICER}))
SESSIONS = 100


def vocabulary(rng: random.Random) -> list[str]:
    kanji = [chr(code) for code in range(0x4E00, 0x9FA0)]
    common = rng.sample(kanji, 1500)
    words = ["".join(rng.choices(common, k=rng.choice((2, 2, 2, 3, 4)))) for _ in range(8000)]
    words += ["".join(rng.choices("abcdefghijklmnopqrstuvwxyz", k=rng.randint(2, 8))) for _ in range(500)]
    rng.shuffle(words)
    return words


def documents(rng: random.Random, words: Sequence[str], number: int) -> Iterator[Document]:
    weights = [1 / (rank + 10) for rank in range(len(words))]
    for place in range(number):
        drawn = rng.choices(words, weights, k=CHARACTERS // 4)
        if place % 25 == 0:
            drawn.insert(rng.randrange(len(drawn)), ALWAYS[place % 2])
        body = "".join(word + rng.choice("のはをにでと、。るたい") for word in drawn)
        key = f"session-{place % SESSIONS}"
        yield Document(Kind.STUDY_SESSION, f"{key}#s{place}", drawn[0], body, f"/study-sessions/{key}", key)


def fill(engine: Engine, found: Sequence[Document]) -> float:
    """Returns how many documents a second are indexed."""
    with transaction(engine) as db:
        course = Course(key="bench", title="bench", content_hash="")
        db.add(course)
        db.flush()
        for number in range(SESSIONS):
            row = StudySession(key=f"session-{number}", course_id=course.id, kind="study_session", title="回")
            row.status = "published"
            db.add(row)
    began = time.perf_counter()
    for first in range(0, len(found), BATCH):
        with transaction(engine) as db:
            store_batch(db, Batch(written=list(found[first : first + BATCH])))
    return len(found) / (time.perf_counter() - began)


def recall(engine: Engine, found: Sequence[Document], words: Sequence[str]) -> tuple[int, int]:
    """How many of the documents that hold a word were found, over all words; fails on one found wrongly."""
    texts = {document.ref: normalise(f"{document.title} {document.body}").text for document in found}
    there = hits = 0
    with reading(engine) as db:
        for word in words:
            truth = {ref for ref, said in texts.items() if word in said}
            asked = select(SearchDocument.ref).where(search_index.contains(db, parse_query(word)))
            got = set(db.scalars(asked))
            assert not got - truth, f"{word} was found where it is not"
            there, hits = there + len(truth), hits + len(got)
    return hits, there


def times_ms(engine: Engine, words: Sequence[str]) -> list[float]:
    spent = []
    for word in words:
        began = time.perf_counter()
        with reading(engine) as db:
            search_page(db, OFFICER, word, None, 1)
        spent.append((time.perf_counter() - began) * 1000)
    return spent


def measure(name: str, engine: Engine, number: int) -> None:
    rng = random.Random(SEED)
    words = vocabulary(rng)
    found = list(documents(rng, words, number))
    rate = fill(engine, found)
    if name == "postgresql":
        with engine.connect() as connection:
            connection.execution_options(isolation_level="AUTOCOMMIT").execute(text("VACUUM ANALYZE"))
    kanji = [word for word in words if len(word) == 2 and not word.isascii()]
    pairs = [*ALWAYS, *rng.sample(kanji, RANDOM_WORDS)]
    hits, there = recall(engine, found, pairs)
    print(f"| {name} | {number} | {rate:.0f}/s | {hits} of {there} ({hits / there:.1%}) |", end="")
    often = words[:3]
    longer = [word for word in words if len(word) >= 3][:50]
    for asked in (
        pairs,
        longer,
        [f"{a} {b}" for a, b in zip(words[:20], words[20:40], strict=True)],
        often,
        ["の", "る"],
    ):
        times_ms(engine, asked[:5])
        spent = times_ms(engine, asked)
        p95 = statistics.quantiles(spent, n=20)[-1] if len(spent) > 4 else max(spent)
        print(f" {statistics.median(spent):.1f} / {p95:.1f} |", end="")
    print()


@contextmanager
def postgresql_database(server: str) -> Iterator[Engine]:
    """A database of its own on the server, dropped afterwards."""
    admin = make_engine(server).execution_options(isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text("DROP DATABASE IF EXISTS bench_search"))
        connection.execute(text("CREATE DATABASE bench_search"))
    engine = make_engine(str(admin.url.set(database="bench_search").render_as_string(hide_password=False)))
    try:
        yield engine
    finally:
        engine.dispose()
        with admin.connect() as connection:
            connection.execute(text("DROP DATABASE bench_search"))


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--documents", type=int, default=5000)
    parser.add_argument("--postgresql", default="")
    asked = parser.parse_args()
    print(
        "| engine | documents | indexed | recall | two characters | longer | two words | frequent | one character |"
    )
    print("|---|---|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        engine = make_engine(f"sqlite:///{folder}/bench.sqlite3")
        schema.upgrade(engine)
        measure("sqlite", engine, asked.documents)
    if asked.postgresql:
        with postgresql_database(asked.postgresql) as engine:
            schema.upgrade(engine)
            measure("postgresql", engine, asked.documents)
    print("\nTimes are p50 / p95 in ms of one page of results.")


if __name__ == "__main__":
    main()
