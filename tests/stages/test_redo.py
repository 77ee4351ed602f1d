"""重新答复 after a reply was corrected, and 关联外机关登记: the new case, its term, and where neither counts."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from caseflow.closing import checks
from caseflow.closing.freeze import freeze
from caseflow.db import db, transaction
from caseflow.law.casefile import CaseFile
from caseflow.law.replay import replay
from caseflow.ledger.write import Export
from caseflow.models import CaseLink, Office, Person
from caseflow.reports import cells, on_time
from caseflow.reports.related import related
from caseflow.reports.year import as_json, year_report
from caseflow.stages import correct, offices, record
from caseflow.stages.errors import Refused
from caseflow.upkeep import verify
from tests.law.days import day
from tests.stages.drive import assert_replayed, do, elsewhere, elsewhere_id, refused
from tests.support.office import DeskOffice, found, row, seq

MONDAY = day("周一 2026-09-21")
SENT = day("周五 2026-10-09")
BROUGHT = day("周一 2026-10-12")
CLOSED = day("周一 2026-11-02")
CAME = day("周二 2026-11-03")
SET = day("周五 2026-11-20")


def corrected(office: DeskOffice, **form: str) -> int:
    """A case whose reply was corrected by a reconsideration."""
    case_id = office.replied(MONDAY, SENT, **form)
    do(office, case_id, "open_proceeding", BROUGHT, kind="reconsideration")
    do(office, case_id, "close_proceeding", CLOSED, result="corrected")
    return case_id


def answered_anew(office: DeskOffice, case_id: int, on: date = CAME, set_day: date | None = SET) -> int:
    """The case under which it is answered anew."""
    do(office, case_id, "redo_reply", on, set_day=set_day)
    db.session.rollback()
    links = select(CaseLink.other_id).where(CaseLink.case_id == case_id, CaseLink.kind == "redo")
    return db.session.scalars(links.order_by(CaseLink.other_id.desc())).first() or 0


def answer(office: DeskOffice, case_id: int, sent: date) -> None:
    for act in ("draft_reply", "approve_reply", "send_reply"):
        do(office, case_id, act, sent)


def file_of(case_id: int) -> CaseFile:
    return replay(record.entries(db.session(), case_id))


def figures(office: DeskOffice) -> list[dict[str, Any]]:
    """All that both years say; each balances."""
    db.session.rollback()
    reports = [year_report([office.id], year) for year in (2026, 2027)]
    assert all(report.table.balanced for report in reports)
    return [as_json(report, office.code) for report in reports]


def test_the_request_is_answered_anew_under_a_case_of_its_own(office: DeskOffice) -> None:
    case_id = corrected(office, certificate_number="350581199001011024", phone="13800000000")
    old = row(case_id)
    before = (old.stage, old.result, old.result_year, old.replied_on, old.on_time)
    anew_id = answered_anew(office, case_id)
    new, old = row(anew_id), row(case_id)
    assert (old.stage, old.result, old.result_year, old.replied_on, old.on_time) == before
    assert file_of(case_id).proceedings[0].redone == anew_id
    assert (new.stage, new.handler, new.number, new.channel) == ("handle", "王敏", "2026-2", "in_person")
    assert (new.received_on, new.due_on, new.registered_on) == (CAME, SET, CAME)
    form = record.particulars_of(db.session(), new)
    assert form == record.particulars_of(db.session(), old)
    assert (form["name"], form["certificate_number"]) == ("林国栋", "350581199001011024")
    assert file_of(anew_id).first_received == MONDAY
    told = [(r.kind, r.told_here, r.number) for r in related(db.session(), anew_id)]
    assert told == [("redo", True, "2026-1")]
    assert [(r.told_here, r.id) for r in related(db.session(), case_id)] == [(False, anew_id)]
    for one in (case_id, anew_id):
        assert_replayed(one)
    assert list(verify.differences()) == []
    with transaction() as session:
        session.delete(session.get_one(CaseLink, (case_id, anew_id)))
    assert list(verify.differences()) == [
        f"SSFB 2026-2 重新答复：事件说与 /cases/{case_id} 关联，没有这条关联"
    ]


def test_it_stands_in_no_cell_and_in_no_rate_and_its_own_proceedings_do(office: DeskOffice) -> None:
    case_id = corrected(office)
    before = figures(office)
    anew_id = answered_anew(office, case_id)
    assert figures(office) == before
    assert year_report([office.id], 2026).unconfirmed == 0  # it was received, it only isn't counted
    present = freeze(db.session.get_one(Office, office.id), 2026)
    sentences = [f.sentence for f in checks.findings(checks.Asked(office.id, 2026, CAME), present, None)]
    assert not [sentence for sentence in sentences if "确认收到" in sentence]
    answer(office, anew_id, day("周三 2026-11-25"))
    new = row(anew_id)
    assert (new.result, new.on_time, new.new_year, new.result_year) == ("granted", False, None, None)
    assert figures(office) == before
    assert cells.cells_of(new, CAME, new.proceedings) == []
    for view in (on_time.RECORDED, on_time.DATED):
        past = on_time.as_of([office.id], day("周一 2026-11-30"), view)
        lines = on_time.count([office.id], on_time.year_span(2026), past.source)
        assert {line.figures.rate.sent for found_ in lines.values() for line in found_} == {1}
    export = Export(db.session(), office.id)
    assert [r["登记编号"] for r in export.rows()] == ["2026-1"]
    assert (
        export.left_out() == "重新答复的 1 件没有导出，连同对它们的复议、诉讼（第一次答复已经计入）：2026-2"
    )
    do(office, anew_id, "open_proceeding", day("周一 2026-11-30"), kind="suit")
    (block,) = (f["proceedings"]["suit_direct"] for f in figures(office)[:1])
    assert (block["pending"], block["total"]) == (1, 1)
    (use,) = cells.cells_of(row(anew_id), CAME, row(anew_id).proceedings)
    assert (use.row, use.column) == ("suit_direct", "pending")


def test_without_a_day_set_the_twenty_days_run_and_it_may_be_corrected_once_more(office: DeskOffice) -> None:
    case_id = corrected(office)
    second = answered_anew(office, case_id, set_day=None)
    assert row(second).due_on == office.work("clerk", CAME).calendar.add(CAME, 20)
    answer(office, second, SET)
    do(office, second, "open_proceeding", SET)
    do(office, second, "close_proceeding", SET, result="corrected")
    third = answered_anew(office, second, SET, None)
    file = file_of(third)
    assert (file.redo_of, file.first_received, file.received) == (second, MONDAY, SET)
    assert list(verify.differences()) == []


def test_an_office_may_have_it_counted_again_by_the_year_the_decision_came(office: DeskOffice) -> None:
    case_id = corrected(office)
    quiet = corrected(office)
    answered_anew(office, quiet)
    offices.set_counts_redone(office.id, True)
    before = figures(office)
    monday = day("周一 2027-01-04")
    anew_id = answered_anew(office, case_id, monday, None)
    answer(office, anew_id, monday)
    last, this = figures(office)
    assert last == before[0]
    assert (this["new"][-1], this["carried_in"][-1], this["results_total"][-1]) == (1, 0, 1)
    assert this["on_time"] == {"replied": 1, "on_time": 1, "rate": "100.00%"}
    offices.set_counts_redone(office.id, False)  # what was begun stays as it was begun
    assert figures(office) == [last, this]
    assert_replayed(anew_id)
    rows = {r["登记编号"]: r for r in Export(db.session(), office.id).rows()}
    assert set(rows) == {"2026-1", "2026-2", "2027-1"}


def test_what_cannot_be_is_refused_at_its_field_and_takes_no_number(office: DeskOffice) -> None:
    case_id = corrected(office)
    today = "周五 2026-11-27"
    ask = {"on": CAME, "set_day": SET}
    assert refused(office, case_id, "redo_reply", today, **ask, n=2) == (
        "n", "选择审结为结果纠正、还没有重新答复的一件",
    )  # fmt: skip
    early = refused(office, case_id, "redo_reply", today, on=day("周五 2026-10-30"))
    assert early == ("on", "收到决定、判决不能早于审结之日（11月2日）")
    for until, why in (
        (CAME, "要晚于收到决定、判决之日（11月3日）"),
        (day("周六 2026-11-21"), "11月21日 周六 是休息日，下一个工作日是 11月23日 周一"),
        (date(9999, 12, 31), "日期不合理：超过一年"),
    ):
        assert refused(office, case_id, "redo_reply", today, on=CAME, set_day=until) == ("until", why)
    do(
        office, case_id, "redo_reply", day(today), on=CAME, set_day=SET
    )  # recorded weeks after the decision came
    new = row(case_id + 1)
    assert (new.number, new.received_on, new.registered_on) == ("2026-2", CAME, day(today))
    again = refused(office, case_id, "redo_reply", today, **ask)
    assert again == ("", "没有审结为结果纠正、还没有重新答复的复议、诉讼")


def test_what_the_new_case_rests_on_stays_and_the_day_set_may_be_corrected(office: DeskOffice) -> None:
    case_id = corrected(office)
    closing = seq(case_id)
    anew_id = answered_anew(office, case_id)
    lead = office.work("lead", CAME)
    with pytest.raises(Refused, match="改后与第 9 条记录矛盾：选择审结为结果纠正"):
        correct.correct_fact(lead, case_id, seq(case_id), closing, "result", "结果维持", "看错了")
    with pytest.raises(Refused, match="作废后与第 9 条记录矛盾"):
        correct.void(lead, case_id, seq(case_id), closing, "记错了")
    correct.correct_fact(lead, anew_id, seq(anew_id), 1, "until", "2026-11-27", "看错了")
    assert row(anew_id).due_on == day("周五 2026-11-27")
    correct.correct_fact(lead, anew_id, seq(anew_id), 1, "decided", "2026-11-02", "看错了")
    assert row(anew_id).received_on == CLOSED
    assert [(link.case_id, link.kind) for link in db.session.scalars(select(CaseLink))] == [(case_id, "redo")]
    assert refused(office, anew_id, "request_correction", "周三 2026-11-04")[1].startswith(
        "复议决定、判决确定在"
    )


def test_a_handler_who_left_is_followed_by_the_clerk_who_acts_or_by_nobody_yet(office: DeskOffice) -> None:
    one, other = corrected(office), corrected(office)
    with transaction() as session:
        session.get_one(Person, office.people["clerk"]).disabled = True
    do(office, one, "redo_reply", CAME, who="colleague")
    do(office, other, "redo_reply", CAME, who="lead")
    assert [row(one + 2).handler, row(one + 3).handler] == ["陈晓", ""]
    do(office, one + 3, "assign", CAME, who="lead", to=office.people["colleague"])
    assert row(one + 3).handler == "陈晓"


# --- what another organ registered -------------------------------------------------------------------------


def test_a_request_that_is_another_organs_is_linked_with_the_one_made_there(office: DeskOffice) -> None:
    elsewhere()
    case_id = office.replied(MONDAY, SENT, "unavailable_not_held")
    do(office, case_id, "link_case", SENT)
    (here,) = related(db.session(), case_id)
    assert (here.kind, here.told_here, here.number, here.office) == (
        "not_ours", True, "2026-1", "石狮市住房和城乡建设局",
    )  # fmt: skip
    (there,) = related(db.session(), here.id)
    assert (there.told_here, there.id, there.day) == (False, case_id, MONDAY)
    assert row(here.id).office_id == elsewhere_id()
    assert_replayed(case_id)
    assert list(verify.differences()) == []
    assert refused(office, case_id, "link_case", "周五 2026-10-09") == ("number", "已经关联")
    correct.void(office.work("lead", SENT), case_id, seq(case_id), seq(case_id), "编号抄错了")
    assert related(db.session(), case_id) == []
    assert list(verify.differences()) == []
    do(office, case_id, "link_case", SENT)
    assert [r.number for r in related(db.session(), case_id)] == ["2026-1"]


def test_only_an_existing_case_of_another_organ_is_linked(office: DeskOffice) -> None:
    elsewhere()
    found("QZFB", "泉州市人民政府办公室")
    case_id, today = office.replied(MONDAY, SENT, "unavailable_not_held"), "周五 2026-10-09"
    own = refused(office, case_id, "link_case", today, office_id=office.id)
    assert own == refused(office, case_id, "link_case", today, office_id=999)
    assert own == ("office_id", "选择另向提出申请的机关")
    missing = refused(office, case_id, "link_case", today, number="2026-9")
    assert missing == ("number", "石狮市住房和城乡建设局没有这个编号的办件，核对编号")
    assert refused(office, case_id, "link_case", today, number="")[0] == "number"
    assert elsewhere_id()
    granted = office.replied(MONDAY, SENT)
    assert refused(office, granted, "link_case", today)[1] == "答复的结果不是本机关不掌握相关政府信息"
