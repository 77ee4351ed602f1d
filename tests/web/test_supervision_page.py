"""监督: one rate, its numerator and denominator, and every number with its cases."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from caseflow.db import db
from tests.reports.register import case, keep, replied
from tests.support.browser import layout, sign_in
from tests.support.pages import Desk, Node, Page
from tests.web.conftest import SignInAs

if TYPE_CHECKING:
    from playwright.sync_api import Page as BrowserPage

    from tests.support.office import DeskOffice

pytestmark = pytest.mark.usefixtures("monday")


@pytest.fixture
def desk(sign_in_as: SignInAs) -> Desk:
    """周岚, who supervises."""
    return sign_in_as("supervisor-ssfb")


def busy_year(office: DeskOffice) -> None:
    """Twelve replies from January on, two of them late; two open cases overdue, one not; one lapsed."""
    clerk = {"handler_id": office.people["clerk"], "handler": "王敏"}
    colleague = {"handler_id": office.people["colleague"], "handler": "陈晓"}
    first = date(2026, 1, 15)
    for n in range(12):
        sent = first + timedelta(days=25 * n)
        due = sent - timedelta(days=1) if n in (3, 7) else sent
        who = colleague if n % 3 == 0 else clerk
        keep(replied(office.id, f"2026-{n + 1}", sent - timedelta(days=20), sent, due, **who))
    keep(
        case(office.id, "2026-20", received_on=date(2026, 9, 1), due_on=date(2026, 11, 20), **clerk),
        case(office.id, "2026-21", received_on=date(2026, 9, 1), due_on=date(2026, 10, 9), **colleague),
        case(office.id, "2026-22", received_on=date(2026, 11, 2), due_on=date(2026, 11, 30), **clerk),
        case(office.id, "2026-23", received_on=date(2026, 3, 2), closed_on=date(2026, 4, 1), closed_by="lapsed",
             result="other_correction_lapsed", result_year=2026, stage="archive", **clerk),
    )  # fmt: skip


def current(groups: list[Node]) -> list[str]:
    """The links that lead to where one is."""
    return [a.text for g in groups for a in g.all("a") if "aria-current" in a.attrs]


def counters(page: Page) -> dict[str, str]:
    """The strip of figures: label -> figure."""
    return {c.one(".k").text: c.one(".v").text for c in page.all("a.card-n")}


def test_the_year_shows_its_rate_with_numerator_and_denominator(office: DeskOffice, desk: Desk) -> None:
    busy_year(office)
    page = desk.get("/supervision")
    assert "2026年1月1日 – 11月23日" in page.text
    assert counters(page) == {
        "按时办结率": "83.33%",
        "前 20 日内答复": "100.00%",
        "用时中位数": "20 个工作日",
        "逾期未答复": "2 件",
        "逾期办结": "2 件",
        "未作答复办结": "1 件",
        "在办": "3 件",
    }
    assert "10 ÷ 12 件已发出答复" in page.text


@pytest.mark.both_engines
def test_every_number_leads_to_as_many_cases(office: DeskOffice, desk: Desk) -> None:
    busy_year(office)
    page = desk.get("/supervision")
    links = [
        (a.attrs["href"], a.text)
        for a in page.all("main a")
        if "measure" not in a.attrs.get("class", "") and re.fullmatch(r"(共 )?\d+( 件)?", a.text)
    ]
    strip = [(c.attrs["href"], c.one(".v").text) for c in page.all("a.card-n") if "件" in c.one(".v").text]
    assert len(links) > 60
    chosen = {*links, *strip}
    if db.engine.dialect.name != "sqlite":  # one of each kind: of each figure, by each dimension
        by_kind = {re.sub("key=[^&]*", "", href): (href, text) for href, text in chosen if text[0] != "0"}
        chosen = set(by_kind.values())
        assert len(chosen) > 10
    for href, text in chosen:
        number = int(re.search(r"\d+", text)[0])  # type: ignore[index]
        assert len(desk.get(href).all("tbody a.no")) == number, (href, text)
    (rate, plain) = [c.attrs["href"] for c in page.all("a.card-n") if "%" in c.text]
    assert len(desk.get(rate).all("tbody a.no")) == len(desk.get(plain).all("tbody a.no")) == 12
    of_lines = [(a.attrs["href"], a.text) for a in page.all("table a.measure")]
    picture = {id(td) for td in page.all("table.only-table td")}  # the bars once more, for phones
    cells = [td.text for td in page.all("main table td.num") if "%" in td.text and id(td) not in picture]
    assert sorted(cells) == sorted(text for _, text in of_lines if "%" in text)
    assert "20" in [text for _, text in of_lines]  # a median
    for href in {href for href, _ in of_lines}:
        assert desk.get(href).all("tbody a.no"), href


def test_a_span_is_chosen_by_days_by_month_or_by_year(office: DeskOffice, desk: Desk) -> None:
    busy_year(office)
    assert counters(desk.get("/supervision?from=2026-01-15&to=2026-03-31"))["按时办结率"] == "75.00%"
    assert "2026年11月1日 – 11月23日" in desk.get("/supervision?span=month").text
    assert "2026年1月1日 – 11月23日" in desk.get("/supervision?span=year").text
    assert "2026年1月1日 – 3月31日" in desk.get("/supervision?to=2026年3月31日").text
    assert "2025年12月1日 – 2026年11月23日" in desk.get("/supervision?from=2025/12/1").text
    assert "2026年10月1日 – 11月23日" in desk.get("/supervision?span=quarter").text
    assert desk.get("/supervision?span=century").status == 200


@pytest.mark.parametrize(
    "database_url", ["sqlite"], indirect=True
)  # which is asked for no more than a page above
def test_the_years_quarters_and_months_to_choose_from_lead_to_themselves(
    office: DeskOffice, desk: Desk
) -> None:
    busy_year(office)
    groups = desk.get("/supervision?from=2025-01-01&to=2025-12-31").all("nav.seg-sm")
    assert [[a.text for a in g.all("a")] for g in groups] == [
        ["2024 年", "2025 年", "2026 年"],
        ["一季度", "二季度", "三季度", "四季度"],
        [f"{n}月" for n in range(1, 13)],
    ]
    assert current(groups) == ["2025 年"]
    for a in (a for g in groups for a in g.all("a")):
        assert current(desk.get(a.attrs["href"]).all("nav.seg-sm")) == [a.text]


def test_the_chosen_span_stays_in_the_fields(desk: Desk) -> None:
    page = desk.get("/supervision?from=2026-01-15&to=2026-03-31")
    typed = {i.attrs["name"]: i.attrs["value"] for i in page.all("form.filters input")}
    assert typed == {"from": "2026-01-15", "to": "2026-03-31", "asof": ""}


SPANS_THAT_CANNOT_BE = (
    ("from=2026-13-01", "写成 2026-12-04 这样的日期", "2026-13-01"),
    ("to=tomorrow", "写成 2026-12-04 这样的日期", "tomorrow"),
    ("from=2026-11-03&to=2026-05-01", "不能晚于“到”的那一天（5月1日）", "2026-11-03"),
    ("from=2027-01-01", "不能晚于“到”的那一天（11月23日）", "2027-01-01"),
    ("from=1999-01-01", "不能早于条例施行之日（2008年5月1日 星期四）", "1999-01-01"),
    ("to=2099-12-31", "不能晚于今年年底", "2099-12-31"),
    ("from=%00&to=%27", "写成 2026-12-04 这样的日期", "'"),
    ("asof=2026-11-24", "不能晚于今天", "2026-11-24"),
    ("asof=2008-04-30", "不能早于条例施行之日（2008年5月1日 星期四）", "2008-04-30"),
    ("from=2026-07-01&asof=2026-06-30", "不能晚于“截至”的那一天（6月30日）", "2026-07-01"),
    ("asof=2026-06-30&view=guess", "从列出的选项中选择", "2026-06-30"),
)


@pytest.mark.parametrize(
    "address", ["/supervision", "/supervision/cases", "/supervision.csv", "/supervision.xlsx"]
)
def test_a_span_that_cannot_be_is_told_at_its_field_and_kept(desk: Desk, address: str) -> None:
    desk.latin |= {"tomorrow", "guess"}
    desk.get("/supervision")
    for query, said, kept in SPANS_THAT_CANNOT_BE:
        where = f"{address}?{query}"
        page = desk.post(where, {"csrf_token": desk.token()}) if "." in address else desk.get(where)
        assert page.status == 422
        assert said in page.errors
        assert page.all(".bad")
        assert kept in [i.attrs["value"] for i in page.all("form.filters input")]
        assert not page.all("a.card-n")


def test_nothing_sent_has_no_percentage_but_words(desk: Desk) -> None:
    page = desk.get("/supervision?span=month")
    assert counters(page)["按时办结率"] == "没有发出"
    assert "没有分母，不计按时率" in page.text
    assert not [b.text for b in page.all(".card-n .v") if "%" in b.text]


def test_one_late_reply_among_very_many_is_not_shown_as_none(office: DeskOffice, desk: Desk) -> None:
    from sqlalchemy import insert

    from caseflow.db import transaction
    from caseflow.models import Case

    sent, few = date(2026, 3, 2), 20_001
    common = {
        "office_id": office.id, "stage": "archive", "channel": "letter", "applicant_class": "research",
        "registered_on": sent, "received_on": sent, "due_on": sent, "replied_on": sent, "closed_on": sent,
        "new_year": 2026, "result_year": 2026, "result": "granted", "closed_by": "reply",
    }  # fmt: skip
    with transaction() as session:
        rows = [{**common, "number": f"{n}", "on_time": n > 0} for n in range(few)]
        session.execute(insert(Case), rows)
    assert counters(desk.get("/supervision"))["按时办结率"] == "99.99%"


def test_overdue_cases_stand_first_and_are_not_in_the_rate(office: DeskOffice, desk: Desk) -> None:
    busy_year(office)
    page = desk.get("/supervision")
    lists = {s.one("h2").text: s for s in page.all("section.panel") if s.all("h2")}
    assert [a.text for a in lists["逾期未答复"].all("a.no")] == ["2026-21", "2026-20"]
    assert [a.text for a in lists["逾期办结"].all("a.no")] == ["2026-8", "2026-4"]
    assert "逾期 1 个工作日 · 11月20日 周五" in lists["逾期未答复"].text


def test_handlers_and_months_are_shown_with_their_figures(office: DeskOffice, desk: Desk) -> None:
    busy_year(office)
    page = desk.get("/supervision")
    lists = {s.one("h2").text: s for s in page.all("section.panel") if s.all("h2")}
    lines = [r.text for r in lists["分项"].all("tbody tr")]
    assert lines == [
        "经办人",
        "陈晓 75.00% 3 ÷ 4 1 100.00% 20 20 0 1 1",
        "王敏 87.50% 7 ÷ 8 1 100.00% 20 20 1 1 2",
        "受理方式",
        "当面 83.33% 10 ÷ 12 2 100.00% 20 20 1 2 3",
        "申请人类型",
        "自然人 83.33% 10 ÷ 12 2 100.00% 20 20 1 2 3",
        "办理结果",
        "予以公开 83.33% 10 ÷ 12 2 100.00% 20 20 0 — —",
        "其他处理-逾期不补正 — — 0 — — — 1 — —",
        "合计 83.33% 10 ÷ 12 2 100.00% 20 20 1 2 3",
    ]
    course = [r.text for r in lists["办理经过"].all("tbody tr")]
    assert course == ["没有以上情形 12 10 83.33% 12 100.00% 20 1", "合计 12 10 83.33% 12 100.00% 20 1"]
    months = [r.text for r in lists["各月件数"].all("tbody tr")]
    assert len(months) == 11
    assert months[:4] == [
        "1月 1 1 0 100.00% 20 0", "2月 1 1 0 100.00% 20 0", "3月 2 1 1 50.00% 20 0", "4月 1 1 0 100.00% 20 1",
    ]  # fmt: skip
    assert lists["各月发出答复"].all("svg.chart")


def test_cases_closed_without_a_reply_have_a_list_of_their_own(office: DeskOffice, desk: Desk) -> None:
    busy_year(office)
    page = desk.get("/supervision/cases?what=otherwise&span=year")
    assert page.h1 == "未作答复办结"
    assert [a.text for a in page.all("tbody a.no")] == ["2026-23"]
    assert not desk.get("/supervision/cases?what=otherwise&span=month").all("tbody a.no")
    for nothing in ("what=rates", "what=late&by=mood", "what=late&by=month&key=2026-01", "what=late&by=handler&key=x",
                    "what=late&by=channel&key=pigeon", "what=late&by=course&key=scenic"):  # fmt: skip
        assert desk.get(f"/supervision/cases?{nothing}").status == 404


def test_a_supervisor_sees_the_office_and_those_beneath_it_and_nobody_else_does(
    office: DeskOffice, desk: Desk, sign_in_as: SignInAs
) -> None:
    """Sums are sums of cases: 10 of 12 and 1 of 2 make 11 of 14, whatever the percentages."""
    from tests.support.office import found

    below = found("JJSB", "晋江市人民政府办公室", parent_id=office.id)
    other = found("NASB", "南安市人民政府办公室")
    busy_year(office)
    day = date(2026, 3, 2)
    for n, due in enumerate((day, day - timedelta(days=1))):
        keep(replied(below.id, f"2026-{n}", date(2026, 2, 2), day, due, days_used=10 + n))
    busy_year(other)

    alone, together = desk.get("/supervision"), desk.get("/supervision?below=1")
    assert counters(alone)["按时办结率"] == "83.33%"
    assert [a.text for a in alone.all("nav.seg-sm a") if a.text in {"本机关", "含下级"}] == [
        "本机关",
        "含下级",
    ]
    assert "和下级 1 个机关" in together.text
    assert counters(together)["按时办结率"] == "78.57%"
    lines = {s.one("h2").text: s for s in together.all("section.panel") if s.all("h2")}["分项"].all(
        "tbody tr"
    )
    assert [r.text for r in lines[:3]] == [
        "机关",
        "晋江市人民政府办公室 50.00% 1 ÷ 2 1 100.00% 10 11 0 0 0",
        "石狮市人民政府办公室 83.33% 10 ÷ 12 2 100.00% 20 20 1 2 3",
    ]
    behind = desk.get("/supervision/cases?below=1&what=late")
    assert [a.text for a in behind.all("tbody a.no")] == ["2026-4", "2026-8", "2026-1"]
    assert "晋江市人民政府办公室" in behind.text
    one = desk.get(f"/supervision?office={below.id}")
    assert counters(one)["按时办结率"] == "50.00%"
    assert next(a.text for a in one.all("nav.seg-sm a")) == "回到石狮市人民政府办公室"
    for unreached in (other.id, 10**6):
        assert desk.get(f"/supervision?office={unreached}").status == 404

    lead = sign_in_as("lead-ssfb")
    assert counters(lead.get("/supervision?below=1"))["按时办结率"] == "83.33%"
    assert lead.get(f"/supervision?office={below.id}").status == 404
    assert counters(sign_in_as("supervisor-jjsb").get("/supervision?below=1"))["按时办结率"] == "50.00%"


def test_a_past_day_is_shown_as_it_was_recorded_and_by_date_with_what_came_later(
    office: DeskOffice, desk: Desk
) -> None:
    from caseflow.stages import reply
    from tests.support.office import approve, seq

    received, due = date(2026, 6, 1), date(2026, 6, 30)  # 19 June is off
    late = office.accepted(received)
    reply.draft_reply(office.work("clerk", due), late, seq(late), "granted", "依据")
    approve(office.work("lead", due), late)
    reply.send_reply(office.work("clerk", date(2026, 7, 6)), late, seq(late), due, "ems")
    voided = office.replied(received, date(2026, 6, 15))
    reply.void_reply(office.work("lead", date(2026, 8, 3)), voided, seq(voided), "错发给他人")

    now = desk.get("/supervision?from=2026-06-01&to=2026-06-30")
    assert counters(now)["按时办结率"] == "100.00%"
    assert "另有 1 件答复发出以后撤销，不在其内" in now.text
    assert [a.text for a in desk.get("/supervision/cases?what=voided&from=2026-06-01&to=2026-06-30").all("tbody a.no")] == [
        "2026-2"
    ]  # fmt: skip
    asked = "from=2026-06-01&to=2026-06-30&asof=2026-07-03"
    recorded = desk.get(f"/supervision?{asked}")
    assert "截至 2026年7月3日 星期五，按当时的登记" in recorded.text
    assert (counters(recorded)["按时办结率"], counters(recorded)["逾期未答复"]) == ("100.00%", "1 件")
    assert "1 ÷ 1 件已发出答复" in recorded.text
    assert "这一段发出的答复中，1 件后来撤销" in recorded.text
    assert [a.text for a in desk.get(f"/supervision/cases?what=overdue&{asked}").all("tbody a.no")] == [
        "2026-1"
    ]
    behind = desk.get(f"/supervision/cases?what=sent&{asked}")
    assert [a.text for a in behind.all("tbody a.no")] == ["2026-2"]
    assert "6月15日 周一 发出答复" in behind.text  # as it stood: it is open today
    by_date = desk.get(f"/supervision?{asked}&view=dated")
    assert "2 ÷ 2 件已发出答复" in by_date.text
    named = by_date.all("section.past")[0].all("tbody tr")
    assert [r.text for r in named] == ["2026-1 发出答复 6月30日 周二 7月6日 周一"]


def test_csv_and_workbook_hold_what_the_page_shows(office: DeskOffice, desk: Desk) -> None:
    import csv
    from io import BytesIO, StringIO

    from openpyxl import load_workbook

    busy_year(office)
    keep(replied(office.id, "2026-40", date(2026, 1, 5), date(2026, 1, 6), date(2026, 1, 6), handler="=1+1"))
    page = desk.get("/supervision?asof=2026-11-20&view=dated")
    proof = {"csrf_token": desk.token()}
    links = {form.all("button")[0].text: form.attrs["action"] for form in page.all(".headline form")}
    raw = desk.client.post(links["下载 CSV"], data=proof)
    assert raw.headers["Content-Type"].startswith("text/csv")
    assert raw.data.startswith(b"\xef\xbb\xbf")
    lines = list(csv.reader(StringIO(raw.data.decode("utf-8-sig"))))
    book = load_workbook(BytesIO(desk.client.post(links["下载 Excel"], data=proof).data)).active
    assert book is not None
    cells = [["" if v is None else str(v) for v in line] for line in book.iter_rows(values_only=True)]
    assert [[v.lstrip("'") for v in line if v] for line in lines] == [
        [v for v in line if v] for line in cells
    ]
    said = [line[0] for line in lines[:6] if line]
    assert said[1:4] == ["石狮市人民政府办公室", "时段：2026年1月1日 – 11月20日（按发出日）",
                         "截至 2026年11月20日 星期五，按发生的日期"]  # fmt: skip
    assert "发出日不晚于到期日的件数 ÷ 时段内发出答复的件数" in said[4]
    table = {(line[0], line[1]): line[2:] for line in lines if len(line) > 2}
    assert table["合计", ""][:6] == ["13", "11", "2", "84.62%", "13", "100.00%"]
    assert counters(page)["按时办结率"] == "84.62%"
    assert [table[of][8] for of in (("各月", "3月"), ("各月", "4月"), ("办理经过", "没有以上情形"))] == [
        "0",
        "1",
        "1",
    ]
    assert table["经办人", "'=1+1"][:4] == ["1", "1", "0", "100.00%"]
    shown = {s.one("h2").text: s for s in page.all("section.panel") if s.all("h2")}["分项"].all("tbody tr")
    assert len([r for r in shown if r.all("td")]) - 1 == len([k for k in table if k[0] in {
        "经办人", "受理方式", "申请人类型", "办理结果"}])  # fmt: skip


FRAME = 7  # what every page asks: who, which calendar, what is unread, whether the light is green


def test_the_page_asks_the_database_little(office: DeskOffice, desk: Desk) -> None:
    """The same few statements, however many lines it has: the offices, all figures, what was voided, the two lists."""
    from sqlalchemy import event

    from caseflow.db import db

    busy_year(office)
    office.accepted(date(2025, 10, 30))
    asked: list[str] = []

    def listen(connection: object, cursor: object, statement: str, *rest: object) -> None:
        if statement.lstrip().startswith(("SELECT", "WITH")):
            asked.append(statement)

    event.listen(db.engine, "before_cursor_execute", listen)
    try:
        for address, own in (("/supervision", 5), ("/supervision?asof=2025-10-30&view=dated", 7),
                             ("/supervision?asof=2025-10-30", 7)):  # fmt: skip
            desk.get(address)  # whatever a process asks once
            asked.clear()
            desk.get(address)
            assert len(asked) <= FRAME + own, asked
    finally:
        event.remove(db.engine, "before_cursor_execute", listen)


@layout
def test_the_overview_is_two_upright_pages_on_paper_and_fits_a_phone(
    office: DeskOffice, live_server: str, page: BrowserPage
) -> None:
    busy_year(office)
    sign_in(page, live_server, "supervisor-ssfb")
    page.goto(f"{live_server}/supervision")
    sheets = re.findall(rb"/MediaBox\s*\[0 0 ([\d.]+) ([\d.]+)\]", page.pdf(prefer_css_page_size=True))
    assert [(round(float(w)), round(float(h))) for w, h in sheets] == [(595, 842)] * 2
    for width in (390, 360):
        page.set_viewport_size({"width": width, "height": 844})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
