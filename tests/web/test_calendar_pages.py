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
    assert len(page.all("td.holiday")) == 33  # the notice's 3+9+3+5+3+3+7
    assert len(page.all("td.makeup")) == 6


def test_every_day_has_the_document_it_comes_from(sign_in_as):
    page = sign_in_as("clerk-ssfb").get("/calendar/2026")
    spring = next(td for td in page.all("td.holiday") if td.attrs["title"].startswith("2月16日"))
    assert spring.attrs["title"] == f"2月16日 周一，春节（{document(2026)}）"
    assert spring.text == "16 休"
    assert "春节 休 2月15日 周日 至 2月23日 周一" in page.text
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


# --- many organs on one installation -----------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/calendar/2027", "/calendar/2027/enter", "/calendar/2027/local"])
def test_below_the_organ_on_top_the_pages_say_who_may_enter_and_have_no_form(office, sign_in_as, path):
    county = found("JJSB", "晋江市人民政府办公室", parent_id=office.id)
    found("CDZB", "池店镇人民政府", parent_id=county.id)
    monday = day("周一 2027-03-01")
    calendar.enter(
        lambda: calendar.draft_local(monday, monday, False, "停工", "市政府通告第 8 号"),
        actor_id=None, today=MONDAY, now=MORNING,
    )  # fmt: skip
    page = sign_in_as("admin-cdzb").get(path)
    assert page.status == 200
    assert "由主管机关“石狮市人民政府办公室”的系统管理员录入" in page.text
    assert not page.forms()
    assert not {"/calendar/2027/enter", "/calendar/2027/local"} & set(page.links())
    top = sign_in_as("admin-ssfb").get(path)
    assert "由主管机关" not in top.text


def test_below_the_organ_on_top_a_missing_year_is_announced_without_a_way_to_enter_it(office, sign_in_as):
    found("JJSB", "晋江市人民政府办公室", parent_id=office.id)
    page = sign_in_as("admin-jjsb").get("/")
    assert "到期日都是暂定的。由主管机关“石狮市人民政府办公室”的系统管理员录入。" in page.text
    assert "/calendar/2027/enter" not in page.links()


def test_below_the_organ_on_top_nothing_is_entered(office, sign_in_as):
    found("JJSB", "晋江市人民政府办公室", parent_id=office.id)
    desk = sign_in_as("admin-jjsb")
    desk.get("/account/password")
    proof = {"csrf_token": desk.token(), "seen": "1", "confirm": "1"}
    told = {"words": notice(2027), "document": document(2027)}
    assert desk.post("/calendar/2027/enter", proof | told).status == 403
    assert desk.post("/calendar/2026/local", proof | LOCAL | {"kind": "off"}).status == 403
    assert newest() == 1


# --- the notice --------------------------------------------------------------------------------------------


def paste(desk: Desk, words: str, year: int = 2027, title: str = ""):
    desk.get(f"/calendar/{year}/enter")
    return desk.submit({"words": words, "document": title or document(year)}, form="预览")


def test_the_preview_tells_each_day_and_the_cases_it_moves_and_writes_nothing(office, sign_in_as):
    case_id = extended(office)
    office.accepted(MONDAY)
    page = paste(sign_in_as("admin-ssfb"), LINES[2027].replace("1月31日（周日）", "1月9日（周六）"))
    assert page.status == 200
    assert "本次将改变 1 件在办件的到期日" in page.text
    assert "2026-1 2027年1月19日 周二 暂定 2027年1月18日 周一" in page.text
    assert "249 个工作日（现在按推算是 259 个），由暂定改为正式" in page.text
    assert "1月9日 周六 班 春节 新增" in page.text
    kept = page.one("details.shut").text  # what doesn't change is folded away
    assert "10月1日 周五 休 国庆" in kept
    assert "10月2日 周六 休 国庆" in kept
    assert "1月9日" not in kept
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
        ("恭贺新禧", "没有读到任何放假安排"),
        ("清明节休三日", "读不懂“清明节休三日”"),
        ("元旦：9999年12月31日放假，与周末连休，共1天。", "9999年12月31日不是 2027 年的日期"),
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


