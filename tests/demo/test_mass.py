"""As many invented cases as one likes: lawful histories, the same for the same seed, spread over offices."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from tests.demo.instances import instance
from tests.ledger.tables import differences, exported

TODAY = date(2026, 9, 21)
NOW = datetime(2026, 9, 21, 3, tzinfo=UTC)


def filled(app: Any, cases: int = 600, **more: Any) -> dict[str, Any]:
    """Fill the empty instance; needs its context."""
    from caseflow.demo.mass import Size, fill

    size = {"open": 120, "offices": 4, "first_year": 2017, "last_year": 2026, "seed": 1} | more
    return fill(app.instance_path, Size(cases, **size), TODAY, NOW)


@pytest.fixture(scope="module")
def many(sqlite_template: Path, tmp_path_factory: Any) -> Iterator[dict[str, Any]]:
    """The accounts of an instance of 600 cases; inside its context, to be looked at only."""
    with instance(tmp_path_factory.mktemp("many"), sqlite_template) as app:
        yield filled(app)


@pytest.fixture(scope="module")
def calendar(many: Any) -> Any:
    """The newest calendar."""
    from caseflow.calendars import store

    return store.current()


def rows() -> list[Any]:
    from caseflow.db import db
    from caseflow.models import Case

    db.session.rollback()
    return list(db.session.scalars(select(Case).order_by(Case.id)))


def test_there_are_as_many_as_asked_for_and_as_many_open(many):
    assert len(rows()) == 600
    assert len([case for case in rows() if case.closed_on is None]) == 120


def test_the_record_holds(app):
    with app.app_context():
        filled(app, 200, open=60)
        assert differences() == []


def test_the_closed_ones_spread_over_the_years(many):
    years = Counter(case.new_year for case in rows() if case.closed_on)
    assert set(years) == set(range(2017, 2027))
    assert min(years.values()) > 20


def test_every_stage_light_and_state_is_there(many):
    from caseflow.calendars import store
    from caseflow.law.outcomes import BY_CODE as OUTCOMES
    from caseflow.law.outcomes import GROUP_HEADS

    found = rows()
    assert {case.stage for case in found} == {"register", "review", "handle", "reply", "archive", "archived"}
    assert {case.waiting for case in found} == {"", "correction", "consultation"}
    assert {case.on_time for case in found} == {None, True, False}
    assert {OUTCOMES[case.result].group for case in found if case.result} == set(GROUP_HEADS)
    left = [store.current().left(TODAY, c.due_on) for c in found if c.closed_on is None and c.due_on]
    assert {min(max((n + 2) // 3, 0), 3) for n in left} == {0, 1, 2, 3}


def test_the_first_office_and_its_clerk_have_work(many):
    from caseflow.db import db
    from caseflow.models import Office

    first = db.session.scalars(select(Office.id).where(Office.code == "SSFB")).one()
    mine = [case for case in rows() if case.office_id == first and case.closed_on is None]
    assert len(mine) > 30
    assert [case for case in mine if case.handler == "王敏"]
    assert many["accounts"][0]["username"] == "wangmin"


def test_the_offices_stand_under_the_first_as_a_tree(app):
    from caseflow.db import db
    from caseflow.models import Office

    with app.app_context():
        filled(app, 20, open=5, offices=80)
        offices = db.session.scalars(select(Office).order_by(Office.id)).all()
        assert len({office.name for office in offices}) == len(offices) == 80
        ids = {office.id: index for index, office in enumerate(offices)}
        assert [ids.get(office.parent_id or 0) for office in offices[:11]] == [None, *[0] * 8, 1, 1]


def drawn(calendar: Any, today: date, seed: int, cases: int = 400) -> list[Any]:
    """The cases themselves, before anything is written."""
    from caseflow.demo.mass import Desk, Size, Source

    desks = [Desk(n, [(n * 10, "王敏"), (n * 10 + 1, "陈晓")], n * 10 + 2) for n in (1, 2, 3)]
    size = Size(cases, cases // 5, 3, today.year - 1, today.year, seed)
    return list(Source(size, desks, today, calendar).cases())


def test_the_same_seed_makes_the_same_cases(calendar):
    assert drawn(calendar, TODAY, 7) == drawn(calendar, TODAY, 7)
    assert drawn(calendar, TODAY, 7) != drawn(calendar, TODAY, 8)


@pytest.mark.soak
@given(today=st.dates(date(2026, 1, 1), date(2027, 12, 31)), seed=st.integers(0, 10**6))
def test_every_history_is_in_the_order_the_law_wants_and_over_by_today(calendar, today, seed):
    from caseflow.law.guards import disorder

    for case in drawn(calendar, today, seed, 60):
        assert disorder(case.entries, today) is None, case


def test_no_number_is_missing_or_given_twice(many):
    by_series = Counter((case.office_id, case.number.split("-")[0]) for case in rows())
    for (office_id, year), count in by_series.items():
        numbers = {c.number for c in rows() if (c.office_id, c.number.split("-")[0]) == (office_id, year)}
        assert numbers == {f"{year}-{n}" for n in range(1, count + 1)}


def test_registering_goes_on_after_them(app):
    from caseflow.calendars import store
    from caseflow.db import db
    from caseflow.models import Person
    from caseflow.stages import register
    from caseflow.stages.desk import work_of

    with app.app_context():
        filled(app, 40, open=10, offices=1)
        person = db.session.scalars(select(Person).where(Person.username == "wangmin")).one()
        mine = [case.number for case in rows() if case.number.startswith("2026-")]
        form = register.Application("natural_person", "林国栋", "某报告")
        work = work_of(person, NOW, TODAY, store.current())
        (case,) = register.register(work, register.Arrival("in_person", submitted=TODAY), form)
        assert case.number == f"2026-{len(mine) + 1}"


def test_an_export_of_them_is_a_ledger_that_changes_nothing(many, tmp_path):
    from tests.ledger.tables import taken, with_suits

    path = exported(tmp_path / "all.csv")
    received = [case for case in rows() if case.received_on]
    assert len(received) > 580  # a ledger holds only what has a legal day of receipt
    report = taken(path, None, **with_suits(path))
    assert (report.added, report.passed_over, report.proceedings_added) == (0, len(received), 0)
