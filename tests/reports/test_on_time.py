"""The on-time rate: one definition, and the ways in which other systems' figures go wrong."""

from __future__ import annotations

import math
from collections.abc import Callable
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

    from caseflow.reports.on_time import Counted, Figures, Rate
    from caseflow.reports.on_time.report import Report
    from tests.support.office import DeskOffice

JAN, DEC = date(2024, 1, 1), date(2024, 12, 31)
TODAY = date(2024, 12, 31)


def rate(office: DeskOffice, first: date = JAN, last: date = DEC) -> Rate:
    from caseflow.reports import on_time

    return on_time.rate([office.id], on_time.Span(first, last))


def whole(office: DeskOffice, first: date = JAN, last: date = DEC, today: date = TODAY) -> Report:
    from caseflow.reports.on_time import Span
    from caseflow.reports.on_time.report import report

    return report([office.id], Span(first, last), today)


def beside(office: DeskOffice, today: date = TODAY) -> Figures:
    return whole(office, today=today).figures


def lines(found: Report, by: str) -> dict[str, Figures]:
    """The lines of one dimension, in their order."""
    (part,) = [part for dimension, part in found.parts if dimension.code == by]
    return {line.name: line.figures for line in part}


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


def test_a_re_reply_that_is_not_counted_is_nowhere_and_registered_when_late(office: DeskOffice) -> None:
    """Open, answered late and withdrawn it stands in no figure of the rate; 责任追究 holds it open and answered."""
    from caseflow.reports import oversight

    due, again = date(2024, 3, 29), {"received_on": date(2024, 3, 1), "new_year": None}
    keep(
        case(office.id, "open", due_on=due, **again),
        case(office.id, "waits", waiting="consultation", due_on=due, hold_until=date(2025, 1, 6), **again),
        replied(office.id, "late", date(2024, 3, 1), date(2024, 5, 6), due, new_year=None),
        case(office.id, "withdrawn", closed_by="withdrawn", closed_on=due, **again),
    )
    found = whole(office).figures
    assert (found.sent, found.rate.late, found.otherwise) == (0, 0, 0)
    assert (found.open, found.waiting, found.overdue) == (0, 0, 0)
    assert oversight.counts([office.id], 2024, TODAY)[""] == 2
    keep(case(office.id, "came today", received_on=None, waiting="receipt"))  # of no year yet, and counted
    assert (beside(office).open, beside(office).waiting) == (1, 1)


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
    assert (beside(office).otherwise, beside(office).withdrawn, beside(office).lapsed) == (
        2,
        1,
        1,
    )  # the third was never a request


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
    found = whole(office, first, last).stretches
    return [(m.label, m.span.first, m.span.last, m.figures.sent, m.figures.on_time) for m in found]


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


def test_handlers_stand_with_the_lowest_rate_first_and_their_open_cases_beside(office: DeskOffice) -> None:
    clerk = {"handler_id": office.people["clerk"], "handler": "王敏"}
    colleague = {"handler_id": office.people["colleague"], "handler": "陈晓"}
    due = date(2024, 4, 1)
    keep(
        replied(office.id, "1", date(2024, 3, 1), due, due, **clerk),
        replied(office.id, "2", date(2024, 3, 1), due, due, **colleague),
        replied(office.id, "3", date(2024, 3, 1), due + timedelta(days=1), due, **colleague),
        replied(office.id, "6", date(2024, 3, 1), due, due, handler="王敏"),  # of the same name, in a ledger
        case(office.id, "4", received_on=date(2024, 3, 1), due_on=due, **clerk),
        case(office.id, "5", received_on=date(2024, 3, 1), due_on=due),
    )
    (part,) = [part for dimension, part in whole(office).parts if dimension.code == "handler"]
    assert [(h.name, h.figures.rate.percent, h.figures.open, h.figures.overdue) for h in part] == [
        ("陈晓", "50.00%", 0, 0),
        ("王敏", "100.00%", 1, 1),
        ("王敏", "100.00%", 0, 0),
        ("未分办", None, 1, 1),
    ]


def test_a_handler_renamed_meanwhile_is_one_handler(office: DeskOffice) -> None:
    due = date(2024, 4, 1)
    for n, name in enumerate(("王敏", "王敏敏")):
        keep(replied(office.id, f"{n}", JAN, due, due, handler_id=office.people["clerk"], handler=name))
    (found,) = lines(whole(office), "handler").values()
    assert found.sent == 2


