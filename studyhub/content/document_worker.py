"""The child process of `document_reading`: one uploaded file in, what stands in it out as one JSON line.

Asked for it, it also writes a copy of a presentation without the speaker notes.

It runs alone, bounded, because it parses whatever somebody uploaded.
"""

from __future__ import annotations

import json
import os
import resource
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

MAX_TEXT_CHARACTERS = 20_000
MAX_TITLE_CHARACTERS = 300
MAX_PIXELS = 50_000_000
MAX_COPY_BYTES = 512 * 1024 * 1024
LARGE_TYPE = 0.75
"""Share of the largest type on a page from which on a line can be its title."""
_PASSWORD = "password"  # noqa: S105  # nosec B105 - a word in pdfium's message


def read_pdf(path: Path, most_pages: int) -> dict[str, Any]:
    import pypdfium2  # type: ignore[import-untyped,unused-ignore]

    try:
        document = pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as error:
        return {"fault": "locked" if _PASSWORD in str(error).lower() else "broken"}
    if not len(document):
        return {"fault": "broken"}
    if len(document) > most_pages:
        return {"fault": "too_many_pages"}
    try:
        pages = [_pdf_page(page) for page in document]
    except pypdfium2.PdfiumError:
        return {"fault": "broken"}
    title = document.get_metadata_dict().get("Title", "")
    return {"title": title[:MAX_TITLE_CHARACTERS], "pages": pages}


def _pdf_page(page: Any) -> dict[str, str]:
    from studyhub.content.pdf_pages_worker import text_of

    textpage = page.get_textpage()
    text = text_of(textpage)
    title = _largest_line(textpage)
    textpage.close()
    page.close()
    lines = text.split("\n")
    if title and _bare(lines[0]) == _bare(title):
        lines = lines[1:]
    elif title:
        lines = [line for line in lines if _bare(line) not in _bare(title)]
    return {"title": title or lines[0], "text": "\n".join(lines if title else lines[1:])}


def _bare(text: str) -> str:
    return "".join(text.split())


def _largest_line(textpage: Any) -> str:
    """The first run of large type, as people read a slide; empty for a page without type of its own size."""
    runs = list(_runs(textpage))
    largest = max((size for size, text in runs if text.strip()), default=0.0)
    for size, text in runs:
        plain = " ".join(text.split())
        if size >= LARGE_TYPE * largest and len(plain) > 1:
            return plain[:MAX_TITLE_CHARACTERS] if len({size for size, _ in runs}) > 1 else ""
    return ""


def _runs(textpage: Any) -> Iterator[tuple[float, str]]:
    """Characters of one size that follow each other, with that size."""
    import pypdfium2.raw as pdfium

    size, run = 0.0, ""
    for index in range(min(textpage.count_chars(), MAX_TEXT_CHARACTERS)):
        code = pdfium.FPDFText_GetUnicode(textpage, index)
        character = chr(code) if 0x20 <= code < 0xD800 or 0xE000 <= code <= 0xFFFD else " "
        here = round(pdfium.FPDFText_GetFontSize(textpage, index) * _scale(textpage, index), 1)
        if character.strip() and here != size:
            if run.strip():
                yield size, run
            size, run = here, ""
        run += character
    if run.strip():
        yield size, run


def _scale(textpage: Any, index: int) -> float:
    """Some programs write type of size one and stretch it."""
    import ctypes

    import pypdfium2.raw as pdfium

    matrix = pdfium.FS_MATRIX()
    if not pdfium.FPDFText_GetMatrix(textpage, index, ctypes.byref(matrix)):
        return 1.0
    return float(max(abs(matrix.a), abs(matrix.b)))


def read_presentation(path: Path, most_pages: int) -> dict[str, Any]:
    from pptx import Presentation

    presentation = Presentation(str(path))
    slides = [slide for slide in presentation.slides if slide.element.get("show") not in {"0", "false"}]
    if len(slides) > most_pages:
        return {"fault": "too_many_pages"}
    title = presentation.core_properties.title or ""
    return {"title": title[:MAX_TITLE_CHARACTERS], "pages": [_slide(slide) for slide in slides]}


