"""办件, whose cases: everyone whose cases can be asked for stands in the list, so asking again loses nobody."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from tests.ledger.tables import csv_file, taken
from tests.ledger.tables import row as ledger_row
from tests.support.pages import Desk, values_of

if TYPE_CHECKING:
    from pathlib import Path

    from flask.testing import FlaskClient

    from tests.support.office import DeskOffice


@pytest.fixture
def clerk(office: DeskOffice, client: FlaskClient) -> Desk:
    """王敏 signed in."""
    desk = Desk(client)
    desk.sign_in("clerk-ssfb")
    return desk


@pytest.fixture
def brought(office: DeskOffice, tmp_path: Path) -> None:
    """A ledger with cases of two whom nobody here knows, and of 王敏."""
    handlers = ["郑秋", "许南", "郑秋", "王敏", ""]
    rows = [ledger_row(f"2025-{n}", 经办人=name, 机关="") for n, name in enumerate(handlers, 1)]
    assert taken(csv_file(tmp_path / "a.csv", rows), office.code).added == len(rows)


def listed(desk: Desk, query: str = "") -> list[str]:
    """The names to choose from."""
    return [option.text for option in desk.get(f"/cases?{query}").all("#f-handler option")]


def sent(desk: Desk, query: str) -> list[str]:
    """What the form would ask for next about the handler."""
    return values_of(desk.get(f"/cases?{query}").one("form.filters"))["handler"]


@pytest.mark.usefixtures("brought")
def test_the_names_of_a_ledger_can_be_chosen_each_once(clerk: Desk) -> None:
    assert listed(clerk) == ["全部经办人", "王敏", "陈晓", *sorted(["郑秋", "许南"]), "未分办"]
    assert sent(clerk, "handler=郑秋&status=all") == ["郑秋"]


@pytest.mark.usefixtures("brought")
def test_names_of_the_newest_cases_are_listed_and_an_older_one_once_asked_for(
    clerk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    from caseflow.reports import worklist

    monkeypatch.setattr(worklist, "LOOKED_THROUGH", 1)
    assert listed(clerk) == ["全部经办人", "王敏", "陈晓", "郑秋", "未分办"]
    assert listed(clerk, "handler=许南") == ["全部经办人", "王敏", "陈晓", "郑秋", "未分办", "许南"]
    assert sent(clerk, "handler=许南") == ["许南"]


def test_who_is_asked_for_by_another_page_stays_asked_for(office: DeskOffice, clerk: Desk) -> None:
    """The first page leads to one's own cases and those nobody has; a lead was a clerk before."""
    office.accepted(date(2026, 9, 21))
    mine, lead = f"~{office.people['clerk']}", str(office.people["lead"])
    for who, shown in ((mine, "王敏和未分办的"), (lead, "李建华")):
        assert listed(clerk, f"handler={who}")[-1] == shown
        assert sent(clerk, f"handler={who}") == [who]


def test_names_of_another_office_are_not_listed(office: DeskOffice, clerk: Desk, tmp_path: Path) -> None:
    taken(csv_file(tmp_path / "a.csv", [ledger_row(经办人="郑秋", 机关="")]), "OTHER")
    assert listed(clerk) == ["全部经办人", "王敏", "陈晓", "未分办"]
