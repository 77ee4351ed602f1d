"""The year tables counted from the cases: each case in its cells, each year passed on whole."""

from __future__ import annotations

import json
import re
from datetime import date
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from caseflow.law.applicants import CLASSES, COLUMNS, TOTAL
from caseflow.law.outcomes import OUTCOMES
from tests.reports.register import case, keep, replied, shishi_2020

if TYPE_CHECKING:
    from flask import Flask

    from caseflow.models import Case
    from caseflow.reports.year import YearReport
    from tests.support.office import DeskOffice

PUBLISHED = Path(__file__).with_name("shishi-2020-year-table.json")
CODES = st.sampled_from([o.code for o in OUTCOMES])


def report(office: DeskOffice | int, year: int, edition: str = "") -> YearReport:
    from caseflow.reports.year import year_report

    return year_report([office if isinstance(office, int) else office.id], year, edition)


def table(office: DeskOffice | int, year: int) -> dict[str, Any]:
    from caseflow.reports.year import as_json

    return as_json(report(office, year), "SSFB")


def total(office: DeskOffice, year: int, row: str, column: str = TOTAL) -> int:
    return report(office, year).table.value(row, column)


def test_the_year_2020_of_shishi_is_the_published_table(office: DeskOffice) -> None:
    shishi_2020(office.id)
    assert table(office, 2020) == json.loads(PUBLISHED.read_text(encoding="utf-8"))


def test_the_year_after_carries_nothing_in_but_the_open_suit(office: DeskOffice) -> None:
    shishi_2020(office.id)
    after = table(office, 2021)
    assert after["new"] == after["carried_in"] == after["results_total"] == [0] * 7
    assert after["proceedings"]["suit_direct"]["pending"] == 1
    assert after["on_time"] == {"replied": 0, "on_time": 0, "rate": None}
    assert after["edition"] == "2021"


def test_a_request_counts_as_new_by_its_legal_receipt_and_as_a_result_by_its_reply(
    office: DeskOffice,
) -> None:
    keep(replied(office.id, "1", date(2022, 12, 30), date(2023, 1, 9), date(2023, 1, 31)))
    assert [total(office, 2022, row) for row in ("new", "carried_in", "results_total", "carried_out")] == [
        1,
        0,
        0,
        1,
    ]
    assert [total(office, 2023, row) for row in ("new", "carried_in", "results_total", "carried_out")] == [
        0,
        1,
        1,
        0,
    ]
    assert total(office, 2023, "granted", "natural_person") == 1


def test_a_request_open_for_years_is_carried_through_each_of_them(office: DeskOffice) -> None:
    keep(replied(office.id, "1", date(2020, 5, 6), date(2023, 1, 9), date(2020, 6, 3)))
    carried = [(total(office, y, "carried_in"), total(office, y, "carried_out")) for y in range(2019, 2025)]
    assert carried == [(0, 0), (0, 1), (1, 1), (1, 1), (1, 0), (0, 0)]


def test_a_request_without_a_legal_day_of_receipt_stands_in_no_cell(office: DeskOffice) -> None:
    from caseflow.reports.year import year_report

    keep(
        case(office.id, "waiting", received_on=None),
        case(office.id, "withdrawn", received_on=None, closed_on=date(2020, 3, 4), closed_by="not_received"),
        # what a corrected registration can leave: closed, with a result, and no receipt
        case(
            office.id, "odd", received_on=None, closed_on=date(2020, 3, 4), result="other", result_year=2020
        ),
    )
    for year in (2019, 2020, 2021):
        found = report(office, year)
        assert all(n == 0 for values in found.table.cells.values() for n in values)
        assert found.table.balanced
    assert year_report([office.id], 2026).unconfirmed == 1


def test_withdrawn_and_lapsed_requests_are_results_without_being_replies(office: DeskOffice) -> None:
    closed = {"closed_on": date(2024, 5, 6), "closed_by": "withdrawn", "result_year": 2024}
    keep(
        case(office.id, "1", received_on=date(2024, 4, 1), result="other", **closed),
        case(office.id, "2", received_on=date(2024, 4, 1), result="other_correction_lapsed", **closed),
    )
    found = report(office, 2024)
    assert found.table.value("other", TOTAL) == found.table.value("other_correction_lapsed", TOTAL) == 1
    assert (found.on_time.sent, found.on_time.percent) == (0, None)


