"""Bringing in people and their posts from a table: first a plan that can be read, then all of it or nothing.

``plan_import`` changes nothing. ``apply_import`` makes the plan again inside its transaction and refuses when it is no
longer the one that was looked at.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from secrets import token_hex

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from studyhub.domain.appointments import Held, Obstacle, Wanted, made_longer, place, start_of
from studyhub.domain.days import office_day
from studyhub.domain.errors import Conflict, Invalid
from studyhub.domain.identity import Actor, Role
from studyhub.domain.permissions import Permission, require
from studyhub.formats.people_table import COLUMNS, PeopleRow, PersonRow, PostRow, UnitPath, read_people
from studyhub.formats.report import Findings, Located, Reading, Report
from studyhub.persistence.models import Post, Unit, User, UserRole
from studyhub.persistence.organisation import load_posts, load_units
from studyhub.services import audit, passwords
from studyhub.services.people import HandedOut
from studyhub.services.unit_paths import UnitPaths

_OBSTACLES = {
    Obstacle.LATER_POST: "people-later-post",
    Obstacle.TWO_MAINS: "people-two-mains",
    Obstacle.DATES_ORDER: "people-dates-order",
}
_CHUNK = 500
_PLAIN_FIELDS = ("family_name", "given_name", "family_kana", "given_kana", "staff_number", "email")


Table = Reading[PeopleRow]


@dataclass(frozen=True, slots=True)
class FieldChange:
    field: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class PostChange:
    before: Held
    after: Held


@dataclass(frozen=True, slots=True)
class PersonPlan:
    """What becomes of one person; ``user_id`` None makes them."""

    user_id: int | None
    person: PersonRow
    changes: tuple[FieldChange, ...]
    changed_posts: tuple[PostChange, ...]
    new_posts: tuple[Held, ...]

    @property
    def is_new(self) -> bool:
        return self.user_id is None

    @property
    def touches(self) -> bool:
        return bool(self.is_new or self.changes or self.changed_posts or self.new_posts)


@dataclass(frozen=True, slots=True)
class UnitPlan:
    path: UnitPath
    starts_on: date


@dataclass(frozen=True, slots=True)
class ImportPlan:
    people: tuple[PersonPlan, ...]
    """Only those something happens to."""
    units: tuple[UnitPlan, ...]
    """To be opened, parents before children."""
    unchanged: int
    report: Report

    @property
    def ok(self) -> bool:
        return self.report.ok


@dataclass(frozen=True, slots=True)
class _Stored:
    id: int
    active: bool
    fields: Mapping[str, str]
    roles: frozenset[Role]


def read_table(content: bytes, file: str) -> Table:
    """The rows of a CSV or XLSX file and the faults of those that cannot be taken."""
    return read_people(content, file)


def plan_import(db: Session, table: Table, now: datetime) -> ImportPlan:
    """Four statements whatever the size of the table."""
    return _Planner(db, table, office_day(now)).plan()


def apply_import(
    db: Session, actor: Actor, table: Table, plan: ImportPlan, now: datetime
) -> tuple[HandedOut, ...]:
    """Raises Invalid when the table has faults, Conflict when the plan looked at is no longer true."""
    require(actor, Permission.MANAGE_PEOPLE)
    if not plan.ok:
        raise Invalid("誤りのある行があるため、取り込みませんでした。")
    if plan_import(db, table, now) != plan:
        raise Conflict("確認のあとで人や組織の情報が変わりました。もう一度確認してください。")
    unit_ids = _open_units(db, plan.units)
    user_ids, handed_out = _store_people(db, plan.people, now)
    _store_posts(db, plan.people, user_ids, unit_ids)
    _log(db, actor, plan, user_ids, now)
    db.flush()
    return handed_out


class _Planner:
    def __init__(self, db: Session, table: Table, today: date) -> None:
        self._table, self._today = table, today
        self._users = _stored_people(db)
        self._staff_numbers = {user.fields["staff_number"]: login for login, user in self._users.items()}
        units = load_units(db)
        self._paths = UnitPaths(units)
        by_id = {unit.id: unit for unit in units}
        self._held: dict[int, tuple[Held, ...]] = {}
        for p in load_posts(db):
            unit = by_id[p.unit_id]
            held = Held(p.id, unit.code, p.title, p.kind, p.heads_unit, p.period, unit.name)
            self._held[p.user_id] = (*self._held.get(p.user_id, ()), held)
        file = table.items[0].file if table.items else ""
        self._findings = Findings(file)

    def plan(self) -> ImportPlan:
        rows: dict[str, list[Located[PeopleRow]]] = {}
        for located in self._table.items:
            rows.setdefault(located.item.person.login, []).append(located)
        people = [self._person(of_one) for of_one in rows.values()]
        touched = tuple(person for person in people if person.touches)
        units = tuple(UnitPlan(path, starts_on) for path, starts_on in self._paths.new())
        report = self._table.report + self._findings.report()
        return ImportPlan(touched, units, len(people) - len(touched), report)

    def _person(self, rows: list[Located[PeopleRow]]) -> PersonPlan:
        person = merged(located.item.person for located in rows)
        user = self._users.get(person.login)
        self._check_identity(person, user, rows[0].line)
        before = self._held.get(user.id, ()) if user else ()
        after = before
        closings: dict[int, tuple[date | None, int]] = {}
        for located in sorted(rows, key=lambda row: _first_day(row, self._today)):
            if located.item.post is not None:
                earlier, after = after, self._placed(after, located.item.post, located)
                closing = self._closing(located.item.post, located), located.line
                closings |= dict.fromkeys(made_longer(earlier, after), closing)
        self._check_open(after, closings, person.login)
        changed = tuple(PostChange(b, a) for b, a in zip(before, after, strict=False) if b != a)
        changes = _changes(user, person) if user else ()
        return PersonPlan(user.id if user else None, person, changes, changed, after[len(before) :])

    def _placed(self, held: tuple[Held, ...], post: PostRow, located: Located[PeopleRow]) -> tuple[Held, ...]:
        login, line = located.item.person.login, located.line
        day = post.starts_on or self._today
        unit = self._paths.name_for(post.unit, day)
        wanted = Wanted(
            unit, post.title, post.kind, post.heads_unit, post.starts_on, post.ends_on, shown(post.unit)
        )
        if opens_on := self._paths.opens_later(post.unit, day):
            self._findings.error(
                "people-unit-opens-later", line, login, unit=shown(post.unit), day=opens_on.isoformat()
            )
        found = place(held, wanted, self._today)
        if isinstance(found, Obstacle):
            first = start_of(held, wanted, self._today)
            self._findings.error(_OBSTACLES[found], line, login, day=first.isoformat())
            return held
        return found

    def _closing(self, post: PostRow, located: Located[PeopleRow]) -> date | None:
        """The last day of the post's unit; one that closes lets no new one be opened below it."""
        found = self._paths.closes(post.unit, post.starts_on or self._today)
        if found is None:
            return None
        unit, last_day = found
        if unit == post.unit:
            return last_day
        login, day = located.item.person.login, last_day.isoformat()
        self._findings.error("people-parent-closes", located.line, login, unit=shown(unit), day=day)
        return None

    def _check_open(
        self, posts: tuple[Held, ...], closings: Mapping[int, tuple[date | None, int]], login: str
    ) -> None:
        """When all rows are placed, since a later one may put an end to the post of an earlier one."""
        for number, (last_day, line) in closings.items():
            post = posts[number]
            if last_day is not None and post.period.runs_past(last_day):
                day = last_day.isoformat()
                self._findings.error("people-unit-closes", line, login, unit=post.unit_name, day=day)

    def _check_identity(self, person: PersonRow, user: _Stored | None, line: int) -> None:
        number, login = person.staff_number, person.login
        owner = self._staff_numbers.get(number) if number else None
        if owner is not None and owner != login:
            self._findings.error("people-staff-number-taken", line, login, value=number, login=owner)
        if user is None:
            return
        stored = user.fields["staff_number"]
        if number and stored and stored != number:
            self._findings.error("people-staff-number-other", line, login, value=number, stored=stored)
        if not user.active:
            self._findings.error("people-inactive", line, login)
        if person.roles and Role.ADMINISTRATOR in user.roles - person.roles:
            self._findings.error("people-administrator", line, login)


