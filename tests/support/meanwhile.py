"""What somebody else does while a transaction of the test is written and not committed yet."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from typing import Any

HEAD_START = 1.0  # seconds the other has, while nothing of ours is to be seen


@contextmanager
def before_commit(task: Callable[[], Any]) -> Iterator[list[Future[Any]]]:
    """When the block is about to commit for the first time, the task begins, in a thread of its own; the commit
    goes on when the task has ended or has had its HEAD_START. The future of the task is in the list."""
    from flask import current_app
    from sqlalchemy import event

    from caseflow.db import db

    app, here = current_app._get_current_object(), threading.get_ident()  # type: ignore[attr-defined]
    begun: list[Future[Any]] = []

    def run() -> Any:
        with app.app_context():
            return task()

    with ThreadPoolExecutor(1) as pool:

        def begin(connection: object) -> None:
            if threading.get_ident() == here and not begun:
                begun.append(pool.submit(run))
                wait(begun, HEAD_START)

        event.listen(db.engine, "commit", begin)
        try:
            yield begun
        finally:
            event.remove(db.engine, "commit", begin)
