"""Drafts of the annual report, every version; the cases with a fee are found by themselves."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from caseflow.models.types import UtcDateTime

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "annual_draft",
        sa.Column("id", ID, nullable=False),
        sa.Column("office_id", ID, nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("texts", sa.JSON(), nullable=False),
        sa.Column("figures", sa.JSON(), nullable=False),
        sa.Column("part", sa.String(40), nullable=False),
        sa.Column("restored", sa.Integer(), nullable=True),
        sa.Column("author_id", ID, nullable=False),
        sa.Column("at", UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name=op.f("fk_annual_draft_author_id_person")),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_annual_draft_office_id_office")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_annual_draft")),
        sa.UniqueConstraint(
            "office_id", "year", "version", name=op.f("uq_annual_draft_office_id_year_version")
        ),
    )
    op.create_index(
        "ix_case_charged", "case", ["office_id"],
        sqlite_where=sa.text("charged"), postgresql_where=sa.text("charged"),
    )  # fmt: skip


def downgrade() -> None:
    op.drop_index("ix_case_charged", "case")
    op.drop_table("annual_draft")
