from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from studyhub.content.checks import check
from studyhub.content.loader import LoadedQuestion, load
from studyhub.content.pool_statistics import (
    NEAR_DUPLICATE_SHARE,
    allowed_counts,
    bigrams,
    check_pool,
    near_duplicates,
)
from studyhub.domain.questions import Choice, Level, QuestionStatus, SingleChoice
from tests.content.conftest import COURSE, QUESTION, SESSION, SYLLABUS, TERM, WriteContent
from tests.domain.question_samples import question

QUESTIONS = "question_pool/ip/23-security/61-security.yaml"
SESSION_FILE = "courses/basics/01-security/session.md"
GLOSSARY = "question_pool/glossary.yaml"


def codes(root: Path) -> list[str]:
    return [finding.code for finding in check(load(root)).findings]


def test_faultless_content_has_no_findings(write_content: WriteContent) -> None:
    assert codes(write_content()) == []


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        (
            "correct: false, reason: 見られないこと。",
            "correct: true, reason: 見られないこと。",
            "not-one-key",
        ),
        ("correct: true", "correct: false", "not-one-key"),
        ("{text: 機密性,", "{text: '可用性 。',", "duplicate-choice"),
        ("{text: 機密性,", "{text: '',", "empty-choice"),
        ("reason: 見られないこと。", "reason: ''", "missing-reason"),
        ("explanation: 三つの性質を区別する。", "explanation: ''", "missing-explanation"),
        ("stem: 止まらないことを表すものはどれか。", "stem: ''", "missing-stem"),
        ("  expected_facility: 0.55\n", "", "missing-facility"),
        ("  as_of: 2026-11\n", "", "missing-as-of"),
        ("  level: understand\n", "", "missing-level"),
        ("[ip-6.5:61]", "[ip-6.5:61, ip-6.5:64]", "unknown-topic"),
        ("terms: [可用性]", "terms: [加用性]", "unknown-term"),
        ("security#cia", "security#none", "unknown-anchor"),
        ("security#cia", "nowhere#cia", "unknown-session"),
        ("security#cia", "security", "bad-teaches"),
        (
            "text: 可用性",
            "text: 利用を許された人が必要とするときにいつでも使えるという性質のこと",
            "key-is-longest",
        ),
    ],
)
def test_a_fault_of_a_question_is_told_at_its_place(
    write_content: WriteContent, old: str, new: str, code: str
) -> None:
    assert old in QUESTION
    report = check(load(write_content({QUESTIONS: QUESTION.replace(old, new)})))
    assert [(f.code, f.file, f.line, f.item) for f in report.findings] == [(code, QUESTIONS, 1, "ip-61-001")]
    assert report.findings[0].sentence("en") != report.findings[0].sentence("ja")


def test_a_draft_may_lack_texts(write_content: WriteContent) -> None:
    draft = QUESTION.replace("explanation: 三つの性質を区別する。", "explanation: ''")
    report = check(load(write_content({QUESTIONS: draft.replace("published", "draft")})))
    assert report.ok
    assert {finding.code for finding in report.warnings} == {"missing-explanation", "category-empty"}


def test_a_past_question_needs_no_reasons(write_content: WriteContent) -> None:
    past = QUESTION.replace("reason: 見られないこと。", "reason: ''") + "  source_line: 出典\n"
    assert codes(write_content({QUESTIONS: past})) == []


@pytest.mark.parametrize(
    ("old", "new", "code", "line"),
    [
        ("check: [ip-61-001]", "check: [ip-61-009]", "unknown-question", 2),
        ("{{question ip-61-001}}", "{{question ip-61-009}}", "unknown-question", 14),
        ("{{term 可用性}}", "{{term 加用性}}", "unknown-term", 12),
        ("![三つの箱の図]", "![]", "image-without-text", 12),
        ("## 三つの要素 {#cia}", "## 三つの要素 {#cia}\n## 二 {#cia}", "duplicate-anchor", 11),
        ("## 三つの要素 {#cia}", "## 三つの要素 {#cia}\n## 二", "heading-without-anchor", 11),
        ("topics: [ip-6.5:61]", "topics: [ip-6.5:99]", "unknown-topic", 2),
    ],
)
def test_a_fault_of_a_study_session_is_told_at_its_line(
    write_content: WriteContent, old: str, new: str, code: str, line: int
) -> None:
    assert old in SESSION
    report = check(load(write_content({SESSION_FILE: SESSION.replace(old, new)})))
    assert [(f.code, f.line, f.item) for f in report.findings] == [(code, line, "security")]


