"""What the on-time figures are split by: fees and deferrals, the first 20 working days; past days are found by moment."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

from caseflow.law.workdays import Calendar

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

PLAIN_DAYS = 20  # art. 33
OF_VOID = sa.text("act = 'void_reply'")

case = sa.table(
    "case", sa.column("id", sa.BigInteger), sa.column("corrected", sa.Boolean), sa.column("charged", sa.Boolean),
    sa.column("deferred", sa.Boolean), sa.column("received_on", sa.Date), sa.column("replied_on", sa.Date),
    sa.column("closed_by", sa.String), sa.column("calendar_version", sa.Integer),
    sa.column("plain_on_time", sa.Boolean),
)  # fmt: skip
event = sa.table(
    "event", sa.column("case_id", sa.BigInteger), sa.column("seq", sa.Integer), sa.column("act", sa.String),
    sa.column("details", sa.JSON),
)  # fmt: skip
year = sa.table(
    "calendar_year", sa.column("id", sa.BigInteger), sa.column("year", sa.Integer),
    sa.column("version", sa.Integer), sa.column("official", sa.Boolean),
)  # fmt: skip
holiday = sa.table(
    "calendar_day", sa.column("year_id", sa.BigInteger), sa.column("day", sa.Date), sa.column("works", sa.Boolean)
)  # fmt: skip


def upgrade() -> None:
    # in place: a batch would copy every case there is
    for name in ("charged", "deferred"):
        op.add_column("case", sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("case", sa.Column("plain_on_time", sa.Boolean(), nullable=True))
    _mark()
    _measure()
    op.create_index("ix_event_at", "event", ["at", "act", "on", "case_id"])
    op.create_index(
        "ix_event_void", "event", ["case_id"], sqlite_where=OF_VOID, postgresql_where=OF_VOID
    )  # fmt: skip


def _mark() -> None:
    """Notices of a fee told apart from those of a correction, and the deferrals; the void ones left out."""
    did = {name: _did(act) for name, act in (("charged", "fee_notice"), ("deferred", "defer"))}
    for name, holds in did.items():
        op.execute(case.update().where(holds).values({name: True}))
    op.execute(case.update().where(case.c.charged).values(corrected=_did("request_correction")))
    for case_id, acts in _with_void():
        found = {
            "charged": "fee_notice" in acts, "deferred": "defer" in acts, "corrected": "request_correction" in acts,
        }  # fmt: skip
        op.execute(case.update().where(case.c.id == case_id).values(found))


def _did(act: str) -> sa.ColumnElement[bool]:
    return sa.exists().where(event.c.case_id == case.c.id, event.c.act == act)


def _with_void() -> Iterator[tuple[int, set[str]]]:
    """The cases of which something was declared void, with the acts that are not."""
    bind = op.get_bind()
    void: dict[int, set[int]] = {}
    fixes = sa.select(event.c.case_id, event.c.details).where(event.c.act == "correct")
    for case_id, details in bind.execute(fixes).all():
        if details["changes"].get("void"):
            void.setdefault(case_id, set()).add(details["target"])
    for case_id, gone in void.items():
        acts = bind.execute(sa.select(event.c.seq, event.c.act).where(event.c.case_id == case_id))
        yield case_id, {act for seq, act in acts if seq not in gone}


def _measure() -> None:
    """Whether each reply was sent within the first 20 working days, by the calendar that dated it."""
    bind = op.get_bind()
    replied = sa.and_(case.c.replied_on.is_not(None), case.c.closed_by == "reply")
    days = bind.execute(
        sa.select(case.c.received_on, case.c.calendar_version)
        .where(replied, case.c.received_on.is_not(None))
        .distinct()
    ).all()
    calendars: dict[int, Calendar] = {version: _calendar(version) for _, version in days}
    plain = sa.Table(
        "plain_due", sa.MetaData(), sa.Column("received_on", sa.Date, primary_key=True),
        sa.Column("version", sa.Integer, primary_key=True, autoincrement=False), sa.Column("due_on", sa.Date),
        prefixes=["TEMPORARY"],
    )  # fmt: skip
    plain.create(bind)
    rows = [
        {"received_on": day, "version": version, "due_on": calendars[version].add(day, PLAIN_DAYS)}
        for day, version in days
    ]
    if rows:
        op.bulk_insert(plain, rows)
    due: Any = (
        sa.select(plain.c.due_on)
        .where(plain.c.received_on == case.c.received_on, plain.c.version == case.c.calendar_version)
        .scalar_subquery()
    )
    in_time = sa.func.coalesce(case.c.replied_on <= due, sa.false())
    op.execute(case.update().where(replied).values(plain_on_time=in_time))
    plain.drop(bind)


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
    op.drop_index("ix_event_void", "event")
    op.drop_index("ix_event_at", "event")
    op.execute(case.update().where(case.c.charged).values(corrected=True))  # the older name for both
    with op.batch_alter_table("case") as table:
        for name in ("plain_on_time", "deferred", "charged"):
            table.drop_column(name)
