"""What others do while a ledger is read in."""

from __future__ import annotations

import threading
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from caseflow.calendars import store
from caseflow.db import db
from caseflow.ledger import lawsuits
from caseflow.stages import calendar
from tests.law.notices import notice
from tests.ledger.tables import cases, csv_file, imported, row
from tests.support.office import DeskOffice

LATE = date(2026, 12, 18)


def test_a_calendar_entered_meanwhile_dates_what_comes_in_too(
    app: Flask, office: DeskOffice, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def enter() -> None:
        with app.app_context():
            calendar.enter(
                lambda: calendar.draft(notice(2027), 2027, "国办发明电〔2026〕9号"),
                actor_id=None, today=LATE, now=datetime(2026, 12, 18, 1, tzinfo=UTC),
            )  # fmt: skip
            db.session.remove()

    entering = threading.Thread(target=enter)
    read = lawsuits.read

    def slowly(*arguments: Any) -> Any:
        """Read the other sheet, while somebody has all the time to enter a calendar."""
        entering.start()
        entering.join(timeout=0.4)
        return read(*arguments)

    monkeypatch.setattr(lawsuits, "read", slowly)
    file = csv_file(tmp_path / "late.csv", [row(收到日期="2026-12-17")])
    assert imported(file, today=LATE).added == 1
    entering.join()
    db.session.remove()
    (case,) = cases().values()
    assert (case.due_on, case.provisional) == (store.current().add(date(2026, 12, 17), 20), False)
