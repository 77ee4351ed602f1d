"""Cases that were there before the figures were split further: what the events say of them is made up for."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import flask_migrate
from sqlalchemy import text

from tests.support.office import row, seq

if TYPE_CHECKING:
    from tests.support.office import DeskOffice

MARCH, FRIDAY = date(2024, 3, 1), date(2024, 3, 29)  # day 0, and day 20


def test_fees_deferrals_and_the_first_twenty_days_are_made_up_for_older_cases(office: DeskOffice) -> None:
    from caseflow.db import db
    from caseflow.stages import correct, fees, reasons

    clerk, lead = office.work("clerk", MARCH), office.work("lead", MARCH)
    ids = [
        office.replied(MARCH, FRIDAY),
        office.replied(MARCH, FRIDAY + timedelta(days=1)),
        office.accepted(MARCH),
    ]
    charged, taken_back, deferred = (office.accepted(MARCH) for _ in range(3))
    for case_id in (charged, taken_back):
        fees.fee_notice(clerk, case_id, seq(case_id), MARCH, "pieces", 11)
    correct.void(lead, taken_back, seq(taken_back), seq(taken_back), "记错了案件")
    reasons.ask_reasons(clerk, deferred, seq(deferred), MARCH, MARCH + timedelta(days=10), "说明")
    reasons.receive_reasons(clerk, deferred, seq(deferred), MARCH, "合理")
    reasons.defer(lead, deferred, seq(deferred), date(2024, 6, 3), "理由合理")
    ids += [charged, taken_back, deferred]
    columns = ("corrected", "charged", "consulted", "deferred", "plain_on_time")
    before = [[getattr(row(case_id), name) for name in columns] for case_id in ids]
    assert [line[-1] for line in before[:3]] == [True, False, None]
    assert [line[1] for line in before] == [False, False, False, True, False, False]
    assert before[-1][3]

    db.session.remove()
    flask_migrate.downgrade(revision="0008")
    older = {i: c for i, c in db.session.execute(text('SELECT id, corrected FROM "case"'))}
    assert [bool(older[case_id]) for case_id in ids] == [False, False, False, True, False, False]
    db.session.remove()
    flask_migrate.upgrade()
    assert [[getattr(row(case_id), name) for name in columns] for case_id in ids] == before


def test_the_day_that_a_withdrawn_request_had_missed_is_made_up_for(office: DeskOffice) -> None:
    from caseflow.db import db
    from caseflow.stages import archive
    from caseflow.upkeep import verify

    missed, in_time = office.accepted(MARCH), office.accepted(MARCH)
    for case_id, day in ((missed, FRIDAY + timedelta(days=3)), (in_time, FRIDAY)):
        archive.withdraw(office.work("clerk", day), case_id, seq(case_id), day, "来电撤回")
    assert [row(case_id).due_on for case_id in (missed, in_time)] == [FRIDAY, None]
    db.session.remove()  # a migration waits for whoever still reads
    flask_migrate.downgrade(revision="0014")
    assert row(missed).due_on is None
    db.session.remove()
    flask_migrate.upgrade()
    assert [row(case_id).due_on for case_id in (missed, in_time)] == [FRIDAY, None]
    assert list(verify.differences()) == []