def merged(people: Iterable[PersonRow]) -> PersonRow:
    """One person of several rows: what a later row says fills what an earlier one leaves open."""
    first, *others = people
    for other in others:
        open_fields = {
            f.name: getattr(other, f.name) for f in fields(first) if getattr(first, f.name) is None
        }
        first = replace(first, **open_fields)
    return first


def column_name(field: str) -> str:
    """What a field is called at the head of a table."""
    return COLUMNS[field][0]


def shown(path: UnitPath) -> str:
    return " ".join(name for _, name in path)


def _first_day(located: Located[PeopleRow], today: date) -> tuple[date, int]:
    post = located.item.post
    return (post.starts_on or today) if post else today, located.line


def _stored_people(db: Session) -> dict[str, _Stored]:
    """Everybody, by login; plain rows, since 33,000 mapped objects would take seconds."""
    roles: dict[int, set[Role]] = defaultdict(set)
    for user_id, role in db.execute(select(UserRole.user_id, UserRole.role)):
        roles[user_id].add(Role(role))
    columns = [getattr(User, name) for name in _PLAIN_FIELDS]
    people = {}
    for user_id, login, active, *values in db.execute(select(User.id, User.login, User.active, *columns)):
        stored = dict(zip(_PLAIN_FIELDS, (value or "" for value in values), strict=True))
        people[login] = _Stored(user_id, active, stored, frozenset(roles[user_id]))
    return people


def _changes(user: _Stored, person: PersonRow) -> tuple[FieldChange, ...]:
    found = []
    for name in _PLAIN_FIELDS:
        before, after = user.fields[name], getattr(person, name)
        if after is not None and after != before:
            found.append(FieldChange(name, before, after))
    if person.roles is not None and person.roles != user.roles:
        found.append(FieldChange("roles", ",".join(sorted(user.roles)), ",".join(sorted(person.roles))))
    return tuple(found)


