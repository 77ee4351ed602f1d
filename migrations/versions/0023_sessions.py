"""Sessions are rows; a password has its day and may have former ones, an account a second factor.

Stop all machines first: the version before signs in by ``person.epoch``, which goes.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def _of_a_person(name: str, *columns: sa.Column[object]) -> None:
    op.create_table(
        name,
        sa.Column("id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        *columns,
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=f"fk_{name}_person_id_person"),
        sa.PrimaryKeyConstraint("id", name=f"pk_{name}"),
    )
    op.create_index(f"ix_{name}_person_id", name, ["person_id"])


def upgrade() -> None:
    _of_a_person(
        "sign_in_session",
        sa.Column("token_hash", sa.String(64), nullable=False, unique=True),
        sa.Column("since", MOMENT, nullable=False),
        sa.Column("seen", MOMENT, nullable=False),
        sa.Column("address", sa.String(64), nullable=False),
        sa.Column("browser", sa.String(60), nullable=False),
        sa.Column("awaits_code", sa.Boolean(), nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("ended_why", sa.String(40), nullable=False),
    )
    op.create_index("ix_sign_in_session_since", "sign_in_session", ["since"])
    _of_a_person(
        "former_password",
        sa.Column("hash", sa.String(255), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
    )
    _of_a_person("recovery_code", sa.Column("hash", sa.String(64), nullable=False))
    # in place: a batch would copy the table, to which half of the others refer
    op.add_column("person", sa.Column("password_since", MOMENT, nullable=True))
    op.add_column("person", sa.Column("second_factor", sa.String(200), nullable=False, server_default=""))
    op.add_column(
        "person", sa.Column("second_factor_step", sa.BigInteger(), nullable=False, server_default="0")
    )
    op.drop_column("person", "epoch")


def downgrade() -> None:
    """Everybody signs in anew, with the password alone."""
    op.add_column("person", sa.Column("epoch", sa.Integer(), nullable=False, server_default="1"))
    for name in ("second_factor_step", "second_factor", "password_since"):
        op.drop_column("person", name)
    for name in ("recovery_code", "former_password", "sign_in_session"):
        op.drop_table(name)
