"""Reads a kept backup from its first to its last byte."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from studyhub.jobs.context import JobContext
from studyhub.services import kept_backups


def run(context: JobContext, payload: Mapping[str, Any]) -> None:
    kept_backups.verify(context.config.instance, payload["name"], context.now())
