"""A notice entered: the open cases dated anew by it, the closed ones as they were, all of it or nothing."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from caseflow.calendars import store
from caseflow.db import db
from caseflow.law.casefile import CaseFile
from caseflow.law.holidays import Unreadable
from caseflow.law.workdays import Calendar
from caseflow.models import CalendarYear, Case, Event
from caseflow.stages import archive, calendar, closing, correct, record, redate, register
from caseflow.stages.calendar import Draft, Entered
from caseflow.stages.errors import Changed, Refused
from caseflow.upkeep.verify import differences
from tests.law.days import day
from tests.law.notices import LINES, MAY_2019, SPRING_2020, document, notice
from tests.stages.drive import FORM, do
from tests.support.office import DeskOffice, row

TODAY = day("周五 2026-12-11")
NOW = datetime(2026, 12, 11, 1, tzinfo=UTC)
CHANGE_2019 = "国务院办公厅关于调整2019年劳动节假期安排的通知（国办发明电〔2019〕3号）"
CHANGE_2020 = "国务院办公厅关于延长2020年春节假期的通知（国办发明电〔2020〕1号）"
CHANGE_2027 = "国务院办公厅关于调整2027年假期安排的通知（国办发明电〔2027〕2号）"
STORM = "市人民政府关于台风期间停工的通告（2026 年第 8 号）"


def enter(year: int, words: str = "", title: str = "", seen: int | None = None) -> Entered:
    return write(lambda: calendar.draft(words or notice(year), year, title or document(year)), seen)


def write(propose: Any, seen: int | None = None) -> Entered:
    return calendar.enter(propose, actor_id=None, today=TODAY, now=NOW, seen=seen)


def off(*days: str, name: str = "台风停工", works: bool = False) -> Draft:
    return calendar.draft_local(day(days[0]), day(days[-1]), works, name, STORM)


def moved(entered: Entered) -> dict[int, tuple[date | None, date | None]]:
    return {c.case_id: (c.old, c.new) for c in entered.changes if c.moves}


def redated(case_id: int) -> list[Event]:
    found = select(Event).where(Event.case_id == case_id, Event.act == "redate").order_by(Event.seq)
    return list(db.session.scalars(found))


def whole() -> tuple[int, ...]:
    """Everything that a calendar writes, counted."""
    tables = (CalendarYear, Event)
    return tuple(db.session.scalar(select(func.count()).select_from(table)) or 0 for table in tables)


def extended(office: DeskOffice, received: str, days: int) -> int:
    case_id, on = office.accepted(day(received)), day(received)
    do(office, case_id, "ask_extension", on, days=days)
    do(office, case_id, "approve_extension", on, days=days, told=on)
    return case_id


# --- real corrections: each row a receipt, its due day before, and by the correction -----------------------


@pytest.mark.parametrize(
    ("received", "before", "after"),
    [
        ("周四 2019-12-26", "周四 2020-01-23", "周四 2020-01-23"),  # the last working day before the festival
        ("周五 2019-12-27", "周五 2020-01-31", "周一 2020-02-03"),  # the day that was prolonged
        ("周一 2019-12-30", "周六 2020-02-01", "周二 2020-02-04"),  # the make-up Saturday that fell away
        ("周五 2020-01-03", "周三 2020-02-05", "周五 2020-02-07"),
        ("周一 2020-01-20", "周五 2020-02-21", "周二 2020-02-25"),
    ],
)
def test_the_prolonged_spring_festival_of_2020_dates_open_cases_anew(
    office: DeskOffice, received: str, before: str, after: str
) -> None:
    enter(2020)  # the notice of November 2019, in place of the shipped calendar that knows the prolongation
    case_id = office.accepted(day(received))
    assert row(case_id).due_on == day(before)
    entered = enter(2020, SPRING_2020, CHANGE_2020)
    assert row(case_id).due_on == day(after)
    assert moved(entered) == ({case_id: (day(before), day(after))} if before != after else {})
    assert [e.details["document"] for e in redated(case_id)] == [CHANGE_2020] * (before != after)
    assert not list(differences())


@pytest.mark.parametrize(
    ("received", "before", "after"),
    [
        ("周四 2019-03-28", "周五 2019-04-26", "周五 2019-04-26"),
        ("周五 2019-03-29", "周一 2019-04-29", "周日 2019-04-28"),  # a Sunday is worked
        ("周二 2019-04-02", "周四 2019-05-02", "周二 2019-04-30"),
        ("周三 2019-04-03", "周五 2019-05-03", "周日 2019-05-05"),  # and another after the four days
        ("周一 2019-04-08", "周二 2019-05-07", "周二 2019-05-07"),
    ],
)
def test_may_2019_was_corrected_in_march_and_dates_what_was_received_before(
    office: DeskOffice, received: str, before: str, after: str
) -> None:
    enter(2019)  # the notice of December 2018: 1 May alone
    case_id = office.accepted(day(received))
    assert row(case_id).due_on == day(before)
    entered = enter(2019, MAY_2019, CHANGE_2019)
    assert row(case_id).due_on == day(after)
    assert moved(entered) == ({case_id: (day(before), day(after))} if before != after else {})


def test_a_correction_leaves_the_other_festivals_with_their_document(office: DeskOffice) -> None:
    enter(2019)
    enter(2019, MAY_2019, CHANGE_2019)
    found = store.year(2019)
    assert found.document == document(2019)
    assert {d.document for d in found.days if d.name == "劳动节"} == {CHANGE_2019}
    assert {d.document for d in found.days if d.name != "劳动节"} == {document(2019)}
    assert {d.day: d.works for d in found.days if d.works == (d.day.weekday() >= 5)} == {
        one: works for one, works in store.edition(1).exceptions.items() if one.year == 2019
    }


def test_a_new_year_that_begins_in_december_goes_to_the_year_it_lies_in(office: DeskOffice) -> None:
    friday, sunday = day("周五 2027-12-31"), day("周日 2027-12-26")
    words = "元旦：2027年12月31日至2028年1月2日放假调休，共3天。2027年12月26日（星期日）上班。"
    enter(2027)
    assert (store.current().is_working(friday), store.current().is_working(sunday)) == (True, False)
    assert enter(2028, words).version == 3
    assert (store.current().is_working(friday), store.current().is_working(sunday)) == (False, True)
    assert {d.document for d in store.year(2027).days if d.day.month == 12} == {document(2028)}
    assert enter(2028, words).version is None
    assert enter(2027).version is None  # the next year's days stay


def test_a_december_of_a_year_not_entered_is_refused(office: DeskOffice) -> None:
    words = "元旦：2027年12月31日至2028年1月2日放假，共3天。"
    with pytest.raises(Unreadable, match="2027 年还没有录入，先录入 2027 年的通知"):
        calendar.draft(words, 2028, document(2028))


# --- a year entered for the first time ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("received", "extension", "before", "after"),
    [
        ("周五 2026-12-11", 0, "周一 2027-01-11", "周一 2027-01-11"),
        ("周五 2026-12-11", 14, "周五 2027-01-29", "周五 2027-01-29"),
        ("周五 2026-12-11", 15, "周一 2027-02-01", "周日 2027-01-31"),  # a make-up Sunday
        ("周五 2026-12-11", 20, "周一 2027-02-08", "周一 2027-02-15"),  # into the Spring Festival
        ("周四 2026-12-31", 5, "周五 2027-02-05", "周四 2027-02-04"),
    ],
)
def test_a_receipt_of_december_2026_is_provisional_until_2027_is_entered(
    office: DeskOffice, received: str, extension: int, before: str, after: str
) -> None:
    case_id = extended(office, received, extension) if extension else office.accepted(day(received))
    assert (row(case_id).due_on, row(case_id).provisional) == (day(before), True)
    entered = enter(2027)
    case = row(case_id)
    assert (case.due_on, case.provisional, case.calendar_version) == (day(after), False, 2)
    (event,) = redated(case_id)
    assert (event.seq, event.actor_id, event.calendar_version) == (case.seq, None, 2)
    assert event.details == {
        "old": day(before).isoformat(), "new": day(after).isoformat(), "provisional": False,
        "document": document(2027),
    }  # fmt: skip
    assert [c.moves for c in entered.changes] == [before != after]
    assert not list(differences())


def test_a_case_that_ends_before_the_year_is_not_touched(office: DeskOffice) -> None:
    case_id = office.accepted(day("周一 2026-11-02"))
    seq = row(case_id).seq
    assert enter(2027).changes == ()
    assert (row(case_id).seq, row(case_id).calendar_version) == (seq, 1)


def test_closed_cases_stay_as_decided(office: DeskOffice) -> None:
    closed = office.replied(day("周一 2026-11-30"), day("周四 2026-12-10"))
    before = (row(closed).due_on, row(closed).on_time, row(closed).seq)
    running = office.accepted(day("周一 2026-11-30"))
    entered = write(lambda: off("周一 2026-12-14", "周二 2026-12-15"))
    assert list(moved(entered)) == [running]
    assert (row(closed).due_on, row(closed).on_time, row(closed).seq) == before
    assert row(closed).calendar_version == 1


def test_a_wait_for_the_applicant_has_no_due_day_to_change(office: DeskOffice) -> None:
    case_id = office.accepted(day("周一 2026-12-07"))
    do(office, case_id, "request_correction", day("周二 2026-12-08"), until=day("周二 2026-12-22"))
    enter(2027)
    assert row(case_id).due_on is None
    assert not redated(case_id)


def test_the_last_day_of_a_consultation_moves_with_the_calendar(office: DeskOffice) -> None:
    case_id = office.accepted(day("周一 2026-11-23"))
    asked = day("周二 2026-12-01")
    do(office, case_id, "consult_third_party", asked, delivered=asked)
    assert row(case_id).hold_until == day("周二 2026-12-22")
    write(lambda: off("周一 2026-12-14", "周二 2026-12-15"))
    assert row(case_id).hold_until == day("周四 2026-12-24")
    assert not list(differences())


def test_a_consultation_begun_after_the_due_day_moves_with_the_calendar(office: DeskOffice) -> None:
    case_id = office.accepted(day("周一 2026-10-12"))
    asked = day("周二 2026-11-10")
    do(office, case_id, "consult_third_party", asked, delivered=asked)
    assert row(case_id).due_on == day("周一 2026-11-09")  # over, and not moved any more
    (change,) = write(lambda: off("周二 2026-11-24")).changes
    assert (change.case_id, change.moves) == (case_id, False)
    assert change.terms == (
        redate.TermChange("consultation", 1, day("周二 2026-12-01"), day("周三 2026-12-02")),
    )
    assert not list(differences())


def test_the_impact_is_told_before_and_nothing_is_written(office: DeskOffice) -> None:
    case_id = extended(office, "周五 2026-12-11", 20)
    sure = office.accepted(day("周五 2026-12-11"))
    before = whole()
    told = calendar.impact(calendar.draft(notice(2027), 2027, document(2027)))
    assert {c.case_id: (c.old, c.new) for c in told if c.moves} == {
        case_id: (day("周一 2027-02-08"), day("周一 2027-02-15"))
    }
    assert [(c.case_id, c.was_provisional, c.provisional) for c in told if not c.moves] == [
        (sure, True, False)
    ]
    assert whole() == before
    assert list(enter(2027).changes) == told


# --- once, whole, one after the other ----------------------------------------------------------------------


def test_entering_it_twice_changes_nothing(office: DeskOffice) -> None:
    extended(office, "周五 2026-12-11", 20)
    assert enter(2027).version == 2
    before = whole()
    again = enter(2027)
    assert (again.version, again.changes) == (None, ())
    assert enter(2027, LINES[2027]).version is None  # without the words around it
    assert whole() == before


def test_what_stands_with_the_shipped_notices_is_not_entered_again(office: DeskOffice) -> None:
    assert enter(2024).version is None
    assert enter(2025).version is None  # 国庆、中秋 in one sentence


def test_a_correction_is_a_new_version_and_the_old_one_is_kept(office: DeskOffice) -> None:
    enter(2027)
    corrected = notice(2027).replace("1月31日（周日）", "1月30日（周六）")
    assert enter(2027, corrected, CHANGE_2027).version == 3
    assert [(e.version, e.document) for e in store.entries(2027)] == [(3, CHANGE_2027), (2, document(2027))]
    sunday = day("周日 2027-01-31")
    assert [store.edition(v).is_working(sunday) for v in (1, 2, 3)] == [False, True, False]


def test_a_failure_in_the_middle_writes_nothing(office: DeskOffice, monkeypatch: pytest.MonkeyPatch) -> None:
    cases = [extended(office, "周五 2026-12-11", 20) for _ in range(3)]
    before, dues = whole(), [row(c).due_on for c in cases]
    real = redate.write
    written: list[Any] = []

    def breaks(*args: Any, **kwargs: Any) -> None:
        if written:
            raise OSError("disk full")
        written.append(args)
        real(*args, **kwargs)

    monkeypatch.setattr(redate, "write", breaks)
    monkeypatch.setattr(calendar, "CHUNK", 1)
    with pytest.raises(OSError, match="disk full"):
        enter(2027)
    assert whole() == before
    assert [row(c).due_on for c in cases] == dues
    assert store.current().version == 1
    assert 2027 not in store.current().official


def test_what_was_shown_must_still_hold(office: DeskOffice) -> None:
    enter(2027)
    with pytest.raises(Changed):
        enter(2027, LINES[2027].replace("1月31日（周日）", "1月30日（周六）"), seen=1)
    assert store.current().version == 2


def test_two_administrators_at_once_make_two_versions_of_different_numbers(
    app: Flask, office: DeskOffice
) -> None:
    case_id = extended(office, "周五 2026-12-11", 20)
    drafts = (
        lambda: calendar.draft(notice(2027), 2027, document(2027)),
        lambda: off("周一 2026-12-14"),
    )
    versions: list[int | None] = []
    start = threading.Barrier(2)

    def one(propose: Any) -> None:
        with app.app_context():
            start.wait()
            versions.append(write(propose).version)
            db.session.remove()

    threads = [threading.Thread(target=one, args=[propose]) for propose in drafts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(versions) == {2, 3}
    assert not store.current().is_working(day("周一 2026-12-14"))
    assert store.current().is_provisional(TODAY, day("周一 2027-02-15")) is False
    assert row(case_id).due_on == store.current().add(day("周五 2026-12-11"), 40)
    assert not list(differences())


def test_the_same_notice_by_two_administrators_at_once_is_entered_once(
    app: Flask, office: DeskOffice
) -> None:
    versions: list[int | None] = []
    start = threading.Barrier(2)

    def one() -> None:
        with app.app_context():
            start.wait()
            versions.append(enter(2027).version)
            db.session.remove()

    threads = [threading.Thread(target=one) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(versions, key=str) == [2, None]


def test_a_hand_that_began_before_the_edition_dates_by_the_edition(office: DeskOffice) -> None:
    work = office.work("clerk", day("周一 2026-11-30"))  # by the calendar of that moment
    running = office.register(day("周一 2026-10-26"))  # due on 20 November, not touched by December
    write(lambda: off("周一 2026-12-14"))
    arrival = register.Arrival("in_person", submitted=work.today)
    (case,) = register.register(work, arrival, register.Application(**FORM))
    assert (row(case.id).due_on, row(case.id).calendar_version) == (day("周二 2026-12-29"), 2)
    assert row(running).calendar_version == 1
    archive.withdraw(work, running, row(running).seq, work.today, "来电撤回")
    assert row(running).calendar_version == 2


def test_the_day_of_a_new_dating_is_not_corrected(office: DeskOffice) -> None:
    case_id = office.accepted(TODAY)
    enter(2027)
    (event,) = redated(case_id)
    with pytest.raises(Refused) as refused:
        correct.correct_day(
            office.work("lead", TODAY), case_id, event.seq, event.seq, day("周四 2026-12-10"), "记错了"
        )
    assert refused.value.field == "target"


# --- refused -----------------------------------------------------------------------------------------------


def test_a_notice_of_another_year_is_refused(office: DeskOffice) -> None:
    with pytest.raises(Unreadable, match="通知写的是 2026 年，这里录入的是 2027 年"):
        calendar.draft(notice(2026), 2027, document(2027))


def stood(year: int) -> tuple[bool, bool]:
    """Whether the year is 正式, and whether its 1 May is at work."""
    return year in store.current().official, store.current().is_working(date(year, 5, 1))


@pytest.mark.parametrize(
    "words", ["端午节：6月9日放假，共1天。", "建军节：8月2日放假。", "元旦：1月1日放假，共1天。"]
)
def test_one_festival_does_not_make_a_year_official_nor_cancel_its_statutory_days(
    office: DeskOffice, words: str
) -> None:
    case_id = extended(office, "周五 2026-12-11", 20)
    drafted = calendar.draft(words, 2027, CHANGE_2027)
    assert len(drafted.lacking) >= 6
    enter(2027, words, CHANGE_2027)
    for fixed in ("周五 2027-01-01", "周五 2027-10-01"):
        assert not store.current().is_working(day(fixed))
    assert 2027 not in store.current().official
    assert (row(case_id).due_on, row(case_id).provisional) == (day("周一 2027-02-08"), True)
    assert calendar.missing_year(TODAY, store.current()) == 2027
    assert not list(differences())


def test_a_year_entered_in_parts_is_official_with_the_last_of_its_seven_festivals(office: DeskOffice) -> None:
    case_id = extended(office, "周五 2026-12-11", 20)
    parts = LINES[2027].strip().splitlines()
    for n, line in enumerate(parts, 1):
        lacks = calendar.draft(line, 2027, CHANGE_2027).lacking
        assert len(lacks) == len(parts) - n
        enter(2027, line, CHANGE_2027)
        assert (2027 in store.current().official) == (n == len(parts))
    assert (row(case_id).due_on, row(case_id).provisional) == (day("周一 2027-02-15"), False)
    assert enter(2027, LINES[2027], CHANGE_2027).version is None  # the same as in one piece
    assert not list(differences())


def test_an_official_year_corrected_by_one_sentence_stays_official(office: DeskOffice) -> None:
    enter(2027)
    assert calendar.draft("端午节：6月9日至10日放假，共2天。", 2027, CHANGE_2027).lacking == ()
    enter(2027, "端午节：6月9日至10日放假，共2天。", CHANGE_2027)
    assert 2027 in store.current().official
    assert not store.current().is_working(day("周四 2027-06-10"))
    assert not store.current().is_working(day("周五 2027-10-01"))


def test_a_make_up_day_alone_cancels_no_festival(office: DeskOffice) -> None:
    enter(2027)
    with pytest.raises(Unreadable, match="春节只写了上班的日子"):
        calendar.draft("春节：2月28日上班。", 2027, CHANGE_2027)


@pytest.mark.parametrize("year", [2026, 2027])  # one that is shipped, and one that was entered
def test_a_correction_that_contradicts_what_stands_writes_nothing(office: DeskOffice, year: int) -> None:
    if year == 2027:
        enter(2027)
    before = whole()
    saturday = {2026: "10月3日（周六）", 2027: "10月2日（周六）"}[year]
    dragon = {2026: "6月19日", 2027: "6月9日"}[year]
    with pytest.raises(Unreadable, match="又放假（国庆）又上班（端午）"):
        enter(year, f"端午节：{dragon}放假，共1天。{saturday}上班。", CHANGE_2027)
    assert whole() == before


def test_a_notice_that_contradicts_a_local_day_writes_nothing(office: DeskOffice) -> None:
    write(lambda: off("周六 2027-02-06", name="补班", works=True))
    with pytest.raises(Unreadable, match="2月6日（周六）又放假（春节）又上班（补班）"):
        enter(2027)


def test_no_local_rule_has_a_statutory_day_worked(office: DeskOffice) -> None:
    with pytest.raises(Refused, match="10月2日是法定节日（国庆），不能上班"):
        off("周六 2027-10-02", works=True)


def test_the_same_days_by_another_title_are_told_to_be_the_same(office: DeskOffice) -> None:
    case_id = office.accepted(TODAY)
    enter(2027)
    drafted = calendar.draft(notice(2027), 2027, CHANGE_2027)
    assert (drafted.same, drafted.counts_the_same) == (False, True)
    assert not calendar.draft("端午节：6月10日放假。", 2027, CHANGE_2027).counts_the_same
    before = len(redated(case_id))
    enter(2027, title=CHANGE_2027)
    assert len(redated(case_id)) == before


def test_other_terms_that_move_are_told_with_their_days(office: DeskOffice) -> None:
    case_id = office.accepted(TODAY)
    asked = day("周五 2026-12-11")
    do(office, case_id, "consult_third_party", asked, delivered=asked)
    waiting = office.register(TODAY)
    told = {c.case_id: c for c in calendar.impact(off("周一 2026-12-14", "周二 2026-12-15"))}
    assert [(t.term, t.old, t.new) for t in told[case_id].terms] == [
        ("consultation", day("周一 2027-01-04"), day("周三 2027-01-06"))
    ]
    assert [(t.term, t.old, t.new) for t in told[waiting].terms] == [
        ("correction_notice", day("周二 2026-12-22"), day("周四 2026-12-24"))
    ]


@pytest.mark.parametrize(
    ("title", "why"),
    [
        ("", "写明文件名称和文号"),
        ("长" * 201, "最多 200 个字"),
        ("x", "写明文号，例如国办发明电〔2026〕7号"),
        ("国办发明电 7 号", "写明文号"),
        ("国务院办公厅关于2027年部分节假日安排的通知", "写明文号"),
    ],
)
def test_a_notice_without_its_document_is_refused(office: DeskOffice, title: str, why: str) -> None:
    with pytest.raises(Refused, match=why) as refused:
        calendar.draft(notice(2027), 2027, title)
    assert refused.value.field == "document"


# --- local days count, closing days don't ------------------------------------------------------------------


def test_a_local_holiday_counts_with_its_document(office: DeskOffice) -> None:
    case_id = office.accepted(day("周一 2026-11-30"))
    assert row(case_id).due_on == day("周一 2026-12-28")
    entered = write(lambda: off("周五 2026-12-11", "周一 2026-12-14"))
    assert moved(entered) == {case_id: (day("周一 2026-12-28"), day("周三 2026-12-30"))}
    assert redated(case_id)[0].details["document"] == STORM
    local = [d for d in store.year(2026).days if d.local]
    assert [(d.day, d.works, d.document) for d in local] == [
        (day("周五 2026-12-11"), False, STORM),  # the weekend between is off anyway
        (day("周一 2026-12-14"), False, STORM),
    ]
    assert not list(differences())


def test_a_local_day_holds_in_a_year_that_is_still_provisional_and_stays_when_it_is_entered(
    office: DeskOffice,
) -> None:
    case_id = office.accepted(TODAY)
    write(lambda: off("周四 2027-01-07"))
    assert (row(case_id).due_on, row(case_id).provisional) == (day("周二 2027-01-12"), True)
    assert 2027 not in store.current().official
    assert not store.current().is_working(day("周五 2027-01-01"))  # the fixed day off as well
    enter(2027)
    assert (row(case_id).due_on, row(case_id).provisional) == (day("周二 2027-01-12"), False)
    assert [d.day for d in store.year(2027).days if d.local] == [day("周四 2027-01-07")]
    assert len(redated(case_id)) == 2


def test_a_revoked_local_day_dates_the_cases_back(office: DeskOffice) -> None:
    case_id = office.accepted(TODAY)
    write(lambda: off("周一 2026-12-14"))
    assert row(case_id).due_on == day("周二 2027-01-12")
    write(lambda: calendar.draft_without(day("周一 2026-12-14")))
    assert row(case_id).due_on == day("周一 2027-01-11")
    assert store.current().version == 3
    with pytest.raises(Refused, match="没有录入过地方的安排"):
        calendar.draft_without(day("周一 2026-12-14"))


@pytest.mark.parametrize("paper", ["x", "市政府通知", "2026 年 8 号"])
def test_a_local_day_needs_a_document_with_its_number(office: DeskOffice, paper: str) -> None:
    monday = day("周一 2026-12-14")
    with pytest.raises(Refused, match="写明文号，例如市政发〔2026〕8号") as refused:
        calendar.draft_local(monday, monday, False, "停工", paper)
    assert refused.value.field == "document"


@pytest.mark.parametrize(
    ("paper", "why"),
    [
        (" ", "写明文件名称和文号"),
        (STORM + "甲" * 200, "最多 200 个字"),
        (STORM + "\x00", "含有看不见的控制字符"),
    ],
)
def test_the_document_of_a_local_day_can_stand_in_its_column(
    office: DeskOffice, paper: str, why: str
) -> None:
    monday = day("周一 2026-12-14")
    with pytest.raises(Refused, match=why) as refused:
        calendar.draft_local(monday, monday, False, "停工", paper)
    assert refused.value.field == "document"


@pytest.mark.parametrize(
    ("days", "works", "field", "why"),
    [
        (("周六 2026-12-12",), False, "first", "12月12日本来就不上班"),
        (("周一 2026-12-14",), True, "first", "12月14日本来就上班"),
        (("周四 2026-10-01",), True, "first", "10月1日已有安排：国庆"),
        (("周六 2026-10-10",), False, "first", "10月10日已有安排：国庆"),
        (("周五 2027-01-01",), True, "first", "1月1日是周五，不是周末"),
        (("周二 2026-12-15", "周一 2026-12-14"), False, "last", "最后一天不能早于第一天"),
        (("周四 2026-12-31", "周六 2027-01-02"), False, "last", "在同一年内"),
        (("周一 2026-06-01", "周五 2026-07-31"), False, "last", "最多 31 天"),
    ],
)
def test_a_local_day_that_cannot_stand_is_refused(
    office: DeskOffice, days: tuple[str, ...], works: bool, field: str, why: str
) -> None:
    with pytest.raises(Refused, match=why) as refused:
        off(*days, works=works)
    assert refused.value.field == field


def test_a_weekend_worked_by_a_government_notice_counts(office: DeskOffice) -> None:
    case_id = office.accepted(TODAY)
    write(lambda: off("周六 2026-12-19", name="补班", works=True))
    assert row(case_id).due_on == day("周五 2027-01-08")


def test_closing_days_are_shown_and_not_counted(office: DeskOffice) -> None:
    case_id = office.accepted(TODAY)
    closing.close_on(office.id, day("周一 2026-12-14"), "机关搬迁")
    assert [(d.day, d.name) for d in closing.closing_days(office.id, 2026)] == [
        (day("周一 2026-12-14"), "机关搬迁")
    ]
    assert row(case_id).due_on == day("周一 2027-01-11")
    assert store.current().version == 1
    with pytest.raises(Refused, match="12月14日已经登记过"):
        closing.close_on(office.id, day("周一 2026-12-14"), "又一次")
    with pytest.raises(Refused, match="12月12日本来就不上班"):
        closing.close_on(office.id, day("周六 2026-12-12"), "周末")
    with pytest.raises(Refused, match="12月15日没有登记过"):
        closing.open_on(office.id, day("周二 2026-12-15"))
    closing.open_on(office.id, day("周一 2026-12-14"))
    assert closing.closing_days(office.id, 2026) == []


def both(app: Flask, act: Callable[[], None]) -> list[str]:
    """What two people who do the same at the same moment are told: nothing, or why not."""
    said: list[str] = []
    start = threading.Barrier(2)

    def one() -> None:
        with app.app_context():
            start.wait()
            try:
                act()
                said.append("")
            except Refused as why:
                said.append(why.reason)
            except Exception as error:  # in a thread nobody else would see it
                said.append(repr(error))
            finally:
                db.session.remove()

    threads = [threading.Thread(target=one) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(said)


def test_two_leads_who_register_or_remove_a_closing_day_at_once_do_each_other_no_harm(
    app: Flask, office: DeskOffice
) -> None:
    monday = day("周一 2026-12-14")
    for _ in range(10):
        assert both(app, lambda: closing.close_on(office.id, monday, "机关搬迁")) == [
            "",
            "12月14日已经登记过",
        ]
        assert both(app, lambda: closing.open_on(office.id, monday)) == ["", "12月14日没有登记过"]


@pytest.mark.parametrize(
    ("today", "years", "missing"),
    [
        ("周三 2026-09-30", (), None),
        ("周四 2026-10-01", (), 2027),
        ("周四 2026-10-01", (2027,), None),
        ("周五 2027-01-01", (), 2027),
        ("周五 2027-10-01", (2027,), 2028),
    ],
)
def test_a_missing_year_is_announced_from_october_on(
    office: DeskOffice, today: str, years: tuple[int, ...], missing: int | None
) -> None:
    for year in years:
        enter(year)
    assert calendar.missing_year(day(today), store.current()) == missing


# --- many --------------------------------------------------------------------------------------------------


def test_only_the_cases_that_reach_the_changed_days_are_replayed(
    office: DeskOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.accepted(day("周一 2026-10-12"))  # ends before
    reached = office.accepted(day("周一 2026-11-30"))
    office.accepted(day("周二 2026-12-15"))  # begins after
    seen: list[date | None] = []

    def watched(file: CaseFile, new: Calendar) -> dict[str, Any]:
        seen.append(file.received)
        return record.summary(file, new)

    monkeypatch.setattr(redate, "summary", watched)
    told = calendar.impact(off("周一 2026-12-14"))
    assert [c.case_id for c in told] == [reached]
    assert seen == [day("周一 2026-11-30")]
    assert db.session.scalar(select(func.count()).select_from(Case)) == 3
