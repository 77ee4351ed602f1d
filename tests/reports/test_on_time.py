"""The on-time rate: one definition, and the ways in which other systems' figures go wrong."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
import time_machine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.reports.register import case, keep, replied
from tests.support.office import approve, row, seq

if TYPE_CHECKING:
    from flask import Flask

    from caseflow.reports.on_time import Beside, Rate
    from tests.support.office import DeskOffice

JAN, DEC = date(2024, 1, 1), date(2024, 12, 31)
TODAY = date(2024, 12, 31)


def rate(office: DeskOffice, first: date = JAN, last: date = DEC) -> Rate:
    from caseflow.reports import on_time

    return on_time.rate([office.id], on_time.Span(first, last))


def beside(office: DeskOffice, today: date = TODAY) -> Beside:
    from caseflow.reports import on_time

    return on_time.beside([office.id], on_time.Span(JAN, DEC), today)


def at(office: DeskOffice, who: str, day: date) -> Any:
    return office.work(who, day)


def test_rate_is_sent_on_or_before_the_due_day_by_sent(office: DeskOffice) -> None:
    due = date(2024, 4, 1)
    keep(*(replied(office.id, f"{n}", date(2024, 3, 1), due + timedelta(days=n), due) for n in (-3, 0, 1)))
    found = rate(office)
    assert (found.sent, found.on_time, found.late, found.percent) == (3, 2, 1, "66.67%")


def test_nothing_sent_has_no_rate(office: DeskOffice) -> None:
    assert (rate(office).sent, rate(office).percent) == (0, None)


# -- named for the faults of other systems ----------------------------------------------------------


def test_the_last_lawful_day_is_on_time_and_not_a_breach(office: DeskOffice) -> None:
    """Elsewhere the case is flagged a breach on the very day on which closing it is on time."""
    received = date(2024, 3, 1)
    due = office.work("clerk", received).calendar.add(received, 20)
    case_id = office.accepted(received)
    assert beside(office, due).overdue == 0
    assert beside(office, due + timedelta(days=1)).overdue == 1
    _answer(office, case_id, due)
    assert (rate(office).sent, rate(office).on_time) == (1, 1)


def _answer(office: DeskOffice, case_id: int, sent: date) -> None:
    from caseflow.stages import reply

    clerk, lead = at(office, "clerk", sent), at(office, "lead", sent)
    reply.draft_reply(clerk, case_id, seq(case_id), "granted", "依据")
    approve(lead, case_id)
    reply.send_reply(clerk, case_id, seq(case_id), sent, "ems")


@pytest.mark.parametrize(("days_late", "on_time"), [(0, 1), (1, 0)])
def test_an_extended_case_stays_in_both_sides_of_the_rate(
    office: DeskOffice, days_late: int, on_time: int
) -> None:
    """Elsewhere an extended or paused case leaves both the in-time and the late bucket."""
    from caseflow.stages import handle

    received = date(2024, 3, 1)
    case_id = office.accepted(received)
    asked = date(2024, 3, 20)
    handle.ask_extension(at(office, "clerk", asked), case_id, seq(case_id), 10, "涉及多个部门")
    handle.approve_extension(at(office, "lead", asked), case_id, seq(case_id), 10, asked)
    due = row(case_id).due_on
    assert due == office.work("clerk", received).calendar.add(received, 30)
    _answer(office, case_id, due + timedelta(days=days_late))
    assert (rate(office).sent, rate(office).on_time) == (1, on_time)


def test_a_case_corrected_and_answered_in_its_new_term_is_on_time(office: DeskOffice) -> None:
    """Elsewhere a paused case is counted as paused only; here it is measured by its restarted term."""
    from caseflow.stages import review

    case_id = office.register(date(2024, 3, 1))
    review.request_correction(
        at(office, "clerk", date(2024, 3, 6)),
        case_id,
        seq(case_id),
        date(2024, 3, 6),
        date(2024, 3, 29),
        "写明",
    )
    came = date(2024, 3, 27)
    review.receive_correction(at(office, "clerk", came), case_id, seq(case_id), came)
    review.accept(at(office, "lead", came), case_id, seq(case_id), came, office.people["clerk"])
    _answer(office, case_id, date(2024, 4, 24))
    assert (rate(office).sent, rate(office).on_time) == (1, 1)


def test_open_cases_are_never_counted_as_on_time(office: DeskOffice) -> None:
    """Elsewhere on time = closed in time + still open and not yet late, by all received."""
    keep(
        replied(office.id, "late", date(2024, 3, 1), date(2024, 5, 6), date(2024, 3, 29)),
        *(
            case(office.id, f"{n}", received_on=date(2024, 12, 20), due_on=date(2025, 1, 20))
            for n in range(99)
        ),
    )
    assert (rate(office).sent, rate(office).percent) == (1, "0.00%")
    assert (beside(office).open, beside(office).overdue) == (99, 0)


def test_overdue_open_cases_stand_beside_the_rate_and_not_in_it(office: DeskOffice) -> None:
    """Neither do they spoil the denominator, as where breaches are divided by all and the rest by the closed."""
    keep(
        replied(office.id, "1", date(2024, 3, 1), date(2024, 3, 4), date(2024, 3, 29)),
        case(office.id, "2", received_on=date(2024, 3, 1), due_on=date(2024, 3, 29)),
    )
    assert rate(office).percent == "100.00%"
    assert beside(office).overdue == 1


def test_a_case_without_a_due_day_is_not_on_time(office: DeskOffice) -> None:
    """Elsewhere whatever has no due date counts as on time."""
    odd = {"received_on": date(2024, 3, 1), "replied_on": date(2024, 3, 4), "closed_on": date(2024, 3, 4)}
    keep(*(case(office.id, f"{n}", on_time=known, **odd) for n, known in enumerate((False, None))))
    keep(case(office.id, "waiting", received_on=date(2024, 3, 1), waiting="correction"))
    assert (rate(office).sent, rate(office).on_time, rate(office).late) == (2, 0, 2)
    assert (beside(office).open, beside(office).waiting, beside(office).overdue) == (1, 1, 0)


def test_lapsed_and_withdrawn_cases_are_not_replies_on_time(office: DeskOffice) -> None:
    """Elsewhere certain statuses are always on time."""
    closed = {"received_on": date(2024, 3, 1), "closed_on": date(2024, 12, 31), "result_year": 2024}
    keep(
        case(office.id, "1", result="other", closed_by="withdrawn", **closed),
        case(office.id, "2", result="other_correction_lapsed", closed_by="lapsed", **closed),
        case(office.id, "3", received_on=None, closed_by="not_received", closed_on=date(2024, 5, 6)),
    )
    assert rate(office).sent == 0
    assert beside(office).closed_without_reply == 2  # the third was never a request


def test_the_last_day_of_the_span_is_inside_it(office: DeskOffice) -> None:
    """Elsewhere a report drops its whole last day."""
    days = [date(2024, 3, 31), date(2024, 4, 1), date(2024, 4, 30), date(2024, 5, 1)]
    keep(*(replied(office.id, f"{n}", date(2024, 3, 1), day, date(2024, 6, 3)) for n, day in enumerate(days)))
    assert rate(office, date(2024, 4, 1), date(2024, 4, 30)).sent == 2
    assert rate(office, date(2024, 4, 30), date(2024, 4, 30)).sent == 1


def test_a_reply_sent_on_friday_evening_is_not_stamped_to_another_day(office: DeskOffice) -> None:
    """Elsewhere Friday evening, taken in UTC, closes the case on Monday; here a day is a day in China."""
    from caseflow import moment

    case_id = office.accepted(date(2024, 3, 1))
    friday = date(2024, 3, 29)
    with time_machine.travel(datetime(2024, 3, 29, 12, tzinfo=UTC), tick=False):  # 20:00 in China
        assert moment.today() == friday
        _answer(office, case_id, moment.today())
    with time_machine.travel(datetime(2024, 3, 29, 17, tzinfo=UTC), tick=False):  # 01:00 on Saturday
        assert moment.today() == date(2024, 3, 30)
    assert row(case_id).replied_on == friday
    assert rate(office, friday, friday).sent == 1
    assert rate(office, date(2024, 3, 30), date(2024, 4, 1)).sent == 0


def test_a_reply_recorded_days_later_counts_by_the_day_it_was_sent(office: DeskOffice) -> None:
    from caseflow.stages import reply

    received, sent = date(2024, 3, 1), date(2024, 3, 29)
    case_id = office.accepted(received)
    reply.draft_reply(at(office, "clerk", sent), case_id, seq(case_id), "granted", "依据")
    approve(at(office, "lead", sent), case_id)
    reply.send_reply(at(office, "clerk", date(2024, 4, 8)), case_id, seq(case_id), sent, "ems")
    assert (rate(office, sent, sent).sent, rate(office, sent, sent).on_time) == (1, 1)


def test_a_voided_reply_leaves_the_rate_and_the_second_one_is_measured_anew(office: DeskOffice) -> None:
    """Elsewhere a reopened case keeps its old closing date, or a review rewrites its timeliness."""
    from caseflow.stages import reply

    case_id = office.replied(date(2024, 3, 1), date(2024, 3, 11))
    reply.void_reply(at(office, "lead", date(2024, 3, 12)), case_id, seq(case_id), "错发给他人")
    assert rate(office).sent == 0
    assert beside(office, date(2024, 3, 12)).open == 1
    _answer(office, case_id, date(2024, 6, 3))
    assert (rate(office).sent, rate(office).on_time) == (1, 0)
    assert rate(office, date(2024, 3, 1), date(2024, 3, 31)).sent == 0


def test_a_proceeding_about_a_closed_case_does_not_rewrite_its_timeliness(office: DeskOffice) -> None:
    """Elsewhere an internal review moves the closing date."""
    from caseflow.stages import proceedings

    case_id = office.replied(date(2024, 3, 1), date(2024, 3, 11))
    clerk = at(office, "clerk", date(2024, 9, 2))
    proceedings.open_proceeding(clerk, case_id, seq(case_id), date(2024, 9, 2), "reconsideration")
    proceedings.close_proceeding(clerk, case_id, seq(case_id), date(2024, 9, 2), 1, "corrected")
    assert (rate(office).sent, rate(office).on_time) == (1, 1)


def test_reassigning_a_case_does_not_start_its_clock_anew(office: DeskOffice) -> None:
    """Elsewhere a new handler gets a new limit."""
    from caseflow.stages import handle

    case_id = office.accepted(date(2024, 3, 1))
    due = row(case_id).due_on
    handle.assign(at(office, "lead", date(2024, 4, 8)), case_id, seq(case_id), office.people["colleague"])
    assert row(case_id).due_on == due
    _answer_as(office, "colleague", case_id, date(2024, 4, 9))
    assert (rate(office).sent, rate(office).on_time) == (1, 0)


def _answer_as(office: DeskOffice, who: str, case_id: int, sent: date) -> None:
    from caseflow.stages import reply

    reply.draft_reply(at(office, who, sent), case_id, seq(case_id), "granted", "依据")
    approve(at(office, "lead", sent), case_id)
    reply.send_reply(at(office, who, sent), case_id, seq(case_id), sent, "ems")


# -- by month, by handler, and the cases behind -----------------------------------------------------


def stretches(office: DeskOffice, first: date, last: date) -> list[tuple[str, date, date, int, int]]:
    from caseflow.reports import on_time

    found = on_time.by_month([office.id], on_time.Span(first, last))
    return [(m.label, m.span.first, m.span.last, m.rate.sent, m.rate.on_time) for m in found]


def test_months_are_cut_to_the_span_and_empty_ones_are_shown(office: DeskOffice) -> None:
    keep(
        replied(office.id, "1", date(2024, 1, 2), date(2024, 1, 31), date(2024, 1, 30)),
        replied(office.id, "2", date(2024, 1, 2), date(2024, 3, 10), date(2024, 3, 10)),
        replied(office.id, "3", date(2024, 1, 2), date(2024, 3, 11), date(2024, 3, 11)),
    )
    assert stretches(office, date(2024, 1, 15), date(2024, 3, 10)) == [
        ("1月", date(2024, 1, 15), date(2024, 1, 31), 1, 0),
        ("2月", date(2024, 2, 1), date(2024, 2, 29), 0, 0),
        ("3月", date(2024, 3, 1), date(2024, 3, 10), 1, 1),
    ]


def test_months_of_two_years_are_told_apart(office: DeskOffice) -> None:
    labels = [s[0] for s in stretches(office, date(2023, 12, 1), date(2024, 1, 31))]
    assert labels == ["2023.12", "2024.1"]


def test_a_long_span_is_shown_by_years(office: DeskOffice) -> None:
    keep(replied(office.id, "1", date(2020, 1, 2), date(2020, 1, 3), date(2020, 2, 3)))
    assert stretches(office, date(2020, 1, 1), date(2022, 6, 30)) == [
        ("2020年", date(2020, 1, 1), date(2020, 12, 31), 1, 1),
        ("2021年", date(2021, 1, 1), date(2021, 12, 31), 0, 0),
        ("2022年", date(2022, 1, 1), date(2022, 6, 30), 0, 0),
    ]


SENT = st.lists(st.tuples(st.dates(date(2023, 1, 1), date(2025, 12, 31)), st.booleans()), max_size=25)
ENDS = st.tuples(
    st.dates(date(2023, 1, 1), date(2025, 12, 31)), st.dates(date(2023, 1, 1), date(2025, 12, 31))
)
offices = iter(range(1, 10**9))


@pytest.mark.soak
@settings(
    max_examples=min(settings().max_examples, 1000),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(sent=SENT, ends=ENDS)
def test_months_and_handlers_add_up_to_the_whole(
    app: Flask, sent: list[tuple[date, bool]], ends: tuple[date, date]
) -> None:
    """Elsewhere the totals shown beside the raw rows don't agree with them."""
    from caseflow.db import transaction
    from caseflow.models import Office
    from caseflow.reports import on_time

    span = on_time.Span(min(ends), max(ends))
    with app.app_context():
        with transaction() as session:
            office = Office(code=f"T{next(offices)}", name="随机机关")
            session.add(office)
            session.flush()
            session.add_all(
                replied(office.id, f"{n}", date(2022, 12, 1), day, day if good else date(2022, 12, 30),
                        handler=("王敏", "陈晓", "")[n % 3])
                for n, (day, good) in enumerate(sent)
            )  # fmt: skip
            ids = [office.id]
        whole = on_time.rate(ids, span)
        months = on_time.by_month(ids, span)
        handlers = on_time.by_handler(ids, span, TODAY)
        late = on_time.late_cases(ids, span)
    naive = [(day, good) for day, good in sent if span.first <= day <= span.last]
    assert (whole.sent, whole.on_time) == (len(naive), sum(good for _, good in naive))
    for parts in (months, handlers):
        assert sum((p.rate for p in parts), on_time.NOTHING) == whole
    assert len(late) == min(whole.late, on_time.LONGEST)
    assert [m.span.first for m in months[1:]] == [m.span.last + timedelta(days=1) for m in months[:-1]]
    assert (months[0].span.first, months[-1].span.last) == (span.first, span.last)


