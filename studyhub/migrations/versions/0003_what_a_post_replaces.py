"""A post knows which one it put an end to, and until when that was to run."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_POSTS = sa.table(
    "posts", *(sa.column(name) for name in ("id", "user_id", "kind", "starts_on", "ends_on", "replaces_id"))
)


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
    posts, earlier = _POSTS.c, _POSTS.alias("earlier").c
    is_sqlite = op.get_context().dialect.name == "sqlite"
    day_before = (
        sa.func.date(posts.starts_on, "-1 day") if is_sqlite else posts.starts_on - sa.literal(1, sa.Integer)
    )
    before = sa.select(sa.func.max(earlier.id)).where(
        earlier.user_id == posts.user_id, earlier.kind == "main", earlier.ends_on == day_before
    )
    op.execute(
        sa.update(_POSTS)
        .where(posts.kind == "main")
        .values(replaces_id=before.correlate(_POSTS).scalar_subquery())
    )


def downgrade() -> None:
    with op.batch_alter_table("posts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_posts_replaces_id"))
        batch_op.drop_constraint(batch_op.f("fk_posts_replaces_id"), type_="foreignkey")
        batch_op.drop_column("replaced_until")
        batch_op.drop_column("replaces_id")
