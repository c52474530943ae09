"""Everything under /admin."""

from __future__ import annotations

from studyhub.web.admin import (
    audit,
    backups,
    content,
    erasure,
    imports,
    jobs,
    organisation,
    overview,
    people,
    posts,
    settings,
    sign_ins,
)
from studyhub.web.admin.blueprint import blueprint

__all__ = [
    "audit", "backups", "blueprint", "content", "erasure", "imports", "jobs", "organisation", "overview", "people",
    "posts", "settings", "sign_ins",
]  # fmt: skip
