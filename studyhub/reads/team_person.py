"""A person's record as the person sees it, for whoever leads the person today: topics and weeks, never single answers."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from studyhub.domain.days import office_day
from studyhub.domain.errors import NotFound
from studyhub.domain.identity import Actor
from studyhub.domain.organisation import PostKind
from studyhub.persistence.leadership import leads
from studyhub.persistence.models import Blueprint, User
from studyhub.persistence.organisation import load_posts, load_units
from studyhub.persistence.settings import load_settings
from studyhub.reads.assignments import AskedOfMePage, asked_page
from studyhub.reads.progress import LensAsked, SkillMapPage, TrendPage, skill_map_page, trend_page


@dataclass(frozen=True, slots=True)
class TeamPersonPage:
    user_id: int
    name: str
    kana: str
    posts: tuple[tuple[str, str], ...]
    """Unit and title of those held today, the main one first."""
    exam: str
    exam_en: str
    day: date
    purpose: str
    purpose_en: str
    asked: AskedOfMePage
    """By whomever; the page shows what is asked and whether it is done, never how far it is."""
    skills: SkillMapPage
    trend: TrendPage


def team_person_page(
    db: Session, actor: Actor, user_id: int, asked: LensAsked, now: datetime
) -> TeamPersonPage:
    """Raises NotFound for somebody whom the actor does not lead today."""
    person = db.get(User, user_id)
    if person is None or not person.active or not leads(db, actor.user_id, user_id, office_day(now)):
        raise NotFound
    subject = replace(actor, user_id=user_id)
    settings = load_settings(db)
    exam = db.execute(
        select(Blueprint.title, Blueprint.title_en).where(Blueprint.id == person.target_exam)
    ).one_or_none()
    return TeamPersonPage(
        user_id=user_id,
        name=person.display_name,
        kana=f"{person.family_kana} {person.given_kana}".strip(),
        posts=_posts(db, user_id, now),
        exam=exam.title if exam else "",
        exam_en=(exam.title_en or exam.title) if exam else "",
        day=office_day(now),
        purpose=settings.purpose,
        purpose_en=settings.purpose_en,
        asked=asked_page(db, subject, now),
        skills=skill_map_page(db, subject, asked, now),
        trend=trend_page(db, subject, now),
    )


def _posts(db: Session, user_id: int, now: datetime) -> tuple[tuple[str, str], ...]:
    held = load_posts(db, day=office_day(now), user_ids=[user_id])
    names = {unit.id: unit.name for unit in load_units(db, around={post.unit_id for post in held})}
    ordered = sorted(held, key=lambda post: post.kind is not PostKind.MAIN)
    return tuple((names[post.unit_id], post.title) for post in ordered)
