"""办理: give the case to someone, ask a third party (art. 32), extend the term (art. 33)."""

from __future__ import annotations

from datetime import date

from ..law.facts import CONSULTATION_DAYS, EXTENSION_DAYS, Consultation
from ..law.replay import CONSULTS, next_number
from ..law.words import month_day
from .desk import Work, acting
from .errors import Refused
from .review import check_internal, given_to, handler_of

WHEN_DELIVERED = f"填写对方收到征求意见书的日期：{CONSULTATION_DAYS} 个工作日从这一天起算"
OPINIONS: dict[str, str] = {
    "consent": "同意公开",
    "partial": "部分同意公开",
    "object": "不同意公开",
    "silent": "逾期未提出意见",  # of a joint organ: taken as consent (art. 34)
}


def assign(
    work: Work, case_id: int, seen: int, handler_id: int, note: str = "", internal_until: date | None = None
) -> None:
    """改派: another clerk of the office takes the case, perhaps to be done by a day of the office's own."""
    with acting(work, case_id, seen, "assign") as case:
        person = handler_of(case, handler_id)
        if person.id == case.file.handler_id:
            raise Refused(f"{person.name} 已经是本案经办人", "handler_id")
        check_internal(case, internal_until)
        case.write(given_to(person, internal_until), note)


def consult_third_party(
    work: Work, case_id: int, seen: int, on: date, party: str, note: str, delivered: date | None = None
) -> None:
    """征求第三方意见: from the day after ``on`` the working days are not counted (art. 32, 33)."""
    _consult(work, case_id, seen, "consult_third_party", on, party, note, delivered)


def consult_joint_organ(
    work: Work, case_id: int, seen: int, on: date, party: str, note: str, delivered: date | None = None
) -> None:
    """征求共同制作机关意见: counted like a third party's, but its silence is consent (art. 34)."""
    _consult(work, case_id, seen, "consult_joint_organ", on, party, note, delivered)


def _consult(
    work: Work, case_id: int, seen: int, act: str, on: date, party: str, note: str, delivered: date | None
) -> None:
    with acting(work, case_id, seen, act, on) as case:
        n = next_number(case.past, CONSULTS)
        case.write({"n": n, "delivered": delivered}, note, party)


def deliver_consultation(work: Work, case_id: int, seen: int, on: date, n: int) -> None:
    """登记对方收到: the third party's 15 working days run from ``on`` (art. 32)."""
    with acting(work, case_id, seen, "deliver_consultation", on) as case:
        consultation = dict(case.file.open_consultations).get(n)
        if consultation is None or consultation.delivered:
            raise Refused("选择还没有登记收到日期的一次征求", "n")
        if on < consultation.sent:
            raise Refused(f"不能早于发出之日（{month_day(consultation.sent, work.today)}）", "on")
        case.write({"n": n})


def record_opinion(
    work: Work, case_id: int, seen: int, on: date, n: int, opinion: str, delivered: date | None, note: str
) -> None:
    """登记意见, or the silence: counting goes on the next working day (art. 32, 33, 34)."""
    with acting(work, case_id, seen, "record_opinion", on) as case:
        consultation = dict(case.file.open_consultations).get(n)
        if consultation is None:
            raise Refused("选择还没有意见的一次征求", "n")
        if on < consultation.sent:
            raise Refused(f"不能早于征求之日（{month_day(consultation.sent, work.today)}）", "on")
        delivered = delivered or consultation.delivered
        if delivered is None:
            raise Refused(WHEN_DELIVERED, "delivered")
        if opinion not in OPINIONS:
            raise Refused("选择意见", "opinion")
        consent = deemed_consent(consultation, opinion)
        given = {"n": n, "opinion": opinion, "delivered": delivered, "deemed_consent": consent or None}
        case.write(given, note)


def deemed_consent(consultation: Consultation, opinion: str) -> bool:
    """The silence of an organ that made the information too is consent, a third party's is not (art. 34)."""
    return opinion == "silent" and consultation.party == "joint_organ"


def ask_extension(work: Work, case_id: int, seen: int, days: int, note: str) -> None:
    """申请延期: the handler asks for up to 20 more working days before the due day (art. 33)."""
    with acting(work, case_id, seen, "ask_extension") as case:
        _extension_days(days)
        case.write({"days": days}, note)


def approve_extension(work: Work, case_id: int, seen: int, days: int, told: date, note: str = "") -> None:
    """批准延期: approved by the lead and told to the applicant, both on or before the due day (art. 33)."""
    with acting(work, case_id, seen, "approve_extension") as case:
        _extension_days(days)
        case.write({"days": days, "told": told}, note)


def refuse_extension(work: Work, case_id: int, seen: int, note: str) -> None:
    """不批准延期: the due day stays."""
    with acting(work, case_id, seen, "refuse_extension") as case:
        case.write(note=note)


def _extension_days(days: int) -> None:
    if not 1 <= days <= EXTENSION_DAYS:
        raise Refused(f"延期为 1 到 {EXTENSION_DAYS} 个工作日（第三十三条）", "days")
