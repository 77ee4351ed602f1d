"""查询进度: by number and code the applicant sees their own request, is served, corrects, withdraws; nobody else does."""

from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from caseflow.counter import tickets
from caseflow.db import db, transaction
from caseflow.models import AuditEntry, Case, Document, Event, LetterOpening, Particulars, Visit
from caseflow.moment import now
from caseflow.stages import letters
from tests.stages.drive import do
from tests.support.hostile import TRICKS
from tests.support.office import DeskOffice, approve, found, row, seq
from tests.support.pages import Desk, Page, values_of
from tests.support.statements import MOST, listening
from tests.web.conftest import MONDAY
from tests.web.test_hostile_forms import state

pytestmark = pytest.mark.usefixtures("monday")

WRONG = "查询号或者查询码不对"


def ticket_of(case_id: int, **wishes: Any) -> tickets.Given:
    """A ticket for a case."""
    with transaction() as session:
        return tickets.issue(session, session.get_one(Case, case_id), now=now(), **wishes)


def visitor(app: Flask, given: tickets.Given) -> Desk:
    """The applicant at a browser of their own, number and code entered as they are shown, in any letters."""
    browser = Desk(app.test_client())
    browser.get("/apply/status")
    shown = {"number": tickets.grouped(given.query_number), "code": tickets.grouped(given.code).lower()}
    assert browser.submit(shown, form="/apply/status").response.status_code == 200
    return browser


def sends(browser: Desk, at: str, typed: Mapping[str, Any], form: str = "") -> Page:
    """What comes of a form of a page."""
    browser.get(at)
    return browser.submit(dict(typed), form=form or at)


def acts_of(case_id: int) -> list[tuple[str, int | None, str]]:
    db.session.rollback()
    query = (
        select(Event.act, Event.actor_id, Event.source).where(Event.case_id == case_id).order_by(Event.seq)
    )
    return [tuple(one) for one in db.session.execute(query)]  # type: ignore[misc]


