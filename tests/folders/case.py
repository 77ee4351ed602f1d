"""A case with all that a folder can hold: letters in two versions, files of several kinds, rare characters."""

from __future__ import annotations

import io
from datetime import date
from typing import TYPE_CHECKING

from tests.support.office import seq

if TYPE_CHECKING:
    from pathlib import Path

    from caseflow.law.casefile import Entry
    from tests.support.office import DeskOffice

MONDAY, FRIDAY = date(2026, 9, 21), date(2026, 9, 25)
LATER = date(2026, 10, 12)
PDF = b"%PDF-1.7 "
FORM = {
    "name": "林国𠮷", "content": "某路<改造>工程&结算报告，含𠮷字", "certificate_type": "居民身份证",
    "certificate_number": "350581199001011024", "phone": "13812345520",
}  # fmt: skip


def answered(office: DeskOffice) -> int:
    """A request that was consulted on and answered that the information doesn't exist; its papers in no order."""
    from caseflow.stages import letters
    from tests.stages.drive import do

    case = office.accepted(MONDAY, **FORM)
    put_in(office, case, "other", "便条.pdf")
    put_in(office, case, "request", "=申请书𠮷&一.pdf", "申请书.pdf")
    do(office, case, "consult_third_party", MONDAY)
    do(office, case, "record_opinion", FRIDAY)
    put_in(office, case, "opinion", "复函.pdf")
    put_in(office, case, "working", "底稿.pdf", desk_only=True)
    do(office, case, "draft_reply", LATER, result="unavailable_not_held")
    do(office, case, "approve_reply", LATER)
    draft = next(entry.seq for entry in entries(case) if entry.act == "draft_reply")
    for said in ("查了档案室", "查了档案室和网站"):  # the second version voids the first
        letters.issue(
            office.work("clerk", LATER), case, seq(case), "reply_not_exist", draft, {"办理情况": said}
        )
    do(office, case, "issue_letter", LATER)  # the receipt
    do(office, case, "send_reply", LATER)
    put_in(office, case, "dispatch", "EMS 存根.pdf")
    return case


def archived(office: DeskOffice, on: date = LATER) -> int:
    """The same, archived."""
    from tests.stages.drive import do

    case = answered(office)
    do(office, case, "archive", on)
    return case


def put_in(office: DeskOffice, case: int, kind: str, *files: str, desk_only: bool = False) -> None:
    """Put files into a case, each holding its own name."""
    from caseflow.stages import papers

    uploads = [papers.Upload(name, io.BytesIO(PDF + name.encode())) for name in files]
    papers.add_files(office.work("clerk", LATER), case, seq(case), uploads, kind, desk_only=desk_only)


def entries(case: int) -> list[Entry]:
    """The events of a case, as the law sees them."""
    from caseflow.db import db
    from caseflow.stages import record

    return record.entries(db.session(), case)


def made(case: int, path: Path) -> Path:
    """The folder of a case at ``path``."""
    from caseflow.folders import year
    from caseflow.folders.plan import plan

    year.write(plan(case), path)
    return path
