"""Open cases are counted and grouped from their index alone, on SQLite too; indexes of what is odd or was missed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

OPEN = sa.text("closed_on IS NULL")
ODD = sa.text(
    "replied_on < received_on OR closed_on IS NOT NULL AND result = '' OR replied_on IS NOT NULL AND due_on IS NULL "
    "OR applicant_class NOT IN ('natural_person', 'enterprise', 'research', 'social', 'legal_service', 'other')"
)
MISSED = sa.text("replied_on IS NULL AND closed_on > due_on")
BEFORE = ["office_id", "due_on", "id", "waiting", "hold_until", "received_on", "handler_id"]


def upgrade() -> None:
    _index([*BEFORE, "stage", "extension_asked", "draft_approved", "secrecy_awaited", "closed_on"])
    op.create_index("ix_case_odd", "case", ["office_id"], sqlite_where=ODD, postgresql_where=ODD)
    op.create_index(
        "ix_case_missed", "case", ["office_id", "closed_on"], sqlite_where=MISSED, postgresql_where=MISSED
    )


def _index(columns: list[str]) -> None:
    op.drop_index("ix_case_open_due", "case")
    op.create_index("ix_case_open_due", "case", columns, sqlite_where=OPEN, postgresql_where=OPEN)


def downgrade() -> None:
    for name in ("ix_case_missed", "ix_case_odd"):
        op.drop_index(name, "case")
    _index(BEFORE)
