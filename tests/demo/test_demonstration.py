"""The demonstration office of the first start: every stage and colour, on whatever day it is started."""

from __future__ import annotations

import json
import stat
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from tests.demo.instances import instance
from tests.ledger.tables import cases, counts, differences

pytestmark = pytest.mark.xdist_group("demonstration")  # one worker fills it, all look at it

TODAY = date(2026, 9, 21)  # a Monday


def now(today: date) -> datetime:
    return datetime.combine(today, time(3), UTC)


@pytest.fixture(scope="module")
def demonstration(sqlite_template: Path, tmp_path_factory: Any) -> Iterator[tuple[Any, dict[str, Any]]]:
    """An instance filled today, and its accounts; inside its context, to be looked at only."""
    with instance(tmp_path_factory.mktemp("demonstration"), sqlite_template) as app:
        yield app, filled_on(app, TODAY)


@pytest.fixture
def accounts(demonstration: Any) -> Any:
    """Its accounts."""
    return demonstration[1]


def test_an_empty_instance_is_filled_once(demonstration):
    from caseflow.demo import ensure_not_empty

    app, _ = demonstration
    before = counts()
    assert ensure_not_empty(app, TODAY, now(TODAY)) is None
    assert counts() == before


def test_an_instance_with_anything_in_it_is_left_alone(app, office):
    from caseflow.demo import ensure_not_empty

    before = counts()
    assert ensure_not_empty(app, TODAY, now(TODAY)) is None
    assert counts() == before
    assert not (Path(app.instance_path) / "demo-accounts.json").exists()


def test_it_is_marked_as_a_demonstration(accounts):
    from sqlalchemy import select

    from caseflow.db import db
    from caseflow.models import Installation

    assert db.session.scalars(select(Installation.demo)).all() == [True]


def test_its_office_has_all_that_letters_say_of_it(accounts):
    from caseflow.db import db
    from caseflow.models import Office
    from caseflow.stages import letterhead

    (office,) = db.session.query(Office)
    given = letterhead.data_of(office)
    assert all(given.values())
    assert not [d.name for d in letterhead.DATA if letterhead.fault_of(d, given[d.name])]


def test_its_accounts_stand_in_a_file_for_the_owner_only(demonstration):
    app, accounts = demonstration
    path = Path(app.instance_path) / "demo-accounts.json"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert json.loads(path.read_text(encoding="utf-8")) == accounts
    roles = Counter(account["role"] for account in accounts["accounts"])
    assert roles == {"经办人": 2, "负责人": 1, "监督员": 1, "系统管理员": 1, "安全管理员": 1, "审计管理员": 1}
    assert accounts["url"].startswith("http://127.0.0.1:")


def test_every_account_signs_in_without_changing_its_password(accounts):
    from caseflow.stages.sessions import Where
    from caseflow.stages.signin import sign_in

    for account in accounts["accounts"]:
        person = sign_in(account["username"], account["password"], Where("127.0.0.1"), now(TODAY)).person
        assert not person.must_change
        assert person.email.endswith("@example.cn")


def test_the_seven_requests_of_2020_are_there_with_their_lawsuit(accounts):
    from caseflow.reports.year import year_report

    office_id = cases()["2020-1"].office_id
    table = year_report([office_id], 2020).table
    assert table.cells["new"][-1] == 7
    assert table.proceedings["suit_direct"]["pending"] == 1


def around_today() -> list[Any]:
    return [case for case in cases().values() if not case.imported]


def test_some_forty_requests_stand_around_today_in_every_stage(accounts):
    found = around_today()
    assert 40 <= len(found) <= 60
    assert {case.stage for case in found} == {"register", "review", "handle", "reply", "archive", "archived"}
    assert {case.waiting for case in found} == {"", "correction", "fee", "consultation"}
    assert {case.closed_by for case in found} == {"", "reply", "lapsed", "withdrawn", "not_received"}