def test_an_office_counts_its_own_cases_only_and_with_its_subordinates_those_of_the_tree(
    office: DeskOffice,
) -> None:
    from caseflow.reports.offices import office_ids
    from tests.support.office import found

    below = found("JJSB", "晋江市人民政府办公室", parent_id=office.id)
    far_below = found("CYZB", "陈埭镇人民政府", parent_id=below.id)
    stranger = found("NASB", "南安市人民政府办公室")
    for n, one in enumerate((office, below, far_below, stranger)):
        keep(*(case(one.id, f"{n}-{i}", received_on=date(2024, 4, 1)) for i in range(10**n)))
    assert total(office, 2024, "new") == 1
    tree = office_ids(office.id, with_subordinates=True)
    assert sorted(tree) == sorted([office.id, below.id, far_below.id])
    from caseflow.reports.year import year_report

    assert year_report(tree, 2024).table.value("new", TOTAL) == 111


def test_a_tree_of_offices_that_runs_in_a_circle_counts_each_once(office: DeskOffice) -> None:
    from caseflow.db import transaction
    from caseflow.models import Office
    from caseflow.reports.offices import office_ids
    from tests.support.office import found

    below = found("JJSB", "晋江市人民政府办公室", parent_id=office.id)
    with transaction() as session:
        session.get_one(Office, office.id).parent_id = below.id
    assert sorted(office_ids(office.id, with_subordinates=True)) == sorted([office.id, below.id])


def test_an_edition_may_be_asked_for_against_the_year(office: DeskOffice) -> None:
    shishi_2020(office.id)
    assert "other_fee_unpaid" in report(office, 2020, "2021").table.cells
    assert report(office, 2020, "2021").table.balanced


def test_the_years_with_data_are_those_of_receipts_and_of_results(office: DeskOffice) -> None:
    from caseflow.reports.year import years_with_data

    keep(
        replied(office.id, "1", date(2020, 12, 30), date(2021, 1, 9), date(2021, 1, 31)),
        case(office.id, "2", received_on=date(2024, 5, 6)),
        case(office.id, "3", received_on=None),
    )
    assert years_with_data([office.id]) == [2020, 2021, 2024]


def test_counting_a_year_reads_an_index_and_not_the_whole_register(office: DeskOffice) -> None:
    from sqlalchemy import select

    from caseflow.models import Case
    from caseflow.reports.cells import stretches

    ten_years_of_cases(office.id)
    columns = {
        "new": ["new_year"],
        "carried_in": ["result_year", "result_year"],  # what is open, and what was closed since
        "results_total": ["result_year"],
        "carried_out": ["result_year", "result_year"],
    }
    for row, wanted in columns.items():
        for stretch, column in zip(stretches(row, 2024), wanted, strict=True):
            query = select(Case.applicant_class).where(Case.office_id.in_([office.id]), stretch)
            assert re.search(rf"office_id ?=.* AND \(?{column}\b", plan(query)), plan(query)


