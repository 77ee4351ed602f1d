"""Every term climbs its ladder, reaches who answers for it, and goes when the act is done."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import func, select

from tests.law.days import day
from tests.support.children import together
from tests.support.office import found, row, seq

if TYPE_CHECKING:
    from caseflow.config import Settings
    from tests.support.office import DeskOffice

RECEIVED = day("周一 2026-09-21")
MONDAY = day("周一 2026-10-12")
NOW = datetime(2026, 10, 1, tzinfo=UTC)


def make_pass(today: date) -> dict[str, int]:
    from caseflow.alerts import ladder
    from caseflow.calendars import store

    return ladder.make_pass(today, NOW, store.current())


def raised(term: str, office_id: int = 0) -> list[tuple[date, int]]:
    """The last day and rung of each alert of a term, as they were raised."""
    from caseflow.db import db
    from caseflow.models import Alert

    db.session.rollback()
    mine = [Alert.term == term, *([Alert.office_id == office_id] if office_id else [])]
    found_ = db.session.execute(select(Alert.due_on, Alert.rung).where(*mine).order_by(Alert.id))
    return [(due, rung) for due, rung in found_]


def inbox_of(office: DeskOffice, who: str, today: date) -> set[tuple[str, int]]:
    """Terms and rungs that a person has still to acknowledge."""
    from caseflow.alerts import inbox
    from caseflow.calendars import store
    from caseflow.db import db

    db.session.rollback()
    shown = inbox.waiting(office.people[who], today, store.current(), 50)
    assert inbox.unread(office.people[who], today, store.current()) == len(shown)
    return {(one.alert.term, one.alert.rung) for one in shown}


def who_sees(office: DeskOffice, term: str, rung: int, today: date) -> set[str]:
    return {who for who in office.people if (term, rung) in inbox_of(office, who, today)}


def do(office: DeskOffice, case_id: int, act: str, today: date, **given: Any) -> None:
    from tests.stages import drive

    drive.do(office, case_id, act, today, **given)


# --- each term, from its start to the act that ends it -----------------------------------------------------


def _after(act: str, today: date = MONDAY, **given: Any) -> Callable[[DeskOffice], int]:
    """A case accepted on RECEIVED, and this act on it."""

    def build(office: DeskOffice) -> int:
        case_id = office.accepted(RECEIVED)
        do(office, case_id, act, today, **given)
        return case_id

    return build


def _given_a_day(office: DeskOffice) -> int:
    from caseflow.stages import review

    case_id, until = office.register(RECEIVED), day("周一 2026-10-19")
    work = office.work("lead", RECEIVED)
    review.accept(work, case_id, seq(case_id), RECEIVED, office.people["clerk"], until)
    return case_id


@dataclass(frozen=True)
class Row:
    """A term: how it starts, the day before its first rung, that day, its last day, the act that ends it."""

    term: str
    build: Callable[[DeskOffice], int]
    before: str
    first: str
    due: str
    ends: str
    given: dict[str, Any]
    first_rung: int = 3
    handled: bool = True


SILENT = {"opinion": "silent", "delivered": MONDAY}
TERMS = (
    Row(
        "correction_notice", lambda office: office.register(RECEIVED),
        "周一 2026-09-28", "周二 2026-09-29", "周四 2026-10-08", "accept", {}, 2, False,
    ),
    Row(
        "correction", _after("request_correction", day("周一 2026-09-28"), until=day("周一 2026-10-19")),
        "周二 2026-10-13", "周三 2026-10-14", "周一 2026-10-19", "lapse_correction", {},
    ),
    Row(
        "consultation", _after("consult_third_party", delivered=MONDAY),
        "周二 2026-10-27", "周三 2026-10-28", "周一 2026-11-02", "record_opinion", SILENT,
    ),
    Row(
        "consultation", _after("consult_joint_organ", delivered=MONDAY),
        "周二 2026-10-27", "周三 2026-10-28", "周一 2026-11-02", "record_opinion", SILENT,
    ),
    Row(
        "reasons", _after("ask_reasons", until=day("周一 2026-10-19")),
        "周二 2026-10-13", "周三 2026-10-14", "周一 2026-10-19", "receive_reasons", {},
    ),
    Row(
        "payment", _after("fee_notice", told=MONDAY),
        "周二 2026-11-03", "周三 2026-11-04", "周一 2026-11-09", "lapse_fee", {},
    ),
    Row(
        "internal", _given_a_day,
        "周二 2026-10-13", "周三 2026-10-14", "周一 2026-10-19", "draft_reply", {},
    ),
    Row(
        "delivery", lambda office: office.replied(RECEIVED, MONDAY),
        "周三 2026-10-21", "周四 2026-10-22", "周二 2026-10-27", "deliver_reply", {},
    ),
    Row(
        "archive", lambda office: office.replied(RECEIVED, MONDAY),
        "周四 2026-11-05", "周五 2026-11-06", "周三 2026-11-11", "archive", {},
    ),
)  # fmt: skip


@pytest.mark.parametrize("line", TERMS, ids=lambda line: f"{line.term}-{line.ends}")
def test_a_term_climbs_its_rungs_reaches_its_people_and_goes_with_the_act(
    office: DeskOffice, line: Row
) -> None:
    """The handler first (every clerk while there is none), from two days on the lead too, once overdue the
    supervisor, except of what nothing is asked for any more; each rung once."""
    case_id = line.build(office)
    first, due = day(line.first), day(line.due)
    make_pass(day(line.before))
    assert raised(line.term) == []
    make_pass(first)
    make_pass(first)
    assert raised(line.term) == [(due, line.first_rung)]
    clerks = {"clerk"} if line.handled else {"clerk", "colleague"}
    lead = {"lead"} if line.first_rung <= 2 else set()
    assert who_sees(office, line.term, line.first_rung, first) == clerks | lead
    later = due + timedelta(days=7)
    for today in (due, due + timedelta(days=1), later):
        make_pass(today)
        assert raised(line.term) == [(due, line.first_rung), (due, 0)]
        over = {"supervisor"} if today > due and line.term != "correction_notice" else set()
        assert who_sees(office, line.term, 0, today) == clerks | {"lead"} | over
    do(office, case_id, line.ends, later, **line.given)
    assert who_sees(office, line.term, 0, later) == set()


def test_the_table_above_has_every_term_of_a_case() -> None:
    """The reply and the watch have tests of their own, and the report is the office's."""
    from caseflow.law.terms import BY_CODE

    assert {line.term for line in TERMS} | {"reply", "watch", "annual_report"} == set(BY_CODE)


