from pathlib import Path

from studyhub.content.loader import load
from tests.content.conftest import QUESTION, SESSION, WriteContent

QUESTIONS = "question_pool/ip/23-security/61-security.yaml"
SESSION_FILE = "courses/basics/01-security/session.md"


def found(root: Path) -> list[tuple[str, str, int]]:
    return [(finding.code, finding.file, finding.line) for finding in load(root).report.findings]


def test_faultless_content_is_read_whole(write_content: WriteContent) -> None:
    content = load(write_content())
    assert content.report.findings == ()
    assert [loaded.question.id for loaded in content.questions] == ["ip-61-001", "ip-62-001"]
    assert content.questions[0].file == QUESTIONS
    assert [loaded.course.id for loaded in content.courses] == ["basics"]
    session = content.study_sessions[0]
    assert (session.course_id, session.page.id, session.position) == ("basics", "security", 0)
    assert [file.name for file in session.figures] == ["figures/cia.svg"]


def test_a_file_that_cannot_be_read_does_not_hide_the_others(write_content: WriteContent) -> None:
    root = write_content()
    (root / QUESTIONS).write_bytes("- id: 問".encode("cp932"))
    content = load(root)
    assert [finding.code for finding in content.report.errors] == ["not-utf8"]
    assert [loaded.question.id for loaded in content.questions] == ["ip-62-001"]


def test_a_missing_figure_is_told_at_the_line_of_the_text(write_content: WriteContent) -> None:
    root = write_content({SESSION_FILE: SESSION.replace("cia.svg", "none.svg")})
    assert found(root) == [("missing-file", SESSION_FILE, 12)]


def test_files_outside_the_folder_are_not_taken(write_content: WriteContent) -> None:
    front = "materials:\n  - {file: ../../../../etc/passwd, title: x, role: handout}\nstatus: published"
    root = write_content({SESSION_FILE: SESSION.replace("status: published", front)})
    assert [code for code, _, _ in found(root)] == ["file-outside"]


def test_a_symbolic_link_cannot_lead_outside(write_content: WriteContent, tmp_path: Path) -> None:
    root = write_content()
    figure = root / "courses/basics/01-security/figures/cia.svg"
    figure.unlink()
    figure.symlink_to("/etc/hostname")
    assert [code for code, _, _ in found(root)] == ["file-outside"]


def test_a_figure_of_a_question_lies_beside_its_file(write_content: WriteContent) -> None:
    stem = "次の図で止まらないことを表すものはどれか。\\n![三つの箱](figures/cia.svg)"
    text = QUESTION.replace("止まらないことを表すものはどれか。", f'"{stem}"')
    root = write_content({QUESTIONS: text, "question_pool/ip/23-security/figures/cia.svg": "<svg/>"})
    content = load(root)
    assert content.report.findings == ()
    assert content.questions[0].figures[0].path.read_text(encoding="utf-8") == "<svg/>"


def test_a_folder_without_a_course_file_is_told(write_content: WriteContent) -> None:
    root = write_content({"courses/basics/course.yaml": None})
    assert found(root) == [("missing-file", "courses/basics/course.yaml", 0)]


def test_an_empty_place_is_empty_content(tmp_path: Path) -> None:
    assert load(tmp_path).questions == ()
    assert found(tmp_path) == []


def test_the_content_of_the_project_is_read_in_seconds() -> None:
    content = load(Path(__file__).resolve().parents[2])
    assert content.report.errors == ()
    assert len(content.syllabi) == 4
