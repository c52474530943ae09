"""Files as lecturers upload them, and as somebody hostile would: made here, so that no binary lies in the repository."""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Mapping, Sequence
from io import BytesIO

from openpyxl import Workbook
from PIL import Image
from pptx import Presentation

PNG_HEAD = b"\x89PNG\r\n\x1a\n"


def presentation(slides: Sequence[tuple[str, str, str]], *, title: str = "") -> bytes:
    """Slides as (title, text, speaker notes)."""
    made = Presentation()
    made.core_properties.title = title
    for number, (heading, text, notes) in enumerate(slides):
        slide = made.slides.add_slide(made.slide_layouts[0 if number == 0 else 1])
        if slide.shapes.title is not None:
            slide.shapes.title.text = heading
        slide.placeholders[1].text = text  # type: ignore[attr-defined]
        if notes:
            slide.notes_slide.notes_text_frame.text = notes  # type: ignore[union-attr]
    content = BytesIO()
    made.save(content)
    return content.getvalue()


def with_a_picture(original: bytes) -> bytes:
    """The presentation with a picture on its first slide."""
    made = Presentation(BytesIO(original))
    made.slides[0].shapes.add_picture(BytesIO(picture()), 0, 0)
    content = BytesIO()
    made.save(content)
    return content.getvalue()


def lecture(number: int = 30) -> bytes:
    """A presentation as somebody gives it: a cover, the aims, and what is told."""
    return presentation(
        [
            ("情報セキュリティの基本", "2026年度 第3回 勉強会", ""),
            (
                "今日のゴール",
                "三つの要素を自分の仕事の例で説明できる\nパスワードの使い回しの危険を説明できる",
                "",
            ),
            *(
                (f"論点{n}：完全性", "暗号化と認証の違い\n機密性とは何か", f"例を{n}つ話す。")
                for n in range(3, number + 1)
            ),
        ]
    )


def workbook() -> bytes:
    book = Workbook()
    book.active.append(["品名", "数"])  # type: ignore[union-attr]
    content = BytesIO()
    book.save(content)
    return content.getvalue()


def document() -> bytes:
    """The least that is a DOCX."""
    return archive(
        {
            "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
            '<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.'
            'wordprocessingml.document.main+xml"/></Types>',
            "word/document.xml": "<document><body><p>本文</p></body></document>",
        }
    )


def picture(format_: str = "PNG", size: tuple[int, int] = (8, 8)) -> bytes:
    content = BytesIO()
    Image.new("RGB", size, "navy").save(content, format_)
    return content.getvalue()


def film(*, kinds: Sequence[bytes] = (b"ftyp", b"moov", b"mdat")) -> bytes:
    body = b"isom\x00\x00\x02\x00isomiso2avc1mp41"
    return b"".join(struct.pack(">I4s", 8 + len(body), kind) + body for kind in kinds)


def pdf(pages: int = 1) -> bytes:
    kids = " ".join(["3 0 R"] * pages)
    return (
        "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
        f"2 0 obj<</Type/Pages/Kids[{kids}]/Count {pages}>>endobj\n"
        "3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 960 540]>>endobj\ntrailer<</Root 1 0 R>>\n"
    ).encode()


LOCKED_PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n"
    b"4 0 obj<</Filter/Standard/V 1/R 2/O<" + b"28" * 32 + b">/U<" + b"28" * 32 + b">/P -44>>endobj\n"
    b"trailer<</Root 1 0 R/Encrypt 4 0 R/ID[<00><00>]>>\n"
)
"""Asks for a password nobody knows."""


def archive(members: Mapping[str, bytes | str], *, compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    content = BytesIO()
    with zipfile.ZipFile(content, "w", compression) as made:
        for name, text in members.items():
            made.writestr(name, text)
    return content.getvalue()


def with_member(original: bytes, name: str, content: bytes) -> bytes:
    """The archive with one member more, or with another content of it."""
    found = {}
    with zipfile.ZipFile(BytesIO(original)) as source:
        found = {info.filename: source.read(info) for info in source.infolist()}
    return archive({**found, name: content})


def links(kind: str, target: str, mode: str) -> bytes:
    """A part of relationships of an office file, with one of them."""
    namespace = "http://schemas.openxmlformats.org/package/2006/relationships"
    type_ = f"http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}"
    outside = f' TargetMode="{mode}"' if mode else ""
    return (
        f'<Relationships xmlns="{namespace}"><Relationship Id="rId1" Type="{type_}" Target="{target}"{outside}/>'
        "</Relationships>"
    ).encode()


def symlink(target: str) -> bytes:
    info = zipfile.ZipInfo("figures/link.png")
    info.external_attr = 0o120777 << 16
    content = BytesIO()
    with zipfile.ZipFile(content, "w") as made:
        made.writestr(info, target)
    return content.getvalue()


def marked_encrypted(original: bytes) -> bytes:
    """With the flag of a password on the first member, in both its places."""
    local, central = original.index(b"PK\x03\x04"), original.index(b"PK\x01\x02")
    changed = bytearray(original)
    changed[local + 6] |= 1
    changed[central + 8] |= 1
    return bytes(changed)


SESSION_PAGE = """---
id: uploaded-session
title: 持ち込みの勉強会
status: published
minutes: 45
held_on: 2026-12-02
starts_at: "15:00"
lecturers: [例田 花子]
objectives: [三つの要素を説明できる]
materials:
  - {file: slides.pdf, title: 投影資料, role: slides}
  - {file: table.csv, title: 記入表, role: handout}
---

## 三つの要素 {#cia}

![三角形](figures/cia.svg)
"""

COURSE = "course: brought\ntitle: 持ち込みの講座\norder: 9\n"
DRAWING = (
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10"><path d="M0 0h10v10z" fill="#123"/></svg>'
)


def session_folder(
    *, page: str = SESSION_PAGE, folder: str = "brought/01-session/"
) -> dict[str, bytes | str]:
    return {
        "brought/course.yaml": COURSE,
        f"{folder}session.md": page,
        f"{folder}slides.pdf": pdf(2),
        f"{folder}table.csv": "a,b\n1,2\n",
        f"{folder}figures/cia.svg": DRAWING,
        "__MACOSX/._x": b"\0",
    }
