"""Databases and applications that serve one test after another.

Making them takes longer than most tests do. So each worker has one database of each engine, which is brought
back to what the migrations left before a test may have it, and one application on each, which is used again
if the test left it as it was made.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
from psycopg import sql
from sqlalchemy import Engine
from werkzeug.utils import cached_property

from tests.support.postgres import Server

if TYPE_CHECKING:
    from flask import Flask

    from caseflow.config import Settings
    from caseflow.law.workdays import Calendar


# --- databases ---------------------------------------------------------------------------------------------


class SqliteDatabase:
    """One file; each test has a new copy of the migrated one."""

    def __init__(self, folder: Path, template: Path) -> None:
        self._file, self._template = folder / "caseflow.sqlite3", template

    def begin(self, known: Iterable[int] = ()) -> str:
        """Put it in place anew; returns the URL.

        The files of the test before are unlinked, not written to: who still holds them open does no harm.
        """
        for beside in ("", "-wal", "-shm", "-journal"):
            self._file.with_name(self._file.name + beside).unlink(missing_ok=True)
        shutil.copyfile(self._template, self._file)
        return f"sqlite:///{self._file}"


# As a replica: rows go and come without their triggers and foreign keys.
AS_REPLICA = "-c session_replication_role=replica"


@dataclass(frozen=True)
class Rows:
    """What stands in a PostgreSQL database: the rows of each table as COPY writes them, and the sequences."""

    tables: dict[str, bytes]
    sequences: dict[str, tuple[int, bool]]

    @classmethod
    def of(cls, line: psycopg.Connection[Any]) -> Rows:
        """What stands there now."""
        of_ours = "FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = %s"
        tables: dict[str, bytes] = {}
        sequences: dict[str, Any] = {}
        for (name,) in line.execute(f"SELECT relname {of_ours}", ["S"]).fetchall():
            at = line.execute(sql.SQL("SELECT last_value, is_called FROM {}").format(sql.Identifier(name)))
            sequences[name] = at.fetchone()
        for (name,) in line.execute(f"SELECT relname {of_ours}", ["r"]).fetchall():
            with line.cursor().copy(sql.SQL("COPY {} TO STDOUT").format(sql.Identifier(name))) as copy:
                tables[name] = b"".join(copy)
        return cls(tables, sequences)

    def put(self, line: psycopg.Connection[Any]) -> None:
        """Put them in place of whatever stands there; by a line AS_REPLICA."""
        steps = [sql.SQL("DELETE FROM {}").format(sql.Identifier(table)) for table in self.tables]
        steps += [
            sql.SQL("SELECT setval({}, {}, {})").format(sql.Identifier(name).as_string(), *at)
            for name, at in self.sequences.items()
        ]
        with line.transaction():
            line.execute(sql.SQL("; ").join(steps))
            for table, content in self.tables.items():
                if content:
                    with line.cursor().copy(
                        sql.SQL("COPY {} FROM STDIN").format(sql.Identifier(table))
                    ) as copy:
                        copy.write(content)


class PostgresDatabase:
    """One database, emptied and filled again between tests; made anew where that would not do."""

    GROWN = 4 * 1024**2
    """Bytes of tables and indexes, most of them of rows long gone, from which on a new one is quicker."""

    # What any change of the schema, of the settings or of the planner's statistics would change.
    SCHEMA = " UNION ALL ".join(
        f"SELECT '{catalog}', count(*), max(xmin::text::bigint) FROM pg_catalog.{catalog} WHERE {where}"
        for catalog, where in {
            "pg_class": "oid >= 16384",
            "pg_attribute": "attrelid >= 16384",
            "pg_attrdef": "true",
            "pg_constraint": "oid >= 16384",
            "pg_index": "indexrelid >= 16384",
            "pg_trigger": "true",
            "pg_proc": "oid >= 16384",
            "pg_type": "oid >= 16384",
            "pg_namespace": "true",
            "pg_statistic": "starelid >= 16384",
            "pg_db_role_setting": "true",
        }.items()
    )
    SIZE = (
        "SELECT sum(pg_relation_size(oid)) FROM pg_class"
        " WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'i')"
    )
    CUT_OFF = (
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid() AND pid <> ALL(%s)"
    )

    def __init__(self, server: Server, template: str) -> None:
        self._server, self._template = server, template
        self._name = ""
        self._made_as: list[Any] = []
        self._rows = Rows({}, {})
        self._line: psycopg.Connection[Any] | None = None

    def begin(self, known: Iterable[int] = ()) -> str:
        """Bring it back to what the migrations left; returns the URL.

        Sessions that a test left are cut off, but for the ``known`` ones: process numbers of the server.
        """
        if self._line is None or not self._is_as_made(self._line, known):
            self.close()
            self._line = self._make()
        if self._line is not None:
            self._rows.put(self._line)
        return self._server.url(self._name)

    def close(self) -> None:
        """Drop it; the next test has another."""
        if self._line is not None:
            self._line.close()
            self._line = None
        if self._name:
            self._server.drop(self._name)

    def _make(self) -> psycopg.Connection[Any] | None:
        """Make it; returns the line by which it is put back, None where that is not allowed: then it is made anew."""
        self._name = self._server.create(self._template, self._name)
        try:
            line = psycopg.connect(self._server.line(self._name), autocommit=True, options=AS_REPLICA)
        except psycopg.OperationalError:  # only a superuser may
            return None
        self._made_as = line.execute(self.SCHEMA).fetchall()
        self._rows = Rows.of(line)
        return line

    def _is_as_made(self, line: psycopg.Connection[Any], known: Iterable[int]) -> bool:
        """Whether only its rows may differ from a new one, and are not too many."""
        try:
            line.execute(self.CUT_OFF, [list(known)])
            made_as = line.execute(self.SCHEMA).fetchall()
            ((size,),) = line.execute(self.SIZE).fetchall()
        except psycopg.OperationalError:  # somebody dropped it
            return False
        return bool(made_as == self._made_as and size < self.GROWN)


# --- applications ------------------------------------------------------------------------------------------


@dataclass
class _Kept:
    app: Flask
    made_as: object
    calendar: Calendar  # of the shipped edition, which takes a while to build
    sessions: set[int] = field(default_factory=set)


class Applications:
    """Applications made for earlier tests, to be used again on the same database.

    In what differs between two tests, the instance and the mail server, they read the settings anew.
    """

    def __init__(self) -> None:
        self._idle: dict[Settings, _Kept] = {}
        self._in_use: list[_Kept] = []
        self._days: dict[date, bool] = {}

    def take(self, settings: Settings, make: Callable[[Settings], Flask]) -> Flask:
        """One that nobody uses, with these settings; made if there is none."""
        kept = self._idle.pop(_alike(settings), None)
        if kept is None:
            app = make(settings)
            kept = _Kept(app, _looks(app), self._shipped(app))
        from caseflow import moment

        kept.app.extensions["caseflow"] = {
            "settings": settings,
            "calendars": {kept.calendar.version: kept.calendar},
            "now": moment.now,  # a test may have set the clock of the log
        }
        kept.app.instance_path = str(settings.instance)
        self._in_use.append(kept)
        return kept.app

    def give_back(self) -> None:
        """Take all back after a test: those it left as they were made are used again."""
        while self._in_use:
            kept = self._in_use.pop()
            settings = kept.app.extensions["caseflow"]["settings"]
            engine = _let_go(kept.app)
            if _alike(settings) not in self._idle and _may_stay(kept):
                kept.app._got_first_request = False
                kept.sessions = _tidy(engine)
                self._idle[_alike(settings)] = kept
            else:
                engine.dispose()

    def close(self) -> None:
        """Close the connections of all."""
        for kept in self._idle.values():
            _let_go(kept.app).dispose()

    def _shipped(self, app: Flask) -> Calendar:
        from caseflow.calendars import store

        with app.app_context():
            calendar = store.edition(store.SHIPPED)
        _let_go(app)
        days = self._days = self._days or calendar.exceptions
        assert calendar.exceptions == days, (
            "a test changed the shipped calendar before it made an application"
        )
        return calendar

    @property
    def sessions(self) -> set[int]:
        """Process numbers, at PostgreSQL, of the sessions that idle applications keep open."""
        return set().union(*(kept.sessions for kept in self._idle.values()))


def _may_stay(kept: _Kept) -> bool:
    """Whether a test left it as it was made, and holds no connection of it."""
    from caseflow.db import db

    with kept.app.app_context():
        held = db.engine.pool.checkedout()  # type: ignore[attr-defined]
    return held == 0 and _looks(kept.app) == kept.made_as


def _alike(settings: Settings) -> Settings:
    """The settings that make an application what it is."""
    return replace(
        settings, instance=Path(), files=None, smtp_url="", mail_from="", mail_hours=type(settings).mail_hours
    )


def _let_go(app: Flask) -> Engine:
    """End what the application does with its database."""
    from caseflow.db import db

    with app.app_context():
        db.session.remove()
        return db.engine


# Whatever a session may have been left with, but for the statements it has prepared.
TIDY = (
    "CLOSE ALL; RESET SESSION AUTHORIZATION; RESET ALL; UNLISTEN *;"
    " SELECT pg_advisory_unlock_all(); DISCARD TEMP; DISCARD SEQUENCES"
)


def _tidy(engine: Engine) -> set[int]:
    """Make the sessions of an idle application like new; returns their process numbers."""
    if engine.dialect.name == "sqlite":
        engine.dispose()  # the file is another for each test
        return set()
    from caseflow.db import FROZEN

    again = f"SET idle_in_transaction_session_timeout = {FROZEN}"  # as the application has it once connected
    held = [engine.raw_connection() for _ in range(engine.pool.checkedin())]  # type: ignore[attr-defined]
    sessions = set()
    for connection in held:
        line: Any = connection.driver_connection
        line.autocommit = True
        line.execute(f"{TIDY}; {again}")
        line.autocommit = False
        sessions.add(line.info.backend_pid)
        connection.close()
    return sessions


FLEETING = {"_got_first_request", "instance_path", "extensions"}  # set for each test


def _looks(app: Flask) -> object:
    """All that a test might change of an application or of its engine, to be compared."""
    engine = _let_go(app)
    own = {
        name: value
        for name, value in vars(app).items()
        if name not in FLEETING and not isinstance(getattr(type(app), name, None), cached_property)
    }
    templates = app.jinja_env
    extensions = {name: value for name, value in app.extensions.items() if name != "caseflow"}
    parts = [own, extensions, vars(templates), list(app.url_map.iter_rules())]
    dispatches: tuple[Any, ...] = (engine.dispatch, engine.pool.dispatch)
    heard = [len(list(getattr(dispatch, name))) for dispatch in dispatches for name in dispatch._event_names]
    return _frozen(parts), heard


def _frozen(value: object) -> object:
    """Containers by what they hold, everything else by which it is; empty ones come and go by being asked for."""
    if isinstance(value, dict):
        return {key: _frozen(held) for key, held in value.items() if held != {} and held != []}
    if isinstance(value, list | tuple | set):
        return [_frozen(held) for held in value]
    return value if isinstance(value, str | int | None) else id(value)
