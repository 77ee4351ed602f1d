"""States of a database that many tests start from: made once for each engine, then put in place.

What was made is the rows and the files; both are the same each time, down to ids and salts.
"""

from __future__ import annotations

import copy
import io
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import psycopg
from sqlalchemy import func, select

from tests.support.recycled import AS_REPLICA, Rows

Made = TypeVar("Made")


@dataclass(frozen=True)
class _State:
    made: Any  # what the builder returned
    rows: bytes | Rows  # the file of SQLite, or the rows of PostgreSQL
    files: list[bytes]


_known: dict[tuple[str, str], _State] = {}


def made_once(name: str, build: Callable[[], Made]) -> Made:
    """What ``build`` makes of a database in which nothing has happened yet; built the first time on each engine.

    Needs an app context. ``name`` says all on which the outcome depends, but for the engine: an office too that
    was founded before.
    """
    from caseflow.db import db, dialect
    from caseflow.models import Event

    db.session.rollback()
    assert not db.session.scalar(select(func.count()).select_from(Event)), "something has happened already"
    key = (dialect(), name)
    if key not in _known:
        made = build()
        _known[key] = _State(made, _rows(), _files())
    else:
        _put(_known[key])
    made_: Made = copy.deepcopy(_known[key].made)
    return made_


def _rows() -> bytes | Rows:
    from caseflow.db import db

    db.session.remove()
    if db.engine.dialect.name == "postgresql":
        with _line() as line:
            return Rows.of(line)
    db.engine.dispose()  # the last connection folds the log into the file
    return _database().read_bytes()


def _put(state: _State) -> None:
    from caseflow.db import db
    from caseflow.files import store

    db.session.remove()
    if isinstance(state.rows, Rows):
        with _line() as line:
            state.rows.put(line)
    else:
        db.engine.dispose()
        _database().write_bytes(state.rows)
    for content in state.files:
        store.keep(io.BytesIO(content))


def _files() -> list[bytes]:
    from caseflow.files import store

    found = []
    for sha256 in store.all_kept():
        with store.open_kept(sha256) as file:
            found.append(file.read())
    return found


def _line() -> psycopg.Connection[Any]:
    from caseflow.db import db

    url = db.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    return psycopg.connect(url, autocommit=True, options=AS_REPLICA)


def _database() -> Path:
    from caseflow.db import db

    return Path(db.engine.url.database or "")
