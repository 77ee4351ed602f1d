"""What an administrator sets for the terms: what is refused, what is kept, what it does to running terms."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from caseflow.alerts import inbox, ladder, rules
from caseflow.calendars import store
from caseflow.db import db
from caseflow.law.terms import BY_CODE
from caseflow.models import Alert, CaseTerm, TermRule
from caseflow.stages import reply, terms
from caseflow.stages.errors import NotFound, Refused
from caseflow.upkeep import verify
from tests.stages.drive import assert_replayed, do
from tests.support.meanwhile import meanwhile
from tests.support.office import DeskOffice, approve, seq

SENT = date(2026, 10, 12)
NOW = datetime(2026, 10, 12, 1, tzinfo=UTC)


def due_days(term: str) -> list[date]:
    db.session.rollback()
    query = select(CaseTerm.due_on).where(CaseTerm.term == term).order_by(CaseTerm.case_id, CaseTerm.n)
    return list(db.session.scalars(query))


def rungs_at(term: str) -> list[int]:
    db.session.rollback()
    return list(db.session.scalars(select(Alert.rung).where(Alert.term == term).order_by(Alert.id)))


@pytest.mark.parametrize(
    ("typed", "rungs"),
    [
        ("10,5,2,0", (10, 5, 2, 0)),
        ("0、2、5", (5, 2, 0)),
        (" 3 ， 3; 0 ", (3, 0)),
        ("60", (60,)),
        ("8 7 6 5 4 3 2 1", (8, 7, 6, 5, 4, 3, 2, 1)),
    ],
)
def test_rungs_are_read_as_people_type_them(typed: str, rungs: tuple[int, ...]) -> None:
    assert terms.rungs_of(typed) == rungs


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("", "至少写一个数，0 是最后一天"),
        (" ， ", "至少写一个数，0 是最后一天"),
        ("61", "写成 10、5、2、0 这样的整数，每个 0 到 60"),
        ("-1", "写成 10、5、2、0 这样的整数，每个 0 到 60"),
        ("2.5", "写成 10、5、2、0 这样的整数，每个 0 到 60"),
        ("五", "写成 10、5、2、0 这样的整数，每个 0 到 60"),
        ("٣", "写成 10、5、2、0 这样的整数，每个 0 到 60"),
        ("9,8,7,6,5,4,3,2,1", "最多 8 次，现在有 9 次"),
    ],
)
def test_rungs_that_cannot_stand_are_refused_in_words(office: DeskOffice, typed: str, reason: str) -> None:
    with pytest.raises(Refused) as why:
        terms.set_rule("reply", typed, True, None)
    assert (why.value.field, why.value.reason) == ("rungs", reason)
    assert db.session.scalars(select(TermRule)).all() == []


@pytest.mark.parametrize("days", [None, 0, -1, 367, 10**12])
def test_a_term_of_the_offices_own_runs_one_to_366_days(office: DeskOffice, days: int | None) -> None:
    with pytest.raises(Refused) as why:
        terms.set_rule("archive", "3,0", False, days)
    assert (why.value.field, why.value.reason) == ("days", "填写 1 到 366 的整数（日历日）")


def test_the_length_of_a_term_of_the_law_is_not_the_offices_to_set(office: DeskOffice) -> None:
    with pytest.raises(Refused) as why:
        terms.set_rule("reply", "3,0", True, 30)
    assert (why.value.field, why.value.reason) == ("days", "这个期限的长短不由本机关设定")
    with pytest.raises(NotFound):
        terms.set_rule("nothing", "3,0", False, None)


def test_a_rule_takes_the_place_of_the_default_and_of_the_rule_before(office: DeskOffice) -> None:
    assert rules.ladders(db.session())["reply"] == rules.Ladder((10, 5, 2, 0), True)
    terms.set_rule("reply", "15、3", False, None)
    terms.set_rule("reply", "7、1", False, None)
    db.session.rollback()
    assert rules.ladders(db.session())["reply"] == rules.Ladder((7, 1), False)
    assert rules.ladders(db.session())["archive"].rungs == BY_CODE["archive"].rungs


def test_the_next_pass_warns_by_the_new_rungs(office: DeskOffice) -> None:
    """Due on Monday 26 October 2026; Wednesday 14 October is 8 working days before."""
    office.accepted(date(2026, 9, 21))
    terms.set_rule("reply", "8,0", False, None)
    for today in (date(2026, 10, 13), date(2026, 10, 14), date(2026, 10, 26), date(2026, 10, 29)):
        ladder.make_pass(today, NOW, store.current())
    assert rungs_at("reply") == [8, 0]  # and none once overdue


def test_a_new_length_dates_the_running_terms_anew_and_the_record_still_holds(office: DeskOffice) -> None:
    cases = [office.replied(date(2026, 9, 21), SENT), office.replied(date(2026, 9, 21), date(2026, 10, 16))]
    do(office, office.replied(date(2026, 9, 21), SENT), "archive", SENT)
    assert due_days("archive") == [SENT + timedelta(days=30), date(2026, 10, 16) + timedelta(days=30)]
    terms.set_rule("archive", "3,0", False, 10)
    terms.set_rule("delivery", "3,0", False, 5)
    assert due_days("archive") == [SENT + timedelta(days=10), date(2026, 10, 16) + timedelta(days=10)]
    assert due_days("delivery") == [SENT + timedelta(days=5), date(2026, 10, 16) + timedelta(days=5)]
    assert list(verify.differences()) == []
    later = office.replied(date(2026, 9, 21), date(2026, 10, 19))
    for case_id in (*cases, later):
        assert_replayed(case_id)
    assert due_days("archive")[-1] == date(2026, 10, 29)


def test_a_new_length_waits_for_a_case_that_is_being_dated_by_the_old_one(office: DeskOffice) -> None:
    received = date(2026, 9, 21)
    case_id = office.accepted(received)
    reply.draft_reply(office.work("clerk", received), case_id, seq(case_id), "granted", "依据")
    approve(office.work("lead", received), case_id)
    work, seen = office.work("clerk", SENT), seq(case_id)
    with meanwhile(lambda: terms.set_rule("archive", "3,0", False, 10)) as other:
        reply.send_reply(work, case_id, seen, SENT, "ems")
    other[0].result()
    assert due_days("archive") == [SENT + timedelta(days=10)]


def test_an_alert_for_the_old_length_is_retired(office: DeskOffice) -> None:
    office.replied(date(2026, 9, 21), SENT)
    last = SENT + timedelta(days=30)
    ladder.make_pass(last, NOW, store.current())
    clerk = office.people["clerk"]
    assert {one.alert.term for one in inbox.waiting(clerk, last, store.current(), 9)} == {
        "archive",
        "delivery",
    }
    terms.set_rule("archive", "3,0", False, 366)
    db.session.rollback()
    assert {one.alert.term for one in inbox.waiting(clerk, last, store.current(), 9)} == {"delivery"}
