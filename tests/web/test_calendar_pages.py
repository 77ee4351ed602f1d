"""The calendar's pages: a year read at a glance, a notice pasted, previewed and confirmed."""

from __future__ import annotations

from datetime import date

import pytest

from caseflow.calendars import store
from caseflow.db import db
from caseflow.stages import calendar
from tests.law.days import day
from tests.law.notices import LINES, document, notice
from tests.stages.drive import do
from tests.support.office import found, row
from tests.support.pages import Desk
from tests.web.conftest import MONDAY, MORNING

pytestmark = pytest.mark.usefixtures("monday")

ROLES = ("clerk", "lead", "supervisor", "admin")
LOCAL = {"first": "2026-11-30", "name": "台风停工", "document": "市政府通告第 8 号"}


def newest():
    """The newest edition as it stands now."""
    db.session.rollback()
    return store.newest()


def extended(office):
    """Received today; the extension leads to 19 January 2027, a provisional day."""
    case_id = office.accepted(MONDAY)
    do(office, case_id, "ask_extension", MONDAY, days=20)
    do(office, case_id, "approve_extension", MONDAY, days=20, told=MONDAY)
    return case_id


def enter_2027(actor: int | None = None) -> None:
    calendar.enter(
        lambda: calendar.draft(notice(2027), 2027, document(2027)), actor_id=actor, today=MONDAY, now=MORNING
    )


# --- the year ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ROLES)
def test_the_year_is_shown_as_twelve_months_with_their_working_days(sign_in_as, who):
    page = sign_in_as(f"{who}-ssfb").get("/calendar")
    assert page.path == "/calendar/2026"
    assert page.h1 == "2026 年日历"
    assert len(page.all("table.month")) == 12
    assert "全年 248 个工作日" in page.text
    assert [m.text.split(" ", 1)[1] for m in page.all("caption")[:2]] == ["21 个工作日", "16 个工作日"]
    assert page.one(".tag-ok").text == "正式"
    assert len(page.all("td.holiday")) == 19
    assert len(page.all("td.makeup")) == 6


def test_every_day_has_the_document_it_comes_from(sign_in_as):
    page = sign_in_as("clerk-ssfb").get("/calendar/2026")
    spring = next(td for td in page.all("td.holiday") if td.attrs["title"].startswith("2月16日"))
    assert spring.attrs["title"] == f"2月16日 周一，春节（{document(2026)}）"
    assert spring.text == "16 休"
    assert "春节 休 2月16日 周一 至 2月20日 周五、2月23日 周一" in page.text
    assert page.one("td.today").text == "23"


def test_a_year_without_a_notice_is_provisional_with_its_fixed_days(sign_in_as):
    page = sign_in_as("clerk-ssfb").get("/calendar/2027")
    assert page.one(".prov").text == "暂定"
    assert "还没有录入" in page.text
    assert [td.text for td in page.all("td.holiday")] == ["1 休", "1 休"]
    assert "/calendar/2026" in page.links()
    assert "/calendar/2028" in page.links()


@pytest.mark.parametrize("year", [2003, 2100, 9999, 0])
def test_a_year_that_the_calendar_does_not_reach_is_not_found(sign_in_as, year):
    assert sign_in_as("clerk-ssfb").get(f"/calendar/{year}").status == 404
    assert sign_in_as("admin-ssfb").get(f"/calendar/{year}/enter").status == 404


@pytest.mark.parametrize("year", [2004, 2099])
def test_the_first_and_the_last_year_have_one_neighbour(sign_in_as, year):
    links = sign_in_as("clerk-ssfb").get(f"/calendar/{year}").links()
    assert ("/calendar/2003" in links, "/calendar/2100" in links) == (False, False)


def test_the_editions_of_a_year_are_listed_with_who_entered_them(office, sign_in_as):
    enter_2027(office.people["admin"])
    assert f"第 2 版 · {document(2027)} 吴桐" in sign_in_as("clerk-ssfb").get("/calendar/2027").text
    found("JJSB", "晋江市人民政府办公室")
    assert "其他机关的系统管理员" in sign_in_as("clerk-jjsb").get("/calendar/2027").text


def test_a_missing_year_is_announced_to_administrators_on_every_page(office, sign_in_as):
    announced = "2027 年的放假安排还没有录入"
    admin = sign_in_as("admin-ssfb")
    page = admin.get("/")
    assert announced in page.text
    assert "/calendar/2027/enter" in page.links()
    assert announced in admin.get("/calendar/2026").text
    clerk = sign_in_as("clerk-ssfb")
    assert announced not in clerk.get("/").text
    assert "由系统管理员录入" in clerk.get("/calendar/2026").text
    enter_2027()
    assert announced not in admin.get("/").text


