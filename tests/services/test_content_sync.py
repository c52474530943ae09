"""The content folders and the database: what is written, what is kept, and what stops everything."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine, event, func, select
from sqlalchemy.orm import Session

from studyhub.domain import blueprint as blueprints
from studyhub.domain.errors import Conflict
from studyhub.domain.questions import from_data
from studyhub.persistence.models import (
    Blueprint,
    Course,
    Job,
    Material,
    PracticeItem,
    PracticeSet,
    Question,
    QuestionRevision,
    QuestionTopic,
    StoredFile,
    StudySession,
    StudySessionLecturer,
    StudySessionRevision,
    StudySessionTopic,
    Syllabus,
    SyllabusMapping,
    Term,
    Topic,
    TopicMapping,
)
from studyhub.persistence.session import reading, transaction
from studyhub.services import files
from studyhub.services.content_sync import FaultyContent, Outcome, preview, sync
from tests.factories.content_folders import SVG, ContentFolder
from tests.factories.people import make_user

PROJECT = Path(__file__).resolve().parents[2]
CRYPTO = "question_pool/mini/q-crypto-001.yaml"
PRIVACY = "question_pool/mini/q-privacy-001.yaml"
SYLLABUS = "question_pool/syllabi/mini.yaml"
SESSION = "courses/basics/01-crypto/session.md"


class Site:
    """A content folder and the database it is synchronised with."""

    def __init__(self, engine: Engine, folder: ContentFolder, files_root: Path, now: datetime) -> None:
        self.engine = engine
        self.folder = folder
        self.files_root = files_root
        self.now = now

    def sync(self) -> Outcome:
        return sync(self.engine, self.folder.root, self.files_root, self.now)

    @contextmanager
    def seen(self) -> Iterator[Session]:
        with reading(self.engine) as db:
            yield db

    def count(self, model: type) -> int:
        with self.seen() as db:
            return db.scalar(select(func.count()).select_from(model)) or 0

    def jobs(self, kind: str) -> list[dict[str, object]]:
        with self.seen() as db:
            return [job.payload for job in db.scalars(select(Job).where(Job.kind == kind).order_by(Job.id))]

    def forget_jobs(self) -> None:
        with transaction(self.engine) as db:
            for job in db.scalars(select(Job)):
                db.delete(job)


@pytest.fixture
def site(engine: Engine, tmp_path: Path, now: datetime) -> Site:
    return Site(engine, ContentFolder(tmp_path / "content"), tmp_path / "files", now)


@pytest.fixture
def synced(site: Site) -> Site:
    site.sync()
    site.forget_jobs()
    return site


def question(db: Session, key: str) -> Question:
    return db.scalars(select(Question).where(Question.key == key)).one()


def revisions(db: Session, key: str) -> list[QuestionRevision]:
    mine = select(QuestionRevision).join(Question, Question.id == QuestionRevision.question_id)
    return list(db.scalars(mine.where(Question.key == key).order_by(QuestionRevision.number)))


def topic(db: Session, key: str) -> Topic:
    return db.scalars(select(Topic).where(Topic.key == key)).one()


def the_session(db: Session) -> StudySession:
    return db.scalars(select(StudySession)).one()


def session_revisions(db: Session) -> list[StudySessionRevision]:
    return list(db.scalars(select(StudySessionRevision).order_by(StudySessionRevision.number)))


@contextmanager
def written_statements(engine: Engine) -> Iterator[list[str]]:
    found: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.split(None, 1)[0].upper() in {"INSERT", "UPDATE", "DELETE"}:
            found.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    yield found
    event.remove(engine, "before_cursor_execute", note)


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


def test_new_content_asks_once_for_reindexing_and_for_no_rebuilding(site: Site) -> None:
    site.sync()
    assert site.jobs("reindex_search") == [{}]
    assert site.jobs("rebuild_progress") == []


# Doing it again


def test_a_second_run_writes_nothing(synced: Site) -> None:
    with written_statements(synced.engine) as written:
        outcome = synced.sync()
    assert outcome.plan.is_empty
    assert written == []


def test_a_preview_tells_what_would_change_and_writes_nothing(synced: Site) -> None:
    synced.folder.replace(CRYPTO, "適切なもの", "最も適切なもの")
    with written_statements(synced.engine) as written:
        outcome = preview(synced.engine, synced.folder.root)
    assert outcome.plan.questions.changed == ("q-crypto-001",)
    assert written == []


def test_what_did_not_change_is_not_touched(synced: Site) -> None:
    synced.folder.replace(CRYPTO, "適切なもの", "最も適切なもの")
    outcome = synced.sync()
    assert (outcome.question_revisions, outcome.study_session_revisions) == (1, 0)
    with synced.seen() as db:
        assert len(revisions(db, "q-privacy-001")) == 1
        assert len(session_revisions(db)) == 1


# Revisions


def test_a_changed_question_gets_a_new_revision_and_a_running_set_keeps_the_old_one(synced: Site) -> None:
    with transaction(synced.engine) as db:
        first = revisions(db, "q-crypto-001")[0]
        user = make_user(db, synced.now)
        db.add(PracticeSet(id="set", user_id=user.id, mode="random", created_at=synced.now))
        db.flush()
        db.add(
            PracticeItem(practice_set_id="set", position=1, revision_id=first.id, shown_order=[2, 0, 1, 3])
        )
    synced.folder.replace(CRYPTO, "適切なもの", "最も適切なもの")
    synced.sync()
    with synced.seen() as db:
        old, new = revisions(db, "q-crypto-001")
        assert (old.number, new.number) == (1, 2)
        assert question(db, "q-crypto-001").current_revision_id == new.id
        pinned = db.scalars(select(PracticeItem)).one()
        assert pinned.revision_id == old.id
        assert "最も" not in old.html["stem"]
        assert "最も" in new.html["stem"]


def test_a_status_changes_without_a_new_revision(synced: Site) -> None:
    synced.folder.replace(CRYPTO, "status: published", "status: review")
    outcome = synced.sync()
    assert outcome.question_revisions == 0
    with synced.seen() as db:
        assert question(db, "q-crypto-001").status == "review"
        assert len(revisions(db, "q-crypto-001")) == 1


def test_going_back_to_an_earlier_text_is_a_third_revision(synced: Site) -> None:
    for old, new in (("適切なもの", "最も適切なもの"), ("最も適切なもの", "適切なもの")):
        synced.folder.replace(CRYPTO, old, new)
        synced.sync()
    with synced.seen() as db:
        first, _, third = revisions(db, "q-crypto-001")
        assert third.number == 3
        assert third.content_hash == first.content_hash
        assert question(db, "q-crypto-001").current_revision_id == third.id


def test_a_redrawn_figure_makes_a_new_revision_and_the_old_one_keeps_its_picture(synced: Site) -> None:
    synced.folder.write("question_pool/mini/figures/form.svg", SVG.format(title="新しい様式"))
    synced.sync()
    with synced.seen() as db:
        old, new = revisions(db, "q-privacy-001")
        assert old.html["stem"] != new.html["stem"]
        addresses = {row.id for row in db.scalars(select(StoredFile).where(StoredFile.name == "form.svg"))}
        assert len(addresses) == 2


def test_changed_notes_get_a_new_revision_and_their_details_follow(synced: Site) -> None:
    synced.folder.replace(SESSION, "lecturers: [例田 花子, 見本 太郎]", "lecturers: [見本 太郎]")
    synced.folder.replace(SESSION, "title: 暗号入門", "title: 暗号のはじめ")
    synced.sync()
    with synced.seen() as db:
        assert the_session(db).title == "暗号のはじめ"
        assert list(db.scalars(select(StudySessionLecturer.name))) == ["見本 太郎"]
        assert [row.number for row in session_revisions(db)] == [1, 2]
        assert the_session(db).current_revision_id == session_revisions(db)[1].id


def test_a_session_that_moves_in_its_course_keeps_its_revision(synced: Site) -> None:
    (synced.folder.root / "courses/basics/01-crypto").rename(synced.folder.root / "courses/basics/02-crypto")
    synced.folder.write(
        "courses/basics/01-new/session.md",
        "---\nid: basics-new\ntitle: 新\nminutes: 5\nstatus: draft\n---\n\n本文\n",
    )
    synced.sync()
    with synced.seen() as db:
        positions = {row.key: row.position for row in db.scalars(select(StudySession))}
        assert positions == {"basics-new": 0, "basics-crypto": 1}
        moved = db.scalars(select(StudySession).where(StudySession.key == "basics-crypto")).one()
        mine = select(func.count()).where(StudySessionRevision.study_session_id == moved.id)
        assert db.scalar(mine) == 1


def test_new_slides_wait_again_and_a_material_that_is_gone_is_kept_aside(synced: Site) -> None:
    synced.folder.write("courses/basics/01-crypto/slides.pdf", "%PDF-1.7 second")
    synced.folder.replace(SESSION, "  - {file: sheet.md, title: 練習, role: handout}\n", "")
    with transaction(synced.engine) as db:
        db.scalars(select(Material).where(Material.path == "slides.pdf")).one().state = "ready"
    synced.sync()
    with synced.seen() as db:
        rows = {row.path: (row.state, row.current) for row in db.scalars(select(Material))}
    assert rows["slides.pdf"] == ("waiting", True)
    assert rows["sheet.md"] == ("ready", False)
    assert len(synced.jobs("render_slides")) == 1


def test_slides_that_did_not_change_keep_their_pages(synced: Site) -> None:
    with transaction(synced.engine) as db:
        db.scalars(select(Material).where(Material.path == "slides.pdf")).one().state = "ready"
    synced.folder.session(body="本文だけが変わる。")
    synced.sync()
    assert synced.jobs("render_slides") == []


# What vanishes


def test_a_question_that_vanishes_is_retired_and_returns_as_itself(synced: Site) -> None:
    text = (synced.folder.root / PRIVACY).read_text("utf-8")
    with synced.seen() as db:
        id_ = question(db, "q-privacy-001").id
    synced.folder.remove(PRIVACY)
    synced.sync()
    with synced.seen() as db:
        assert question(db, "q-privacy-001").status == "retired"
    assert synced.sync().plan.is_empty
    synced.folder.write(PRIVACY, text)
    synced.sync()
    with synced.seen() as db:
        assert (question(db, "q-privacy-001").id, question(db, "q-privacy-001").status) == (id_, "published")
        assert len(revisions(db, "q-privacy-001")) == 1


def test_a_topic_that_vanishes_is_retired_and_keeps_its_key(synced: Site) -> None:
    line = "      - {id: copyright, name: 著作権, name_en: Copyright}\n"
    with synced.seen() as db:
        id_ = topic(db, "mini:copyright").id
    synced.folder.replace(SYLLABUS, line, "")
    synced.folder.replace(PRIVACY, "mini:privacy, mini:copyright", "mini:privacy")
    synced.folder.replace("question_pool/mappings/mini--next.yaml", '"copyright": [rules], ', "")
    synced.sync()
    with synced.seen() as db:
        assert topic(db, "mini:copyright").retired
    synced.folder.replace(SYLLABUS, "      - {id: privacy", line + "      - {id: privacy")
    synced.sync()
    with synced.seen() as db:
        assert (topic(db, "mini:copyright").id, topic(db, "mini:copyright").retired) == (id_, False)


def test_everything_else_that_vanishes_is_retired_or_gone(synced: Site) -> None:
    for name in (
        "mappings/mini--next.yaml",
        "syllabi/next.yaml",
        "blueprints/mini-exam.yaml",
        "glossary.yaml",
    ):
        synced.folder.remove(f"question_pool/{name}")
    for path in sorted((synced.folder.root / "courses").rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    synced.sync()
    with synced.seen() as db:
        assert db.get_one(Syllabus, "next").status == "retired"
        assert db.get_one(Blueprint, "mini-exam").status == "retired"
        assert db.scalars(select(Course)).one().retired
        assert the_session(db).status == "retired"
    assert (synced.count(Term), synced.count(TopicMapping), synced.count(SyllabusMapping)) == (0, 0, 0)
    assert synced.sync().plan.is_empty


# What others must learn of it


def test_a_question_with_other_topics_asks_for_its_progress_to_be_rebuilt(synced: Site) -> None:
    synced.folder.replace(PRIVACY, "mini:privacy, mini:copyright", "mini:copyright")
    synced.sync()
    with synced.seen() as db:
        id_ = question(db, "q-privacy-001").id
    assert synced.jobs("rebuild_progress") == [{"question_ids": [id_]}]


def test_a_topic_that_moves_in_the_tree_asks_for_its_questions_to_be_rebuilt(synced: Site) -> None:
    line = "      - {id: privacy, name: 個人情報}\n"
    text = (synced.folder.root / SYLLABUS).read_text("utf-8").replace(line, "")
    synced.folder.write(SYLLABUS, text + line)
    synced.sync()
    with synced.seen() as db:
        assert topic(db, "mini:privacy").parent_id == topic(db, "mini:tech").id
        id_ = question(db, "q-privacy-001").id
    assert synced.jobs("rebuild_progress") == [{"question_ids": [id_]}]


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