def test_a_watch_is_told_at_once_and_each_day_past_its_own_until_it_is_answered(office: DeskOffice) -> None:
    """As far ahead as can be; also before the legal receipt; closing the case ends it too."""
    case_id, until = office.accepted(RECEIVED), day("周四 2026-12-17")
    do(office, case_id, "watch", RECEIVED, watch_until=until)
    make_pass(RECEIVED)
    make_pass(RECEIVED)
    assert raised("watch") == [(until, 60)]
    assert who_sees(office, "watch", 60, RECEIVED) == {"clerk"}
    two, over = day("周二 2026-12-15"), day("周一 2026-12-21")
    make_pass(two)
    assert who_sees(office, "watch", 2, two) == {"clerk", "lead"}
    make_pass(over)
    assert raised("watch") == [(until, 60), (until, 2), (until, -2)]
    assert who_sees(office, "watch", -2, over) == {"clerk", "lead", "supervisor"}
    do(office, case_id, "answer_watch", over)
    assert who_sees(office, "watch", -2, over) == set()

    from tests.stages.drive import at

    unconfirmed, closed = at(office, "register"), office.accepted(over)
    for each in (unconfirmed, closed):
        do(office, each, "watch", over, watch_until=over)
    do(office, closed, "withdraw", over)
    make_pass(over)
    assert raised("watch")[3:] == [(over, 0)]  # of the open one alone
    assert who_sees(office, "watch", 0, over) == {"clerk", "colleague", "lead"}


def test_after_ten_days_off_each_term_of_a_case_has_one_rung(office: DeskOffice) -> None:
    case_id = _given_a_day(office)
    do(office, case_id, "consult_third_party", RECEIVED, delivered=RECEIVED)
    do(office, case_id, "consult_joint_organ", RECEIVED, delivered=RECEIVED)
    make_pass(day("周五 2026-10-09"))
    known = {term: raised(term) for term in ("internal", "consultation", "reply")}
    assert known == {"internal": [], "consultation": [], "reply": []}
    make_pass(day("周一 2026-10-19"))
    limit, due = day("周一 2026-10-19"), row(case_id).due_on
    assert raised("internal") == [(limit, 0)]
    assert raised("consultation") == [(limit, 0)]  # both organs have the same last day: one alert
    assert raised("reply") == []  # not counted while they are asked
    make_pass(day("周二 2026-11-10"))
    assert due
    assert raised("reply") == [(due, 5)]
    assert raised("internal") == raised("consultation") == [(limit, 0)]


