"""Case rows written straight into the register: for the tests of counting, which read nothing else."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from caseflow.models import Case

SHISHI_2020 = (
    # received, sent, due, channel, result: the seven requests of the published report
    (date(2020, 2, 24), date(2020, 3, 18), date(2020, 3, 23), "letter", "granted"),
    (date(2020, 4, 10), date(2020, 5, 11), date(2020, 5, 11), "online", "unavailable_not_held"),
    (date(2020, 5, 29), date(2020, 6, 11), date(2020, 6, 29), "in_person", "unavailable_not_held"),
    (date(2020, 7, 15), date(2020, 8, 24), date(2020, 8, 26), "letter", "unavailable_not_held"),
    (date(2020, 8, 21), date(2020, 9, 25), date(2020, 10, 9), "online", "granted"),
    (date(2020, 9, 18), date(2020, 11, 5), date(2020, 11, 12), "letter", "unavailable_not_held"),
    (date(2020, 11, 2), date(2020, 11, 12), date(2020, 11, 30), "online", "not_processed_repeat"),
)


def case(office_id: int, number: str, **columns: Any) -> Case:
    """A case row, not yet added: handed in by a person and open, unless ``columns`` say otherwise."""
    from caseflow.models import Case

    received = columns.get("received_on", date(2020, 3, 2))
    plain: dict[str, Any] = {
        "stage": "handle", "channel": "in_person", "applicant_class": "natural_person",
        "registered_on": received or date(2020, 3, 2), "received_on": received,
        "new_year": received.year if received else None,
    }  # fmt: skip
    return Case(office_id=office_id, number=number, **plain | columns)


def replied(office_id: int, number: str, received: date, sent: date, due: date, **columns: Any) -> Case:
    """A case row of a reply sent on ``sent``."""
    plain: dict[str, Any] = {
        "stage": "archive", "received_on": received, "due_on": due, "result": "granted",
        "replied_on": sent, "closed_on": sent, "closed_by": "reply", "on_time": sent <= due,
        "plain_on_time": True, "days_used": 20,
        "result_year": sent.year,
    }  # fmt: skip
    return case(office_id, number, **plain | columns)


def keep(*rows: Any) -> list[int]:
    """Write rows; returns the ids of those that have one."""
    from caseflow.db import transaction

    with transaction() as session:
        session.add_all(rows)
        session.flush()
        return [row.id for row in rows if hasattr(row, "id")]


def shishi_2020(office_id: int) -> list[int]:
    """The seven requests of 2020 and the one suit, direct and still open."""
    from caseflow.models import ProceedingRow

    ids = keep(
        *(
            replied(office_id, f"2020-{n}", received, sent, due, channel=channel, result=result)
            for n, (received, sent, due, channel, result) in enumerate(SHISHI_2020, 1)
        )
    )
    opened = {"opened_on": date(2020, 10, 15), "new_year": 2020}
    keep(ProceedingRow(case_id=ids[1], n=1, office_id=office_id, kind="suit", **opened))
    return ids
