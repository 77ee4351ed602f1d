"""今日: what waits for the lead, what waits for the archive, the alerts of the morning, mine and everybody's."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import pytest
import time_machine

from tests.support.office import approve, archive, reviewed, seq
from tests.support.pages import Node, Page
from tests.web.conftest import MONDAY, MORNING, SignInAs

if TYPE_CHECKING:
    from tests.support.office import DeskOffice

pytestmark = pytest.mark.usefixtures("monday")


def panel(page: Page, title: str) -> Node:
    """The panel under that heading; fails if there is none."""
    (found,) = [s for s in page.all("section.panel") if [h.text for h in s.all("h2")] == [title]]
    return found


def numbers(node: Page | Node) -> list[str]:
    """The numbers in the lists of a page or a panel."""
    return [a.text for a in node.all("a.no")]


def counters(page: Page) -> dict[str, str]:
    """The figures over the list, by their labels."""
    return {cell.one(".k").text: cell.one(".v").text for cell in page.all(".card-n")}


def assigned(office: DeskOffice, received: date) -> int:
    """A case that 王敏 has given to 陈晓."""
    from caseflow.stages import handle

    case_id = office.accepted(received)
    handle.assign(office.work("lead", MONDAY), case_id, seq(case_id), office.people["colleague"])
    return case_id


def do(office: DeskOffice, case_id: int, act: str, today: date, **given: Any) -> None:
    from tests.stages import drive

    drive.do(office, case_id, act, today, **given)


# --- the lead ----------------------------------------------------------------------------------------------


def test_the_lead_sees_the_drafts_and_extensions_that_wait_for_a_decision_and_nothing_else(
    office: DeskOffice, sign_in_as: SignInAs
) -> None:
    from caseflow.stages import handle, reply, secrecy

    clerk, lead = office.work("clerk", MONDAY), office.work("lead", MONDAY)
    extension = office.accepted(date(2026, 11, 16))
    handle.ask_extension(clerk, extension, seq(extension), 5, "逐页区分")
    draft, approved = office.accepted(date(2026, 11, 2)), office.accepted(date(2026, 11, 2))
    unreviewed = office.accepted(date(2026, 11, 2))
    for case_id in (draft, approved, unreviewed):
        reply.draft_reply(clerk, case_id, seq(case_id), "granted", "依据")
    secrecy.review_secrecy(clerk, draft, seq(draft), MONDAY, reviewed(MONDAY), "open")
    approve(lead, approved)
    office.accepted(MONDAY)
    desk = sign_in_as("lead-ssfb")
    waiting = panel(desk.get("/"), "等您决定")
    assert numbers(waiting) == ["2026-2", "2026-1"]  # the nearer due day first
    assert "2 件" in waiting.one(".panel-h").text
    steps = [(a.text, a.attrs["href"]) for a in waiting.all("td.next a")]
    assert steps == [
        ("审签答复", f"/cases/{draft}/acts/approve_reply"),
        ("批准延期", f"/cases/{extension}/acts/approve_extension"),
    ]
    assert "等您决定" not in sign_in_as("clerk-ssfb").get("/?whose=all").text


def test_what_the_lead_has_decided_waits_no_longer(office: DeskOffice, sign_in_as: SignInAs) -> None:
    from caseflow.stages import handle, reply

    clerk = office.work("clerk", MONDAY)
    asked, draft = office.accepted(date(2026, 11, 2)), office.accepted(date(2026, 11, 3))
    handle.ask_extension(clerk, asked, seq(asked), 5, "逐页区分")
    reply.draft_reply(clerk, draft, seq(draft), "refused_state_secret", "依据")
    desk = sign_in_as("lead-ssfb")
    desk.get(f"/cases/{asked}/acts/refuse_extension")
    assert desk.submit({"note": "理由不足"}).status == 200
    assert numbers(panel(desk.get("/"), "等您决定")) == ["2026-2"]
    desk.get(f"/cases/{draft}/acts/approve_reply")
    assert desk.submit().status == 200
    assert "等您决定" not in desk.get("/").text


# --- the archive -------------------------------------------------------------------------------------------


def test_what_waits_for_the_archive_is_counted_and_the_count_leads_to_it(
    office: DeskOffice, sign_in_as: SignInAs
) -> None:
    desk = sign_in_as("clerk-ssfb")
    assert "已办结的都归档了" in panel(desk.get("/"), "待归档").text
    for received in (date(2026, 11, 2), date(2026, 11, 3), date(2026, 11, 4)):
        done = office.replied(received, date(2026, 11, 20))
    archive(office.work("clerk", MONDAY), done, MONDAY)
    office.accepted(MONDAY)
    (link,) = panel(desk.get("/?whose=all"), "待归档").all("a")
    assert link.text == "2 件"
    assert sorted(numbers(desk.get(link.attrs["href"]))) == ["2026-1", "2026-2"]


# --- the alerts of the morning -----------------------------------------------------------------------------


def test_the_alerts_of_the_morning_stand_there_until_they_are_acknowledged(
    office: DeskOffice, sign_in_as: SignInAs
) -> None:
    from caseflow.alerts import ladder
    from caseflow.calendars import store

    office.accepted(date(2026, 10, 20))  # overdue
    office.accepted(date(2026, 10, 26))  # due today
    office.accepted(MONDAY)  # far from due
    desk, lead = sign_in_as("clerk-ssfb"), sign_in_as("lead-ssfb")
    none = "没有还要确认的提醒"
    assert none in panel(desk.get("/"), "提醒").text
    ladder.make_pass(MONDAY, MORNING, store.current())
    shown = panel(desk.get("/"), "提醒")
    assert [a.text for a in shown.all("a.strong")] == ["2026-1", "2026-2"]
    assert "答复 逾期 4 个工作日 · 11月17日 周二" in shown.text
    assert "今天到期" in shown.text
    assert none not in shown.text
    (more,) = [a.attrs["href"] for a in shown.all("a.end")]
    one_by_one = desk.get(more)
    desk.submit(form=one_by_one.forms()[1].attrs["action"])
    assert [a.text for a in panel(desk.get("/"), "提醒").all("a.strong")] == ["2026-2"]
    desk.get(more)
    desk.submit(form="/alerts/acknowledge-all")
    assert none in panel(desk.get("/"), "提醒").text
    assert len(panel(lead.get("/"), "提醒").all("a.strong")) == 2


# --- mine and everybody's ----------------------------------------------------------------------------------


def test_a_clerk_begins_with_their_own_cases_and_nobodys_and_can_see_all(
    office: DeskOffice, sign_in_as: SignInAs
) -> None:
    office.accepted(date(2026, 10, 20))  # 王敏's, overdue
    assigned(office, date(2026, 10, 20))  # 陈晓's, overdue
    office.register(MONDAY)  # nobody's
    desk = sign_in_as("clerk-ssfb")
    for path in ("/", "/?whose=me"):
        mine = desk.get(path)
        assert numbers(mine) == ["2026-1", "2026-3"]
        assert counters(mine)["逾期"] == "1 件"
        assert [("aria-current" in a.attrs) for a in mine.one("nav.seg-sm").all("a")] == [True, False]
    (_, everybody) = mine.one("nav.seg-sm").all("a")
    assert (everybody.text, "aria-current" in everybody.attrs) == ("全机关", False)
    whole = desk.get(everybody.attrs["href"])
    assert sorted(numbers(whole)) == ["2026-1", "2026-2", "2026-3"]
    assert counters(whole)["逾期"] == "2 件"
    assert [("aria-current" in a.attrs) for a in whole.one("nav.seg-sm").all("a")] == [False, True]


def test_lead_and_supervisor_begin_with_the_whole_office(office: DeskOffice, sign_in_as: SignInAs) -> None:
    office.accepted(date(2026, 10, 20))
    assigned(office, date(2026, 10, 20))
    for username in ("lead-ssfb", "supervisor-ssfb"):
        assert sorted(numbers(sign_in_as(username).get("/"))) == ["2026-1", "2026-2"]


def test_a_clerk_with_nothing_to_do_is_told_so(office: DeskOffice, sign_in_as: SignInAs) -> None:
    office.accepted(MONDAY)
    desk = sign_in_as("colleague-ssfb")
    assert "没有分办给您的申请" in desk.get("/").text
    assert numbers(desk.get("/?whose=all")) == ["2026-1"]


def test_the_report_of_the_year_stands_among_the_leads_alerts(
    office: DeskOffice, sign_in_as: SignInAs
) -> None:
    from caseflow.alerts import ladder
    from caseflow.calendars import store

    with time_machine.travel(datetime(2027, 1, 26, 1, tzinfo=UTC), tick=False):
        ladder.make_pass(date(2027, 1, 26), MORNING, store.current())
        shown = panel(sign_in_as("lead-ssfb").get("/"), "提醒")
    (report,) = shown.all("a.strong")
    assert (report.text, report.attrs["href"]) == ("2026 年度报告", "/year/2026")
    assert "剩 3 个工作日 · 1月31日 周日" in shown.text


def a_desk_full(office: DeskOffice) -> None:
    """Cases of every kind: overdue, due today, this week and later, and each that waits for somebody."""
    for received in ("2026-10-20", "2026-10-26", "2026-10-27", "2026-10-29", "2026-11-16"):
        office.accepted(date.fromisoformat(received))
    long_ago, lately = date(2026, 10, 12), date(2026, 11, 20)
    awaited = office.accepted(lately)
    do(office, awaited, "request_correction", lately, until=date(2026, 12, 1))
    do(office, office.accepted(long_ago), "request_correction", date(2026, 10, 13), until=date(2026, 10, 30))
    do(office, office.accepted(date(2026, 9, 28)), "fee_notice", date(2026, 9, 28), told=date(2026, 9, 28))
    for act in ("consult_third_party", "consult_joint_organ"):
        do(office, office.accepted(lately), act, lately, delivered=lately)
        # silent since long: the clock runs again
        do(office, office.accepted(long_ago), act, long_ago, delivered=long_ago)
    # its last day to answer is tomorrow, its due day by then in this week: waits, and isn't due this week
    almost = office.accepted(date(2026, 10, 8))
    asked = date(2026, 11, 3)
    do(office, almost, "consult_joint_organ", asked, delivered=asked)


def test_each_figure_a_lead_sees_first_leads_to_just_those_cases(
    office: DeskOffice, sign_in_as: SignInAs
) -> None:
    a_desk_full(office)
    desk = sign_in_as("lead-ssfb")
    page = desk.get("/")
    shown = {card.one(".k").text: card for card in page.all("a.card-n")}
    assert list(shown)[:4] == ["逾期", "今天到期", "本周到期", "等对方"]
    figures = {label: int(card.one(".v").text.split()[0]) for label, card in shown.items()}
    assert all(figures[label] for label in list(shown)[:4])
    for label, card in shown.items():
        assert len(desk.get(card.attrs["href"]).all("a.no")) == figures[label], label


def test_what_others_let_lapse_stands_on_the_first_page_with_the_act_it_opens(
    office: DeskOffice, sign_in_as: SignInAs
) -> None:
    a_desk_full(office)
    clerk, lead = sign_in_as("clerk-ssfb"), sign_in_as("lead-ssfb")
    lapsed = panel(clerk.get("/"), "对方逾期，可以处理")
    steps = [a.text for a in lapsed.all("td.next a")]
    assert steps == ["登记对方逾期未答复"] * 2
    assert "等负责人决定逾期不补正" in lapsed.text
    assert "等负责人决定逾期未缴费" in lapsed.text
    (more,) = lapsed.all(".panel-h a")
    assert sorted(numbers(clerk.get(more.attrs["href"]))) == sorted(numbers(lapsed))
    page = lead.get("/")
    both = numbers(panel(page, "等您决定")) + numbers(panel(page, "对方逾期，可以处理"))
    assert sorted(both) == sorted(numbers(lapsed))  # each stands in one of the two


def test_each_figure_over_my_list_leads_to_just_those_cases(office: DeskOffice, sign_in_as: SignInAs) -> None:
    from caseflow.stages import register, review

    office.accepted(date(2026, 10, 20))  # mine, overdue
    theirs = office.register(date(2026, 10, 20))
    day = date(2026, 10, 20)
    review.accept(office.work("lead", day), theirs, seq(theirs), day, office.people["colleague"])
    unconfirmed = register.Arrival("online", submitted=MONDAY)
    register.register(
        office.work("clerk", MONDAY), unconfirmed, register.Application("other", "某社", "某文")
    )
    desk = sign_in_as("clerk-ssfb")
    page = desk.get("/")
    for card in page.all("a.card-n"):
        shown = int(card.one(".v").text.split()[0])
        assert len(desk.get(card.attrs["href"]).all("a.no")) == shown, card.text


# --- the fortnight -----------------------------------------------------------------------------------------


def test_a_day_with_more_cases_than_squares_says_so(office: DeskOffice, sign_in_as: SignInAs) -> None:
    for received, how_many in ((date(2026, 10, 26), 4), (date(2026, 10, 27), 5)):
        for _ in range(how_many):
            office.accepted(received)
    days = sign_in_as("clerk-ssfb").get("/").all(".fort-days a")[:2]
    assert [len(day.all("i")) for day in days] == [4, 4]
    assert [day.one("b").text for day in days] == ["4", "5"]
    assert [[plus.text for plus in day.all("em")] for day in days] == [[], ["+"]]


# --- what only the lead can decide once the applicant has kept silent ----------------------------------------


def test_a_correction_or_fee_whose_term_has_lapsed_waits_for_the_lead(
    office: DeskOffice, sign_in_as: SignInAs
) -> None:
    from caseflow.stages import fees, review

    began, last, clerk = date(2026, 10, 12), date(2026, 11, 20), office.work("clerk", date(2026, 10, 12))
    silent, unpaid, running = (office.accepted(began) for _ in range(3))
    review.request_correction(clerk, silent, seq(silent), began, last, "写明哪一年")
    review.request_correction(clerk, running, seq(running), began, MONDAY, "写明哪一年")
    fees.fee_notice(clerk, unpaid, seq(unpaid), began, "pages", 50, began, "依据")
    desk = sign_in_as("lead-ssfb")
    waiting = panel(desk.get("/"), "等您决定")
    assert sorted(numbers(waiting)) == [f"2026-{silent}", f"2026-{unpaid}"]
    assert "决定逾期不补正、逾期未缴费" in waiting.one(".panel-h").text
    assert {a.attrs["href"] for a in waiting.all("td.next a")} == {
        f"/cases/{silent}/acts/lapse_correction",
        f"/cases/{unpaid}/acts/lapse_fee",
    }
