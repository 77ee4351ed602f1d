"""Certificate numbers, telephones and the salts of request forms are sealed; the same applicant is found by a hash.

Every row is written once more, in batches. The keys come from ``caseflow.keys``, whose functions ``seal``, ``unseal``
and ``ring().hashed`` keep their meaning for good: what one program sealed, every later one has to open.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from unicodedata import normalize

import sqlalchemy as sa
from alembic import op

from caseflow import keys

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

BATCH = 1000
NUMBER, PHONE, SALT = "identity.certificate_number", "identity.phone", "particulars.salt"
identity = sa.table(
    "identity",
    *(sa.column(name, sa.String) for name in ("certificate_number", "phone", "certificate_hash")),
    sa.column("particulars_id", sa.BigInteger),
)
particulars = sa.table("particulars", sa.column("id", sa.BigInteger), sa.column("salt", sa.String))
case = sa.table("case", sa.column("particulars_id", sa.BigInteger), sa.column("ledger_hash", sa.String))


def upgrade() -> None:
    _overwrite()
    op.create_table(
        "sealing_key",
        sa.Column("id", sa.String(20), nullable=False),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sealing_key")),
    )
    op.add_column("identity", sa.Column("certificate_hash", sa.String(30), nullable=False, server_default=""))
    op.drop_index("ix_identity_certificate_number", "identity")
    _lengths(400, 60, 120, 32)
    if op.get_bind().scalar(sa.select(sa.exists().select_from(identity))):
        _seal_all()
    op.create_index("ix_identity_certificate_hash", "identity", ["certificate_hash"])


def _overwrite() -> None:
    """What stood there in clear is overwritten, not left in free pages."""
    if op.get_bind().dialect.name == "sqlite":
        op.get_bind().exec_driver_sql("PRAGMA secure_delete=ON")


def _lengths(long: int, was: int, salt: int, salt_was: int) -> None:
    with op.batch_alter_table("identity") as table:
        for name in ("certificate_number", "phone"):
            table.alter_column(
                name, existing_type=sa.String(was), type_=sa.String(long), existing_nullable=False
            )
        if long > was:
            table.alter_column(
                "certificate_hash", existing_type=sa.String(30), server_default=None, existing_nullable=False
            )
    with op.batch_alter_table("particulars") as table:
        table.alter_column(
            "salt", existing_type=sa.String(salt_was), type_=sa.String(salt), existing_nullable=False
        )


def _seal_all() -> None:
    key = keys.ring().current
    op.bulk_insert(
        sa.table("sealing_key", sa.column("id", sa.String), sa.column("fingerprint", sa.String)),
        [{"id": key.id, "fingerprint": key.fingerprint}],
    )
    # told from the number too: written anew from the record at the next start (ledger.rehash)
    numbered = sa.select(identity.c.particulars_id).where(
        sa.or_(identity.c.certificate_number != "", identity.c.phone != "")
    )
    op.execute(
        case.update()
        .where(case.c.ledger_hash.is_not(None), case.c.particulars_id.in_(numbered))
        .values(ledger_hash="")
    )
    _each(identity, identity.c.particulars_id, lambda row: {
        "certificate_number": keys.seal(row.certificate_number, NUMBER),
        "phone": keys.seal(row.phone, PHONE),
        "certificate_hash": keys.ring().hashed(_plain(row.certificate_number), "certificate_hash"),
    })  # fmt: skip
    _each(particulars, particulars.c.id, lambda row: {"salt": keys.seal(row.salt, SALT)})


def _plain(number: str) -> str:
    """As all are kept since; older ones may be as they were typed."""
    plain = normalize("NFKC", number).upper()
    return plain if len(plain) == len(number) else number


def _each(table: sa.TableClause, key: sa.ColumnClause[int], written: Callable[[Any], dict[str, str]]) -> None:
    """Write every row once more, in the order of its key."""
    line, last = op.get_bind(), 0
    while rows := line.execute(sa.select(table).where(key > last).order_by(key).limit(BATCH)).all():
        last = getattr(rows[-1], key.name)
        names = written(rows[0])
        change = (
            table.update()
            .where(key == sa.bindparam("of"))
            .values({name: sa.bindparam(f"new_{name}") for name in names})
        )
        line.execute(
            change,
            [
                {"of": getattr(row, key.name)}
                | {f"new_{name}": value for name, value in written(row).items()}
                for row in rows
            ],
        )


def downgrade() -> None:
    op.drop_index("ix_identity_certificate_hash", "identity")
    _each(identity, identity.c.particulars_id, lambda row: {
        "certificate_number": keys.unseal(row.certificate_number, NUMBER),
        "phone": keys.unseal(row.phone, PHONE),
    })  # fmt: skip
    _each(particulars, particulars.c.id, lambda row: {"salt": keys.unseal(row.salt, SALT)})
    with op.batch_alter_table("identity") as table:
        table.drop_column("certificate_hash")
    _lengths(60, 400, 32, 120)
    op.create_index("ix_identity_certificate_number", "identity", ["certificate_number"])
    op.drop_table("sealing_key")
