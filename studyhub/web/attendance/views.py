from __future__ import annotations

from studyhub.web.attendance import check_in, feeds, people, registrations
from studyhub.web.attendance.blueprint import blueprint

__all__ = ["blueprint", "check_in", "feeds", "people", "registrations"]
