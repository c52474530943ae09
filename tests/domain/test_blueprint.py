import json
from datetime import date

import pytest

from studyhub.domain.blueprint import Blueprint, FieldQuota, PassRule, Scale, days_until, from_data, to_data
from studyhub.domain.syllabus import SyllabusStatus


def test_one_weak_field_fails_an_officer_with_a_high_total() -> None:
    rule = PassRule(total=600, each_field=300, out_of=1000)
    assert rule.passes(600, (300, 300, 300))
    assert not rule.passes(900, (1000, 1000, 299))
    assert not rule.passes(599, (700, 700, 700))


def _current() -> Blueprint:
    return Blueprint(
        id="ip-2026",
        title="ITパスポート試験",
        title_en="IT Passport",
        syllabus_id="ip-6.5",
        status=SyllabusStatus.CURRENT,
        questions=100,
        minutes=120,
        fields=(FieldQuota("s", 35, 32), FieldQuota("m", 20, 18), FieldQuota("t", 45, 42)),
        pass_rule=PassRule(600, 300, 1000),
        scale=Scale(600, 0, 130),
        notes=("分野ごとの数はおよその数です。",),
    )


def test_the_scored_questions_of_the_real_examination_are_92_of_100() -> None:
    assert _current().scored == 92


def test_a_stored_blueprint_comes_back_as_it_was() -> None:
    stored = json.loads(json.dumps(to_data(_current())))
    assert stored == to_data(_current())
    assert from_data(stored) == _current()


@pytest.mark.parametrize(
    ("exam_on", "days"), [(date(2026, 12, 1), 8), (date(2026, 11, 23), 0), (date(2026, 11, 20), -3)]
)
def test_days_are_counted_to_the_examination(exam_on: date, days: int) -> None:
    assert days_until(exam_on, date(2026, 11, 23)) == days
