"""督办 and 责任追究 by their pages: asked from above, seen and answered by the desk, registered and listed."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import pytest

from caseflow.alerts import ladder
from caseflow.calendars import store
from caseflow.law.words import with_weekday
from caseflow.law.workdays import Calendar
from caseflow.reports import on_time, oversight
from caseflow.stages import correct, supervision
from caseflow.upkeep import verify
from tests.stages.drive import assert_replayed, do
from tests.support.office import found, row, seq
from tests.support.pages import Desk, Page
from tests.web.conftest import MONDAY, MORNING

pytestmark = pytest.mark.usefixtures("monday")

WHAT = "领导批示件，本周内答复"


def calendar() -> Calendar:
    return store.current()


def shows(page: Page | None, *words: str) -> bool:
    """Whether one reads all of that on a page."""
    assert page is not None
    return all(word in page.text for word in words)


def has(page: Page, *case_ids: int) -> list[bool]:
    """Whether a page leads to each of these cases."""
    return [f"/cases/{case_id}" in page.links() for case_id in case_ids]


def lines_of(desk: Desk, address: str) -> list[list[str]]:
    """A file of the register, its head left out."""
    desk.get(address.replace(".csv", ""))
    text = desk.submit(form="下载 CSV").response.get_data().decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text)))[1:]


def test_a_watch_from_above_is_seen_and_answered_by_the_handler_and_then_ended(app, office, sign_in_as):
    below = found("JJSB", "晋江市人民政府办公室", parent_id=office.id)
    case_id = below.accepted(MONDAY)
    number, until = row(case_id).number, calendar().add(MONDAY, 5)
    above, clerk = sign_in_as("supervisor-ssfb"), sign_in_as("clerk-jjsb")

    above.get(f"/cases/{case_id}")
    assert shows(above.page, "晋江市人民政府办公室", "督办", "条例第四十七条")
    above.get(f"/cases/{case_id}/acts/watch")
    blank = above.submit({"until": "", "note": ""})
    assert blank.status == 422
    assert shows(above.page, "写明督办的事项", "填写答复督办的日期")
    off = above.submit({"until": (MONDAY + timedelta(days=5)).isoformat(), "note": WHAT})
    assert (off.status, WHAT in off.text, "是休息日" in off.text) == (422, True, True)
    above.submit({"until": until.isoformat(), "note": WHAT})
    assert shows(above.page, "督办中", WHAT, "周岚", with_weekday(until, MONDAY), "解除督办")

    ladder.make_pass(MONDAY, MORNING, calendar())
    for where in ("/", f"/cases/{case_id}", "/alerts", "/supervision/watches"):
        clerk.get(where)
        assert shows(clerk.page, number, "督办"), where
        assert shows(clerk.page, with_weekday(until, MONDAY)), where
    for where in ("/", f"/cases/{case_id}", "/supervision/watches"):
        assert shows(clerk.get(where), WHAT), where
    clerk.get(f"/cases/{case_id}/acts/answer_watch")
    clerk.submit({"note": "材料已齐，明天发出"})
    assert shows(clerk.page, "督办已答复", "材料已齐，明天发出")
    assert not shows(clerk.get("/"), WHAT)
    assert shows(clerk.get("/alerts"), "没有待确认的提醒")

    assert shows(above.get("/supervision/watches"), "已答复", "材料已齐，明天发出", "晋江市人民政府办公室")
    above.get(f"/cases/{case_id}/acts/end_watch")
    above.submit()
    assert not shows(above.page, "督办已答复")
    assert shows(above.page, "周岚督办，要在", "王敏答复督办", "周岚解除督办")
    assert shows(above.get("/supervision/watches"), "没有督办的办件")
    assert_replayed(case_id)
    assert list(verify.differences()) == []


def test_a_watch_past_its_day_is_marked_and_stands_first(office, sign_in_as):
    past, waits = office.accepted(MONDAY - timedelta(days=14)), office.register(MONDAY)
    earlier = office.work("supervisor", MONDAY - timedelta(days=7))
    supervision.watch(earlier, past, seq(past), MONDAY - timedelta(days=3), "上周要答复的")
    do(office, waits, "watch", MONDAY)
    page = sign_in_as("lead-ssfb").get("/supervision/watches")
    assert shows(page, "逾期未答复", "待答复")
    assert page.text.index(row(past).number) < page.text.index(row(waits).number)
    assert shows(sign_in_as("lead-ssfb").get("/"), "上周要答复的", "逾期未答复")


def test_a_watch_that_its_case_closed_over_stays_listed_and_no_watch_is_left_out_unsaid(
    office, sign_in_as, monkeypatch
):
    """Whoever asked sees that the case ended without an answer to them; what the page can't hold is counted."""
    cases = [office.accepted(MONDAY - timedelta(days=7)) for _ in range(5)]
    closed, answered, ended, later, sooner = cases
    above = office.work("supervisor", MONDAY)
    for n, case_id in enumerate(cases):
        supervision.watch(above, case_id, seq(case_id), calendar().add(MONDAY, 9 - n), f"第{n}件要答复")
    do(office, answered, "answer_watch", MONDAY)
    do(office, ended, "end_watch", MONDAY)
    for case_id in (closed, answered):
        do(office, case_id, "withdraw", MONDAY)

    lead = sign_in_as("lead-ssfb")
    page = lead.get("/supervision/watches")
    assert has(page, *cases) == [True, False, False, True, True]
    assert shows(page, "3 件；没有答复就办结的", "办结，未答复", with_weekday(MONDAY, MONDAY))
    places = [page.text.index(row(case_id).number) for case_id in (sooner, later, closed)]
    assert places == sorted(places)
    assert not shows(lead.get("/"), "第0件要答复")  # nothing is left to be answered
    told = [shows(lead.get(f"/cases/{case_id}"), "督办中") for case_id in (later, closed, ended)]
    assert told == [True, False, False]  # on the case only while somebody can answer or end it
    assert oversight.watches([office.id], MONDAY + oversight.KEPT).total == 3
    assert oversight.watches([office.id], MONDAY + oversight.KEPT + timedelta(days=1)).total == 2
    correct.void(office.work("lead", MONDAY), ended, seq(ended), seq(ended), "解除错了案件")
    monkeypatch.setattr(oversight, "MOST", 2)
    page = lead.get("/supervision/watches")
    assert has(page, ended, later, sooner) == [False, True, True]
    assert shows(page, "4 件，先列出 2 件")


