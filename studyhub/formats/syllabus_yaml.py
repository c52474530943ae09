"""Syllabus trees, mappings between them, and examination blueprints, one YAML file each."""

from collections.abc import Iterator

from studyhub.domain.blueprint import Blueprint, FieldQuota, PassRule, Scale
from studyhub.domain.syllabus import Syllabus, SyllabusStatus, Topic, TopicMapping, topic_key
from studyhub.formats.report import Findings, Item, Located, Reading
from studyhub.formats.yaml_fields import Fields, root_fields

UNMAPPED = "unmapped"


def read_syllabus(text: str, file: str) -> Reading[Syllabus]:
    findings = Findings(file)
    fields = root_fields(text, findings)
    if fields is None:
        return Reading((), findings.report())
    fields.item = fields.key("syllabus")
    levels = fields.texts("levels")
    topics = tuple(_topics(fields, fields.item, None, levels, set()))
    syllabus = Syllabus(
        id=fields.item,
        title=fields.text("title"),
        title_en=fields.text("title_en", ""),
        version=fields.text("version", ""),
        status=fields.one_of("status", SyllabusStatus, SyllabusStatus.CURRENT),
        published_on=fields.optional_date("published"),
        levels=levels,
        topics=topics,
        sources=fields.texts("sources"),
        note=fields.text("note", ""),
        note_en=fields.text("note_en", ""),
    )
    fields.note_unread()
    return _reading(syllabus, fields, findings)


def _topics(
    fields: Fields, syllabus: str, parent: str | None, levels: tuple[str, ...], seen: set[str]
) -> Iterator[Topic]:
    for position, node in enumerate(fields.entries("topics")):
        node_id = node.key("id")
        if node_id in seen:
            node.error("duplicate-node", value=node_id)
        seen.add(node_id)
        key = topic_key(syllabus, node_id)
        yield Topic(
            key=key,
            parent_key=parent,
            level=levels[0] if levels else "",
            position=position,
            name=node.text("name"),
            name_en=node.text("name_en", ""),
            share=node.optional_number("share", 0, 100),
        )
        yield from _topics(node, syllabus, key, levels[1:], seen)
        node.note_unread()


def read_mapping(text: str, file: str) -> Reading[TopicMapping]:
    findings = Findings(file)
    fields = root_fields(text, findings)
    if fields is None:
        return Reading((), findings.report())
    source, target = fields.key("from"), fields.key("to")
    fields.item = f"{source}--{target}"
    listed = fields.fields("map")
    if listed is None:
        fields.error("missing-field", field="map")
    targets = (
        {topic_key(source, node): _targets(listed, node, target) for node in listed.names()} if listed else {}
    )
    status = fields.one_of("status", SyllabusStatus, SyllabusStatus.CURRENT)
    fields.note_unread()
    return _reading(TopicMapping(source, target, targets, status), fields, findings)


def _targets(listed: Fields, node: str, target: str) -> tuple[str, ...]:
    nodes = listed.texts(node)
    if not nodes:
        listed.error("mapping-target", listed.line_of(node), topic=node)
    return () if nodes == (UNMAPPED,) else tuple(topic_key(target, name) for name in nodes)


def read_blueprint(text: str, file: str) -> Reading[Blueprint]:
    findings = Findings(file)
    fields = root_fields(text, findings)
    if fields is None:
        return Reading((), findings.report())
    fields.item = fields.key("blueprint")
    syllabus = fields.key("syllabus")
    blueprint = Blueprint(
        id=fields.item,
        title=fields.text("title"),
        title_en=fields.text("title_en", ""),
        syllabus_id=syllabus,
        status=fields.one_of("status", SyllabusStatus, SyllabusStatus.CURRENT),
        questions=fields.integer("questions"),
        minutes=fields.integer("minutes"),
        fields=tuple(_quota(quota, syllabus) for quota in fields.entries("fields")),
        pass_rule=_pass_rule(fields),
        scale=_scale(fields),
        notes=fields.texts("notes") or fields.texts("note"),
        notes_en=fields.texts("notes_en") or fields.texts("note_en"),
        sources=fields.texts("sources"),
    )
    fields.note_unread()
    return _reading(blueprint, fields, findings)


def _quota(fields: Fields, syllabus: str) -> FieldQuota:
    quota = FieldQuota(
        topic_key(syllabus, fields.key("topic")), fields.integer("questions"), fields.integer("scored")
    )
    fields.note_unread()
    return quota


def _pass_rule(fields: Fields) -> PassRule:
    rule = fields.fields("pass")
    if rule is None:
        fields.error("missing-field", field="pass")
        return PassRule(0, 0, 0)
    return PassRule(rule.integer("total"), rule.integer("each_field"), rule.integer("out_of"))


def _scale(fields: Fields) -> Scale:
    scale = fields.fields("scale")
    if scale is None:
        fields.error("missing-field", field="scale")
        return Scale(0, 0, 0)
    anchor_score, anchor_ability = scale.decimal("anchor_score"), scale.decimal("anchor_ability")
    return Scale(float(anchor_score), float(anchor_ability), float(scale.decimal("points_per_ability")))


def _reading(item: Item, fields: Fields, findings: Findings) -> Reading[Item]:
    items = () if findings.error_count else (Located(item, findings.file, fields.line),)
    return Reading(items, findings.report())
