"""The mark that counts: the log's own, or the one that the newest correction of the question gave."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, func, select, true
from sqlalchemy.orm import aliased

from studyhub.persistence.models import Regrade, Response

standing = aliased(Regrade, name="standing")
"""The newest regrade of a response; joined by ``outerjoin(standing, is_standing)``."""

_newer = aliased(Regrade, name="newer")
_newest = (
    select(func.max(_newer.correction_id))
    .where(_newer.response_id == Response.id)
    .correlate(Response)
    .scalar_subquery()
)
is_standing: ColumnElement[bool] = and_(
    standing.response_id == Response.id, standing.correction_id == _newest
)

counting_credit: ColumnElement[float] = func.coalesce(standing.credit, Response.credit)
counting_correct: ColumnElement[bool] = func.coalesce(standing.correct, Response.correct)
counts: ColumnElement[bool] = func.coalesce(standing.counts, true())
"""False for responses to a question that was struck."""
