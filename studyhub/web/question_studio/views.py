from __future__ import annotations

from studyhub.web.question_studio import corrections, reports
from studyhub.web.question_studio.blueprint import blueprint

__all__ = ["blueprint", "corrections", "reports"]