# --- the notice --------------------------------------------------------------------------------------------


def paste(desk: Desk, words: str, year: int = 2027):
    desk.get(f"/calendar/{year}/enter")
    return desk.submit({"words": words}, form="预览")


def test_the_preview_tells_each_day_and_the_cases_it_moves_and_writes_nothing(office, sign_in_as):
    case_id = extended(office)
    office.accepted(MONDAY)
    page = paste(sign_in_as("admin-ssfb"), LINES[2027].replace("1月31日（周日）", "1月9日（周六）"))
    assert page.status == 200
    assert "本次将改变 1 件在办件的到期日" in page.text
    assert "2026-1 2027年1月19日 周二 暂定 2027年1月18日 周一" in page.text
    assert "249 个工作日（现在按推算是 259 个），由暂定改为正式" in page.text
    assert "1月9日 周六 班 春节 新增" in page.text
    assert "10月1日 周五 休 国庆 不变" in page.text
    assert row(case_id).due_on == day("周二 2027-01-19")
    assert newest() == 1


def test_an_administrator_sees_numbers_and_dates_and_no_case(office, sign_in_as):
    case_id = extended(office)
    page = paste(sign_in_as("admin-ssfb"), LINES[2027].replace("1月31日（周日）", "1月9日（周六）"))
    assert "林国栋" not in page.text
    assert f"/cases/{case_id}" not in page.links()


def test_cases_of_another_office_are_counted_not_listed(office, sign_in_as):
    extended(found("JJSB", "晋江市人民政府办公室"))
    page = paste(sign_in_as("admin-ssfb"), LINES[2027].replace("1月31日（周日）", "1月9日（周六）"))
    assert "本次将改变 1 件在办件的到期日" in page.text
    assert "其中其他机关 1 件" in page.text
    assert "2026-1" not in page.text


def test_confirmed_it_is_written_and_the_cases_are_dated_anew(office, sign_in_as):
    case_id = extended(office)
    desk = sign_in_as("admin-ssfb")
    paste(desk, LINES[2027].replace("1月31日（周日）", "1月9日（周六）"))
    page = desk.submit({"+confirm": "1"}, form="确认写入")
    assert page.path == "/calendar/2027"
    assert "已录入日历第 2 版，改变 1 件在办件的到期日" in page.text
    assert row(case_id).due_on == day("周一 2027-01-18")
    history = sign_in_as("clerk-ssfb").get(f"/cases/{case_id}").text
    assert "1月19日" in history
    assert "1月18日" in history


def test_the_same_notice_again_changes_nothing(office, sign_in_as):
    enter_2027()
    page = paste(sign_in_as("admin-ssfb"), notice(2027))
    assert "与现在的日历相同，没有要改的" in page.text
    assert not page.forms()


def test_a_confirmation_after_somebody_elses_edition_is_shown_anew(office, sign_in_as):
    desk = sign_in_as("admin-ssfb")
    paste(desk, notice(2027))
    calendar.enter(
        lambda: calendar.draft_local(MONDAY, MONDAY, False, "停工", "通告第 8 号"),
        actor_id=None, today=MONDAY, now=MORNING,
    )  # fmt: skip
    page = desk.submit({"+confirm": "1"}, form="确认写入")
    assert page.status == 409
    assert "看过以后日历有了新的版本" in page.text
    assert newest() == 2
    assert desk.submit({"+confirm": "1"}, form="确认写入").path == "/calendar/2027"
    assert newest() == 3


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("春节：2月30日放假。", "没有“2月30日”这一天"),
        ("恭贺新禧", "读不懂“恭贺新禧”"),
        (notice(2026), "通知写的是 2026 年，这里录入的是 2027 年"),
        ("", "粘贴通知中的放假安排"),
        ("长" * 5001, "最多 5000 个字"),
        ("春节：2月5日放假\x00", "含有看不见的控制字符"),
    ],
)
def test_a_notice_with_a_fault_keeps_what_was_pasted_and_writes_nothing(office, sign_in_as, words, why):
    page = paste(sign_in_as("admin-ssfb"), words)
    assert page.status == 422
    assert any(why in error for error in page.errors)
    if "\x00" not in words:
        assert "".join(map(str, page.one("textarea").children)).strip() == words.strip()
    assert newest() == 1


def test_a_confirmation_is_checked_again(office, sign_in_as):
    desk = sign_in_as("admin-ssfb")
    paste(desk, notice(2027))
    page = desk.submit({"+confirm": "1", "words": "春节：2月30日放假。"}, form="确认写入")
    assert page.status == 422
    assert newest() == 1


