"""The information-processing fees (art. 42) of a year, from the events of the cases."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from sqlalchemy import select

from ...db import db
from ...law.annual import Fees
from ...law.replay import corrected
from ...models import Case, Event
from ...stages import record

ACTS = ("fee_notice", "pay_fee")


def fees(office_ids: Iterable[int], year: int) -> Fees:
    """What was told of and what was paid in the year, corrections (更正) laid over it.

    A payment is in full, so it is as high as the notice before it; a ledger brings notices without an amount.
    """
    # nothing of a year is recorded before it begins; its first hours in China are the last of the old year in UTC
    begin = datetime(year - 1, 12, 31, tzinfo=UTC)
    cases = (
        select(Event.case_id)
        .join(Case, Case.id == Event.case_id)
        .where(Event.at >= begin, Event.act.in_(ACTS), Case.office_id.in_(list(office_ids)))
    )
    found = Fees()
    for case_id in db.session.scalars(cases.distinct()):
        found = _added(found, case_id, year)
    return found


def _added(so_far: Fees, case_id: int, year: int) -> Fees:
    notices, payments, yuan, unknown = so_far.notices, so_far.payments, so_far.yuan, so_far.unknown
    asked: int | None = None
    for entry in corrected(record.entries(db.session(), case_id)):
        within = entry.on.year == year
        if entry.act == "fee_notice":
            asked = entry.details.get("amount")
            notices += within
        elif entry.act == "pay_fee" and within:
            payments += 1
            yuan += asked or 0
            unknown += asked is None
    return Fees(notices, payments, yuan, unknown)