def test_a_festival_left_out_is_pointed_at_and_the_year_stays_provisional(office, sign_in_as):
    case_id = extended(office)
    desk = sign_in_as("admin-ssfb")
    page = paste(desk, LINES[2027].split("五、", maxsplit=1)[0])
    assert "2027 年还缺：端午、中秋、国庆。" in page.text
    assert "仍为暂定" in page.text
    assert "照常上班" not in page.text
    assert "由暂定改为正式" not in page.text
    page = desk.submit({"+confirm": "1"}, form="确认写入")
    assert page.one(".prov").text == "暂定"
    assert "2027 年的放假安排没有录齐，还缺端午、中秋、国庆" in page.text
    assert "端午、中秋还没有计入" in page.text
    assert row(case_id).provisional
    assert "2027 年的放假安排没有录齐，还缺端午、中秋、国庆，跨入 2027 年" in desk.get("/").text
    assert "2027 年的放假安排没有录齐，还缺端午、中秋、国庆，录入" in desk.get("/calendar/2026").text
    assert "还没有录入" not in desk.get("/").text


def test_a_number_in_the_pasted_words_need_not_be_typed(office, sign_in_as):
    desk = sign_in_as("admin-ssfb")
    desk.get("/calendar/2027/enter")
    assert desk.submit({"words": notice(2027)}, form="预览").status == 200
    desk.submit({"+confirm": "1"}, form="确认写入")
    db.session.rollback()
    assert store.year(2027).document == document(2027)


@pytest.mark.parametrize("title", ["x", "放假通知", "国务院办公厅关于2027年部分节假日安排的通知"])
def test_a_document_without_its_number_is_refused_at_its_field(office, sign_in_as, title):
    page = paste(sign_in_as("admin-ssfb"), LINES[2027], title=title)
    assert page.status == 422
    assert "写明文号，例如国办发明电〔2026〕7号" in page.errors


def test_the_same_days_by_another_title_are_told_before_they_are_entered(office, sign_in_as):
    enter_2027()
    page = paste(sign_in_as("admin-ssfb"), notice(2027), title=document(2027).replace("7号", "9号"))
    assert "日期没有变化。" in page.text
    assert "上班、放假的日子没有变化。" in page.text
    assert newest() == 2
    assert "只改名称和文件" in page.text


def test_other_terms_that_move_are_listed(office, sign_in_as):
    case_id = office.accepted(MONDAY)
    do(office, case_id, "consult_third_party", MONDAY, delivered=MONDAY)
    desk = sign_in_as("admin-ssfb")
    desk.get("/calendar/2026/local")
    page = desk.submit(LOCAL, form="预览")
    assert "1 件的其他期限（告知补正、征求意见、缴费等）随之改变" in page.text
    assert "2026-1 征求意见 12月14日 周一 12月15日 周二" in page.text


# --- the festivals, the editions ---------------------------------------------------------------------------


def rows(page, title):
    """The rows of the table under a heading."""
    section = next(s for s in page.all("section") if s.text.startswith(title))
    return [tr.text for tr in section.all("tr")[1:]]


def test_the_festivals_are_listed_as_the_notice_tells_them(office, sign_in_as):
    desk = sign_in_as("clerk-ssfb")
    assert rows(desk.get("/calendar/2026"), "放假安排") == [
        "元旦 1月1日至3日 共 3 天 1月4日上班",
        "春节 2月15日至23日 共 9 天 2月14日、2月28日上班",
        "清明 4月4日至6日 共 3 天 —",
        "劳动节 5月1日至5日 共 5 天 5月9日上班",
        "端午 6月19日至21日 共 3 天 —",
        "中秋 9月25日至27日 共 3 天 —",
        "国庆 10月1日至7日 共 7 天 9月20日、10月10日上班",
    ]
    assert rows(desk.get("/calendar/2025"), "放假安排")[-1] == (
        "国庆、中秋 10月1日至8日 共 8 天 9月28日、10月11日上班"
    )
    assert rows(desk.get("/calendar/2019"), "放假安排")[0] == (
        "元旦 2018年12月30日至1月1日 共 3 天 2018年12月29日上班"
    )
    enter_2027()
    assert "劳动节 5月1日至5日 共 5 天 4月25日、5月8日上班" in rows(desk.get("/calendar/2027"), "放假安排")


def test_a_provisional_year_says_which_festivals_are_not_counted(sign_in_as):
    text = sign_in_as("clerk-ssfb").get("/calendar/2027").text
    assert "日期固定的元旦、劳动节、国庆节已按法定假日计入，春节、清明、端午、中秋还没有计入" in text


