"""The 科室 of a person, and of a case the one it was given to."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("person", "case"):
        with op.batch_alter_table(name) as table:
            table.add_column(sa.Column("department", sa.String(200), nullable=False, server_default=""))
        with op.batch_alter_table(name) as table:
            table.alter_column("department", existing_type=sa.String(200), server_default=None)


def downgrade() -> None:
    for name in ("person", "case"):
        with op.batch_alter_table(name) as table:
            table.drop_column("department")
