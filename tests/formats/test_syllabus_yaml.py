from pathlib import Path

import pytest

from studyhub.formats import glossary_yaml, syllabus_yaml
from studyhub.formats.glossary_yaml import Abbreviation

POOL = Path(__file__).resolve().parents[2] / "question_pool"


def test_the_examination_syllabus_has_3_9_23_and_63_categories() -> None:
    text = (POOL / "syllabi" / "ip-6.5.yaml").read_text(encoding="utf-8")
    syllabus = syllabus_yaml.read_syllabus(text, "ip-6.5.yaml").items[0].item
    by_level = [sum(topic.level == level for topic in syllabus.topics) for level in syllabus.levels]
    assert by_level == [3, 9, 23, 63]
    assert [topic.key for topic in syllabus.leaves()] == [f"ip-6.5:{number}" for number in range(1, 64)]
    assert [topic.share for topic in syllabus.roots] == [35, 20, 45]
    assert [topic.node_id for topic in syllabus.ancestors("ip-6.5:61")] == ["technology", "l9", "m23"]


def test_the_mapping_to_the_draft_names_every_small_category() -> None:
    text = (POOL / "mappings" / "ip-6.5--ip-2027.yaml").read_text(encoding="utf-8")
    mapping = syllabus_yaml.read_mapping(text, "m.yaml").items[0].item
    assert len(mapping.targets) == 63
    assert mapping.translate("ip-6.5:1") == ("ip-2027:corporate-activities",)


def test_unmapped_is_said_and_not_forgotten() -> None:
    text = 'from: a\nto: b\nmap: {"1": unmapped, "2": [x, y], "3": []}\n'
    reading = syllabus_yaml.read_mapping(text, "m.yaml")
    assert [finding.code for finding in reading.report.findings] == ["mapping-target"]
    mapping = syllabus_yaml.read_mapping(text.replace(', "3": []', ""), "m.yaml").items[0].item
    assert mapping.unmapped == ("a:1",)
    assert mapping.translate("a:2") == ("b:x", "b:y")


def test_the_blueprint_of_the_present_examination() -> None:
    text = (POOL / "blueprints" / "ip-2026.yaml").read_text(encoding="utf-8")
    blueprint = syllabus_yaml.read_blueprint(text, "b.yaml").items[0].item
    quotas = [(field.topic_key, field.questions, field.scored) for field in blueprint.fields]
    assert quotas == [
        ("ip-6.5:strategy", 35, 32),
        ("ip-6.5:management", 20, 18),
        ("ip-6.5:technology", 45, 42),
    ]
    assert (blueprint.minutes, blueprint.pass_rule.total, blueprint.pass_rule.each_field) == (120, 600, 300)
    assert blueprint.notes


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (
            "syllabus: s\ntitle: t\nlevels: [a]\ntopics:\n  - {id: x, name: X}\n  - {id: x, name: Y}\n",
            "duplicate-node",
        ),
        ("syllabus: s\ntitle: t\ntopics: {}\n", "not-a-list"),
        ("syllabus: s\ntitle: t\npublished: soon\n", "not-a-date"),
        ("- a\n", "not-a-mapping"),
        ("", "not-a-mapping"),
    ],
)
def test_a_faulty_syllabus_is_refused(text: str, code: str) -> None:
    reading = syllabus_yaml.read_syllabus(text, "s.yaml")
    assert code in [finding.code for finding in reading.report.errors]
    assert reading.items == ()


def test_a_blueprint_needs_its_pass_rule_and_scale() -> None:
    reading = syllabus_yaml.read_blueprint(
        "blueprint: b\nsyllabus: s\ntitle: t\nquestions: 1\nminutes: 1\n", "b"
    )
    missing = [finding.params["field"] for finding in reading.report.errors]
    assert missing == ["pass", "scale"]


def test_terms_carry_readings_and_both_shapes_of_abbreviations() -> None:
    text = (
        "- {term: 可用性, reading: かようせい, definition: 使えること。, topics: [ip-6.5:61]}\n"
        "- {term: BPR, reading: びーぴーあーる, definition: 見直し。,"
        " abbreviations: [{short: BPR, long: Business Process Re-engineering}]}\n"
        "- {term: KPI, reading: けーぴーあい, definition: 指標。, abbreviations: [KPI]}\n"
        "- {term: 空, reading: そら}\n"
    )
    reading = glossary_yaml.read(text, "glossary.yaml")
    assert [found.item.term for found in reading.items] == ["可用性", "BPR", "KPI"]
    assert reading.items[1].item.abbreviations == (Abbreviation("BPR", "Business Process Re-engineering"),)
    assert reading.items[2].item.abbreviations == (Abbreviation("KPI"),)
    assert [(f.code, f.line, f.item) for f in reading.report.findings] == [("missing-field", 4, "空")]
