from dataclasses import replace
from pathlib import Path

from studyhub.content.checks import check
from studyhub.content.loader import load
from studyhub.content.plan import Plan, Snapshot, fingerprints, plan_sync
from tests.content.conftest import QUESTION, SESSION, WriteContent

QUESTIONS = "question_pool/ip/23-security/61-security.yaml"
SESSION_FILE = "courses/basics/01-security/session.md"
FIGURE = "courses/basics/01-security/figures/cia.svg"


def plan(root: Path, held: Snapshot) -> Plan:
    content = load(root)
    return plan_sync(content, held, check(content))


def test_into_an_empty_database_everything_is_added(write_content: WriteContent) -> None:
    planned = plan(write_content(), Snapshot())
    assert planned.questions.added == ("ip-61-001", "ip-62-001")
    assert planned.study_sessions.added == ("security",)
    assert planned.terms.added == ("可用性",)
    assert not planned.is_empty


def test_a_second_run_has_nothing_to_do(write_content: WriteContent) -> None:
    root = write_content()
    planned = plan(root, fingerprints(load(root)))
    assert planned.is_empty
    assert planned.questions.unchanged == ("ip-61-001", "ip-62-001")


def test_a_changed_word_status_or_figure_is_a_change(write_content: WriteContent) -> None:
    held = fingerprints(load(write_content()))
    changed = plan(write_content({QUESTIONS: QUESTION.replace("止まらない", "使える")}), held)
    assert changed.questions.changed == ("ip-61-001",)
    assert changed.questions.unchanged == ("ip-62-001",)
    review = plan(write_content({QUESTIONS: QUESTION.replace("published", "review")}), held)
    assert review.questions.changed == ("ip-61-001",)
    figure = plan(write_content({FIGURE: "<svg><rect/></svg>"}), held)
    assert figure.study_sessions.changed == ("security",)


def test_a_question_moved_to_another_line_or_file_is_unchanged(write_content: WriteContent) -> None:
    held = fingerprints(load(write_content()))
    moved = {QUESTIONS: None, "question_pool/ip/other/other.yaml": "# moved\n\n" + QUESTION}
    assert plan(write_content(moved), held).is_empty


def test_what_is_no_longer_in_the_files_is_retired(write_content: WriteContent) -> None:
    held = fingerprints(load(write_content()))
    session = SESSION.replace("check: [ip-61-001]\n", "").replace("{{question ip-61-001}}", "")
    planned = plan(write_content({QUESTIONS: None, SESSION_FILE: session}), held)
    assert planned.questions.retired == ("ip-61-001",)


def test_a_faulty_question_stays_as_the_database_has_it(write_content: WriteContent) -> None:
    held = fingerprints(load(write_content()))
    planned = plan(write_content({QUESTIONS: QUESTION.replace("correct: true", "correct: false")}), held)
    assert planned.questions.changed == ()
    assert planned.questions.retired == ()
    assert planned.questions.unchanged == ("ip-61-001", "ip-62-001")


def test_nothing_is_retired_while_a_file_cannot_be_read(write_content: WriteContent) -> None:
    held = fingerprints(load(write_content()))
    held = replace(held, questions={**held.questions, "ip-61-009": "x"})
    planned = plan(write_content({QUESTIONS: "{"}), held)
    assert planned.questions.retired == ()
    assert planned.questions.unchanged == ("ip-61-001", "ip-61-009", "ip-62-001")
