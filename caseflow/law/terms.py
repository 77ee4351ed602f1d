"""Every term of a request: what starts it, how long, its article, who answers for it, what its lapse means.

``TERMS`` is the one table; pages, alerts and letters read it. ``running`` says which terms run on a case
now, and until when. A lapse lets the office act; nothing closes a case by itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from .casefile import CaseFile
from .clock import Clock
from .facts import CONSULTATION_DAYS, CORRECTION_NOTICE_DAYS, PAYMENT_DAYS, REPLY_DAYS, Party
from .supervision import LONGEST_WATCH
from .workdays import Calendar


@dataclass(frozen=True)
class Term:
    """One line of the table. ``length`` in words; ``days`` in calendar days where the office may set them."""

    code: str
    label: str
    starts: str
    length: str
    article: str
    answers: str  # who has to act in it
    lapse: str
    offers: str = ""  # the act that its lapse opens
    rungs: tuple[int, ...] = (3, 0)  # working days left at which the office is warned
    overdue: bool = False  # and then on each working day
    days: int | None = None
    told_once: bool = False  # past its last day nothing is asked for any more: that is told once

    def is_over(self, due: date, today: date) -> bool:
        """Whether nothing is asked for in it any more, its last day being past."""
        return self.told_once and due < today


# One term, two opposite defaults: the article of each, and what its silence means
SILENCE: dict[Party, tuple[str, str]] = {
    "third_party": ("第三十二条", "第三方未提出意见的，由本机关决定"),
    "joint_organ": ("第三十四条", "共同制作机关未答复的，视为同意公开"),
}

TERMS: tuple[Term, ...] = (
    Term(
        "correction_notice", "告知补正", "收到申请之日", f"{CORRECTION_NOTICE_DAYS} 个工作日", "第三十条",
        "本机关", "按现有内容办理；确需补正的，由负责人写明理由，重新计算不一定成立", rungs=(2, 0), told_once=True,
    ),
    Term(
        "correction", "申请人补正", "告知补正之日", "告知的合理期限", "第三十条",
        "申请人", "无正当理由的，视为放弃申请，不再处理", "lapse_correction",
    ),
    Term(
        "consultation", "征求意见", "对方收到征求意见书之日", f"{CONSULTATION_DAYS} 个工作日", "第三十二、三十四条",
        "第三方、共同制作机关", "；".join(lapse for _, lapse in SILENCE.values()), "record_opinion",
    ),
    Term(
        "reasons", "说明理由", "要求说明理由之日", "告知的期限", "第三十五条",
        "申请人", "没有说明合理理由的，告知不予处理", "draft_reply",
    ),
    Term(
        "payment", "缴费", "收到收费通知之日", f"{PAYMENT_DAYS} 个工作日", "第四十二条",
        "申请人", "视为放弃申请，不再处理", "lapse_fee",
    ),
    Term(
        "reply", "答复", "收到申请、补正或者足额缴费之日",
        f"{REPLY_DAYS} 个工作日，可以延长一次；理由合理的，可以另定答复日（第三十五条）", "第三十三条",
        "本机关", "逾期未答复", rungs=(10, 5, 2, 0), overdue=True,
    ),
    Term(
        "internal", "承办科室办理", "分办之日", "分办时指定", "第四十五条",
        "承办人", "催办",
    ),
    Term(
        "watch", "督办", "督办之日", f"督办时指定，最长 {LONGEST_WATCH} 个工作日", "第四十七条",
        "经办人", "没有答复督办", rungs=(LONGEST_WATCH, 2, 0), overdue=True,
    ),
    Term(
        "delivery", "送达", "发出答复、退回后再次发出之日", "本机关设定", "第四十条",
        "经办人", "查询投递，补登送达日期和凭据", "deliver_reply", days=15,
    ),
    Term(
        "archive", "归档", "办结之日", "本机关设定", "第四十五条",
        "经办人", "立卷归档", "archive", days=30,
    ),
    Term(
        "annual_report", "年度报告", "次年 1月1日", "部门 1月31日，人民政府 3月31日", "第四十九条",
        "本机关", "未按期公布年度报告",
    ),
)  # fmt: skip

BY_CODE: dict[str, Term] = {term.code: term for term in TERMS}
TOLD_ONCE: tuple[str, ...] = tuple(term.code for term in TERMS if term.told_once)
OWN_LENGTHS: dict[str, int] = {term.code: term.days for term in TERMS if term.days is not None}


@dataclass(frozen=True)
class Running:
    """A term that runs: from day 0 through its last day; ``n`` of several consultations, else 0."""

    term: str
    starts: date
    due: date
    n: int = 0


def running(
    file: CaseFile, clock: Clock | None, calendar: Calendar, lengths: Mapping[str, int] = OWN_LENGTHS
) -> list[Running]:
    """The terms that run on a case, the ones past their last day too while nothing has ended them.

    ``lengths`` are the calendar days of the terms that the office sets itself.
    """
    if clock is None or file.received is None:
        return [*_of_watch(file)]
    return [*(_of_open(file, clock, calendar) if file.is_open else _of_closed(file, lengths))]


def _of_open(file: CaseFile, clock: Clock, calendar: Calendar) -> Iterator[Running]:
    received = file.received or clock.anchor
    if file.stage == "review" and not file.pauses:
        yield Running("correction_notice", received, calendar.add(received, CORRECTION_NOTICE_DAYS))
    for pause in file.pauses:
        if pause.met is None and (last := pause.last_day(calendar)):
            name = {"correction": "correction", "fee": "payment"}[pause.kind]
            yield Running(name, pause.starts or received, last)
    for n, asked in file.open_consultations:
        yield Running("consultation", asked.delivered or asked.sent, asked.limit(calendar), n)
    if file.reasons and file.reasons.given is None:
        yield Running("reasons", file.reasons.asked, file.reasons.until)
    if clock.due:
        yield Running("reply", clock.anchor, clock.due)
    if file.internal and file.stage == "handle":
        yield Running("internal", *file.internal)
    yield from _of_watch(file)


def _of_watch(file: CaseFile) -> Iterator[Running]:
    if file.watched:
        yield Running("watch", file.watched.asked, file.watched.until)


def _of_closed(file: CaseFile, lengths: Mapping[str, int]) -> Iterator[Running]:
    if file.closed is None:
        return
    if file.replied and file.delivered is None and (not file.archived or _came_back_since(file)):
        sent = file.sent_again or file.replied
        yield Running("delivery", sent, sent + timedelta(days=lengths["delivery"]))
    if not file.archived:
        yield Running("archive", file.closed, file.closed + timedelta(days=lengths["archive"]))


def _came_back_since(file: CaseFile) -> bool:
    """Whether the reply of an archived case came back, or left again since: its delivery is open once more."""
    again = file.sent_again is not None and file.archived is not None and file.sent_again > file.archived
    return file.returned is not None or again


def report_day(year: int, government: bool) -> date:
    """The last day to publish the report of ``year``: 31 March for a government, 31 January else (art. 49)."""
    return date(year + 1, 3, 31) if government else date(year + 1, 1, 31)


def rung_of(due: date, today: date, calendar: Calendar, rungs: tuple[int, ...], overdue: bool) -> int | None:
    """The most urgent rung that a last day stands on today: working days left, or minus those overdue.

    Overdue begins the day after, days off included. None while no rung is reached. A missed rung is
    covered by the one that holds now, so nothing here asks whether a day equals today.
    """
    left = calendar.left(today, due)
    if today > due and overdue:
        return min(left, -1)
    reached = [rung for rung in rungs if left <= rung]
    return min(reached, default=None)
