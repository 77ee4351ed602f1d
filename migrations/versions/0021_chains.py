"""Events chained by hashes, and the second log, chained as well: nobody changes or takes out an entry."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

BATCH = 5000
REFUSAL = "the log is append-only"
KEPT = 183  # calendar days that nothing takes an entry out before

event = sa.table(
    "event", sa.column("id", sa.BigInteger), sa.column("case_id", sa.BigInteger), sa.column("seq", sa.Integer),
    sa.column("act", sa.String), sa.column("on", sa.Date), sa.column("at", sa.DateTime(timezone=True)),
    sa.column("actor_id", sa.BigInteger), sa.column("source", sa.String), sa.column("calendar_version", sa.Integer),
    sa.column("details", sa.JSON), sa.column("hash", sa.String),
)  # fmt: skip
case = sa.table("case", sa.column("id", sa.BigInteger), sa.column("office_id", sa.BigInteger))
CONTENT = ("case_id", "seq", "act", "on", "at", "actor_id", "source", "calendar_version", "details")


def upgrade() -> None:
    op.create_table(
        "chain_head",
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("length", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("dropped", sa.BigInteger(), nullable=False),
        sa.Column("dropped_hash", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_chain_head"),
    )
    op.create_table(
        "audit_entry",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("what", sa.String(40), nullable=False),
        sa.Column("actor_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("office_id", sa.BigInteger(), nullable=True),
        sa.Column("case_id", sa.BigInteger(), nullable=True),
        sa.Column("address", sa.String(64), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["person.id"], name="fk_audit_entry_actor_id_person"),
        sa.PrimaryKeyConstraint("id", name="pk_audit_entry"),
    )
    op.create_index("ix_audit_entry_office_id", "audit_entry", ["office_id", "id"])
    op.create_index("ix_audit_entry_actor_id", "audit_entry", ["actor_id", "id"])
    op.create_index("ix_audit_entry_case_id", "audit_entry", ["case_id", "id"])
    op.create_index("ix_audit_entry_at", "audit_entry", ["at", "id"])
    # in place: a batch would copy every event there is, and lose its triggers
    op.add_column("event", sa.Column("hash", sa.String(64), nullable=False, server_default=""))
    _without_trigger(_chain)
    if op.get_bind().dialect.name == "sqlite":
        _keep_on_sqlite()
    else:
        _keep_on_postgresql()


def _without_trigger(work: Any) -> None:
    """Do ``work`` on the events while they may be changed."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER event_no_update")
        work()
        op.execute(
            "CREATE TRIGGER event_no_update BEFORE UPDATE ON event "
            "BEGIN SELECT RAISE(ABORT, 'events are append-only'); END"
        )
        return
    op.execute("ALTER TABLE event DISABLE TRIGGER event_append_only")
    work()
    op.execute("ALTER TABLE event ENABLE TRIGGER event_append_only")


def _chain() -> None:
    """The hash of each event, in the order of their ids; the chain of each office begins with its first."""
    bind, last = op.get_bind(), 0
    heads: dict[int, tuple[int, str]] = {}
    columns = [case.c.office_id, event.c.id, *(event.c[name] for name in CONTENT)]
    query = (
        sa.select(*columns)
        .join_from(event, case, event.c.case_id == case.c.id)
        .order_by(event.c.id)
        .limit(BATCH)
    )
    fill = event.update().where(event.c.id == sa.bindparam("key")).values(hash=sa.bindparam("link"))
    while rows := bind.execute(query.where(event.c.id > last)).all():
        links = []
        for row in rows:
            length, before = heads.get(row.office_id, (0, ""))
            link = _linked(before, [getattr(row, name) for name in CONTENT])
            heads[row.office_id] = length + 1, link
            links.append({"key": row.id, "link": link})
        bind.execute(fill, links)
        last = rows[-1].id
    made = [
        {"name": f"event:{office}", "length": length, "hash": link, "dropped": 0, "dropped_hash": ""}
        for office, (length, link) in heads.items()
    ]
    if made:
        op.bulk_insert(sa.table("chain_head", *(sa.column(name) for name in made[0])), made)


def _linked(before: str, content: list[Any]) -> str:
    told = json.dumps([_plain(value) for value in content], ensure_ascii=False, sort_keys=True)
    return hashlib.sha256((before + told).encode()).hexdigest()


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):  # SQLite keeps UTC without saying so
        return (value if value.tzinfo else value.replace(tzinfo=UTC)).astimezone(UTC).isoformat()
    return value.isoformat() if hasattr(value, "isoformat") else value


def _keep_on_sqlite() -> None:
    op.execute(
        "CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit_entry "
        f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
    )
    op.execute(
        "CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit_entry "
        f"WHEN OLD.at > datetime('now', '-{KEPT} days') BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
    )
    # INSERT OR REPLACE deletes without asking the trigger above
    op.execute(
        "CREATE TRIGGER audit_no_replace BEFORE INSERT ON audit_entry "
        "WHEN EXISTS (SELECT 1 FROM audit_entry WHERE id = NEW.id) "
        "BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END"
    )


def _keep_on_postgresql() -> None:
    op.execute(
        "CREATE FUNCTION audit_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{REFUSAL}'; END $$"
    )
    op.execute(
        "CREATE TRIGGER audit_append_only BEFORE UPDATE OR TRUNCATE ON audit_entry "
        "FOR EACH STATEMENT EXECUTE FUNCTION audit_append_only()"
    )
    op.execute(
        "CREATE TRIGGER audit_keep BEFORE DELETE ON audit_entry FOR EACH ROW "
        f"WHEN (OLD.at > now() - interval '{KEPT} days') EXECUTE FUNCTION audit_append_only()"
    )


def downgrade() -> None:
    op.drop_table("audit_entry")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION audit_append_only()")
        op.drop_column("event", "hash")
    else:
        op.execute("ALTER TABLE event DROP COLUMN hash")
    op.drop_table("chain_head")
