"""Random people do random things for years: the record, the rows and the year tables always agree."""

from __future__ import annotations

from collections import Counter
from random import Random

import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from caseflow.law.applicants import COLUMNS
from caseflow.law.workflow import ACTS
from caseflow.reports.year import year_report
from tests.law.days import day
from tests.stages.drive import elsewhere
from tests.stages.walk import Walk
from tests.support.office import DeskOffice, found

START = day("周五 2024-11-01")
STEPS = 150

# A walk costs seconds, not microseconds: one that comes by most acts in a usual run, forty others when soaking.
WALKS = settings().max_examples // 250
EVENTFUL = 7
SLOW = [HealthCheck.too_slow, HealthCheck.function_scoped_fixture, HealthCheck.data_too_large]


@pytest.mark.soak
def test_whatever_happens_rows_are_replays_and_the_years_balance(office: DeskOffice) -> None:
    done: Counter[str] = Counter()
    refused: Counter[str] = Counter()
    offices = 0

    elsewhere()

    @settings(
        max_examples=max(WALKS, 1),
        suppress_health_check=SLOW,
        phases=[Phase.explicit, *([Phase.reuse, Phase.generate] if WALKS else [])],
    )
    @given(st.integers(0, 2**32))
    @example(EVENTFUL)
    def walk_through(seed: int) -> None:
        nonlocal offices
        offices += 1
        walk = Walk(found(f"W{offices}", f"第{offices}机关"), Random(seed), START)
        for _ in range(STEPS):
            walk.step()
        walk.check()
        done.update(walk.done)
        refused.update(walk.refused)
        _year_tables_balance(walk)
        assert walk.numbers() == _without_gaps(walk.numbers())

    walk_through()
    missed = {act.code for act in ACTS} - set(done)
    assert len(missed) <= (0 if WALKS > 10 else len(ACTS) // 3), f"acts that no walk came by: {missed}"
    assert sum(refused.values()) > 10


def _year_tables_balance(walk: Walk) -> None:
    carried = (0,) * len(COLUMNS)
    for year in range(START.year, walk.today.year + 1):
        table = year_report([walk.office.id], year).table
        assert table.balanced, table.differences
        assert table.cells["carried_in"] == carried
        carried = table.cells["carried_out"]


def _without_gaps(numbers: list[str]) -> list[str]:
    """The numbers of each year as they should be: 1, 2, 3 …"""
    given_in: Counter[str] = Counter()
    expected = []
    for number in numbers:
        year = number.split("-")[0]
        given_in[year] += 1
        expected.append(f"{year}-{given_in[year]}")
    return expected
