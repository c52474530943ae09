from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("case_notes", __name__)
