"""Year tables of offices that don't work here, taken over as they were published."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from caseflow.models.types import UtcDateTime

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "typed_table",
        sa.Column("id", ID, nullable=False),
        sa.Column("office_id", ID, nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("edition", sa.String(4), nullable=False),
        sa.Column("figures", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("zeroed", sa.Boolean(), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("taken_by", ID, nullable=False),
        sa.Column("taken_at", UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_typed_table_office_id_office")),
        sa.ForeignKeyConstraint(["taken_by"], ["person.id"], name=op.f("fk_typed_table_taken_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_typed_table")),
        sa.UniqueConstraint(
            "office_id", "year", "version", name=op.f("uq_typed_table_office_id_year_version")
        ),
    )


def downgrade() -> None:
    op.drop_table("typed_table")
