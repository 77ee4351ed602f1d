"""Two at once in one office: whoever comes second waits, and nobody waits for one who waits for him.

Every event of an office goes into one chain, whose head is held until the commit, and every act holds its case.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.ledger.tables import csv_file
from tests.ledger.tables import row as told
from tests.stages.drive import TUESDAY, act_alone, at, ready
from tests.support.deadly import differences
from tests.support.meanwhile import meanwhile
from tests.support.office import row, seq

if TYPE_CHECKING:
    from tests.support.office import DeskOffice

HOLDS_THE_CHAIN = "UPDATE chain_head"  # said while the head is held already
HEAD_START = 0.3  # seconds


@dataclass
class Desk:
    """The office and where its files lie."""

    office: DeskOffice
    folder: Path

    def act(self, case_id: int, act: str, today: date = TUESDAY) -> Callable[[], Any]:
        """An act on what is seen now; "changed" where somebody else was first."""
        from caseflow.stages.errors import Changed

        seen = seq(case_id)

        def acts() -> str:
            try:
                act_alone(self.office, case_id, act, today, seen=seen)
            except Changed:
                return "changed"
            return "done"

        return acts

    def imports(self, case_id: int) -> Callable[[], Any]:
        """New cases come in, and with them a proceeding of one that stands."""
        from caseflow.ledger.load import Import, import_file

        rows = [told(f"2025-{n}", 收到日期="2025-03-03") for n in (1, 2)]
        suit = {"登记编号": row(case_id).number, "类型": "行政诉讼", "提起日期": "2026-10-09"}
        ledger, suits = csv_file(self.folder / "a.csv", rows), csv_file(self.folder / "b.csv", [suit])
        now = datetime(2026, 11, 23, 1, tzinfo=UTC)
        work = Import(ledger, now.date(), now, self.office.code, proceedings=suits)

        def comes_in() -> tuple[int, int]:
            report = import_file(work)
            assert report.errors == []
            return report.added, report.proceedings_added

        return comes_in


Pair = tuple[Callable[[], Any], Callable[[], Any], object, object]  # who is first, who second, how each ends


def import_and_an_act(desk: Desk) -> Pair:
    case = desk.office.replied(TUESDAY, TUESDAY)
    return desk.imports(case), desk.act(case, "deliver_reply"), (2, 1), "changed"


def an_act_and_import(desk: Desk) -> Pair:
    case = desk.office.replied(TUESDAY, TUESDAY)
    return desk.act(case, "deliver_reply"), desk.imports(case), "done", (2, 1)


def two_acts_on_two_cases(desk: Desk) -> Pair:
    one, other = desk.office.accepted(TUESDAY), desk.office.accepted(TUESDAY)
    return desk.act(one, "draft_reply"), desk.act(other, "withdraw"), "done", "done"


def a_re_reply_and_an_act_on_its_case(desk: Desk) -> Pair:
    case, _ = ready(desk.office, "archive", "redo_reply")
    return desk.act(case, "redo_reply"), desk.act(case, "open_proceeding"), "done", "changed"


def an_act_and_a_re_reply(desk: Desk) -> Pair:
    case, _ = ready(desk.office, "archive", "redo_reply")
    return desk.act(at(desk.office, "handle"), "draft_reply"), desk.act(case, "redo_reply"), "done", "done"


def masking_and_an_act(desk: Desk) -> Pair:
    from caseflow.db import db
    from caseflow.models import Office
    from caseflow.stages.offices import set_retention
    from caseflow.upkeep import retention

    masked, case = at(desk.office, "archived"), desk.office.accepted(TUESDAY)
    set_retention(desk.office.id, 1)
    plan = retention.plan(db.session.get_one(Office, desk.office.id), date(2028, 1, 1))
    assert plan
    assert [due.case_id for due in plan.due] == [masked]
    now = datetime(2028, 1, 1, 1, tzinfo=UTC)
    return (
        lambda: retention.apply(plan, today=now.date(), now=now).masked,
        desk.act(case, "draft_reply"), 1, "done",
    )  # fmt: skip


@pytest.mark.parametrize(
    "pair",
    [
        import_and_an_act, an_act_and_import, two_acts_on_two_cases, a_re_reply_and_an_act_on_its_case,
        an_act_and_a_re_reply, masking_and_an_act,
    ],
)  # fmt: skip
def test_who_comes_second_waits_and_nobody_is_turned_away_for_it(
    office: DeskOffice, tmp_path: Path, pair: Callable[[Desk], Pair]
) -> None:
    first, second, of_first, of_second = pair(Desk(office, tmp_path))
    with meanwhile(second, HOLDS_THE_CHAIN, HEAD_START) as begun:
        assert first() == of_first
    assert begun[0].result() == of_second
    assert differences() == []
