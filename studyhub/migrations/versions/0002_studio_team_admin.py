"""What lecturers, supervisors and administrators work with."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
_BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

_WIDENED = (
    ("questions", "origin", ("pool", "import"), ("studio",)),
    ("materials", "role", ("slides", "handout", "figure"), ("video",)),
    ("search_documents", "kind", ("study_session", "slide", "question", "term"), ("inquiry", "case_note")),
)
"""CHECKs that let more words in: table, column, the words before, the words that are new."""

_WHAT_THE_OLDER_SCHEMA_CANNOT_HOLD = (
    "UPDATE questions SET origin = 'import' WHERE origin = 'studio'",
    "UPDATE materials SET role = 'handout' WHERE role = 'video'",
    "DELETE FROM search_documents WHERE kind IN ('inquiry', 'case_note')",
    "DELETE FROM slide_pages WHERE image_id IS NULL",
)


def upgrade() -> None:
    op.create_table(
        "site_settings",
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_site_settings")),
    )
    op.create_table(
        "worksheets",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("title_en", sa.String(length=200), nullable=False),
        sa.Column("intro", sa.Text(), nullable=False),
        sa.Column("intro_en", sa.Text(), nullable=False),
        sa.Column("fields", _JSON, nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("retired", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_worksheets")),
        sa.UniqueConstraint("key", name=op.f("uq_worksheets_key")),
    )
    op.create_table(
        "calendar_feeds",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("token", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_calendar_feeds_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_calendar_feeds")),
        sa.UniqueConstraint("token", name=op.f("uq_calendar_feeds_token")),
    )
    op.create_table(
        "case_notes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("kind IN ('trouble', 'practice')", name=op.f("ck_case_notes_kind")),
        sa.ForeignKeyConstraint(
            ["author_id"], ["users.id"], name=op.f("fk_case_notes_author_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["units.id"], name=op.f("fk_case_notes_unit_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_notes")),
    )
    with op.batch_alter_table("case_notes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_case_notes_author_id"), ["author_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_case_notes_created_at"), ["created_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_case_notes_happened_on"), ["happened_on"], unique=False)
        batch_op.create_index(batch_op.f("ix_case_notes_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "drafts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=14), nullable=False),
        sa.Column("subject", sa.String(length=80), nullable=False),
        sa.Column("fields", _JSON, nullable=False),
        sa.Column("base_revision", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('study_session', 'question')", name=op.f("ck_drafts_kind")),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_drafts_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_drafts")),
        sa.UniqueConstraint("user_id", "kind", "subject", name=op.f("uq_drafts_user_id_kind_subject")),
    )
    op.create_table(
        "mails",
        sa.Column("id", _BIG_ID, nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(state = 'sent') = (sent_at IS NOT NULL)", name=op.f("ck_mails_sent")),
        sa.CheckConstraint("state IN ('waiting', 'sending', 'sent', 'failed')", name=op.f("ck_mails_state")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_mails_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mails")),
        sa.UniqueConstraint("user_id", "day", name=op.f("uq_mails_user_id_day")),
    )
    with op.batch_alter_table("mails", schema=None) as batch_op:
        batch_op.create_index("ix_mails_day_state", ["day", "state", "id"], unique=False)

    op.create_table(
        "notices",
        sa.Column("id", _BIG_ID, nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("params", _JSON, nullable=False),
        sa.Column("path", sa.String(length=300), nullable=False),
        sa.Column("unique_key", sa.String(length=120), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "kind IN ('correction', 'assignment', 'reminder', 'answer', 'inquiry', 'report_settled', 'review_wanted', 'reviewed', 'seat', 'session_changed', 'survey', 'comment')",
            name=op.f("ck_notices_kind"),
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_notices_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notices")),
        sa.UniqueConstraint("user_id", "unique_key", name=op.f("uq_notices_user_id_unique_key")),
    )
    with op.batch_alter_table("notices", schema=None) as batch_op:
        batch_op.create_index("ix_notices_user", ["user_id", "read_at"], unique=False)

    op.create_table(
        "progress_looks",
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("viewer_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('matrix', 'person', 'export')", name=op.f("ck_progress_looks_kind")),
        sa.ForeignKeyConstraint(
            ["subject_id"], ["users.id"], name=op.f("fk_progress_looks_subject_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("subject_id", "day", "viewer_id", "kind", name=op.f("pk_progress_looks")),
    )
    op.create_table(
        "assignments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("study_session_id", sa.Integer(), nullable=True),
        sa.Column("topic_id", sa.Integer(), nullable=True),
        sa.Column("band", sa.String(length=8), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(kind = 'topic') = (band IS NOT NULL)", name=op.f("ck_assignments_band")),
        sa.CheckConstraint("(kind = 'topic') = (topic_id IS NOT NULL)", name=op.f("ck_assignments_topic")),
        sa.CheckConstraint(
            "(kind IN ('session', 'check')) = (study_session_id IS NOT NULL)",
            name=op.f("ck_assignments_study_session"),
        ),
        sa.CheckConstraint("kind IN ('session', 'topic', 'check')", name=op.f("ck_assignments_kind")),
        sa.ForeignKeyConstraint(
            ["made_by"], ["users.id"], name=op.f("fk_assignments_made_by"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["study_session_id"], ["study_sessions.id"], name=op.f("fk_assignments_study_session_id")
        ),
        sa.ForeignKeyConstraint(["topic_id"], ["topics.id"], name=op.f("fk_assignments_topic_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignments")),
    )
    with op.batch_alter_table("assignments", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_assignments_due_on"), ["due_on"], unique=False)
        batch_op.create_index(batch_op.f("ix_assignments_made_by"), ["made_by"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_assignments_study_session_id"), ["study_session_id"], unique=False
        )

    op.create_table(
        "attendances",
        sa.Column("study_session_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("present", sa.Boolean(), nullable=False),
        sa.Column("way", sa.String(length=10), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("corrected_by", sa.Integer(), nullable=True),
        sa.Column("corrected_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("way IN ('scan', 'code', 'lecturer')", name=op.f("ck_attendances_way")),
        sa.ForeignKeyConstraint(
            ["corrected_by"], ["users.id"], name=op.f("fk_attendances_corrected_by"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["study_session_id"],
            ["study_sessions.id"],
            name=op.f("fk_attendances_study_session_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_attendances_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("study_session_id", "user_id", name=op.f("pk_attendances")),
    )
    with op.batch_alter_table("attendances", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_attendances_user_id"), ["user_id"], unique=False)

    op.create_table(
        "case_note_comments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_note_id", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["author_id"], ["users.id"], name=op.f("fk_case_note_comments_author_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["case_note_id"],
            ["case_notes.id"],
            name=op.f("fk_case_note_comments_case_note_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_note_comments")),
    )
    with op.batch_alter_table("case_note_comments", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_case_note_comments_case_note_id"), ["case_note_id"], unique=False
        )

    op.create_table(
        "case_note_topics",
        sa.Column("case_note_id", sa.Integer(), nullable=False),
        sa.Column("topic_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_note_id"],
            ["case_notes.id"],
            name=op.f("fk_case_note_topics_case_note_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["topic_id"], ["topics.id"], name=op.f("fk_case_note_topics_topic_id")),
        sa.PrimaryKeyConstraint("case_note_id", "topic_id", name=op.f("pk_case_note_topics")),
    )
    with op.batch_alter_table("case_note_topics", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_case_note_topics_topic_id"), ["topic_id"], unique=False)

    op.create_table(
        "registrations",
        sa.Column("study_session_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "state IN ('registered', 'waiting', 'cancelled')", name=op.f("ck_registrations_state")
        ),
        sa.ForeignKeyConstraint(
            ["study_session_id"],
            ["study_sessions.id"],
            name=op.f("fk_registrations_study_session_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_registrations_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("study_session_id", "user_id", name=op.f("pk_registrations")),
    )
    with op.batch_alter_table("registrations", schema=None) as batch_op:
        batch_op.create_index(
            "ix_registrations_queue", ["study_session_id", "state", "asked_at"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_registrations_user_id"), ["user_id"], unique=False)

    op.create_table(
        "surveys",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("study_session_id", sa.Integer(), nullable=False),
        sa.Column("moment", sa.String(length=6), nullable=False),
        sa.Column("state", sa.String(length=6), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("opens_on", sa.DateTime(timezone=True), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", name=op.f("ck_surveys_closed")),
        sa.CheckConstraint("(state = 'draft') = (opened_at IS NULL)", name=op.f("ck_surveys_opened")),
        sa.CheckConstraint("moment IN ('after', 'later')", name=op.f("ck_surveys_moment")),
        sa.CheckConstraint("state IN ('draft', 'open', 'closed')", name=op.f("ck_surveys_state")),
        sa.ForeignKeyConstraint(
            ["created_by"], ["users.id"], name=op.f("fk_surveys_created_by"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["study_session_id"],
            ["study_sessions.id"],
            name=op.f("fk_surveys_study_session_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_surveys")),
        sa.UniqueConstraint("study_session_id", "moment", name=op.f("uq_surveys_study_session_id_moment")),
    )
    op.create_table(
        "unit_topic_months",
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("topic_id", sa.Integer(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("untouched", sa.Integer(), nullable=False),
        sa.Column("weak", sa.Integer(), nullable=False),
        sa.Column("near", sa.Integer(), nullable=False),
        sa.Column("firm", sa.Integer(), nullable=False),
        sa.Column("learners", sa.Integer(), nullable=False),
        sa.Column("evidence_tenths", sa.Integer(), nullable=False),
        sa.Column("credit_tenths", sa.Integer(), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["topic_id"], ["topics.id"], name=op.f("fk_unit_topic_months_topic_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["units.id"], name=op.f("fk_unit_topic_months_unit_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("unit_id", "topic_id", "month", name=op.f("pk_unit_topic_months")),
    )
    with op.batch_alter_table("unit_topic_months", schema=None) as batch_op:
        batch_op.create_index("ix_unit_topic_months_month", ["month", "unit_id"], unique=False)

    op.create_table(
        "workshop_groups",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("study_session_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(
            ["study_session_id"],
            ["study_sessions.id"],
            name=op.f("fk_workshop_groups_study_session_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workshop_groups")),
        sa.UniqueConstraint(
            "study_session_id", "name", name=op.f("uq_workshop_groups_study_session_id_name")
        ),
    )
    op.create_table(
        "assignment_people",
        sa.Column("assignment_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["assignment_id"],
            ["assignments.id"],
            name=op.f("fk_assignment_people_assignment_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_assignment_people_unit_id")),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_assignment_people_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("assignment_id", "user_id", name=op.f("pk_assignment_people")),
    )
    with op.batch_alter_table("assignment_people", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_assignment_people_user_id"), ["user_id"], unique=False)

    op.create_table(
        "assignment_units",
        sa.Column("assignment_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["assignment_id"],
            ["assignments.id"],
            name=op.f("fk_assignment_units_assignment_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_assignment_units_unit_id")),
        sa.PrimaryKeyConstraint("assignment_id", "unit_id", name=op.f("pk_assignment_units")),
    )

    op.create_table(
        "filled_sheets",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("study_session_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("group_id", sa.Integer(), nullable=True),
        sa.Column("form", _JSON, nullable=False),
        sa.Column("values", _JSON, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.Integer(), nullable=True),
        sa.Column("handed_in_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(user_id IS NULL) <> (group_id IS NULL)", name=op.f("ck_filled_sheets_one_owner")
        ),
        sa.ForeignKeyConstraint(
            ["changed_by"], ["users.id"], name=op.f("fk_filled_sheets_changed_by"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["group_id"], ["workshop_groups.id"], name=op.f("fk_filled_sheets_group_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["study_session_id"],
            ["study_sessions.id"],
            name=op.f("fk_filled_sheets_study_session_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_filled_sheets_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_filled_sheets")),
    )
    with op.batch_alter_table("filled_sheets", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_filled_sheets_study_session_id"), ["study_session_id"], unique=False
        )
        batch_op.create_index(
            "uq_filled_sheets_group",
            ["study_session_id", "group_id"],
            unique=True,
            sqlite_where=sa.text("group_id IS NOT NULL"),
            postgresql_where=sa.text("group_id IS NOT NULL"),
        )
        batch_op.create_index(
            "uq_filled_sheets_user",
            ["study_session_id", "user_id"],
            unique=True,
            sqlite_where=sa.text("user_id IS NOT NULL"),
            postgresql_where=sa.text("user_id IS NOT NULL"),
        )

    op.create_table(
        "inquiries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("asked_by", sa.Integer(), nullable=True),
        sa.Column("nameless", sa.Boolean(), nullable=False),
        sa.Column("study_session_id", sa.Integer(), nullable=True),
        sa.Column("slide", sa.Integer(), nullable=True),
        sa.Column("question_id", sa.Integer(), nullable=True),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("state IN ('open', 'answered', 'withdrawn')", name=op.f("ck_inquiries_state")),
        sa.CheckConstraint("slide IS NULL OR study_session_id IS NOT NULL", name=op.f("ck_inquiries_slide")),
        sa.ForeignKeyConstraint(
            ["asked_by"], ["users.id"], name=op.f("fk_inquiries_asked_by"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["question_id"], ["questions.id"], name=op.f("fk_inquiries_question_id")),
        sa.ForeignKeyConstraint(
            ["study_session_id"],
            ["study_sessions.id"],
            name=op.f("fk_inquiries_study_session_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inquiries")),
    )
    with op.batch_alter_table("inquiries", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_inquiries_asked_by"), ["asked_by"], unique=False)
        batch_op.create_index(batch_op.f("ix_inquiries_question_id"), ["question_id"], unique=False)
        batch_op.create_index("ix_inquiries_state", ["state", "asked_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_inquiries_study_session_id"), ["study_session_id"], unique=False)

    op.create_table(
        "survey_items",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("survey_id", sa.String(length=36), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=6), nullable=False),
        sa.Column("label", sa.String(length=200), nullable=False),
        sa.Column("options", _JSON, nullable=False),
        sa.Column("required", sa.Boolean(), nullable=False),
        sa.CheckConstraint("kind IN ('scale', 'choice', 'text')", name=op.f("ck_survey_items_kind")),
        sa.ForeignKeyConstraint(
            ["survey_id"], ["surveys.id"], name=op.f("fk_survey_items_survey_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_items")),
        sa.UniqueConstraint("survey_id", "position", name=op.f("uq_survey_items_survey_id_position")),
    )
    op.create_table(
        "survey_participations",
        sa.Column("survey_id", sa.String(length=36), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["survey_id"], ["surveys.id"], name=op.f("fk_survey_participations_survey_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_survey_participations_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("survey_id", "user_id", name=op.f("pk_survey_participations")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "workshop_members",
        sa.Column("study_session_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["group_id"],
            ["workshop_groups.id"],
            name=op.f("fk_workshop_members_group_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["study_session_id"],
            ["study_sessions.id"],
            name=op.f("fk_workshop_members_study_session_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_workshop_members_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("study_session_id", "user_id", name=op.f("pk_workshop_members")),
    )
    with op.batch_alter_table("workshop_members", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_workshop_members_group_id"), ["group_id"], unique=False)

    op.create_table(
        "corrections",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("old_revision_id", sa.Integer(), nullable=False),
        sa.Column("new_revision_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("responses", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(kind = 'strike') = (new_revision_id IS NULL)", name=op.f("ck_corrections_new_revision")
        ),
        sa.CheckConstraint("kind IN ('key', 'strike')", name=op.f("ck_corrections_kind")),
        sa.ForeignKeyConstraint(
            ["made_by"], ["users.id"], name=op.f("fk_corrections_made_by"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["new_revision_id"], ["question_revisions.id"], name=op.f("fk_corrections_new_revision_id")
        ),
        sa.ForeignKeyConstraint(
            ["old_revision_id"], ["question_revisions.id"], name=op.f("fk_corrections_old_revision_id")
        ),
        sa.ForeignKeyConstraint(["question_id"], ["questions.id"], name=op.f("fk_corrections_question_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_corrections")),
    )
    with op.batch_alter_table("corrections", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_corrections_question_id"), ["question_id"], unique=False)

    op.create_table(
        "inquiry_answers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("inquiry_id", sa.Integer(), nullable=False),
        sa.Column("answered_by", sa.Integer(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["answered_by"], ["users.id"], name=op.f("fk_inquiry_answers_answered_by"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["inquiry_id"], ["inquiries.id"], name=op.f("fk_inquiry_answers_inquiry_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inquiry_answers")),
    )
    with op.batch_alter_table("inquiry_answers", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_inquiry_answers_inquiry_id"), ["inquiry_id"], unique=False)

    op.create_table(
        "question_reviews",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("reviewer_id", sa.Integer(), nullable=True),
        sa.Column("verdict", sa.String(length=10), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("verdict IN ('approved', 'changes')", name=op.f("ck_question_reviews_verdict")),
        sa.ForeignKeyConstraint(
            ["reviewer_id"], ["users.id"], name=op.f("fk_question_reviews_reviewer_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["revision_id"],
            ["question_revisions.id"],
            name=op.f("fk_question_reviews_revision_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question_reviews")),
    )
    with op.batch_alter_table("question_reviews", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_question_reviews_revision_id"), ["revision_id"], unique=False)

    op.create_table(
        "sheet_comments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sheet_id", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("field", sa.String(length=40), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["author_id"], ["users.id"], name=op.f("fk_sheet_comments_author_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["sheet_id"], ["filled_sheets.id"], name=op.f("fk_sheet_comments_sheet_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sheet_comments")),
    )
    with op.batch_alter_table("sheet_comments", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sheet_comments_sheet_id"), ["sheet_id"], unique=False)

    op.create_table(
        "survey_answers",
        sa.Column("sheet", sa.String(length=36), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("text", sa.Text(), nullable=True),
        sa.CheckConstraint("(number IS NULL) <> (text IS NULL)", name=op.f("ck_survey_answers_one_value")),
        sa.ForeignKeyConstraint(
            ["item_id"], ["survey_items.id"], name=op.f("fk_survey_answers_item_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("sheet", "item_id", name=op.f("pk_survey_answers")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("survey_answers", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_survey_answers_item_id"), ["item_id"], unique=False)

    op.create_table(
        "regrades",
        sa.Column("response_id", sa.String(length=36), nullable=False),
        sa.Column("correction_id", sa.Integer(), nullable=False),
        sa.Column("credit", sa.Double(), nullable=False),
        sa.Column("correct", sa.Boolean(), nullable=False),
        sa.Column("counts", sa.Boolean(), nullable=False),
        sa.CheckConstraint("credit BETWEEN 0 AND 1", name=op.f("ck_regrades_credit")),
        sa.ForeignKeyConstraint(
            ["correction_id"], ["corrections.id"], name=op.f("fk_regrades_correction_id")
        ),
        sa.ForeignKeyConstraint(
            ["response_id"], ["responses.id"], name=op.f("fk_regrades_response_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("response_id", "correction_id", name=op.f("pk_regrades")),
    )
    with op.batch_alter_table("regrades", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_regrades_correction_id"), ["correction_id"], unique=False)

    with op.batch_alter_table("question_reports", schema=None) as batch_op:
        batch_op.add_column(sa.Column("settled_by", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("answer", sa.Text(), server_default="", nullable=False))
        batch_op.create_foreign_key(
            batch_op.f("fk_question_reports_settled_by"), "users", ["settled_by"], ["id"], ondelete="SET NULL"
        )

    with op.batch_alter_table("question_revisions", schema=None) as batch_op:
        batch_op.add_column(sa.Column("created_by", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_question_revisions_created_by"),
            "users",
            ["created_by"],
            ["id"],
            ondelete="SET NULL",
        )

    with op.batch_alter_table("questions", schema=None) as batch_op:
        batch_op.add_column(sa.Column("author_id", sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f("ix_questions_author_id"), ["author_id"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_questions_author_id"), "users", ["author_id"], ["id"], ondelete="SET NULL"
        )

    op.create_index(
        "ix_reading_marks_study_session", "reading_marks", ["study_session_id", "user_id", "read_at"]
    )
    with op.batch_alter_table("slide_pages", schema=None) as batch_op:
        batch_op.add_column(sa.Column("notes", sa.Text(), server_default="", nullable=False))
        batch_op.alter_column("image_id", existing_type=sa.VARCHAR(length=36), nullable=True)

    with op.batch_alter_table("study_session_revisions", schema=None) as batch_op:
        batch_op.add_column(sa.Column("created_by", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_study_session_revisions_created_by"),
            "users",
            ["created_by"],
            ["id"],
            ondelete="SET NULL",
        )

    with op.batch_alter_table("study_sessions", schema=None) as batch_op:
        batch_op.add_column(sa.Column("origin", sa.String(length=6), server_default="files", nullable=False))
        batch_op.add_column(sa.Column("author_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("publish_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("code", sa.String(length=8), nullable=True))
        batch_op.add_column(
            sa.Column("takes_registrations", sa.Boolean(), server_default=sa.false(), nullable=False)
        )
        batch_op.add_column(sa.Column("capacity", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("calendar_sequence", sa.Integer(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("worksheet_id", sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f("ix_study_sessions_author_id"), ["author_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_study_sessions_deleted_at"), ["deleted_at"], unique=False)
        batch_op.create_unique_constraint(batch_op.f("uq_study_sessions_code"), ["code"])
        batch_op.create_foreign_key(
            batch_op.f("fk_study_sessions_author_id"), "users", ["author_id"], ["id"], ondelete="SET NULL"
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_study_sessions_worksheet_id"), "worksheets", ["worksheet_id"], ["id"]
        )

    with op.batch_alter_table("users", schema=None) as batch_op:
        batch_op.add_column(sa.Column("wants_mail", sa.Boolean(), server_default=sa.true(), nullable=False))
        batch_op.add_column(sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True))

    with op.batch_alter_table("study_sessions", schema=None) as batch_op:
        batch_op.create_check_constraint(
            batch_op.f("ck_study_sessions_origin"), "origin IN ('files', 'studio')"
        )
        batch_op.create_check_constraint(batch_op.f("ck_study_sessions_capacity"), "capacity > 0")
    for table, column, before, new in _WIDENED:
        _allow(table, column, before + new)


def downgrade() -> None:
    for statement in _WHAT_THE_OLDER_SCHEMA_CANNOT_HOLD:
        op.execute(statement)
    for table, column, before, _new in _WIDENED:
        _allow(table, column, before)
    with op.batch_alter_table("study_sessions", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_study_sessions_capacity"), type_="check")
        batch_op.drop_constraint(batch_op.f("ck_study_sessions_origin"), type_="check")
    with op.batch_alter_table("users", schema=None) as batch_op:
        batch_op.drop_column("erased_at")
        batch_op.drop_column("wants_mail")

    with op.batch_alter_table("study_sessions", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_study_sessions_worksheet_id"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_study_sessions_author_id"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("uq_study_sessions_code"), type_="unique")
        batch_op.drop_index(batch_op.f("ix_study_sessions_deleted_at"))
        batch_op.drop_index(batch_op.f("ix_study_sessions_author_id"))
        batch_op.drop_column("worksheet_id")
        batch_op.drop_column("calendar_sequence")
        batch_op.drop_column("capacity")
        batch_op.drop_column("takes_registrations")
        batch_op.drop_column("code")
        batch_op.drop_column("deleted_at")
        batch_op.drop_column("publish_at")
        batch_op.drop_column("author_id")
        batch_op.drop_column("origin")

    with op.batch_alter_table("study_session_revisions", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_study_session_revisions_created_by"), type_="foreignkey")
        batch_op.drop_column("created_by")

    op.drop_index("ix_reading_marks_study_session", "reading_marks")
    with op.batch_alter_table("slide_pages", schema=None) as batch_op:
        batch_op.alter_column("image_id", existing_type=sa.VARCHAR(length=36), nullable=False)
        batch_op.drop_column("notes")

    with op.batch_alter_table("questions", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_questions_author_id"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_questions_author_id"))
        batch_op.drop_column("author_id")

    with op.batch_alter_table("question_revisions", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_question_revisions_created_by"), type_="foreignkey")
        batch_op.drop_column("created_by")

    with op.batch_alter_table("question_reports", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_question_reports_settled_by"), type_="foreignkey")
        batch_op.drop_column("answer")
        batch_op.drop_column("settled_by")

    with op.batch_alter_table("regrades", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_regrades_correction_id"))

    op.drop_table("regrades")
    with op.batch_alter_table("survey_answers", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_survey_answers_item_id"))

    op.drop_table("survey_answers")
    with op.batch_alter_table("sheet_comments", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sheet_comments_sheet_id"))

    op.drop_table("sheet_comments")
    with op.batch_alter_table("question_reviews", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_question_reviews_revision_id"))

    op.drop_table("question_reviews")
    with op.batch_alter_table("inquiry_answers", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_inquiry_answers_inquiry_id"))

    op.drop_table("inquiry_answers")
    with op.batch_alter_table("corrections", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_corrections_question_id"))

    op.drop_table("corrections")
    with op.batch_alter_table("workshop_members", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_workshop_members_group_id"))

    op.drop_table("workshop_members")
    op.drop_table("survey_participations")
    op.drop_table("survey_items")
    with op.batch_alter_table("inquiries", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_inquiries_study_session_id"))
        batch_op.drop_index("ix_inquiries_state")
        batch_op.drop_index(batch_op.f("ix_inquiries_question_id"))
        batch_op.drop_index(batch_op.f("ix_inquiries_asked_by"))

    op.drop_table("inquiries")
    with op.batch_alter_table("filled_sheets", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_filled_sheets_user",
            sqlite_where=sa.text("user_id IS NOT NULL"),
            postgresql_where=sa.text("user_id IS NOT NULL"),
        )
        batch_op.drop_index(
            "uq_filled_sheets_group",
            sqlite_where=sa.text("group_id IS NOT NULL"),
            postgresql_where=sa.text("group_id IS NOT NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_filled_sheets_study_session_id"))

    op.drop_table("filled_sheets")
    op.drop_table("assignment_units")
    with op.batch_alter_table("assignment_people", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_assignment_people_user_id"))

    op.drop_table("assignment_people")
    op.drop_table("workshop_groups")
    with op.batch_alter_table("unit_topic_months", schema=None) as batch_op:
        batch_op.drop_index("ix_unit_topic_months_month")

    op.drop_table("unit_topic_months")
    op.drop_table("surveys")
    with op.batch_alter_table("registrations", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_registrations_user_id"))
        batch_op.drop_index("ix_registrations_queue")

    op.drop_table("registrations")
    with op.batch_alter_table("case_note_topics", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_case_note_topics_topic_id"))

    op.drop_table("case_note_topics")
    with op.batch_alter_table("case_note_comments", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_case_note_comments_case_note_id"))

    op.drop_table("case_note_comments")
    with op.batch_alter_table("attendances", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_attendances_user_id"))

    op.drop_table("attendances")
    with op.batch_alter_table("assignments", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_assignments_study_session_id"))
        batch_op.drop_index(batch_op.f("ix_assignments_made_by"))
        batch_op.drop_index(batch_op.f("ix_assignments_due_on"))

    op.drop_table("assignments")
    op.drop_table("progress_looks")
    with op.batch_alter_table("notices", schema=None) as batch_op:
        batch_op.drop_index("ix_notices_user")

    op.drop_table("notices")
    with op.batch_alter_table("mails", schema=None) as batch_op:
        batch_op.drop_index("ix_mails_day_state")

    op.drop_table("mails")
    op.drop_table("drafts")
    with op.batch_alter_table("case_notes", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_case_notes_unit_id"))
        batch_op.drop_index(batch_op.f("ix_case_notes_happened_on"))
        batch_op.drop_index(batch_op.f("ix_case_notes_created_at"))
        batch_op.drop_index(batch_op.f("ix_case_notes_author_id"))

    op.drop_table("case_notes")
    op.drop_table("calendar_feeds")
    op.drop_table("worksheets")
    op.drop_table("site_settings")


def _allow(table: str, column: str, words: tuple[str, ...]) -> None:
    name = op.f(f"ck_{table}_{column}")
    quoted = ", ".join(f"'{word}'" for word in words)
    with op.batch_alter_table(table, schema=None) as batch_op:
        batch_op.drop_constraint(name, type_="check")
        batch_op.create_check_constraint(name, f"{column} IN ({quoted})")
