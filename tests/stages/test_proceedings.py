"""复议 and 诉讼 about a case: what table 4 will count."""

from __future__ import annotations

from sqlalchemy import select

from caseflow.db import db
from caseflow.models import ProceedingRow
from tests.law.days import day
from tests.stages.drive import assert_replayed, do, refused
from tests.support.office import DeskOffice, row

MONDAY = day("周一 2026-09-21")
SENT = day("周五 2026-10-09")
LATER = "周一 2026-11-02"


def proceedings_of(case_id: int) -> list[tuple[object, ...]]:
    db.session.rollback()
    columns = (ProceedingRow.n, ProceedingRow.kind, ProceedingRow.after_reconsideration, ProceedingRow.result)
    query = select(*columns).where(ProceedingRow.case_id == case_id).order_by(ProceedingRow.n)
    return [tuple(found) for found in db.session.execute(query)]


def test_a_suit_after_reconsideration_stands_beside_it(office: DeskOffice) -> None:
    case_id = office.replied(MONDAY, SENT)
    do(office, case_id, "open_proceeding", day("周一 2026-10-12"), kind="reconsideration")
    do(office, case_id, "close_proceeding", day(LATER), n=1, result="upheld")
    do(office, case_id, "archive", day(LATER))
    do(office, case_id, "open_proceeding", day("周二 2026-11-03"), kind="suit", after=True)
    assert proceedings_of(case_id) == [(1, "reconsideration", False, "upheld"), (2, "suit", True, "")]
    case = row(case_id)
    assert (case.stage, case.result, case.result_year) == ("archived", "granted", 2026)


def test_a_proceeding_against_silence_needs_no_reply(office: DeskOffice) -> None:
    case_id = office.accepted(MONDAY)
    do(office, case_id, "open_proceeding", day(LATER), kind="reconsideration")
    assert (row(case_id).stage, proceedings_of(case_id)) == ("handle", [(1, "reconsideration", False, "")])


def test_what_cannot_be_is_refused_at_its_field(office: DeskOffice) -> None:
    case_id = office.replied(MONDAY, SENT)
    assert refused(office, case_id, "open_proceeding", LATER, kind="appeal") == (
        "kind",
        "选择行政复议或者行政诉讼",
    )
    found = refused(office, case_id, "open_proceeding", LATER, kind="reconsideration", after=True)
    assert found == ("after_reconsideration", "“经过复议”只用于行政诉讼")
    assert refused(office, case_id, "open_proceeding", LATER, on=day("周日 2026-09-20"))[0] == "on"
    assert refused(office, case_id, "close_proceeding", LATER) == ("", "没有尚未审结的复议、诉讼")
    do(office, case_id, "open_proceeding", day("周一 2026-10-12"))
    do(office, case_id, "open_proceeding", day("周一 2026-10-19"))
    assert refused(office, case_id, "close_proceeding", LATER, n=3) == ("n", "选择尚未审结的一件")
    assert refused(office, case_id, "close_proceeding", LATER, result="lost") == ("result", "选择审结的结果")
    early = refused(office, case_id, "close_proceeding", LATER, n=2, on=day("周五 2026-10-16"))
    assert early == ("on", "不能早于提起之日（10月19日）")
    do(office, case_id, "close_proceeding", day(LATER), n=2)
    assert refused(office, case_id, "close_proceeding", LATER, n=2) == ("n", "选择尚未审结的一件")


def test_a_suit_that_is_appealed_in_stays_one_and_pending_until_the_judgment_holds(
    office: DeskOffice,
) -> None:
    case_id = office.replied(MONDAY, SENT)
    do(office, case_id, "open_proceeding", day("周一 2026-10-12"), kind="reconsideration")
    none = ("", "没有一审尚未审结的行政诉讼")
    assert refused(office, case_id, "appeal_proceeding", LATER) == none
    do(office, case_id, "open_proceeding", day("周一 2026-10-19"), kind="suit")
    assert refused(office, case_id, "appeal_proceeding", LATER, n=1) == ("n", "选择一审尚未审结的一件")
    early = refused(office, case_id, "appeal_proceeding", LATER, n=2, on=day("周五 2026-10-16"))
    assert early == ("on", "不能早于提起之日（2026年10月19日 星期一）")
    do(office, case_id, "appeal_proceeding", day(LATER), n=2)
    assert proceedings_of(case_id) == [(1, "reconsideration", False, ""), (2, "suit", False, "")]
    assert refused(office, case_id, "appeal_proceeding", LATER, n=2) == none
    before = refused(office, case_id, "close_proceeding", LATER, n=2, on=day("周五 2026-10-30"))
    assert before == ("on", "不能早于上诉之日（11月2日）")
    do(office, case_id, "close_proceeding", day(LATER), n=2, result="corrected")
    assert proceedings_of(case_id)[1] == (2, "suit", False, "corrected")
    assert_replayed(case_id)
