"""关联: a request that was answered as another organ's, and the case under which that organ registered it anew.

Nothing is transferred between organs (art. 36): each has its own receipt and its own term.
"""

from __future__ import annotations

from sqlalchemy import select

from ..law.casefile import NOT_OURS
from ..models import Case, CaseLink, Office
from .checks import LIMITS, fault
from .desk import OpenCase, Work, acting
from .errors import Refused


def link_case(work: Work, case_id: int, seen: int, office_id: int, number: str, note: str = "") -> None:
    """关联外机关登记: the other organ's case by its number, an organ of this installation. Raises Refused."""
    with acting(work, case_id, seen, "link_case") as case:
        office = case.session.get(Office, office_id)
        if office is None or office.id == case.row.office_id:
            raise Refused("选择另向提出申请的机关", "office_id")
        other = _numbered(case, office, number.strip())
        _not_linked_yet(case, other)
        case.write({"other": other.id, "number": other.number, "office": office.name}, note)


def _numbered(case: OpenCase, office: Office, number: str) -> Case:
    if why := fault(number, LIMITS["number"]):
        raise Refused(why, "number")
    query = select(Case).where(Case.office_id == office.id, Case.number == number)
    if not number or (found := case.session.scalar(query)) is None:
        raise Refused(f"{office.name}没有这个编号的办件，核对编号", "number")
    return found


def _not_linked_yet(case: OpenCase, other: Case) -> None:
    here = CaseLink.case_id.in_([case.row.id, other.id]) & CaseLink.other_id.in_([case.row.id, other.id])
    if case.session.scalar(select(CaseLink.kind).where(here, CaseLink.kind == NOT_OURS)):
        raise Refused("已经关联", "number")