def test_every_late_case_stands_in_the_register_until_its_cause_and_measure_are_told(app, office, sign_in_as):
    long_ago = MONDAY - timedelta(days=60)
    late, on_time = office.replied(long_ago, MONDAY), office.replied(MONDAY, MONDAY)
    still = office.accepted(long_ago)
    below = found("JJSB", "晋江市人民政府办公室", parent_id=office.id)
    theirs = below.accepted(long_ago)
    lead, above = sign_in_as("lead-ssfb"), sign_in_as("supervisor-ssfb")

    page = lead.get("/supervision/accountability")
    assert shows(page, row(late).number, row(still).number, "待登记", "全部 2", "还没有")
    assert has(page, late, still, on_time, theirs) == [True, True, False, False]
    assert has(above.get("/supervision/accountability"), late, still, theirs) == [True, True, True]

    lead.get(f"/cases/{late}/acts/hold_accountable")
    blank = lead.submit({"cause": "", "measure": "", "note": "经办人请假没有交接"})
    assert blank.status == 422
    assert shows(blank, "选择逾期的原因", "选择处理结果", "经办人请假没有交接")
    lead.submit({"cause": "handling", "measure": "admonished", "note": "=经办人请假没有交接"})
    assert shows(lead.page, "责任追究：承办科室、经办人办理不及时；批评教育。", "李建华")
    above.get(f"/cases/{theirs}/acts/hold_accountable")
    above.submit({"cause": "staffing", "measure": "rectified", "note": "申请集中"})

    page = lead.get("/supervision/accountability")
    assert shows(page, "待登记 1", "已登记 1", "批评教育")
    assert has(lead.get("/supervision/accountability?state=missing"), late, still) == [False, True]
    assert has(lead.get("/supervision/accountability?state=registered"), late, still) == [True, False]
    told = lines_of(above, "/supervision/accountability.csv")
    assert [line[7:9] for line in told] == [
        ["承办科室、经办人办理不及时", "批评教育"], ["待登记", ""], ["申请集中、人手不足", "督促整改、责令改正"],
    ]  # fmt: skip
    assert told[0][9] == "'=经办人请假没有交接"  # a note is never a formula
    assert len(lines_of(above, f"/supervision/accountability.csv?office={below.id}")) == 1

    # declared void it is to be registered again; the year before has none; what can't be asked for isn't found
    last = seq(late)
    correct.void(office.work("lead", MONDAY), late, seq(late), last, "登记错了案件")
    assert shows(lead.get("/supervision/accountability"), "待登记 2", "已登记 0")
    assert shows(lead.get(f"/supervision/accountability?year={MONDAY.year - 1}"), "这一年没有逾期的")
    for wrong in ("year=1999", f"year={MONDAY.year + 1}", "state=lost", f"office={below.id}"):
        assert lead.get(f"/supervision/accountability?{wrong}").status == 404
    assert list(verify.differences()) == []