def test_what_stopped_restarted_or_lengthened_a_term_is_counted_apart_and_both_ways(
    office: DeskOffice,
) -> None:
    """A case with two things on its way stands in both lines, and once in the sum."""
    due = date(2024, 4, 1)
    kinds: tuple[dict[str, Any], ...] = (
        {}, {"extended": 10, "plain_on_time": False}, {"corrected": True, "extended": 5, "plain_on_time": False},
        {"charged": True}, {"consulted": True, "on_time": False, "plain_on_time": False}, {"deferred": True},
    )  # fmt: skip
    keep(*(replied(office.id, f"{n}", JAN, due, due, **kind) for n, kind in enumerate(kinds)))
    found = whole(office)
    counted = {c.name: (c.figures.sent, c.figures.on_time, c.figures.plain) for c in found.course}
    assert counted == {
        "补正": (1, 1, 0), "收费": (1, 1, 1), "征求意见": (1, 0, 0), "延期": (2, 2, 0), "延迟答复": (1, 1, 1),
        "没有以上情形": (1, 1, 1),
    }  # fmt: skip
    assert (found.figures.sent, found.figures.on_time, found.figures.plain) == (6, 5, 3)


def test_a_fee_is_no_correction_and_the_first_twenty_days_know_neither(office: DeskOffice) -> None:
    """Day 20 is a Friday: a reply sent on the Saturday after it is beyond, though no working day has passed."""
    from caseflow.stages import fees

    received, friday = date(2024, 3, 1), date(2024, 3, 29)
    assert office.work("clerk", received).calendar.add(received, 20) == friday
    on_friday, on_saturday, paid = (office.accepted(received) for _ in range(3))
    _answer(office, on_friday, friday)
    _answer(office, on_saturday, friday + timedelta(days=1))
    clerk = at(office, "clerk", date(2024, 3, 11))
    fees.fee_notice(clerk, paid, seq(paid), date(2024, 3, 11), "pieces", 11, told=date(2024, 3, 11))
    fees.pay_fee(clerk, paid, seq(paid), date(2024, 3, 11))
    _answer(office, paid, date(2024, 4, 3))
    rows = [row(case_id) for case_id in (on_friday, on_saturday, paid)]
    assert [(r.corrected, r.charged, r.on_time, r.plain_on_time) for r in rows] == [
        (False, False, True, True), (False, False, False, False), (False, True, True, False),
    ]  # fmt: skip
    assert [r.days_used for r in rows] == [20, 20, 17]


RANKED = st.dictionaries(st.integers(0, 60), st.integers(0, 9), max_size=12)


@given(RANKED, st.sampled_from([1, 50, 90, 100]))
def test_a_percentile_is_the_nearest_rank_of_all_values_in_a_row(counts: dict[int, int], share: int) -> None:
    """The smallest value that so many percent of all don't exceed."""
    from caseflow.reports.on_time import nearest_rank

    values = sorted(value for value, n in counts.items() for _ in range(n))
    naive = next((v for v in values if 100 * sum(w <= v for w in values) >= share * len(values)), None)
    assert nearest_rank(counts, share) == naive


SENT = st.lists(
    st.fixed_dictionaries({
        "sent": st.dates(date(2023, 1, 1), date(2025, 12, 31)), "on_time": st.sampled_from([True, False, None]),
        "plain_on_time": st.sampled_from([True, False, None]), "days_used": st.none() | st.integers(0, 40),
        "handler": st.sampled_from(["王敏", "陈晓", ""]), "channel": st.sampled_from(["letter", "online"]),
        "extended": st.integers(0, 1), "corrected": st.booleans(), "office": st.integers(0, 1),
    }),
    max_size=25,
)  # fmt: skip
DAYS = st.dates(date(2023, 1, 1), date(2025, 12, 31))
offices = iter(range(1, 10**9))


