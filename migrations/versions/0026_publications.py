"""Replies that were chosen to be published, their files, and what they are found by."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
PUBLIC = "state = 'published'"


def upgrade() -> None:
    op.create_table(
        "publication",
        sa.Column("id", KEY, nullable=False),
        sa.Column("case_id", KEY, nullable=False),
        sa.Column("office_id", KEY, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("ground", sa.String(40), nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("salt", sa.String(32), nullable=False),
        sa.Column("proposed_by", KEY, nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("published_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name="fk_publication_case_id_case"),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name="fk_publication_office_id_office"),
        sa.ForeignKeyConstraint(["proposed_by"], ["person.id"], name="fk_publication_proposed_by_person"),
        sa.PrimaryKeyConstraint("id", name="pk_publication"),
        sa.UniqueConstraint("case_id", "version", name="uq_publication_case_id_version"),
    )
    op.create_index(
        "ix_publication_public", "publication", ["published_on", "id"],
        sqlite_where=sa.text(PUBLIC), postgresql_where=sa.text(PUBLIC),
    )  # fmt: skip
    op.create_index("ix_publication_office_id", "publication", ["office_id", "state"])
    op.create_table(
        "publication_file",
        sa.Column("publication_id", KEY, nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=True),
        sa.Column("by_hand", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["publication_id"], ["publication.id"], name="fk_publication_file_publication_id_publication"
        ),
        sa.ForeignKeyConstraint(
            ["sha256"], ["stored_file.sha256"], name="fk_publication_file_sha256_stored_file"
        ),
        sa.PrimaryKeyConstraint("publication_id", "n", name="pk_publication_file"),
    )
    op.create_index("ix_publication_file_sha256", "publication_file", ["sha256"])
    op.create_table(
        "publication_gram",
        sa.Column("gram", sa.Text(), nullable=False),
        sa.Column("publication_id", KEY, nullable=False),
        sa.ForeignKeyConstraint(
            ["publication_id"], ["publication.id"], name="fk_publication_gram_publication_id_publication"
        ),
        sa.PrimaryKeyConstraint("gram", "publication_id", name="pk_publication_gram"),
    )
    op.create_index("ix_publication_gram_publication_id", "publication_gram", ["publication_id"])


def downgrade() -> None:
    for table in ("publication_gram", "publication_file", "publication"):
        op.drop_table(table)
