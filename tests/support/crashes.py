"""Every act and every longer work of the office, each killed at its points: what the child of a test does.

Of a usual run each is killed where its first row is written, before its commit and after it; when soaking, at every
point it has.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import count
from pathlib import Path

from flask import current_app
from sqlalchemy import func, select

from caseflow import keys
from caseflow.alerts import ladder
from caseflow.calendars import store
from caseflow.closing import freeze, sign
from caseflow.config import Settings
from caseflow.db import db
from caseflow.law.workflow import BY_CODE
from caseflow.ledger.load import Import, import_file
from caseflow.models import Alert, Case, Event, Office, SignedYear
from caseflow.upkeep import apart, backup, keyring, nightly
from tests.ledger.tables import csv_file
from tests.ledger.tables import row as told
from tests.stages.drive import TUESDAY, act_alone, ready
from tests.support.deadly import COMMITTED, Ends, Task, differences, doomed, everything
from tests.support.office import DeskOffice, row

MORNING = datetime(2026, 11, 23, 9)
WRITES = ("INSERT", "UPDATE", "DELETE")
Made = tuple[Task, Callable[[], int]]  # what to do, and how often it has been done


def every_point() -> Iterator[Ends]:
    """The first point, then the second, and so on."""
    for k in count(1):
        yield lambda n, point, k=k: n == k  # type: ignore[misc]


def usual_points() -> Iterator[Ends]:
    """Where the first row is written, between the last and the commit, and after it."""
    yield lambda n, point: point.startswith(WRITES)
    yield lambda n, point: point == "commit"
    yield lambda n, point: point == COMMITTED


def some_points() -> Iterator[Ends]:
    """Every ninth, of what has steps."""
    for k in count(4, 9):
        yield lambda n, point, k=k: n == k  # type: ignore[misc]


# -- what is written in one transaction ----------------------------------------------------------


def _number(table: type[Alert | Case | Event | SignedYear], **which: object) -> Callable[[], int]:
    query = select(func.count()).select_from(table).filter_by(**which)

    def number() -> int:
        db.session.rollback()
        return db.session.scalar(query) or 0

    return number


def _act(office: DeskOffice, act: str) -> Made:
    """An act with nothing in its way."""
    done = _number(Event, act=act)
    if act == "register":
        return lambda _: office.register(TUESDAY), done
    case_id, today = ready(office, BY_CODE[act].stages[0], act)
    return lambda _: act_alone(office, case_id, act, today), done


def _import(office: DeskOffice) -> Made:
    """A ledger with rows, and with a proceeding of a case that stands."""
    place, case = Path(current_app.instance_path), row(office.replied(date(2026, 9, 21), date(2026, 9, 28)))
    ledger = csv_file(place / "a.csv", [told(f"2025-{n}", 收到日期="2025-03-03") for n in range(1, 6)])
    suit = {"登记编号": case.number, "类型": "行政诉讼", "提起日期": "2026-10-09"}
    suits = csv_file(place / "b.csv", [suit])
    now = datetime(2026, 11, 23, 1, tzinfo=UTC)
    work = Import(ledger, now.date(), now, office.code, proceedings=suits)

    def task(progress: Callable[..., None]) -> None:
        report = import_file(Import(**vars(work) | {"progress": progress}))
        assert not report.errors, report.errors

    return task, lambda: _number(Case, imported=True)() // 5


def _pass(office: DeskOffice) -> Made:
    """The pass of a morning on which a case is due."""
    day = row(office.accepted(date(2026, 9, 21))).due_on
    assert day
    now = datetime.combine(day, datetime.min.time(), UTC)
    before, number = _number(Alert)(), _number(Alert)
    return lambda _: ladder.make_pass(day, now, store.current()), lambda: number() > before


def _year(office: DeskOffice) -> Made:
    """The lead signs a year."""
    year = 2025
    work = office.work("lead", date(2026, 11, 23))
    db.session.rollback()
    shown = freeze.freeze(db.session.get_one(Office, office.id), year).hash
    return lambda _: sign.sign(work, year, shown), _number(SignedYear)


WORKS = {"import": _import, "pass": _pass, "year": _year}


def killed(name: str, made: Made, ways: Iterator[Ends]) -> list[str]:
    """Kill it in each of these ways, until it has been done; at which points that was."""
    task, done = made
    begun, before, points = done(), everything(), list[str]()
    for ends in ways:
        points.append(doomed(task, ends))
        if points[-1] in {COMMITTED, ""}:
            break
        assert everything() == before, f"{name} killed at {points[-1]} left something"
    assert points[-2:] == ["commit", COMMITTED], (name, points)
    assert done() == begun + 1, f"{name} was committed and is not there"
    return points


# -- what has steps ------------------------------------------------------------------------------


def backups(whole: bool) -> list[str]:
    """Kill the backup of each night; that of the next is made as if nothing had been."""
    instance = Path(current_app.instance_path)
    folder, points = instance / "backups", list[str]()
    folder.mkdir()
    for night, ends in enumerate(every_point() if whole else some_points()):
        local = MORNING + timedelta(days=night)
        now, path = local.replace(tzinfo=UTC), folder / f"caseflow-{local.date()}.backup"
        points.append(doomed(lambda told: nightly.make(folder, instance, now, local, told), ends))  # noqa: B023
        if path.exists():
            assert backup.prove(path).rows["office"]
        else:
            assert nightly.is_due(folder, local)
            nightly.make(folder, instance, now, local)
        assert apart.beside(path).is_file()
        if not points[-1]:
            break
    return points


def rotations(whole: bool) -> list[str]:
    """Kill a turning of the keys; whoever turns them next goes on with it."""
    settings: Settings = current_app.extensions["caseflow"]["settings"]

    def turned(progress: Callable[..., None]) -> None:
        keyring.turn(settings)
        keyring.reseal(progress)
        keyring.forget(settings, 2 * keyring.SETTLED)

    points = []
    for ends in every_point() if whole else some_points():
        points.append(doomed(turned, ends))
        keys.kept().look()
        keyring.check(settings)
        keyring.enrol(settings)
        assert list(keyring.differences()) == [], points
        turned(lambda *_: None)
        assert (keyring.left(), len(keys.ring().keys)) == (0, 1)
        if not points[-1]:
            break
    return points


STEPS = {"backup": backups, "keys": rotations}


# -- all of them ---------------------------------------------------------------------------------


def crash(office: DeskOffice, what: str, whole: bool) -> list[str]:
    """Kill an act or a work at its points; which those were. The record holds afterwards."""
    if what in STEPS:
        points = STEPS[what](whole)
    else:
        made = WORKS[what](office) if what in WORKS else _act(office, what)
        points = killed(what, made, every_point() if whole else usual_points())
    if whole or what in STEPS:
        assert differences() == [], what
    return points
