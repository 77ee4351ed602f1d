"""The index of cases that a fee was asked for says so in the words in which SQLite is asked."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

CHARGED, ONE = sa.text("charged"), sa.text("charged = 1")


def upgrade() -> None:
    _index(["office_id", "charged"], ONE)


def _index(columns: list[str], on_sqlite: sa.TextClause) -> None:
    op.drop_index("ix_case_charged", "case")
    op.create_index("ix_case_charged", "case", columns, sqlite_where=on_sqlite, postgresql_where=CHARGED)


def downgrade() -> None:
    _index(["office_id"], CHARGED)
