"""Random people go on for years, and each January the lead signs: nothing that is signed ever moves unseen."""

from __future__ import annotations

from datetime import timedelta
from random import Random

import pytest
from sqlalchemy import select

from caseflow.closing import sign
from caseflow.closing.changes import changes
from caseflow.closing.freeze import Frozen, freeze
from caseflow.db import db
from caseflow.models import Event, Office, SignedYear
from caseflow.reports.year import year_report
from caseflow.stages import correct, reply
from caseflow.stages.errors import Refused
from tests.law.days import day
from tests.stages.walk import Walk
from tests.support.office import DeskOffice, found, seq

START = day("周三 2025-10-15")
STEPS = 36
MOVES = ("correct", "void_reply")  # what alone may move a case in or out of a signed cell, as things stand


def present(office_id: int, year: int) -> Frozen:
    db.session.rollback()
    return freeze(db.session.get_one(Office, office_id), year)


@pytest.mark.soak
def test_signed_figures_never_change_and_whatever_differs_was_corrected_or_voided(office: DeskOffice) -> None:
    walks = [Walk(found(f"S{n}", f"第{n}机关"), Random(20250 + n), START) for n in range(2)]
    signed: dict[tuple[int, int], tuple[int, str]] = {}
    for step in range(STEPS):
        for walk in walks:
            walk.step()
            if step % 4 == 0:
                walk.today += timedelta(days=42)
                _think_again(walk)
            key = (walk.office.id, walk.today.year - 1)
            if key not in signed:
                shown = present(*key)
                lead = walk.office.work("lead", walk.today)
                if shown.data["figures"]["balanced"]:
                    row = sign.sign(lead, key[1], shown.hash)
                    signed[key] = row.id, row.hash
    assert len({year for _, year in signed}) >= 2
    assert not list(sign.differences(db.session()))
    moved = 0
    for (office_id, year), (row_id, hash_) in signed.items():
        row = db.session.get_one(SignedYear, row_id)
        assert (row.hash, Frozen(row.frozen).hash) == (hash_, hash_)
        now = present(office_id, year)
        assert now.data["figures"]["balanced"]
        for change in changes(Frozen(row.frozen), now):
            for case_id in (*change.gone, *change.come):
                since = select(Event.id).where(
                    Event.case_id == case_id, Event.act.in_(MOVES), Event.at >= row.signed_at
                )
                assert db.session.scalars(since.limit(1)).first(), (change.cell, case_id)
                moved += 1
        _hands_on(office_id, year)
    for year in {year for _, year in signed}:
        _adds_up([walk.office.id for walk in walks], year)
    assert moved, "no walk corrected anything in a signed year"


def _adds_up(ids: list[int], year: int) -> None:
    """The roll-up is the sum of its offices, cell by cell."""
    whole, parts = year_report(ids, year).table.cells, [year_report([i], year).table.cells for i in ids]
    for key, line in whole.items():
        assert line == tuple(sum(numbers) for numbers in zip(*(p[key] for p in parts), strict=True)), key


def _think_again(walk: Walk) -> None:
    """One more is answered; and the lead voids the reply of a case closed long ago, or corrects its result."""
    walk.office.replied(
        walk.today - timedelta(days=30), walk.today - timedelta(days=9), "unavailable_not_held"
    )
    lead, closed = walk.office.work("lead", walk.today), [c for c in walk.rows() if c.closed_by == "reply"]
    case_id = walk.chance.choice(closed[:3]).id  # of a year that is signed by now, or soon will be
    try:
        if walk.chance.random() < 0.5:
            reply.void_reply(lead, case_id, seq(case_id), "附件放错")
        else:
            correct.correct_result(lead, case_id, seq(case_id), "refused_process", "选错了")
    except Refused:
        return


def _hands_on(office_id: int, year: int) -> None:
    """As things stand, what one year carries out the next carries in, case by case."""
    before, after = present(office_id, year), present(office_id, year + 1)
    assert before.behind("carried_out", "total") == after.behind("carried_in", "total")
    assert set(after.behind("carried_in", "total")) <= set(after.behind("results_total", "total")) | set(
        after.behind("carried_out", "total")
    )
