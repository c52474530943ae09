"""The child process of `pdf_pages`: one PDF in, images into a folder, one JSON line a page out.

It runs alone because pdfium is native code that parses whatever somebody uploaded.
"""

from __future__ import annotations

import json
import re
import resource
import sys
from pathlib import Path
from typing import Any

IMAGE_WIDTH = 1600
MAX_IMAGE_HEIGHT = 3200
MAX_TEXT_CHARACTERS = 20_000
MAX_IMAGE_BYTES = 16 * 1024 * 1024
WEBP_QUALITY = 80

_CJK = re.compile(r"[\u2e80-\u303f\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff]")
_NOT_TEXT = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_BLANKS = (0x20, 0xA0)
COLUMN_GAP = 0.7
"""In heights of a character: a wider gap parts two columns of a table, a narrower one only spaced-out letters."""


def readable(text: str) -> str:
    """Lines without control characters, marks of hyphens and blanks at their ends."""
    lines = _NOT_TEXT.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).split("\n")
    joined = (" ".join(line.split()) for line in lines)
    return "\n".join(line for line in joined if line)[:MAX_TEXT_CHARACTERS]


def text_of(textpage: Any) -> str:
    """Without the blanks that pdfium, not the author, put between Japanese characters."""
    import pypdfium2.raw as pdfium  # type: ignore[import-untyped,unused-ignore]

    count = min(textpage.count_chars(), MAX_TEXT_CHARACTERS)
    codes = [pdfium.FPDFText_GetUnicode(textpage, index) for index in range(count)]
    kept = [
        chr(code)
        for index, code in enumerate(codes)
        if code <= sys.maxunicode and not (code in _BLANKS and _spaces_out(textpage, codes, index))
    ]
    # Characters beyond the first plane come as two surrogates.
    return readable("".join(kept).encode("utf-16", "surrogatepass").decode("utf-16", "ignore"))


def _spaces_out(textpage: Any, codes: list[int], index: int) -> bool:
    """Whether pdfium made this blank out of the room between two letters of a Japanese word."""
    import pypdfium2.raw as pdfium

    if not 0 < index < len(codes) - 1 or pdfium.FPDFText_IsGenerated(textpage, index) != 1:
        return False
    if not (_is_japanese(codes[index - 1]) and _is_japanese(codes[index + 1])):
        return False
    left, right = (textpage.get_charbox(beside, loose=True) for beside in (index - 1, index + 1))
    return bool(right[0] - left[2] <= COLUMN_GAP * (left[3] - left[1]))


def _is_japanese(code: int) -> bool:
    return code <= sys.maxunicode and _CJK.match(chr(code)) is not None


def render(pdf: Path, folder: Path, most_pages: int) -> None:
    import pypdfium2  # type: ignore[import-untyped,unused-ignore]

    try:
        document = pypdfium2.PdfDocument(pdf)
    except pypdfium2.PdfiumError as error:
        _say({"fault": "locked" if "password" in str(error).lower() else "broken"})
        return
    total = len(document)
    if not 0 < total <= most_pages:
        _say({"fault": "too_many_pages" if total else "broken"})
        return
    _say({"total": total})
    for index in range(total):
        _say(_render_page(document[index], folder / f"{index + 1}.webp"))


def _render_page(page: Any, path: Path) -> dict[str, object]:
    width, height = page.get_size()
    scale = min(IMAGE_WIDTH / max(width, 1), MAX_IMAGE_HEIGHT / max(height, 1))
    image = page.render(scale=scale).to_pil().convert("RGB")
    image.save(path, "WEBP", quality=WEBP_QUALITY, method=4)
    textpage = page.get_textpage()
    text = text_of(textpage)
    textpage.close()
    page.close()
    return {"file": path.name, "width": image.width, "height": image.height, "text": text}


def _say(message: dict[str, object]) -> None:
    sys.stdout.write(json.dumps(message) + "\n")
    sys.stdout.flush()


def _limit(memory_bytes: int, seconds: int) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_FSIZE, (MAX_IMAGE_BYTES, MAX_IMAGE_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    _limit(int(sys.argv[4]), int(sys.argv[5]))
    render(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]))
