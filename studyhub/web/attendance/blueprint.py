"""One blueprint for attendance, registration and calendars; ``views`` brings its modules together."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("attendance", __name__)
