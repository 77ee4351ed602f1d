"""Cases that go their way at random: at each step somebody does one of the acts open to them that day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any, cast

from hypothesis import assume
from hypothesis import strategies as st

from caseflow.law.casefile import CaseFile, Entry
from caseflow.law.folder import missing
from caseflow.law.guards import Desk, refusal, refuse_day
from caseflow.law.replay import replay
from caseflow.law.workflow import ACTS
from tests.law.days import BEGINNINGS, CALENDAR
from tests.law.histories import CLERK, LEAD

Draw = st.DrawFn
Details = dict[str, Any]
WAIT = st.integers(0, 15).map(timedelta)


def _until(draw: Draw, _: CaseFile, on: date) -> Details:
    return {"until": (on + timedelta(days=draw(st.integers(1, 40)))).isoformat()}


def _perhaps_told(draw: Draw, file: CaseFile, on: date) -> Details:
    return {"told": on.isoformat()} if draw(st.booleans()) else {}


def _handler(draw: Draw, _: CaseFile, on: date) -> Details:
    given = {"internal_until": (on + draw(WAIT)).isoformat()} if draw(st.booleans()) else {}
    return {"handler_id": CLERK, "handler": "王敏", **given}


def _consulted(draw: Draw, file: CaseFile, on: date) -> Details:
    return {
        "n": len(file.consultations) + 1,
        **({"delivered": on.isoformat()} if draw(st.booleans()) else {}),
    }


def _one_consulted(draw: Draw, file: CaseFile, _: date) -> Details:
    return {"n": draw(st.sampled_from([n for n, _ in file.open_consultations]))}


def _undelivered(draw: Draw, file: CaseFile, _: date) -> Details:
    return {"n": draw(st.sampled_from([n for n, c in file.open_consultations if c.delivered is None]))}


def _nothing(_: Draw, __: CaseFile, ___: date) -> Details:
    return {}


def _lacking(_: Draw, file: CaseFile, __: date) -> Details:
    first = len(file.documents) + 1
    return {"documents": [{"n": n, "kind": paper.kind} for n, paper in enumerate(missing(file), first)]}


def _same(details: Details) -> Callable[[Draw, CaseFile, date], Details]:
    return lambda _, __, ___: details


# What each act is told with; proceedings and corrections leave the terms alone
DETAILS: dict[str, Callable[[Draw, CaseFile, date], Details]] = {
    "confirm_receipt": _nothing,
    "accept": _handler,
    "request_correction": _until,
    "receive_correction": _nothing,
    "lapse_correction": _same({"result": "other_correction_lapsed"}),
    "draft_reply": _same({"result": "granted"}),
    "consult_third_party": _consulted,
    "consult_joint_organ": _consulted,
    "deliver_consultation": _undelivered,
    "record_opinion": _one_consulted,
    "ask_reasons": _until,
    "receive_reasons": _nothing,
    "defer": _until,
    "fee_notice": _perhaps_told,
    "deliver_fee_notice": _nothing,
    "pay_fee": _nothing,
    "lapse_fee": _same({"result": "other_fee_unpaid"}),
    "ask_extension": _same({"days": 10}),
    "approve_extension": _same({"days": 10}),
    "refuse_extension": _nothing,
    "assign": _handler,
    "review_secrecy": _same({"conclusion": "open"}),
    "approve_reply": _nothing,
    "send_back": _nothing,
    "send_reply": _nothing,
    "deliver_reply": _nothing,
    "return_reply": _nothing,
    "resend_reply": _nothing,
    "withdraw": _nothing,
    "archive": _nothing,
    "add_files": _lacking,
    "void_reply": _nothing,
}
AWAY = {"withdraw", "void_reply"}  # always open, and seldom done
WHO = {"clerk": CLERK, "lead": LEAD}


def open_to(file: CaseFile, today: date) -> list[tuple[str, str]]:
    """The acts that may be done on the case today, and by whom."""
    found = []
    for act in (act for act in ACTS if act.code in DETAILS):
        for role in act.roles:
            desk = Desk(file, file.clock(CALENDAR), CALENDAR, today, WHO[role], role)
            if act.code == "add_files" and not missing(file):
                continue
            if not refusal(desk, act.code) and not refuse_day(desk, act.code, today):
                found.append((act.code, role))
    return found


def _step(draw: Draw, entries: list[Entry]) -> Entry | None:
    """What is done next, some days later; None where nothing is open to anybody."""
    file, today = replay(entries), entries[-1].on + draw(WAIT)
    choices = open_to(file, today)
    onward = [choice for choice in choices if choice[0] not in AWAY]
    choices = choices if draw(st.integers(0, 9)) == 9 else onward or choices
    if not choices:
        return None
    act, role = draw(st.sampled_from(choices))
    return Entry(len(entries) + 1, act, today, DETAILS[act](draw, file, today), WHO[role])


@st.composite
def walks(draw: Draw, steps: int = 12) -> list[Entry]:
    """A lawful history of up to so many steps after the registration."""
    today = draw(BEGINNINGS)
    came = today.isoformat() if draw(st.integers(0, 4)) else None
    told = {"channel": "in_person" if came else "online", "applicant_class": "other", "received": came}
    entries = [Entry(1, "register", today, {**told, "submitted": today.isoformat()}, CLERK)]
    for _ in range(draw(st.integers(0, steps))):
        if (entry := _step(draw, entries)) is None:
            break
        entries.append(entry)
    return entries


@st.composite
def crossroads(draw: Draw) -> tuple[list[Entry], Entry]:
    """A lawful history, and one of the acts that may come next."""
    entries = draw(walks(steps=8))
    entry = _step(draw, entries)
    assume(entry is not None)
    return entries, cast(Entry, entry)
