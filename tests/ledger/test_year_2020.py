"""The seven requests of 2020: their due days, their table, and that taking them in twice changes nothing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from caseflow.demo.office import LEDGER, PROCEEDINGS
from tests.ledger.tables import book, cases, counts, differences, events, taken

HERE = Path(__file__).parent
DUE: dict[str, str] = json.loads((HERE / "data/shishi-2020-due.json").read_text(encoding="utf-8"))["due"]
PUBLISHED = HERE.parent / "reports/shishi-2020-year-table.json"


@pytest.fixture
def year_2020(app) -> Any:
    with app.app_context():
        yield taken(LEDGER, proceedings=PROCEEDINGS)


def test_each_due_day_is_the_one_worked_out_by_hand(year_2020):
    assert {number: case.due_on.isoformat() for number, case in cases().items()} == DUE


def test_all_seven_were_answered_in_time_and_filed_away(year_2020):
    assert (year_2020.added, year_2020.proceedings_added, year_2020.office) == (7, 1, "SSFB")
    assert {(case.on_time, case.stage, case.imported) for case in cases().values()} == {
        (True, "archived", True)
    }


def test_the_table_of_the_year_is_the_published_one(year_2020):
    from caseflow.reports.year import as_json, year_report

    report = year_report([cases()["2020-1"].office_id], 2020)
    assert as_json(report, "SSFB") == json.loads(PUBLISHED.read_text(encoding="utf-8"))


def test_a_second_import_changes_nothing(year_2020):
    before = counts()
    again = taken(LEDGER, proceedings=PROCEEDINGS)
    assert (again.added, again.passed_over, again.proceedings_added) == (0, 7, 0)
    assert counts() == before
    assert differences() == []


def test_the_office_is_created_under_the_name_in_its_column(year_2020):
    from sqlalchemy import select

    from caseflow.db import db
    from caseflow.models import Office

    offices = db.session.execute(select(Office.code, Office.name)).all()
    assert [tuple(office) for office in offices] == [("SSFB", "石狮市人民政府办公室")]


def test_rows_become_the_acts_of_the_five_stages(year_2020):
    assert events("2020-4") == [
        ("register", "2020-07-15"),
        ("accept", "2020-07-15"),
        ("request_correction", "2020-07-20"),
        ("receive_correction", "2020-07-29"),
        ("send_reply", "2020-08-24"),
        ("archive", "2020-09-10"),
    ]
    assert events("2020-5")[2:4] == [("consult_third_party", "2020-08-27"), ("record_opinion", "2020-09-10")]
    assert events("2020-6")[2:4] == [("approve_extension", "2020-10-20"), ("send_reply", "2020-11-05")]
    assert events("2020-2")[-1] == ("open_proceeding", "2020-10-15")


def test_events_of_a_ledger_say_so_and_hold_nothing_personal(year_2020):
    from sqlalchemy import select

    from caseflow.db import db
    from caseflow.models import Event

    found = db.session.scalars(select(Event)).all()
    assert {event.source for event in found} == {"ledger"}
    told = json.dumps([event.details for event in found], ensure_ascii=False)
    assert "申请人" not in told
    assert "材料" not in told


def test_the_same_year_as_a_workbook_is_the_same_year(app, tmp_path):
    import csv

    sheets = {}
    for title, file in (("台账", LEDGER), ("复议诉讼", PROCEEDINGS)):
        with file.open(encoding="utf-8", newline="") as text:
            sheets[title] = list(csv.reader(text))
    path = book(tmp_path / "2020.xlsx", **sheets)
    with app.app_context():
        assert taken(path).added == 7
        assert {number: case.due_on.isoformat() for number, case in cases().items()} == DUE
        assert taken(LEDGER, proceedings=PROCEEDINGS).passed_over == 7
