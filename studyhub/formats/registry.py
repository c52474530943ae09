"""Which format a file of questions has, and how it is read and written."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import PurePath

from studyhub.domain.questions import Question
from studyhub.formats import past_exam, pool_yaml
from studyhub.formats.report import Findings, Reading
from studyhub.formats.yaml_fields import MAX_FILE_BYTES


@dataclass(frozen=True, slots=True)
class QuestionFormat:
    """`recognises` looks at the lower-case file suffix and the first characters; `write` is None where reading is all."""

    name: str
    recognises: Callable[[str, str], bool]
    read: Callable[[str, str], Reading[Question]]
    write: Callable[[Iterable[Question]], str] | None = None


FORMATS: tuple[QuestionFormat, ...] = (
    QuestionFormat(
        "past-exam-jsonl",
        lambda suffix, start: suffix in {".jsonl", ".ndjson"} or start.startswith("{"),
        past_exam.read_jsonl,
    ),
    QuestionFormat(
        "past-exam-csv",
        lambda suffix, start: suffix == ".csv" or "small_category" in start.split("\n", 1)[0],
        past_exam.read_csv,
    ),
    QuestionFormat(
        "studyhub-yaml",
        lambda suffix, start: suffix in {".yaml", ".yml"} or start.startswith("- id:"),
        pool_yaml.read,
        pool_yaml.write,
    ),
)


def sniff(file: str, text: str) -> QuestionFormat | None:
    """By the file's suffix where it tells, else by how the text begins."""
    suffix = PurePath(file).suffix.lower()
    by_suffix = (found for found in FORMATS if found.recognises(suffix, ""))
    by_text = (found for found in FORMATS if found.recognises("", text.lstrip("\ufeff \n")[:2_000]))
    return next(by_suffix, None) or next(by_text, None)


def read_questions(file: str, data: bytes) -> Reading[Question]:
    """`file` is the name as people know it; it gives past questions their ids."""
    findings = Findings(file)
    if len(data) > MAX_FILE_BYTES:
        findings.error("too-large", 0, limit=MAX_FILE_BYTES)
        return Reading((), findings.report())
    try:
        text = data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        findings.error("not-utf8", data.count(b"\n", 0, error.start) + 1)
        return Reading((), findings.report())
    found = sniff(file, text)
    if found is None:
        findings.error("unknown-format", 0)
        return Reading((), findings.report())
    return found.read(text, file)


def write_questions(questions: Iterable[Question]) -> str:
    """In our own format, which loses nothing."""
    return pool_yaml.write(questions)