def test_every_edition_can_be_looked_at_with_what_it_changed(office, sign_in_as):
    enter_2027(office.people["admin"])
    paper = "国务院办公厅关于调整2027年端午节假期的通知（国办发明电〔2027〕3号）"
    calendar.enter(
        lambda: calendar.draft("端午节：6月9日至10日放假，共2天。", 2027, paper),
        actor_id=office.people["admin"], today=MONDAY, now=MORNING,
    )  # fmt: skip
    desk = sign_in_as("clerk-ssfb")
    links = desk.get("/calendar/2027").links()
    assert "/calendar/2027?version=2" in links
    old = desk.get("/calendar/2027?version=2")
    assert "全年 249 个工作日" in old.text
    assert "已经被第 3 版代替" in old.text
    assert "这是 2027 年最早的一版" in old.text
    assert "端午 6月9日 共 1 天 —" in rows(old, "放假安排")
    new = desk.get("/calendar/2027?version=3")
    assert "全年 248 个工作日" in new.text
    assert "11月23日 周一 · 吴桐" in new.text
    assert rows(new, "第 3 版") == [
        "6月10日 周四 休 端午 新增", "6月9日 周三 休 端午 日期不变，名称或依据不同",
    ]  # fmt: skip
    assert "代替" not in new.text


@pytest.mark.parametrize("version", ["0", "1", "9", "x", "", "-1", "99999999999999"])
def test_an_edition_that_a_year_does_not_have_is_not_found(office, sign_in_as, version):
    enter_2027()
    assert sign_in_as("clerk-ssfb").get(f"/calendar/2027?version={version}").status == 404


def test_the_history_names_the_document_and_a_withdrawal(office, sign_in_as):
    case_id = office.accepted(MONDAY)
    monday = day("周一 2026-11-30")
    for propose in (
        lambda: calendar.draft_local(monday, monday, False, "停工", "市政府通告第 8 号"),
        lambda: calendar.draft_without(monday),
    ):
        calendar.enter(propose, actor_id=office.people["admin"], today=MONDAY, now=MORNING)
    text = sign_in_as("clerk-ssfb").get(f"/cases/{case_id}").text
    assert "吴桐录入“市政府通告第 8 号”，到期日由 12月21日 改为 12月22日。" in text
    assert "吴桐撤销地方安排“市政府通告第 8 号”，到期日由 12月22日 改为 12月21日。" in text


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


def test_a_withdrawal_confirmed_twice_ends_on_the_calendar(office, sign_in_as):
    desk = sign_in_as("admin-ssfb")
    desk.get("/calendar/2026/local")
    desk.submit(LOCAL, form="预览")
    desk.submit({"+confirm": "1"}, form="确认写入")
    desk.get("/calendar/2026/local")
    desk.submit(form="撤销这一天")
    again = {"csrf_token": desk.token(), "day": "2026-11-30", "seen": "2", "confirm": "1"}
    desk.submit({"+confirm": "1"}, form="确认写入")
    page = desk.post("/calendar/2026/local/remove", again)
    assert (page.status, page.path) == (200, "/calendar/2026")
    assert "11月30日没有录入过地方的安排，也许已经撤销，没有改动" in page.text
    assert newest() == 3


def test_a_local_day_confirmed_twice_is_told_at_its_form(office, sign_in_as):
    desk = sign_in_as("admin-ssfb")
    desk.get("/calendar/2026/local")
    desk.submit(LOCAL, form="预览")
    again = LOCAL | {"csrf_token": desk.token(), "kind": "off", "seen": "1", "confirm": "1"}
    desk.submit({"+confirm": "1"}, form="确认写入")
    page = desk.post("/calendar/2026/local", again)
    assert page.status == 422
    assert "11月30日本来就不上班" in page.errors
    assert newest() == 2


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"document": ""}, "写明文件名称和文号"),
        ({"document": "市政府通知"}, "写明文号，例如市政发〔2026〕8号、人民政府令第8号"),
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
    proof = {"csrf_token": lead.token()}
    assert lead.post("/calendar/2026/closing/remove", proof | {"day": ""}).status == 422
    for day_open, told in (("2026-12-01", "12月1日"), (date.max.isoformat(), "12月31日")):
        page = lead.post("/calendar/2026/closing/remove", proof | {"day": day_open})
        assert (page.status, page.path) == (200, "/calendar/2026/closing")
        assert f"{told}没有登记过，也许已经删去，没有改动" in page.text
