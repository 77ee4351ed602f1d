"""Every migration goes up and down with data in the database, and ends where the models say."""

from __future__ import annotations

import sqlite3
import threading
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import flask_migrate
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, select, text
from sqlalchemy.exc import DBAPIError

from tests.conftest import SECRET_KEY
from tests.support.children import together
from tests.support.office import found, seq
from tests.upkeep.desk import busy, put_in

if TYPE_CHECKING:
    from flask import Flask

    from caseflow.config import Settings
    from tests.conftest import MakeApp
    from tests.support.office import DeskOffice


def revisions() -> list[str]:
    """All revisions, the first one first."""
    from caseflow.db import resource

    scripts = ScriptDirectory(str(resource("migrations")))
    return [script.revision for script in scripts.walk_revisions()][::-1]


Row = dict[str, Any]


def rows() -> dict[str, list[Row]]:
    """What every table of the database holds, whatever the models know of it."""
    from caseflow.db import INDEX, db

    found: dict[str, list[Row]] = {}
    with db.engine.connect() as line:
        for table in inspect(line).get_table_names():
            if table != "alembic_version" and not table.startswith(INDEX):
                held = line.exec_driver_sql(f'SELECT * FROM "{table}"').mappings()
                found[table] = sorted(map(dict, held), key=lambda row: repr(sorted(row.items())))
    return found


def schema() -> dict[str, object]:
    """Tables with columns, keys and indexes, as the database itself tells them."""
    from caseflow.db import db

    with db.engine.connect() as line:
        eye = inspect(line)
        columns = eye.get_multi_columns()
        first, foreign = eye.get_multi_pk_constraint(), eye.get_multi_foreign_keys()
        unique, indexes = eye.get_multi_unique_constraints(), eye.get_multi_indexes()
    return {
        str(table): (
            sorted((c["name"], str(c["type"]), c["nullable"]) for c in columns[table]),
            first[table],
            sorted((k["name"], k["constrained_columns"]) for k in foreign[table]),
            sorted((u["name"], u["column_names"]) for u in unique[table]),
            sorted((i["name"], i["column_names"], i["unique"]) for i in indexes[table]),
        )
        for table in columns
    }


def broken_keys() -> list[Any]:
    """Rows that refer to nothing; PostgreSQL lets none arise."""
    from caseflow.db import db, dialect

    if dialect() == "postgresql":
        return []
    found: list[Any] = list(db.session.execute(text("PRAGMA foreign_key_check")))
    db.session.remove()
    return found


def forge_event() -> None:
    """Try to change an event behind the program's back."""
    from caseflow.db import transaction

    with transaction() as session:
        session.execute(text("UPDATE event SET act = 'archive'"))


# Tables to which a later revision adds columns, and the names of those
RESHAPED = {
    "alert": {"office_id", "raised_on"}, "alert_recipient": {"mail_id"}, "mail": {"told_on", "case_id"},
    "case": {"secrecy_awaited", "masked_seq", "charged", "deferred", "plain_on_time", "department"},
    "office": {
        "government", "letter_word", "address", "postcode", "phone", "contact", "reconsideration_organ", "court",
        "review_channel", "retention_years", "counts_redone", "counter_open",
    },
    "event": {"hash"}, "proceeding": {"new_year", "result_year"},
    "person": {
        "deputy_id", "away_from", "away_until", "department", "password_since", "second_factor",
        "second_factor_step", "epoch",
    },
    # sealed, each time anew
    "particulars": {"salt"}, "identity": {"certificate_number", "phone", "certificate_hash"},
}  # fmt: skip


def kept(name: str, rows: list[Row]) -> list[str]:
    """The rows of a table without the columns that a later revision adds."""
    later = RESHAPED[name]
    return sorted(repr([item for item in sorted(row.items()) if item[0] not in later]) for row in rows)


def test_there_is_one_head() -> None:
    from caseflow.db import resource

    assert len(ScriptDirectory(str(resource("migrations"))).get_heads()) == 1
    assert revisions() == [f"{n:04}" for n in range(1, len(revisions()) + 1)]


def test_the_models_are_what_the_migrations_make(app: Flask) -> None:
    from caseflow.db import INDEX, Base, db

    with app.app_context(), db.engine.connect() as connection:
        ours = {
            "include_object": lambda item, name, kind, *_: not (kind == "table" and name.startswith(INDEX))
        }
        context = MigrationContext.configure(connection, opts={"compare_type": True, **ours})
        assert compare_metadata(context, Base.metadata) == []


