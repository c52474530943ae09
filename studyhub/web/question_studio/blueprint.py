"""The one blueprint of the questions' studio: its view modules add their routes to it."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("question_studio", __name__)