def test_marks_inside_code_are_no_marks(write_content: WriteContent) -> None:
    code = "\n`{{question nothing}}` と\n\n```\n{{term 無い}}\n## 見出しでない\n```\n"
    assert codes(write_content({SESSION_FILE: SESSION + code})) == []


def test_the_same_id_twice_is_told_with_both_places(write_content: WriteContent) -> None:
    second = "question_pool/ip/23-security/62-management.yaml"
    text = QUESTION.replace("ip-6.5:61", "ip-6.5:62").replace(
        "止まらないこと", "まったく別の話題であるところの何か"
    )
    (finding,) = check(load(write_content({second: text}))).findings
    assert (finding.code, finding.file) == ("duplicate-id", second)
    assert QUESTIONS in finding.sentence()


def test_an_empty_small_category_is_told(write_content: WriteContent) -> None:
    (finding,) = check(load(write_content({QUESTIONS: None, SESSION_FILE: None}))).warnings[:1]
    assert finding.code in {"category-empty", "unknown-session"}
    retired = QUESTION.replace("published", "retired")
    assert "category-empty" in codes(write_content({QUESTIONS: retired, SESSION_FILE: SESSION}))


def test_terms_and_courses_may_only_name_what_exists(write_content: WriteContent) -> None:
    assert codes(write_content({GLOSSARY: TERM.replace("[security]", "[nowhere]")})) == ["unknown-session"]
    assert codes(
        write_content({GLOSSARY: TERM, "courses/basics/course.yaml": COURSE.replace("technology", "art")})
    ) == ["unknown-topic"]


BLUEPRINT = """\
blueprint: ip-2026
title: 試験
syllabus: ip-6.5
questions: 100
minutes: 120
fields: [{topic: technology, questions: 90, scored: 92}]
pass: {total: 600, each_field: 300, out_of: 1000}
scale: {anchor_score: 600, anchor_ability: 0, points_per_ability: 130}
"""
MAPPING = 'from: ip-6.5\nto: ip-6.5\nmap: {"61": ["62"], "77": ["62"]}\n'


def test_a_blueprint_must_add_up(write_content: WriteContent) -> None:
    root = write_content({"question_pool/blueprints/ip-2026.yaml": BLUEPRINT})
    assert codes(root) == ["quota-sum", "scored-above"]
    root = write_content({"question_pool/blueprints/ip-2026.yaml": BLUEPRINT.replace("ip-6.5", "ip-9")})
    assert codes(root) == ["unknown-syllabus"]


def test_a_mapping_must_name_every_leaf_and_only_topics_that_exist(write_content: WriteContent) -> None:
    root = write_content(
        {"question_pool/mappings/a.yaml": MAPPING, "question_pool/syllabi/ip-6.5.yaml": SYLLABUS}
    )
    assert sorted(codes(root)) == ["not-in-mapping", "unknown-topic"]


def loaded_question(number: int, key: int, stem: str, texts: tuple[str, ...] = ()) -> LoadedQuestion:
    words = texts or tuple(f"語{number}の{letter}" for letter in "甲乙丙丁")
    choices = tuple(Choice(text, place == key, "理由") for place, text in enumerate(words))
    asked = replace(question(SingleChoice(choices), f"ip-61-{number:03}"), stem=stem)
    return LoadedQuestion(asked, "pool.yaml", number)


def pool_codes(pool: list[LoadedQuestion]) -> list[str]:
    return [finding.code for finding in check_pool(pool)]


def varied(number: int) -> str:
    rng = Random(number)
    return "".join(chr(rng.randint(0x4E00, 0x9FFF)) for _ in range(40))


def test_evenly_placed_keys_pass_and_a_favourite_place_is_told() -> None:
    even = [loaded_question(number, number % 4, varied(number)) for number in range(200)]
    assert pool_codes(even) == []
    uneven = [
        loaded_question(number, 1 if number < 60 else number % 4, varied(number)) for number in range(200)
    ]
    assert pool_codes(uneven) == ["key-positions"] * 4


