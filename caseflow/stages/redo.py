"""重新答复: the reply was corrected by a decision or judgment; the request is answered anew under a case of its own.

The first result stays in its year; the new reply is linked, and not counted again unless the office's setting says so.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from ..calendars import store
from ..law.replay import corrected
from ..models import Office, Person
from . import record, register
from .desk import OpenCase, Work, acting

# What of the registration goes with the request: how and when it came
OF_THE_REQUEST = ("channel", "mail", "oral", "submitted", "arrived")


def redo_reply(
    work: Work, case_id: int, seen: int, on: date, n: int, until: date | None = None, note: str = ""
) -> None:
    """Answer a request anew after the proceeding ``n`` of its case was closed as corrected (art. 51).

    ``on`` is the day on which the decision or judgment came, day 0 of the new term: that to ``until``, where one
    is set there, else the statutory 20 working days. The new case is accepted at once. Raises Refused.
    """
    with acting(work, case_id, seen, "redo_reply", on) as case:
        told = {"n": n, "until": until}
        case.check(told)  # before a number is taken: a term that can't be has no clock
        form = record.particulars_of(case.session, case.row)
        anew = register.begin(case.session, work, _registration(case, until), form)
        record.append(
            case.session, anew, "accept", work.today, _handler(case),
            actor_id=work.actor_id, at=work.now, calendar=store.current(),
        )  # fmt: skip
        case.write({**told, "other": anew.id, "number": anew.number}, note)


def _registration(case: OpenCase, until: date | None) -> dict[str, Any]:
    """The request as it came, corrections laid over; of whom it is a re-reply, and whether it counts."""
    first = corrected(case.past)[0].details
    legal = case.file.first_received or case.file.received
    received = legal.isoformat() if legal else None
    confirmed = received if first.get("received") is None else first.get("confirmed")
    return {
        **{name: first.get(name) for name in OF_THE_REQUEST},
        "confirmed": confirmed,
        "received": received,
        "applicant_class": case.file.applicant_class,
        "redo_of": case.row.id,
        "redo_number": case.row.number,
        "decided": case.on.isoformat(),
        **({"until": until.isoformat()} if until else {}),
        **({"counted": True} if case.session.get_one(Office, case.row.office_id).counts_redone else {}),
    }


def _handler(case: OpenCase) -> dict[str, Any]:
    """Whoever handled the case, if still a clerk in service here, else the clerk who acts, else nobody yet."""
    for person_id in (case.file.handler_id, case.work.actor_id):
        person = case.session.get(Person, person_id) if person_id else None
        if (
            person
            and person.role == "clerk"
            and not person.disabled
            and person.office_id == case.row.office_id
        ):
            return {"handler_id": person.id, "handler": person.name}
    return {}
