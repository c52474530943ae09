"""What an administrator sets in the browser: kept where it differs from the default, in the log with old and new."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from studyhub.domain.identity import Actor
from studyhub.domain.permissions import Permission, require
from studyhub.domain.settings import Settings, changes, checked, written
from studyhub.persistence.models import SiteSetting
from studyhub.persistence.settings import load_settings
from studyhub.persistence.upsert import insert_for
from studyhub.services import audit


def save(db: Session, actor: Actor, settings: Settings, now: datetime) -> dict[str, tuple[str, str]]:
    """What changed, by name, with old and new. Raises Invalid, which names the field."""
    require(actor, Permission.MANAGE_SITE)
    wanted, before = checked(settings), load_settings(db)
    changed = changes(before, wanted)
    if not changed:
        return {}
    kept = written(wanted)
    db.execute(delete(SiteSetting).where(SiteSetting.name.in_(changed.keys() - kept.keys())))
    for name in sorted(changed.keys() & kept.keys()):
        row = {"value": kept[name], "changed_at": now}
        insert = insert_for(db, SiteSetting).values(name=name, **row)
        db.execute(insert.on_conflict_do_update(index_elements=["name"], set_=row))
    detail = {name: {"before": old, "after": new} for name, (old, new) in changed.items()}
    audit.record(db, actor.user_id, "settings.change", "site", "", now, **detail)
    db.flush()
    return changed
