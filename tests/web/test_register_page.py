"""登记: one page, the channel's own dates, everything typed kept, nothing half written."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest
import time_machine
from sqlalchemy import func, select

from tests.support.pages import Desk, Page, values_of
from tests.web.conftest import SignInAs

if TYPE_CHECKING:
    from caseflow.models import Case

WHAT = "下宅村二组 2025 年度征地补偿费分配方案及发放明细"
FORM = {"name": "陈秀兰", "content": WHAT}


@pytest.fixture
def clerk(monday: None, sign_in_as: SignInAs) -> Desk:
    """王敏 before the page."""
    desk = sign_in_as("clerk-ssfb", latin=("EMS",))
    desk.get("/cases/new")
    return desk


def cases() -> int:
    """How many requests are registered."""
    from caseflow.db import db
    from caseflow.models import Case

    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(Case)) or 0


def newest() -> Case:
    """The request registered last."""
    from caseflow.db import db
    from caseflow.models import Case

    db.session.rollback()
    return db.session.scalars(select(Case).order_by(Case.id.desc()).limit(1)).one()


def test_a_request_handed_in_today_is_registered_with_its_number_and_due_day(clerk: Desk) -> None:
    page = clerk.submit(FORM)
    assert page.status == 200
    assert page.h1.startswith("2026-1 下宅村")
    assert "剩 20 个工作日" in page.text
    assert "12月21日 周一" in page.text
    assert "已登记 2026-1" in page.text


@pytest.mark.parametrize(
    ("channel", "days", "received", "due"),
    [
        ("in_person", {"in_person_submitted": "2026-11-20"}, date(2026, 11, 20), date(2026, 12, 18)),
        ("letter", {"mail": "signed", "arrived": "2026/11/19"}, date(2026, 11, 19), date(2026, 12, 17)),
        (
            "letter",
            {"mail": "ordinary", "letter_submitted": "2026-11-16", "letter_confirmed": "2026年11月18日"},
            date(2026, 11, 18),
            date(2026, 12, 16),
        ),
        (
            "online",
            {"online_submitted": "20261121", "online_confirmed": "20261123"},
            date(2026, 11, 23),
            None,
        ),
        ("online", {"online_submitted": "2026-11-21"}, None, None),
        ("fax", {"fax_confirmed": "2026-11-17"}, date(2026, 11, 17), date(2026, 12, 15)),
        ("other", {"other_confirmed": "2026-11-17"}, date(2026, 11, 17), date(2026, 12, 15)),
    ],
)
def test_the_channel_decides_which_day_is_the_legal_receipt(
    clerk: Desk, channel: str, days: dict[str, str], received: date | None, due: date | None
) -> None:
    page = clerk.submit(FORM | {"channel": channel} | days)
    assert page.status == 200
    case = newest()
    assert case.received_on == received
    if due:
        assert case.due_on == due
    if received is None:
        assert "待双方确认收到" in page.text
        assert case.due_on is None


def test_days_typed_for_another_channel_do_not_count(clerk: Desk) -> None:
    clerk.submit(FORM | {"channel": "in_person", "in_person_submitted": "2026-11-20", "arrived": "不知道"})
    assert newest().received_on == date(2026, 11, 20)


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"in_person_submitted": "2026-12-11"}, "提交日不能晚于今天（11月23日）"),
        ({"in_person_submitted": "2026-02-30"}, "写成 2026-12-04 这样的日期"),
        ({"in_person_submitted": "昨天"}, "写成 2026-12-04 这样的日期"),
        ({"in_person_submitted": "1999-01-01"}, "不能早于条例施行之日"),
        ({"in_person_submitted": ""}, "填写提交日"),
        ({"channel": "letter", "arrived": "2026-12-11"}, "签收日不能晚于今天（11月23日）"),
        (
            {"channel": "letter", "letter_submitted": "2026-11-20", "arrived": "2026-11-19"},
            "签收日不能早于提交日（11月20日）",
        ),
        ({"content": "   "}, "写明申请公开的信息：名称、文号或者便于查询的特征"),
        ({"name": ""}, "写明申请人的姓名或者名称"),
        ({"name": "陈" * 101}, "最多 100 个字，现在有 101 个"),
        ({"name": "陈\x07秀兰"}, "含有看不见的控制字符"),
        ({"name": "陈\u202e秀兰"}, "含有看不见的控制字符"),
        ({"content": "字" * 5001}, "最多 5000 个字"),
        ({"applicant_class": "martian"}, "类型"),
    ],
)
def test_bad_input_gets_a_sentence_keeps_what_was_typed_and_registers_nothing(
    clerk: Desk, typed: dict[str, str], says: str
) -> None:
    page = clerk.submit(FORM | {"address": "石狮市八七路 1 号"} | typed)
    assert page.status == 422
    if says != "类型":
        assert any(says in error for error in page.errors), page.errors
    assert "已填的内容都还在" in page.text
    assert "石狮市八七路 1 号" in page.response.get_data(as_text=True)
    assert cases() == 0


def test_computing_again_saves_nothing_and_shows_the_due_day(clerk: Desk) -> None:
    page = clerk.submit(FORM | {"in_person_submitted": "2026-11-20", "+recalculate": "1"})
    assert page.status == 200
    assert "12月18日 周五" in page.one("#preview").text
    assert cases() == 0


def test_a_receipt_after_3_december_2026_is_due_in_2027_and_marked_provisional(
    sign_in_as: SignInAs,
) -> None:
    with time_machine.travel(datetime(2026, 12, 4, 1, tzinfo=UTC), tick=False):
        desk = sign_in_as("clerk-ssfb")
        panel = desk.get("/cases/new").one("#preview").text
        assert "2027年1月4日 周一" in panel
        assert "暂定" in panel
        assert "暂定" in desk.submit(FORM).text


def test_one_form_with_three_matters_becomes_three_linked_requests(clerk: Desk) -> None:
    page = clerk.submit(FORM | {"matters-0": "村务公开栏历年公示", "matters-1": "低保名单公示"})
    assert "已登记 2026-1、2026-2、2026-3" in page.text
    assert cases() == 3
    for case_id, others in ((1, (2, 3)), (2, (1, 3)), (3, (1, 2))):
        aside = clerk.get(f"/cases/{case_id}").one("aside")
        assert "一事一申请，同一份申请书" in aside.text
        linked = [(a.text, a.attrs["href"]) for a in aside.all("a") if a.text.startswith("2026-")]
        assert linked == [(f"2026-{n}", f"/cases/{n}") for n in others]


def test_a_request_made_alone_is_linked_to_none(clerk: Desk) -> None:
    clerk.submit(FORM)
    clerk.get("/cases/new")
    assert "同一份申请书" not in clerk.submit(FORM).text


def test_a_spoken_request_is_filled_in_by_the_office_and_its_history_says_so(clerk: Desk) -> None:
    spoken = clerk.submit(FORM | {"oral": "y"})
    (line,) = spoken.all("ol.hist li")
    assert "陈秀兰当面提出申请，口头提出，由本机关代填" in line.text
    clerk.get("/cases/new")
    assert "代填" not in clerk.submit(FORM).one("ol.hist").text


def test_a_refused_matter_leaves_no_number_behind(clerk: Desk) -> None:
    clerk.submit(FORM | {"matters-0": "字" * 5001})
    assert cases() == 0
    clerk.get("/cases/new")
    assert clerk.submit(FORM).h1.startswith("2026-1 ")


def test_an_applicant_seen_before_is_offered_with_earlier_requests(clerk: Desk) -> None:
    clerk.submit(FORM | {"certificate_type": "居民身份证", "certificate_number": "350581190001011024"})
    clerk.get("/cases/new")
    page = clerk.submit({"name": "陈秀兰", "+recalculate": "1"})
    offered = page.one("#offer").text
    assert "同名的申请人以前申请过" in offered
    assert "2026-1" in offered
    assert "3505**********1024" in offered
    page = clerk.submit({"certificate_number": "350581190001011024", "+recalculate": "1"})
    assert "证件号码相同" in page.one("#offer").text


def test_the_next_request_can_follow_at_once(clerk: Desk) -> None:
    page = clerk.submit(FORM | {"+again": "1"})
    assert page.h1 == "登记申请"
    assert "已登记 2026-1" in page.text


def test_the_form_asks_no_purpose(clerk: Desk) -> None:
    page = clerk.get("/cases/new")
    assert "用途" not in page.text
    for asked in (
        "姓名或者名称",
        "证件号码",
        "联系电话",
        "申请公开的信息",
        "获取方式",
        "提供形式",
        "代理人",
        "共同申请人",
    ):
        assert asked in page.text


def test_the_side_panels_answer_the_script_without_writing(clerk: Desk) -> None:
    token = clerk.get("/cases/new").form("").one("input#csrf_token").attrs["value"]
    data = {"csrf_token": token, "channel": "letter", "mail": "signed", "arrived": "2026-11-19", "name": "陈"}
    shown = clerk.client.post("/cases/preview", data=data).get_data(as_text=True)
    assert "12月17日 周四" in shown
    assert clerk.client.post("/cases/offer", data=data).status_code == 200
    assert cases() == 0


def test_the_same_page_sent_twice_registers_once(clerk: Desk) -> None:
    """A double click, or 后退 and 保存 again."""
    form = clerk.get("/cases/new").form("")
    data = {name: values[-1] for name, values in values_of(form).items() if values} | FORM
    first = clerk.client.post("/cases/new", data=data)
    second = clerk.client.post("/cases/new", data=data)
    assert (first.status_code, second.status_code) == (302, 302)
    assert first.headers["Location"] == second.headers["Location"]
    assert cases() == 1
    assert "没有再登记一次" in clerk.get(second.headers["Location"]).text


def test_a_form_with_fields_left_out_is_refused_not_a_fault(clerk: Desk) -> None:
    token = clerk.get("/cases/new").form("").one("input#csrf_token").attrs["value"]
    assert clerk.client.post("/cases/new", data={"csrf_token": token}).status_code == 422
    assert cases() == 0


# --- an applicant seen before --------------------------------------------------------------------------------

CONTACT = {"phone": "13905950000", "email": "chen@example.cn", "address": "石狮市八七路 1 号"}


def contact_of(page: Page) -> dict[str, str]:
    """What the form holds of the applicant's contact."""
    held = values_of(page.form("保存并取号"))
    return {name: held[name][0] for name in CONTACT}


