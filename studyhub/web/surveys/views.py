from __future__ import annotations

from studyhub.web.surveys import answering, making, outcome
from studyhub.web.surveys.blueprint import blueprint

__all__ = ["answering", "blueprint", "making", "outcome"]
