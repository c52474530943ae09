"""A question as officers will see it, with what the checks say beside each field."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from flask_babel import ngettext

from studyhub.domain.errors import Invalid
from studyhub.domain.question_editing import TypedQuestion, read_typed
from studyhub.domain.questions import Question, QuestionStatus
from studyhub.reads.question_seen import SeenQuestion, preview
from studyhub.services.question_checks import FieldFinding, Unpublishable, findings_of
from studyhub.services.question_editing import Figure, figures_for, render_question
from studyhub.web.errors import sentence
from studyhub.web.request import actor, reading_db


@dataclass(frozen=True, slots=True)
class Preview:
    """``seen`` is None where there is nothing to show yet; ``refusal`` then may say why."""

    seen: SeenQuestion | None = None
    findings: Mapping[str, tuple[FieldFinding, ...]] = field(default_factory=dict)
    refusal: str = ""

    @property
    def errors(self) -> int:
        return sum(each.is_error for found in self.findings.values() for each in found)

    @property
    def warnings(self) -> int:
        return sum(not each.is_error for found in self.findings.values() for each in found)


def preview_of(typed: TypedQuestion, key: str, source_line: str | None = None) -> Preview:
    """Of what is typed; faults that keep it from being saved are told when it is saved. Nothing is said of an empty form."""
    if typed.is_blank:
        return Preview()
    question = read_typed(typed, key, QuestionStatus.DRAFT, source_line).question
    figures = known_figures(question)
    try:
        rendered = render_question(question, figures)
    except Invalid as error:
        return Preview(refusal=sentence(error))
    with reading_db() as db:
        findings = findings_of(db, question, figures)
        seen = preview(db, actor(), question, rendered.html, rendered.plain)
    return Preview(seen, by_field(findings))


def known_figures(question: Question) -> Mapping[str, Figure]:
    """By name."""
    with reading_db() as db:
        return figures_for(db, question)


def unpublishable_text(error: Unpublishable) -> str:
    count = len(error.findings)
    return str(
        ngettext(
            "このままでは公開できません。直すところが%(num)s件あります。",
            "このままでは公開できません。直すところが%(num)s件あります。",
            count,
        )
    )


def by_field(findings: tuple[FieldFinding, ...]) -> dict[str, tuple[FieldFinding, ...]]:
    names = dict.fromkeys(each.field for each in findings)
    return {name: tuple(each for each in findings if each.field == name) for name in names}
