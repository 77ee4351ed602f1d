"""Who leads: one at a time, followed soon when it is gone, and fenced off when it comes back."""

from __future__ import annotations

import os
import signal
import time
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from tests.support.children import Child

if TYPE_CHECKING:
    from flask import Flask

    from caseflow.config import Settings
    from tests.support.office import DeskOffice

ENDED = timedelta(seconds=-5)  # a lead that is over as soon as it is taken
TODAY = date(2026, 10, 26)


def test_one_leads_and_another_does_not(office: DeskOffice) -> None:
    from caseflow.alerts import lease

    assert lease.take("first") == 1
    assert lease.take("second") is None
    assert lease.take("first") == 1  # renewed, the same lead


def test_a_lead_that_ended_is_taken_over_with_a_higher_token(office: DeskOffice) -> None:
    from caseflow.alerts import lease

    assert lease.take("first", ENDED) == 1
    assert lease.take("second") == 2
    assert lease.take("first") is None


def test_a_lead_from_before_the_clock_was_set_back_is_not_waited_for(office: DeskOffice) -> None:
    from caseflow.alerts import lease

    assert lease.take("first", timedelta(hours=1)) == 1  # what its end looks like an hour earlier
    assert lease.take("second") == 2


def test_a_lead_given_up_is_free_at_once(office: DeskOffice) -> None:
    from caseflow.alerts import lease

    lease.take("first")
    lease.release("second")  # gives up nothing: it doesn't lead
    assert lease.take("second") is None
    lease.release("first")
    assert lease.take("second") == 2


def test_the_clock_is_the_databases(app: Flask) -> None:
    from caseflow.alerts import lease
    from caseflow.db import db
    from caseflow.models import Lease

    with app.app_context():
        before = datetime.now(UTC)
        lease.take("first", timedelta(0))
        ends = db.session.scalars(select(Lease.expires_at)).one()
        assert before - timedelta(seconds=1) <= ends <= datetime.now(UTC)


def test_whoever_was_followed_may_not_write_although_nobody_leads_now(office: DeskOffice) -> None:
    from caseflow.alerts import ladder, lease
    from caseflow.calendars import store
    from caseflow.db import db
    from caseflow.models import JobRun

    old = lease.take("first", ENDED)
    assert old
    lease.take("second", ENDED)
    with pytest.raises(lease.Superseded):
        ladder.make_pass(TODAY, datetime.now(UTC), store.current(), old)
    assert db.session.scalars(select(JobRun)).all() == []


def test_a_leader_frozen_past_its_lead_is_followed_and_writes_nothing_when_it_wakes(
    office: DeskOffice, settings: Settings
) -> None:
    from caseflow.alerts import ladder, lease
    from caseflow.calendars import store
    from caseflow.db import db
    from caseflow.models import JobRun

    child = Child(settings, "led_pass", TODAY.isoformat(), 2.0).go()
    child.hear("leads")
    os.kill(child.pid, signal.SIGSTOP)
    try:
        assert lease.take("second") is None
        token, deadline = None, time.monotonic() + 20
        while token is None and time.monotonic() < deadline:
            time.sleep(0.2)
            token = lease.take("second")
        assert token == 2
        ladder.make_pass(TODAY, datetime.now(UTC), store.current(), token)
        db.session.rollback()
    finally:
        os.kill(child.pid, signal.SIGCONT)
    assert child.go().result() == "superseded"
    (run,) = db.session.scalars(select(JobRun))
    assert run.token == 2
