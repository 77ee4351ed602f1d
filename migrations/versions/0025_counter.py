"""The public's counter: tickets, visits, openings, websites; letters of the outbox to applicants."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "site",
        sa.Column("id", ID, nullable=False),
        sa.Column("office_id", ID, nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("issue", sa.Integer(), nullable=False),
        sa.Column("disabled", sa.Boolean(), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name="fk_site_office_id_office"),
        sa.PrimaryKeyConstraint("id", name="pk_site"),
    )
    op.create_index("ix_site_office_id", "site", ["office_id"])
    op.create_table(
        "ticket",
        sa.Column("case_id", ID, nullable=False),
        sa.Column("query_number", sa.String(12), nullable=False),
        sa.Column("code_hash", sa.String(64), nullable=False),
        sa.Column("electronic", sa.Boolean(), nullable=False),
        sa.Column("notify", sa.Boolean(), nullable=False),
        sa.Column("told_seq", sa.Integer(), nullable=False),
        sa.Column("site_id", ID, nullable=True),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name="fk_ticket_case_id_case"),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name="fk_ticket_site_id_site"),
        sa.PrimaryKeyConstraint("case_id", name="pk_ticket"),
        sa.UniqueConstraint("query_number", name="uq_ticket_query_number"),
    )
    op.create_table(
        "visit",
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("case_id", ID, nullable=False),
        sa.Column("until", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name="fk_visit_case_id_case"),
        sa.PrimaryKeyConstraint("token_hash", name="pk_visit"),
    )
    op.create_index("ix_visit_case_id", "visit", ["case_id"])
    op.create_index("ix_visit_until", "visit", ["until"])
    op.create_table(
        "letter_opening",
        sa.Column("letter_id", ID, nullable=False),
        sa.Column("opened_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["letter_id"], ["letter.id"], name="fk_letter_opening_letter_id_letter"),
        sa.PrimaryKeyConstraint("letter_id", name="pk_letter_opening"),
    )
    op.add_column("office", sa.Column("counter_open", sa.Boolean(), nullable=False, server_default=sa.true()))
    with op.batch_alter_table("mail") as table:
        table.alter_column("person_id", existing_type=ID, nullable=True)
        table.add_column(sa.Column("case_id", ID, nullable=True))
        table.create_foreign_key("fk_mail_case_id_case", "case", ["case_id"], ["id"])


def downgrade() -> None:
    op.execute("DELETE FROM mail WHERE person_id IS NULL")
    with op.batch_alter_table("mail") as table:
        table.drop_constraint("fk_mail_case_id_case", type_="foreignkey")
        table.drop_column("case_id")
        table.alter_column("person_id", existing_type=ID, nullable=False)
    with op.batch_alter_table("office") as table:
        table.drop_column("counter_open")
    for name in ("letter_opening", "visit", "ticket", "site"):
        op.drop_table(name)
