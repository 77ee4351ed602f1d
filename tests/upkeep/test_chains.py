"""The chains: what was changed, taken out or put in behind the program's back is named."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

if TYPE_CHECKING:
    from flask import Flask

    from caseflow.upkeep.heads import Head
    from tests.support.office import DeskOffice

TRIGGERS = {
    "event": ("event_no_update", "event_no_delete", "event_append_only"),
    "audit_entry": ("audit_no_update", "audit_no_delete", "audit_append_only"),
}


def meddle(table: str, *statements: str, known: Head | None = None) -> list[str]:
    """The differences after somebody who owns the database did this; it is undone."""
    from caseflow.db import db, dialect, transaction
    from caseflow.upkeep import chains

    class Undone(Exception):
        pass

    found: list[str] = []
    try:
        with transaction() as session:
            if dialect() == "sqlite":
                for trigger in TRIGGERS[table][:2]:
                    session.execute(text(f"DROP TRIGGER {trigger}"))
            else:
                session.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
            for statement in statements:
                session.execute(text(statement))
            found = list(chains.walked(session, known=known))
            raise Undone
    except Undone:
        db.session.remove()
    return found


def entries(count: int) -> None:
    """So many entries of the second log."""
    from caseflow.db import transaction
    from caseflow.stages import audit

    for n in range(count):
        with transaction() as session:
            audit.note(session, "exported", rows=n)


def test_every_way_to_bend_an_event_names_its_first_broken_link(office: DeskOffice) -> None:
    from caseflow.upkeep import chains

    first = office.replied(date(2026, 9, 21), date(2026, 10, 20))
    office.register(date(2026, 9, 22))
    assert list(chains.differences()) == []
    end = f"(SELECT max(id) FROM event WHERE case_id = {first})"

    def said(*statements: str) -> list[str]:
        return meddle("event", *statements)

    assert ["事件 2：链断在这里（第 2 环）" in line for line in said(
        "UPDATE event SET details = '{}' WHERE id = (SELECT id FROM event WHERE seq = 2)"
    )] == [True]  # fmt: skip
    # its hash made anew: the next one is broken
    assert (
        "第 3 环"
        in said("UPDATE event SET hash = 'x' WHERE seq = 3 AND case_id = (SELECT min(id) FROM \"case\")")[0]
    )
    for column, value in (
        ("act", "'accept'"), ('"on"', "'2026-01-01'"), ("at", "'2026-01-01 00:00:00'"), ("actor_id", "NULL"),
        ("source", "'ledger'"), ("calendar_version", "0"),
    ):  # fmt: skip
        assert len(said(f"UPDATE event SET {column} = {value} WHERE id = {end}")) == 1, column
    middle = said('DELETE FROM event WHERE case_id = (SELECT min(id) FROM "case") AND seq = 2')
    assert "第 2 环" in middle[0]
    assert "链头" in middle[1]
    last = said("DELETE FROM event WHERE id = (SELECT max(id) FROM event)")
    assert ["SSFB 链头：记着" in line for line in last] == [True]
    # taken off the end with the length put right: the head's hash tells
    gone = said(
        "DELETE FROM event WHERE id = (SELECT max(id) FROM event)",
        "UPDATE chain_head SET length = length - 1 WHERE name LIKE 'event:%'",
    )
    assert gone == ["SSFB 链头：与最后一环不符"]


def test_the_second_log_is_a_chain_of_its_own_and_refuses_to_be_changed(office: DeskOffice) -> None:
    from caseflow.db import db, transaction
    from caseflow.stages import audit
    from caseflow.upkeep import chains

    entries(3)
    assert list(chains.differences()) == []
    for statement in (
        "UPDATE audit_entry SET what = 'sign_in'", "DELETE FROM audit_entry",
        "UPDATE event SET hash = ''", "DELETE FROM event",
    ):  # fmt: skip
        if "event" in statement:
            office.register(date(2026, 9, 21))
        with pytest.raises(DBAPIError, match="append-only"), transaction() as session:
            session.execute(text(statement))
        db.session.remove()
    assert "审计记录 2" in meddle("audit_entry", "UPDATE audit_entry SET details = '{}' WHERE id = 2")[0]
    assert "链头" in meddle("audit_entry", "DELETE FROM audit_entry WHERE id = 3")[0]
    with pytest.raises(KeyError), transaction() as session:
        audit.note(session, "whatever")


def test_the_second_log_can_lose_its_beginning_only_to_its_keeping(app: Flask, office: DeskOffice) -> None:
    from datetime import UTC, datetime, timedelta

    from caseflow.stages import audit
    from caseflow.upkeep import heads

    entries(3)
    kept = heads.sign(datetime.now(UTC))
    entries(1)
    gone = (
        "DELETE FROM audit_entry WHERE id <= 3",
        "UPDATE chain_head SET dropped = 3, dropped_hash = (SELECT hash FROM audit_entry WHERE id = 3) WHERE name = 'audit'",
    )
    without = "审计记录 少了开头的 3 条，没有一条清理记录说明"
    assert without in meddle("audit_entry", gone[1], gone[0])

    app.extensions["caseflow"]["now"] = lambda: datetime.now(UTC) + timedelta(days=10)
    young = "审计记录 链头文件：当时的 3 条还没有过六个月，已经不在"
    assert meddle("audit_entry", gone[1], gone[0], known=kept) == [without, young]
    app.extensions["caseflow"]["now"] = lambda: datetime.now(UTC) + timedelta(days=200)
    assert meddle("audit_entry", gone[1], gone[0], known=kept) == [without]
    assert audit.DETAILS["total"]
