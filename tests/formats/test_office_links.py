"""Where an office file may lead, before it is handed to officers."""

from __future__ import annotations

from io import BytesIO

import pytest

from studyhub.domain.errors import Invalid
from studyhub.formats.office_archive import check_office
from studyhub.formats.upload_kinds import type_of
from tests.factories import uploads as made

OFFICE = {"slides.pptx": made.lecture(2), "report.docx": made.document(), "book.xlsx": made.workbook()}


def _refusal(name: str, content: bytes) -> str:
    with pytest.raises(Invalid) as caught:
        check_office(name, type_of(name).kind, BytesIO(content))
    assert name in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize(("name", "part", "kind", "target"), [
    ("report.docx", "word/_rels/settings.xml.rels", "attachedTemplate", "http://example.com/t.dotm"),
    ("report.docx", "word/_rels/settings.xml.rels", "attachedTemplate", "https://example.com/t.dotm"),
    ("report.docx", "word/_rels/webSettings.xml.rels", "frame", "https://example.com/"),
    ("report.docx", "word/_rels/document.xml.rels", "subDocument", "part.docx"),
    ("report.docx", "word/_rels/document.xml.rels", "oleObject", "https://example.com/x.html!"),
    ("report.docx", "word/_rels/document.xml.rels", "image", "https://example.com/x.png"),
    ("report.docx", "word/_rels/document.xml.rels", "image", "\\\\example.com\\x.png"),
    ("report.docx", "word/_rels/document.xml.rels", "hyperlink", " FILE://example.com/x"),
    ("report.docx", "word/_rels/document.xml.rels", "hyperlink", "//example.com/x"),
    ("book.xlsx", "xl/externalLinks/_rels/externalLink1.xml.rels", "externalLinkPath", "file://evil/x.xlsx"),
    ("book.xlsx", "xl/externalLinks/_rels/externalLink1.xml.rels", "externalLinkPath", "other.xlsx"),
    ("slides.pptx", "ppt/slides/_rels/slide9.xml.rels", "video", "http://example.com/x.mp4"),
    ("slides.pptx", "ppt/slides/_rels/slide9.xml.rels", "video", "file:///C:/x.mp4"),
])  # fmt: skip
def test_an_office_file_that_fetches_from_elsewhere_is_refused_with_its_part(
    name: str, part: str, kind: str, target: str
) -> None:
    for mode in ("External", "external") if ":" not in target else ("External", ""):
        content = made.with_member(OFFICE[name], part, made.links(kind, target, mode))
        refusal = _refusal(name, content)
        assert part in refusal
        assert "外部へのリンクを解除して保存し直してください" in refusal


@pytest.mark.parametrize(("name", "part", "kind", "target"), [
    ("report.docx", "word/_rels/document.xml.rels", "hyperlink", "https://example.com/"),
    ("report.docx", "word/_rels/document.xml.rels", "hyperlink", "mailto:hanako@example.com"),
    ("report.docx", "word/_rels/document.xml.rels", "image", "NULL"),
    ("book.xlsx", "xl/worksheets/_rels/sheet1.xml.rels", "hyperlink", "#Sheet!A1"),
    ("slides.pptx", "ppt/slides/_rels/slide9.xml.rels", "video", "https://example.com/embed/x"),
    ("slides.pptx", "ppt/slides/_rels/slide9.xml.rels", "media", "film.mp4"),
])  # fmt: skip
def test_links_that_wait_for_their_reader_are_taken(name: str, part: str, kind: str, target: str) -> None:
    content = made.with_member(OFFICE[name], part, made.links(kind, target, "External"))
    check_office(name, type_of(name).kind, BytesIO(content))


def test_relationships_that_cannot_be_read_are_refused() -> None:
    in_ebcdic = '<?xml version="1.0" encoding="cp037"?><!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>'.encode(
        "cp037"
    )
    for content in (b"<nothing", in_ebcdic, b"", b"<a>" * 100_000 + b"</a>" * 100_000):
        broken = made.with_member(made.document(), "word/_rels/document.xml.rels", content)
        assert "壊れている" in _refusal("report.docx", broken)
