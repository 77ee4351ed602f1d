"""Open cases are counted and grouped from their index alone, on SQLite too."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

OPEN = sa.text("closed_on IS NULL")
BEFORE = ["office_id", "due_on", "id", "waiting", "hold_until", "received_on", "handler_id"]


def upgrade() -> None:
    _index([*BEFORE, "stage", "extension_asked", "draft_approved", "secrecy_awaited", "closed_on"])


def _index(columns: list[str]) -> None:
    op.drop_index("ix_case_open_due", "case")
    op.create_index("ix_case_open_due", "case", columns, sqlite_where=OPEN, postgresql_where=OPEN)


def downgrade() -> None:
    _index(BEFORE)
