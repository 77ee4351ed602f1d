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
SAMPLE = 5  # acts of a usual run
WORKS = ["import", "pass", "year", "backup", "keys"]


def test_no_act_of_the_table_is_left_out() -> None:
    assert set(BY_CODE) == {*DO, "register"}


@pytest.mark.soak
def test_whatever_is_killed_wherever_it_writes_is_whole_or_absent(
    office: DeskOffice, settings: Settings, record_property: Callable[[str, str], None]
) -> None:
    """Acts, mid-upload and mid-letter among them; an import, a pass, a year being closed, a backup, new keys."""
    acts = [*BY_CODE]
    if not SOAKING:  # others on either engine
        acts = Random(settings.database_url[:6]).sample(sorted(acts), SAMPLE)
    child = Child(settings, "crash", asdict(office), [*acts, *WORKS], SOAKING).go()
    points = {name: json.loads(child.listen()) for name in [*acts, *WORKS]}
    assert child.result() == []
    assert all(points.values())
    record_property(
        "figures",
        f"{len(acts)} acts and {len(WORKS)} works, killed at {sum(map(len, points.values()))} points",
    )
