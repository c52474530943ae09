"""Which inquiries somebody may know of, and which questions they may be about: conditions for services and reads."""

from __future__ import annotations

from sqlalchemy import ColumnElement, or_, true

from studyhub.domain.identity import Actor
from studyhub.domain.inquiries import InquiryState
from studyhub.domain.permissions import Permission, permits
from studyhub.domain.questions import QuestionStatus
from studyhub.persistence.models import Inquiry, Question


def inquiry_visible_to(actor: Actor) -> ColumnElement[bool]:
    answered = Inquiry.state == InquiryState.ANSWERED.value
    if permits(actor, Permission.WRITE_CONTENT):
        return Inquiry.state != InquiryState.WITHDRAWN.value
    own = (Inquiry.asked_by == actor.user_id) & (Inquiry.state == InquiryState.OPEN.value)
    return or_(answered, own)


def question_known_to(actor: Actor) -> ColumnElement[bool]:
    """Not what is still being written: officers have never been asked it. What was struck they were."""
    if permits(actor, Permission.PREVIEW_DRAFTS):
        return true()
    return Question.status.in_((QuestionStatus.PUBLISHED.value, QuestionStatus.RETIRED.value))
