from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("understanding", __name__)
