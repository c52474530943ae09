from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("question_studio", __name__)
