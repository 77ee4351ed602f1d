"""作废: what was recorded by mistake is left out of the case and stays on record."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select

from caseflow.db import db
from caseflow.law.workflow import ACTS
from caseflow.models import CaseTerm, Event, ProceedingRow
from caseflow.reports.year import as_json, year_report
from caseflow.stages import correct
from caseflow.stages.correctable import VOIDABLE
from caseflow.stages.errors import Refused
from caseflow.upkeep import verify
from tests.law.days import CALENDAR, day
from tests.ledger.tables import counts, exported, taken, with_suits
from tests.stages.drive import BEFORE, assert_replayed, do, ready
from tests.support.office import DeskOffice, row, seq

MONDAY = day("周一 2026-09-21")
DUE = day("周一 2026-10-26")
TODAY = day("周五 2026-11-06")


def seqs(case_id: int, act: str) -> list[int]:
    query = select(Event.seq).where(Event.case_id == case_id, Event.act == act).order_by(Event.seq)
    return list(db.session.scalars(query))


def void(office: DeskOffice, case_id: int, act: str, which: int = -1, note: str = "记错了案件") -> None:
    lead = office.work("lead", TODAY)
    correct.void(lead, case_id, seq(case_id), seqs(case_id, act)[which], note)


def refused(
    office: DeskOffice, case_id: int, act: str, which: int = -1, note: str = "记错了案件"
) -> tuple[str, str]:
    before = seq(case_id)
    with pytest.raises(Refused) as why:
        void(office, case_id, act, which, note)
    assert seq(case_id) == before
    return why.value.field, why.value.reason


def numbers(case_id: int) -> list[int]:
    query = select(ProceedingRow.n).where(ProceedingRow.case_id == case_id).order_by(ProceedingRow.n)
    return list(db.session.scalars(query))


def pending(office: DeskOffice) -> int:
    """行政复议尚未审结 of table 4."""
    told = as_json(year_report([office.id], 2026), office.code)
    return int(told["proceedings"]["reconsideration"]["pending"])


def test_every_such_act_is_undone_as_if_it_had_never_been(office: DeskOffice) -> None:
    for act in sorted(VOIDABLE):
        undone(office, act)
    assert list(verify.differences()) == []


def undone(office: DeskOffice, act: str) -> None:
    """The act is done and declared void: all is as before."""
    closed = {
        "deliver_reply", "return_reply", "resend_reply", "open_proceeding", "appeal_proceeding", "close_proceeding",
        "link_case",
    }  # fmt: skip
    stage = "archive" if act in closed else "handle"
    case_id, on = ready(office, stage, act)
    told = ("stage", "due_on", "waiting", "hold_until", "extended", "extension_asked", "delivered_on")
    before = {name: getattr(row(case_id), name) for name in told}
    brought = numbers(case_id)
    do(office, case_id, act, on)
    void(office, case_id, act)
    assert {name: getattr(row(case_id), name) for name in told} == before, act
    assert numbers(case_id) == brought, act
    assert_replayed(case_id)


def test_the_record_keeps_what_was_declared_void_and_why(office: DeskOffice) -> None:
    case_id = office.accepted(MONDAY)
    do(office, case_id, "ask_extension", MONDAY)
    void(office, case_id, "ask_extension")
    query = select(Event).where(Event.case_id == case_id).order_by(Event.seq)
    assert [e.act for e in db.session.scalars(query)][-2:] == [
        "ask_extension", "correct",
    ]  # fmt: skip
    (said,) = db.session.scalars(select(Event).where(Event.case_id == case_id, Event.act == "correct"))
    assert (said.details["target"], said.details["changes"]) == (3, {"void": True})
    assert refused(office, case_id, "ask_extension") == ("target", "选择要更正的一条")  # once is enough


def test_why_is_said(office: DeskOffice) -> None:
    case_id = office.accepted(MONDAY)
    do(office, case_id, "ask_extension", MONDAY)
    assert refused(office, case_id, "ask_extension", note=" ") == ("note", "写明更正的理由")


def test_what_has_a_way_back_of_its_own_is_not_declared_void(office: DeskOffice) -> None:
    case_id = office.replied(MONDAY, day("周五 2026-10-09"))
    for act in ("register", "accept", "draft_reply", "approve_reply", "send_reply"):
        field, why = refused(office, case_id, act)
        assert field == "target"
        assert "撤销答复" in why
    assert {act.code for act in ACTS} > VOIDABLE


@pytest.mark.parametrize(
    "database_url", ["sqlite"], indirect=True
)  # the record alone is asked, after it was read
@pytest.mark.parametrize(("later", "earlier"), [(a, b[-1]) for a, b in BEFORE.items() if b[-1] in VOIDABLE])
def test_what_a_later_act_rests_on_is_not_declared_void_before_it(
    office: DeskOffice, later: str, earlier: str
) -> None:
    closed = {"appeal_proceeding", "close_proceeding", "resend_reply", "redo_reply"}
    case_id, on = ready(office, "archive" if later in closed else "handle", later)
    do(office, case_id, later, on)
    target = seqs(case_id, later)[-1]
    field, why = refused(office, case_id, earlier)
    assert field == "target"
    assert f"作废后与第 {target} 条记录矛盾" in why
    if later in VOIDABLE:
        void(office, case_id, later)
        void(office, case_id, earlier)


def test_a_mistaken_correction_received_gives_the_wait_back_while_nothing_is_drafted(
    office: DeskOffice,
) -> None:
    case_id = office.accepted(MONDAY)
    do(office, case_id, "request_correction", MONDAY)
    do(office, case_id, "receive_correction", day("周五 2026-10-09"))
    do(office, case_id, "draft_reply", day("周五 2026-10-09"))
    assert "正在等申请人补正" in refused(office, case_id, "receive_correction")[1]
    do(office, case_id, "send_back", day("周五 2026-10-09"))
    void(office, case_id, "receive_correction")
    assert (row(case_id).waiting, row(case_id).due_on) == ("correction", None)
    do(office, case_id, "receive_correction", day("周一 2026-10-12"))
    assert row(case_id).due_on == CALENDAR.add(day("周一 2026-10-12"), 20)


def test_a_lapse_that_was_taken_back_no_longer_holds_its_notice(office: DeskOffice) -> None:
    case_id = office.accepted(MONDAY)
    do(office, case_id, "request_correction", MONDAY, until=day("周五 2026-10-09"))
    do(office, case_id, "lapse_correction", day("周一 2026-10-12"))
    assert refused(office, case_id, "request_correction")[0] == "target"
    do(office, case_id, "void_reply", day("周一 2026-10-12"))
    void(office, case_id, "request_correction")
    assert (row(case_id).waiting, row(case_id).due_on) == ("", DUE)


def test_a_result_keeps_what_it_needs(office: DeskOffice) -> None:
    case_id = office.accepted(MONDAY)
    do(office, case_id, "ask_reasons", MONDAY)
    do(office, case_id, "draft_reply", MONDAY, result="not_processed_excessive")
    field, why = refused(office, case_id, "ask_reasons")
    assert (field, why[:11]) == ("target", "作废后与答复的结果矛盾")


def test_a_void_consultation_renumbers_no_other(office: DeskOffice) -> None:
    case_id = office.accepted(MONDAY)
    sent = day("周一 2026-09-28")
    do(office, case_id, "consult_third_party", sent)
    do(office, case_id, "consult_joint_organ", sent)
    void(office, case_id, "consult_third_party")
    running = select(CaseTerm.n).where(CaseTerm.case_id == case_id, CaseTerm.term == "consultation")
    assert list(db.session.scalars(running)) == [2]
    do(office, case_id, "deliver_consultation", day("周二 2026-09-29"), n=2)
    do(office, case_id, "record_opinion", day("周三 2026-09-30"), n=2, delivered=None)
    do(office, case_id, "consult_third_party", day("周三 2026-09-30"))
    last = db.session.scalars(
        select(Event).where(Event.case_id == case_id).order_by(Event.seq.desc())
    ).first()
    assert last is not None
    assert last.details["n"] == 3  # a number is never given twice
    correct.correct_fact(
        office.work("lead", TODAY), case_id, seq(case_id), seqs(case_id, "record_opinion")[0], "opinion",
        "不同意公开", "看错",
    )  # fmt: skip
    assert_replayed(case_id)
    assert list(verify.differences()) == []


def test_proceedings_keep_their_numbers_and_leave_table_four(office: DeskOffice, tmp_path: Path) -> None:
    case_id = office.replied(MONDAY, day("周五 2026-10-09"))
    do(office, case_id, "open_proceeding", day("周一 2026-10-12"), kind="reconsideration")
    assert pending(office) == 1
    void(office, case_id, "open_proceeding")
    assert (numbers(case_id), pending(office)) == ([], 0)
    do(office, case_id, "open_proceeding", day("周二 2026-10-13"), kind="suit")
    assert numbers(case_id) == [2]
    path, before = exported(tmp_path / "out.csv"), counts()
    again = taken(path, today=TODAY, **with_suits(path))
    assert (again.added, again.passed_over, again.proceedings_added, counts()) == (0, 1, 0, before)


def test_a_ledger_closes_the_proceeding_it_means_beside_a_void_one(
    office: DeskOffice, tmp_path: Path
) -> None:
    case_id = office.replied(MONDAY, day("周五 2026-10-09"))
    for on in ("周一 2026-10-12", "周二 2026-10-13"):
        do(office, case_id, "open_proceeding", day(on), kind="suit")
    void(office, case_id, "open_proceeding", 0)
    path = exported(tmp_path / "out.csv")
    (suits,) = with_suits(path).values()
    told = suits.read_text(encoding="utf-8-sig").splitlines()
    names, values = told[0].split(","), told[1].split(",")
    row_of = dict(zip(names, values, strict=True)) | {"审结日期": "2026-11-02", "结果": "结果维持"}
    new = row_of | {"提起日期": "2026-10-20", "审结日期": "", "结果": ""}
    lines = [",".join(names), *(",".join(r[n] for n in names) for r in (row_of, new))]
    suits.write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert taken(path, today=TODAY, **with_suits(path)).proceedings_added == 2
    query = select(ProceedingRow.n, ProceedingRow.result).where(ProceedingRow.case_id == case_id)
    assert sorted(tuple(r) for r in db.session.execute(query)) == [(2, "upheld"), (3, "")]
    assert list(verify.differences()) == []


def test_a_void_consultation_stands_in_no_ledger(office: DeskOffice, tmp_path: Path) -> None:
    case_id = office.accepted(MONDAY)
    do(office, case_id, "consult_third_party", day("周一 2026-09-28"))
    void(office, case_id, "consult_third_party")
    path, before = exported(tmp_path / "out.csv"), counts()
    again = taken(path, today=TODAY)
    assert (again.added, again.passed_over, counts()) == (0, 1, before)
    assert "2026-09-28" not in path.read_text(encoding="utf-8-sig")