def test_a_festival_left_out_is_pointed_at(office, sign_in_as):
    page = paste(sign_in_as("admin-ssfb"), LINES[2027].split("五、", maxsplit=1)[0])
    assert "没有写到：端午、中秋、国庆" in page.text


# --- local days --------------------------------------------------------------------------------------------


def test_a_local_day_is_previewed_and_confirmed_and_can_be_revoked(office, sign_in_as):
    case_id = office.accepted(MONDAY)
    desk = sign_in_as("admin-ssfb")
    desk.get("/calendar/2026/local")
    page = desk.submit(LOCAL, form="预览")
    assert "本次将改变 1 件在办件的到期日" in page.text
    assert desk.submit({"+confirm": "1"}, form="确认写入").path == "/calendar/2026"
    assert row(case_id).due_on == day("周二 2026-12-22")
    page = desk.get("/calendar/2026")
    assert page.one("td.local").attrs["title"] == "11月30日 周一，台风停工（市政府通告第 8 号）"
    desk.get("/calendar/2026/local")
    assert "取消，照常上班" in desk.submit(form="撤销这一天").text
    desk.submit({"+confirm": "1"}, form="确认写入")
    assert row(case_id).due_on == day("周一 2026-12-21")
    assert newest() == 3


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"document": ""}, "写明文件名称和文号"),
        ({"name": ""}, "写明名称"),
        ({"first": ""}, "填写第一天"),
        ({"first": "明天"}, "写成 2026-12-04 这样的日期"),
        ({"first": "2027-03-01"}, "不是 2026 年的日期"),
        ({"first": "2026-11-29"}, "11月29日本来就不上班"),
        ({"last": "2026-11-27"}, "最后一天不能早于第一天"),
    ],
)
def test_a_local_day_that_cannot_stand_is_refused_at_its_field(office, sign_in_as, changed, why):
    desk = sign_in_as("admin-ssfb")
    desk.get("/calendar/2026/local")
    page = desk.submit(LOCAL | changed, form="预览")
    assert page.status == 422
    assert why in page.errors
    assert newest() == 1


@pytest.mark.parametrize("typed", ["2026-12-01", "", "明天", "2027-01-04"])
def test_a_local_day_that_is_none_is_not_revoked(office, sign_in_as, typed):
    desk = sign_in_as("admin-ssfb")
    desk.get("/calendar/2026/local")
    page = desk.post("/calendar/2026/local/remove", {"csrf_token": desk.token(), "day": typed})
    assert page.status == 422
    assert newest() == 1


# --- closing days ------------------------------------------------------------------------------------------


def test_a_closing_day_is_shown_to_its_office_and_counts_for_nobody(office, sign_in_as):
    found("JJSB", "晋江市人民政府办公室")
    case_id = office.accepted(MONDAY)
    lead = sign_in_as("lead-ssfb")
    lead.get("/calendar/2026/closing")
    page = lead.submit({"day": "2026-12-01", "name": "机关搬迁"}, form="登记")
    assert "12月1日 周二 · 机关搬迁" in page.text
    assert row(case_id).due_on == day("周一 2026-12-21")
    page = sign_in_as("clerk-ssfb").get("/calendar/2026")
    assert "机关搬迁" in page.one("td.closed").attrs["title"]
    assert "全年 248 个工作日" in page.text
    assert not sign_in_as("clerk-jjsb").get("/calendar/2026").all("td.closed")
    lead.get("/calendar/2026/closing")
    assert "机关搬迁" not in lead.submit(form="删去").text


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ({"day": "2026-11-29", "name": "周末"}, "11月29日本来就不上班"),
        ({"day": "2026-12-01", "name": ""}, "写明原因"),
        ({"day": "", "name": "搬迁"}, "填写日期"),
        ({"day": "2101-01-03", "name": "搬迁"}, "年度应在 2004 至 2099 之间"),
    ],
)
def test_a_closing_day_that_cannot_stand_is_refused_at_its_field(office, sign_in_as, typed, why):
    lead = sign_in_as("lead-ssfb")
    lead.get("/calendar/2026/closing")
    page = lead.submit(typed, form="登记")
    assert page.status == 422
    assert why in page.errors


def test_a_day_that_was_not_closed_cannot_be_opened(office, sign_in_as):
    lead = sign_in_as("lead-ssfb")
    lead.get("/calendar/2026/closing")
    for typed in ("2026-12-01", "", date.max.isoformat()):
        page = lead.post("/calendar/2026/closing/remove", {"csrf_token": lead.token(), "day": typed})
        assert page.status == 422
        lead.get("/calendar/2026/closing")
