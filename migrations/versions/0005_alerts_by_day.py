"""The day for which an alert was raised, and of which a letter tells."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

# the day in China, eight hours before UTC's, of the moment at which a row was written
CREATED_ON = {
    "sqlite": "date(created_at, '+8 hours')",
    "postgresql": "CAST(created_at AT TIME ZONE 'UTC' + INTERVAL '8 hours' AS DATE)",
}
COLUMNS = (("alert", "raised_on"), ("mail", "told_on"))


def upgrade() -> None:
    day = CREATED_ON[op.get_bind().dialect.name]
    for name, column in COLUMNS:
        with op.batch_alter_table(name) as table:
            table.add_column(sa.Column(column, sa.Date(), nullable=True))
        op.execute(f"UPDATE {name} SET {column} = {day}")  # noqa: S608
        with op.batch_alter_table(name) as table:
            table.alter_column(column, existing_type=sa.Date(), nullable=False)


def downgrade() -> None:
    for name, column in COLUMNS:
        with op.batch_alter_table(name) as table:
            table.drop_column(column)