def test_the_contact_of_an_applicant_seen_before_is_taken_over_on_request_only(clerk: Desk) -> None:
    clerk.submit(FORM | CONTACT)
    clerk.get("/cases/new")
    offered = clerk.submit({"name": "陈秀兰", "+recalculate": "1"})
    assert contact_of(offered) == dict.fromkeys(CONTACT, "")
    taken = clerk.submit({"phone": "0595-88880000", "+take": "1"})
    assert contact_of(taken) == CONTACT | {"phone": "0595-88880000"}  # what was typed stays
    assert "联系方式照 2026-1 填好" in taken.text
    assert cases() == 1
    clerk.get("/cases/new")
    again = clerk.submit(FORM | {"+take": "1"})
    assert contact_of(again) == CONTACT | {"phone": "139****0000"}
    clerk.submit()
    assert (cases(), phones()) == (2, [CONTACT["phone"]] * 2), "masked on the page, whole in the record"


def phones() -> list[str]:
    from caseflow.db import db
    from caseflow.models import Identity

    db.session.rollback()
    return list(db.session.scalars(select(Identity.phone).order_by(Identity.particulars_id)))


def test_nobodys_contact_is_taken_over_but_that_of_who_was_offered(clerk: Desk) -> None:
    clerk.submit(FORM | CONTACT)
    clerk.get("/cases/new")
    for asked in ("1", "2", "", "x"):
        assert contact_of(clerk.submit({"name": "林国栋", "+take": asked})) == dict.fromkeys(CONTACT, "")


