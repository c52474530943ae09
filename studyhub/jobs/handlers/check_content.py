"""Looks at the content folders and compares them with the site."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from studyhub.jobs.context import JobContext
from studyhub.services import content_state


def run(context: JobContext, _payload: Mapping[str, Any]) -> None:
    content_state.look(context.engine, context.config.content, context.config.instance, context.now())
