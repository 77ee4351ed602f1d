"""Indexes for a register of a million cases: lists in the order of registration, folders still open, the tables of a year."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

NEW = {
    "ix_case_result": [
        "office_id",
        "result_year",
        "applicant_class",
        "result",
        "on_time",
        "new_year",
        "replied_on",
    ],
    "ix_case_new": ["office_id", "new_year", "applicant_class", "channel"],
}
OPEN = sa.text("closed_on IS NULL")
OPEN_DUE = ["office_id", "due_on", "id"]
BEFORE = {
    "ix_case_result": ["office_id", "result_year", "applicant_class", "result", "on_time"],
    "ix_case_new": ["office_id", "new_year", "applicant_class"],
}
UNARCHIVED = sa.text("stage = 'archive'")


def upgrade() -> None:
    _indexes(NEW)
    _open_due([*OPEN_DUE, "waiting", "hold_until", "received_on", "handler_id"])
    op.create_index(
        "ix_case_unarchived", "case", ["office_id", "handler_id"],
        sqlite_where=UNARCHIVED, postgresql_where=UNARCHIVED,
    )  # fmt: skip
    op.create_index("ix_case_registered", "case", ["office_id", "registered_on", "id"])


def _indexes(wanted: dict[str, list[str]]) -> None:
    for name, columns in wanted.items():
        op.drop_index(name, "case")
        op.create_index(name, "case", columns)


def _open_due(columns: list[str]) -> None:
    op.drop_index("ix_case_open_due", "case")
    op.create_index("ix_case_open_due", "case", columns, sqlite_where=OPEN, postgresql_where=OPEN)


def downgrade() -> None:
    for name in ("ix_case_registered", "ix_case_unarchived"):
        op.drop_index(name, "case")
    _indexes(BEFORE)
    _open_due(OPEN_DUE)
