"""Pictures of questions that are written in the site: named in the text by their address, seen by everybody signed in."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from studyhub.domain.errors import Invalid
from studyhub.domain.identity import Actor
from studyhub.domain.permissions import Permission, require
from studyhub.services import files
from studyhub.services.question_editing import figure_name
from studyhub.services.study_session_figures import FOLDER, markdown_of
from studyhub.services.upload_checks import Received

LONGEST_ALTERNATIVE = 500


def add_figure(db: Session, actor: Actor, figure: Received, alternative: str, now: datetime) -> str:
    """The Markdown that shows it. Raises Invalid without a text for those who cannot see it."""
    require(actor, Permission.WRITE_CONTENT)
    plain = " ".join(alternative.split())[:LONGEST_ALTERNATIVE]
    if not plain:
        raise Invalid("図が見えない人のために、何を表す図かを書いてください。", field="figure_alt")
    # An address of its own: one that a draft of a study session shares would go with that session.
    stored = files.record_at(db, figure.address, figure.kept, figure.name, figure.media_type, now)
    return markdown_of(f"{FOLDER}/{figure_name(stored.id, stored.name)}", plain)
