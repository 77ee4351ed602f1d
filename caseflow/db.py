"""The database: engine rules, naming, migrations and the only commit.

Reading is the default: outside ``transaction()`` the database itself refuses to write, so a GET can't
change anything. Writing begins with BEGIN IMMEDIATE on SQLite, because a read that later turns into
a write fails at once there, whatever the busy timeout.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from operator import itemgetter
from pathlib import Path
from typing import Any

from flask import Flask, current_app
from flask_migrate import Migrate
from flask_migrate import upgrade as migrate_to_head
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Connection, Engine, Executable, MetaData, event
from sqlalchemy import insert as plain_insert
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError, OperationalError, SQLAlchemyError
from sqlalchemy.orm import DeclarativeBase, Session

PACKAGE = Path(__file__).parent
WRITE = "caseflow_write"  # execution option of a connection that may write
BUSY_SECONDS = 15
FROZEN = 60_000  # milliseconds
ROOM = 32 * 1024  # KiB of pages that a long write may keep

# Tables that the migrations know and the models don't: written anew from all others, so no backup holds them. On
# SQLite the index is several tables.
INDEX = "search_index"

# Names from the first migration on, or batch mode can't drop a constraint later.
NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


# What a database says of itself when it takes nothing: the first byte of SQLite's code, the state of PostgreSQL
TROUBLE: dict[int | str, str] = {
    sqlite3.SQLITE_FULL: "full", sqlite3.SQLITE_READONLY: "read_only", sqlite3.SQLITE_CANTOPEN: "away",
    sqlite3.SQLITE_IOERR: "away", "53100": "full", "25006": "read_only",
}  # fmt: skip


class Unwritable(OperationalError):
    """The database took nothing, and nothing was written: its disk is full, or it may only be read."""


def trouble(error: BaseException | None) -> str:
    """What ails the database by itself, a value of TROUBLE; "" where it isn't that."""
    if not isinstance(error, DBAPIError):
        return ""
    said: Any = error.orig
    code = getattr(said, "sqlite_errorcode", None)
    found = TROUBLE.get(code & 0xFF if code else getattr(said, "sqlstate", None) or 0, "")
    # refused before anything was asked: even reading needs a file beside the database
    return "away" if found == "read_only" and error.statement is None else found


class Base(DeclarativeBase):
    """Base of all tables."""

    metadata = MetaData(naming_convention=NAMING)


db = SQLAlchemy(model_class=Base, session_options={"autoflush": False})
migrate = Migrate()


def resource(name: str) -> Path:
    """A folder of ours: beside the package in a checkout, inside it in an installed wheel."""
    inside = PACKAGE / name
    return inside if inside.is_dir() else PACKAGE.parent / name


def init_app(app: Flask, url: str) -> None:
    """Bind engine and migrations to the app."""
    app.config["SQLALCHEMY_DATABASE_URI"] = url
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = _engine_options(url)
    db.init_app(app)
    migrate.init_app(app, db, directory=str(resource("migrations")), render_as_batch=True)
    app.teardown_appcontext(end_reading)  # before flask-sqlalchemy's own, which comes last
    with app.app_context():
        _listen(db.engine)


def end_reading(error: BaseException | None) -> None:
    """Give the line to the database back. What was read may have been read from a server that is gone by now: nothing is left to be rolled back then."""
    try:
        db.session.close()
    except DBAPIError:
        db.session().invalidate()


Inserts = postgresql.Insert | sqlite.Insert


def insert(session: Session, table: type[Base]) -> Inserts:
    """An INSERT that may say what happens where its row stands already (ON CONFLICT), on either database."""
    made = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    return made(table)


@contextmanager
def roomy(session: Session) -> Iterator[None]:
    """Room for a long write: a small cache would write the same pages of an index over and over.

    SQLite alone needs it; what was taken is given back.
    """
    connection = session.connection()
    if connection.dialect.name != "sqlite":
        yield
        return
    usual = connection.exec_driver_sql("PRAGMA cache_size").scalar()
    connection.exec_driver_sql(f"PRAGMA cache_size=-{ROOM}")
    try:
        yield
    finally:
        connection.exec_driver_sql(f"PRAGMA cache_size={usual}")
        connection.exec_driver_sql("PRAGMA shrink_memory")