def test_a_case_that_a_ledger_tells_as_closed_warns_nobody(office: DeskOffice) -> None:
    from caseflow.law.casefile import Entry
    from tests.stages.test_bulk import prepared, write

    sent = day("周一 2026-09-28")
    reply = Entry(2, "send_reply", sent, {"result": "granted", "how": "other"}, None)
    write(prepared(office, "2026-1", reply), source="ledger")
    make_pass(sent + timedelta(days=200))
    assert raised("delivery") == raised("archive") == raised("reply") == []


def test_passes_for_a_year_close_nothing(office: DeskOffice) -> None:
    """Every term of the others has lapsed; each time it is the office that decides, or nobody."""
    cases = [line.build(office) for line in TERMS]
    before = [(seq(case_id), row(case_id).closed_on) for case_id in cases]
    for month in range(1, 14):
        make_pass(MONDAY + timedelta(weeks=4 * month))
    assert [(seq(case_id), row(case_id).closed_on) for case_id in cases] == before


# --- a case dated anew -------------------------------------------------------------------------------------


def test_a_case_dated_anew_gets_new_rungs_and_its_old_ones_are_retired(office: DeskOffice) -> None:
    """Received in December 2026, due in a year without a notice; then a day of that year is declared off."""
    from caseflow.stages import calendar

    case_id = office.accepted(day("周一 2026-12-07"))
    old, new = day("周二 2027-01-05"), day("周三 2027-01-06")
    assert (row(case_id).due_on, row(case_id).provisional) == (old, True)
    make_pass(old)
    assert raised("reply") == [(old, 0)]
    monday = day("周一 2027-01-04")
    calendar.enter(
        lambda: calendar.draft_local(monday, monday, False, "全市放假", "石政〔2027〕1号"),
        actor_id=office.people["admin"], today=old, now=NOW,
    )  # fmt: skip
    assert row(case_id).due_on == new
    assert inbox_of(office, "clerk", old) == inbox_of(office, "lead", old) == set()
    make_pass(old)
    assert raised("reply") == [(old, 0), (new, 2)]
    assert inbox_of(office, "clerk", old) == {("reply", 2)}


# --- who stands in -----------------------------------------------------------------------------------------


def away(office: DeskOffice, who: str, deputy: str, last: date) -> None:
    from caseflow.db import transaction
    from caseflow.models import Person

    with transaction() as session:
        person = session.get_one(Person, office.people[who])
        person.away_from, person.away_until = RECEIVED, last
        person.deputy_id = office.people[deputy]


def test_whoever_stands_in_for_the_handler_is_warned_while_the_handler_is_away(office: DeskOffice) -> None:
    office.accepted(RECEIVED)
    last = day("周一 2026-10-19")
    away(office, "clerk", "colleague", last)
    make_pass(MONDAY)
    assert who_sees(office, "reply", 10, MONDAY) == {"clerk", "colleague"}
    make_pass(last)
    assert who_sees(office, "reply", 5, last) == {"clerk", "colleague"}
    back = last + timedelta(days=1)
    make_pass(back)
    assert who_sees(office, "reply", 5, back) == {"clerk"}


def test_whoever_stands_in_for_the_lead_is_warned_from_two_days_on(office: DeskOffice) -> None:
    office.accepted(RECEIVED)
    away(office, "lead", "colleague", day("周六 2026-10-31"))
    two, over = day("周四 2026-10-22"), day("周二 2026-10-27")
    make_pass(day("周一 2026-10-19"))
    assert who_sees(office, "reply", 5, day("周一 2026-10-19")) == {"clerk"}
    make_pass(two)
    assert who_sees(office, "reply", 2, two) == {"clerk", "lead", "colleague"}
    make_pass(over)
    assert who_sees(office, "reply", -1, over) == {"clerk", "lead", "colleague", "supervisor"}


# --- the office's own term: the annual report (art. 49) ----------------------------------------------------


