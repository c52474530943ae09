"""Synchronises `courses/` and `question_pool/` with the database."""

from studyhub.services.content_sync.outcome import FaultyContent, Outcome, Progress, quiet
from studyhub.services.content_sync.run import preview, sync

__all__ = ["FaultyContent", "Outcome", "Progress", "preview", "quiet", "sync"]
