"""A term in which nothing is asked for any more (告知补正): its lapse is told once, not day after day."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from tests.alerts.conftest import nine
from tests.alerts.test_every_term import inbox_of, raised, who_sees

if TYPE_CHECKING:
    from tests.alerts.conftest import Post
    from tests.support.office import DeskOffice

RECEIVED = date(2026, 9, 21)
LAST = date(2026, 10, 8)  # of the notice
LATER = date(2026, 10, 9)
NOTICE = ("correction_notice", 0)


def make_pass(today: date) -> None:
    from caseflow.alerts import ladder
    from caseflow.calendars import store

    ladder.make_pass(today, nine(today), store.current())


def acknowledge(office: DeskOffice, who: str, today: date) -> None:
    from caseflow.alerts import inbox
    from caseflow.calendars import store

    inbox.acknowledge_all(office.people[who], today, store.current(), nine(today))


def test_a_lapse_that_nobody_saw_stays_until_the_first_has_seen_it(office: DeskOffice) -> None:
    office.register(RECEIVED)
    make_pass(LAST)
    for days in (1, 2, 5):
        today = LAST + timedelta(days=days)
        make_pass(today)
        assert who_sees(office, *NOTICE, today) == {"clerk", "colleague", "lead"}
    acknowledge(office, "colleague", today)
    assert who_sees(office, *NOTICE, today) == set()


def test_what_one_person_acknowledged_before_the_last_day_is_over_stays_with_the_others_until_then(
    office: DeskOffice,
) -> None:
    office.register(RECEIVED)
    make_pass(LAST)
    acknowledge(office, "clerk", LAST)
    assert who_sees(office, *NOTICE, LAST) == {"colleague", "lead"}
    make_pass(LATER)
    assert who_sees(office, *NOTICE, LATER) == set()


def test_a_lapse_found_late_is_raised_once_and_climbs_no_further(office: DeskOffice) -> None:
    from caseflow.stages import terms

    terms.set_rule("correction_notice", "2,0", True, None)
    office.register(RECEIVED)
    for days in range(1, 8):
        make_pass(LAST + timedelta(days=days))
    assert raised("correction_notice") == [(LAST, 0)]
    assert inbox_of(office, "supervisor", LAST + timedelta(days=7)) == set()


@pytest.fixture
def late(served: Post) -> Post:
    """A mail server, 王敏 alone with an address, and one request more, not reviewed in time."""
    served.give("lead", email="")
    served.office.register(RECEIVED)
    return served


def notices(post: Post) -> list[str]:
    """What the letters say of the notice."""
    return [
        line.split("　", 1)[1]
        for m in post.outbox()
        for line in m.body.splitlines()
        if "　告知补正　" in line
    ]


def test_a_lapse_that_nobody_was_told_of_is_mailed_once_as_what_it_is(late: Post) -> None:
    for days in (1, 4, 5):
        today = LAST + timedelta(days=days)
        late.make_pass(today)
        late.send(nine(today))
        late.give("colleague", email="chenxiao@example.cn")  # who comes later is not told any more
    assert notices(late) == [
        "告知补正　10月8日 周四 已过，按现有内容办理；确需补正的，由负责人写明理由，重新计算不一定成立"
    ]
    assert late.outbox()[0].subject == "依申请公开：1 项期限已过"
    assert NOTICE not in inbox_of(late.office, "clerk", today)


def test_who_was_told_in_time_is_not_told_of_the_lapse(late: Post) -> None:
    for today in (LAST, LATER):
        late.make_pass(today)
        late.send(nine(today))
    assert notices(late) == ["告知补正　10月8日 周四 到期，今天到期"]
    assert inbox_of(late.office, "lead", LATER) == set()


def test_a_letter_that_did_not_leave_has_told_nobody(late: Post) -> None:
    late.make_pass(LATER)
    assert NOTICE in inbox_of(late.office, "clerk", LATER)


def test_it_is_the_last_of_a_digest_whose_subject_names_what_is_most_urgent(late: Post) -> None:
    late.make_pass(date(2026, 10, 12))
    (letter,) = late.outbox()
    assert letter.subject == "依申请公开：4 项需要办理，最急的 10月26日 周一 到期"
    assert "4. 2026-3　告知补正　10月8日 周四 已过" in letter.body
