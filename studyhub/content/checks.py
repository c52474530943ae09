"""The mechanical checks of all content: run by `studyhub content check`, before a sync, and in CI."""

from collections.abc import Callable, Iterable, Iterator

from studyhub.content import markdown_scan, pool_statistics, question_checks, quotas, reviews
from studyhub.content.loader import Content, LoadedStudySession, question_texts
from studyhub.domain.questions import QuestionStatus
from studyhub.domain.syllabus import Syllabus
from studyhub.formats.report import Finding, Findings, Report, Severity

EXAM_SYLLABUS = "ip-6.5"


def check(content: Content) -> Report:
    """Every finding about the content, those of reading included, by file and line."""
    found = list(content.report.findings)
    for rule in _RULES:
        found.extend(rule(content))
    return Report(tuple(sorted(found, key=lambda finding: (finding.file, finding.line))))


def _unique_ids(content: Content) -> Iterator[Finding]:
    questions = ((loaded.question.id, loaded.file, loaded.line) for loaded in content.questions)
    terms = ((found.item.term, found.file, found.line) for found in content.terms)
    sessions = ((loaded.page.id, loaded.file, loaded.line) for loaded in content.study_sessions)
    courses = ((loaded.course.id, loaded.file, loaded.line) for loaded in content.courses)
    worksheets = ((found.item.id, found.file, found.line) for found in content.worksheets)
    for places in (questions, terms, sessions, courses, worksheets):
        yield from _repeated(places)


def _repeated(places: Iterable[tuple[str, str, int]]) -> Iterator[Finding]:
    first: dict[str, tuple[str, int]] = {}
    for key, file, line in places:
        if key in first:
            where, at = first[key]
            params: dict[str, object] = {"value": key, "first_file": where, "first_line": at}
            yield Finding(Severity.ERROR, file, line, "duplicate-id", key, params)
        first.setdefault(key, (file, line))


def _questions(content: Content) -> Iterator[Finding]:
    for loaded in content.questions:
        yield from question_checks.check_question(loaded)


def _references_of_questions(content: Content) -> Iterator[Finding]:
    topics, terms, anchors = _topic_keys(content), _term_names(content), _anchors(content)
    for loaded in content.questions:
        question = loaded.question
        findings = Findings(loaded.file)
        _check_topics(findings, question.topics, topics, loaded.line, question.id)
        for term in question.terms:
            if term not in terms:
                findings.warning("unknown-term", loaded.line, question.id, value=term)
        if question.teaches:
            _check_teaches(findings, question.teaches, anchors, loaded.line, question.id)
        yield from findings.report().findings


def _check_topics(
    findings: Findings, topics: tuple[str, ...], known: frozenset[str], line: int, item: str
) -> None:
    for topic in topics:
        if topic not in known:
            findings.error("unknown-topic", line, item, value=topic)


def _check_teaches(
    findings: Findings, teaches: str, anchors: dict[str, frozenset[str]], line: int, item: str
) -> None:
    session, mark, anchor = teaches.partition("#")
    if not (session and mark and anchor):
        findings.error("bad-teaches", line, item, value=teaches)
    elif session not in anchors:
        findings.error("unknown-session", line, item, value=session)
    elif anchor not in anchors[session]:
        findings.error("unknown-anchor", line, item, session=session, anchor=anchor)


def _study_sessions(content: Content) -> Iterator[Finding]:
    topics, terms = _topic_keys(content), _term_names(content)
    questions = frozenset(loaded.question.id for loaded in content.questions)
    for loaded in content.study_sessions:
        yield from check_page(loaded, topics, terms, questions)


def _worksheets(content: Content) -> Iterator[Finding]:
    known = frozenset(found.item.id for found in content.worksheets)
    for loaded in content.study_sessions:
        if loaded.page.worksheet is not None and loaded.page.worksheet not in known:
            params: dict[str, object] = {"value": loaded.page.worksheet}
            yield Finding(
                Severity.ERROR, loaded.file, loaded.line, "unknown-worksheet", loaded.page.id, params
            )


def check_page(
    loaded: LoadedStudySession, topics: frozenset[str], terms: frozenset[str], questions: frozenset[str]
) -> tuple[Finding, ...]:
    """`topics`, `terms` and `questions` are those that the page may name."""
    findings = Findings(loaded.file)
    _check_topics(findings, loaded.page.topics, topics, loaded.line, loaded.page.id)
    _check_headings(findings, loaded)
    _check_mentions(findings, loaded, terms, questions)
    return findings.report().findings


def _check_headings(findings: Findings, loaded: LoadedStudySession) -> None:
    seen: set[str] = set()
    for heading in markdown_scan.headings(loaded.page.body):
        line = heading.line + loaded.page.body_line - 1
        if heading.anchor in seen:
            findings.error("duplicate-anchor", line, loaded.page.id, value=heading.anchor)
        seen.add(heading.anchor)
        if heading.level == 2 and not heading.explicit:
            findings.warning("heading-without-anchor", line, loaded.page.id, value=heading.text)


