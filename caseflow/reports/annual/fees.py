"""The information-processing fees (art. 42) of a year, from the events of the cases."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from itertools import groupby

from sqlalchemy import or_, select

from ...db import db
from ...law.annual import Fees
from ...law.casefile import Entry
from ...law.counting import year_of
from ...law.replay import corrected
from ...models import Case, Event
from ...stages import record


def fees(office_ids: Iterable[int], year: int) -> Fees:
    """What was told of and what was paid in the year, corrections (更正) laid over it.

    A payment is in full, so it is as high as the notice before it; a ledger brings notices without an amount. What is
    recorded of a signed year is of the first unsigned one (``law.counting``).
    """
    events = (
        select(Event)
        .join(Case, Case.id == Event.case_id)
        .where(
            Case.office_id.in_(list(office_ids)),
            Case.charged,
            Case.received_on <= date(year, 12, 31),
            # closed in it or later; by its report year, or of a re-reply that has none, where that was recorded afterwards
            or_(
                Case.closed_on.is_(None),
                Case.closed_on >= date(year, 1, 1),
                Case.result_year >= year,
                Case.new_year.is_(None),
            ),
            Event.act.in_(("fee_notice", "pay_fee", "correct")),
        )
        .order_by(Event.case_id, Event.seq)
    )
    found = Fees()
    for _, of_case in groupby(db.session.scalars(events), key=lambda event: event.case_id):
        found = _added(found, corrected(record.entry_of(event) for event in of_case), year)
    return found


def _added(so_far: Fees, entries: Iterable[Entry], year: int) -> Fees:
    notices, payments, yuan, unknown = so_far.notices, so_far.payments, so_far.yuan, so_far.unknown
    asked: int | None = None
    for entry in entries:
        within = year_of(entry) == year
        if entry.act == "fee_notice":
            asked = entry.details.get("amount")
            notices += within
        elif entry.act == "pay_fee" and within:
            payments += 1
            yuan += asked or 0
            unknown += asked is None
    return Fees(notices, payments, yuan, unknown)
