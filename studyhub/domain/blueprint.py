"""What an examination is made of: how many questions of each field, how long, and who passes."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from studyhub.domain.syllabus import SyllabusStatus


@dataclass(frozen=True, slots=True)
class FieldQuota:
    """`questions` are shown, of which `scored` count; the rest are trial items."""

    topic_key: str
    questions: int
    scored: int


@dataclass(frozen=True, slots=True)
class PassRule:
    """Points needed in all and in each field; both out of `out_of`."""

    total: int
    each_field: int
    out_of: int

    def passes(self, total: float, fields: tuple[float, ...]) -> bool:
        return total >= self.total and all(points >= self.each_field for points in fields)


@dataclass(frozen=True, slots=True)
class Scale:
    """Our assumption of how ability (in logits) becomes points; the examiner's own is not published."""

    anchor_score: float
    anchor_ability: float
    points_per_ability: float


@dataclass(frozen=True, slots=True)
class Blueprint:
    id: str
    title: str
    title_en: str
    syllabus_id: str
    status: SyllabusStatus
    questions: int
    minutes: int
    fields: tuple[FieldQuota, ...]
    pass_rule: PassRule
    scale: Scale
    notes: tuple[str, ...] = ()
    notes_en: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()

    @property
    def scored(self) -> int:
        return sum(field.scored for field in self.fields)


def to_data(blueprint: Blueprint) -> dict[str, Any]:
    """Plain JSON-able values, as they are stored."""
    listed = asdict(blueprint) | {"fields": [asdict(quota) for quota in blueprint.fields]}
    return {name: list(value) if isinstance(value, tuple) else value for name, value in listed.items()}


def from_data(data: Mapping[str, Any]) -> Blueprint:
    """The inverse of `to_data`; raises KeyError or TypeError on anything it did not write."""
    texts = {name: tuple(data[name]) for name in ("notes", "notes_en", "sources")}
    parts = {
        "status": SyllabusStatus(data["status"]),
        "fields": tuple(FieldQuota(**quota) for quota in data["fields"]),
        "pass_rule": PassRule(**data["pass_rule"]),
        "scale": Scale(**data["scale"]),
    }
    return Blueprint(**{**data, **texts, **parts})


def days_until(exam_on: date, today: date) -> int:
    """0 on the day itself, negative afterwards."""
    return (exam_on - today).days
