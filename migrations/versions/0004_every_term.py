"""Every term of a case, what is mailed of it, deputies, local and closing days."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from caseflow.models.types import UtcDateTime

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
NO_CASE = {"sqlite_where": sa.text("case_id IS NULL"), "postgresql_where": sa.text("case_id IS NULL")}


def upgrade() -> None:
    op.create_table(
        "term_rule",
        sa.Column("term", sa.String(40), nullable=False),
        sa.Column("rungs", sa.String(80), nullable=False),
        sa.Column("overdue", sa.Boolean(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("term", name=op.f("pk_term_rule")),
    )
    op.create_table(
        "closing_day",
        sa.Column("office_id", ID, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("name", sa.String(60), nullable=False),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_closing_day_office_id_office")),
        sa.PrimaryKeyConstraint("office_id", "day", name=op.f("pk_closing_day")),
    )
    op.create_table(
        "mail",
        sa.Column("id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("address", sa.String(200), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("subject", sa.String(200), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("next_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("sent_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("error", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_mail_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail")),
    )
    op.create_index("ix_mail_state", "mail", ["state", "next_at"])
    op.create_table(
        "case_term",
        sa.Column("case_id", ID, nullable=False),
        sa.Column("term", sa.String(40), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_case_term_case_id_case")),
        sa.PrimaryKeyConstraint("case_id", "term", "n", name=op.f("pk_case_term")),
    )
    op.create_index("ix_case_term_due", "case_term", ["term", "due_on", "case_id"])

    with op.batch_alter_table("alert") as table:
        table.add_column(sa.Column("office_id", ID, nullable=True))
    op.execute('UPDATE alert SET office_id = (SELECT office_id FROM "case" WHERE "case".id = alert.case_id)')
    with op.batch_alter_table("alert") as table:
        table.alter_column("office_id", existing_type=ID, nullable=False)
        table.alter_column("case_id", existing_type=ID, nullable=True)
        table.create_index(
            "ix_alert_office_term", ["office_id", "term", "due_on", "rung"], unique=True, **NO_CASE
        )
        table.create_foreign_key(op.f("fk_alert_office_id_office"), "office", ["office_id"], ["id"])
    with op.batch_alter_table("alert_recipient") as table:
        table.add_column(sa.Column("mail_id", ID, nullable=True))
        table.create_index(op.f("ix_alert_recipient_mail_id"), ["mail_id"])
        table.create_foreign_key(op.f("fk_alert_recipient_mail_id_mail"), "mail", ["mail_id"], ["id"])
    with op.batch_alter_table("calendar_day") as table:
        table.add_column(sa.Column("local", sa.Boolean(), nullable=False, server_default=sa.false()))
        table.add_column(sa.Column("document", sa.String(200), nullable=False, server_default=""))
    with op.batch_alter_table("calendar_year") as table:
        table.add_column(sa.Column("official", sa.Boolean(), nullable=False, server_default=sa.true()))
        table.add_column(sa.Column("entered_by", ID, nullable=True))
        table.create_foreign_key(op.f("fk_calendar_year_entered_by_person"), "person", ["entered_by"], ["id"])
    with op.batch_alter_table("office") as table:
        table.add_column(sa.Column("government", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("person") as table:
        table.add_column(sa.Column("deputy_id", ID, nullable=True))
        table.add_column(sa.Column("away_from", sa.Date(), nullable=True))
        table.add_column(sa.Column("away_until", sa.Date(), nullable=True))
        table.create_foreign_key(
            op.f("fk_person_deputy_id_person"), "person", ["deputy_id"], ["id"],
            deferrable=True, initially="DEFERRED",
        )  # fmt: skip


def downgrade() -> None:
    with op.batch_alter_table("person") as table:
        table.drop_constraint(op.f("fk_person_deputy_id_person"), type_="foreignkey")
        for column in ("away_until", "away_from", "deputy_id"):
            table.drop_column(column)
    with op.batch_alter_table("office") as table:
        table.drop_column("government")
    with op.batch_alter_table("calendar_year") as table:
        table.drop_constraint(op.f("fk_calendar_year_entered_by_person"), type_="foreignkey")
        table.drop_column("entered_by")
        table.drop_column("official")
    with op.batch_alter_table("calendar_day") as table:
        table.drop_column("document")
        table.drop_column("local")
    with op.batch_alter_table("alert_recipient") as table:
        table.drop_constraint(op.f("fk_alert_recipient_mail_id_mail"), type_="foreignkey")
        table.drop_index(op.f("ix_alert_recipient_mail_id"))
        table.drop_column("mail_id")
    # the older schema knows no alert without a case
    op.execute("DELETE FROM alert_recipient WHERE alert_id IN (SELECT id FROM alert WHERE case_id IS NULL)")
    op.execute("DELETE FROM alert WHERE case_id IS NULL")
    with op.batch_alter_table("alert") as table:
        table.drop_index("ix_alert_office_term", **NO_CASE)
        table.drop_constraint(op.f("fk_alert_office_id_office"), type_="foreignkey")
        table.alter_column("case_id", existing_type=ID, nullable=False)
        table.drop_column("office_id")
    op.drop_table("case_term")
    op.drop_table("mail")
    op.drop_table("closing_day")
    op.drop_table("term_rule")
