import re

import pytest

from studyhub.formats.messages import MESSAGES
from studyhub.formats.report import Finding, Findings, Severity


@pytest.mark.parametrize("code", MESSAGES)
def test_both_languages_say_a_finding_with_the_same_values(code: str) -> None:
    japanese, english = MESSAGES[code]
    names = re.findall(r"%\((\w+)\)", japanese)
    assert sorted(set(names)) == sorted(set(re.findall(r"%\((\w+)\)", english)))
    values = dict.fromkeys(names, "x")
    for language in ("ja", "en"):
        finding = Finding(Severity.ERROR, "f", 1, code, "", values)
        assert "%(" not in finding.sentence(language)


def test_a_report_lists_findings_by_place_and_knows_the_faulty_items() -> None:
    findings = Findings("a.yaml")
    findings.warning("missing-explanation", 9, "ip-01-002")
    findings.error("missing-stem", 3, "ip-01-001")
    report = findings.report()
    assert [finding.line for finding in report.findings] == [3, 9]
    assert not report.ok
    assert report.faulty_items == {"ip-01-001"}
    assert str(report.errors[0]) == "a.yaml:3: error [ip-01-001] 問題文（stem）がありません。 (missing-stem)"
