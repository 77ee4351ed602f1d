"""Retention of personal data (保存期限), and which cases were masked; a masked paper has no content."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

UNMASKED = sa.text("archived_on IS NOT NULL AND masked_seq < seq")


def upgrade() -> None:
    # in place: a batch would copy every case there is
    op.add_column("office", sa.Column("retention_years", sa.Integer(), nullable=True))
    op.add_column("case", sa.Column("masked_seq", sa.Integer(), nullable=False, server_default="0"))
    op.create_index(
        "ix_case_retention", "case", ["office_id", "archived_on"],
        sqlite_where=UNMASKED, postgresql_where=UNMASKED,
    )  # fmt: skip
    for name in ("document", "letter"):
        with op.batch_alter_table(name) as table:
            table.alter_column("sha256", existing_type=sa.String(64), nullable=True)
    op.create_index("ix_letter_sha256", "letter", ["sha256"])


def downgrade() -> None:
    op.drop_index("ix_letter_sha256", "letter")
    for name in ("document", "letter"):
        paper = sa.table(name, sa.column("sha256", sa.String))
        op.execute(paper.delete().where(paper.c.sha256.is_(None)))  # no older program has room for it
        with op.batch_alter_table(name) as table:
            table.alter_column("sha256", existing_type=sa.String(64), nullable=False)
    op.drop_index("ix_case_retention", "case")
    with op.batch_alter_table("case") as table:
        table.drop_column("masked_seq")
    with op.batch_alter_table("office") as table:
        table.drop_column("retention_years")