def test_an_applicant_who_is_another_is_offered_no_more_until_another_name_is_typed(clerk: Desk) -> None:
    clerk.submit(FORM | CONTACT)
    clerk.get("/cases/new")
    clerk.submit(FORM | {"name": "林国栋"})
    clerk.get("/cases/new")
    clerk.submit({"name": "陈秀兰", "+recalculate": "1"})
    page = clerk.submit({"+another": "1"})
    assert not page.all(".offer")
    assert values_of(page.form("保存并取号"))["name"] == ["陈秀兰"]
    assert not clerk.submit({"+recalculate": "1"}).all(".offer")
    assert clerk.submit({"name": "林国栋", "+recalculate": "1"}).all(".offer")
    assert cases() == 2


def test_enter_presses_the_button_that_registers(clerk: Desk) -> None:
    clerk.submit(FORM | CONTACT)
    clerk.get("/cases/new")
    page = clerk.submit({"name": "陈秀兰", "+recalculate": "1"})
    first = page.form("保存并取号").all("button")[0]
    assert (first.text, first.attrs.get("name")) == ("保存并取号", None)


def test_a_letter_that_was_signed_for_is_received_that_day_whatever_was_typed_as_confirmed(
    clerk: Desk,
) -> None:
    clerk.submit(
        FORM | {"channel": "letter", "mail": "signed", "arrived": "2026-11-19", "letter_confirmed": "明天"}
    )
    assert newest().received_on == date(2026, 11, 19)