@pytest.mark.soak
@settings(
    max_examples=min(settings().max_examples, 1000),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(sent=SENT, ends=st.tuples(DAYS, DAYS))
def test_every_line_is_what_a_reader_would_count_and_lines_add_up_to_the_whole(
    app: Flask, sent: list[dict[str, Any]], ends: tuple[date, date]
) -> None:
    """Elsewhere the totals shown beside the raw rows don't agree with them, or are means of percentages."""
    from caseflow.reports import on_time
    from caseflow.reports.on_time.report import report

    span = on_time.Span(min(ends), max(ends))
    with app.app_context():
        ids = [_new_office(), _new_office()]
        keep(*(
            replied(ids[one.pop("office")], f"{n}", date(2022, 12, 1), one.pop("sent"), date(2024, 1, 1), **one)
            for n, one in enumerate(dict(s) for s in sent)
        ))  # fmt: skip
        found = report(ids, span, TODAY)
        rates = [on_time.rate([office_id], span) for office_id in ids]
        _, late = on_time.worst(ids, span, found.source)
    naive = [one for one in sent if span.first <= one["sent"] <= span.last]
    assert _told(found.figures) == _naive(naive)
    assert sum(rates, on_time.NOTHING) == found.figures.rate
    assert len(late) == min(found.figures.rate.late, on_time.LONGEST)
    values: dict[str, Callable[[Counted], Any]] = {
        "office": lambda line: ids.index(int(line.key)),
        "handler": lambda line: line.name.replace("未分办", ""),
        "channel": lambda line: line.key,
    }
    for dimension, part in found.parts:
        assert on_time.total(line.figures for line in part) == found.figures
        for line in part if dimension.code in values else ():
            value = values[dimension.code](line)
            assert _told(line.figures) == _naive([one for one in naive if one[dimension.code] == value])
    for line in found.course:
        mine = [
            one for one in naive if line.key == "straight" and not one["extended"] and not one["corrected"]
        ]
        mine += [one for one in naive if one.get(line.key)]
        assert _told(line.figures) == _naive(mine)
    months = found.stretches
    assert on_time.total(m.figures for m in months) == found.figures
    assert [m.span.first for m in months[1:]] == [m.span.last + timedelta(days=1) for m in months[:-1]]
    assert (months[0].span.first, months[-1].span.last) == (span.first, span.last)
    for m in months:
        assert _told(m.figures) == _naive([o for o in naive if m.span.first <= o["sent"] <= m.span.last])


def _new_office() -> int:
    from caseflow.models import Office

    number = next(offices)
    (office_id,) = keep(Office(code=f"T{number}", name=f"随机机关{number}"))
    return office_id


def _told(found: Figures) -> tuple[Any, ...]:
    return found.sent, found.on_time, found.plain, found.median, found.p90


def _naive(cases: list[dict[str, Any]]) -> tuple[Any, ...]:
    days = sorted(one["days_used"] for one in cases if one["days_used"] is not None)
    ranks = [days[math.ceil(len(days) * share / 100) - 1] if days else None for share in (50, 90)]
    good = [sum(one[name] is True for one in cases) for name in ("on_time", "plain_on_time")]
    return (len(cases), *good, *ranks)


def test_the_longest_overdue_and_the_latest_late_reply_come_first(office: DeskOffice) -> None:
    from caseflow.reports import on_time

    keep(
        *(case(office.id, f"open {n}", received_on=JAN, due_on=date(2024, 2, n)) for n in (9, 2, 5)),
        case(office.id, "consulting", received_on=JAN, due_on=date(2024, 2, 1), waiting="consultation",
             hold_until=date(2025, 1, 6)),
        *(replied(office.id, f"late {n}", JAN, date(2024, 3, n), date(2024, 2, 1)) for n in (9, 2, 5)),
    )  # fmt: skip
    overdue, late = on_time.worst([office.id], on_time.Span(JAN, DEC), on_time.as_it_stands(TODAY))
    assert [c.number for c in overdue] == ["open 2", "open 5", "open 9"]
    assert [c.number for c in late] == ["late 9", "late 5", "late 2"]


def test_year_table_and_supervision_say_the_same_rate(office: DeskOffice) -> None:
    """Elsewhere several reports hold several formulas, and their numbers disagree."""
    from caseflow.reports.year import year_report

    due = date(2024, 4, 1)
    keep(*(replied(office.id, f"{n}", JAN, due + timedelta(days=n - 20), due) for n in range(24)))
    assert year_report([office.id], 2024).on_time == rate(office)
    assert rate(office).percent == "87.50%"
