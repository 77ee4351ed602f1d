"""填报和签发 on the page: what to look at, the signature, and a later record that says where it counts."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING
from urllib.parse import quote

import docx
import openpyxl
import pytest
import time_machine

from caseflow.law import published
from caseflow.law.year_table import Counts, year_table
from tests.support.office import row, seq

if TYPE_CHECKING:
    from tests.support.office import DeskOffice
    from tests.support.pages import Desk
    from tests.web.conftest import SignInAs

JANUARY, NOW = date(2027, 1, 12), datetime(2027, 1, 12, 1, tzinfo=UTC)


@pytest.fixture(autouse=True)
def january() -> Iterator[None]:
    """The clock stands at nine in the morning, in the month of the reports."""
    with time_machine.travel(datetime(2027, 1, 12, 1, tzinfo=UTC), tick=False):
        yield


def test_the_lead_signs_and_everybody_of_the_office_sees_what_has_changed_since(
    office: DeskOffice, sign_in_as: SignInAs
) -> None:
    from caseflow.stages import correct

    late = office.replied(date(2026, 3, 2), date(2026, 5, 6))
    lead, supervisor = sign_in_as("lead-ssfb"), sign_in_as("supervisor-ssfb")
    page = lead.get("/year/2026/closing")
    assert "年度报告公布期限 2027年1月31日 星期日" in page.text
    assert "逾期答复，还没有登记原因和责任追究" in page.text
    assert f"/cases/{late}" in page.links()
    assert "/year/2026/report" in page.links()
    assert [a.text for a in page.all("header a") if "aria-current" in a.attrs] == ["年报表"]
    assert "由负责人签发" in supervisor.get("/year/2026/closing").text
    assert supervisor.status("/year/2026/closing", {"csrf_token": supervisor.token()}) == 403
    done = lead.submit({}, "签发 2026 年")
    assert "2026 年的年报表已签发（第 1 版）" in done.text
    assert "现在的数字与签发的一致" in done.text
    assert "与签发的一致" in supervisor.get("/year/2026").text
    correct.correct_result(office.work("lead", JANUARY), late, seq(late), "partial", "录错了")
    after = supervisor.get("/year/2026/closing")
    assert "签发以后的变化" in after.text
    assert next(tr.text for tr in after.all("tbody tr")).endswith(f"退出 {row(late).number}")
    assert "有 4 格与签发的不同" in supervisor.get("/year/2026").text
    shown = supervisor.get("/year/2026/closing/1")
    assert (shown.status, len(shown.all("tbody tr"))) == (200, len(after.all("tbody tr")))
    assert supervisor.get("/year/2026/closing/2").status == 404
    lead.get("/year/2026/closing")
    assert set(lead.submit({}, "签发第 2 版").errors) == {"写明为什么再次签发：哪里改了，为什么"}
    assert "第 2 版" in lead.submit({"explanation": "结果录错"}, "签发第 2 版").text


def test_each_finding_says_how_many_cases_it_names_and_leads_to_all_of_them(
    office: DeskOffice, sign_in_as: SignInAs, monkeypatch: pytest.MonkeyPatch
) -> None:
    from caseflow.closing import checks
    from caseflow.db import transaction
    from caseflow.models import Office
    from caseflow.stages import archive, supervision

    late = [office.replied(date(2026, 3, 2), date(2026, 5, day)) for day in (6, 7)]
    withdrawn = office.accepted(date(2026, 3, 2))
    archive.withdraw(
        office.work("clerk", date(2026, 5, 6)), withdrawn, seq(withdrawn), date(2026, 5, 6), "撤回"
    )
    office.accepted(date(2027, 1, 11))
    monkeypatch.setattr(checks, "MOST", 1)
    with transaction() as session:
        session.get_one(Office, office.id).government = True
    supervisor = sign_in_as("supervisor-ssfb")
    page = supervisor.get("/year/2026/closing")
    assert "年度报告公布期限 2027年3月31日 星期三" in page.text
    assert [f"/cases/{case_id}" in page.links() for case_id in (*late, withdrawn)] == [True, False, True]
    assert "登记原因和责任追究（2 件）" in page.text
    assert "看全部 2 件" in page.text
    listed = supervisor.get("/year/2026/closing/cases/late")
    assert [f"/cases/{case_id}" in listed.links() for case_id in (*late, withdrawn)] == [True, True, False]
    assert "2 件 按登记先后排列" in listed.text
    assert f"/cases/{withdrawn}" in supervisor.get("/year/2026/closing/cases/withdrawn_late").links()
    for lost in ("2026/closing/cases/nothing", "2026/closing/cases/carried-other", "1999/closing/cases/late",
                 f"2026/closing/cases/late?office={10**6}"):  # fmt: skip
        assert supervisor.status(f"/year/{lost}") == 404
    for case_id in (*late, withdrawn):
        held = (office.work("lead", JANUARY), case_id, seq(case_id), "search", "explained", "说明了")
        supervision.hold_accountable(*held)
    assert "责任追究" not in supervisor.get("/year/2026/closing").text.replace("责任追究登记", "")
    assert "没有这样的办件" in supervisor.get("/year/2026/closing/cases/late").text
    # of the running year nothing is overdue that is not yet due
    assert "逾期还没有答复" not in supervisor.get("/year/2027/closing").text


def test_a_year_that_is_not_over_or_changed_meanwhile_is_not_signed(
    office: DeskOffice, sign_in_as: SignInAs
) -> None:
    lead = sign_in_as("lead-ssfb")
    assert "2027 年还没有结束" in lead.get("/year/2027/closing").text
    lead.get("/year/2026/closing")
    office.replied(date(2026, 3, 2), date(2026, 3, 20))
    page = lead.submit({}, "签发 2026 年")
    assert (page.status, "看过以后数字或者办件有变化" in page.text) == (422, True)
    assert "第 1 版" in lead.submit({}, "签发 2026 年").text
    assert lead.get("/year/1999/closing").status == 404


def test_the_signed_report_goes_out_as_it_was_frozen_and_the_present_one_says_that_it_is_a_draft(
    office: DeskOffice, sign_in_as: SignInAs
) -> None:
    from caseflow.db import transaction
    from caseflow.models import Office
    from caseflow.stages import annual, correct

    done = office.replied(date(2026, 3, 2), date(2026, 3, 20))
    lead, reader = sign_in_as("lead-ssfb"), sign_in_as("supervisor-ssfb")
    assert "2021 年版格式 · 未签发（草稿）" in reader.get("/year/2026/report").text
    before, kept = files(reader, "report"), annual.Draft(office.people["lead"], office.id, 2026, 0, NOW)
    assert ["未签发（草稿）" in text for text in before] == [True] * 3
    annual.save_text(kept, "problems", "签发时写的不足")
    lead.get("/year/2026/closing")
    lead.submit({}, "签发 2026 年")
    state, signed = "已签发第 1 版（2027年1月12日 星期二，李建华）", files(reader, "closing/1")
    assert state in reader.get("/year/2026/report").text
    assert files(reader, "report") == signed
    assert [state in text for text in signed] == [
        True,
        True,
        False,
    ]  # nobody asks on a website which edition it is
    assert "草稿" not in "".join(signed)
    page = reader.get("/year/2026/closing/1")
    assert ["签发时写的不足" in text for text in (page.one("article").text, signed[0], signed[2])] == [
        True
    ] * 3
    assert [f"/year/2026/closing/1.{kind}" in page.links() for kind in KINDS] == [True] * 3

    correct.correct_result(office.work("lead", JANUARY), done, seq(done), "partial", "录错了")
    annual.save_text(annual.Draft(office.people["lead"], office.id, 2026, 1, NOW), "problems", "后来写的不足")
    with transaction() as session:
        session.get_one(Office, office.id).name = "改了名的机关"
    assert files(reader, "closing/1") == signed
    assert reader.get("/year/2026/closing/1").one("article").text == page.one("article").text
    page = reader.get("/year/2026/report")
    assert "改了名的机关 · 2021 年版格式 · 未签发（草稿）" in page.text
    assert "第 1 版已签发，下面的是现在的，与签发的不同" in page.text
    assert "/year/2026/closing/1" in page.links()
    assert ["未签发（草稿）" in text for text in files(reader, "report")] == [True] * 3
    name = reader.client.get("/year/2026/closing/1.docx").headers["Content-Disposition"]
    assert quote("2026年度报告-SSFB-第1版.docx") in name
    assert (
        quote("2026年度报告-SSFB-草稿.docx")
        in reader.client.get("/year/2026/report.docx").headers["Content-Disposition"]
    )
    assert [reader.status(f"/year/2026/closing/{end}") for end in ("1.pdf", "2.docx")] == [404, 404]


KINDS = ("docx", "xlsx", "html")


def files(desk: Desk, of: str) -> list[str]:
    """All that is written in the three files of a report."""
    word, sheet, page = (desk.client.get(f"/year/2026/{of}.{kind}").data for kind in KINDS)
    document = docx.Document(io.BytesIO(word))
    over = document.sections[0].first_page_header.paragraphs
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    book = openpyxl.load_workbook(io.BytesIO(sheet))
    values = [
        str(cell.value)
        for table in book
        for line in table.iter_rows()
        for cell in line
        if cell.value is not None
    ]
    told = [p.text for p in (*over, *document.paragraphs)]
    return ["\n".join([*told, *cells]), "\n".join(values), page.decode()]


def test_a_supervisor_reads_the_report_of_an_office_below_and_that_of_all_together(
    office: DeskOffice, sign_in_as: SignInAs
) -> None:
    from caseflow.stages import annual
    from caseflow.stages.typed import Source, Typist, take
    from tests.support.office import found

    below, beside = found("BLFB", "宝岭镇人民政府", parent_id=office.id), found("PZFB", "旁机关")
    paper = found("HXFB", "蚶江镇人民政府", parent_id=office.id)
    for one, day in ((office, 2), (below, 3), (below, 4)):
        one.replied(date(2026, 3, day), date(2026, 3, 20))
    for one, made in ((office, 3), (below, 4)):
        draft = annual.Draft(one.people["clerk"], one.id, 2026, 0, NOW)
        annual.save_figures(draft, {"normative.made": Decimal(made)})
    draft = annual.Draft(below.people["clerk"], below.id, 2026, 1, NOW)
    annual.save_text(draft, "problems", "宝岭镇写的不足")
    lines = year_table(Counts({"enterprise": 5}, {}, {}, {"enterprise": 5}, {}), 2026)
    taken = published.Figures("2021", dict(lines.cells), {}, {})
    take(Typist(office.people["lead"], NOW), paper.id, 2026, taken, Source("a.csv", "0" * 64))
    supervisor, lead = sign_in_as("supervisor-ssfb"), sign_in_as("lead-ssfb")

    theirs = f"/year/2026/report?office={below.id}"
    assert theirs in supervisor.get(f"/year/2026?office={below.id}").links()
    page = supervisor.get(theirs)
    assert "宝岭镇写的不足" in page.one("article").text
    assert not [link for link in page.links() if "/report/problems" in link]
    assert f"/year/2026/report/versions/2?office={below.id}" in page.links()
    assert "宝岭镇写的不足" in supervisor.get(f"/year/2026/report/versions/2?office={below.id}").text
    assert "宝岭镇写的不足" in supervisor.get(f"/year/2026/report.html?office={below.id}").response.text
    assert f"/year/2026/report.docx?office={below.id}" in page.links()
    for other in (beside.id, 10**6):
        assert supervisor.status(f"/year/2026/report?office={other}") == 404
        assert supervisor.status(f"/year/2026/report.docx?office={other}") == 404
    assert lead.status(theirs) == lead.status(f"/year/2026/report/problems?office={below.id}") == 404

    page = supervisor.get("/year/2026/report?scope=all")
    assert "/year/2026/report?scope=all" in supervisor.get("/year/2026/report").links()
    told = page.one("article").text
    assert "石狮市人民政府办公室（含下级机关 2 个） 2026 年政府信息公开工作年度报告" in told
    assert "由 3 个机关的数字相加；第二部分是各机关所填之和，3 个机关没有填全" in told
    assert "含录入数据：蚶江镇人民政府" in told
    assert "制发行政规范性文件 7 件" in told
    assert "9 格空白" in page.text  # what nobody typed in is no 0
    assert (
        "本年新收政府信息公开申请 8 件，上年结转 0 件；本年度办理结果总计 3 件，结转下年度继续办理 5 件"
        in told
    )
    assert "办结及时率" not in told  # the typed table doesn't know it
    assert "宝岭镇写的不足" not in told
    assert not page.forms()
    word, sheet, website = (
        supervisor.client.get(f"/year/2026/report.{kind}?scope=all").data for kind in KINDS
    )
    assert "含录入数据：蚶江镇人民政府" in website.decode()
    assert [p.text for p in docx.Document(io.BytesIO(word)).paragraphs if "含录入数据" in p.text]
    table = openpyxl.load_workbook(io.BytesIO(sheet))["表三"]
    assert "含录入数据" in str(table["A2"].value)
    assert [cell.value for cell in table[6]][-7:] == [3, 5, 0, 0, 0, 0, 8]


def test_an_act_dated_into_a_signed_year_says_where_it_counts_before_it_is_recorded(
    office: DeskOffice, sign_in_as: SignInAs
) -> None:
    from caseflow.closing import sign
    from caseflow.closing.freeze import freeze
    from caseflow.db import db
    from caseflow.models import Office

    open_ = office.accepted(date(2026, 12, 21))
    sign.sign(office.work("lead", JANUARY), 2026, freeze(db.session.get_one(Office, office.id), 2026).hash)
    clerk = sign_in_as("clerk-ssfb")
    clerk.get(f"/cases/{open_}/acts/withdraw")
    before = seq(open_)
    asked = clerk.submit({"on": "2026-12-28", "note": "来电撤回"})
    assert (asked.status, "这一条计入 2027 年" in asked.text, seq(open_)) == (422, True, before)
    assert asked.one("textarea").text == "来电撤回"
    clerk.submit({})
    assert (row(open_).result, row(open_).closed_on, row(open_).result_year) == (
        "other",
        date(2026, 12, 28),
        2027,
    )
    other = office.accepted(date(2026, 12, 22))
    clerk.get(f"/cases/{other}/acts/withdraw")
    clerk.submit({"on": "2027-01-11", "note": "来电撤回"})  # in an open year nobody is asked
    assert row(other).result_year == 2027


def test_a_request_received_in_a_signed_year_says_so_before_it_takes_its_number(
    office: DeskOffice, sign_in_as: SignInAs
) -> None:
    from sqlalchemy import func, select

    from caseflow.closing import sign
    from caseflow.closing.freeze import freeze
    from caseflow.db import db
    from caseflow.models import Case, Office

    sign.sign(office.work("lead", JANUARY), 2026, freeze(db.session.get_one(Office, office.id), 2026).hash)
    clerk = sign_in_as("clerk-ssfb")
    clerk.get("/cases/new")
    typed = {
        "name": "林国栋",
        "content": "结算报告",
        "channel": "in_person",
        "in_person_submitted": "2026-12-30",
    }
    asked = clerk.submit(typed)
    assert (asked.status, "这一条计入 2027 年" in asked.text) == (422, True)
    db.session.rollback()
    assert db.session.scalar(select(func.count()).select_from(Case)) == 0
    clerk.submit({})
    db.session.rollback()
    (case,) = db.session.scalars(select(Case)).all()
    assert (case.received_on, case.new_year) == (date(2026, 12, 30), 2027)


def test_a_supervisor_looks_at_the_year_of_an_office_below_and_sees_who_has_signed(
    office: DeskOffice, sign_in_as: SignInAs
) -> None:
    from caseflow.closing import sign
    from caseflow.closing.freeze import freeze
    from caseflow.db import db
    from caseflow.models import Office
    from tests.support.office import found

    below, beside = found("BLFB", "宝岭镇人民政府", parent_id=office.id), found("PZFB", "旁机关")
    done = below.replied(date(2026, 3, 2), date(2026, 3, 20))
    sign.sign(below.work("lead", JANUARY), 2026, freeze(db.session.get_one(Office, below.id), 2026).hash)
    supervisor, lead = sign_in_as("supervisor-ssfb"), sign_in_as("lead-ssfb")
    page = supervisor.get("/year/2026/closing")
    assert "1 ÷ 1 个已签发" in page.text
    theirs = f"/year/2026/closing?office={below.id}"
    assert theirs in page.links()
    assert "第 1 版" in supervisor.get(theirs).text
    assert "宝岭镇人民政府" in supervisor.get(f"/year/2026/closing/1?office={below.id}").text
    table = supervisor.get(f"/year/2026?office={below.id}")
    assert [td.text for td in table.all("table.t3 tbody tr")[0].all("td")][-1] == "1"
    cell = next(link for link in table.links() if link.startswith("/year/2026/granted/total"))
    assert f"/cases/{done}" in supervisor.get(cell).links()
    for other in (beside.id, 10**6):
        assert supervisor.status(f"/year/2026?office={other}") == 404
        assert supervisor.status(f"/year/2026/closing?office={other}") == 404
    assert lead.status(theirs) == 404  # a lead sees their own office


def test_a_correction_and_a_voided_reply_say_that_the_year_is_signed_before_they_are_made(
    office: DeskOffice, sign_in_as: SignInAs
) -> None:
    from caseflow.closing import sign
    from caseflow.closing.freeze import freeze
    from caseflow.db import db
    from caseflow.models import Office

    done, open_ = office.replied(date(2026, 3, 2), date(2026, 3, 20)), office.register(date(2027, 1, 11))
    lead, told = sign_in_as("lead-ssfb"), "这件已计入签发的 2026 年年报表"
    pages = [f"/cases/{done}/acts/void_reply", f"/cases/{done}/correct"]
    assert [told in lead.get(page).text for page in pages] == [False, False]
    sign.sign(office.work("lead", JANUARY), 2026, freeze(db.session.get_one(Office, office.id), 2026).hash)
    assert [told in lead.get(page).text for page in pages] == [True, True]
    assert told not in lead.get(f"/cases/{open_}/correct").text
