"""The studio's one blueprint; its views stand in several modules, which ``views`` brings together."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("studio", __name__, url_prefix="/studio")
