from __future__ import annotations

import pytest

from studyhub.content.checks import check
from studyhub.content.loader import load
from studyhub.content.quotas import counts_of, mix_of
from tests.content.conftest import QUESTION, WriteContent

QUESTIONS = "question_pool/ip/23-security/61-security.yaml"
QUOTAS = """\
quotas:
  - {topic: ip-6.5, at_least: 3, smallest: 1}
  - {topic: "ip-6.5:61", at_least: 1}
mix: {calculation: 1}
"""


def counted(write_content: WriteContent, question: str = QUESTION) -> dict[str, int]:
    content = load(write_content({QUESTIONS: question, "question_pool/quotas.yaml": QUOTAS}))
    return {count.name: count.count for count in counts_of(content)}


def test_a_question_counts_for_its_main_topic_and_all_above_it(write_content: WriteContent) -> None:
    counts = counted(write_content)
    assert counts["ip-6.5"] == 2
    assert counts["ip-6.5:61"] == 1


def test_a_draft_counts_for_nothing(write_content: WriteContent) -> None:
    assert counted(write_content, QUESTION.replace("published", "draft"))["ip-6.5:61"] == 0


def test_what_is_missing_is_told(write_content: WriteContent) -> None:
    report = check(load(write_content({"question_pool/quotas.yaml": QUOTAS})))
    told = {str(finding.params["name"]): finding.sentence("en") for finding in report.warnings}
    assert set(told) == {"ip-6.5", "calculation"}
    assert told["ip-6.5"] == "“ip-6.5” has 2 published questions; at least 3 are wanted."


def test_a_small_category_below_its_number_is_told(write_content: WriteContent) -> None:
    second = "question_pool/ip/23-security/62-management.yaml"
    content = load(write_content({"question_pool/quotas.yaml": QUOTAS, second: None}))
    assert ("ip-6.5:62", 0) in {(count.name, count.count) for count in counts_of(content)}


@pytest.mark.parametrize(
    ("stem", "found"),
    [
        ("次の表から求めよ。\\n\\n| 月 | 件 |\\n|---|---|\\n| 4 | 2 |", {"table"}),
        ("a〜d のうち，適切なものだけを全て挙げたものはどれか。", {"combination"}),
        ("図のとおりである。![三つの箱](figures/a.svg)", {"figure"}),
        ("どれか。", set()),
    ],
)
def test_tables_figures_and_combinations_are_seen_in_the_stem(
    write_content: WriteContent, stem: str, found: set[str]
) -> None:
    question = QUESTION.replace("stem: 止まらないことを表すものはどれか。", f'stem: "{stem}"')
    content = load(write_content({QUESTIONS: question}))
    assert mix_of(content.questions[0]) == found


def test_a_spreadsheet_and_an_sql_question_count_together(write_content: WriteContent) -> None:
    content = load(write_content({QUESTIONS: QUESTION + "  attributes: [sql, metropolitan]\n"}))
    assert mix_of(content.questions[0]) == {"sql", "spreadsheet_or_sql", "metropolitan"}
