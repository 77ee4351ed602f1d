"""更正 as a page: what each fact says now and how it is typed; a refusal at its field; what was declared void."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from tests.stages.drive import do
from tests.support.office import row, seq
from tests.support.pages import Desk
from tests.web.conftest import MONDAY, SignInAs

if TYPE_CHECKING:
    from tests.support.office import DeskOffice

pytestmark = pytest.mark.usefixtures("monday")
SENT = MONDAY - timedelta(days=14)


def consulted(office: DeskOffice) -> int:
    """Sent and delivered on 11月9日, not yet answered."""
    case_id = office.accepted(SENT)
    do(office, case_id, "consult_third_party", SENT, delivered=SENT)
    return case_id


@pytest.fixture
def lead(sign_in_as: SignInAs) -> Desk:
    """李建华 signed in."""
    return sign_in_as("lead-ssfb")


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("2026-11-24", "收到日期不能晚于今天"),
        ("2099-12-30", "收到日期不能晚于今天"),
        ("9999-12-31", "工作日历"),
        ("明天", "写成 2026-12-04"),
    ],
)
def test_a_day_that_cannot_be_is_refused_at_its_field_and_kept(
    office: DeskOffice, lead: Desk, typed: str, says: str
) -> None:
    case_id = consulted(office)
    lead.get(f"/cases/{case_id}/correct")
    before = seq(case_id)
    values = {"fact-fact": "3-delivered", "fact-value": typed, "fact-note": "回执"}
    page = lead.submit(values, form="/correct/fact")
    assert page.status == 422
    assert says in page.one("#fact-value-error").text
    assert page.one("#fact-value").attrs["value"] == typed
    assert seq(case_id) == before


def test_each_fact_stands_with_what_it_says_now_and_how_it_is_typed(office: DeskOffice, lead: Desk) -> None:
    case_id = office.replied(SENT, SENT)
    do(office, case_id, "open_proceeding", SENT, kind="suit", after=True)
    do(office, case_id, "close_proceeding", MONDAY, result="upheld")
    text = lead.get(f"/cases/{case_id}/correct").text
    assert "第 7 条 登记复议、诉讼 · 类型 现在是 行政诉讼；写行政复议、行政诉讼中的一个" in text
    assert "第 7 条 登记复议、诉讼 · 是否经过复议 现在是 是；写是、否中的一个" in text
    assert "第 8 条 登记审结 · 审结结果 现在是 结果维持" in text


def test_every_kind_of_fact_is_shown(office: DeskOffice, lead: Desk) -> None:
    case_id = consulted(office)
    do(office, case_id, "ask_extension", SENT)
    do(office, case_id, "approve_extension", SENT, days=10)
    text = lead.get(f"/cases/{case_id}/correct").text
    assert "征求第三方意见 · 对方收到的日期 现在是 11月9日 周一；写成 2026-12-04 这样的日期" in text
    assert "批准延期 · 延期的工作日 现在是 10 个工作日；写 1 到 20 的整数" in text
    assert "批准延期 · 告知申请人的日期 现在是 11月9日 周一" in text


def test_a_mistake_is_declared_void_and_the_history_shows_who_and_why(office: DeskOffice, lead: Desk) -> None:
    case_id = consulted(office)
    lead.get(f"/cases/{case_id}/correct")
    page = lead.submit({"void-target": "3", "void-note": "应记在另一件"}, form="/correct/void")
    assert page.status == 200, page.errors
    assert row(case_id).consulted is False
    (struck,) = page.all("ol.hist s")
    assert "书面征求鸿川公司意见" in struck.text
    assert "已作废：李建华作废，见第 4 条，应记在另一件" in page.text
    assert "李建华更正：第 3 条记错了，作废。" in page.text
    again = lead.get(f"/cases/{case_id}/correct")
    assert [f for f in again.forms() if f.attrs["action"].endswith("/void")] == []


def test_what_others_rest_on_is_refused_with_the_number_of_the_other(office: DeskOffice, lead: Desk) -> None:
    case_id = consulted(office)
    do(office, case_id, "record_opinion", date(2026, 11, 16), delivered=None)
    lead.get(f"/cases/{case_id}/correct")
    page = lead.submit({"void-target": "3", "void-note": "应记在另一件"}, form="/correct/void")
    assert page.status == 422
    assert "作废后与第 4 条记录矛盾：没有正在征求的意见" in page.one("#void-target-error").text
    assert page.one("#void-note").text == "应记在另一件"


def test_who_is_not_the_lead_declares_nothing_void(office: DeskOffice, desk: Desk) -> None:
    case_id = consulted(office)
    assert desk.get(f"/cases/{case_id}/correct").status == 403