def ten_years_of_cases(office_id: int) -> None:
    """Three thousand closed cases and thirty open ones, known to the planner."""
    from sqlalchemy import text

    from caseflow.db import dialect, transaction

    with transaction() as session:
        for n in range(3000):
            day = date(2015 + n // 300, 3, 2)
            session.add(replied(office_id, f"{n}", day, day, day))
        session.add_all(case(office_id, f"open {n}", received_on=date(2024, 3, 2)) for n in range(30))
        if dialect() == "postgresql":
            session.flush()
            session.execute(text("ANALYZE"))


def plan(query: Any) -> str:
    """How the database looks the rows up, in its own words."""
    from sqlalchemy import text

    from caseflow.db import db, dialect

    sql = query.compile(db.engine, compile_kwargs={"literal_binds": True})
    if dialect() == "sqlite":
        return "\n".join(step[3] for step in db.session.execute(text(f"EXPLAIN QUERY PLAN {sql}")))
    steps = [step[0] for step in db.session.execute(text(f"EXPLAIN {sql}"))]
    return "\n".join(step for step in steps if "Index Cond" in step)


# -- properties -----------------------------------------------------------------------------------

YEARS = range(2018, 2025)
CASES = st.lists(
    st.tuples(
        st.none() | st.integers(2019, 2023),  # year of the legal receipt
        st.none() | st.integers(0, 2),  # years until the result
        st.sampled_from([*CLASSES]),
        CODES,
    ),
    max_size=30,
)
fresh = count(1)


def filled(app: Flask, cases: list[tuple[int | None, int | None, str, str]]) -> int:
    """An office of its own with these cases; returns its id."""
    from caseflow.db import transaction
    from caseflow.models import Office

    with transaction() as session:
        office = Office(code=f"P{next(fresh)}", name="随机机关")
        session.add(office)
        session.flush()
        session.add_all(_row(office.id, n, *one) for n, one in enumerate(cases))
        return office.id


def _row(office_id: int, n: int, year: int | None, later: int | None, applicant: str, result: str) -> Case:
    received = date(year, 12, 1) if year else None
    closed = date(year + later, 12, 20) if year and later is not None else None
    return case(
        office_id, f"{n}", received_on=received, applicant_class=applicant, closed_on=closed,
        result=result if closed else "", result_year=closed.year if closed else None,
    )  # fmt: skip


many = settings(
    max_examples=min(settings().max_examples, 1000),  # each fills an office
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@pytest.mark.soak
@many
@given(cases=CASES)
def test_every_year_balances_and_hands_on_what_the_next_one_takes(app: Flask, cases: list[Any]) -> None:
    with app.app_context():
        office_id = filled(app, cases)
        tables = {year: report(office_id, year).table for year in YEARS}
    for year, found in tables.items():
        assert found.balanced, found.differences
        if year + 1 in tables:
            assert found.cells["carried_out"] == tables[year + 1].cells["carried_in"]
    received = [c for c in cases if c[0]]
    assert sum(t.value("new", TOTAL) for t in tables.values()) == len(received)
    closed = [c for c in received if c[1] is not None and c[0] + c[1] < YEARS.stop]
    assert sum(t.value("results_total", TOTAL) for t in tables.values()) == len(closed)


@pytest.mark.soak
@many
@given(cases=CASES, year=st.sampled_from(YEARS))
def test_every_cell_has_as_many_cases_behind_it_as_it_says(app: Flask, cases: list[Any], year: int) -> None:
    """And the result rows part the closed cases between them: each in exactly one."""
    with app.app_context():
        office_id = filled(app, cases)
        found = report(office_id, year).table
        behind = {
            (line.key, column): ids(office_id, year, line.key, column)
            for line in found.lines
            for column, number in zip(COLUMNS, line.values, strict=True)
            if number or column == TOTAL
        }
        everybody = open_or_new(office_id, year)
    for (row, column), cell in behind.items():
        assert len(cell) == len(set(cell)) == found.value(row, column)
    parts = [i for row in found.result_rows for i in behind[row.key, TOTAL]]
    assert sorted(parts) == behind["results_total", TOTAL]
    stood = {*behind["new", TOTAL], *behind["carried_in", TOTAL]}
    assert len(stood) == found.value("new", TOTAL) + found.value("carried_in", TOTAL)
    assert stood == {*parts, *behind["carried_out", TOTAL]} == everybody


def ids(office_id: int, year: int, row: str, column: str) -> list[int]:
    from caseflow.reports.cells import cell, cell_cases

    page = cell_cases([office_id], cell(year, row, column))
    assert page.total == len(page.cases)  # these offices fit on one page
    return [c.id for c in page.cases]


def open_or_new(office_id: int, year: int) -> set[int]:
    """The cases that were open on some day of the year, found case by case."""
    from sqlalchemy import select

    from caseflow.db import db
    from caseflow.models import Case

    cases = db.session.scalars(select(Case).where(Case.office_id == office_id))
    return {
        c.id
        for c in cases
        if c.received_on and c.received_on.year <= year and not (c.closed_on and c.closed_on.year < year)
    }