def test_handlers_stand_with_the_lowest_rate_first_and_their_open_cases_beside(office: DeskOffice) -> None:
    from caseflow.reports import on_time

    clerk = {"handler_id": office.people["clerk"], "handler": "王敏"}
    colleague = {"handler_id": office.people["colleague"], "handler": "陈晓"}
    due = date(2024, 4, 1)
    keep(
        replied(office.id, "1", date(2024, 3, 1), due, due, **clerk),
        replied(office.id, "2", date(2024, 3, 1), due, due, **colleague),
        replied(office.id, "3", date(2024, 3, 1), due + timedelta(days=1), due, **colleague),
        case(office.id, "4", received_on=date(2024, 3, 1), due_on=due, **clerk),
        case(office.id, "5", received_on=date(2024, 3, 1), due_on=due),
    )
    found = on_time.by_handler([office.id], on_time.Span(JAN, DEC), TODAY)
    assert [(h.name, h.rate.percent, h.open, h.overdue) for h in found] == [
        ("陈晓", "50.00%", 0, 0),
        ("王敏", "100.00%", 1, 1),
        ("", None, 1, 1),
    ]


def test_a_handler_renamed_meanwhile_is_one_handler(office: DeskOffice) -> None:
    from caseflow.reports import on_time

    due = date(2024, 4, 1)
    for n, name in enumerate(("王敏", "王敏敏")):
        keep(replied(office.id, f"{n}", JAN, due, due, handler_id=office.people["clerk"], handler=name))
    (found,) = on_time.by_handler([office.id], on_time.Span(JAN, DEC), TODAY)
    assert found.rate.sent == 2


