"""The demonstration office of the first start: the requests of 2020 and some forty around today."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

from flask import Flask

from ..calendars import store
from ..counter import tickets
from ..db import transaction
from ..ledger.load import Import, import_file
from . import people
from .people import URL, Accounts
from .play import Play
from .scenes import SCENES

DATA = Path(__file__).parent / "data"
LEDGER, PROCEEDINGS = DATA / "shishi-2020-ledger.csv", DATA / "shishi-2020-proceedings.csv"
# What is followed at the counter: a reply to be opened, a correction to be made
FOLLOWED = ("宝盖片区规划许可附图", "有关学校的全部文件")


def fill_demonstration(app: Flask, today: date, now: datetime, url: str = URL) -> Accounts:
    """Fill an empty instance; returns the accounts, which also stand in its folder.

    Raises IntegrityError where another process founded it first.
    """
    calendar = store.current()
    with transaction() as session:
        office, cast, ids = people.found(session, now)
        office_id, code = office.id, office.code
        people.publish(Path(app.instance_path), cast.accounts, url)
    import_2020(code, today, now)
    play = Play(office_id, ids, today, now, calendar)
    play.all(SCENES)
    accounts = people.publish(Path(app.instance_path), cast.accounts, url, _tickets(play, today))
    return accounts


def _tickets(play: Play, today: date) -> list[dict[str, str]]:
    """Number and code for a few requests, so that the counter can be tried as an applicant."""
    told = []
    for index, scene in enumerate(SCENES):
        if scene.content in FOLLOWED:
            given = tickets.hand_out(
                play.work("clerk", today), play.cases[index][0], electronic=True, notify=False
            )
            codes = {"number": tickets.grouped(given.query_number), "code": tickets.grouped(given.code)}
            told.append({"request": scene.content, **codes})
    return told


def import_2020(code: str, today: date, now: datetime) -> None:
    """Take in the seven requests of 2020 with their lawsuit, as any office would: by the ledger."""
    work = Import(LEDGER, today, now, office=code, proceedings=PROCEEDINGS)
    if errors := import_file(work).errors:
        raise RuntimeError(f"the ledger of 2020 no longer fits: {errors[0]}")
