"""The case page and the working of its due day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Blueprint, render_template, url_for

from .. import moment
from ..law import explain, guards
from ..law.casefile import REDO, CaseFile
from ..law.folder import missing
from ..law.terms import BY_CODE as TERMS
from ..law.terms import SILENCE
from ..law.words import month_day, with_weekday
from ..law.workflow import ARCHIVED, BY_CODE, ROLES, STAGES, acts_for
from ..reports import casefolder
from ..reports.casefolder import Folder
from ..reports.deadline import RULES, basis, sentence, span
from ..reports.related import Related
from ..reports.similar import of_case
from ..stages.proceedings import KINDS, RESULTS
from . import access, letters, oversight, papers
from .access import allow
from .acts import told
from .clock import picture
from .register import told as told_before
from .rows import next_act, row, waits_on
from .year import cell_lines

bp = Blueprint("cases", __name__)


@dataclass(frozen=True)
class Stage:
    """One of the five bars."""

    label: str
    state: str
    note: str = ""


@dataclass(frozen=True)
class Offer:
    """An act open to this person, or why it is not."""

    label: str
    article: str = ""
    note: str = ""
    href: str = ""
    primary: bool = False
    reason: str = ""


@dataclass(frozen=True)
class Lapse:
    """A term that somebody let pass: what is said of it, and the act that its lapse opens, to whom."""

    said: str
    who: str  # 可以办理, or whose it is
    act: str
    href: str  # "" where it isn't this reader's
    after: str


@bp.get("/cases/<int:case_id>")
@allow(*access.READERS)
def page(case_id: int) -> Any:
    """Where it stands, why that day, what may be done, what was done, where it counts."""
    case, today = access.my_case(case_id), access.today()
    folder = casefolder.open_folder(case, access.calendar())
    open_acts, shut = offers(folder, today)
    return render_template(
        "cases/page.html",
        case=case,
        line=row(case, today, folder.calendar),
        track=track(folder.file, today),
        sentence=sentence(folder, today),
        position=_position(folder, today),
        picture=picture(folder, today),
        internal=internal(folder.file, today),
        lapsed=lapsed(folder, today),
        acts=open_acts,
        lacks=missing(folder.file) if case.stage == "archive" else (),
        refused=shut,
        history=told(folder),
        facts=casefolder.particulars(folder),
        masked=folder.file.masked,
        proceedings=proceedings(folder, today),
        related=folder.related,
        counted=folder.file.counted,
        reaches=access.reaches,
        cells=cell_lines(case, today),
        linked=folder.linked,
        papers=papers.listed(folder, today),
        letters=[letter for letter in letters.issued(folder, today) if not letter.void],
        office=case_office(folder),
        **oversight.of_case(folder),
    )


def case_office(folder: Folder) -> str:
    """The office of a case that is not the reader's own, "" where it is."""
    if folder.case.office_id == access.me().office_id:
        return ""
    return folder.case.office.name


@bp.get("/cases/<int:case_id>/deadline")
@allow(*access.READERS)
def deadline(case_id: int) -> Any:
    """The working of the due day, step by step, to print."""
    case, today = access.my_case(case_id), access.today()
    folder = casefolder.open_folder(case, access.calendar())
    facts, clock = folder.file.facts(), folder.clock
    return render_template(
        "cases/deadline.html",
        case=case,
        clock=clock,
        sentence=sentence(folder, today),
        held=case.closed_on is None and bool(waits_on(case, today)),
        picture=picture(folder, today),
        rules=RULES,
        basis=basis(folder.calendar, *span(facts, clock)) if facts and clock else None,
        last_seq=folder.file.seq,
        made=moment.local(moment.now()),
    )


@bp.get("/cases/<int:case_id>/similar")
@allow(*access.READERS)
def similar(case_id: int) -> Any:
    """Earlier requests like this one, its applicant's first, with their replies and letters."""
    case = access.my_case(case_id)
    content = case.particulars.content if case.particulars else ""
    return render_template(
        "cases/similar.html", case=case, **told_before(of_case(case), content, at_case=True)
    )


def internal(file: CaseFile, today: date) -> str:
    """The office's own day for the handler, given at 分办; "" where none was, or none is left to work on it."""
    if file.internal is None or file.stage != "handle":
        return ""
    return f"内部期限 {with_weekday(file.internal[1], today)}"


def _position(folder: Folder, today: date) -> str:
    clock = folder.clock
    if clock is None or folder.case.closed_on:
        return ""
    return explain.position(clock, today, folder.calendar)


