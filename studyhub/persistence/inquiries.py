"""Which inquiries somebody may know of: one condition for services and reads."""

from __future__ import annotations

from sqlalchemy import ColumnElement, or_

from studyhub.domain.identity import Actor
from studyhub.domain.inquiries import InquiryState
from studyhub.domain.permissions import Permission, permits
from studyhub.persistence.models import Inquiry


def inquiry_visible_to(actor: Actor) -> ColumnElement[bool]:
    answered = Inquiry.state == InquiryState.ANSWERED.value
    if permits(actor, Permission.WRITE_CONTENT):
        return Inquiry.state != InquiryState.WITHDRAWN.value
    own = (Inquiry.asked_by == actor.user_id) & (Inquiry.state == InquiryState.OPEN.value)
    return or_(answered, own)