def _slide(slide: Any) -> dict[str, str]:
    from studyhub.content.pdf_pages_worker import readable

    heading = slide.shapes.title
    title = " ".join(readable(heading.text_frame.text).split()) if heading is not None else ""
    shapes = [shape for shape in slide.shapes if heading is None or shape.shape_id != heading.shape_id]
    shapes.sort(key=lambda shape: (shape.top or 0, shape.left or 0))
    text = readable("\n".join(line for shape in shapes for line in _lines(shape)))
    has_notes = slide.has_notes_slide and slide.notes_slide.notes_text_frame is not None
    notes = readable(slide.notes_slide.notes_text_frame.text) if has_notes else ""
    return {"title": title[:MAX_TITLE_CHARACTERS], "text": text, "notes": notes}


def _lines(shape: Any, depth: int = 0) -> Iterator[str]:
    """Of text, tables and groups; numbers of pages and dates are no text of the slide."""
    from pptx.enum.shapes import PP_PLACEHOLDER

    if shape.is_placeholder and shape.placeholder_format.type in {
        PP_PLACEHOLDER.SLIDE_NUMBER,
        PP_PLACEHOLDER.DATE,
        PP_PLACEHOLDER.FOOTER,
    }:
        return
    if hasattr(shape, "shapes") and depth < 10:
        for inner in shape.shapes:
            yield from _lines(inner, depth + 1)
    elif getattr(shape, "has_table", False):
        for row in shape.table.rows:
            yield " ".join(cell.text_frame.text.replace("\n", " ") for cell in row.cells)
    elif shape.has_text_frame:
        yield from (paragraph.text.replace("\v", " ") for paragraph in shape.text_frame.paragraphs)


def read_picture(path: Path, _most_pages: int) -> dict[str, Any]:
    from PIL import Image

    Image.MAX_IMAGE_PIXELS = None  # looked at here, before anything is unpacked
    with Image.open(path) as image:
        if image.width * image.height > MAX_PIXELS:
            return {"fault": "too_heavy"}
        found, size = image.format, image.size
        image.load()
    return {"title": "", "pages": [], "format": found, "width": size[0], "height": size[1]}


def read_workbook(path: Path, _most_pages: int) -> dict[str, Any]:
    from openpyxl import load_workbook

    book = load_workbook(path, read_only=True, data_only=True)
    for sheet in book.worksheets:
        sheet.reset_dimensions()
        next(sheet.iter_rows(max_row=1, max_col=10, values_only=True), None)
    return {"title": book.properties.title or "", "pages": []}


def read_document(path: Path, _most_pages: int) -> dict[str, Any]:
    from zipfile import ZipFile

    from defusedxml.ElementTree import iterparse

    with ZipFile(path) as archive, archive.open("word/document.xml") as file:
        for _event, element in iterparse(file, forbid_dtd=True):
            element.clear()
    return {"title": "", "pages": []}


def write_without_notes(path: Path, target: Path) -> dict[str, Any]:
    """Leaves ``target`` as it is when no slide has notes. Only what can be reached from the slides is written."""
    from pptx import Presentation

    presentation = Presentation(str(path))
    notes = [
        (part, key)
        for part in presentation.part.package.iter_parts()
        for key, link in part.rels.items()
        if not link.is_external and _is_notes(link)
    ]
    for part, key in notes:
        part.rels.pop(key)
    if notes:
        presentation.save(str(target))
    return {}


def _is_notes(link: Any) -> bool:
    kind, content_type = str(link.reltype), str(link.target_part.content_type)
    return kind.endswith("/notesSlide") or content_type.endswith(".notesSlide+xml")


READERS: dict[str, Callable[[Path, int], dict[str, Any]]] = {
    "pdf": read_pdf,
    "presentation": read_presentation,
    "picture": read_picture,
    "workbook": read_workbook,
    "document": read_document,
}


def read(kind: str, path: Path, most_pages: int, target: Path | None) -> dict[str, Any]:
    """Whatever a library raises on what was uploaded means the same: it cannot be read."""
    try:
        return write_without_notes(path, target) if target else READERS[kind](path, most_pages)
    except MemoryError:
        return {"fault": "too_heavy"}
    except Exception:  # noqa: BLE001 (these libraries raise all kinds of errors on broken files)
        return {"fault": "broken"}


def _limit(memory_bytes: int, seconds: int, file_bytes: int) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (file_bytes, file_bytes))


if __name__ == "__main__":
    # Before the limit, so that no library's chatter can end up between the JSON.
    answer = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    copy = Path(sys.argv[6]) if len(sys.argv) > 6 else None
    _limit(int(sys.argv[4]), int(sys.argv[5]), MAX_COPY_BYTES if copy else 0)
    answer.write(json.dumps(read(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]), copy)) + "\n")
    answer.flush()
