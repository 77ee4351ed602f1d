"""Indexes: lists in the order of receipt, and table 4 counted from an index alone."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

EVERY = sa.text("seq > 0")


def upgrade() -> None:
    op.create_index(
        "ix_case_received",
        "case",
        ["office_id", "received_on", "id"],
        sqlite_where=EVERY,
        postgresql_where=EVERY,
    )
    op.drop_index("ix_proceeding_office_id", "proceeding")
    op.create_index(
        "ix_proceeding_table4",
        "proceeding",
        ["office_id", "new_year", "result_year", "kind", "after_reconsideration", "result", "case_id"],
    )


def downgrade() -> None:
    op.drop_index("ix_proceeding_table4", "proceeding")
    op.create_index("ix_proceeding_office_id", "proceeding", ["office_id"])
    op.drop_index("ix_case_received", "case")
