"""What every test may ask for.

- `database_url`: a migrated database that nobody has touched. Asking for it, directly or through
  `settings`, `app` or `client`, runs the test twice: on SQLite and on PostgreSQL. (Of the tests of pages in
  `tests/web` only those marked `both_engines` do so in `make test`, the others in `make soak`.)
- `settings`, `make_app`, `app`, `client`: the application on that database.
- `live_server`: the same application on a loopback port.
- `browser`, `page`: Chromium; skipped where there is none, except in CI.

The application is imported inside the fixtures: the tests of the law load neither Flask nor a database.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import hypothesis
import pytest
from jinja2 import FileSystemBytecodeCache

from tests.support import browser as browsers
from tests.support import postgres as postgresql
from tests.support import quick
from tests.support.live import Door, serving
from tests.support.recycled import Applications, PostgresDatabase, SqliteDatabase

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient
    from playwright.sync_api import Browser, Page

    from caseflow.config import Settings
    from tests.support.office import DeskOffice
    from tests.support.s3 import S3Server

    MakeApp = Callable[[Settings], Flask]

SECRET_KEY = "not-secret-" * 4
# One for all tests: what one has made may be taken up by the next.
KEYS = '{"current": "tests", "keys": {"tests": "%s"}}' % ("5e" * 32)
SETTINGS = (
    "DATABASE_URL", "SECRET_KEY", "BEHIND_TLS", "TRUSTED_PROXY", "SMTP_URL", "MAIL_FROM", "MAIL_HOURS", "PASSWORD_RULE", "TOTP_REQUIRED",
    "FILES_URL", "AWS_ENDPOINT_URL", "AWS_REGION", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY",
    "DATA_KEY_FILE",
)  # fmt: skip

# No deadline: a machine under load is slow, not wrong. The blob lets anyone repeat a failure.
hypothesis.settings.register_profile("default", max_examples=30, deadline=None, print_blob=True)
hypothesis.settings.register_profile("soak", max_examples=10_000, deadline=None, print_blob=True)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))


# Read by pytest when the first temporary folder is asked for.
os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(quick.folder()))
quick.share_addresses()


@pytest.hookimpl(wrapper=True)
def pytest_collection(session: pytest.Session) -> Iterator[None]:
    """One worker compiles the tests."""
    with quick.first_one_then_all(session.config):
        return (yield)


PAGES = Path(__file__).parent / "web"


@pytest.hookimpl(tryfirst=True)  # before pytest looks at the marks
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Pages run on one engine: what a page says and asks for is the same on both. So do tests marked ``one_engine``.

    Their runs on PostgreSQL belong to ``make soak`` (``pytest -m soak``). Those of the pages that are marked
    ``both_engines`` run there in ``make test`` too; they open every route, send every form, follow every link, and write
    several at a time.
    """
    left = [item for item in items if soaks_on_postgresql(item)]
    for item in left:
        item.add_marker(pytest.mark.soak)
    if "soak" not in config.option.markexpr:
        config.hook.pytest_deselected(items=left)
        items[:] = [item for item in items if not soaks_on_postgresql(item)]


def soaks_on_postgresql(item: pytest.Item) -> bool:
    """Whether it is a run on PostgreSQL of a test that ``make test`` runs on SQLite alone."""
    call = getattr(item, "callspec", None)
    if call is None or call.params.get("database_url") != "postgresql":
        return False
    if PAGES in item.path.parents:
        return item.get_closest_marker("both_engines") is None
    return item.get_closest_marker("one_engine") is not None


def pytest_collection_finish() -> None:
    """All modules are loaded."""
    quick.rarely_collect()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say in one plain line that the browser tests did not run; and the figures that tests have written down."""
    skipped = [r for r in terminalreporter.stats.get("skipped", []) if browsers.MISSING in str(r.longrepr)]
    if skipped:
        terminalreporter.write_line(f"{len(skipped)} browser tests were skipped: {browsers.MISSING}")
    for report in (*terminalreporter.getreports("passed"), *terminalreporter.getreports("failed")):
        for figures in (said for name, said in report.user_properties if name == "figures"):
            terminalreporter.write_line(f"{report.head_line}: {figures}")


@pytest.fixture(scope="session", autouse=True)
def _own_environment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep the settings and the instance of whoever runs the tests out of them."""
    with pytest.MonkeyPatch.context() as patch:
        for name in SETTINGS:
            patch.delenv(name, raising=False)
        patch.setenv("BACKUP_DIR", "")
        patch.setenv("CASEFLOW_INSTANCE", str(tmp_path_factory.mktemp("instance")))
        yield


# --- databases ---------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def postgres() -> Iterator[postgresql.Server]:
    """A running PostgreSQL, one for each worker."""
    with postgresql.postgres_server() as server:
        yield server


