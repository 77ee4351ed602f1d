"""What the applicant does at the counter on their own request: an act of the table each, by nobody of the office."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from ..db import transaction
from ..law.workdays import Calendar
from ..law.workflow import APPLICANT
from ..models import Case, Letter, LetterOpening
from ..reports.casefolder import Folder
from ..stages import archive, contact, papers, reasons, record, signin
from ..stages.desk import Work, acting, calendar_for, lock
from ..stages.errors import NotFound, Refused
from ..stages.papers import Upload
from . import following
from .applications import MOST_FILES

OPENED = "申请人在网上查阅"
MOST_ACTS = 20  # of one applicant in a quarter of an hour


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
    if len(uploads) > MOST_FILES:
        raise Refused(f"最多 {MOST_FILES} 个文件，现在选了 {len(uploads)} 个", "files")
    _tried(who)
    came = papers.kept(uploads) if uploads else []
    with acting(who.work, who.case_id, 0, "receive_correction") as case:
        case.write(note=text)
        papers.put_in(case.session, case.row, who.work, came, "request")


def give_reasons(who: Applicant, text: str) -> None:
    """说明理由 online (art. 35)."""
    if not text.strip():
        raise Refused("写明理由", "text")
    _tried(who)
    reasons.receive_reasons(who.work, who.case_id, 0, who.work.today, text)


def withdraw(who: Applicant, note: str = "") -> None:
    """撤回 online, today."""
    _tried(who)
    archive.withdraw(who.work, who.case_id, 0, who.work.today, note)


def change_contact(who: Applicant, new: Mapping[str, str]) -> None:
    """变更联系方式 online."""
    _tried(who)
    contact.change_contact(who.work, who.case_id, 0, new)


def _tried(who: Applicant) -> None:
    """So many acts of one applicant in a quarter of an hour, no more. Raises signin.Throttled."""
    with transaction() as session:
        signin.take(session, {signin.subject("applicant", str(who.case_id)): MOST_ACTS}, who.work.now)


def open_letter(who: Applicant, folder: Folder, letter: Letter) -> None:
    """Note that the applicant opened a letter, the first time; of the reply or a fee notice that is its service.

    Raises NotFound for a letter that doesn't stand at the counter.
    """
    if not following.is_served(folder, letter):
        raise NotFound(letter.id)
    act = SERVES.get(letter.kind, "deliver_reply" if folder.file.decided_at == letter.about else "")
    if act in following.may(folder, who.work.today) and _served(who, act, letter.id):
        return
    with transaction() as session:
        case = lock(session, who.case_id, who.work.office_id)
        if session.get(LetterOpening, letter.id, populate_existing=True):
            return
        session.add(LetterOpening(letter_id=letter.id, opened_at=who.work.now))
        record.append(
            session, case, "open_letter", who.work.today, {"letter": letter.id, "kind": letter.kind}, actor_id=None,
            at=who.work.now, calendar=calendar_for(case, "open_letter", who.work.calendar), source=who.work.source,
        )  # fmt: skip


def _served(who: Applicant, act: str, letter_id: int = 0) -> bool:
    """Serve what is opened; False where somebody, in another window perhaps, just did."""
    try:
        with acting(who.work, who.case_id, 0, act) as case:
            if letter_id and not case.session.get(LetterOpening, letter_id):
                case.session.add(LetterOpening(letter_id=letter_id, opened_at=who.work.now))
            case.write(note=OPENED if act == "deliver_reply" else "")
    except Refused:
        return False
    return True


def open_files(who: Applicant, folder: Folder) -> None:
    """What was released is looked at: with that the reply has come, where no letter proves it already."""
    if "deliver_reply" in following.may(folder, who.work.today):
        _served(who, "deliver_reply")


SERVES = {"fee": "deliver_fee_notice"}  # letters whose coming is a fact of the clock