def test_every_step_down_keeps_the_data_it_has_room_for_and_every_step_up_makes_room_again(
    office: DeskOffice,
) -> None:
    from caseflow.stages import proceedings
    from caseflow.upkeep import verify

    busy(office)
    before, at_head = rows(), schema()
    standing = {}
    for revision in reversed(revisions()):
        standing[revision] = schema()
        flask_migrate.downgrade(revision="-1")
        left = rows()
        changed = {name for name, lines in left.items() if lines != before[name]}
        assert changed <= {"calendar_year", "calendar_day", *RESHAPED}, revision
        assert all(kept(name, left[name]) == kept(name, before[name]) for name in RESHAPED if name in left), (
            revision
        )
        assert broken_keys() == []
    assert rows() == {}
    for revision in revisions():
        flask_migrate.upgrade(revision=revision)
        assert schema() == standing[revision]
    assert schema() == at_head
    anew, day = found(), date(2026, 11, 2)
    case = anew.replied(date(2026, 9, 21), date(2026, 10, 20))
    proceedings.open_proceeding(anew.work("clerk", day), case, seq(case), day, "suit")
    put_in(anew, anew.register(date(2026, 9, 21)), b"%PDF-1")
    assert list(verify.differences()) == []


def test_the_events_that_stand_are_chained_as_the_program_chains_new_ones(office: DeskOffice) -> None:
    from caseflow.upkeep import chains

    busy(office)
    chained = rows()
    flask_migrate.downgrade(revision="0020")
    flask_migrate.upgrade()
    anew = rows()
    assert anew["event"] == chained["event"]
    assert [h for h in chained["chain_head"] if h["name"] != "audit"] == anew["chain_head"]
    assert list(chains.differences()) == []


def test_an_older_schema_has_no_room_for_a_paper_whose_content_was_masked_and_for_all_else(
    office: DeskOffice,
) -> None:
    from caseflow.db import db, transaction
    from caseflow.models import Document

    case, other = office.register(date(2026, 9, 21)), office.register(date(2026, 9, 21))
    put_in(office, case, b"%PDF-1", b"%PDF-2")
    put_in(office, other, b"%PDF-1")
    with transaction() as session:
        session.execute(text("UPDATE document SET sha256 = NULL WHERE case_id = 1 AND n = 1"))
    before = rows()
    flask_migrate.downgrade(revision="0007")
    assert broken_keys() == []
    flask_migrate.upgrade()
    assert db.session.scalars(select(Document.n).order_by(Document.id)).all() == [2, 1]
    after = rows()
    changed = {name for name in before if before[name] != after[name]}
    assert changed <= {"document", "calendar_year", "particulars", "identity", "sealing_key"}


def test_a_case_outlives_the_step_that_lets_events_be_changed_and_the_calendar_comes_back_with_its_notices(
    office: DeskOffice,
) -> None:
    """0002 guards the events; without it they can be changed, with it again they can't. 0003 brings the notices."""
    from caseflow.calendars import store
    from caseflow.calendars.seed import shipped
    from caseflow.db import db, extension_state

    office.accepted(date(2026, 9, 21))
    with pytest.raises(DBAPIError, match="append-only"):
        forge_event()
    db.session.remove()
    flask_migrate.downgrade(revision="0001")
    forge_event()
    db.session.remove()
    flask_migrate.upgrade()
    with pytest.raises(DBAPIError, match="append-only"):
        forge_event()
    db.session.remove()
    extension_state("calendars", {}).clear()
    calendar = store.current()
    assert calendar.official == frozenset(range(2004, 2027))
    assert calendar.exceptions == {
        day: works for day, works in shipped().exceptions.items() if day.year in calendar.official
    }


