"""What officers did on 180 days: practice sets of ten questions, their items, and the log of responses.

The first ``KEEN`` officers have the history that the plan foresees for everybody (60 million answers of 33,000
officers); the load signs in as them, so that their pages show full histories. The others share the rest, a few of
them most of it. Days are walked in order, so that the log is in the order of time as a real one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import accumulate
from random import Random

from bench.bulk import Bulk, Row, text_time

DAYS = 180
KEEN = 200
ANSWERS_OF_A_KEEN_OFFICER = 1800
QUESTIONS_OF_A_SET = 10
SETS_IN_MEMORY = 20_000
_ORDERS = ("[0, 1, 2, 3]", "[2, 0, 3, 1]", "[3, 1, 0, 2]", "[1, 3, 2, 0]")

SET_COLUMNS = ("id", "user_id", "mode", "minutes", "state", "created_at", "ended_at")
ITEM_COLUMNS = ("id", "practice_set_id", "position", "revision_id", "shown_order", "reason", "response_id")
RESPONSE_COLUMNS = (
    "seq", "id", "user_id", "question_id", "revision_id", "context", "practice_item_id", "given", "credit", "correct",
    "unsure", "first", "answered_at", "received_at", "duration_ms",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Asked:
    """A single-choice question that may be asked; ``right`` is the index of its right choice."""

    question_id: int
    revision_id: int
    right: int


@dataclass(slots=True)
class Batch:
    sets: list[Row] = field(default_factory=list)
    items: list[Row] = field(default_factory=list)
    responses: list[Row] = field(default_factory=list)

    def store(self, bulk: Bulk) -> None:
        bulk.insert("practice_sets", SET_COLUMNS, self.sets)
        bulk.insert("practice_items", ITEM_COLUMNS, self.items)
        bulk.insert("responses", RESPONSE_COLUMNS, self.responses)


def store_history(
    bulk: Bulk, officers: int, responses: int, asked: Sequence[Asked], now: datetime, rng: Random
) -> int:
    """Stores about ``responses`` answers and gives their number."""
    seen = [bytearray(len(asked) // 8 + 1) for _officer in range(officers + 1)]
    batch, stored = Batch(), 0
    for user_id, begun in _sittings(officers, responses // QUESTIONS_OF_A_SET, now, rng):
        _sit(batch, user_id, begun, asked, seen[user_id], stored, rng)
        stored += QUESTIONS_OF_A_SET
        if len(batch.sets) == SETS_IN_MEMORY:
            batch.store(bulk)
            batch = Batch()
    batch.store(bulk)
    return stored


def _sittings(officers: int, sets: int, now: datetime, rng: Random) -> Iterator[tuple[int, datetime]]:
    """Who sat down when, in the order of time."""
    keen = range(1, min(KEEN, officers) + 1)
    keen_sets_a_day = ANSWERS_OF_A_KEEN_OFFICER / QUESTIONS_OF_A_SET / DAYS
    others = range(len(keen) + 1, officers + 1)
    weights = list(accumulate(rng.lognormvariate(0, 1.2) for _officer in others))
    others_a_day = max(0.0, sets / DAYS - len(keen) * keen_sets_a_day)
    for days_ago in range(DAYS, 0, -1):
        today = [user_id for user_id in keen if rng.random() < keen_sets_a_day]
        today += rng.choices(others, cum_weights=weights, k=round(others_a_day)) if others else []
        rng.shuffle(today)
        morning = (now - timedelta(days=days_ago)).replace(hour=0, minute=0, second=0, microsecond=0)
        for place, user_id in enumerate(today):
            yield user_id, morning + timedelta(hours=12) * (place / len(today))


def _sit(
    batch: Batch,
    user_id: int,
    begun: datetime,
    asked: Sequence[Asked],
    seen: bytearray,
    stored: int,
    rng: Random,
) -> None:
    set_id = _uuid(rng)
    ability = 0.35 + user_id % 100 / 200
    batch.sets.append((set_id, user_id, "random", 10, "finished", text_time(begun),
                       text_time(begun + timedelta(minutes=10))))  # fmt: skip
    for position, place in enumerate(rng.sample(range(len(asked)), QUESTIONS_OF_A_SET), start=1):
        question = asked[place]
        number, response_id = stored + position, _uuid(rng)
        at = text_time(begun + timedelta(seconds=50 * position))
        correct = rng.random() < ability
        first = not seen[place >> 3] & 1 << (place & 7)
        seen[place >> 3] |= 1 << (place & 7)
        batch.items.append(
            (number, set_id, position, question.revision_id, _ORDERS[place & 3], "random", response_id)
        )
        batch.responses.append((
            number, response_id, user_id, question.question_id, question.revision_id, "practice", number,
            f'{{"chosen": {question.right if correct else (question.right + 1) % 4}}}', float(correct), int(correct),
            int(rng.random() < 0.05), int(first), at, at, 20_000 + place,
        ))  # fmt: skip


def _uuid(rng: Random) -> str:
    """Random as a client makes it, so that the index over ids grows at random places as a real one."""
    digits = f"{rng.getrandbits(128):032x}"
    return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-a{digits[17:20]}-{digits[20:]}"