def _check_mentions(
    findings: Findings, loaded: LoadedStudySession, terms: frozenset[str], questions: frozenset[str]
) -> None:
    page, before = loaded.page, loaded.page.body_line - 1
    for question_id in page.check:
        if question_id not in questions:
            findings.error("unknown-question", loaded.line, page.id, value=question_id)
    for mention in markdown_scan.questions(page.body):
        if mention.name not in questions:
            findings.error("unknown-question", mention.line + before, page.id, value=mention.name)
    for mention in markdown_scan.terms(page.body):
        if mention.name not in terms:
            findings.warning("unknown-term", mention.line + before, page.id, value=mention.name)
    for mention in markdown_scan.figures(page.body):
        if not mention.alternative:
            findings.error("image-without-text", mention.line + before, page.id, name=mention.name)


def _courses_and_terms(content: Content) -> Iterator[Finding]:
    topics, anchors = _topic_keys(content), _anchors(content)
    for loaded in content.courses:
        findings = Findings(loaded.file)
        _check_topics(findings, loaded.course.topics, topics, loaded.line, loaded.course.id)
        yield from findings.report().findings
    for found in content.terms:
        findings = Findings(found.file)
        _check_topics(findings, found.item.topics, topics, found.line, found.item.term)
        for session in found.item.see:
            if session.partition("#")[0] not in anchors:
                findings.error("unknown-session", found.line, found.item.term, value=session)
        yield from findings.report().findings


def _question_figures(content: Content) -> Iterator[Finding]:
    for loaded in content.questions:
        findings = Findings(loaded.file)
        for text in question_texts(loaded.question):
            for mention in markdown_scan.figures(text):
                if not mention.alternative:
                    item = loaded.question.id
                    findings.error("image-without-text", loaded.line, item, name=mention.name)
        yield from findings.report().findings


def _blueprints(content: Content) -> Iterator[Finding]:
    topics, syllabi = _topic_keys(content), _syllabi(content)
    for found in content.blueprints:
        findings, blueprint = Findings(found.file), found.item
        if blueprint.syllabus_id not in syllabi:
            findings.error("unknown-syllabus", found.line, blueprint.id, value=blueprint.syllabus_id)
            yield from findings.report().findings
            continue
        fields = blueprint.fields
        _check_topics(findings, tuple(f.topic_key for f in fields), topics, found.line, blueprint.id)
        total = sum(field.questions for field in fields)
        if total != blueprint.questions:
            findings.error("quota-sum", found.line, blueprint.id, sum=total, total=blueprint.questions)
        for field in fields:
            if field.scored > field.questions:
                findings.error("scored-above", found.line, blueprint.id, topic=field.topic_key)
        yield from findings.report().findings


def _mappings(content: Content) -> Iterator[Finding]:
    syllabi, topics = _syllabi(content), _topic_keys(content)
    for found in content.mappings:
        findings, mapping = Findings(found.file), found.item
        name = f"{mapping.from_syllabus}--{mapping.to_syllabus}"
        absent = [key for key in (mapping.from_syllabus, mapping.to_syllabus) if key not in syllabi]
        for syllabus in absent:
            findings.error("unknown-syllabus", found.line, name, value=syllabus)
        if not absent:
            used = tuple(mapping.targets) + tuple(key for keys in mapping.targets.values() for key in keys)
            _check_topics(findings, tuple(dict.fromkeys(used)), topics, found.line, name)
            for leaf in syllabi[mapping.from_syllabus].leaves():
                if leaf.key not in mapping.targets:
                    findings.warning("not-in-mapping", found.line, name, topic=leaf.key)
        yield from findings.report().findings


def _coverage(content: Content) -> Iterator[Finding]:
    """Every smallest category of the examination has a question that officers can be asked."""
    asked = {
        topic
        for loaded in content.questions
        if loaded.question.status is QuestionStatus.PUBLISHED
        for topic in loaded.question.topics
    }
    for found in content.syllabi:
        if found.item.id != EXAM_SYLLABUS:
            continue
        for leaf in found.item.leaves():
            if leaf.key not in asked:
                params: dict[str, object] = {"name": leaf.name, "topic": leaf.key}
                yield Finding(Severity.WARNING, found.file, 0, "category-empty", "", params)


def _pool(content: Content) -> Iterator[Finding]:
    yield from pool_statistics.check_pool(content.questions)


def _reviews(content: Content) -> Iterator[Finding]:
    if content.reviews is not None:
        yield from reviews.check_reviews(content.questions, content.reviews)


_RULES: tuple[Callable[[Content], Iterator[Finding]], ...] = (
    _unique_ids,
    _questions,
    _question_figures,
    _references_of_questions,
    _study_sessions,
    _worksheets,
    _courses_and_terms,
    _blueprints,
    _mappings,
    _coverage,
    _pool,
    quotas.check_quotas,
    _reviews,
)


def _syllabi(content: Content) -> dict[str, Syllabus]:
    return {found.item.id: found.item for found in content.syllabi}


def _topic_keys(content: Content) -> frozenset[str]:
    return frozenset(topic.key for found in content.syllabi for topic in found.item.topics)


def _term_names(content: Content) -> frozenset[str]:
    return frozenset(found.item.term for found in content.terms)


def _anchors(content: Content) -> dict[str, frozenset[str]]:
    """Study session id to the anchors of its headings."""
    return {
        loaded.page.id: frozenset(heading.anchor for heading in markdown_scan.headings(loaded.page.body))
        for loaded in content.study_sessions
    }
