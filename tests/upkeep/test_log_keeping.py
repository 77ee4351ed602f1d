"""How long the second log is kept: six months whatever is set, and its chain holds over what went."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import delete, select
from sqlalchemy.exc import DBAPIError

if TYPE_CHECKING:
    from flask import Flask

    from tests.support.office import DeskOffice

NOW = datetime.now(UTC)  # the database's own clock says how old an entry is


def noted(app: Flask, *days: int) -> None:
    """An entry so many days ago, the oldest first."""
    from caseflow.db import transaction
    from caseflow.stages import audit

    for ago in sorted(days, reverse=True):
        app.extensions["caseflow"]["now"] = lambda ago=ago: NOW - timedelta(days=ago)
        with transaction() as session:
            audit.note(session, "exported", rows=ago)


def kept() -> list[object]:
    from caseflow.db import db
    from caseflow.models import AuditEntry

    db.session.rollback()
    return [
        d.get("rows", d.get("count"))
        for d in db.session.scalars(select(AuditEntry.details).order_by(AuditEntry.id))
    ]


def test_what_is_past_its_keeping_goes_and_the_chain_holds(app: Flask, office: DeskOffice) -> None:
    from caseflow.upkeep import chains, heads, log_keeping

    noted(app, 500, 400, 300, 200, 1)
    before = heads.sign(NOW)
    assert log_keeping.tidy(NOW, 365) == 2
    assert kept() == [300, 200, 1, 2]
    assert log_keeping.tidy(NOW, 365) == 0
    assert list(chains.differences(known=before)) == []
    old = heads.Head((NOW - timedelta(days=600)).isoformat(), (heads.Chain("audit", "审计记录", 1, "x"),), "")
    assert "过了保存期限" in next(iter(chains.differences(known=old)))
    assert log_keeping.tidy(NOW, 250) == 1
    assert list(chains.differences()) == []


def test_the_database_refuses_to_lose_the_last_six_months(app: Flask, office: DeskOffice) -> None:
    from caseflow.db import db, transaction
    from caseflow.models import AuditEntry
    from caseflow.upkeep import log_keeping

    noted(app, 400, 182, 1)
    with pytest.raises(DBAPIError, match="append-only"):
        log_keeping.tidy(NOW, 100)
    db.session.remove()
    with pytest.raises(DBAPIError, match="append-only"), transaction() as session:
        session.execute(delete(AuditEntry))
    db.session.remove()
    assert kept() == [400, 182, 1]
    assert log_keeping.tidy(NOW, 183) == 1


def test_a_pass_tidies_the_log_as_long_as_the_setting_says(app: Flask, office: DeskOffice) -> None:
    from caseflow.alerts.schedule import Schedule

    noted(app, 2000, 1000)
    app.extensions["caseflow"]["now"] = lambda: NOW
    schedule = Schedule(app)
    schedule.keep_lead()  # whoever comes to lead makes a pass
    assert kept() == [1000, 1]