def _open_units(db: Session, plans: tuple[UnitPlan, ...]) -> dict[str, int]:
    """The newest version of every unit by its lasting name, and each new one by its path."""
    units = db.execute(select(Unit.code, Unit.id).order_by(Unit.starts_on))
    ids = {code: unit_id for code, unit_id in units}  # noqa: C416 (rows are not tuples to the type checker)
    paths = UnitPaths(load_units(db))
    for plan in plans:
        level, name = plan.path[-1]
        parent = ids[paths.name_for(plan.path[:-1], plan.starts_on)] if plan.path[:-1] else None
        unit = Unit(
            code=f"auto-{token_hex(6)}", name=name, level=level, parent_id=parent, starts_on=plan.starts_on
        )
        db.add(unit)
        db.flush()
        ids[paths.name_for(plan.path, plan.starts_on)] = unit.id
    return ids


def _store_people(
    db: Session, plans: tuple[PersonPlan, ...], now: datetime
) -> tuple[dict[str, int], tuple[HandedOut, ...]]:
    """Ids by login, and what to hand to those who are new."""
    new = {plan.person.login: _new_user(plan.person, now) for plan in plans if plan.is_new}
    db.add_all(user for user, _ in new.values())
    _change_people(db, {plan.user_id: plan.changes for plan in plans if plan.user_id and plan.changes})
    db.flush()
    ids = {plan.person.login: plan.user_id or new[plan.person.login][0].id for plan in plans}
    handed_out = (HandedOut(login, user.display_name, phrase) for login, (user, phrase) in new.items())
    return ids, tuple(handed_out)


def _change_people(db: Session, changes: Mapping[int, tuple[FieldChange, ...]]) -> None:
    user_ids = sorted(changes)
    for start in range(0, len(user_ids), _CHUNK):
        for user in db.scalars(select(User).where(User.id.in_(user_ids[start : start + _CHUNK]))):
            for change in changes[user.id]:
                _apply_change(user, change)


def _new_user(person: PersonRow, now: datetime) -> tuple[User, str]:
    passphrase = passwords.make_passphrase()
    user = User(
        login=person.login,
        staff_number=person.staff_number,
        family_name=person.family_name,
        given_name=person.given_name,
        family_kana=person.family_kana or "",
        given_kana=person.given_kana or "",
        email=person.email,
        password_hash=passwords.hash_one_time(passphrase),
        must_change_password=True,
        roles=[UserRole(role=role.value) for role in sorted(person.roles or {Role.OFFICER})],
        created_at=now,
    )
    return user, passphrase


def _apply_change(user: User, change: FieldChange) -> None:
    if change.field != "roles":
        setattr(user, change.field, change.after)
        return
    wanted = set(change.after.split(","))
    kept = [held for held in user.roles if held.role in wanted]
    new = wanted - {held.role for held in kept}
    user.roles = kept + [UserRole(role=role) for role in sorted(new)]


def _store_posts(
    db: Session, plans: tuple[PersonPlan, ...], user_ids: dict[str, int], unit_ids: dict[str, int]
) -> None:
    """Changes first: at no moment may somebody have two open main posts."""
    changes = {c.before.post_id: c.after for plan in plans for c in plan.changed_posts}
    rows = [{"id": post_id, **_columns(after)} for post_id, after in changes.items()]
    if rows:
        db.execute(update(Post), rows)
    made = [
        (user_ids[plan.person.login], held, _new_post(held, user_ids[plan.person.login], unit_ids))
        for plan in plans
        for held in plan.new_posts
    ]
    db.add_all(post for _, _, post in made)
    db.flush()
    ids = {(user_id, *held.lasting): post.id for user_id, held, post in made}
    for user_id, held, post in made:
        if held.replaces is not None and post.replaces_id is None:
            post.replaces_id = ids[user_id, *held.replaces.lasting]
    db.flush()


def _new_post(held: Held, user_id: int, unit_ids: dict[str, int]) -> Post:
    """That it replaces one of the same table is said when both are stored."""
    return Post(
        user_id=user_id,
        unit_id=unit_ids[held.unit],
        kind=held.kind.value,
        starts_on=held.period.starts_on,
        replaces_id=held.replaces.post_id if held.replaces else None,
        replaced_until=held.replaces.period.ends_on if held.replaces else None,
        **_columns(held),
    )


def _columns(held: Held) -> dict[str, object]:
    return {"title": held.title, "heads_unit": held.heads_unit, "ends_on": held.period.ends_on}


def _log(db: Session, actor: Actor, plan: ImportPlan, user_ids: dict[str, int], now: datetime) -> None:
    for person in plan.people:
        audit.record(
            db,
            actor.user_id,
            "user.import",
            "user",
            user_ids[person.person.login],
            now,
            new=person.is_new,
            fields=[change.field for change in person.changes],
            posts=len(person.new_posts) + len(person.changed_posts),
        )
    audit.record(
        db, actor.user_id, "people.import", "site", "", now, people=len(plan.people), units=len(plan.units)
    )
