"""What every question and study session of the project keeps to, beyond what `studyhub content check` asks of any site."""

from __future__ import annotations

import re

from studyhub.content.loader import LoadedStudySession
from studyhub.domain.questions import QuestionStatus
from tests.content.own import own_content, own_questions

CHARACTERS = range(2_500, 5_001)
CHECKS = range(3, 9)
SECTIONS = ("{#tomorrow}", "{#further}")


def test_every_published_question_leads_to_what_teaches_it() -> None:
    published = [each for each in own_questions() if each.status is QuestionStatus.PUBLISHED]
    assert [each.id for each in published if not each.teaches] == []


def test_every_study_session_can_be_read_in_one_sitting_and_ends_in_something_to_do() -> None:
    faults = {each.file: found for each in own_content().study_sessions if (found := _faults(each))}
    assert faults == {}


def test_a_question_is_a_check_of_one_study_session_only() -> None:
    checks = [key for each in own_content().study_sessions for key in each.page.check]
    assert sorted(key for key in set(checks) if checks.count(key) > 1) == []


def _faults(loaded: LoadedStudySession) -> list[str]:
    page = loaded.page
    length = len(re.sub(r"\s", "", page.body))
    faults = [f"no {anchor}" for anchor in SECTIONS if anchor not in page.body]
    if length not in CHARACTERS:
        faults.append(f"{length} characters")
    if len(page.check) not in CHECKS:
        faults.append(f"{len(page.check)} check questions")
    if set(re.findall(r"\{\{question ([\w-]+)\}\}", page.body)) != set(page.check):
        faults.append("check questions and those in the text differ")
    if not loaded.figures:
        faults.append("no figure")
    if "{{term " not in page.body:
        faults.append("no term")
    if not (page.objectives and page.title_en and page.summary_en):
        faults.append("no objectives, or not in English")
    return faults