def test_what_stood_in_clear_is_sealed_without_a_trace_found_by_its_hash_and_opened_for_an_older_program(
    office: DeskOffice, settings: Settings
) -> None:
    """0022: certificates, telephones and salts; what a ledger row is told apart by no longer holds them."""
    from caseflow.db import close, db, transaction
    from caseflow.ledger import rehash
    from caseflow.ledger.rows import content_hash, rows_of
    from caseflow.upkeep import verify

    cases = busy(office)
    whole = content_hash(rows_of(db.session(), [cases["split"]])[cases["split"]])
    with transaction() as session:
        session.execute(text(f"UPDATE \"case\" SET ledger_hash = '{'a' * 64}' WHERE id = {cases['split']}"))
        session.execute(
            text(f"UPDATE \"case\" SET ledger_hash = '{'b' * 64}' WHERE id = {cases['extended']}")
        )
    db.session.remove()
    flask_migrate.downgrade(revision="0021")
    clear = {(row["certificate_number"], row["phone"]) for row in rows()["identity"]}
    assert {("350581199001011024", ""), ("", "0595-88880000")} <= clear
    assert all(len(row["salt"]) == 32 for row in rows()["particulars"])
    with transaction() as session:  # as it may have been kept long ago
        session.execute(
            text(
                "UPDATE identity SET certificate_number = '35058119900101102x' WHERE phone = '0595-88880000'"
            )
        )
    db.session.remove()
    flask_migrate.upgrade()
    sealed = rows()
    assert not [
        row for row in sealed["identity"] if "8888" in row["phone"] or "1990" in row["certificate_number"]
    ]
    assert {row["ledger_hash"] for row in sealed["case"]} == {None, "", "b" * 64}
    assert rehash.fill() == 1
    assert {row["ledger_hash"] for row in rows()["case"]} == {None, whole, "b" * 64}
    found = record_hashes("35058119900101102X")
    assert sum(row["certificate_hash"] in found for row in sealed["identity"]) == 1
    assert [line for line in verify.differences() if "校验值" not in line] == []
    close()  # SQLite brings its file up to date
    if settings.is_sqlite:
        file = Path(settings.database_url.removeprefix("sqlite:///"))
        assert "林国栋".encode() in file.read_bytes()
        assert b"350581199001011024" not in file.read_bytes()


def record_hashes(number: str) -> list[str]:
    from caseflow.stages import record

    return record.hashes(number)


def test_an_older_alert_and_an_older_letter_are_of_the_day_in_china_on_which_they_were_written(
    office: DeskOffice,
) -> None:
    """Eight in the evening in UTC is four in the morning of the next day; noon is the same day."""
    from caseflow.alerts import ladder
    from caseflow.calendars import store
    from caseflow.db import db, transaction
    from caseflow.models import Alert, Mail

    evening, noon = datetime(2026, 10, 25, 20, tzinfo=UTC), datetime(2026, 10, 26, 12, tzinfo=UTC)
    for received, now in ((date(2026, 9, 21), evening), (date(2026, 9, 22), noon)):
        office.accepted(received)
        ladder.make_pass(date(2026, 10, 28), now, store.current())
        with transaction() as session:
            session.add(Mail(
                person_id=office.people["clerk"], address="a@example.cn", kind="digest", told_on=date(2027, 1, 1),
                subject="题", body="文", created_at=now, next_at=now,
            ))  # fmt: skip
    db.session.remove()
    flask_migrate.downgrade(revision="0004")
    flask_migrate.upgrade()
    for day in (Alert.raised_on, Mail.told_on):
        found = db.session.scalars(select(day).distinct().order_by(day)).all()
        assert found == [date(2026, 10, 26)]
    db.session.remove()


@pytest.fixture
def unmigrated(empty_database_url: str, tmp_path: Path) -> Settings:
    """Settings of an instance whose database holds no table."""
    from caseflow.config import Settings

    instance = tmp_path / "instance"
    instance.mkdir()
    return Settings(instance=instance, database_url=empty_database_url, secret_key=SECRET_KEY, testing=True)


def test_who_comes_while_another_writes_the_first_page_of_a_new_file_waits(
    tmp_path: Path, make_app: MakeApp
) -> None:
    from caseflow.config import Settings
    from caseflow.db import db

    file = tmp_path / "new.sqlite3"
    app = make_app(Settings(tmp_path, f"sqlite:///{file}", SECRET_KEY, testing=True))
    other = sqlite3.connect(file, isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")  # no log yet: SQLite does not wait for this one
    ends = threading.Timer(0.1, other.commit)
    ends.start()
    try:
        with app.app_context():
            assert db.session.scalar(text("PRAGMA journal_mode")) == "wal"
    finally:
        ends.join()
        other.close()


def test_four_processes_may_migrate_an_empty_database_at_once(
    unmigrated: Settings, make_app: MakeApp
) -> None:
    from caseflow.db import db

    assert together(unmigrated, 4, "migrate") == ["migrated"] * 4
    with make_app(unmigrated).app_context():
        version = db.session.scalar(text("SELECT version_num FROM alembic_version"))
        assert version == revisions()[-1]
        assert len(rows()["calendar_year"]) == 23  # each year once