def lapsed(folder: Folder, today: date) -> list[Lapse]:
    """What the lapse of a term lets the office do, a sentence each; nothing closes by itself.

    Two third parties who kept silent are one sentence, a third party and a joint organ are two (art. 32, 34).
    """
    found = {}
    parties = {c.n: c.party for c in folder.file.consultations}
    for running in folder.case.terms:
        term = TERMS[running.term]
        if running.due_on < today and term.offers:
            article, lapse = SILENCE[parties[running.n]] if running.n else (term.article, term.lapse)
            who, href, why = _whose(folder, term.offers, today)
            said = f"{term.label}的期限（{with_weekday(running.due_on, today)}）已过："
            after = f"（条例{article}）{why}。{lapse}。"
            found[term.code, article] = Lapse(said, who, BY_CODE[term.offers].label, href, after)
    return list(found.values())


def _whose(folder: Folder, act: str, today: date) -> tuple[str, str, str]:
    """Who may do an act, its address where it is this reader, and why they can't yet."""
    roles = BY_CODE[act].roles
    if access.me().role not in roles:
        return f"由{'、'.join(ROLES[r] for r in roles)}办理", "", ""
    if why := guards.refusal(access.before(folder), act):
        return "可以办理", "", f"，现在还不能：{why}"
    return "可以办理", url_for("acts.page", case_id=folder.case.id, act=act), ""


def track(file: CaseFile, today: date) -> list[Stage]:
    """The five bars with a word under each."""
    now = list(STAGES).index("archive" if file.stage == ARCHIVED else file.stage)
    notes = {
        "register": f"{month_day(file.registered, today)}" if file.registered else "",
        "review": f"收到 {month_day(file.received, today)}" if file.received else "待确认收到",
        "handle": file.handler or "—",
        "reply": f"{month_day(file.replied, today)} 发出" if file.replied else "—",
        "archive": _archive_note(file, today),
    }
    done = file.stage == ARCHIVED
    return [
        Stage(label, "past" if i < now or done else "now" if i == now else "future", notes[code])
        for i, (code, label) in enumerate(STAGES.items())
    ]


def _archive_note(file: CaseFile, today: date) -> str:
    """Mail may come back when the folder is closed already."""
    if file.returned:
        return f"{month_day(file.returned, today)} 退回，要再次发出"
    return f"{month_day(file.archived, today)} 已归档" if file.archived else "—"


def offers(folder: Folder, today: date) -> tuple[list[Offer], list[Offer]]:
    """The acts open to this person now, the likely one first; and those that are not, with the reason."""
    person, case, desk = access.me(), folder.case, access.before(folder)
    likely, _ = next_act(case, today)
    found, shut = [], []
    for act in acts_for(person.role, case.stage):
        if why := guards.refusal(desk, act.code):
            shut.append(Offer(act.label, reason=why))
            continue
        article = f"条例{act.article}" if act.article else ""
        href = _page_of(act.code, case.id)
        found.append(Offer(act.label, article, act.note, href, primary=act.code == likely))
    return sorted(found, key=lambda o: not o.primary), shut


# Acts that are more than one form
OWN_PAGES = {"correct": "corrections.page", "add_files": "papers.page", "issue_letter": "letters.page",
             "propose_publication": "publishing.page", "approve_publication": "publishing.page"}  # fmt: skip


def _page_of(act: str, case_id: int) -> str:
    if act in OWN_PAGES:
        return url_for(OWN_PAGES[act], case_id=case_id)
    return url_for("acts.page", case_id=case_id, act=act)


@dataclass(frozen=True)
class ProceedingLine:
    """A 复议 or 诉讼 in a sentence; of a corrected reply also the case under which it is answered anew."""

    said: str
    redone: str = ""  # 正在重新答复, 已重新答复, 还没有重新答复
    other: Related | None = None


def proceedings(folder: Folder, today: date) -> list[ProceedingLine]:
    """Its 复议 and 诉讼, a sentence each."""
    found = []
    for p in folder.file.proceedings:
        after = "（经过复议）" if p.after_reconsideration else ""
        appealed = f"，{month_day(p.appealed, today)} 进入二审" if p.appealed else ""
        end = f"{month_day(p.closed, today)} 审结，{RESULTS[p.result]}" if p.closed else "尚未审结"
        said = f"第 {p.n} 件：{month_day(p.opened, today)} {KINDS[p.kind]}{after}{appealed}，{end}"
        found.append(ProceedingLine(said, *(_redone(folder, p.redone) if p.result == "corrected" else ())))
    return found


def _redone(folder: Folder, redone: int | None) -> tuple[str, Related | None]:
    other = next((r for r in folder.related if r.kind == REDO and r.id == redone), None)
    if other is None:
        return "还没有重新答复", None
    return ("已重新答复" if other.closed else "正在重新答复"), other
