"""Opening, changing and closing units. A change is a new version from a day on; the past stays as it was."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from studyhub.domain.days import office_day
from studyhub.domain.errors import Conflict, Invalid, NotFound
from studyhub.domain.identity import Actor
from studyhub.domain.organisation import Chart, Level
from studyhub.domain.people import normal_name
from studyhub.domain.permissions import Permission, require
from studyhub.persistence.models import Post, Unit
from studyhub.persistence.organisation import load_units
from studyhub.services import audit

_DAY = timedelta(days=1)
NAME_LENGTH = 120


@dataclass(frozen=True, slots=True)
class NewUnit:
    code: str
    name: str
    level: Level
    parent_id: int | None
    starts_on: date


@dataclass(frozen=True, slots=True)
class UnitChange:
    """What the unit is called and where it stands from ``from_day`` on."""

    unit_id: int
    name: str
    parent_id: int | None
    from_day: date


def open_unit(db: Session, actor: Actor, command: NewUnit, now: datetime) -> int:
    """The unit's id. Raises Conflict when a unit with this code is open or opens later."""
    require(actor, Permission.MANAGE_PEOPLE)
    code, name = command.code.strip(), _checked_name(command.name)
    if not 0 < len(code) <= 40:
        raise Invalid("組織コードは1文字以上40文字以内にしてください。", field="code")
    _check_parent(db, command.level, command.parent_id, command.starts_on)
    taken = select(Unit.id).where(
        Unit.code == code, (Unit.ends_on.is_(None)) | (Unit.ends_on >= command.starts_on)
    )
    if db.scalar(taken.limit(1)):
        raise Conflict("組織コード「%(code)s」はすでに使われています。", code=code)
    unit = _add(db, code, name, command.level, command.parent_id, command.starts_on)
    audit.record(db, actor.user_id, "unit.open", "unit", unit.id, now, code=code, name=name)
    db.flush()
    return unit.id


def change_unit(db: Session, actor: Actor, command: UnitChange, now: datetime) -> int:
    """Id of the new version. Its posts and the units below it go along, since they follow the code."""
    require(actor, Permission.MANAGE_PEOPLE)
    unit, name = _open_row(db, command.unit_id), _checked_name(command.name)
    if command.from_day <= unit.starts_on:
        raise Invalid("変更日は、今の形になった日より後にしてください。", field="from_day")
    _check_parent(db, Level(unit.level), command.parent_id, command.from_day)
    unit.ends_on = command.from_day - _DAY
    db.flush()  # before the new version: only one may be without an end
    new = _add(db, unit.code, name, Level(unit.level), command.parent_id, command.from_day)
    detail = {"code": unit.code, "name": name, "parent": command.parent_id, "from": str(command.from_day)}
    audit.record(db, actor.user_id, "unit.change", "unit", new.id, now, **detail)
    db.flush()
    return new.id


def close_unit(db: Session, actor: Actor, unit_id: int, last_day: date, now: datetime) -> None:
    """Raises Conflict while people or open units would be left in it."""
    require(actor, Permission.MANAGE_PEOPLE)
    unit = _open_row(db, unit_id)
    if last_day < unit.starts_on:
        raise Invalid("廃止日は設置日より前にできません。", field="last_day")
    people, below = _left_after(db, unit, last_day)
    if people:
        raise Conflict(
            "廃止日より後もこの組織にいる人が %(count)s 人います。先に異動させてください。", count=people
        )
    if below:
        raise Conflict(
            "廃止日より後も「%(unit)s」など %(count)s の組織が下にあります。先に廃止するか移してください。",
            unit=below[0],
            count=len(below),
        )
    unit.ends_on = last_day
    audit.record(db, actor.user_id, "unit.close", "unit", unit_id, now, on=str(last_day))
    db.flush()


