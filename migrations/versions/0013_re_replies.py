"""Whether re-replies (重新答复) count again; replies sent are counted by their report year as well."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

REPLIED = "ix_case_replied"
BEFORE = ["office_id", "replied_on", "on_time"]


def upgrade() -> None:
    # in place: a batch would copy every case there is
    op.add_column(
        "office", sa.Column("counts_redone", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.drop_index(REPLIED, "case")
    op.create_index(REPLIED, "case", [*BEFORE, "new_year"])


def downgrade() -> None:
    op.drop_index(REPLIED, "case")
    op.create_index(REPLIED, "case", BEFORE)
    with op.batch_alter_table("office") as table:
        table.drop_column("counts_redone")
