"""The benchmark tells what it measured: medians, the ratio to the floor, the growth."""

from __future__ import annotations

import json

from defusedxml import ElementTree

from tests.bench import told
from tests.bench.subject import Measure, in_turns

FOUND = {
    "sqlite": [
        Measure("worklist", 10_000, [0.010, 0.012, 0.011], [0.002, 0.002, 0.002]),
        Measure("import, rows", 10_000, [2.0], [0.5], unit="/s", pieces=8_000),
        Measure("worklist", 1_000_000, [0.022, 0.022, 0.022], [0.002, 0.002, 0.002]),
        Measure("import, rows", 1_000_000, [4.0], [0.5], unit="/s", pieces=8_000),
    ]
}


def test_figures_are_told_as_a_table_as_json_and_as_a_chart() -> None:
    words = [line.split() for line in told.table("sqlite", FOUND["sqlite"]).splitlines()]
    assert words[1][1:] == ["10,000", "11.0", "ms", "12.0", "5.50", "1.00"]
    assert words[2][-3:] == ["22.0", "11.00", "2.00"]
    assert words[3][-6:] == ["10,000", "4,000.0", "/s", "4,000.0", "4.00", "1.00"]
    assert words[4][-1] == "2.00"  # half as many rows a second
    kept = json.loads(told.as_json(FOUND, {"cores": 2}))
    assert [f["median"] for f in kept["figures"]] == [11.0, 4000.0, 22.0, 2000.0]
    texts = [node.text or "" for node in ElementTree.fromstring(told.chart(FOUND)).iter() if node.text]
    assert "worklist" in texts
    assert "22.0 · 1,000,000" in texts
    assert "import, rows" not in texts


def test_ours_and_the_floor_take_turns_and_the_first_round_is_not_counted() -> None:
    said: list[str] = []

    def timer(who: str, seconds: float) -> float:
        said.append(who)
        return seconds

    found = in_turns(Measure("x", 1), lambda: timer("ours", 0.3), lambda: timer("floor", 0.1), rounds=2)
    assert said == ["ours", "floor"] * 3
    assert (found.ours, found.floor) == ([0.3, 0.3], [0.1, 0.1])
    assert found.ratio is not None
    assert round(found.ratio, 6) == 3
