"""What the published pool consists of, counted against ``question_pool/quotas.yaml``."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from studyhub.content import markdown_scan
from studyhub.content.loader import Content, LoadedQuestion, question_texts
from studyhub.domain.questions import Attribute, QuestionStatus
from studyhub.domain.syllabus import Syllabus
from studyhub.formats.quotas_yaml import MIX, Quota
from studyhub.formats.report import Finding, Severity

_TABLE = re.compile(r"^\s*\|?\s*:?-{2,}:?\s*\|", re.MULTILINE)
_COMBINATION = re.compile(r"だけを(全|すべ)て挙げたもの|だけを(全|すべ)て(選|あげ)")


@dataclass(frozen=True, slots=True)
class Count:
    """``name`` is a topic's key or one of the mix."""

    name: str
    count: int
    at_least: int

    @property
    def met(self) -> bool:
        return self.count >= self.at_least


def counts_of(content: Content) -> tuple[Count, ...]:
    """Of every topic and of the mix, in the order of the file; of small categories only those below theirs."""
    own = [loaded for loaded in content.questions if _counts(loaded)]
    by_topic = _by_topic(own, [found.item for found in content.syllabi])
    mix = Counter(name for loaded in own for name in mix_of(loaded))
    found: list[Count] = []
    for located in content.quotas:
        for quota in located.item.topics:
            found.extend(_of_topic(quota, by_topic, content))
        found.extend(Count(name, mix[name], located.item.mix.get(name, 0)) for name in MIX)
    return tuple(found)


def check_quotas(content: Content) -> Iterator[Finding]:
    for count in counts_of(content):
        if not count.met:
            params: dict[str, object] = {"name": count.name, "count": count.count, "at_least": count.at_least}
            yield Finding(Severity.WARNING, "question_pool/quotas.yaml", 0, "below-quota", "", params)


def mix_of(loaded: LoadedQuestion) -> frozenset[str]:
    """Which of the mix a question is; a table, a figure and a combination are seen from its stem."""
    question = loaded.question
    found = {attribute.value for attribute in question.attributes}
    if found & {Attribute.SPREADSHEET, Attribute.SQL}:
        found.add("spreadsheet_or_sql")
    shown = question_texts(question)[:1]
    if any(_TABLE.search(text) for text in shown):
        found.add("table")
    if any(markdown_scan.figures(text) for text in shown):
        found.add("figure")
    if _COMBINATION.search(question.stem):
        found.add("combination")
    return frozenset(found)


def _counts(loaded: LoadedQuestion) -> bool:
    question = loaded.question
    return question.status is QuestionStatus.PUBLISHED and question.source_line is None


def _by_topic(questions: Iterable[LoadedQuestion], syllabi: Iterable[Syllabus]) -> Counter[str]:
    """By the main topic, each topic above it, and the syllabus itself."""
    above = {
        topic.key: (syllabus.id, topic.key, *(higher.key for higher in syllabus.ancestors(topic.key)))
        for syllabus in syllabi
        for topic in syllabus.topics
    }
    return Counter(key for loaded in questions for key in above.get(loaded.question.main_topic, ()))


def _of_topic(quota: Quota, by_topic: Counter[str], content: Content) -> Iterator[Count]:
    yield Count(quota.topic, by_topic[quota.topic], quota.at_least)
    for found in content.syllabi:
        if quota.smallest and found.item.id == quota.topic:
            for leaf in found.item.leaves():
                if by_topic[leaf.key] < quota.smallest:
                    yield Count(leaf.key, by_topic[leaf.key], quota.smallest)
