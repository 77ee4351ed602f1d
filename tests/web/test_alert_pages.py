"""提醒: a person's list, acknowledged one by one or all at once, for that person alone."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from tests.support.pages import Desk
from tests.web.conftest import MONDAY, MORNING, SignInAs

if TYPE_CHECKING:
    from tests.support.office import DeskOffice

pytestmark = pytest.mark.usefixtures("monday")

RECEIVED = date(2026, 10, 26)  # due today
RECEIVED_LATER = date(2026, 10, 27)  # due tomorrow


def make_pass() -> None:
    from caseflow.alerts import ladder
    from caseflow.calendars import store
    from caseflow.db import db

    ladder.make_pass(MONDAY, MORNING, store.current())
    db.session.rollback()


def numbers(desk: Desk) -> list[str]:
    """The cases still to acknowledge."""
    return [row.one("a.no").text for row in desk.get("/alerts").all("tr") if row.all("form")]


def test_without_alerts_the_page_says_so_and_has_nothing_to_press(desk: Desk) -> None:
    page = desk.get("/alerts")
    assert page.h1 == "提醒"
    assert "没有待确认的提醒" in page.text
    assert page.forms() == []


def test_an_alert_shows_the_case_as_it_stands_now(office: DeskOffice, desk: Desk) -> None:
    case_id = office.accepted(RECEIVED)
    make_pass()
    page = desk.get("/alerts")
    (row,) = [row for row in page.all("tr") if row.all("form")]
    assert row.one(".light").text == "紧急"
    assert row.one("a.no").attrs["href"] == f"/cases/{case_id}"
    assert "今天到期 · 11月23日 周一" in row.text
    assert "当天到期" in row.text
    assert "1 条" in page.text


def test_the_most_urgent_stands_first(office: DeskOffice, desk: Desk) -> None:
    for received in (RECEIVED_LATER, RECEIVED):
        office.accepted(received)
    make_pass()
    assert numbers(desk) == ["2026-2", "2026-1"]


def test_one_alert_is_acknowledged_and_the_other_stays(office: DeskOffice, desk: Desk) -> None:
    for received in (RECEIVED, RECEIVED_LATER):
        office.accepted(received)
    make_pass()
    first = desk.get("/alerts").forms()[1]
    page = desk.submit(form=first.attrs["action"])
    assert page.h1 == "提醒"
    assert "已确认一条提醒" in page.text
    assert numbers(desk) == ["2026-2"]
    acknowledged = desk.get("/alerts").all("section.panel")[1].text
    assert "2026-1" in acknowledged
    assert "11月23日 09:00" in acknowledged


def test_all_are_acknowledged_at_once_but_not_what_came_after_the_page_was_opened(
    office: DeskOffice, desk: Desk
) -> None:
    office.accepted(RECEIVED)
    make_pass()
    desk.get("/alerts")
    office.accepted(RECEIVED_LATER)
    make_pass()
    desk.submit(form="/alerts/acknowledge-all")
    assert numbers(desk) == ["2026-2"]
    desk.submit(form="/alerts/acknowledge-all")
    assert numbers(desk) == []


def test_what_one_person_acknowledges_stays_with_the_other(
    office: DeskOffice, desk: Desk, sign_in_as: SignInAs
) -> None:
    office.accepted(RECEIVED)
    make_pass()
    lead = sign_in_as("lead-ssfb")
    assert numbers(desk) == numbers(lead) == ["2026-1"]
    desk.get("/alerts")
    desk.submit(form="/alerts/acknowledge-all")
    assert numbers(desk) == []
    assert numbers(lead) == ["2026-1"]


def test_the_head_of_every_page_counts_what_is_still_to_acknowledge(office: DeskOffice, desk: Desk) -> None:
    office.accepted(RECEIVED)
    make_pass()
    assert desk.get("/cases").one(".pip").text.startswith("1")
    desk.get("/alerts")
    page = desk.submit(form="/alerts/acknowledge-all")
    assert page.all(".pip") == []


def test_an_alert_that_was_never_shown_to_someone_is_none_for_them(
    office: DeskOffice, desk: Desk, sign_in_as: SignInAs
) -> None:
    office.accepted(RECEIVED)
    make_pass()
    colleague = sign_in_as("colleague-ssfb")
    assert numbers(colleague) == []
    token = colleague.token()
    assert colleague.post("/alerts/1/acknowledge", {"csrf_token": token}).status == 404
    assert colleague.post("/alerts/99/acknowledge", {"csrf_token": token}).status == 404
    assert numbers(desk) == ["2026-1"]


def test_a_supervisor_sees_an_empty_list_and_may_acknowledge_nothing(
    office: DeskOffice, desk: Desk, sign_in_as: SignInAs
) -> None:
    office.accepted(RECEIVED)
    make_pass()
    supervisor = sign_in_as("supervisor-ssfb")
    assert numbers(supervisor) == []
    token = supervisor.token()
    assert supervisor.post("/alerts/1/acknowledge", {"csrf_token": token}).status == 403
    assert supervisor.post("/alerts/acknowledge-all", {"csrf_token": token}).status == 403


def test_a_long_list_shows_the_most_urgent_and_tells_how_many_there_are(
    office: DeskOffice, desk: Desk
) -> None:
    from caseflow.stages import register
    from caseflow.web.alerts import SHOWN

    arrival = register.Arrival("in_person", submitted=RECEIVED)
    form = register.Application("natural_person", "林国栋", "第一件")
    work = office.work("clerk", RECEIVED)
    register.register(work, arrival, form, [f"第 {n} 件" for n in range(SHOWN)])
    make_pass()
    page = desk.get("/alerts")
    assert f"{SHOWN + 1} 条，先列最急的 {SHOWN} 条" in page.text
    assert len(numbers(desk)) == SHOWN
