"""A request withdrawn after its due day keeps that day: it stays in the register of 责任追究 until somebody answers for it."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from caseflow.law.casefile import Entry
from caseflow.law.replay import replay
from caseflow.law.workdays import Calendar

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

case = sa.table(
    "case", sa.column("id", sa.BigInteger), sa.column("closed_by", sa.String),
    sa.column("calendar_version", sa.Integer), sa.column("due_on", sa.Date),
)  # fmt: skip
event = sa.table(
    "event", sa.column("case_id", sa.BigInteger), sa.column("seq", sa.Integer), sa.column("act", sa.String),
    sa.column("on", sa.Date), sa.column("details", sa.JSON), sa.column("actor_id", sa.BigInteger),
    sa.column("source", sa.String),
)  # fmt: skip
year = sa.table(
    "calendar_year", sa.column("id", sa.BigInteger), sa.column("year", sa.Integer),
    sa.column("version", sa.Integer), sa.column("official", sa.Boolean),
)  # fmt: skip
holiday = sa.table(
    "calendar_day", sa.column("year_id", sa.BigInteger), sa.column("day", sa.Date), sa.column("works", sa.Boolean)
)  # fmt: skip


def upgrade() -> None:
    bind = op.get_bind()
    left = bind.execute(sa.select(case.c.id, case.c.calendar_version).where(case.c.closed_by == "withdrawn"))
    calendars: dict[int, Calendar] = {}
    for case_id, version in left.all():
        if version not in calendars:
            calendars[version] = _calendar(version)
        if due := replay(_entries(case_id)).missed(calendars[version]):
            op.execute(case.update().where(case.c.id == case_id).values(due_on=due))


def _entries(case_id: int) -> list[Entry]:
    rows = op.get_bind().execute(sa.select(event).where(event.c.case_id == case_id).order_by(event.c.seq))
    return [Entry(r.seq, r.act, r.on, r.details, r.actor_id, r.source == "ledger") for r in rows]


def _calendar(version: int) -> Calendar:
    """The edition as it stood: of each year, the latest entry not newer than it."""
    bind = op.get_bind()
    newest: dict[int, Any] = {}
    for row in bind.execute(sa.select(year).where(year.c.version <= version).order_by(year.c.version)):
        newest[row.year] = row
    days = sa.select(holiday.c.day, holiday.c.works).where(
        holiday.c.year_id.in_([row.id for row in newest.values()])
    )
    exceptions = {day: works for day, works in bind.execute(days)}
    return Calendar(exceptions, [row.year for row in newest.values() if row.official], version)


def downgrade() -> None:
    op.execute(case.update().where(case.c.closed_by == "withdrawn").values(due_on=None))
