"""One blueprint for making and answering surveys; ``views`` brings its modules together."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("surveys", __name__)