def test_an_applicant_is_asked_to_correct_corrects_online_and_opens_the_reply_which_is_its_service(
    office: DeskOffice, app: Flask
) -> None:
    case_id = office.register(date(2026, 11, 20), "online", phone="13805051024", email="a@example.cn")
    applicant = visitor(app, ticket_of(case_id, electronic=True))
    page = applicant.get("/apply/status")
    assert "正在审核" in page.text
    assert "应在 12月18日 周五 以前答复" in page.text
    do(
        office,
        case_id,
        "request_correction",
        MONDAY,
        note="写明项目的年份\n迟延的理由：内部的话",
        until=date(2026, 12, 1),
    )
    page = applicant.get("/apply/status")
    assert "等您补正" in page.text
    assert "写明项目的年份" in page.text
    assert "内部的话" not in page.text
    assert "应在" not in page.text
    empty = sends(applicant, "/apply/correct", {})
    assert (empty.response.status_code, "写明补正的内容，或者附上文件" in empty.text) == (422, True)
    bad = sends(applicant, "/apply/correct", {"text": "2019 年", "files": (io.BytesIO(b"MZ"), "年份.exe")})
    assert (bad.response.status_code, "2019 年" in bad.text, row(case_id).waiting) == (
        422,
        True,
        "correction",
    )
    scan = {"text": "2019 年的", "files": (io.BytesIO(b"%PDF-1.7 scan"), "年份.pdf")}
    done = sends(applicant, "/apply/correct", scan)
    assert "补正已经收到" in done.text
    assert "应在 12月21日 周一 以前答复" in done.text
    assert [one[0] for one in acts_of(case_id)] == [
        "register",
        "request_correction",
        "receive_correction",
        "add_files",
    ]
    assert set(acts_of(case_id)[2:]) == {
        ("receive_correction", None, "counter"),
        ("add_files", None, "counter"),
    }
    document = db.session.scalars(select(Document).where(Document.case_id == case_id)).one()
    assert (document.kind, document.name, document.added_by) == ("request", "年份.pdf", None)

    do(office, case_id, "accept", MONDAY)
    do(office, case_id, "draft_reply", MONDAY, result="granted")
    approve(office.work("lead", MONDAY), case_id)
    drafted = next(n for n, one in enumerate(acts_of(case_id), 1) if one[0] == "draft_reply")
    clerk = office.work("clerk", MONDAY)
    letter_id = letters.issue(
        clerk, case_id, seq(case_id), "reply_granted", drafted, {"公开内容": "结算报告", "提供方式": "网上"}
    )
    assert "政府信息公开告知书" not in applicant.get("/apply/status").text  # not before it is sent
    assert applicant.status(f"/apply/letters/{letter_id}", {"csrf_token": applicant.token()}) == 404
    do(office, case_id, "send_reply", MONDAY, how="portal")
    page = applicant.get("/apply/status")
    assert "已经答复" in page.text
    assert "政府信息公开告知书" in page.text
    assert "六十日内向泉州市人民政府申请行政复议" in page.text
    assert applicant.get(f"/apply/letters/{letter_id}").response.status_code == 404  # a GET opens nothing
    assert row(case_id).delivered_on is None
    read = sends(applicant, "/apply/status", {}, f"/apply/letters/{letter_id}")
    assert "结算报告" in read.one(".letter").text
    assert row(case_id).delivered_on == MONDAY
    assert acts_of(case_id)[-1] == ("deliver_reply", None, "counter")
    word = applicant.get(f"/apply/letters/{letter_id}.docx").response
    assert (word.status_code, word.headers["Content-Disposition"].startswith("attachment")) == (200, True)
    with listening(db.engine) as said:
        assert "给您的文书" in applicant.get("/apply/status").text
    assert len(said) <= MOST
    before = seq(case_id)
    sends(applicant, "/apply/status", {}, "/apply/leave")
    assert "输入提交申请时给的查询号" in applicant.get("/apply/status").text
    assert seq(case_id) == before
    assert db.session.scalars(select(LetterOpening.letter_id)).all() == [letter_id]


def test_an_applicant_changes_where_they_are_reached_and_withdraws_what_was_not_confirmed_into_no_cell(
    office: DeskOffice, app: Flask
) -> None:
    from caseflow.stages import register

    arrival = register.Arrival("online", submitted=MONDAY)
    form = register.Application(
        "natural_person", "林国栋", "结算报告", phone="13805051024", address="学府路 1 号"
    )
    (case,) = register.register(office.work("clerk", MONDAY), arrival, form)
    case_id = case.id
    applicant = visitor(app, ticket_of(case_id))
    page = applicant.get("/apply/status")
    assert "等待确认收到" in page.text
    assert "您没有选择电子送达" in page.text
    shown = applicant.get("/apply/contact")
    assert shown.one("#phone").attrs["value"] == "138****1024"
    refused = sends(applicant, "/apply/contact", {"phone": "", "address": "", "email": ""})
    assert (refused.response.status_code, "至少留一样" in refused.text) == (422, True)
    done = sends(applicant, "/apply/contact", {"address": "学府路 2 号"})
    assert "联系方式已经变更" in done.text
    newest = db.session.scalars(select(Particulars).order_by(Particulars.version.desc()).limit(1)).one()
    assert (newest.address, newest.version, newest.content) == ("学府路 2 号", 2, "结算报告")
    done = sends(applicant, "/apply/withdraw", {"note": "已在网站上找到"})
    assert "已经撤回" in done.text
    kept = row(case_id)
    assert (kept.closed_by, kept.result, kept.new_year) == ("not_received", "", None)
    again = applicant.get("/apply/withdraw")
    assert "按现在的情况，这一步不能办" in again.text