def test_the_limits_of_a_large_pool_are_22_and_28_percent() -> None:
    assert allowed_counts(200) == (44, 56)
    assert allowed_counts(1000) == (220, 280)


def test_a_small_pool_is_only_told_what_chance_does_not_explain() -> None:
    low, high = allowed_counts(20)
    assert (low, high) == (1, 10)
    rng = Random(5)
    reported = 0
    for _ in range(300):
        keys = [rng.randrange(4) for _ in range(100)]
        allowed = allowed_counts(100)
        reported += any(not allowed[0] <= keys.count(place) <= allowed[1] for place in range(4))
    assert reported <= 0.06 * 300


def test_a_key_that_is_usually_the_longest_is_told() -> None:
    pool = [loaded_question(number, number % 4, varied(number)) for number in range(200)]
    longest = [
        replace(loaded, question=replace(loaded.question, body=_key_is_longest(loaded))) for loaded in pool
    ]
    assert pool_codes(longest) == ["key-longest"]


def _key_is_longest(loaded: LoadedQuestion) -> SingleChoice:
    body = loaded.question.body
    assert isinstance(body, SingleChoice)
    return SingleChoice(tuple(replace(c, text=c.text * 3) if c.correct else c for c in body.choices))


def test_numbers_have_no_meaningful_length() -> None:
    texts = [
        ("1", "2", "3", "1000"),
        ("5", "6", "1000", "7"),
        ("8", "1000", "9", "4"),
        ("1000", "2", "3", "4"),
    ]
    pool = [loaded_question(n, 3 - n % 4, varied(n), texts[n % 4]) for n in range(200)]
    assert "key-longest" not in pool_codes(pool)


def test_nearly_equal_stems_are_told_and_a_changed_question_of_the_same_form_is_not() -> None:
    first = loaded_question(
        1, 0, "情報を使いたいときに使えることを表すものはどれか。", ("甲甲甲", "乙乙乙", "丙丙丙", "丁丁丁")
    )
    near = loaded_question(
        2, 1, "情報を，使いたい時に使えることを表すものはどれか。", ("乙乙乙", "甲甲甲", "丙丙丙", "丁丁丁")
    )
    other = loaded_question(
        3, 2, "情報が書き換えられていないことを表すものはどれか。", ("戊", "己", "庚", "辛")
    )
    (finding,) = near_duplicates([first, near, other])
    assert (finding.item, finding.params["other"]) == ("ip-61-002", "ip-61-001")


def test_no_near_duplicate_is_missed_by_the_index() -> None:
    rng = Random(3)
    pool = []
    for number in range(120):
        base = varied(number // 3)
        changed = "".join(sign if rng.random() > 0.04 else "変" for sign in base)
        pool.append(loaded_question(number, 0, changed, ("一", "二", "三", "四")))
    found = {(f.item, f.params["other"]) for f in near_duplicates(pool)}
    assert found == _near_duplicates_by_comparing_all(pool)


def _near_duplicates_by_comparing_all(pool: list[LoadedQuestion]) -> set[tuple[str, object]]:
    grams = [bigrams(loaded) for loaded in pool]
    return {
        (pool[later].question.id, pool[earlier].question.id)
        for later in range(len(pool))
        for earlier in range(later)
        if len(grams[later] & grams[earlier]) / len(grams[later] | grams[earlier]) >= NEAR_DUPLICATE_SHARE
    }


def test_a_category_of_recall_alone_is_told() -> None:
    recall = [loaded_question(number, number % 4, varied(number)) for number in range(8)]
    recall = [replace(loaded, question=replace(loaded.question, level=Level.RECALL)) for loaded in recall]
    assert "level-mix" in pool_codes(recall)


def test_retired_and_past_questions_do_not_count_for_the_pool() -> None:
    same = [loaded_question(number, 0, "同じ問い", ("甲", "乙", "丙", "丁")) for number in range(60)]
    retired = [replace(s, question=replace(s.question, status=QuestionStatus.RETIRED)) for s in same]
    past = [replace(s, question=replace(s.question, source_line="出典")) for s in same]
    assert pool_codes(retired) == []
    assert pool_codes(past) == []


def test_the_content_of_the_project_has_no_errors() -> None:
    report = check(load(Path(__file__).resolve().parents[2]))
    assert [str(finding) for finding in report.errors] == []
