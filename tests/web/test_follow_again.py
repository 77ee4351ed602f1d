"""At the counter nothing typed is lost, what is done twice is done once, and what was corrected since is told as it is."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from caseflow.counter import acts, following, tickets
from caseflow.db import db
from caseflow.models import Case, Event, LetterOpening, Ticket
from caseflow.stages import correct, register
from caseflow.stages.errors import Refused
from tests.stages.drive import do
from tests.support.office import DeskOffice, row, seq
from tests.support.pages import Desk
from tests.web.conftest import MONDAY, MORNING
from tests.web.test_follow_pages import acts_of, sends, ticket_of, visitor

pytestmark = pytest.mark.usefixtures("monday")

FRIDAY = date(2026, 11, 20)


def online(office: DeskOffice, **form: str) -> int:
    """A request that came by network and waits for its receipt to be confirmed."""
    asked = register.Application("natural_person", "林国栋", "结算报告", phone="13805051024", **form)
    return register.register(
        office.work("clerk", FRIDAY), register.Arrival("online", submitted=FRIDAY), asked
    )[0].id


def test_days_and_reasons_are_told_as_they_were_corrected_and_as_the_desk_tells_them(
    office: DeskOffice, app: Flask
) -> None:
    case_id = online(office)
    do(office, case_id, "confirm_receipt", MONDAY)
    correct.correct_day(office.work("lead", MONDAY), case_id, seq(case_id), 2, FRIDAY, "记错了")
    applicant = visitor(app, ticket_of(case_id))
    told = applicant.get("/apply/status").text
    assert "11月20日 周五 双方确认收到" in told
    assert "11月23日 周一 双方确认收到" not in told
    assert "应在 12月18日 周五 以前答复 从 11月20日 收到申请的次日起算，法定 20 个工作日" in told
    do(office, case_id, "request_correction", MONDAY, until=date(2026, 12, 1))
    do(office, case_id, "receive_correction", MONDAY)
    assert "从 11月23日 收到补正的次日起算" in applicant.get("/apply/status").text


def test_a_reply_that_was_taken_back_is_told_so(office: DeskOffice, app: Flask) -> None:
    case_id = office.replied(FRIDAY, FRIDAY)
    do(office, case_id, "void_reply", MONDAY)
    told = visitor(app, ticket_of(case_id)).get("/apply/status")
    steps = [node.text for node in told.all("ul.plain li")]
    assert (steps[0], "正在办理" in told.text) == ("11月23日 周一 撤销前面的办结，接着办理", True)


def test_what_was_typed_is_handed_back_where_the_visit_is_over(office: DeskOffice, app: Flask) -> None:
    case_id = office.register(FRIDAY)
    do(office, case_id, "request_correction", MONDAY, until=date(2026, 12, 1))
    applicant = visitor(app, ticket_of(case_id))
    applicant.get("/apply/correct")
    with time_machine.travel(MORNING + tickets.STAYS + timedelta(seconds=1), tick=False):
        late = applicant.submit({"text": "2019 年改造的那一次"}, form="/apply/correct")
    assert (late.status, row(case_id).waiting) == (400, "correction")
    assert late.one("textarea").text == "2019 年改造的那一次"


def test_what_is_done_twice_is_done_once_and_said_so(office: DeskOffice, app: Flask, desk: Desk) -> None:
    case_id = online(office)
    applicant = visitor(app, ticket_of(case_id))
    applicant.get("/apply/withdraw")
    again = {"csrf_token": applicant.token(), "note": ""}
    assert "申请已经撤回" in applicant.post("/apply/withdraw", again).text
    assert "按现在的情况，这一步不能办" in applicant.post("/apply/withdraw", again).text
    assert [one[0] for one in acts_of(case_id)] == ["register", "withdraw"]

    desk.get(f"/cases/{office.register(MONDAY)}/ticket")
    held = desk.page.form("出具查询号、查询码") if desk.page else None
    assert held is not None
    desk.submit({}, form="出具查询号、查询码")
    desk.get("/cases/2/ticket")
    stale = desk.submit({"seen": ""}, form="换一个查询码")
    assert (stale.status, "这一次没有再换" in stale.text, len(stale.all("b.big"))) == (409, True, 0)


def test_reasons_are_given_online_and_a_letter_that_is_opened_stands_in_the_record(
    office: DeskOffice, app: Flask
) -> None:
    case_id = office.accepted(FRIDAY)
    do(office, case_id, "issue_letter", MONDAY)
    do(office, case_id, "ask_reasons", MONDAY, until=date(2026, 12, 1), note="本月第十三件")
    given = ticket_of(case_id, electronic=True)
    applicant = visitor(app, given)
    page = applicant.get("/apply/status")
    assert "请在 12月1日 周二 以前说明理由" in page.text
    assert "本月第十三件" in page.text
    assert "写明理由" in sends(applicant, "/apply/reasons", {"text": ""}).text
    assert "理由已经收到" in sends(applicant, "/apply/reasons", {"text": "课题需要"}).text
    sends(applicant, "/apply/contact", {"address": "学府路 2 号"})
    again = applicant.token()
    letter_id = db.session.scalars(
        select(Event.details["letter"].as_integer()).where(Event.act == "issue_letter")
    ).one()
    sends(applicant, "/apply/status", {}, f"/apply/letters/{letter_id}")
    applicant.post(f"/apply/letters/{letter_id}", {"csrf_token": again})
    assert [one for one in acts_of(case_id) if one[0] in ("receive_reasons", "open_letter")] == [
        ("receive_reasons", None, "counter"), ("open_letter", None, "counter"),
    ]  # fmt: skip


def test_two_openings_at_once_serve_the_reply_once(office: DeskOffice, app: Flask) -> None:
    from caseflow.calendars import store
    from caseflow.moment import now
    from caseflow.reports import casefolder

    case_id = office.replied(FRIDAY, FRIDAY)
    case = casefolder.found(db.session(), case_id)
    assert case is not None
    stale = casefolder.open_folder(case, store.current())  # as both of them saw it
    who = acts.applicant(db.session.get_one(Case, case_id), now(), MONDAY, store.current())
    for _ in range(2):
        acts.open_files(who, stale)
    assert [one[0] for one in acts_of(case_id)].count("deliver_reply") == 1
    assert not db.session.scalars(select(LetterOpening.letter_id)).all()
    assert "deliver_reply" in following.may(stale, MONDAY)


def test_an_applicant_can_still_be_reached_the_way_they_chose(office: DeskOffice) -> None:
    from caseflow.calendars import store
    from caseflow.moment import now
    from caseflow.reports import casefolder

    case_id = online(office, obtain_by="邮寄", address="学府路 1 号", email="a@example.cn")
    tickets.hand_out(office.work("clerk", MONDAY), case_id, electronic=True, notify=True)
    who = acts.applicant(db.session.get_one(Case, case_id), now(), MONDAY, store.current())
    kept = {"contact_person": "", "phone": "138****1024", "address": "学府路 1 号", "email": "a@example.cn"}
    for missing, why in (("address", "选了邮寄，写明收件的通信地址"), ("email", "要留电子邮箱")):
        with pytest.raises(Refused, match=why) as refused:
            acts.change_contact(who, kept | {missing: ""})
        assert refused.value.field == missing
    assert acts_of(case_id)[-1][0] == "change_contact"  # the wishes, by the clerk
    folder = casefolder.open_folder(
        casefolder.found(db.session(), case_id) or pytest.fail("no case"), store.current()
    )
    ticket = db.session.get_one(Ticket, case_id)
    assert (
        following.follow(db.session(), folder, ticket, MONDAY).steps[0][1] == "登记电子送达、邮件告知的意愿"
    )
    told = db.session.scalars(select(Event.details).where(Event.act == "change_contact")).one()
    assert told == {"changed": ["electronic", "notify"], "electronic": True, "notify": True}


def test_what_an_applicant_did_online_stands_on_the_first_page_until_somebody_goes_on_with_it(
    office: DeskOffice, app: Flask, desk: Desk
) -> None:
    corrected = office.accepted(FRIDAY)
    do(office, corrected, "request_correction", MONDAY, until=date(2026, 12, 1))
    sends(visitor(app, ticket_of(corrected)), "/apply/correct", {"text": "2019 年的"})
    withdrawn = online(office)
    sends(visitor(app, ticket_of(withdrawn)), "/apply/withdraw", {})
    waiting = online(office)
    ticket_of(waiting)
    page = desk.get("/")
    (panel,) = (part for part in page.all("section.panel") if "申请人在网上办的" in part.text)
    assert [line.text for line in panel.all("tbody tr")] == [
        "2026-2 林国栋 撤回了申请 11月23日 周一 未分办", "2026-1 林国栋 补正了 11月23日 周一 王敏",
    ]  # fmt: skip
    do(office, corrected, "draft_reply", MONDAY)
    do(office, withdrawn, "archive", MONDAY)
    assert "申请人在网上办的" not in desk.get("/").text
