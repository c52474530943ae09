"""What may be uploaded and what is refused: each refusal names its file and leaves the others alone."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

import pytest

from studyhub.content.document_reading import DocumentFault, Unreadable
from studyhub.formats.upload_kinds import MEGABYTE, UploadKind
from studyhub.services import files, upload_checks
from studyhub.services.upload_checks import CheckedUpload, Checker, Incoming
from studyhub.services.virus_scan import VirusScanner
from tests.factories import uploads as made

Check = Callable[..., CheckedUpload]
XML_BOMB = (
    b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    b'<svg xmlns="http://www.w3.org/2000/svg"><text>&b;</text></svg>'
)


def _svg(inside: str, attributes: str = "") -> bytes:
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
        f"{attributes}>{inside}</svg>"
    ).encode()


@pytest.fixture
def check(tmp_path: Path) -> Check:
    checker = Checker(tmp_path / "files", 20 * MEGABYTE, VirusScanner(""))
    return lambda **named: checker.check(
        [Incoming(name.replace("__", "."), BytesIO(content)) for name, content in named.items()]
    )


def _refusal(check: Check, name: str, content: bytes) -> str:
    checked = check(**{name.replace(".", "__"): content})
    assert checked.files == ()
    (refusal,) = checked.refusals
    assert name in str(refusal)
    return str(refusal)


GOOD = {
    "slides.pdf": (made.pdf(3), UploadKind.PDF),
    "slides.pptx": (made.lecture(2), UploadKind.PRESENTATION),
    "notes.md": ("# 題名\n\n本文".encode(), UploadKind.NOTES),
    "cp932.md": ("# 題名\n\n本文".encode("cp932"), UploadKind.NOTES),
    "list.csv": ("品名,増減\nペン,-5\n電話,+81-3-0000\n".encode("cp932"), UploadKind.TABLE),
    "book.xlsx": (made.workbook(), UploadKind.WORKBOOK),
    "report.docx": (made.document(), UploadKind.DOCUMENT),
    "figure.png": (made.picture(), UploadKind.PICTURE),
    "photo.jpg": (made.picture("JPEG"), UploadKind.PICTURE),
    "moving.gif": (made.picture("GIF"), UploadKind.PICTURE),
    "small.webp": (made.picture("WEBP"), UploadKind.PICTURE),
    "drawing.svg": (made.DRAWING, UploadKind.DRAWING),
    "film.mp4": (made.film(), UploadKind.VIDEO),
}


@pytest.mark.parametrize("name", GOOD)
def test_honest_files_are_taken_and_lie_under_their_hash(check: Check, tmp_path: Path, name: str) -> None:
    content, kind = GOOD[name]
    checked = check(**{name.replace(".", "__"): content})
    assert checked.refusals == ()
    (file,) = checked.files
    assert (file.name, file.kind) == (name, kind)
    assert files.path_of(tmp_path / "files", file.kept.sha256).read_bytes() == content


def _parts(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(BytesIO(content)) as presentation:
        return {name: presentation.read(name) for name in presentation.namelist()}


def test_speaker_notes_are_read_and_stay_out_of_the_presentation_that_is_kept(
    check: Check, tmp_path: Path
) -> None:
    original = made.with_a_picture(made.lecture(4))
    assert "例を3つ話す。".encode() in b"".join(_parts(original).values())
    for upload in ({"talk__pptx": original}, {"all__zip": made.archive({"talk.pptx": original})}):
        checked = check(**upload)
        assert checked.refusals == ()
        (file,) = checked.files
        assert file.deck is not None
        assert [page.notes for page in file.deck.pages[2:]] == ["例を3つ話す。", "例を4つ話す。"]
        kept = files.path_of(tmp_path / "files", file.kept.sha256).read_bytes()
        assert len(kept) == file.kept.size
        parts, before = _parts(kept), _parts(original)
        assert not any("つ話す".encode() in content for content in parts.values())
        assert not any("notesSlide" in name or b"notesSlide" in content for name, content in parts.items())
        shown = {name for name in before if name.startswith(("ppt/slides/slide", "ppt/media/"))}
        assert len(shown) == 5
        assert {name: parts[name] for name in shown} == {name: before[name] for name in shown}


def test_a_presentation_that_cannot_be_rid_of_its_notes_is_refused(
    check: Check, monkeypatch: pytest.MonkeyPatch
) -> None:
    @contextmanager
    def takes_too_long(_presentation: Path) -> Iterator[Path]:
        raise Unreadable(DocumentFault.TOO_HEAVY)
        yield

    monkeypatch.setattr(upload_checks, "without_notes", takes_too_long)
    assert "時間かメモリ" in _refusal(check, "slides.pptx", made.lecture(3))


DISGUISED = {
    "a page as a picture": ("figure.png", b"<!DOCTYPE html><script>alert(1)</script>"),
    "a program as a PDF": ("slides.pdf", b"MZ\x90\x00\x03" + b"\0" * 200),
    "a PDF behind something else": ("slides.pdf", b"GIF89a" + made.pdf()),
    "an archive as a presentation": ("slides.pptx", made.archive({"a.txt": "a"})),
    "a document as a presentation": ("slides.pptx", made.document()),
    "a picture of another kind": ("figure.png", made.picture("GIF")),
    "a page as Markdown": ("notes.md", b"<html><body onload=alert(1)>"),
    "a program as text": ("readme.txt", b"MZ\x90\x00\x03\x00\x00\x00"),
    "zeros as a table": ("list.csv", b"a,b\n\x00\x00"),
    "a picture with an archive at its end": ("figure.png", made.picture() + made.archive({"a.txt": "a"})),
    "a PDF with an archive at its end": ("slides.pdf", made.pdf() + made.archive({"a.txt": "a"})),
    "a page as SVG": ("drawing.svg", b'<html xmlns="http://www.w3.org/1999/xhtml"/>'),
    "a picture as a film": ("film.mp4", made.picture()),
}


@pytest.mark.parametrize("case", DISGUISED)
def test_a_file_of_another_kind_than_its_name_says_is_refused(check: Check, case: str) -> None:
    assert "示す種類ではありません" in _refusal(check, *DISGUISED[case])


DANGEROUS_DRAWINGS = {
    "a script": _svg("<script>alert(1)</script>"),
    "a handler": _svg("", 'onload="alert(1)"'),
    "a foreign object": _svg("<foreignObject><p/></foreignObject>"),
    "a page inside": _svg('<p xmlns="http://www.w3.org/1999/xhtml">x</p>'),
    "a picture from elsewhere": _svg('<image href="https://example.com/x.png"/>'),
    "a picture from elsewhere, the old way": _svg('<image xlink:href="//example.com/x.png"/>'),
    "a running link": _svg('<a href="javascript:alert(1)"><path/></a>'),
    "a page as data": _svg('<use href="data:text/html,x"/>'),
    "a style that loads": _svg("<style>@import 'https://example.com/x.css';</style>"),
    "a style that loads, in disguise": _svg('<path style="fill:u\\72l(https://example.com)"/>'),
    "a fill from elsewhere": _svg('<path fill="url(https://example.com/#a)"/>'),
    "a link that is changed later": _svg('<set attributeName="xlink:href" to="javascript:alert(1)"/>'),
    "a style sheet": b'<?xml-stylesheet href="https://example.com/x.css"?>' + _svg(""),
    "a script in UTF-16": _svg("<script>alert(1)</script>").decode().encode("utf-16"),
}


@pytest.mark.parametrize("case", DANGEROUS_DRAWINGS)
def test_a_drawing_that_runs_or_reaches_out_is_refused(check: Check, case: str) -> None:
    assert "PNG" in _refusal(check, "drawing.svg", DANGEROUS_DRAWINGS[case])


def test_a_drawing_may_refer_to_its_own_parts(check: Check) -> None:
    inside = (
        '<defs><linearGradient id="a"/></defs><path fill="url(#a)" style="stroke:url(\'#a\')"/>'
        '<use xlink:href="#a"/><image href="data:image/png;base64,AAAA"/>'
    )
    assert check(drawing__svg=_svg(inside)).refusals == ()


@pytest.mark.parametrize(
    "content", [XML_BOMB, b'<!DOCTYPE svg SYSTEM "file:///etc/passwd"><svg/>', b"<svg", b"\xff\xfe<"]
)
def test_entities_and_broken_xml_are_refused(check: Check, content: bytes) -> None:
    assert "読み取れませんでした" in _refusal(check, "drawing.svg", content)


def test_entities_inside_an_office_file_are_refused(check: Check) -> None:
    for name, original, part in (
        ("slides.pptx", made.lecture(2), "ppt/slides/slide1.xml"),
        ("report.docx", made.document(), "word/document.xml"),
        ("book.xlsx", made.workbook(), "xl/workbook.xml"),
    ):
        assert "読み取れませんでした" in _refusal(check, name, made.with_member(original, part, XML_BOMB))


def test_macros_are_refused_by_name_and_by_what_is_inside(check: Check) -> None:
    assert "マクロ" in _refusal(check, "slides.pptm", made.lecture(2))
    inside = made.with_member(made.lecture(2), "ppt/vbaProject.bin", b"\0")
    assert "マクロ" in _refusal(check, "slides.pptx", inside)
    assert "マクロ" in _refusal(
        check, "book.xlsx", made.with_member(made.workbook(), "xl/macrosheets/s.xml", b"<a/>")
    )


def test_an_office_file_that_unfolds_into_gigabytes_is_refused_before_it_is_opened(check: Check) -> None:
    for name, original, part in (
        ("slides.pptx", made.lecture(2), "ppt/slides/slide1.xml"),
        ("book.xlsx", made.workbook(), "xl/worksheets/sheet1.xml"),
        ("report.docx", made.document(), "word/document.xml"),
    ):
        bomb = made.with_member(original, part, b"<a>" + b" " * (70 * MEGABYTE) + b"</a>")
        assert len(bomb) < MEGABYTE
        assert "大きくなりすぎる" in _refusal(check, name, bomb)


def test_a_workbook_that_calls_other_programs_is_refused(check: Check) -> None:
    link = b'<externalLink xmlns="x"><ddeLink ddeService="cmd" ddeTopic="/C calc"/></externalLink>'
    content = made.with_member(made.workbook(), "xl/externalLinks/externalLink1.xml", link)
    assert "ほかのプログラム" in _refusal(check, "book.xlsx", content)


@pytest.mark.parametrize(
    "cell", ["=cmd|' /C calc'!A0", "=SUM(A1)", "@SUM(A1)", "+cmd|' /C calc'!A0", "  =1+1"]
)
def test_a_table_with_formulas_is_refused_with_its_line(check: Check, cell: str) -> None:
    assert "3行目" in _refusal(check, "list.csv", f'a,b\n1,2\n3,"{cell}"\n'.encode())


@pytest.mark.parametrize("content", [made.pdf()[:40], b"%PDF-1.7\n" + b"x" * 500])
def test_a_damaged_pdf_is_refused(check: Check, content: bytes) -> None:
    assert "壊れている" in _refusal(check, "slides.pdf", content)


def test_files_with_a_password_say_so(check: Check) -> None:
    assert "パスワード" in _refusal(check, "slides.pdf", made.LOCKED_PDF)
    old_or_locked = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600
    assert "パスワード" in _refusal(check, "slides.pptx", old_or_locked)
    assert "パスワード" in _refusal(check, "all.zip", made.marked_encrypted(made.archive({"a.txt": "a"})))


def test_a_truncated_film_a_damaged_picture_and_a_broken_presentation_are_refused(check: Check) -> None:
    assert "途中で切れている" in _refusal(check, "film.mp4", made.film(kinds=(b"ftyp", b"mdat")))
    assert "壊れている" in _refusal(check, "film.mp4", made.film()[:-5])
    assert "壊れている" in _refusal(check, "figure.png", made.picture()[:45])
    broken = made.with_member(made.lecture(2), "ppt/slides/slide1.xml", b"<nothing")
    assert "壊れている" in _refusal(check, "slides.pptx", broken)


def test_a_picture_of_too_many_points_is_refused_before_it_is_unpacked(check: Check) -> None:
    content = made.picture(size=(9000, 9000))
    assert len(content) < MEGABYTE
    assert "メモリ" in _refusal(check, "figure.png", content)


@pytest.mark.parametrize(
    ("name", "word"),
    [("setup.exe", "受け付けていない"), ("noending", "受け付けていない"), ("old.ppt", ".pptx"), ("talk.key", ".pdf"),
     ("film.mov", ".mp4"), ("page.html", "受け付けていない")],
)  # fmt: skip
def test_other_kinds_say_what_to_do(check: Check, name: str, word: str) -> None:
    assert word in _refusal(check, name, b"something")


def test_an_empty_and_a_too_large_file_are_refused(check: Check) -> None:
    assert "空です" in _refusal(check, "slides.pdf", b"")
    assert "上限 20 MB" in _refusal(check, "slides.pdf", b"%PDF-1.4" + b" " * (20 * MEGABYTE))
    assert "大きすぎます" in _refusal(check, "notes.md", b"a" * 300_000)


def test_a_refused_file_harms_no_other(check: Check) -> None:
    checked = check(good__md=b"# a", bad__png=b"<html>", also__csv=b"a,b\n")
    assert [file.name for file in checked.files] == ["good.md", "also.csv"]
    assert len(checked.refusals) == 1


HOSTILE_PATHS = [
    "../outside.md",
    "/etc/cron.d/x.md",
    "a/../../x.md",
    "C:/x.md",
    "..\\x.md",
    "a//x.md",
    "bell\x07.md",
]


@pytest.mark.parametrize("path", HOSTILE_PATHS)
def test_an_archive_that_leads_out_of_its_folder_is_refused(check: Check, path: str) -> None:
    assert "フォルダーの外" in _refusal(check, "all.zip", made.archive({"good.md": "a", path: "b"}))


def test_other_tricks_of_archives_are_refused(check: Check) -> None:
    assert "フォルダーの外" in _refusal(check, "all.zip", made.symlink("/etc/passwd"))
    twice = BytesIO()
    with zipfile.ZipFile(twice, "w") as doubled:
        doubled.writestr("a.md", "one")
        doubled.writestr("A.md", "two")
    assert "同じ名前" in _refusal(check, "all.zip", twice.getvalue())
    inner = made.archive({"inner.zip": made.archive({"a.md": "a"})})
    assert "圧縮ファイル" in _refusal(check, "all.zip", inner)
    many = made.archive({f"{number}.md": "a" for number in range(301)})
    assert "多すぎます" in _refusal(check, "all.zip", many)
    bomb = made.archive({"a.csv": b"a,b\n" * (4 * MEGABYTE)})
    assert len(bomb) < MEGABYTE
    assert "大きくなりすぎる" in _refusal(check, "all.zip", bomb)
    assert "壊れている" in _refusal(check, "all.zip", made.archive({"a.md": "abc" * 100})[:-30])


def test_an_archive_that_lies_about_its_sizes_unpacks_no_more_than_it_says(check: Check) -> None:
    content = bytearray(made.archive({"a.csv": b"a,b\n" * 1000}))
    place = content.index(b"PK\x01\x02") + 24
    content[place : place + 4] = (10).to_bytes(4, "little")
    assert "壊れている" in _refusal(check, "all.zip", bytes(content))


def test_one_bad_member_refuses_its_archive_as_a_whole(check: Check) -> None:
    checked = check(all__zip=made.archive({"good.md": "a", "bad.png": b"<html>"}), other__md=b"# b")
    assert [file.name for file in checked.files] == ["other.md"]
    assert "bad.png" in str(checked.refusals[0])


def test_names_of_japanese_windows_are_read(check: Check) -> None:
    content = made.archive({"XXXX.md": "# a"}).replace(b"XXXX", "資料".encode("cp932"))
    checked = check(all__zip=content)
    assert [file.name for file in checked.files] == ["資料.md"]


def test_the_folder_of_a_session_is_found_wherever_it_lies(check: Check) -> None:
    for folder in ("brought/01-session/", "courses/brought/01-session/"):
        members = made.session_folder(folder=folder)
        checked = check(all__zip=made.archive(members))
        assert checked.refusals == ()
        assert {file.path for file in checked.files} == {"slides.pdf", "table.csv", "figures/cia.svg"}
        assert "持ち込みの勉強会" in (checked.page or "")
    alone = check(all__zip=made.archive({"session.md": "# a", "figures/cia.svg": made.DRAWING}))
    assert alone.page == "# a"
    two = made.archive({"1/session.md": "# a", "2/session.md": "# b"})
    assert "2件" in _refusal(check, "all.zip", two)
