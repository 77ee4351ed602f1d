"""A test finds its database and its application as new, whatever the test before did to them."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import psycopg
import pytest
from sqlalchemy import create_engine, event, inspect, make_url, text

from tests.support.office import found
from tests.support.postgres import Server
from tests.support.recycled import PostgresDatabase

if TYPE_CHECKING:
    from flask import Flask

    from caseflow.config import Settings
    from tests.conftest import MakeApp
    from tests.support.recycled import Applications

    Anew = Callable[[], Flask]

DAY = date(2026, 9, 21)
SCHEMA = {
    "sqlite": ["SELECT type, name, tbl_name, sql FROM sqlite_master"],
    "postgresql": [
        "SELECT table_name, column_name, data_type, is_nullable, column_default FROM information_schema.columns"
        " WHERE table_schema = 'public'",
        "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'",
        "SELECT tgname, tgrelid::regclass::text, tgenabled FROM pg_trigger",
        "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint",
        "SELECT setconfig FROM pg_db_role_setting",
    ],
}
CHANGES = [
    "CREATE TABLE left_over (id INTEGER)",
    "ALTER TABLE office ADD COLUMN left_over INTEGER",
    "DROP INDEX ix_mail_state",
    "DROP TABLE alert_recipient",
]
MORE_CHANGES = {
    "sqlite": ["DROP TRIGGER event_no_update"],
    "postgresql": [
        "ALTER TABLE event DISABLE TRIGGER event_append_only",
        "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET lock_timeout = 1', current_database()); END $$",
    ],
}


@pytest.fixture
def anew(
    request: pytest.FixtureRequest, settings: Settings, make_app: MakeApp, applications: Applications
) -> Anew:
    """Does what stands between two tests; the application the second one has."""
    name = "sqlite_database" if settings.is_sqlite else "postgres_database"

    def anew() -> Flask:
        applications.give_back()
        assert request.getfixturevalue(name).begin(applications.sessions) == settings.database_url
        return make_app(settings)

    return anew


def rows() -> dict[str, list[str]]:
    """All that stands in the tables."""
    from caseflow.db import db

    with db.engine.connect() as line:
        return {
            name: sorted(str(row) for row in line.execute(text(f'SELECT * FROM "{name}"')))
            for name in inspect(line).get_table_names()
        }


def schema() -> list[list[str]]:
    """Tables, columns, indexes, constraints, triggers, settings."""
    from caseflow.db import db

    with db.engine.connect() as line:
        return [sorted(str(row) for row in line.execute(text(q))) for q in SCHEMA[db.engine.dialect.name]]


def test_a_used_database_is_as_empty_as_a_fresh_one_and_counts_from_one(anew: Anew) -> None:
    with anew().app_context():
        fresh = rows()
        first = found()
        assert first.accepted(DAY) == 1
        assert rows() != fresh
    with anew().app_context():
        assert rows() == fresh
        assert found() == first
        assert first.accepted(DAY) == 1


def test_a_schema_that_was_changed_is_whole_again(anew: Anew) -> None:
    from caseflow.db import db, transaction

    with anew().app_context():
        whole = schema()
        changes = CHANGES + MORE_CHANGES[db.engine.dialect.name]
    for change in changes:
        with anew().app_context():
            with transaction() as session:
                session.execute(text(change))
            assert schema() != whole, change
        with anew().app_context():
            assert schema() == whole, change


def test_whoever_still_holds_the_database_holds_up_nobody(anew: Anew, settings: Settings) -> None:
    anew()
    left = create_engine(settings.database_url)
    with closing(left.raw_connection()) as line:
        line.cursor().execute("UPDATE calendar_year SET document = 'left over'")
        with anew().app_context():
            assert "left over" not in str(rows())
            found()
        line.invalidate()
    left.dispose()


def test_where_the_tests_may_only_make_databases_each_has_a_new_one(postgres: Server) -> None:
    """As on a server that was named, by a user who is no superuser."""
    with closing(psycopg.connect(postgres.conninfo, autocommit=True)) as line:
        line.execute("DROP ROLE IF EXISTS maker")
        line.execute("CREATE ROLE maker LOGIN CREATEDB")
    with closing(Server(make_url(postgres.url("postgres")).set(username="maker"))) as server:
        template = server.create()
        with closing(PostgresDatabase(server, template)) as database:
            for _ in range(2):
                line_to_it = create_engine(database.begin())
                with line_to_it.begin() as left:
                    left.execute(text("CREATE TABLE left_over (id INTEGER)"))
                line_to_it.dispose()
        server.drop(template)


def test_a_session_is_used_again_without_what_was_set_in_it(anew: Anew, settings: Settings) -> None:
    from caseflow.db import db

    name, ask = ("busy_timeout", "PRAGMA") if settings.is_sqlite else ("lock_timeout", "SHOW")
    with anew().app_context(), db.engine.connect() as line:
        usual = line.scalar(text(f"{ask} {name}"))
        line.exec_driver_sql(f"{'PRAGMA' if settings.is_sqlite else 'SET'} {name} = 7")
        line.commit()
        assert line.scalar(text(f"{ask} {name}")) != usual
    with anew().app_context(), db.engine.connect() as line:
        assert line.scalar(text(f"{ask} {name}")) == usual


def test_an_application_left_as_it_was_made_is_used_again_with_the_settings_of_the_test(
    anew: Anew, make_app: MakeApp, applications: Applications, settings: Settings
) -> None:
    from caseflow.calendars import store
    from caseflow.db import extension_state

    first = anew()
    with first.app_context():
        extension_state("calendars")[2] = store.edition(store.SHIPPED)
        first.test_client().get("/login")
    assert anew() is first
    other = make_app(settings)
    assert other is not first, "two at once are two"
    applications.give_back()
    posted = replace(settings, smtp_url="smtp://127.0.0.1", instance=settings.instance / "other")
    again = make_app(posted)
    assert again in (first, other)
    with again.app_context():
        assert extension_state("settings") == posted
        assert list(extension_state("calendars")) == [store.SHIPPED]
    assert again.instance_path == str(posted.instance)
    assert make_app(replace(settings, behind_tls=True)) not in (first, other)


def hear(app: Flask) -> None:
    from caseflow.db import db

    with app.app_context():
        event.listen(db.engine, "commit", print)


@pytest.mark.parametrize(
    "change",
    [
        lambda app: app.config.update(PROPAGATE_EXCEPTIONS=False),
        lambda app: app.add_url_rule("/left", "left", print),
        lambda app: app.jinja_env.globals.update(left="over"),
        lambda app: app.before_request(print),
        lambda app: setattr(app, "wsgi_app", print),
        hear,
    ],
)
def test_an_application_that_was_changed_is_not_used_again(
    anew: Anew, change: Callable[[Flask], object]
) -> None:
    app = anew()
    change(app)
    assert anew() is not app