def test_an_overdue_case_that_is_withdrawn_stays_until_its_cause_and_measure_are_told(office, sign_in_as):
    """The day passed, whatever ended the case then; what was withdrawn in time was never late."""
    long_ago = MONDAY - timedelta(days=60)
    held, unheld, in_time = office.accepted(long_ago), office.accepted(long_ago), office.accepted(MONDAY)
    due, lead = row(held).due_on, sign_in_as("lead-ssfb")
    do(office, held, "hold_accountable", MONDAY)
    for case_id in (held, unheld, in_time):
        do(office, case_id, "withdraw", MONDAY)
    assert due
    assert [row(case_id).due_on for case_id in (held, unheld, in_time)] == [due, due, None]
    page = lead.get("/supervision/accountability")
    assert has(page, held, unheld, in_time) == [True, True, False]
    assert shows(page, "待登记 1", "已登记 1", with_weekday(due, MONDAY), "未作答复", "办结")
    late = calendar().count(due, MONDAY)
    assert late > 0
    assert shows(page, f"{late} 个工作日")
    lines = lines_of(lead, "/supervision/accountability.csv")
    assert [line[4:7] for line in lines] == [[due.isoformat(), "未作答复办结", str(late)]] * 2
    assert not has(lead.get(f"/supervision/accountability?year={MONDAY.year - 1}"), held)[0]
    lead.get(f"/cases/{unheld}/acts/hold_accountable")
    lead.submit({"cause": "handling", "measure": "admonished", "note": "撤回前已经逾期"})
    assert shows(lead.get("/supervision/accountability"), "待登记 0", "已登记 2")
    correct.void(office.work("lead", MONDAY), held, seq(held), seq(held) - 1, "登记错了案件")
    assert shows(lead.get("/supervision/accountability"), "全部 2", "待登记 1")
    assert "没有逾期" in lead.get(f"/cases/{in_time}/acts/hold_accountable").text
    assert list(verify.differences()) == []


def test_the_register_holds_what_the_rates_count_as_late_and_overdue(office):
    long_ago = MONDAY - timedelta(days=60)
    for sent in (MONDAY, MONDAY - timedelta(days=50), MONDAY - timedelta(days=1)):
        office.replied(long_ago, sent)
    office.accepted(long_ago)
    office.accepted(MONDAY)
    paused = office.accepted(long_ago)
    do(office, paused, "request_correction", long_ago, until=MONDAY + timedelta(days=3))
    year = on_time.Span(MONDAY.replace(month=1, day=1), MONDAY)
    figures = on_time.whole(on_time.count([office.id], year, on_time.as_it_stands(MONDAY)))
    counted = oversight.counts([office.id], MONDAY.year, MONDAY)
    assert counted[""] == figures.rate.late + figures.overdue == 3
