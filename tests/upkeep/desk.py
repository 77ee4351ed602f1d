"""A desk with cases in every stage, and every act of live work among their events."""

from __future__ import annotations

import hashlib
import io
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from tests.support import states
from tests.support.office import archive, seq

if TYPE_CHECKING:
    from tests.support.office import DeskOffice


def busy(office: DeskOffice, files: bool = True) -> dict[str, int]:
    """Cases by what is to be seen in them; numbered 2026-1 and so on in this order."""
    return states.made_once(f"busy {office} {files}", lambda: _busy(office, files))


def _busy(office: DeskOffice, files: bool) -> dict[str, int]:
    cases = {
        "registered": _registered(office, files),
        "corrected": _corrected(office),
        "extended": _extended(office),
        "sued": _sued(office, files),
        "mistaken": _mistaken(office),
        "withdrawn": _withdrawn(office),
    }
    cases["split"] = _split(office)
    return cases


def put_in(
    office: DeskOffice, case: int, *contents: bytes, kind: str = "request", released: bool = False
) -> list[str]:
    """Put files into a case, each under a name that holds the applicant's; returns their hashes."""
    from caseflow.stages import papers

    uploads = [papers.Upload(f"林国栋{n}.pdf", io.BytesIO(c)) for n, c in enumerate(contents)]
    papers.add_files(
        office.work("clerk", date(2026, 9, 22)), case, seq(case), uploads, kind, released=released
    )
    return [hashlib.sha256(content).hexdigest() for content in contents]


def place(sha256: str) -> Path:
    """Where a content lies."""
    from caseflow.files import store

    return store.folder() / sha256[:2] / sha256


def _registered(office: DeskOffice, files: bool) -> int:
    case = office.register(date(2026, 9, 21))
    if files:
        put_in(office, case, b"%PDF-1.7 scan")
    return case


def _corrected(office: DeskOffice) -> int:
    from caseflow.stages import review

    case, day = office.register(date(2026, 9, 21)), date(2026, 9, 28)
    review.request_correction(office.work("clerk", day), case, seq(case), day, date(2026, 10, 19), "请写明")
    day = date(2026, 10, 16)
    review.receive_correction(office.work("clerk", day), case, seq(case), day, "已写明")
    return case


def _extended(office: DeskOffice) -> int:
    from caseflow.stages import handle

    case, day = office.accepted(date(2026, 9, 21)), date(2026, 9, 28)
    clerk = office.work("clerk", day)
    handle.consult_third_party(clerk, case, seq(case), day, "鸿川公司", "征求", day)
    day = date(2026, 10, 12)
    handle.record_opinion(office.work("clerk", day), case, seq(case), day, 1, "partial", None, "部分同意")
    handle.ask_extension(office.work("clerk", day), case, seq(case), 5, "涉及多份文件")
    handle.approve_extension(office.work("lead", day), case, seq(case), 5, day)
    handle.assign(office.work("lead", day), case, seq(case), office.people["colleague"])
    return case


def _sued(office: DeskOffice, files: bool) -> int:
    from caseflow.stages import proceedings, reply

    case, day = office.replied(date(2026, 9, 21), date(2026, 10, 20), "partial"), date(2026, 10, 22)
    clerk = office.work("clerk", day)
    reply.deliver_reply(clerk, case, seq(case), day, "回执")
    if files:  # it is archived with its papers or not at all
        archive(clerk, case, day)
    day = date(2026, 11, 2)
    proceedings.open_proceeding(office.work("clerk", day), case, seq(case), day, "reconsideration")
    proceedings.close_proceeding(office.work("lead", day), case, seq(case), day, 1, "upheld")
    proceedings.open_proceeding(office.work("clerk", day), case, seq(case), day, "suit", True)
    return case


def _mistaken(office: DeskOffice) -> int:
    from caseflow.stages import correct, register

    case, day = office.replied(date(2026, 9, 21), date(2026, 10, 20)), date(2026, 10, 22)
    correct.correct_day(office.work("lead", day), case, seq(case), 6, date(2026, 10, 19), "邮戳")
    arrival = register.Arrival("in_person", submitted=date(2026, 9, 18))
    form = register.Application(
        "enterprise", "鸿川建设有限公司", "某路改造工程结算报告", phone="0595-88880000"
    )
    correct.correct_particulars(office.work("lead", day), case, seq(case), arrival, form, "单位申请")
    return case


def _withdrawn(office: DeskOffice) -> int:
    from caseflow.stages import archive

    case, day = office.accepted(date(2026, 9, 21)), date(2026, 10, 22)
    archive.withdraw(office.work("clerk", day), case, seq(case), day, "申请人来信撤回")
    return case


def _split(office: DeskOffice) -> int:
    from caseflow.stages import register

    day = date(2026, 10, 22)
    arrival = register.Arrival("letter", mail="signed", submitted=day, arrived=day)
    form = register.Application("natural_person", "林国栋", "第一件", certificate_number="350581199001011024")
    first, _ = register.register(office.work("clerk", day), arrival, form, ["第二件"])
    return first.id
