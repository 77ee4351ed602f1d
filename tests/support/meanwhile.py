"""What somebody else does while a transaction of the test is under way."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from typing import Any

HEAD_START = 1.0  # seconds the other has, while nothing of ours is to be seen


@contextmanager
def meanwhile(
    task: Callable[[], Any], words: str = "", head_start: float = HEAD_START
) -> Iterator[list[Future[Any]]]:
    """When the block is about to commit, or to say a statement with these words, the task begins in a thread of
    its own; the block goes on when the task has ended or has had its head start. Its future is in the list."""
    from flask import current_app
    from sqlalchemy import event

    from caseflow.db import db

    app, here = current_app._get_current_object(), threading.get_ident()  # type: ignore[attr-defined]
    moment = "before_cursor_execute" if words else "commit"
    begun: list[Future[Any]] = []

    def run() -> Any:
        with app.app_context():
            return task()

    with ThreadPoolExecutor(1) as pool:

        def begin(connection: object, cursor: object = None, statement: str = "", *rest: object) -> None:
            if threading.get_ident() == here and not begun and words in statement:
                begun.append(pool.submit(run))
                wait(begun, head_start)

        event.listen(db.engine, moment, begin)
        try:
            yield begun
        finally:
            event.remove(db.engine, moment, begin)