def take_back(db: Session, actor: Actor, unit_id: int, now: datetime) -> None:
    """Undoes what is only planned: a version that has not begun goes, a last day that has not come is lifted.

    Raises Conflict for what is past, and for a new unit that people or other units are already planned for.
    """
    require(actor, Permission.MANAGE_PEOPLE)
    unit, today = _unit(db, unit_id), office_day(now)
    newest = db.scalar(select(func.max(Unit.starts_on)).where(Unit.code == unit.code))
    if unit.starts_on != newest:
        raise Conflict("後の予定があります。先にそちらを取り消してください。")
    if unit.ends_on is not None and unit.ends_on >= today:
        _check_parent(db, Level(unit.level), unit.parent_id, unit.ends_on)
        unit.ends_on = None
    elif unit.ends_on is None and unit.starts_on > today:
        _remove_version(db, unit)
    else:
        raise Conflict("取り消せる予定はありません。")
    audit.record(db, actor.user_id, "unit.take_back", "unit", unit_id, now, code=unit.code, name=unit.name)
    db.flush()


def _remove_version(db: Session, unit: Unit) -> None:
    """What hangs on it hangs on the version before again."""
    earlier = select(Unit).where(Unit.code == unit.code, Unit.starts_on < unit.starts_on)
    before = db.scalars(earlier.order_by(Unit.starts_on.desc()).limit(1)).first()
    if before is None or before.ends_on != unit.starts_on - _DAY:
        if any(_left_after(db, unit, unit.starts_on - _DAY)):
            raise Conflict("この組織に移る予定の人や組織があります。先にその予定を取り消してください。")
        db.delete(unit)
        db.flush()
        return
    _check_parent(db, Level(before.level), before.parent_id, before.ends_on)
    db.execute(update(Post).where(Post.unit_id == unit.id).values(unit_id=before.id))
    db.execute(update(Unit).where(Unit.parent_id == unit.id).values(parent_id=before.id))
    db.delete(unit)
    db.flush()  # before the earlier one goes on: only one version may be without an end
    before.ends_on = None


def _left_after(db: Session, unit: Unit, last_day: date) -> tuple[int, tuple[str, ...]]:
    """How many people hold, and which units stand, in the unit on any day after: those planned count as well."""
    versions = select(Unit.id).where(Unit.code == unit.code)
    people = select(func.count(Post.user_id.distinct())).where(
        Post.unit_id.in_(versions), (Post.ends_on.is_(None)) | (Post.ends_on > last_day)
    )
    below = select(Unit.code, Unit.name).where(
        Unit.parent_id.in_(versions), (Unit.ends_on.is_(None)) | (Unit.ends_on > last_day)
    )
    names = {code: name for code, name in db.execute(below.order_by(Unit.starts_on, Unit.id))}  # noqa: C416
    return db.scalar(people) or 0, tuple(names.values())


def _unit(db: Session, unit_id: int) -> Unit:
    unit = db.get(Unit, unit_id)
    if unit is None:
        raise NotFound("その組織は見つかりません。")
    return unit


def _open_row(db: Session, unit_id: int) -> Unit:
    unit = _unit(db, unit_id)
    if unit.ends_on is not None:
        raise Conflict("この組織の形はすでに終わっています。今の形を変更してください。")
    return unit


def _check_parent(db: Session, level: Level, parent_id: int | None, day: date) -> None:
    """A parent of a higher level makes a circle impossible; it stays for as long as the unit, which has no end."""
    if parent_id is None:
        return
    chart = Chart(load_units(db), (), day)
    parent = chart.unit(parent_id)
    if parent is None:
        raise Invalid("上位の組織は %(day)s の時点ではありません。", field="parent_id", day=day.isoformat())
    if parent.level.depth >= level.depth:
        raise Invalid("上位の組織は、局・部・課・係の順で上のものを選んでください。", field="parent_id")
    last_day = chart.last_day(parent_id)
    if last_day is not None:
        raise Invalid(
            "上位の組織「%(unit)s」があるのは %(day)s までです。先にその廃止を取り消すか、ほかの組織の下に置いてください。",
            field="parent_id",
            unit=parent.name,
            day=last_day.isoformat(),
        )


def _add(db: Session, code: str, name: str, level: Level, parent_id: int | None, starts_on: date) -> Unit:
    unit = Unit(code=code, name=name, level=level.value, parent_id=parent_id, starts_on=starts_on)
    db.add(unit)
    db.flush()
    return unit


def _checked_name(name: str) -> str:
    normal = normal_name(name)
    if not 0 < len(normal) <= NAME_LENGTH:
        raise Invalid("組織名は1文字以上120文字以内にしてください。", field="name")
    return normal
