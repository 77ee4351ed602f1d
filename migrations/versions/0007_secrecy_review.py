"""Whether a draft still waits for its secrecy review (保密审查)."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("case") as table:
        table.add_column(
            sa.Column("secrecy_awaited", sa.Boolean(), nullable=False, server_default=sa.false())
        )
    # drafts that release something and aren't approved yet; none has been reviewed before there was a review
    case = sa.table(
        "case", sa.column("draft_result", sa.String), sa.column("draft_approved", sa.Boolean),
        sa.column("secrecy_awaited", sa.Boolean),
    )  # fmt: skip
    waits = sa.and_(case.c.draft_result.in_(("granted", "partial")), case.c.draft_approved.is_(False))
    op.execute(case.update().where(waits).values(secrecy_awaited=True))
    with op.batch_alter_table("case") as table:
        table.alter_column("secrecy_awaited", existing_type=sa.Boolean(), server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("case") as table:
        table.drop_column("secrecy_awaited")
