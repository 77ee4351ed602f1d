"""答复: draft, approve, send, deliver; and void what was sent in error (art. 33, 36, 37)."""

from __future__ import annotations

from datetime import date

from ..law.casefile import CaseFile
from ..law.letters import BY_CODE as LETTERS
from ..law.outcomes import BY_CODE
from .desk import Work, acting, typed
from .errors import Refused

# 40: the form of supply; how the reply left the house
SENT_BY: dict[str, str] = {
    "ems": "邮寄（EMS、挂号）",
    "email": "电子邮件",
    "in_person": "当面送交",
    "portal": "网上平台",
    "other": "其他",
}


def draft_reply(work: Work, case_id: int, seen: int, result: str, note: str, reply_no: str = "") -> None:
    """拟答复: a result of the table with its ground, for the lead to approve (art. 36, 37)."""
    with acting(work, case_id, seen, "draft_reply") as case:
        check_result(case.file, result)
        case.write({"result": result, "reply_no": typed("reply_no", reply_no)}, note)


def check_result(file: CaseFile, result: str) -> None:
    """Raises Refused for what a reply can't say of this request."""
    outcome = BY_CODE.get(result)
    if outcome is None or outcome.closes_without_reply:
        raise Refused("选择答复的结果", "result")
    corrected = any(p.kind == "correction" and p.met for p in file.pauses)
    if result == "unavailable_still_unclear" and not corrected:
        raise Refused("没有收到过补正，不能以“补正后仍不明确”答复（第三十条）", "result")
    if result == "not_processed_excessive" and file.reasons is None:
        raise Refused("先要求申请人说明理由，才能认定为无正当理由（第三十五条）", "result")


def approve_reply(work: Work, case_id: int, seen: int, note: str = "") -> None:
    """审签: the lead approves; never their own draft."""
    with acting(work, case_id, seen, "approve_reply") as case:
        case.write(note=note)


def send_back(work: Work, case_id: int, seen: int, note: str) -> None:
    """退回: back to the handler with the reason."""
    with acting(work, case_id, seen, "send_back") as case:
        case.write(note=note)


def send_reply(
    work: Work, case_id: int, seen: int, on: date, how: str, proof: str = "", reply_no: str = ""
) -> None:
    """发出答复: ``on``, the day it left the house, decides whether it is on time (art. 33)."""
    with acting(work, case_id, seen, "send_reply", on) as case:
        if how not in SENT_BY:
            raise Refused("选择发出的方式", "how")
        number = typed("reply_no", reply_no) or _issued(case.file)
        case.write({"how": how, "reply_no": number}, typed("proof", proof))


def _issued(file: CaseFile) -> str:
    """The number under which this very reply was issued as a letter, "" if it wasn't."""
    told = [i for i in file.letters.values() if LETTERS[i.kind].decides and i.about == file.decided_at]
    return told[-1].number if told else ""


def return_reply(work: Work, case_id: int, seen: int, on: date, note: str) -> None:
    """登记退件: it came back. The sending is open again; the reply and the day it left the house stay."""
    with acting(work, case_id, seen, "return_reply", on) as case:
        case.write(note=note)


def resend_reply(work: Work, case_id: int, seen: int, on: date, how: str, proof: str = "") -> None:
    """再次发出: what came back leaves once more; the term to prove delivery begins again."""
    with acting(work, case_id, seen, "resend_reply", on) as case:
        if how not in SENT_BY:
            raise Refused("选择发出的方式", "how")
        case.write({"how": how}, typed("proof", proof))


def deliver_reply(work: Work, case_id: int, seen: int, on: date, proof: str = "") -> None:
    """登记送达: when the applicant had it, and what proves it (art. 40)."""
    with acting(work, case_id, seen, "deliver_reply", on) as case:
        case.write(note=typed("proof", proof))


def void_reply(work: Work, case_id: int, seen: int, note: str) -> None:
    """撤销答复: sent in error; its result leaves its cell and the case is handled again."""
    with acting(work, case_id, seen, "void_reply") as case:
        case.write(note=note)
