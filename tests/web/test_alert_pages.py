"""提醒: a person's list, acknowledged one by one or all at once, for that person alone."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest
import time_machine

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
    """The cases of the alerts still to acknowledge."""
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
    assert "答复条例第三十三条" in row.text
    assert "今天到期 · 11月23日 周一" in row.text
    assert "11月23日 周一 发出当时是最后一天" in row.text
    assert "1 条" in page.text


def test_each_term_says_its_name_its_article_its_rung_and_its_day(office: DeskOffice, desk: Desk) -> None:
    from tests.stages.drive import do

    case_id, asked = office.accepted(RECEIVED_LATER), date(2026, 10, 28)
    do(office, case_id, "request_correction", asked, until=date(2026, 11, 25))
    office.accepted(date(2026, 10, 20))
    make_pass()
    late, correction = (row.text for row in desk.get("/alerts").all("tr") if row.all("form"))
    for words in (
        "逾期 2026-2",
        "答复条例第三十三条",
        "逾期 4 个工作日 · 11月17日 周二",
        "11月23日 周一 发出当时逾期 4 个工作日",
    ):
        assert words in late
    for words in ("申请人补正条例第三十条", "剩 2 个工作日 · 11月25日 周三", "当时剩 2 个工作日"):
        assert words in correction


def test_a_warning_of_the_last_day_does_not_read_as_if_that_were_today(
    office: DeskOffice, sign_in_as: SignInAs
) -> None:
    """Delivery was to be proved by 23 November; nine working days later the alert of that day still stands."""
    office.replied(date(2026, 10, 26), date(2026, 11, 8))
    make_pass()
    with time_machine.travel(datetime(2026, 12, 4, 1, tzinfo=UTC), tick=False):
        (row,) = [row for row in sign_in_as("clerk-ssfb").get("/alerts").all("tr") if row.all("form")]
        assert "逾期 9 个工作日 · 11月23日 周一" in row.text
        assert "11月23日 周一 发出当时是最后一天" in row.text


def test_a_notice_that_can_no_longer_be_given_says_so_and_is_gone_once_somebody_knows(
    office: DeskOffice, desk: Desk, sign_in_as: SignInAs
) -> None:
    office.register(date(2026, 11, 9))  # to be given by the 18th
    make_pass()
    (row,) = [row for row in desk.get("/alerts").all("tr") if "告知补正" in row.text]
    assert "期限已过 · 11月18日 周三按现有内容办理" in row.text
    assert "逾期" not in row.text
    desk.submit(form="/alerts/acknowledge-all")
    left = [row.text for row in sign_in_as("colleague-ssfb").get("/alerts").all("tr") if row.all("form")]
    assert [words for words in left if "告知补正" in words] == []
    assert "答复" in left[0]


def test_the_report_of_the_year_is_an_alert_without_a_case(office: DeskOffice, sign_in_as: SignInAs) -> None:
    from caseflow.alerts import ladder
    from caseflow.calendars import store
    from caseflow.db import db

    with time_machine.travel(datetime(2027, 1, 29, 1, tzinfo=UTC), tick=False):
        ladder.make_pass(date(2027, 1, 29), MORNING, store.current())
        db.session.rollback()
        lead = sign_in_as("lead-ssfb")
        (row,) = [row for row in lead.get("/alerts").all("tr") if row.all("form")]
        assert row.one("a.no").attrs["href"] == "/year/2026"
        for words in (
            "2026 年度报告",
            "年度报告条例第四十九条",
            "1月31日 周日",
            "当时剩 0 个工作日",
            "本机关",
        ):
            assert words in row.text
        page = lead.submit(form="/alerts/acknowledge-all")
        assert "没有待确认的提醒" in page.text
        assert "2026 年度报告" in page.all("section.panel")[1].text


def test_the_rules_are_one_step_away(desk: Desk) -> None:
    (rules,) = [a for a in desk.get("/alerts").all("a") if a.text == "提醒规则"]
    assert desk.get(rules.attrs["href"]).h1 == "期限"


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


def test_a_supervisor_is_shown_what_is_overdue_and_acknowledges_it_for_themselves(
    office: DeskOffice, desk: Desk, sign_in_as: SignInAs
) -> None:
    office.accepted(RECEIVED)  # due today
    office.accepted(date(2026, 10, 20))  # overdue
    make_pass()
    supervisor = sign_in_as("supervisor-ssfb")
    assert numbers(supervisor) == ["2026-2"]
    assert supervisor.get("/cases").one(".pip").text.startswith("1")
    token = supervisor.token()
    theirs = [
        form.attrs["action"]
        for form in desk.get("/alerts").forms()
        if form.attrs["action"].endswith("acknowledge")
    ]
    answers = [supervisor.post(action, {"csrf_token": token}, follow=False).status for action in theirs]
    assert answers == [302, 404]  # the overdue one, and the one that was never shown to them
    assert numbers(supervisor) == []
    assert numbers(desk) == ["2026-2", "2026-1"]


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
    assert f"{2 * (SHOWN + 1)} 条，先列最急的 {SHOWN} 条" in page.text
    assert len(numbers(desk)) == SHOWN
