"""A figure on its way into the notes that are being written."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from io import BytesIO

from sqlalchemy.orm import Session

from studyhub.domain.errors import Invalid
from studyhub.domain.identity import Actor
from studyhub.formats.upload_kinds import UploadKind
from studyhub.services.materials import add_materials
from studyhub.services.upload_checks import Checker, Incoming, Received

FOLDER = "figures"
_SHOWN = frozenset({UploadKind.PICTURE, UploadKind.DRAWING})


def check_figure(checker: Checker, name: str, content: bytes) -> Received:
    """Outside any transaction: the picture is opened in a bounded child process. Raises Invalid."""
    checked = checker.check([Incoming(name, BytesIO(content))])
    if checked.refusals:
        raise checked.refusals[0]
    figures = [file for file in checked.files if file.kind in _SHOWN]
    if len(figures) != 1 or len(checked.files) != 1:
        raise Invalid("図にできるのは、PNG、JPEG、GIF、WebP、SVG の画像1つです。", field="figure")
    return replace(figures[0], path=f"{FOLDER}/{figures[0].name}")


def add_figure(db: Session, actor: Actor, key: str, figure: Received, now: datetime) -> str:
    """Its path, as the notes name it. Raises NotFound."""
    return add_materials(db, actor, key, [figure], now)[0]


def markdown_of(path: str, alternative: str) -> str:
    plain = alternative.translate(str.maketrans("[]", "［］"))
    return f"![{plain}]({path})"
