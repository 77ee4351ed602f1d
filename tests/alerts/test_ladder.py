"""What is due: one rung at a time, from how the cases stand, each alert once."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import delete, event, select

from tests.law.days import day
from tests.support.children import together
from tests.support.office import found, row, seq

if TYPE_CHECKING:
    from caseflow.config import Settings
    from tests.support.office import DeskOffice

# Received on Monday 21 September 2026, and due on Monday 26 October: 25 September and the first week of
# October are off, Saturday 10 October is worked.
RECEIVED = date(2026, 9, 21)
DUE = date(2026, 10, 26)
NOW = datetime(2026, 10, 1, tzinfo=UTC)


def make_pass(today: date) -> dict[str, int]:
    from caseflow.alerts import ladder
    from caseflow.calendars import store

    return ladder.make_pass(today, NOW, store.current())


def alerts(case_id: int, term: str = "reply") -> list[tuple[date, int]]:
    """The last day and rung of each alert of a case for one of its terms, as they were raised."""
    from caseflow.db import db
    from caseflow.models import Alert

    db.session.rollback()
    query = select(Alert.due_on, Alert.rung).where(Alert.case_id == case_id, Alert.term == term)
    return [(due, rung) for due, rung in db.session.execute(query.order_by(Alert.id))]


def shown_to(office: DeskOffice, rung: int, term: str = "reply") -> set[str]:
    """Who is shown the alerts of a rung, by their names in the office."""
    from caseflow.db import db
    from caseflow.models import Alert, AlertRecipient

    db.session.rollback()
    query = select(AlertRecipient.person_id).join(Alert).where(Alert.rung == rung, Alert.term == term)
    names = {person: name for name, person in office.people.items()}
    return {names[person] for person in db.session.scalars(query)}


def disable(office: DeskOffice, who: str) -> None:
    from caseflow.db import transaction
    from caseflow.models import Person

    with transaction() as session:
        session.get_one(Person, office.people[who]).disabled = True


# --- which rung --------------------------------------------------------------------------------------------


RUNGS = (
    ("周日 2026-10-11", None),  # the Monday is still to come: 11 working days left
    ("周一 2026-10-12", 10),
    ("周五 2026-10-16", 10),  # 6 left
    ("周日 2026-10-18", 10),  # the Monday is still to come, 6 left
    ("周一 2026-10-19", 5),
    ("周三 2026-10-21", 5),  # 3 left
    ("周四 2026-10-22", 2),
    ("周日 2026-10-25", 2),  # 1 left
    ("周一 2026-10-26", 0),  # the due day itself
    ("周二 2026-10-27", -1),  # overdue, and from here on each working day
    ("周三 2026-10-28", -2),
    ("周六 2026-10-31", -4),  # no further one on a day off
    ("周日 2026-11-01", -4),
    ("周二 2026-12-01", -26),
)


def test_a_case_gets_the_most_urgent_rung_that_applies_on_the_day(office: DeskOffice) -> None:
    """Each day as if it were the first on which anyone looked."""
    from caseflow.db import transaction
    from caseflow.models import Alert, AlertRecipient

    case_id = office.accepted(RECEIVED)
    assert row(case_id).due_on == DUE
    for written, rung in RUNGS:
        today = day(written)
        make_pass(today)
        assert alerts(case_id) == ([] if rung is None else [(DUE, rung)]), today
        with transaction() as session:
            session.execute(delete(AlertRecipient))
            session.execute(delete(Alert))


def test_a_case_due_on_friday_is_overdue_on_saturday(office: DeskOffice) -> None:
    case_id = office.accepted(date(2026, 10, 23))
    assert row(case_id).due_on == date(2026, 11, 20)
    make_pass(date(2026, 11, 21))
    assert alerts(case_id) == [(date(2026, 11, 20), -1)]
    make_pass(date(2026, 11, 23))  # Monday: the first working day overdue, the same rung
    make_pass(date(2026, 11, 24))
    assert alerts(case_id) == [(date(2026, 11, 20), -1), (date(2026, 11, 20), -2)]


def test_a_make_up_saturday_is_a_working_day_left(office: DeskOffice) -> None:
    """Due on Monday 12 October; of the three days before it only the Sunday is off."""
    case_id = office.accepted(date(2026, 9, 8))
    due = date(2026, 10, 12)
    assert row(case_id).due_on == due
    make_pass(date(2026, 10, 8))  # Thursday: Friday, Saturday and Monday are left
    make_pass(date(2026, 10, 9))
    assert alerts(case_id) == [(due, 5), (due, 2)]


def test_the_rungs_follow_one_another_each_once(office: DeskOffice) -> None:
    case_id = office.accepted(RECEIVED)
    today = date(2026, 10, 9)
    while today <= DUE + timedelta(days=2):
        make_pass(today)
        make_pass(today)
        today += timedelta(days=1)
    assert alerts(case_id) == [(DUE, 10), (DUE, 5), (DUE, 2), (DUE, 0), (DUE, -1), (DUE, -2)]


def test_after_ten_days_off_each_case_is_warned_of_once_and_for_what_holds_now(office: DeskOffice) -> None:
    """No pass from 16 to 26 October; the rungs missed are not made up for one by one."""
    first, second = office.accepted(RECEIVED), office.accepted(date(2026, 9, 22))
    make_pass(date(2026, 10, 16))
    make_pass(date(2026, 10, 26))
    assert alerts(first) == [(DUE, 10), (DUE, 0)]
    assert alerts(second) == [(date(2026, 10, 27), 10), (date(2026, 10, 27), 2)]


def test_a_pass_on_a_day_nobody_is_left_waiting_writes_its_run_and_no_alert(office: DeskOffice) -> None:
    from caseflow.alerts import runs

    office.register(RECEIVED, channel="online")
    assert make_pass(date(2026, 9, 22)) == {"alerts": 0, "shown": 0, "letters": 0}
    ended = runs.last(datetime(2026, 10, 1, 12, tzinfo=UTC))
    assert ended is not None
    assert NOW <= ended < NOW + timedelta(minutes=1)


# --- when the clock doesn't run ----------------------------------------------------------------------------


def test_nobody_is_warned_of_the_reply_while_the_applicant_is_awaited(office: DeskOffice) -> None:
    from caseflow.stages import review

    case_id = office.register(RECEIVED)
    asked = date(2026, 9, 28)
    review.request_correction(office.work("clerk", asked), case_id, seq(case_id), asked, DUE, "请写明")
    make_pass(DUE)
    assert alerts(case_id) == []


def test_a_reply_sent_ends_the_warnings(office: DeskOffice) -> None:
    case_id = office.replied(RECEIVED, DUE)
    make_pass(DUE)
    make_pass(date(2026, 10, 27))
    assert alerts(case_id) == []


def test_a_request_whose_receipt_is_not_confirmed_has_no_term_to_warn_of(office: DeskOffice) -> None:
    from caseflow.stages import register

    arrival = register.Arrival("online", submitted=RECEIVED)
    form = register.Application("natural_person", "林国栋", "某路改造工程结算报告")
    (case,) = register.register(office.work("clerk", RECEIVED), arrival, form)
    make_pass(date(2027, 1, 4))
    assert alerts(case.id) == []


def test_a_consultation_stops_the_warnings_until_its_fifteen_days_are_over(office: DeskOffice) -> None:
    from caseflow.stages import handle

    case_id, sent = office.accepted(RECEIVED), date(2026, 10, 22)
    make_pass(sent)
    handle.consult_third_party(
        office.work("clerk", sent), case_id, seq(case_id), sent, "鸿川公司", "征求", sent
    )
    held, due = row(case_id).hold_until, row(case_id).due_on
    assert (held, due) == (date(2026, 11, 12), date(2026, 11, 16))
    make_pass(date(2026, 11, 12))
    assert alerts(case_id) == [(DUE, 2)]
    make_pass(date(2026, 11, 13))
    assert alerts(case_id) == [(DUE, 2), (date(2026, 11, 16), 2)]


def test_a_consultation_sent_on_the_due_day_stops_nothing(office: DeskOffice) -> None:
    from caseflow.stages import handle

    case_id = office.accepted(RECEIVED)
    handle.consult_third_party(office.work("clerk", DUE), case_id, seq(case_id), DUE, "鸿川公司", "征求", DUE)
    assert row(case_id).due_on == DUE
    make_pass(DUE)
    make_pass(date(2026, 10, 27))
    assert alerts(case_id) == [(DUE, 0), (DUE, -1)]


def test_an_extension_is_a_new_due_day_with_rungs_of_its_own(office: DeskOffice) -> None:
    from caseflow.stages import handle

    case_id = office.accepted(RECEIVED)
    make_pass(DUE)
    handle.ask_extension(office.work("clerk", DUE), case_id, seq(case_id), 5, "涉及")
    handle.approve_extension(office.work("lead", DUE), case_id, seq(case_id), 5, DUE)
    later = date(2026, 11, 2)
    assert row(case_id).due_on == later
    make_pass(DUE)
    make_pass(later)
    assert alerts(case_id) == [(DUE, 0), (later, 5), (later, 0)]


# --- who is warned -----------------------------------------------------------------------------------------


def test_the_handler_is_warned_alone_then_with_the_lead_from_two_days_and_once_overdue_the_supervisor(
    office: DeskOffice,
) -> None:
    office.accepted(RECEIVED)
    for today in (date(2026, 10, 12), date(2026, 10, 19), date(2026, 10, 22), DUE, date(2026, 10, 27)):
        make_pass(today)
    assert shown_to(office, 10) == shown_to(office, 5) == {"clerk"}
    assert shown_to(office, 2) == shown_to(office, 0) == {"clerk", "lead"}
    assert shown_to(office, -1) == {"clerk", "lead", "supervisor"}


def test_every_clerk_is_warned_of_a_case_that_nobody_handles_yet(office: DeskOffice) -> None:
    office.register(RECEIVED)
    make_pass(date(2026, 10, 19))
    assert shown_to(office, 5) == {"clerk", "colleague"}


def test_the_colleagues_are_warned_where_the_handler_can_no_longer_sign_in(office: DeskOffice) -> None:
    office.accepted(RECEIVED)
    disable(office, "clerk")
    disable(office, "lead")
    make_pass(DUE)
    assert shown_to(office, 0) == {"colleague"}


def test_another_office_is_not_warned(office: DeskOffice) -> None:
    from caseflow.alerts import inbox
    from caseflow.calendars import store

    other = found(code="JYFB", name="另一机关")
    office.register(RECEIVED)
    make_pass(DUE)
    assert shown_to(office, 0) == {"clerk", "colleague", "lead"}
    assert {inbox.unread(person, DUE, store.current()) for person in other.people.values()} == {0}


def test_a_case_reassigned_is_shown_to_its_new_handler_by_the_next_pass(office: DeskOffice) -> None:
    from caseflow.alerts import inbox
    from caseflow.calendars import store
    from caseflow.stages import handle

    today = date(2026, 10, 19)
    case_id = office.accepted(RECEIVED)
    make_pass(today)
    handle.assign(office.work("lead", today), case_id, seq(case_id), office.people["colleague"])
    assert make_pass(today) == {"alerts": 0, "shown": 1, "letters": 0}
    assert shown_to(office, 5) == {"clerk", "colleague"}
    assert (
        inbox.unread(office.people["clerk"], today, store.current()) == 0
    )  # no longer this person's business
    assert inbox.unread(office.people["colleague"], today, store.current()) == 1


# --- at once, and at length --------------------------------------------------------------------------------


def test_three_processes_passing_at_once_raise_each_alert_once(
    office: DeskOffice, settings: Settings
) -> None:
    from caseflow.db import db

    cases = [office.accepted(RECEIVED) for _ in range(5)]
    db.session.rollback()
    counts = together(settings, 3, "make_pass", DUE.isoformat())
    assert sorted(c["alerts"] for c in counts) == [0, 0, 5]
    assert sorted(c["shown"] for c in counts) == [0, 0, 10]
    assert [alerts(case_id) for case_id in cases] == [[(DUE, 0)]] * 5


def test_a_pass_says_as_much_to_the_database_for_thirty_cases_as_for_one(office: DeskOffice) -> None:
    from caseflow.db import db

    said: list[str] = []
    event.listen(db.engine, "before_cursor_execute", lambda *call: said.append(call[2]))
    counts = []
    for cases in (1, 29):
        for _ in range(cases):
            office.accepted(RECEIVED)
        make_pass(DUE)  # the calendar is read before the count
        said.clear()
        make_pass(DUE)
        counts.append(len(said))
    assert counts[0] == counts[1]


def test_what_a_pass_did_is_kept_in_its_book(office: DeskOffice) -> None:
    from caseflow.db import db
    from caseflow.models import JobRun

    office.accepted(RECEIVED)
    make_pass(DUE)
    (run,) = db.session.scalars(select(JobRun))
    assert run.planned_for == datetime(2026, 10, 26, tzinfo=UTC)  # 08:00 in China
    assert (run.counts, run.error, run.token) == ({"alerts": 1, "shown": 2, "letters": 0}, "", 0)
