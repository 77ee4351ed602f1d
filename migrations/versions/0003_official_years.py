"""The holiday notices of 2004 to 2026, as the chinesecalendar package carries them."""

from __future__ import annotations

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

from caseflow.calendars.seed import DOCUMENT, notices

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

YEARS = range(2004, 2027)  # fixed: a newer package must not change what this revision enters
VERSION = 1

year_table = sa.table(
    "calendar_year",
    sa.column("id", sa.BigInteger),
    sa.column("year", sa.Integer),
    sa.column("version", sa.Integer),
    sa.column("document", sa.String),
    sa.column("entered_at", sa.DateTime(timezone=True)),
)
day_table = sa.table(
    "calendar_day",
    sa.column("year_id", sa.BigInteger),
    sa.column("day", sa.Date),
    sa.column("works", sa.Boolean),
    sa.column("name", sa.String),
)


def upgrade() -> None:
    now = datetime.now(UTC)
    days = []
    for year in YEARS:
        row = {"year": year, "version": VERSION, "document": DOCUMENT.format(year), "entered_at": now}
        key = op.get_bind().execute(year_table.insert().returning(year_table.c.id), row).scalar_one()
        days += [{"year_id": key, "day": d, "works": works, "name": name} for d, works, name in notices(year)]
    op.bulk_insert(day_table, days)


def downgrade() -> None:
    op.execute(day_table.delete())
    op.execute(year_table.delete())