def test_nobody_without_both_is_told_anything_and_tries_are_counted(office: DeskOffice, app: Flask) -> None:
    mine, other = office.register(MONDAY), office.register(MONDAY, name="陈志远")
    first, second = ticket_of(mine, electronic=True), ticket_of(other, electronic=True)
    assert first.query_number != second.query_number
    stranger = Desk(app.test_client())
    for number, code in (
        (first.query_number, second.code),
        ("1" * 12, first.code),
        (first.query_number, "A" * 12),
    ):
        told = sends(stranger, "/apply/status", {"number": number, "code": code})
        assert (told.response.status_code, WRONG in told.text, "林国栋" in told.text) == (422, True, False)
    for path in (
        "/apply/letters/1",
        "/apply/letters/1.docx",
        "/apply/correct",
        "/apply/withdraw",
        "/apply/contact",
    ):
        assert stranger.get(path).path == "/apply/status", path
    # five tries of a number in a quarter of an hour, right or wrong; then also the right code waits
    for _ in range(3):
        sends(stranger, "/apply/status", {"number": first.query_number, "code": "B" * 12})
    late = sends(stranger, "/apply/status", {"number": first.query_number, "code": first.code})
    assert late.response.status_code == 429
    assert db.session.scalars(select(AuditEntry.what)).all().count("sign_in_throttled") == 1
    assert not db.session.scalars(select(Visit.case_id)).all()
    assert "陈志远" not in late.text
    # another's letters and pages are not there from within one's own visit
    theirs = visitor(app, second)
    do(office, mine, "issue_letter", MONDAY)
    letter_id = 1
    assert theirs.get(f"/apply/letters/{letter_id}").response.status_code == 404


def test_the_desk_sees_what_waits_online_with_its_age_and_says_how_it_was_confirmed(
    office: DeskOffice, app: Flask, desk: Desk
) -> None:
    from caseflow.stages import register

    friday = date(2026, 11, 20)
    form = register.Application("natural_person", "林国栋", "结算报告", phone="13805051024")
    (case,) = register.register(
        office.work("clerk", friday), register.Arrival("online", submitted=friday), form
    )
    waiting = desk.get("/?whose=all")
    assert "网上待确认 · 已等 3 天" in waiting.text
    desk.get(f"/cases/{case.id}/acts/confirm_receipt")
    done = desk.submit(
        {"how": "phone", "on": MONDAY.isoformat(), "note": "本人接听"}, form="/confirm_receipt"
    )
    assert "与林国栋电话确认收到申请，这一天是法定收到日。" in done.text
    assert row(case.id).received_on == MONDAY


def test_a_clerk_hands_out_number_and_code_and_another_code_ends_the_first(
    office: DeskOffice, app: Flask, desk: Desk
) -> None:
    case_id = office.register(MONDAY)
    desk.get(f"/cases/{case_id}/ticket")
    refused = desk.submit({"notify": "y"}, form="出具查询号、查询码")
    assert (refused.response.status_code, "没有留电子邮箱" in refused.text) == (422, True)
    first = desk.submit({"electronic": "y", "notify": []}, form="出具查询号、查询码")
    number, code = (node.text for node in first.all("b.big"))
    applicant = Desk(app.test_client())
    applicant.get("/apply/status")
    assert "退出查询" in applicant.submit({"number": number, "code": code}, form="/apply/status").text
    desk.get(f"/cases/{case_id}/ticket")
    second = desk.submit({}, form="换一个查询码")
    assert second.all("b.big")[0].text == number
    assert "输入提交申请时给的查询号" in applicant.get("/apply/status").text  # whoever had the first is out
    again = sends(applicant, "/apply/status", {"number": number, "code": code})
    assert WRONG in again.text
    db.session.rollback()
    noted = db.session.scalars(select(AuditEntry.details).where(AuditEntry.what == "ticket_given")).all()
    assert noted == [{"before": ""}, {"before": "原查询码作废"}]


