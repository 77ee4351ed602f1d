"""What is done to a case once its reply has left the house: delivery, archive, a voided reply, 复议 and 诉讼."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from .casefile import NOT_OURS, CaseFile, Entry, Proceeding
from .publishing import take_down
from .workflow import ARCHIVED


def with_proof(e: Entry) -> bool:
    """Whether a proof (EMS number, signature) was typed with it: the note of such an act is nothing else."""
    return "note" in e.details


def _delivered(case: CaseFile, e: Entry) -> None:
    case.delivered = e.on
    case.dispatch_proven |= with_proof(e)  # what was received was sent


def _returned(case: CaseFile, e: Entry) -> None:
    case.returned = e.on


def _sent_again(case: CaseFile, e: Entry) -> None:
    case.returned, case.sent_again = None, e.on
    case.dispatch_proven = with_proof(e)


def _archived(case: CaseFile, e: Entry) -> None:
    case.archived, case.stage = e.on, ARCHIVED


def _voided(case: CaseFile, e: Entry) -> None:
    case.result, case.closed, case.closed_by, case.reply_no = "", None, "", ""
    case.replied = case.delivered = case.archived = case.returned = case.sent_again = None
    case.take_back("reply", "dispatch", "delivery", "review")
    take_down(case)
    case.closed_by_ledger = case.dispatch_proven = False
    case.result_from = 0
    case.stage = "handle" if case.accepted else "review" if case.received else "register"


def _proceeding_opened(case: CaseFile, e: Entry) -> None:
    d = e.details
    case.proceedings.append(
        Proceeding(
            d["n"], d["kind"], bool(d.get("after_reconsideration")), e.on, new_from=d.get("counts_in", 0)
        )
    )


def _appealed(case: CaseFile, e: Entry) -> None:
    for index, p in enumerate(case.proceedings):
        if p.n == e.details["n"]:
            case.proceedings[index] = replace(p, appealed=e.on)


def _proceeding_closed(case: CaseFile, e: Entry) -> None:
    for index, p in enumerate(case.proceedings):
        if p.n == e.details["n"]:
            later = e.details.get("counts_in", 0)
            case.proceedings[index] = replace(p, closed=e.on, result=e.details["result"], result_from=later)


def _redone(case: CaseFile, e: Entry) -> None:
    for index, p in enumerate(case.proceedings):
        if p.n == e.details["n"]:
            case.proceedings[index] = replace(p, redone=e.details["other"])


def _linked(case: CaseFile, e: Entry) -> None:
    case.links.append((e.details["other"], NOT_OURS))


AFTERWARDS: dict[str, Callable[[CaseFile, Entry], None]] = {
    "deliver_reply": _delivered,
    "return_reply": _returned,
    "resend_reply": _sent_again,
    "archive": _archived,
    "open_proceeding": _proceeding_opened,
    "appeal_proceeding": _appealed,
    "close_proceeding": _proceeding_closed,
    "redo_reply": _redone,
    "link_case": _linked,
    "void_reply": _voided,
}
