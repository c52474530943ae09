"""A syllabus with what an officer's answers say of it, whichever syllabus their questions name."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from studyhub.domain.skill_map import SkillMap, map_skills
from studyhub.persistence.practice import load_evidence
from studyhub.persistence.skill_topics import load_landings, load_nodes


def load_skill_map(db: Session, user_id: int, syllabus_id: str, now: datetime) -> SkillMap:
    nodes = load_nodes(db, syllabus_id)
    sources = load_evidence(db, user_id)
    return map_skills(nodes, sources, load_landings(db, syllabus_id, nodes), now)