def test_the_process_of_the_counter_has_no_way_to_the_desk(office: DeskOffice, app: Flask) -> None:
    from dataclasses import replace

    from caseflow import create_app
    from caseflow.web import COUNTER_TOPICS, ONLY_COUNTER

    case_id = office.register(MONDAY)
    given = ticket_of(case_id)
    alone = create_app(replace(app.extensions["caseflow"]["settings"], only="counter"))
    topics = {rule.endpoint.split(".")[0] for rule in alone.url_map.iter_rules()}
    assert topics <= {*COUNTER_TOPICS, *ONLY_COUNTER, "static", "bootstrap"}
    with alone.app_context():
        applicant = visitor(alone, given)
        assert "正在审核" in applicant.get("/apply/status").text
        for path in ("/login", "/cases", f"/cases/{case_id}", "/admin/people", "/search", "/year/2026"):
            lost = applicant.get(path)
            assert (lost.response.status_code, "去登录" in lost.text) == (404, False), path
        assert {applicant.get(path).status for path in ("/published", "/published/reports")} == {200}
        assert applicant.get("/", follow=False).response.headers["Location"] == "/apply"
        applicant.environ = {
            "headers": {"Origin": "http://localhost", "Referer": "http://localhost/apply/status"}
        }
        for path in ("/apply", "/apply/send", "/apply/receipt.docx", "/apply/withdraw"):  # without a token
            late = applicant.post(path, {"name": "林国栋"})
            assert (late.status, "去登录" in late.text) == (400, False), path
        assert late.one("main a").attrs["href"] == "/apply/status"
        clerk = Desk(alone.test_client())
        clerk.client.set_cookie("caseflow", cookie_of(app))
        assert "王敏" not in clerk.get("/apply/status").text


def cookie_of(app: Flask) -> str:
    """The cookie of a clerk who is signed in at the desk."""
    desk = Desk(app.test_client())
    desk.enter("clerk-ssfb")
    cookie = desk.client.get_cookie("caseflow")
    assert cookie is not None
    return cookie.value


def test_whatever_an_applicant_s_forms_are_sent_they_never_fail_and_what_is_refused_writes_nothing(
    office: DeskOffice, app: Flask
) -> None:
    case_id = office.register(MONDAY, "online", phone="13805051024")
    do(office, case_id, "request_correction", MONDAY, until=date(2026, 12, 1))
    applicant = visitor(app, ticket_of(case_id, electronic=True))
    wrong, refused = [], []
    for path in ("/apply/contact", "/apply/correct", "/apply/withdraw"):
        form = next(f for f in applicant.get(path).all("form") if f.attrs["action"] == path)
        filled = values_of(form) | {"text": "2019 年"} if path == "/apply/correct" else values_of(form)
        for place, (trick, change) in enumerate(TRICKS.items()):
            if row(case_id).closed_on:
                break
            before = state()
            status = applicant.status(path, change(filled, place))
            if status >= 500 or (status >= 400 and state() != before):
                wrong.append((path, trick, status))
            refused += [path] if status == 422 else []
    assert wrong == []
    assert set(refused) == {"/apply/contact", "/apply/correct", "/apply/withdraw"}


def test_who_calls_with_the_number_of_their_ticket_is_found_by_it_in_their_own_office_alone(
    office: DeskOffice, app: Flask, desk: Desk
) -> None:
    given = ticket_of(office.register(MONDAY))
    elsewhere = ticket_of(found("JJSB", "晋江市人民政府办公室").register(MONDAY))
    assert desk.get(f"/search?q={tickets.grouped(given.query_number)}").path == "/cases/1"
    assert desk.get(f"/search?q={elsewhere.query_number}").path.startswith("/search")


def test_whose_reply_was_corrected_is_told_under_which_number_it_is_answered_anew(
    office: DeskOffice, app: Flask
) -> None:
    case_id = office.replied(date(2026, 9, 21), date(2026, 10, 12))
    applicant = visitor(app, ticket_of(case_id))
    for act in ("open_proceeding", "close_proceeding", "redo_reply"):
        do(office, case_id, act, MONDAY)
    assert "答复被复议决定、判决纠正，另立 2026-2 号重新答复" in applicant.get("/apply/status").text