REPORTS = (
    # government, day before the first rung, that day, the last day, the last day on which it is raised
    (False, "周一 2027-01-25", "周二 2027-01-26", "周日 2027-01-31", "周二 2027-03-02"),
    (True, "周四 2027-03-25", "周五 2027-03-26", "周三 2027-03-31", "周五 2027-04-30"),
)


@pytest.mark.parametrize(("government", "before", "first", "due", "last"), REPORTS)
def test_a_department_is_warned_of_its_report_in_january_and_a_government_in_march(
    office: DeskOffice, government: bool, before: str, first: str, due: str, last: str
) -> None:
    from caseflow.db import transaction
    from caseflow.models import Office

    with transaction() as session:
        session.get_one(Office, office.id).government = government
    make_pass(day(before))
    assert raised("annual_report") == []
    make_pass(day(first))
    make_pass(day(first))
    assert raised("annual_report") == [(day(due), 3)]
    assert who_sees(office, "annual_report", 3, day(first)) == {"lead"}
    make_pass(day(due))
    assert raised("annual_report") == [(day(due), 3), (day(due), 0)]
    assert inbox_of(office, "lead", day(due)) == {("annual_report", 0)}


@pytest.mark.parametrize(("government", "before", "first", "due", "last"), REPORTS)
def test_a_pass_missed_still_warns_of_the_report_for_thirty_days(
    office: DeskOffice, government: bool, before: str, first: str, due: str, last: str
) -> None:
    from caseflow.db import transaction
    from caseflow.models import Office

    with transaction() as session:
        session.get_one(Office, office.id).government = government
    make_pass(day(last) + timedelta(days=1))
    assert raised("annual_report") == []
    make_pass(day(last))
    assert raised("annual_report") == [(day(due), 0)]


def test_the_report_warns_each_office_for_itself(office: DeskOffice) -> None:
    from caseflow.alerts import inbox
    from caseflow.calendars import store

    other, today = found(code="JYFB", name="另一机关"), day("周二 2027-01-26")
    make_pass(today)
    assert len(raised("annual_report", office.id)) == len(raised("annual_report", other.id)) == 1
    inbox.acknowledge_all(office.people["lead"], today, store.current(), NOW)
    assert inbox_of(office, "lead", today) == set()
    assert inbox_of(other, "lead", today) == {("annual_report", 3)}


def test_a_report_that_is_signed_warns_nobody_any_more(office: DeskOffice) -> None:
    from caseflow.closing import sign
    from caseflow.closing.freeze import freeze
    from caseflow.db import db
    from caseflow.models import Office

    other, today = found(code="JYFB", name="另一机关"), day("周二 2027-01-26")
    make_pass(today)
    assert inbox_of(office, "lead", today) == {("annual_report", 3)}
    shown = freeze(db.session.get_one(Office, office.id), 2026).hash
    sign.sign(office.work("lead", today), 2026, shown)
    assert inbox_of(office, "lead", today) == set()
    assert inbox_of(other, "lead", today) == {("annual_report", 3)}
    make_pass(day("周日 2027-01-31"))
    assert len(raised("annual_report", office.id)) == 1
    assert len(raised("annual_report", other.id)) == 2


def test_whoever_stands_in_for_the_lead_sees_to_the_report(office: DeskOffice) -> None:
    today = day("周二 2027-01-26")
    away(office, "lead", "clerk", today)
    make_pass(today)
    assert who_sees(office, "annual_report", 3, today) == {"lead", "clerk"}


# --- at once -----------------------------------------------------------------------------------------------


def test_three_passes_at_once_raise_every_term_once(office: DeskOffice, settings: Settings) -> None:
    from caseflow.db import db
    from caseflow.models import Alert, AlertRecipient

    cases = [line.build(office) for line in TERMS]
    db.session.rollback()
    today = day("周日 2027-01-31")  # of the report too
    counts = together(settings, 3, "make_pass", today.isoformat())
    db.session.rollback()
    alerts = db.session.execute(select(Alert.case_id, Alert.term, Alert.due_on)).all()
    assert len(alerts) == len(set(alerts)) > len(cases)
    assert sorted(c["alerts"] for c in counts) == [0, 0, len(alerts)]
    shown = db.session.scalar(select(func.count()).select_from(AlertRecipient))
    assert sorted(c["shown"] for c in counts) == [0, 0, shown]
