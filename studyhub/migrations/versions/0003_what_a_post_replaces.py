"""A post knows which one it put an end to, and until when that was to run."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_DAY_BEFORE = {"sqlite": "date(posts.starts_on, '-1 day')", "postgresql": "posts.starts_on - 1"}


def upgrade() -> None:
    with op.batch_alter_table("posts", schema=None) as batch_op:
        batch_op.add_column(sa.Column("replaces_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("replaced_until", sa.Date(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_posts_replaces_id"), "posts", ["replaces_id"], ["id"], ondelete="SET NULL"
        )
        batch_op.create_index(batch_op.f("ix_posts_replaces_id"), ["replaces_id"], unique=False)
    _link_transfers()


def _link_transfers() -> None:
    """Of the transfers so far nobody noted the end that they replaced; hardly any main post had one."""
    day_before = _DAY_BEFORE[op.get_context().dialect.name]
    before = (
        "SELECT max(earlier.id) FROM posts AS earlier WHERE earlier.user_id = posts.user_id"  # noqa: S608
        f" AND earlier.kind = 'main' AND earlier.ends_on = {day_before}"
    )
    op.execute(f"UPDATE posts SET replaces_id = ({before}) WHERE kind = 'main'")  # noqa: S608


def downgrade() -> None:
    with op.batch_alter_table("posts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_posts_replaces_id"))
        batch_op.drop_constraint(batch_op.f("fk_posts_replaces_id"), type_="foreignkey")
        batch_op.drop_column("replaced_until")
        batch_op.drop_column("replaces_id")
