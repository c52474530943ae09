"""The foundation: people, content, practice, jobs, search"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
_BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

_CIRCLES = (("questions", "question_revisions"), ("study_sessions", "study_session_revisions"))

_SEARCH_TABLES = {
    "sqlite": [
        # domain.search makes the tokens; SQLite only cuts at blanks and keeps neither places nor sizes.
        "CREATE VIRTUAL TABLE search_index USING fts5(tokens, tokenize='ascii', detail='none', columnsize=0)",
    ],
    "postgresql": [
        """CREATE TABLE search_vectors (
            document_id integer PRIMARY KEY REFERENCES search_documents (id) ON DELETE CASCADE,
            tokens tsvector NOT NULL
        ) WITH (toast_tuple_target = 8160)""",
        # Kept in line, texts are compared four times as fast and the planner knows what reading them costs.
        "ALTER TABLE search_documents SET (toast_tuple_target = 8160)",
        "CREATE INDEX ix_search_vectors_tokens ON search_vectors USING gin (tokens)",
    ],
}


def upgrade() -> None:
    op.create_table(
        "audit_entries",
        sa.Column("id", _BIG_ID, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("action", sa.String(length=60), nullable=False),
        sa.Column("subject_kind", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.String(length=60), nullable=False),
        sa.Column("detail", _JSON, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entries")),
    )
    with op.batch_alter_table("audit_entries", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_audit_entries_at"), ["at"], unique=False)
        batch_op.create_index("ix_audit_entries_subject", ["subject_kind", "subject_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_audit_entries_user_id"), ["user_id"], unique=False)

    op.create_table(
        "courses",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("title_en", sa.String(length=200), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("summary_en", sa.Text(), nullable=False),
        sa.Column("audience", sa.String(length=200), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("retired", sa.Boolean(), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_courses")),
        sa.UniqueConstraint("key", name=op.f("uq_courses_key")),
    )
    op.create_table(
        "jobs",
        sa.Column("id", _BIG_ID, nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("payload", _JSON, nullable=False),
        sa.Column("unique_key", sa.String(length=160), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("run_after", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("max_attempts", sa.Integer(), nullable=False),
        sa.Column("progress", sa.Integer(), nullable=False),
        sa.Column("progress_total", sa.Integer(), nullable=False),
        sa.Column("last_error", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(state = 'running') = (lease_until IS NOT NULL)", name=op.f("ck_jobs_leased")),
        sa.CheckConstraint("state IN ('queued', 'running', 'done', 'failed')", name=op.f("ck_jobs_state")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_jobs")),
    )
    with op.batch_alter_table("jobs", schema=None) as batch_op:
        batch_op.create_index("ix_jobs_ready", ["state", "run_after"], unique=False)
        batch_op.create_index(
            "uq_jobs_queued_key",
            ["unique_key"],
            unique=True,
            sqlite_where=sa.text("state = 'queued'"),
            postgresql_where=sa.text("state = 'queued'"),
        )

    op.create_table(
        "search_documents",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=14), nullable=False),
        sa.Column("ref", sa.String(length=220), nullable=False),
        sa.Column("parent", sa.String(length=80), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("normal_title", sa.Text(), nullable=False),
        sa.Column("normal_text", sa.Text(), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.CheckConstraint(
            "kind IN ('study_session', 'slide', 'question', 'term')", name=op.f("ck_search_documents_kind")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_documents")),
        sa.UniqueConstraint("kind", "ref", name=op.f("uq_search_documents_kind_ref")),
    )
    with op.batch_alter_table("search_documents", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_search_documents_parent"), ["parent"], unique=False)

    op.create_table(
        "sign_in_failures",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account", sa.String(length=80), nullable=False),
        sa.Column("address", sa.String(length=45), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_failures")),
    )
    with op.batch_alter_table("sign_in_failures", schema=None) as batch_op:
        batch_op.create_index("ix_sign_in_failures_account", ["account", "at"], unique=False)
        batch_op.create_index("ix_sign_in_failures_address", ["address", "at"], unique=False)

    op.create_table(
        "stored_files",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stored_files")),
    )
    with op.batch_alter_table("stored_files", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_stored_files_sha256"), ["sha256"], unique=False)

    op.create_table(
        "syllabi",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("title_en", sa.String(length=200), nullable=False),
        sa.Column("version", sa.String(length=40), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("published_on", sa.Date(), nullable=True),
        sa.Column("levels", _JSON, nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.CheckConstraint("status IN ('current', 'draft', 'retired')", name=op.f("ck_syllabi_status")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_syllabi")),
    )
    op.create_table(
        "terms",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("term", sa.String(length=120), nullable=False),
        sa.Column("term_en", sa.String(length=200), nullable=False),
        sa.Column("reading", sa.String(length=160), nullable=False),
        sa.Column("definition", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("abbreviations", _JSON, nullable=False),
        sa.Column("topics", _JSON, nullable=False),
        sa.Column("see", _JSON, nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_terms")),
        sa.UniqueConstraint("term", name=op.f("uq_terms_term")),
    )
    with op.batch_alter_table("terms", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_terms_reading"), ["reading"], unique=False)

    op.create_table(
        "units",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("level", sa.String(length=10), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.CheckConstraint("level IN ('bureau', 'division', 'section', 'team')", name=op.f("ck_units_level")),
        sa.CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name=op.f("ck_units_dates")),
        sa.ForeignKeyConstraint(["parent_id"], ["units.id"], name=op.f("fk_units_parent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_units")),
        sa.UniqueConstraint("code", "starts_on", name=op.f("uq_units_code_starts_on")),
    )
    with op.batch_alter_table("units", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_units_parent_id"), ["parent_id"], unique=False)
        batch_op.create_index(
            "uq_units_current_code",
            ["code"],
            unique=True,
            sqlite_where=sa.text("ends_on IS NULL"),
            postgresql_where=sa.text("ends_on IS NULL"),
        )

    op.create_table(
        "users",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("login", sa.String(length=80), nullable=False),
        sa.Column("staff_number", sa.String(length=40), nullable=True),
        sa.Column("family_name", sa.String(length=60), nullable=False),
        sa.Column("given_name", sa.String(length=60), nullable=False),
        sa.Column("family_kana", sa.String(length=60), nullable=False),
        sa.Column("given_kana", sa.String(length=60), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column("must_change_password", sa.Boolean(), nullable=False),
        sa.Column("locale", sa.String(length=2), nullable=False),
        sa.Column("theme", sa.String(length=5), nullable=False),
        sa.Column("target_exam", sa.String(length=40), nullable=False),
        sa.Column("exam_on", sa.Date(), nullable=True),
        sa.Column("daily_minutes", sa.Integer(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("locale IN ('ja', 'en')", name=op.f("ck_users_locale")),
        sa.CheckConstraint("theme IN ('auto', 'light', 'dark')", name=op.f("ck_users_theme")),
        sa.CheckConstraint("daily_minutes BETWEEN 1 AND 480", name=op.f("ck_users_daily_minutes")),
        sa.CheckConstraint("login = lower(login)", name=op.f("ck_users_login_is_lower_case")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_users")),
        sa.UniqueConstraint("login", name=op.f("uq_users_login")),
        sa.UniqueConstraint("staff_number", name=op.f("uq_users_staff_number")),
    )
    op.create_table(
        "blueprints",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("title_en", sa.String(length=200), nullable=False),
        sa.Column("syllabus_id", sa.String(length=40), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("spec", _JSON, nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.CheckConstraint("status IN ('current', 'draft', 'retired')", name=op.f("ck_blueprints_status")),
        sa.ForeignKeyConstraint(["syllabus_id"], ["syllabi.id"], name=op.f("fk_blueprints_syllabus_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_blueprints")),
    )
    op.create_table(
        "daily_activity",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("responses", sa.Integer(), nullable=False),
        sa.Column("correct", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_daily_activity_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", "day", name=op.f("pk_daily_activity")),
    )
    op.create_table(
        "posts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=60), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("heads_unit", sa.Boolean(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.CheckConstraint("kind IN ('main', 'concurrent')", name=op.f("ck_posts_kind")),
        sa.CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name=op.f("ck_posts_dates")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_posts_unit_id")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_posts_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_posts")),
    )
    with op.batch_alter_table("posts", schema=None) as batch_op:
        batch_op.create_index("ix_posts_unit_dates", ["unit_id", "starts_on", "ends_on"], unique=False)
        batch_op.create_index(batch_op.f("ix_posts_user_id"), ["user_id"], unique=False)
        batch_op.create_index(
            "uq_posts_current_main",
            ["user_id"],
            unique=True,
            sqlite_where=sa.text("ends_on IS NULL AND kind = 'main'"),
            postgresql_where=sa.text("ends_on IS NULL AND kind = 'main'"),
        )

    op.create_table(
        "sign_ins",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("address", sa.String(length=45), nullable=False),
        sa.Column("browser", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_sign_ins_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_ins")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_sign_ins_token_hash")),
    )
    with op.batch_alter_table("sign_ins", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sign_ins_expires_at"), ["expires_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_sign_ins_user_id"), ["user_id"], unique=False)

    op.create_table(
        "study_sessions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("title_en", sa.String(length=200), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("summary_en", sa.Text(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=True),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("current_revision_id", sa.Integer(), nullable=True),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.CheckConstraint(
            "kind IN ('study_session', 'workshop', 'case_note')", name=op.f("ck_study_sessions_kind")
        ),
        sa.CheckConstraint(
            "status IN ('draft', 'published', 'retired')", name=op.f("ck_study_sessions_status")
        ),
        sa.CheckConstraint("minutes > 0", name=op.f("ck_study_sessions_minutes")),
        sa.ForeignKeyConstraint(["course_id"], ["courses.id"], name=op.f("fk_study_sessions_course_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_study_sessions")),
        sa.UniqueConstraint("key", name=op.f("uq_study_sessions_key")),
    )
    with op.batch_alter_table("study_sessions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_study_sessions_course_id"), ["course_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_study_sessions_held_on"), ["held_on"], unique=False)
        batch_op.create_index(batch_op.f("ix_study_sessions_status"), ["status"], unique=False)

    op.create_table(
        "syllabus_mappings",
        sa.Column("id", sa.String(length=82), nullable=False),
        sa.Column("from_syllabus_id", sa.String(length=40), nullable=False),
        sa.Column("to_syllabus_id", sa.String(length=40), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.CheckConstraint("status IN ('current', 'draft')", name=op.f("ck_syllabus_mappings_status")),
        sa.ForeignKeyConstraint(
            ["from_syllabus_id"], ["syllabi.id"], name=op.f("fk_syllabus_mappings_from_syllabus_id")
        ),
        sa.ForeignKeyConstraint(
            ["to_syllabus_id"], ["syllabi.id"], name=op.f("fk_syllabus_mappings_to_syllabus_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_syllabus_mappings")),
        sa.UniqueConstraint(
            "from_syllabus_id",
            "to_syllabus_id",
            name=op.f("uq_syllabus_mappings_from_syllabus_id_to_syllabus_id"),
        ),
    )
    op.create_table(
        "topics",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=100), nullable=False),
        sa.Column("syllabus_id", sa.String(length=40), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("level", sa.String(length=20), nullable=False),
        sa.Column("depth", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("name_en", sa.String(length=200), nullable=False),
        sa.Column("share", sa.Double(), nullable=True),
        sa.Column("retired", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["parent_id"], ["topics.id"], name=op.f("fk_topics_parent_id")),
        sa.ForeignKeyConstraint(["syllabus_id"], ["syllabi.id"], name=op.f("fk_topics_syllabus_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_topics")),
        sa.UniqueConstraint("key", name=op.f("uq_topics_key")),
    )
    with op.batch_alter_table("topics", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_topics_parent_id"), ["parent_id"], unique=False)
        batch_op.create_index("ix_topics_syllabus_position", ["syllabus_id", "position"], unique=False)

    op.create_table(
        "user_roles",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.CheckConstraint(
            "role IN ('officer', 'lecturer', 'supervisor', 'administrator')", name=op.f("ck_user_roles_role")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_user_roles_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", "role", name=op.f("pk_user_roles")),
    )
    op.create_table(
        "materials",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("study_session_id", sa.Integer(), nullable=False),
        sa.Column("file_id", sa.String(length=36), nullable=False),
        sa.Column("path", sa.String(length=200), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("role", sa.String(length=10), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("fault", sa.String(length=20), nullable=False),
        sa.Column("current", sa.Boolean(), nullable=False),
        sa.CheckConstraint("role IN ('slides', 'handout', 'figure')", name=op.f("ck_materials_role")),
        sa.CheckConstraint("state IN ('ready', 'waiting', 'failed')", name=op.f("ck_materials_state")),
        sa.ForeignKeyConstraint(["file_id"], ["stored_files.id"], name=op.f("fk_materials_file_id")),
        sa.ForeignKeyConstraint(
            ["study_session_id"],
            ["study_sessions.id"],
            name=op.f("fk_materials_study_session_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_materials")),
        sa.UniqueConstraint("study_session_id", "path", name=op.f("uq_materials_study_session_id_path")),
    )
    with op.batch_alter_table("materials", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_materials_file_id"), ["file_id"], unique=False)

    op.create_table(
        "practice_sets",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("mode", sa.String(length=10), nullable=False),
        sa.Column("topic_id", sa.Integer(), nullable=True),
        sa.Column("minutes", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(state = 'running') = (ended_at IS NULL)", name=op.f("ck_practice_sets_ended")),
        sa.CheckConstraint(
            "mode IN ('today', 'topic', 'weak', 'mistakes', 'unseen', 'random')",
            name=op.f("ck_practice_sets_mode"),
        ),
        sa.CheckConstraint("state IN ('running', 'finished', 'left')", name=op.f("ck_practice_sets_state")),
        sa.ForeignKeyConstraint(["topic_id"], ["topics.id"], name=op.f("fk_practice_sets_topic_id")),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_practice_sets_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_practice_sets")),
    )
    with op.batch_alter_table("practice_sets", schema=None) as batch_op:
        batch_op.create_index("ix_practice_sets_user_created", ["user_id", "created_at"], unique=False)
        batch_op.create_index(
            "uq_practice_sets_running",
            ["user_id"],
            unique=True,
            sqlite_where=sa.text("state = 'running'"),
            postgresql_where=sa.text("state = 'running'"),
        )

    op.create_table(
        "questions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("origin", sa.String(length=10), nullable=False),
        sa.Column("main_topic_id", sa.Integer(), nullable=False),
        sa.Column("current_revision_id", sa.Integer(), nullable=True),
        sa.Column("teaches", sa.String(length=160), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.CheckConstraint("origin IN ('pool', 'import')", name=op.f("ck_questions_origin")),
        sa.CheckConstraint(
            "status IN ('draft', 'review', 'published', 'retired')", name=op.f("ck_questions_status")
        ),
        sa.ForeignKeyConstraint(["main_topic_id"], ["topics.id"], name=op.f("fk_questions_main_topic_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_questions")),
        sa.UniqueConstraint("key", name=op.f("uq_questions_key")),
    )
    with op.batch_alter_table("questions", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_questions_current_revision_id"), ["current_revision_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_questions_main_topic_id"), ["main_topic_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_questions_status"), ["status"], unique=False)

    op.create_table(
        "reading_marks",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("study_session_id", sa.Integer(), nullable=False),
        sa.Column("anchor", sa.String(length=120), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["study_session_id"],
            ["study_sessions.id"],
            name=op.f("fk_reading_marks_study_session_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_reading_marks_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", "study_session_id", "anchor", name=op.f("pk_reading_marks")),
    )
    op.create_table(
        "reading_positions",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("study_session_id", sa.Integer(), nullable=False),
        sa.Column("anchor", sa.String(length=120), nullable=False),
        sa.Column("slide", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["study_session_id"],
            ["study_sessions.id"],
            name=op.f("fk_reading_positions_study_session_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_reading_positions_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", "study_session_id", name=op.f("pk_reading_positions")),
    )
    op.create_table(
        "study_session_lecturers",
        sa.Column("study_session_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.ForeignKeyConstraint(
            ["study_session_id"],
            ["study_sessions.id"],
            name=op.f("fk_study_session_lecturers_study_session_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("study_session_id", "position", name=op.f("pk_study_session_lecturers")),
    )
    with op.batch_alter_table("study_session_lecturers", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_study_session_lecturers_name"), ["name"], unique=False)

    op.create_table(
        "study_session_revisions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("study_session_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("segments", _JSON, nullable=False),
        sa.Column("toc", _JSON, nullable=False),
        sa.Column("plain", sa.Text(), nullable=False),
        sa.Column("objectives", _JSON, nullable=False),
        sa.Column("checks", _JSON, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["study_session_id"],
            ["study_sessions.id"],
            name=op.f("fk_study_session_revisions_study_session_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_study_session_revisions")),
        sa.UniqueConstraint(
            "study_session_id", "number", name=op.f("uq_study_session_revisions_study_session_id_number")
        ),
    )
    op.create_table(
        "study_session_topics",
        sa.Column("study_session_id", sa.Integer(), nullable=False),
        sa.Column("topic_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["study_session_id"],
            ["study_sessions.id"],
            name=op.f("fk_study_session_topics_study_session_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["topic_id"], ["topics.id"], name=op.f("fk_study_session_topics_topic_id")),
        sa.PrimaryKeyConstraint("study_session_id", "topic_id", name=op.f("pk_study_session_topics")),
    )
    with op.batch_alter_table("study_session_topics", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_study_session_topics_topic_id"), ["topic_id"], unique=False)

    op.create_table(
        "topic_mappings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("from_topic_id", sa.Integer(), nullable=False),
        sa.Column("to_syllabus_id", sa.String(length=40), nullable=False),
        sa.Column("to_topic_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["from_topic_id"], ["topics.id"], name=op.f("fk_topic_mappings_from_topic_id")
        ),
        sa.ForeignKeyConstraint(
            ["to_syllabus_id"], ["syllabi.id"], name=op.f("fk_topic_mappings_to_syllabus_id")
        ),
        sa.ForeignKeyConstraint(["to_topic_id"], ["topics.id"], name=op.f("fk_topic_mappings_to_topic_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_topic_mappings")),
        sa.UniqueConstraint(
            "from_topic_id",
            "to_syllabus_id",
            "to_topic_id",
            name=op.f("uq_topic_mappings_from_topic_id_to_syllabus_id_to_topic_id"),
        ),
    )
    with op.batch_alter_table("topic_mappings", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_topic_mappings_to_syllabus_id"), ["to_syllabus_id"], unique=False
        )

    op.create_table(
        "topic_progress",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("topic_id", sa.Integer(), nullable=False),
        sa.Column("responses", sa.Integer(), nullable=False),
        sa.Column("correct", sa.Integer(), nullable=False),
        sa.Column("evidence_tenths", sa.Integer(), nullable=False),
        sa.Column("credit_tenths", sa.Integer(), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["topic_id"], ["topics.id"], name=op.f("fk_topic_progress_topic_id")),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_topic_progress_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", "topic_id", name=op.f("pk_topic_progress")),
    )
    op.create_table(
        "question_progress",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("responses", sa.Integer(), nullable=False),
        sa.Column("correct", sa.Integer(), nullable=False),
        sa.Column("last_correct", sa.Boolean(), nullable=False),
        sa.Column("last_unsure", sa.Boolean(), nullable=False),
        sa.Column("last_revision_id", sa.Integer(), nullable=False),
        sa.Column("last_response_id", sa.String(length=36), nullable=False),
        sa.Column("first_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["question_id"], ["questions.id"], name=op.f("fk_question_progress_question_id")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_question_progress_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", "question_id", name=op.f("pk_question_progress")),
    )
    with op.batch_alter_table("question_progress", schema=None) as batch_op:
        batch_op.create_index("ix_question_progress_user_last", ["user_id", "last_correct"], unique=False)

    op.create_table(
        "question_revisions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("level", sa.String(length=12), nullable=True),
        sa.Column("data", _JSON, nullable=False),
        sa.Column("html", _JSON, nullable=False),
        sa.Column("plain", sa.Text(), nullable=False),
        sa.Column("expected_facility", sa.Double(), nullable=True),
        sa.Column("source_line", sa.String(length=200), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind IN ('single_choice', 'multiple_choice', 'true_false', 'numeric', 'ordering', 'matching', 'scenario')",
            name=op.f("ck_question_revisions_kind"),
        ),
        sa.CheckConstraint(
            "level IN ('recall', 'understand', 'apply')", name=op.f("ck_question_revisions_level")
        ),
        sa.CheckConstraint(
            "expected_facility BETWEEN 0 AND 1", name=op.f("ck_question_revisions_expected_facility")
        ),
        sa.ForeignKeyConstraint(
            ["question_id"],
            ["questions.id"],
            name=op.f("fk_question_revisions_question_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question_revisions")),
        sa.UniqueConstraint("question_id", "number", name=op.f("uq_question_revisions_question_id_number")),
    )
    op.create_table(
        "question_topics",
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("topic_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["question_id"], ["questions.id"], name=op.f("fk_question_topics_question_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["topic_id"], ["topics.id"], name=op.f("fk_question_topics_topic_id")),
        sa.PrimaryKeyConstraint("question_id", "topic_id", name=op.f("pk_question_topics")),
    )
    with op.batch_alter_table("question_topics", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_question_topics_topic_id"), ["topic_id"], unique=False)

    op.create_table(
        "slide_pages",
        sa.Column("material_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("image_id", sa.String(length=36), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["image_id"], ["stored_files.id"], name=op.f("fk_slide_pages_image_id")),
        sa.ForeignKeyConstraint(
            ["material_id"], ["materials.id"], name=op.f("fk_slide_pages_material_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("material_id", "number", name=op.f("pk_slide_pages")),
    )
    with op.batch_alter_table("slide_pages", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_slide_pages_image_id"), ["image_id"], unique=False)

    op.create_table(
        "practice_items",
        sa.Column("id", _BIG_ID, nullable=False),
        sa.Column("practice_set_id", sa.String(length=36), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("shown_order", _JSON, nullable=False),
        sa.Column("reason", sa.String(length=12), nullable=False),
        sa.Column("response_id", sa.String(length=36), nullable=True),
        sa.ForeignKeyConstraint(
            ["practice_set_id"],
            ["practice_sets.id"],
            name=op.f("fk_practice_items_practice_set_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["revision_id"], ["question_revisions.id"], name=op.f("fk_practice_items_revision_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_practice_items")),
        sa.UniqueConstraint(
            "practice_set_id", "position", name=op.f("uq_practice_items_practice_set_id_position")
        ),
    )
    op.create_table(
        "question_reports",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(state = 'settled') = (settled_at IS NOT NULL)", name=op.f("ck_question_reports_settled")
        ),
        sa.CheckConstraint(
            "kind IN ('wrong_key', 'unclear', 'outdated', 'typing', 'other')",
            name=op.f("ck_question_reports_kind"),
        ),
        sa.CheckConstraint("state IN ('open', 'settled')", name=op.f("ck_question_reports_state")),
        sa.ForeignKeyConstraint(
            ["revision_id"], ["question_revisions.id"], name=op.f("fk_question_reports_revision_id")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_question_reports_user_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question_reports")),
    )
    with op.batch_alter_table("question_reports", schema=None) as batch_op:
        batch_op.create_index(
            "ix_question_reports_open",
            ["state"],
            unique=False,
            sqlite_where=sa.text("state = 'open'"),
            postgresql_where=sa.text("state = 'open'"),
        )
        batch_op.create_index(batch_op.f("ix_question_reports_revision_id"), ["revision_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_question_reports_user_id"), ["user_id"], unique=False)

    op.create_table(
        "responses",
        sa.Column("seq", _BIG_ID, nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("context", sa.String(length=10), nullable=False),
        sa.Column("practice_item_id", _BIG_ID, nullable=True),
        sa.Column("given", _JSON, nullable=False),
        sa.Column("credit", sa.Double(), nullable=False),
        sa.Column("correct", sa.Boolean(), nullable=False),
        sa.Column("unsure", sa.Boolean(), nullable=False),
        sa.Column("first", sa.Boolean(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("duration_ms", sa.Integer(), nullable=True),
        sa.CheckConstraint("context IN ('practice', 'check', 'exam')", name=op.f("ck_responses_context")),
        sa.CheckConstraint("credit BETWEEN 0 AND 1", name=op.f("ck_responses_credit")),
        sa.ForeignKeyConstraint(["question_id"], ["questions.id"], name=op.f("fk_responses_question_id")),
        sa.ForeignKeyConstraint(
            ["revision_id"], ["question_revisions.id"], name=op.f("fk_responses_revision_id")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_responses_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_responses")),
        sa.UniqueConstraint("id", name=op.f("uq_responses_id")),
    )
    with op.batch_alter_table("responses", schema=None) as batch_op:
        batch_op.create_index("ix_responses_revision", ["revision_id"], unique=False)
        batch_op.create_index("ix_responses_user_seq", ["user_id", "seq"], unique=False)

    op.create_table(
        "unsure_marks",
        sa.Column("response_id", sa.String(length=36), nullable=False),
        sa.Column("marked_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["response_id"], ["responses.id"], name=op.f("fk_unsure_marks_response_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("response_id", name=op.f("pk_unsure_marks")),
    )
    for table, revisions in _CIRCLES:
        with op.batch_alter_table(table) as batch_op:
            batch_op.create_foreign_key(
                batch_op.f(f"fk_{table}_current_revision_id"), revisions, ["current_revision_id"], ["id"]
            )
    for statement in _SEARCH_TABLES[op.get_bind().dialect.name]:
        op.execute(statement)


def downgrade() -> None:
    op.execute("DROP TABLE IF EXISTS search_vectors")
    op.execute("DROP TABLE IF EXISTS search_index")
    for table, _revisions in _CIRCLES:
        with op.batch_alter_table(table) as batch_op:
            batch_op.drop_constraint(batch_op.f(f"fk_{table}_current_revision_id"), type_="foreignkey")
    op.drop_table("unsure_marks")
    with op.batch_alter_table("responses", schema=None) as batch_op:
        batch_op.drop_index("ix_responses_user_seq")
        batch_op.drop_index("ix_responses_revision")

    op.drop_table("responses")
    with op.batch_alter_table("question_reports", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_question_reports_user_id"))
        batch_op.drop_index(batch_op.f("ix_question_reports_revision_id"))
        batch_op.drop_index(
            "ix_question_reports_open",
            sqlite_where=sa.text("state = 'open'"),
            postgresql_where=sa.text("state = 'open'"),
        )

    op.drop_table("question_reports")
    op.drop_table("practice_items")
    with op.batch_alter_table("slide_pages", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_slide_pages_image_id"))

    op.drop_table("slide_pages")
    with op.batch_alter_table("question_topics", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_question_topics_topic_id"))

    op.drop_table("question_topics")
    op.drop_table("question_revisions")
    with op.batch_alter_table("question_progress", schema=None) as batch_op:
        batch_op.drop_index("ix_question_progress_user_last")

    op.drop_table("question_progress")
    op.drop_table("topic_progress")
    with op.batch_alter_table("topic_mappings", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_topic_mappings_to_syllabus_id"))

    op.drop_table("topic_mappings")
    with op.batch_alter_table("study_session_topics", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_study_session_topics_topic_id"))

    op.drop_table("study_session_topics")
    op.drop_table("study_session_revisions")
    with op.batch_alter_table("study_session_lecturers", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_study_session_lecturers_name"))

    op.drop_table("study_session_lecturers")
    op.drop_table("reading_positions")
    op.drop_table("reading_marks")
    with op.batch_alter_table("questions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_questions_status"))
        batch_op.drop_index(batch_op.f("ix_questions_main_topic_id"))
        batch_op.drop_index(batch_op.f("ix_questions_current_revision_id"))

    op.drop_table("questions")
    with op.batch_alter_table("practice_sets", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_practice_sets_running",
            sqlite_where=sa.text("state = 'running'"),
            postgresql_where=sa.text("state = 'running'"),
        )
        batch_op.drop_index("ix_practice_sets_user_created")

    op.drop_table("practice_sets")
    with op.batch_alter_table("materials", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_materials_file_id"))

    op.drop_table("materials")
    op.drop_table("user_roles")
    with op.batch_alter_table("topics", schema=None) as batch_op:
        batch_op.drop_index("ix_topics_syllabus_position")
        batch_op.drop_index(batch_op.f("ix_topics_parent_id"))

    op.drop_table("topics")
    op.drop_table("syllabus_mappings")
    with op.batch_alter_table("study_sessions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_study_sessions_status"))
        batch_op.drop_index(batch_op.f("ix_study_sessions_held_on"))
        batch_op.drop_index(batch_op.f("ix_study_sessions_course_id"))

    op.drop_table("study_sessions")
    with op.batch_alter_table("sign_ins", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sign_ins_user_id"))
        batch_op.drop_index(batch_op.f("ix_sign_ins_expires_at"))

    op.drop_table("sign_ins")
    with op.batch_alter_table("posts", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_posts_current_main",
            sqlite_where=sa.text("ends_on IS NULL AND kind = 'main'"),
            postgresql_where=sa.text("ends_on IS NULL AND kind = 'main'"),
        )
        batch_op.drop_index(batch_op.f("ix_posts_user_id"))
        batch_op.drop_index("ix_posts_unit_dates")

    op.drop_table("posts")
    op.drop_table("daily_activity")
    op.drop_table("blueprints")
    op.drop_table("users")
    with op.batch_alter_table("units", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_units_current_code",
            sqlite_where=sa.text("ends_on IS NULL"),
            postgresql_where=sa.text("ends_on IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_units_parent_id"))

    op.drop_table("units")
    with op.batch_alter_table("terms", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_terms_reading"))

    op.drop_table("terms")
    op.drop_table("syllabi")
    with op.batch_alter_table("stored_files", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_stored_files_sha256"))

    op.drop_table("stored_files")
    with op.batch_alter_table("sign_in_failures", schema=None) as batch_op:
        batch_op.drop_index("ix_sign_in_failures_address")
        batch_op.drop_index("ix_sign_in_failures_account")

    op.drop_table("sign_in_failures")
    with op.batch_alter_table("search_documents", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_search_documents_parent"))

    op.drop_table("search_documents")
    with op.batch_alter_table("jobs", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_jobs_queued_key",
            sqlite_where=sa.text("state = 'queued'"),
            postgresql_where=sa.text("state = 'queued'"),
        )
        batch_op.drop_index("ix_jobs_ready")

    op.drop_table("jobs")
    op.drop_table("courses")
    with op.batch_alter_table("audit_entries", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_audit_entries_user_id"))
        batch_op.drop_index("ix_audit_entries_subject")
        batch_op.drop_index(batch_op.f("ix_audit_entries_at"))

    op.drop_table("audit_entries")
