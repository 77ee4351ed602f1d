"""The search index: one row of tokens a case, written by the application (``caseflow.search``)."""

from __future__ import annotations

from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        # the tokens are plain ASCII; nothing is ranked by length, so no sizes are kept
        op.execute("CREATE VIRTUAL TABLE search_index USING fts5(grams, tokenize='ascii', columnsize=0)")
        return
    op.execute(
        "CREATE TABLE search_index (case_id bigint CONSTRAINT pk_search_index PRIMARY KEY, grams tsvector NOT NULL)"
    )
    # what is pending is read through by each search: a short list of it, in KB, costs less than a millisecond
    op.execute(
        "CREATE INDEX ix_search_index_grams ON search_index USING gin (grams) WITH (gin_pending_list_limit = 512)"
    )


def downgrade() -> None:
    op.execute("DROP TABLE search_index")
