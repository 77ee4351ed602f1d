"""What is said to the database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, event

Statement = tuple[str, Any]  # the words and their values

OF_THE_TRANSACTION = ("BEGIN", "PRAGMA", "SET", "COMMIT", "ROLLBACK")
MOST = 8  # statements that a page may need, however much there is in the database


@contextmanager
def listening(engine: Engine) -> Iterator[list[Statement]]:
    """The statements meanwhile, those that begin and end a transaction left out."""
    said: list[Statement] = []

    def note(connection: object, cursor: object, statement: str, values: Any, *rest: object) -> None:
        if not statement.startswith(OF_THE_TRANSACTION):
            said.append((statement, values))

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield said
    finally:
        event.remove(engine, "before_cursor_execute", note)
