"""Random lives of cases, acted at the desk: the tables of every year hold, whatever happened."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from caseflow.law.applicants import CLASSES, TOTAL
from caseflow.law.outcomes import OUTCOMES
from tests.support.office import approve, found, row, seq

if TYPE_CHECKING:
    from flask import Flask

    from tests.support.office import DeskOffice

YEARS = range(2023, 2028)
REPLIES = [
    o.code for o in OUTCOMES if not o.closes_without_reply and o.code != "unavailable_still_unclear"
]  # the last needs a correction first
LIVES = st.lists(
    st.tuples(
        st.sampled_from(["open", "unconfirmed", "replied", "withdrawn", "unsent", "voided", "again", "sued"]),
        st.dates(date(2024, 1, 2), date(2025, 12, 31)),
        st.integers(1, 500),  # calendar days until it is closed
        st.sampled_from([*CLASSES]),
        st.sampled_from(REPLIES),
    ),
    max_size=6,
)
offices = iter(range(1, 10**9))


def live(office: DeskOffice, fate: str, begin: date, days: int, applicant: str, result: str) -> int:
    """Take a case through its life; returns its id."""
    from caseflow.stages import archive, proceedings, reply

    end = begin + timedelta(days=days)
    lead, clerk = office.work("lead", end), office.work("clerk", end)
    if fate in {"open", "unconfirmed", "withdrawn", "unsent"}:
        channel = "online" if fate in {"unconfirmed", "unsent"} else "in_person"
        case_id = _arrived(office, begin, channel, applicant)
        if fate in {"withdrawn", "unsent"}:  # before the receipt is confirmed, it was never a request
            archive.withdraw(clerk, case_id, seq(case_id), end, "申请人书面撤回")
        return case_id
    case_id = office.replied(begin, end, result, applicant_class=applicant)
    if fate in {"voided", "again"}:
        reply.void_reply(lead, case_id, seq(case_id), "错发")
    if fate == "again":
        reply.draft_reply(clerk, case_id, seq(case_id), "granted", "依据")
        approve(lead, case_id)
        reply.send_reply(clerk, case_id, seq(case_id), end, "ems")
    if fate == "sued":
        proceedings.open_proceeding(clerk, case_id, seq(case_id), end, "suit")
    return case_id


def _arrived(office: DeskOffice, begin: date, channel: str, applicant: str) -> int:
    from caseflow.stages import register

    confirmed = None if channel == "online" else begin
    arrival = register.Arrival(channel, submitted=begin, arrived=begin, confirmed=confirmed)
    application = register.Application(applicant, "林国栋", "某路改造工程结算报告")
    return register.register(office.work("clerk", begin), arrival, application)[0].id


@pytest.mark.soak
@settings(  # a life is some ten transactions: fewer of them than of other properties
    max_examples=min(settings().max_examples // 2, 500),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(lives=LIVES)
def test_whatever_is_done_at_the_desk_every_year_balances(app: Flask, lives: list[Any]) -> None:
    from caseflow.reports.year import year_report

    with app.app_context():
        office = found(f"W{next(offices)}")
        ids = [live(office, *life) for life in lives]
        cases = [row(case_id) for case_id in ids]
        known = [(c.new_year, c.result_year, c.result, c.closed_by) for c in cases]
        tables = {year: year_report([office.id], year).table for year in YEARS}
    for year, table in tables.items():
        assert table.balanced, table.differences
        if year + 1 in tables:
            assert table.cells["carried_out"] == tables[year + 1].cells["carried_in"]
    fates = [life[0] for life in lives]
    assert sum(new is None for new, *_ in known) == fates.count("unconfirmed") + fates.count("unsent")
    closed = len([f for f in fates if f in {"replied", "withdrawn", "again", "sued"}])
    in_cells = [t.value(r.key, TOTAL) for t in tables.values() for r in t.result_rows]
    assert sum(in_cells) == closed  # each closed case in exactly one result cell, all others in none
    last = tables[YEARS[-1]]
    assert last.value("carried_out", TOTAL) == fates.count("open") + fates.count("voided")
    assert last.proceedings["suit_direct"]["pending"] == fates.count("sued")
