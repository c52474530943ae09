"""Keys that can be computed are computed: each module in ``proofs`` has a function for a question, named like its id."""

from __future__ import annotations

import pkgutil
from collections.abc import Callable
from decimal import Decimal
from importlib import import_module

from studyhub.domain.questions import (
    Attribute,
    MultipleChoice,
    Numeric,
    Question,
    QuestionStatus,
    SingleChoice,
    TrueFalse,
)
from tests.content import proofs
from tests.content.own import own_questions

COMPUTED = {Attribute.CALCULATION, Attribute.PROGRAM, Attribute.SPREADSHEET, Attribute.SQL}

Proof = Callable[[], object]


def _proofs() -> dict[str, Proof]:
    found: dict[str, Proof] = {}
    for module in pkgutil.iter_modules(proofs.__path__):
        for name, value in vars(import_module(f"tests.content.proofs.{module.name}")).items():
            if name.startswith(("ip_", "tdx_", "ip2027_")) and callable(value):
                assert name not in found, f"{name} is proved twice"
                found[name] = value
    return found


PROOFS = _proofs()


def _name(question_id: str) -> str:
    return question_id.replace("-", "_")


def _key(question: Question) -> object:
    match question.body:
        case SingleChoice(choices):
            return next(choice.text for choice in choices if choice.correct)
        case MultipleChoice(choices):
            return tuple(choice.text for choice in choices if choice.correct)
        case TrueFalse(answer):
            return answer
        case Numeric(value):
            return value
        case body:
            return body


def test_the_key_is_what_the_computation_gives() -> None:
    by_name = {_name(question.id): question for question in own_questions()}
    differing = {
        name: (given, key)
        for name, proof in sorted(PROOFS.items())
        if not _same(given := proof(), key := _key(by_name[name]))
    }
    assert differing == {}


def _same(given: object, key: object) -> bool:
    if isinstance(key, Decimal):
        return Decimal(str(given)) == key
    return str(given).strip() == key.strip() if isinstance(key, str) else given == key


def test_every_question_that_can_be_computed_is() -> None:
    wanted = {
        question.id
        for question in own_questions()
        if COMPUTED & set(question.attributes) and question.status is QuestionStatus.PUBLISHED
    }
    assert sorted(q for q in wanted if _name(q) not in PROOFS) == []
