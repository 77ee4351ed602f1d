"""Killed wherever something is written, every act and every longer work is whole or absent."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import asdict
from random import Random
from typing import TYPE_CHECKING

import pytest

from caseflow.law.workflow import BY_CODE
from tests.stages.drive import DO
from tests.support.children import Child

if TYPE_CHECKING:
    from caseflow.config import Settings
    from tests.support.office import DeskOffice

SOAKING = os.environ.get("HYPOTHESIS_PROFILE") == "soak"
SAMPLE = 4  # acts of a usual run
WORKS = ["import", "pass", "year", "backup", "keys"]
OF_A_USUAL_RUN = {"sqlite": ["year", "backup"], "postgresql": ["import", "pass", "keys"]}


def test_no_act_of_the_table_is_left_out() -> None:
    assert set(BY_CODE) == {*DO, "register"}


@pytest.mark.soak
def test_whatever_is_killed_wherever_it_writes_is_whole_or_absent(
    office: DeskOffice, settings: Settings, record_property: Callable[[str, str], None]
) -> None:
    """Acts, mid-upload and mid-letter among them; an import, a pass, a year being closed, a backup, new keys."""
    acts, works = [*BY_CODE], WORKS
    if not SOAKING:  # others on either engine
        engine = "sqlite" if settings.is_sqlite else "postgresql"
        acts, works = Random(engine).sample(sorted(acts), SAMPLE), OF_A_USUAL_RUN[engine]
    child = Child(settings, "crash", asdict(office), [*acts, *works], SOAKING).go()
    points = {name: json.loads(child.listen()) for name in [*acts, *works]}
    assert child.result() == []
    assert all(points.values())
    record_property(
        "figures",
        f"{len(acts)} acts and {len(works)} works, killed at {sum(map(len, points.values()))} points",
    )