def test_the_longest_overdue_and_the_latest_late_reply_come_first(office: DeskOffice) -> None:
    from caseflow.reports import on_time

    keep(
        *(case(office.id, f"open {n}", received_on=JAN, due_on=date(2024, 2, n)) for n in (9, 2, 5)),
        case(office.id, "consulting", received_on=JAN, due_on=date(2024, 2, 1), waiting="consultation",
             hold_until=date(2025, 1, 6)),
        *(replied(office.id, f"late {n}", JAN, date(2024, 3, n), date(2024, 2, 1)) for n in (9, 2, 5)),
    )  # fmt: skip
    overdue = on_time.overdue_cases([office.id], TODAY)
    assert [c.number for c in overdue] == ["open 2", "open 5", "open 9"]
    late = on_time.late_cases([office.id], on_time.Span(JAN, DEC))
    assert [c.number for c in late] == ["late 9", "late 5", "late 2"]


def test_year_table_and_supervision_say_the_same_rate(office: DeskOffice) -> None:
    """Elsewhere several reports hold several formulas, and their numbers disagree."""
    from caseflow.reports.year import year_report

    due = date(2024, 4, 1)
    keep(*(replied(office.id, f"{n}", JAN, due + timedelta(days=n - 20), due) for n in range(24)))
    assert year_report([office.id], 2024).on_time == rate(office)
    assert rate(office).percent == "87.50%"