def test_every_channel_class_and_group_of_results_is_there(accounts):
    from caseflow.law.applicants import CLASSES
    from caseflow.law.outcomes import BY_CODE, GROUP_HEADS
    from caseflow.law.receipt import CHANNELS

    found = around_today()
    assert {case.channel for case in found} == set(CHANNELS)
    assert {case.applicant_class for case in found} == set(CLASSES)
    assert {BY_CODE[case.result].group for case in found if case.result} == set(GROUP_HEADS)


def test_every_light_is_there(accounts):
    from caseflow.calendars import store
    from caseflow.db import db
    from caseflow.law.replay import replay
    from caseflow.stages import record

    left = set()
    for case in around_today():
        if case.closed_on is None and case.due_on:
            left.add(store.current().left(TODAY, case.due_on))
        assert replay(record.entries(db.session(), case.id)).seq == case.seq
    assert [n for n in left if n > 5]
    assert left & {3, 4, 5}
    assert left & {0, 1, 2}
    assert [n for n in left if n < 0]
    replied = [case.on_time for case in around_today() if case.closed_by == "reply"]
    assert replied.count(False) >= 2
    assert replied.count(True) > 3 * replied.count(False)


def test_both_clerks_and_the_lead_find_something_to_do(accounts):
    open_cases = [case for case in around_today() if case.closed_on is None]
    handlers = Counter(case.handler for case in open_cases)
    assert handlers["王敏"] >= 5
    assert handlers["陈晓"] >= 3
    assert [case for case in open_cases if case.extension_asked]
    assert [case for case in open_cases if case.draft_result and not case.draft_approved]
    assert [case for case in open_cases if case.draft_approved]


def test_numbers_and_moments_ascend_with_the_days(accounts):
    from sqlalchemy import select

    from caseflow.db import db
    from caseflow.models import Event

    registered = [case.registered_on for case in around_today()]
    assert registered == sorted(registered)
    moments = db.session.scalars(select(Event.at).where(Event.source == "desk").order_by(Event.id)).all()
    assert moments == sorted(moments)
    assert moments[-1] <= now(TODAY)


def test_nobody_who_lives_is_meant(accounts):
    from caseflow.db import db
    from caseflow.models import Identity

    numbers = [i.certificate_number for i in db.session.query(Identity) if i.certificate_number]
    assert numbers
    assert all(number.startswith(("000000", "91000000")) for number in numbers)


IN_THE_FESTIVAL = date(2026, 2, 18)  # the Spring Festival, and due days of the year before
A_WORKED_SATURDAY = date(2026, 10, 10)
WITHOUT_A_NOTICE = date(2027, 1, 3)  # a Sunday of a year which has just begun


@pytest.mark.xdist_group("other engine")
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_it_can_be_started_in_the_middle_of_the_festival_on_the_other_engine(app):
    with app.app_context():
        filled_on(app, IN_THE_FESTIVAL)


@pytest.mark.xdist_group("other days")
@pytest.mark.soak
@settings(
    max_examples=max(settings().max_examples // 25, 1),
    phases=[Phase.explicit, *([Phase.generate] if settings().max_examples > 100 else [])],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(today=st.dates(date(2026, 1, 1), date(2027, 12, 31)))
@example(A_WORKED_SATURDAY)
@example(WITHOUT_A_NOTICE)
def test_it_can_be_started_on_any_day(sqlite_template: Path, tmp_path: Path, today: date) -> None:
    with instance(tmp_path, sqlite_template) as app:
        filled_on(app, today)


def filled_on(app: Any, today: date) -> dict[str, Any]:
    """Start an empty instance on that day, and see that it holds what it should; returns its accounts."""
    from caseflow.demo import ensure_not_empty

    accounts = ensure_not_empty(app, today, now(today))
    assert accounts
    assert differences() == []
    stages = {case.stage for case in around_today()}
    assert stages == {"register", "review", "handle", "reply", "archive", "archived"}
    return accounts
