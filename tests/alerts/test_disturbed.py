"""Passes and letters while processes are killed, run at once, or the clock is set: nothing lost, nothing twice."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import time_machine
from flask import current_app
from sqlalchemy import func, select

from tests.alerts.conftest import nine
from tests.support.children import Child, together
from tests.support.meanwhile import meanwhile
from tests.support.postbox import listening

if TYPE_CHECKING:
    from caseflow.alerts.schedule import Schedule
    from tests.alerts.conftest import Post

SOON = date(2026, 10, 22)  # 2 working days left
ARGUMENTS = (SOON.isoformat(), nine(SOON).isoformat())
BOTH = ["lijianhua@example.cn", "wangmin@example.cn"]


def alerts() -> int:
    from caseflow.db import db
    from caseflow.models import Alert

    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(Alert)) or 0


def planned() -> list[int]:
    """The hours in China for which passes were made."""
    from caseflow.db import db
    from caseflow.models import JobRun

    db.session.rollback()
    return [then.hour + 8 for then in db.session.scalars(select(JobRun.planned_for).order_by(JobRun.id))]


@contextmanager
def clock(hour: int, minute: int) -> Iterator[None]:
    """That time of the day SOON in China."""
    with time_machine.travel(datetime(2026, 10, 22, hour - 8, minute, tzinfo=UTC), tick=False):
        yield


def schedule() -> Schedule:
    """The jobs of a process, called by hand."""
    from caseflow.alerts.schedule import Schedule

    return Schedule(current_app._get_current_object())  # type: ignore[attr-defined]


def test_three_passes_at_once_write_each_letter_once(post: Post) -> None:
    from caseflow.alerts import ladder
    from caseflow.calendars import store

    post.give("clerk", email="")
    post.give("lead", email="")
    ladder.make_pass(SOON, nine(SOON), store.current())
    post.give("clerk", email=BOTH[1])
    post.give("lead", email=BOTH[0])
    assert sorted(together(post.settings, 3, "write_letters", *ARGUMENTS)) == [0, 0, 2]
    assert sorted(letter.address for letter in post.outbox()) == BOTH


def test_a_pass_of_the_next_hour_waits_for_one_that_is_not_over(post: Post) -> None:
    """The alerts are there already: whom to tell is known, and the letters are about to be written."""
    post.give("clerk", email="")
    post.give("lead", email="")
    post.make_pass(SOON, nine(SOON) - timedelta(hours=1))
    post.give("clerk", email=BOTH[1])
    post.give("lead", email=BOTH[0])
    ten = nine(SOON) + timedelta(hours=1)
    with meanwhile(lambda: post.make_pass(SOON, ten), "INSERT INTO mail") as other:
        post.make_pass(SOON)
    other[0].result()
    assert planned() == [8, 9, 10]
    assert sorted(letter.address for letter in post.outbox()) == BOTH


def test_a_pass_killed_before_its_commit_has_written_no_letter_and_the_next_writes_them(post: Post) -> None:
    Child(post.settings, "killed", "write_letters", *ARGUMENTS).go().killed()
    assert post.outbox() == []
    post.make_pass(SOON)
    assert sorted(letter.address for letter in post.outbox()) == BOTH


def test_a_leader_killed_in_the_middle_of_a_pass_is_followed_and_its_pass_made(post: Post) -> None:
    from caseflow.alerts import lease

    Child(post.settings, "killed", "make_pass", SOON.isoformat()).go().killed()
    assert alerts() == 0
    lease.take("the one that was killed", timedelta(seconds=-5))
    follower = schedule()
    with clock(9, 30):
        follower.keep_lead()
    assert follower.token == 2
    assert alerts() == 2


def test_a_clock_set_back_an_hour_loses_and_doubles_nothing(served: Post) -> None:
    jobs = schedule()
    with clock(10, 5):
        jobs.keep_lead()
    served.make_pass(SOON, nine(SOON))
    with clock(11, 0):
        jobs.catch_up()
        jobs.send_mail()
    for hour, minute in ((10, 10), (10, 59), (11, 0), (11, 30), (12, 0), (12, 1)):
        with clock(hour, minute):
            jobs.catch_up()
            jobs.send_mail()
    assert alerts() == 2
    assert [hour for hour in planned() if hour >= 10] == [10, 11, 12]
    assert served.box.addresses == BOTH


def test_mail_goes_out_within_its_hours_and_from_whoever_leads(served: Post) -> None:
    served.make_pass(SOON)
    jobs, other = schedule(), schedule()
    with clock(17, 0):
        jobs.keep_lead()
        other.keep_lead()
        other.send_mail()
    for hour in (18, 23):
        with clock(hour, 0):
            jobs.send_mail()
    assert served.box.arrived == []
    with clock(17, 59):
        jobs.send_mail()
    assert served.box.addresses == BOTH


def test_a_leader_followed_unawares_gives_up_its_mail(served: Post) -> None:
    from caseflow.alerts import lease

    served.make_pass(SOON)
    jobs = schedule()
    with clock(9, 0):
        jobs.keep_lead()
        lease.release(jobs.holder)
        lease.take("another")
        jobs.send_mail()
    assert served.box.arrived == []
    assert jobs.token is None


def test_a_mail_server_that_comes_back_gets_each_letter_once_from_the_job(post: Post) -> None:
    post.make_pass(SOON)
    jobs = schedule()
    with clock(9, 0):
        jobs.keep_lead()
        jobs.send_mail()
    with clock(9, 1), listening(post.box):
        for _ in range(3):
            jobs.send_mail()
    assert post.box.addresses == BOTH
