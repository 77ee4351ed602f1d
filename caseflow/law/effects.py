"""What each act does to a case: one function for each line of the table of acts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from .casefile import REDO, SPLIT, CaseFile, Draft, Entry, Issued, Reasons, day
from .counting import is_counted
from .effects_after import AFTERWARDS, with_proof
from .facts import Consultation, Extension, Party, Pause
from .outcomes import BY_CODE
from .overseen import OVERSEEN
from .publishing import PUBLISHING, drop_proposal
from .secrecy import SecrecyReview
from .workflow import BY_CODE as ACTS


def _register(case: CaseFile, e: Entry) -> None:
    d = e.details
    case.channel, case.mail = d["channel"], d.get("mail", "")
    case.applicant_class = d["applicant_class"]
    case.registered = e.on
    case.submitted, case.arrived = day(d.get("submitted")), day(d.get("arrived"))
    if d.get("split_of"):
        case.links.append((d["split_of"], SPLIT))
    if d.get("redo_of"):
        _redo(case, e)
    else:
        _receive(case, day(d.get("received")), e)


def _redo(case: CaseFile, e: Entry) -> None:
    """重新答复: day 0 is the day on which the decision or judgment came; the request itself came long before."""
    d = e.details
    case.redo_of, case.counted = d["redo_of"], is_counted(e)
    case.first_received, case.ordered_to = day(d.get("received")), day(d.get("until"))
    case.links.append((d["redo_of"], REDO))
    _receive(case, day(d["decided"]), e)


def _confirmed(case: CaseFile, e: Entry) -> None:
    _receive(case, case.received or e.on, e)  # corrected to a channel that needs no confirmation


def _receive(case: CaseFile, received: date | None, e: Entry) -> None:
    case.received = received
    case.new_from = max(case.new_from, e.details.get("counts_in", 0))
    case.stage = "review" if received else "register"


def _accept(case: CaseFile, e: Entry) -> None:
    case.stage, case.accepted = "handle", True
    _assign(case, e)


def _assign(case: CaseFile, e: Entry) -> None:
    case.handler_id, case.handler = e.details.get("handler_id"), e.details.get("handler", "")
    case.department = e.details.get("department", "")
    if until := day(e.details.get("internal_until")):
        case.internal = e.on, until


def _ask_correction(case: CaseFile, e: Entry) -> None:
    case.pauses.append(Pause("correction", e.on, day(e.details.get("until"))))


def _ask_fee(case: CaseFile, e: Entry) -> None:
    """The last day follows from the calendar, whatever was written down as it: only where no arrival is told
    does a day that was set stand. Notices used to keep the day of notice where the arrival wasn't known,
    always with a last day beside it.
    """
    told, until = day(e.details.get("told")), day(e.details.get("until"))
    known = told if until is None or told != e.on else None
    case.pauses.append(Pause("fee", e.on, None if told else until, told=known))


def _fee_delivered(case: CaseFile, e: Entry) -> None:
    for index, pause in enumerate(case.pauses):
        if pause.kind == "fee" and pause.met is None:
            case.pauses[index] = replace(pause, told=e.on, until=None)


def _met(kind: str) -> Callable[[CaseFile, Entry], None]:
    def effect(case: CaseFile, e: Entry) -> None:
        for index in range(len(case.pauses) - 1, -1, -1):
            if case.pauses[index].kind == kind and case.pauses[index].met is None:
                case.pauses[index] = replace(case.pauses[index], met=e.on)
                return

    return effect


def _consult(party: Party) -> Callable[[CaseFile, Entry], None]:
    def effect(case: CaseFile, e: Entry) -> None:
        n = e.details.get("n") or len(case.consultations) + 1
        case.consultations.append(Consultation(e.on, day(e.details.get("delivered")), party=party, n=n))

    return effect


def _reasons_asked(case: CaseFile, e: Entry) -> None:
    case.reasons = Reasons(e.on, date.fromisoformat(e.details["until"]))


def _reasons_given(case: CaseFile, e: Entry) -> None:
    if case.reasons:
        case.reasons = replace(case.reasons, given=e.on)


def _consult_delivered(case: CaseFile, e: Entry) -> None:
    index = _numbered(case, e)
    case.consultations[index] = replace(case.consultations[index], delivered=e.on)


def _opinion(case: CaseFile, e: Entry) -> None:
    index = _numbered(case, e)
    known = case.consultations[index]
    delivered = day(e.details.get("delivered")) or known.delivered
    case.consultations[index] = replace(known, delivered=delivered, opinion=e.on)


def _numbered(case: CaseFile, e: Entry) -> int:
    """Where the consultation of that number stands. Raises LookupError."""
    for index, consultation in enumerate(case.consultations):
        if consultation.n == e.details["n"]:
            return index
    raise LookupError(f"no consultation {e.details['n']}")


def _extension_asked(case: CaseFile, e: Entry) -> None:
    case.extension_asked, case.extension_asked_on = e.details["days"], e.on


def _extended(case: CaseFile, e: Entry) -> None:
    case.extensions.append(Extension(e.details["days"], e.on))
    case.extension_asked = 0


def _extension_refused(case: CaseFile, e: Entry) -> None:
    case.extension_asked = 0


def _deferred(case: CaseFile, e: Entry) -> None:
    case.deferred_to = day(e.details["until"])
    if e.details.get("told"):  # a ledger doesn't say when it was decided
        case.deferred_on = e.on


def _reviewed(case: CaseFile, e: Entry) -> None:
    case.secrecy = SecrecyReview(e.details["conclusion"], e.seq)


def _drafted(case: CaseFile, e: Entry) -> None:
    case.draft = Draft(e.details["result"], e.actor_id, e.details.get("reply_no", ""))
    case.stage, case.decided_at = "reply", e.seq


def _approved(case: CaseFile, e: Entry) -> None:
    if case.draft:
        case.draft = replace(case.draft, approved_on=e.on)


def _sent_back(case: CaseFile, e: Entry) -> None:
    case.take_back("reply", "review")
    case.draft, case.stage = None, "handle"


def _sent(case: CaseFile, e: Entry) -> None:
    result = e.details.get("result") or (case.draft.result if case.draft else "")
    case.reply_no = e.details.get("reply_no") or (case.draft.reply_no if case.draft else "")
    case.draft = None
    case.dispatch_proven = with_proof(e)
    if BY_CODE[result].closes_without_reply:  # history only: no reply was sent
        _close(case, e, "lapsed", result)
    else:
        case.replied = e.on
        _close(case, e, "reply", result)


def _lapsed(case: CaseFile, e: Entry) -> None:
    case.decided_at = e.seq
    _close(case, e, "lapsed", e.details["result"])


def _withdrawn(case: CaseFile, e: Entry) -> None:
    # before the legal receipt there is no request in the table's sense: in no cell
    how, result = ("withdrawn", "other") if case.received else ("not_received", "")
    _close(case, e, how, result)


def _close(case: CaseFile, e: Entry, how: str, result: str) -> None:
    case.closed, case.closed_by, case.result = e.on, how, result
    case.closed_by_ledger, case.result_from = e.ledger, e.details.get("counts_in", 0)
    case.stage, case.draft, case.extension_asked = "archive", None, 0


def _filed(case: CaseFile, e: Entry) -> None:
    case.documents |= {d["n"]: d["kind"] for d in e.details["documents"]}


def _issued(case: CaseFile, e: Entry) -> None:
    d = e.details
    case.letters[d["kind"], d["about"]] = Issued(d["kind"], d["about"], d["number"], d["version"], e.on)


def _amended(case: CaseFile, e: Entry) -> None:
    case.amended = True  # laid over its target before the replay


def _masked(case: CaseFile, e: Entry) -> None:
    case.masked, case.masked_at = e.on, e.seq
    drop_proposal(case)  # its text is gone


def _nothing(case: CaseFile, e: Entry) -> None:
    """A new calendar, or where to reach the applicant, leaves the facts as they are."""


EFFECTS: dict[str, Callable[[CaseFile, Entry], None]] = {
    "register": _register,
    "confirm_receipt": _confirmed,
    "accept": _accept,
    "assign": _assign,
    "request_correction": _ask_correction,
    "receive_correction": _met("correction"),
    "lapse_correction": _lapsed,
    "fee_notice": _ask_fee,
    "deliver_fee_notice": _fee_delivered,
    "pay_fee": _met("fee"),
    "lapse_fee": _lapsed,
    "ask_reasons": _reasons_asked,
    "receive_reasons": _reasons_given,
    "defer": _deferred,
    "consult_third_party": _consult("third_party"),
    "consult_joint_organ": _consult("joint_organ"),
    "deliver_consultation": _consult_delivered,
    "record_opinion": _opinion,
    "ask_extension": _extension_asked,
    "approve_extension": _extended,
    "refuse_extension": _extension_refused,
    "review_secrecy": _reviewed,
    "draft_reply": _drafted,
    "approve_reply": _approved,
    "send_back": _sent_back,
    "send_reply": _sent,
    "withdraw": _withdrawn,
    **AFTERWARDS,
    **OVERSEEN,
    **PUBLISHING,
    "add_files": _filed,
    "issue_letter": _issued,
    "change_contact": _nothing,  # its particulars are a version of their own
    "open_letter": _nothing,  # at the counter, by the applicant
    "redate": _nothing,  # by a new calendar, nobody's act
    "mask_personal": _masked,  # by the program, once its retention is over
    "correct": _amended,
}

if missing := set(ACTS) - set(EFFECTS):
    raise RuntimeError(f"acts without an effect: {sorted(missing)}")
