"""The content folders and the database: what comes in, what stops everything."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine, select

from studyhub.domain import blueprint as blueprints
from studyhub.domain.errors import Conflict
from studyhub.domain.questions import from_data
from studyhub.domain.surveys import SurveyMoment, default_items
from studyhub.persistence.models import (
    Blueprint,
    Course,
    Job,
    Material,
    Question,
    QuestionTopic,
    StoredFile,
    StudySessionLecturer,
    StudySessionTopic,
    Survey,
    SurveyItem,
    Syllabus,
    SyllabusMapping,
    Term,
    Topic,
    TopicMapping,
)
from studyhub.persistence.session import transaction
from studyhub.services import files
from studyhub.services.content_sync import FaultyContent, sync
from tests.factories.content_folders import SVG, ContentFolder
from tests.factories.content_sites import (
    Site,
    question,
    revisions,
    session_revisions,
    the_session,
    topic,
)

PROJECT = Path(__file__).resolve().parents[2]
CRYPTO = "question_pool/mini/q-crypto-001.yaml"
PRIVACY = "question_pool/mini/q-privacy-001.yaml"
SESSION = "courses/basics/01-crypto/session.md"


@pytest.fixture
def site(engine: Engine, tmp_path: Path, now: datetime) -> Site:
    return Site(engine, ContentFolder(tmp_path / "content"), tmp_path / "files", now)


@pytest.fixture
def synced(site: Site) -> Site:
    site.sync()
    site.forget_jobs()
    return site


# What comes in


def test_a_syllabus_comes_in_as_a_tree_with_its_order(synced: Site) -> None:
    with synced.seen() as db:
        rows = list(db.scalars(select(Topic).where(Topic.syllabus_id == "mini").order_by(Topic.position)))
        law = topic(db, "mini:law")
        assert [row.key.partition(":")[2] for row in rows] == [
            "law",
            "copyright",
            "privacy",
            "tech",
            "crypto",
        ]
        assert topic(db, "mini:privacy").parent_id == law.id
        assert (law.depth, law.level, topic(db, "mini:crypto").level) == (0, "field", "small")
        assert db.get_one(Syllabus, "next").status == "draft"


def test_a_mapping_comes_in_with_what_is_unmapped_on_purpose(synced: Site) -> None:
    with synced.seen() as db:
        names = {row.id: row.key for row in db.scalars(select(Topic))}
        pairs = {
            (names[row.from_topic_id], names.get(row.to_topic_id or 0))
            for row in db.scalars(select(TopicMapping))
        }
        assert pairs == {
            ("mini:copyright", "next:rules"),
            ("mini:privacy", "next:rules"),
            ("mini:crypto", None),
        }
        assert db.get_one(SyllabusMapping, "mini--next").status == "draft"


def test_a_blueprint_can_be_read_back_from_its_row(synced: Site) -> None:
    with synced.seen() as db:
        row = db.get_one(Blueprint, "mini-exam")
        blueprint = blueprints.from_data(row.spec)
        assert blueprint.fields[0] == blueprints.FieldQuota("mini:law", 2, 2)
        assert row.syllabus_id == "mini"


def test_a_term_comes_in_rendered_and_as_plain_text(synced: Site) -> None:
    with synced.seen() as db:
        term = db.scalars(select(Term)).one()
        assert term.html == "<p>誰に見せてもよい<strong>鍵</strong>。</p>"
        assert term.definition == "誰に見せてもよい鍵。"
        assert term.abbreviations == [{"short": "PK", "long": "public key"}]


def test_a_question_comes_in_rendered_in_authored_order(synced: Site) -> None:
    with synced.seen() as db:
        row = question(db, "q-crypto-001")
        [revision] = revisions(db, "q-crypto-001")
        assert row.current_revision_id == revision.id
        assert (row.status, row.origin, revision.number) == ("published", "pool", 1)
        assert revision.html == {
            "stem": "<p>暗号の目的として，適切なものはどれか。</p>",
            "explanation": "<p>考え方を説明する。</p>",
            "choices": ["正しいこと", "違うこと", "別のこと", "似たこと"],
            "reasons": ["そのとおりである", "逆である", "関係がない", "似ているだけである"],
        }
        assert revision.plain == "暗号の目的として，適切なものはどれか。"
        assert from_data(revision.data).id == "q-crypto-001"


def test_the_first_topic_of_a_question_is_its_main_one(synced: Site) -> None:
    with synced.seen() as db:
        row = question(db, "q-privacy-001")
        listed = select(QuestionTopic).where(QuestionTopic.question_id == row.id)
        ids = [entry.topic_id for entry in db.scalars(listed.order_by(QuestionTopic.position))]
        assert ids == [topic(db, "mini:privacy").id, topic(db, "mini:copyright").id]
        assert row.main_topic_id == ids[0]


def test_a_figure_is_shown_from_an_address_of_its_own(synced: Site) -> None:
    with synced.seen() as db:
        [revision] = revisions(db, "q-privacy-001")
        stored = db.scalars(select(StoredFile).where(StoredFile.name == "form.svg")).one()
        assert f'src="/files/{stored.id}"' in revision.html["stem"]
        assert stored.media_type == "image/svg+xml"
        assert files.path_of(synced.files_root, stored.sha256).read_text("utf-8") == SVG.format(title="様式")


def test_a_study_session_comes_in_with_all_that_belongs_to_it(synced: Site) -> None:
    with synced.seen() as db:
        row = the_session(db)
        lecturers = select(StudySessionLecturer.name).order_by(StudySessionLecturer.position)
        topics = select(StudySessionTopic.topic_id).order_by(StudySessionTopic.position)
        assert (row.key, row.held_on, row.minutes) == ("basics-crypto", date(2026, 12, 2), 45)
        assert row.starts_at == datetime(2026, 12, 2, 6, 0, tzinfo=UTC)
        assert list(db.scalars(lecturers)) == ["例田 花子", "見本 太郎"]
        assert list(db.scalars(topics)) == [topic(db, "mini:crypto").id, topic(db, "mini:privacy").id]
        assert db.get_one(Course, row.course_id).key == "basics"


def test_notes_are_stored_in_segments_around_the_check_questions(synced: Site) -> None:
    with synced.seen() as db:
        [revision] = session_revisions(db)
        assert [kind for kind, _ in revision.segments] == ["html", "question", "html"]
        assert revision.segments[1] == ["question", "q-crypto-001"]
        assert revision.toc == [
            {"anchor": "keys", "text": "鍵とは", "level": 2},
            {"anchor": "summary", "text": "まとめ", "level": 2},
        ]
        assert '<h2 id="keys">' in revision.segments[0][1]
        assert revision.checks == ["q-crypto-001"]
        assert revision.source.startswith("---\nid: basics-crypto\n")


def test_slides_wait_for_their_pages_and_other_materials_are_ready(site: Site) -> None:
    site.sync()
    with site.seen() as db:
        states = {row.path: (row.role, row.state) for row in db.scalars(select(Material))}
        slides = db.scalars(select(Material).where(Material.role == "slides")).one()
    assert states == {
        "slides.pdf": ("slides", "waiting"),
        "sheet.md": ("handout", "ready"),
        "figures/key.svg": ("figure", "ready"),
    }
    assert site.jobs("render_slides") == [{"material_id": slides.id}]


def test_a_wanted_survey_is_drafted_once_and_then_the_lecturers(site: Site) -> None:
    site.folder.replace(SESSION, "status: published", "status: published\nsurvey: default")
    site.sync()
    with transaction(site.engine) as db:
        survey = db.scalars(select(Survey)).one()
        items = db.scalars(select(SurveyItem).where(SurveyItem.survey_id == survey.id)).all()
        assert (survey.moment, survey.state, len(items)) == (
            "after",
            "draft",
            len(default_items(SurveyMoment.AFTER)),
        )
        survey.title = "講師が直した名前"
    site.folder.replace(SESSION, "## まとめ", "## おわりに")
    site.sync()
    with site.seen() as db:
        assert db.scalars(select(Survey.title)).all() == ["講師が直した名前"]


def test_new_content_asks_once_for_reindexing_and_for_no_rebuilding(site: Site) -> None:
    site.sync()
    assert site.jobs("reindex_search") == [{}]
    assert site.jobs("rebuild_progress") == []


# What stops everything


def test_one_faulty_question_stops_the_whole_synchronisation_and_says_where(site: Site) -> None:
    site.folder.replace(CRYPTO, "correct: true", "correct: false")
    with pytest.raises(FaultyContent) as caught:
        site.sync()
    [error] = caught.value.report.errors
    assert (error.file, error.line, error.item) == (CRYPTO, 1, "q-crypto-001")
    assert (site.count(Topic), site.count(Question), site.count(Job)) == (0, 0, 0)


def test_a_text_that_cannot_be_rendered_stops_the_whole_synchronisation(site: Site) -> None:
    site.folder.session(body="あ" * 100_000)
    with pytest.raises(FaultyContent) as caught:
        site.sync()
    [error] = caught.value.report.errors
    assert (error.code, error.file) == ("not-rendered", SESSION)
    assert site.count(Topic) == 0


def test_what_does_not_fit_the_database_is_told_of_before_it_is_written(site: Site) -> None:
    site.folder.replace(SESSION, "title: 暗号入門", f"title: {'長' * 201}")
    site.folder.replace(SESSION, "## まとめ", "## まと\0め")
    with pytest.raises(FaultyContent) as caught:
        site.sync()
    assert [(error.file, error.code) for error in caught.value.report.errors] == [
        (SESSION, "too-long"),
        (SESSION, "not-readable"),
    ]


def test_a_question_that_was_imported_under_the_same_name_is_not_overwritten(synced: Site) -> None:
    with transaction(synced.engine) as db:
        db.add(
            Question(
                key="q-new-001", status="published", origin="import", main_topic_id=topic(db, "mini:law").id
            )
        )
    synced.folder.question("q-new-001", topics="mini:law", stem="新しい問い")
    with pytest.raises(Conflict, match="q-new-001"):
        synced.sync()
    with synced.seen() as db:
        assert question(db, "q-new-001").origin == "import"


def test_two_synchronisations_at_once_do_not_mix(synced: Site) -> None:
    synced.folder.replace(CRYPTO, "適切なもの", "最も適切なもの")
    calls: list[int] = []

    def another_comes_in(done: int, _total: int) -> None:
        calls.append(done)
        if len(calls) == 1:
            synced.sync()

    with pytest.raises(Conflict):
        sync(synced.engine, synced.folder.root, synced.files_root, synced.now, progress=another_comes_in)
    with synced.seen() as db:
        assert len(revisions(db, "q-crypto-001")) == 2


def test_questions_that_were_imported_are_left_alone(synced: Site) -> None:
    with transaction(synced.engine) as db:
        db.add(
            Question(
                key="ip-2023r05-1",
                status="published",
                origin="import",
                main_topic_id=topic(db, "mini:law").id,
            )
        )
    synced.folder.remove(PRIVACY)
    synced.sync()
    with synced.seen() as db:
        assert question(db, "ip-2023r05-1").status == "published"


# The other kinds of questions


KINDS = {
    "multiple_choice": (
        "choices:\n    - {text: 甲, correct: true, reason: 一}\n    - {text: 乙, correct: true, reason: 二}\n"
        "    - {text: 丙, correct: false, reason: 三}\n",
        {"choices": ["甲", "乙", "丙"], "reasons": ["一", "二", "三"]},
    ),
    "true_false": (
        "answer: false\n  reason_true: 早合点\n  reason_false: 正しい\n",
        {"choices": [], "reasons": ["早合点", "正しい"]},
    ),
    "numeric": ("answer: {value: 12.5, tolerance: 0, unit: 日}\n", {"choices": [], "reasons": []}),
    "ordering": ("items: [一番目, 二番目]\n", {"choices": ["一番目", "二番目"], "reasons": []}),
    "matching": (
        "pairs:\n    - {left: 左, right: 右, reason: 理由}\n    - {left: 上, right: 下, reason: 訳}\n",
        {"choices": ["左", "上"], "rights": ["右", "下"], "reasons": ["理由", "訳"]},
    ),
    "scenario": (
        "text: 場面\n  parts:\n    - {stem: 問い, kind: numeric, answer: {value: 3}, explanation: 訳}\n",
        {
            "text": "<p>場面</p>",
            "choices": [],
            "reasons": [],
            "parts": [{"stem": "<p>問い</p>", "explanation": "<p>訳</p>", "choices": [], "reasons": []}],
        },
    ),
}


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_question_is_rendered_part_by_part(site: Site, kind: str) -> None:
    body, expected = KINDS[kind]
    site.folder.write(
        CRYPTO,
        f"- id: q-crypto-001\n  kind: {kind}\n  topics: [mini:crypto]\n  level: apply\n  stem: 幹\n"
        f"  explanation: 解説\n  expected_facility: 0.5\n  as_of: 2026-11\n  status: published\n  {body}",
    )
    site.sync()
    with site.seen() as db:
        [revision] = revisions(db, "q-crypto-001")
        assert revision.html == {"stem": "<p>幹</p>", "explanation": "<p>解説</p>", **expected}
        assert revision.plain == ("場面\n幹" if kind == "scenario" else "幹")


# The project's own


@pytest.mark.slow
def test_the_projects_own_content_comes_in_and_a_second_run_changes_nothing(
    engine: Engine, tmp_path: Path, now: datetime
) -> None:
    first = sync(engine, PROJECT, tmp_path / "files", now)
    assert first.report.ok
    assert len(first.plan.syllabi.added) >= 4
    assert len(first.plan.study_sessions.added) >= 4
    assert sync(engine, PROJECT, tmp_path / "files", now).plan.is_empty