def insert_many(session: Session, table: type[Base], rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows that all say the same columns, in one call of the driver.

    For thousands of them: Core asks each row anew which columns it says and what kind each is of, which takes longer
    than writing it. Raises RuntimeError where a column is left out that has a default of ours.
    """
    connection, names = session.connection(), list(rows[0])
    made: Any = plain_insert(table).compile(dialect=connection.dialect, column_keys=names)
    if made.insert_prefetch:
        raise RuntimeError(f"not said: {', '.join(column.name for column in made.insert_prefetch)}")
    said = made.positiontup or names  # the order in which the statement wants them
    columns = zip(*map(itemgetter(*said), rows), strict=True)
    kinds = [table.__table__.c[name].type.dialect_impl(connection.dialect) for name in said]
    makers = [kind.bind_processor(connection.dialect) for kind in kinds]
    written = zip(
        *(_written(values, maker) for values, maker in zip(columns, makers, strict=True)), strict=True
    )
    named = made.positiontup is None  # psycopg takes them by name
    connection.exec_driver_sql(
        str(made), [dict(zip(said, values, strict=True)) for values in written] if named else list(written)
    )


def _written(values: Sequence[Any], maker: Callable[[Any], Any] | None) -> Iterable[Any]:
    """The values of a column as the driver takes them; one that comes again, as days do, is made once."""
    if maker is None:
        return values
    try:
        made = {value: maker(value) for value in {*values}}
    except TypeError:  # json: no key of a mapping
        return map(maker, values)
    return map(made.__getitem__, values)


def _engine_options(url: str) -> dict[str, Any]:
    quiet = {"hide_parameters": True}  # what was to be written, names among it, stands in no log of a failure
    if url.startswith("sqlite"):
        return quiet | {"connect_args": {"timeout": BUSY_SECONDS}}
    return quiet | {"pool_pre_ping": True}


def _listen(engine: Engine) -> None:
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _sqlite_connect)
        event.listen(engine, "begin", _sqlite_begin)
    else:
        event.listen(engine, "connect", _postgresql_connect)
        event.listen(engine, "begin", _postgresql_begin)


def _sqlite_connect(connection: Any, record: object) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves
    _write_ahead(connection)
    for pragma in ("foreign_keys=ON", "synchronous=FULL"):
        connection.execute(f"PRAGMA {pragma}")


def _write_ahead(connection: Any) -> None:
    """Give the file its write-ahead log. SQLite refuses that at once while another process writes into a file
    that has none yet, whatever the busy timeout: so two that start together on a new file take turns here."""
    until = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError as refused:
            if refused.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                raise
            time.sleep(0.02)


def _sqlite_begin(connection: Connection) -> None:
    write = connection.get_execution_options().get(WRITE, False)
    connection.exec_driver_sql(f"PRAGMA query_only={'OFF' if write else 'ON'}")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")


def _postgresql_connect(connection: Any, record: object) -> None:
    """A process frozen inside a transaction must not keep its row locks for ever.

    Said once connected: pgbouncer refuses whoever says it while connecting.
    """
    connection.execute(f"SET idle_in_transaction_session_timeout = {FROZEN}")
    connection.commit()


def _postgresql_begin(connection: Connection) -> None:
    if not connection.get_execution_options().get(WRITE, False):
        connection.exec_driver_sql("SET TRANSACTION READ ONLY")


@contextmanager
def transaction() -> Iterator[Session]:
    """The one place that commits: everything inside is written, or nothing is.

    What was read before is read anew inside, so a decision never rests on an older state. Not to be
    nested: one act is one transaction. Raises Unwritable.
    """
    session = db.session()
    if session.info.get(WRITE):
        raise RuntimeError("a transaction is already open")
    session.rollback()  # ends the reading transaction; nothing was written in it
    session.info[WRITE] = True
    try:
        session.connection(execution_options={WRITE: True})
        yield session
        session.commit()
    except BaseException as error:
        session.rollback()
        if isinstance(error, DBAPIError) and trouble(error) in {"full", "read_only"}:
            raise Unwritable(error.statement, None, error.orig or error) from error
        raise
    finally:
        session.info.pop(WRITE, None)


def write_if_free(statement: Executable) -> bool:
    """Write one statement that may as well be left out, on a line of its own; False where it was.

    Whoever writes is not waited for, and a database that can't be written to is no error.
    """
    try:
        with db.engine.connect().execution_options(**{WRITE: True}) as line, _at_once(line):
            line.execute(statement)
            line.commit()
    except SQLAlchemyError:
        return False
    return True


@contextmanager
def _at_once(line: Connection) -> Iterator[None]:
    """A lock of somebody else refuses meanwhile, rather than making wait."""
    if line.dialect.name != "sqlite":
        line.exec_driver_sql("SET LOCAL lock_timeout = 1")  # milliseconds; 0 would be for ever
        yield
        return
    driver: Any = line.connection.driver_connection
    driver.execute("PRAGMA busy_timeout = 0")
    try:
        yield
    finally:
        driver.execute(f"PRAGMA busy_timeout = {round(BUSY_SECONDS * 1000)}")


def upgrade(app: Flask) -> None:
    """Create or migrate the database to the newest revision; safe to start from several processes."""
    with app.app_context():
        migrate_to_head()


def close() -> None:
    """Give up every connection; the process is done with the database."""
    db.session.remove()
    db.engine.dispose()


def dialect() -> str:
    """sqlite or postgresql."""
    return db.engine.dialect.name


def extension_state(key: str, default: Any = None) -> Any:
    """A value bound to the running app, kept beside its engine."""
    return current_app.extensions.setdefault("caseflow", {}).setdefault(key, default)
