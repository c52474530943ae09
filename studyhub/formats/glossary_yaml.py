"""The glossary: a list of terms with reading, definition, abbreviations and topics."""

from dataclasses import dataclass

from studyhub.formats.report import Findings, Located, Reading
from studyhub.formats.yaml_fields import Fields, root_entries


@dataclass(frozen=True, slots=True)
class Abbreviation:
    """`long` is empty where the author gave the short form alone."""

    short: str
    long: str = ""


@dataclass(frozen=True, slots=True)
class Term:
    """`reading` in kana; `see` lists ids of study sessions; `definition` is Markdown."""

    term: str
    reading: str
    definition: str
    term_en: str = ""
    abbreviations: tuple[Abbreviation, ...] = ()
    topics: tuple[str, ...] = ()
    see: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()


def read(text: str, file: str) -> Reading[Term]:
    findings = Findings(file)
    items: list[Located[Term]] = []
    for fields in root_entries(text, findings):
        before = findings.error_count
        term = _term(fields)
        if findings.error_count == before:
            items.append(Located(term, file, fields.line))
    return Reading(tuple(items), findings.report())


def _term(fields: Fields) -> Term:
    fields.item = fields.text("term")
    term = Term(
        term=fields.item,
        reading=fields.text("reading"),
        definition=fields.text("definition"),
        term_en=fields.text("term_en", ""),
        abbreviations=_abbreviations(fields),
        topics=fields.texts("topics"),
        see=fields.texts("see"),
        sources=fields.texts("sources"),
    )
    fields.note_unread()
    return term


def _abbreviations(fields: Fields) -> tuple[Abbreviation, ...]:
    """Objects with `short` and `long`, or plain texts."""
    if fields.lists_texts("abbreviations"):
        return tuple(Abbreviation(text) for text in fields.texts("abbreviations"))
    entries = fields.entries("abbreviations")
    return tuple(Abbreviation(entry.text("short"), entry.text("long", "")) for entry in entries)
