"""Signed years, never changed; and the years in which a proceeding counts."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from caseflow.models.types import UtcDateTime

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
REFUSAL = "signed years are append-only"

proceeding = sa.table(
    "proceeding", sa.column("opened_on", sa.Date), sa.column("closed_on", sa.Date),
    sa.column("new_year", sa.Integer), sa.column("result_year", sa.Integer),
)  # fmt: skip


def upgrade() -> None:
    op.create_table(
        "signed_year",
        sa.Column("id", ID, nullable=False),
        sa.Column("office_id", ID, nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("frozen", sa.JSON(), nullable=False),
        sa.Column("explanation", sa.Text(), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("signed_by", ID, nullable=False),
        sa.Column("signed_at", UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_signed_year_office_id_office")),
        sa.ForeignKeyConstraint(["signed_by"], ["person.id"], name=op.f("fk_signed_year_signed_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signed_year")),
        sa.UniqueConstraint(
            "office_id", "year", "edition", name=op.f("uq_signed_year_office_id_year_edition")
        ),
    )
    _guard()
    with op.batch_alter_table("proceeding") as table:
        table.add_column(sa.Column("new_year", sa.Integer(), nullable=True))
        table.add_column(sa.Column("result_year", sa.Integer(), nullable=True))
    ended = sa.case((proceeding.c.closed_on.is_not(None), sa.extract("year", proceeding.c.closed_on)))
    years = {"new_year": sa.extract("year", proceeding.c.opened_on), "result_year": ended}
    op.execute(proceeding.update().values(years))
    with op.batch_alter_table("proceeding") as table:
        table.alter_column("new_year", existing_type=sa.Integer(), nullable=False)


def _guard() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("update", "delete"):
            op.execute(
                f"CREATE TRIGGER signed_year_no_{verb} BEFORE {verb.upper()} ON signed_year "
                f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
            )
        op.execute(
            "CREATE TRIGGER signed_year_no_replace BEFORE INSERT ON signed_year WHEN EXISTS "
            "(SELECT 1 FROM signed_year WHERE id = NEW.id OR "
            "(office_id = NEW.office_id AND year = NEW.year AND edition = NEW.edition)) "
            "BEGIN SELECT RAISE(ABORT, 'signed years are append-only'); END"
        )
        return
    op.execute(
        "CREATE FUNCTION signed_year_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{REFUSAL}'; END $$"
    )
    op.execute(
        "CREATE TRIGGER signed_year_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON signed_year "
        "FOR EACH STATEMENT EXECUTE FUNCTION signed_year_append_only()"
    )


def downgrade() -> None:
    with op.batch_alter_table("proceeding") as table:
        table.drop_column("new_year")
        table.drop_column("result_year")
    op.drop_table("signed_year")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION signed_year_append_only()")
