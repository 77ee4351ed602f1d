"""Where a process may die, and processes that do: forked one after the other from a child that stays and looks.

A point is passed when something is about to be written or has just been: a statement that writes, a COMMIT before and
after it is said, a file opened for writing, synced, renamed, linked or removed, and wherever a task tells of progress.
"""

from __future__ import annotations

import os
import re
import signal
import sys
import traceback
from collections.abc import Callable
from typing import Any

from sqlalchemy import event, text
from sqlalchemy.orm import Session

COMMITTED = "committed"
WRITES = re.compile(
    r"\s*(INSERT|UPDATE|DELETE)\s+(?:OR REPLACE\s+)?(?:INTO\s+|FROM\s+)?\"?(\w+)", re.IGNORECASE
)
FILES = {"os.rename", "os.link", "os.remove", "os.truncate"}
FOR_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT

Ends = Callable[[int, str], bool]  # whether to die at the n-th point, of this name


class Fate:
    """Counts the points that this process passes, and ends it at one of them."""

    def __init__(self, ends: Ends, tell: int) -> None:
        self.ends, self.tell, self.passed, self.is_over = ends, tell, 0, False

    def step(self, point: str, last: Callable[[], object] = lambda: None) -> None:
        """A point is reached; ``last`` is what is still done before the end there."""
        self.passed += 1
        if not self.is_over and self.ends(self.passed, point):
            self.is_over = True
            last()
            os.write(self.tell, point.encode())
            os.kill(os.getpid(), signal.SIGKILL)

    def lie_in_wait(self) -> None:
        """Hear of every point from now on; there is no way back from it."""
        from caseflow.db import db

        event.listen(db.engine, "before_cursor_execute", self._statement)
        event.listen(db.engine, "commit", lambda connection: self.step("commit"))
        event.listen(Session, "after_commit", lambda session: self.step(COMMITTED))
        sys.addaudithook(self._file)
        sync = os.fsync
        os.fsync = lambda handle: (self.step("fsync"), sync(handle))[1]  # type: ignore[assignment, func-returns-value]

    def _statement(self, connection: object, cursor: object, statement: str, *rest: object) -> None:
        if found := WRITES.match(statement):
            self.step(f"{found[1]} {found[2]}")

    def _file(self, what: str, about: tuple[Any, ...]) -> None:
        if what in FILES:
            self.step(what)
        elif what == "open" and isinstance(about[2], int) and about[2] & FOR_WRITING:
            self.step(what)
            path, _, flags = about
            if not isinstance(path, int):
                self.step("opened", lambda: os.open(path, flags, 0o600))  # there, and empty


Task = Callable[[Callable[..., None]], object]  # is told how to tell of progress


def doomed(task: Task, ends: Ends) -> str:
    """Let a process of its own do the task; the point at which it was killed, "" where it did all of it."""
    from caseflow.db import close

    close()  # no line to the database is shared with it
    hear, tell = os.pipe()
    pid = os.fork()
    if not pid:
        status = 1
        try:
            fate = Fate(ends, tell)
            fate.lie_in_wait()
            task(lambda *_: fate.step("progress"))
            status = 0
        except BaseException:  # the parent is told by the status
            traceback.print_exc()
        finally:
            os._exit(status)
    os.close(tell)
    with os.fdopen(hear) as line:
        point = line.read()
    _, how = os.waitpid(pid, 0)
    assert os.waitstatus_to_exitcode(how) == (-signal.SIGKILL if point else 0)
    return point


def everything() -> dict[str, list[str]]:
    """Every row of every table, and of the search index."""
    from caseflow.db import INDEX, Base, db

    names = [*(table.name for table in Base.metadata.sorted_tables), INDEX]
    db.session.rollback()
    return {name: sorted(map(repr, db.session.execute(text(f'SELECT * FROM "{name}"')))) for name in names}


def differences() -> list[str]:
    """All that ``caseflow verify`` would name, and contents in the store that aren't what their name says."""
    from caseflow.db import db
    from caseflow.files import store
    from caseflow.upkeep import chains, contents, indexed, keyring, verify

    db.session.rollback()
    every = (keyring, verify, chains, contents, indexed)
    found = [line for checker in every for line in checker.differences()]
    return found + [name for name in store.all_kept() if store.measured(name).sha256 != name]
