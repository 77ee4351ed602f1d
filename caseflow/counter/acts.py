"""What the applicant does at the counter on their own request: an act of the table each, by nobody of the office."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Executable, update
from sqlalchemy.orm import Session

from ..db import insert, transaction
from ..law.workdays import Calendar
from ..law.workflow import APPLICANT
from ..models import Case, Letter, LetterOpening, Visit
from ..reports.casefolder import Folder
from ..stages import archive, contact, papers
from ..stages.desk import Work, acting
from ..stages.errors import NotFound, Refused
from ..stages.papers import Upload
from . import following, tickets

OPENED = "申请人在网上查阅"


@dataclass(frozen=True)
class Applicant:
    """Whoever entered number and code, at a moment."""

    case_id: int
    work: Work


def applicant(case: Case, now: datetime, today: date, calendar: Calendar) -> Applicant:
    """Whoever asked, for an act on the request."""
    return Applicant(case.id, Work(None, APPLICANT, case.office_id, today, now, calendar))


def correct(who: Applicant, text: str, uploads: Sequence[Upload]) -> None:
    """补正 online: what is said and the files, in one act; today is day 0 of the full term anew (art. 30)."""
    if not text.strip() and not uploads:
        raise Refused("写明补正的内容，或者附上文件", "text")
    came = papers.kept(uploads) if uploads else []
    with acting(who.work, who.case_id, 0, "receive_correction") as case:
        case.write(note=text)
        papers.put_in(case.session, case.row, who.work, came, "request")
    stay(who)


def withdraw(who: Applicant, note: str = "") -> None:
    """撤回 online, today."""
    archive.withdraw(who.work, who.case_id, 0, who.work.today, note)
    stay(who)


def change_contact(who: Applicant, new: Mapping[str, str]) -> None:
    """变更联系方式 online."""
    contact.change_contact(who.work, who.case_id, 0, new)
    stay(who)


def open_letter(who: Applicant, folder: Folder, letter: Letter) -> None:
    """Note that the applicant opened a letter, the first time; of the reply or a fee notice that is its service.

    Raises NotFound for a letter that doesn't stand at the counter.
    """
    if not following.is_served(folder, letter):
        raise NotFound(letter.id)
    act = SERVES.get(letter.kind, "deliver_reply" if folder.file.decided_at == letter.about else "")
    if act in following.may(folder, who.work.today):
        with acting(who.work, who.case_id, 0, act) as case:
            case.session.execute(_opened(case.session, letter.id, who.work.now))
            case.write(note=OPENED if act == "deliver_reply" else "")
        return
    with transaction() as session:
        session.execute(_opened(session, letter.id, who.work.now))


SERVES = {"fee": "deliver_fee_notice"}  # letters whose coming is a fact of the clock


def _opened(session: Session, letter_id: int, now: datetime) -> Executable:
    row = insert(session, LetterOpening).values(letter_id=letter_id, opened_at=now)
    return row.on_conflict_do_nothing()


def open_files(who: Applicant, folder: Folder) -> None:
    """What was released is looked at: with that the reply has come, where no letter proves it already."""
    if "deliver_reply" in following.may(folder, who.work.today):
        with acting(who.work, who.case_id, 0, "deliver_reply") as case:
            case.write(note=OPENED)


def stay(who: Applicant) -> None:
    """Whoever acts may go on looking for a while."""
    with transaction() as session:
        mine = update(Visit).where(Visit.case_id == who.case_id, Visit.until >= who.work.now)
        session.execute(mine.values(until=who.work.now + tickets.STAYS))