@pytest.fixture(scope="session")
def postgres_template(postgres: postgresql.Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The name of a migrated, empty database, to be copied."""
    name = postgres.create()
    try:
        migrate(tmp_path_factory.mktemp("postgresql-template"), postgres.url(name))
        yield name
    finally:
        postgres.drop(name)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty database file, to be copied."""
    folder = quick.of_all_workers(tmp_path_factory) / "sqlite-template"
    folder.mkdir(exist_ok=True)
    file, made = folder / "template.sqlite3", folder / "new.sqlite3"
    with quick.locked(folder):
        if not file.exists():
            migrate(folder, sqlite_url(made))
            # Closing the last connection folds the write-ahead log into the file; were it still there,
            # a copy of the file alone would be an older state.
            assert not made.with_name(made.name + "-wal").exists(), "the migration left a connection open"
            made.rename(file)
    return file


@pytest.fixture(scope="session")
def applications() -> Iterator[Applications]:
    """The applications that this worker has made."""
    with contextlib.closing(Applications()) as made:
        yield made


@pytest.fixture(scope="session")
def sqlite_database(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> SqliteDatabase:
    """The database file of this worker."""
    return SqliteDatabase(tmp_path_factory.mktemp("sqlite"), sqlite_template)


@pytest.fixture(scope="session")
def postgres_database(postgres: postgresql.Server, postgres_template: str) -> Iterator[PostgresDatabase]:
    """The database of this worker in its PostgreSQL."""
    with contextlib.closing(PostgresDatabase(postgres, postgres_template)) as database:
        yield database


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, applications: Applications) -> str:
    """A migrated database that holds what the migrations put into it; the test runs on each engine."""
    name = "sqlite_database" if request.param == "sqlite" else "postgres_database"
    database: SqliteDatabase | PostgresDatabase = request.getfixturevalue(name)
    return database.begin(applications.sessions)


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database without any table, for the tests of the migrations themselves; on each engine."""
    if request.param == "sqlite":
        yield sqlite_url(tmp_path / "empty.sqlite3")
        return
    server: postgresql.Server = request.getfixturevalue("postgres")
    name = server.create()
    try:
        yield server.url(name)
    finally:
        server.drop_later(name)


def sqlite_url(file: Path) -> str:
    """Return the SQLAlchemy URL of a database file."""
    return f"sqlite:///{file}"


def migrate(instance: Path, url: str) -> None:
    """Bring a database to the newest schema and leave no connection to it."""
    from caseflow import create_app
    from caseflow.config import Settings
    from caseflow.db import upgrade
    from caseflow.upkeep.keyring import enrol

    (instance / "data.key").write_text(KEYS)
    settings = Settings(instance=instance, database_url=url, secret_key=SECRET_KEY, testing=True)
    app = create_app(settings)
    try:
        upgrade(app)
        with app.app_context():
            enrol(settings)
    finally:
        disconnect(app)


def disconnect(app: Flask) -> None:
    """Close every connection that the application holds."""
    from caseflow.db import db

    with app.app_context():
        db.session.remove()
        for engine in db.engines.values():
            engine.dispose()


# --- the files ---------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def s3() -> Iterator[S3Server]:
    """A running S3 server; tests that ask for it share one by the group "s3"."""
    from tests.support.s3 import s3_server

    with s3_server() as server:
        yield server


# --- the application ---------------------------------------------------------------------------------------


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    """Settings of an instance of the test's own, on its database."""
    from caseflow.config import Settings

    instance = tmp_path / "instance"
    instance.mkdir()
    (instance / "data.key").write_text(KEYS)
    return Settings(instance=instance, database_url=database_url, secret_key=SECRET_KEY, testing=True)


@pytest.fixture(scope="session")
def compiled_templates(tmp_path_factory: pytest.TempPathFactory) -> FileSystemBytecodeCache:
    """Every test makes an application of its own; the templates are compiled once for all of them."""
    folder = quick.of_all_workers(tmp_path_factory) / "templates"
    folder.mkdir(exist_ok=True)
    return FileSystemBytecodeCache(str(folder))


@pytest.fixture
def make_app(
    request: pytest.FixtureRequest, compiled_templates: FileSystemBytecodeCache, applications: Applications
) -> Iterator[MakeApp]:
    """Make applications, two on one database for instance; their connections are closed after the test."""
    from caseflow import create_app
    from caseflow.db import db

    def make(settings: Settings) -> Flask:
        app = create_app(settings)
        quick.hash_quickly()
        app.jinja_env.bytecode_cache = compiled_templates
        with app.app_context():
            quick.share_statements(db.engine)
        return app

    lasting = request.getfixturevalue("database_url") if "database_url" in request.fixturenames else ""
    with contextlib.ExitStack() as after:
        after.callback(applications.give_back)

        def take(settings: Settings) -> Flask:
            if settings.database_url == lasting:
                return applications.take(settings, make)
            app = make(settings)
            after.callback(disconnect, app)
            return app

        yield take


@pytest.fixture
def app(make_app: MakeApp, settings: Settings) -> Flask:
    """The application on a fresh database; its context is not pushed."""
    return make_app(settings)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser without JavaScript, without a network."""
    return app.test_client()


@pytest.fixture(scope="session")
def door() -> Iterator[tuple[Door, str]]:
    """A server for one application after another, and its address."""
    door = Door()
    with serving(door) as address:
        yield door, address


@pytest.fixture
def live_server(app: Flask, door: tuple[Door, str]) -> Iterator[str]:
    """The address of the application, served on a loopback port while the test runs."""
    opened, address = door
    with opened.to(app):
        yield address


# --- the browser -------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium; without it the test is skipped with a plain word, but fails in CI."""
    if browsers.find_chromium() is None:
        if browsers.in_ci():
            pytest.fail(browsers.MISSING, pytrace=False)
        pytest.skip(browsers.MISSING)
    with browsers.launched() as launched:
        yield launched


@pytest.fixture(scope="session")
def window(browser: Browser, door: tuple[Door, str]) -> Iterator[browsers.Window]:
    """The page of this worker."""
    with contextlib.closing(browsers.Window(browser, door[1])) as window:
        yield window


@pytest.fixture
def page(window: browsers.Window, live_server: str) -> Iterator[Page]:
    """A page in which nobody is signed in, in Chinese; the test fails if it asks anything of another machine."""
    page, strangers = window.page()
    yield page
    try:
        window.tidy()
    except BaseException:
        window.close()
        raise
    assert not strangers, f"the page asked other machines: {strangers}"


@pytest.fixture
def office(app: Flask) -> Iterator[DeskOffice]:
    """An office with one person of each role; the test runs inside the application's context."""
    from tests.support.office import found

    with app.app_context():
        yield found()
