"""What caseflow costs over registers of growing size: median, p95, ratio to the least that could answer, growth.

Run by ``make bench``. Fills an invented register of each size (a million cases take minutes and some gigabytes),
measures everything in one run, prints a table for each database, and with ``--out`` writes it as json and as a chart.
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
from collections.abc import Iterator
from pathlib import Path

import time_machine

from tests.bench import acts, pages, process, reckoning, told
from tests.bench.register import NOW, TODAY, Register, databases, filled
from tests.bench.subject import Measure

SUBJECTS = {"pages": pages, "acts": acts, "reckoning": reckoning, "process": process}
ENGINES = ("sqlite", "postgresql")


def measured(register: Register, only: list[str]) -> Iterator[Measure]:
    """Every subject, one after the other, each told as it comes."""
    for name in only:
        for measure in SUBJECTS[name].measured(register):
            sys.stderr.write(f"{measure.cases:>10,}  {measure.name}: {measure.median:,.1f} {measure.unit}\n")
            yield measure


def on(engine: str, sizes: list[int], only: list[str]) -> list[Measure]:
    """All sizes on one database."""
    from caseflow.db import close

    found: list[Measure] = []
    with databases(engine == "postgresql", len(sizes)) as places:
        for cases, (url, instance) in zip(sizes, places, strict=True):
            register = filled(url, instance, cases)
            with time_machine.travel(NOW, tick=True):
                found += measured(register, only)
            with register.app.app_context():
                close()
    return found


def main() -> None:
    """Measure, print, keep."""
    from caseflow.serving import collect_seldom

    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--sizes", default="10000,100000,1000000", help="cases of each register")
    parser.add_argument("--engines", default=",".join(ENGINES), help="sqlite, postgresql or both")
    parser.add_argument("--only", default=",".join(SUBJECTS), help="pages, acts, reckoning, process")
    parser.add_argument("--out", type=Path, help="a folder for bench.json and bench.svg")
    given = parser.parse_args()
    sizes, only = [int(size) for size in given.sizes.split(",")], given.only.split(",")
    collect_seldom()  # as the server and the commands do
    found = {engine: on(engine, sizes, only) for engine in given.engines.split(",")}
    for engine, measures in found.items():
        sys.stdout.write(told.table(engine, measures) + "\n\n")
    if given.out:
        about = {"day": str(TODAY), "python": platform.python_version(), "cores": os.cpu_count()}
        (given.out / "bench.json").write_text(told.as_json(found, about), encoding="utf-8")
        (given.out / "bench.svg").write_text(told.chart(found), encoding="utf-8")


if __name__ == "__main__":
    main()
