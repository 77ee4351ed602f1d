"""What the record says of a case, as papers of its folder: the request, the working of the due day, the history.

Every word comes from the record, none from the day on which the folder is made.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ..law.casefile import REDO
from ..law.clock import Clock
from ..law.outcomes import BY_CODE as OUTCOMES
from ..law.words import in_full, with_weekday
from ..moment import local
from ..reports import casefolder, history
from ..reports.casefolder import Folder
from ..reports.deadline import RULES, basis, sentence, span
from .word import document, paragraph, table, title

ALWAYS = date.min  # as "today": every day in words carries its year
LABELLED = (2100, 6744)  # widths of label and value, in twips
STEPS = ("步", "起止", "发生了什么", "计入", "累计", "依据")
STEP_WIDTHS = (540, 2600, 2900, 700, 700, 1404)
HISTORY = ("序号", "日期", "经过", "说明和依据")
HISTORY_WIDTHS = (700, 2304, 3400, 2440)


def request(folder: Folder, office: str) -> bytes:
    """政府信息公开申请登记表: the particulars as they stand."""
    case = folder.case
    received = folder.file.first_received or case.received_on
    pairs = [
        ("机关", office),
        ("登记编号", case.number),
        ("登记日期", in_full(case.registered_on)),
        ("法定收到日", in_full(received) if received else "没有确认"),
        ("重新答复", _redone(folder)),
        *casefolder.particulars(folder),
        ("一事一申请", "、".join(other.number for other in folder.linked)),
        ("经办人", case.handler),
    ]
    rows = [pair for pair in pairs if pair[1]]
    return document(title("政府信息公开申请登记表"), table((), rows, LABELLED))


def _redone(folder: Folder) -> str:
    """Of whom it is a re-reply (art. 51), and since when."""
    first = next((r.number for r in folder.related if r.kind == REDO and r.told_here), "")
    came = folder.file.received
    return f"{first} 号办件的答复被纠正，{in_full(came)} 收到决定、判决" if first and came else ""


def working(folder: Folder, office: str) -> bytes:
    """期限计算说明: the due day, the steps to it, what it was counted by."""
    blocks = [title("期限计算说明"), paragraph(f"{office}　登记编号 {folder.case.number}")]
    blocks += [paragraph(line) for line in (*_verdict(folder), sentence(folder, _as_of(folder)))]
    facts, clock = folder.file.facts(), folder.clock
    if facts and clock:
        blocks.append(table(STEPS, _steps(clock), STEP_WIDTHS))
        found = basis(folder.calendar, *span(facts, clock))
        years = "；".join(f"{y.year} 年，{y.document}{'' if y.official else '（暂定）'}" for y in found.years)
        blocks += [paragraph(rule) for rule in RULES]
        blocks.append(paragraph(f"工作日历第 {found.version} 版：{years}。"))
        blocks.append(paragraph(f"期间的放假：{'、'.join(found.off) or '没有'}。"))
        blocks.append(paragraph(f"调休上班的周末：{'、'.join(found.worked) or '没有'}。"))
        if found.local:
            blocks.append(paragraph(f"其中地方放假依据：{'、'.join(found.local)}。"))
    return document(*blocks)


def course(folder: Folder, office: str) -> bytes:
    """办理经过: the history in plain sentences, the oldest first."""
    lines = history.lines(
        folder.events, folder.notes, folder.names, folder.applicant, ALWAYS, folder.calendar
    )
    rows = [
        (f"#{line.seq}", line.day, line.sentence, "\n".join(w for w in (line.effect, line.void) if w))
        for line in reversed(lines)
    ]
    recorded = f"共 {len(rows)} 条，最后一条记于 {in_full(last_day(folder))}。"
    head = (title("办理经过"), paragraph(f"{office}　登记编号 {folder.case.number}"), paragraph(recorded))
    return document(*head, table(HISTORY, rows, HISTORY_WIDTHS))


def facts(folder: Folder, office: str) -> list[tuple[str, str]]:
    """What stands over the list of a folder."""
    case = folder.case
    came = "收到决定、判决" if folder.file.redo_of else "法定收到日"
    days = [(came, case.received_on), ("办结日期", case.closed_on), ("归档日期", case.archived_on)]
    content = case.particulars.content if case.particulars else ""
    return [
        ("机关", office),
        ("登记编号", case.number),
        ("申请人", folder.applicant),
        ("申请内容", content),
        *((label, in_full(day)) for label, day in days if day),
        *([("办理结果", OUTCOMES[case.result].label)] if case.result else []),
        *_state(folder),
    ]


def _state(folder: Folder) -> Iterator[tuple[str, str]]:
    if folder.file.masked:
        yield "状态", f"个人信息已于 {in_full(folder.file.masked)} 隐去，文书和材料的内容不再保存"
    if not folder.case.archived_on:
        yield "状态", f"还没有归档，内容到第 {folder.case.seq} 条记录为止"


def last_day(folder: Folder) -> date:
    """The day in China on which its last entry was recorded."""
    return local(folder.events[-1].at).date()


def _as_of(folder: Folder) -> date:
    """The day as of which a due day is told: of what is closed it doesn't matter."""
    return ALWAYS if folder.case.closed_on else last_day(folder)


def _verdict(folder: Folder) -> Iterator[str]:
    case = folder.case
    if case.due_on and (case.replied_on or not case.waiting):
        yield f"到期日 {in_full(case.due_on)}{'（暂定）' if case.provisional else ''}。"
    if case.replied_on and case.on_time is not None:
        yield f"{in_full(case.replied_on)} 发出答复，{'按时' if case.on_time else '逾期'}。"
    elif case.closed_on:
        yield f"{in_full(case.closed_on)} 办结。"


def _steps(clock: Clock) -> Iterator[tuple[str, ...]]:
    for n, step in enumerate(clock.steps, 1):
        ends = dict.fromkeys((step.start, step.end))
        days = "至\n".join(with_weekday(day, ALWAYS) for day in ends)
        yield str(n), days, step.what, str(step.counted or "—"), str(step.total), f"条例{step.article}"
