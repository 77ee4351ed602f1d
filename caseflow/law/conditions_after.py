"""The conditions on what is done once the reply has left the house, and on what supervisors ask."""

from __future__ import annotations

from collections.abc import Callable

from . import folder
from .desk import Desk
from .words import month_day


def _sent(desk: Desk) -> str:
    return "" if desk.case.replied else "没有发出过答复"


def _undelivered(desk: Desk) -> str:
    return "送达日已经登记" if desk.case.delivered else ""


def _not_returned(desk: Desk) -> str:
    back = desk.case.returned
    return f"{month_day(back, desk.today)} 退回，还没有再次发出" if back else ""


def _folder_complete(desk: Desk) -> str:
    lacks = folder.missing(desk.case)
    return f"卷内还缺{'、'.join(paper.name for paper in lacks)}" if lacks else ""


def _returned(desk: Desk) -> str:
    return "" if desk.case.returned else "没有退回的答复"


def _proceeding_open(desk: Desk) -> str:
    if any(p.closed is None for p in desk.case.proceedings):
        return ""
    return "没有尚未审结的复议、诉讼"


def _suit_in_first_instance(desk: Desk) -> str:
    return "" if any(p.in_first_instance for p in desk.case.proceedings) else "没有一审尚未审结的行政诉讼"


def _corrected_unanswered(desk: Desk) -> str:
    waits = any(p.result == "corrected" and p.redone is None for p in desk.case.proceedings)
    return "" if waits else "没有审结为结果纠正、还没有重新答复的复议、诉讼"


def _day_not_ordered(desk: Desk) -> str:
    """What a decision or judgment set is not the office's to stop or to lengthen (art. 51)."""
    last = desk.case.ordered_to
    return f"复议决定、判决确定在 {month_day(last, desk.today)} 以前重新答复，本机关不能改变" if last else ""


def _not_ours(desk: Desk) -> str:
    return "" if desk.case.result == "unavailable_not_held" else "答复的结果不是本机关不掌握相关政府信息"


def _not_watched(desk: Desk) -> str:
    watch = desk.case.watched
    return f"正在督办，要在 {month_day(watch.until, desk.today)} 以前答复" if watch else ""


def _watched(desk: Desk) -> str:
    if desk.case.watched:
        return ""
    return "督办已经答复" if desk.case.watch else "没有督办"


def _under_watch(desk: Desk) -> str:
    return "" if desk.case.watch else "没有督办"


def _overdue(desk: Desk) -> str:
    return "" if desk.case.overdue(desk.calendar, desk.today) else "没有逾期"


def _no_publication_proposed(desk: Desk) -> str:
    waiting = desk.case.proposed
    return f"第 {waiting.version} 版已经提出，等负责人决定" if waiting else ""


def _publication_proposed(desk: Desk) -> str:
    return "" if desk.case.proposed else "没有等待批准的公开答复"


def _not_own_publication(desk: Desk) -> str:
    waiting = desk.case.proposed
    return "不能批准自己提出的公开答复" if waiting and waiting.by == desk.actor_id else ""


def _published(desk: Desk) -> str:
    return "" if desk.case.published else "这件没有公开的答复"


# By the name that the table of acts gives each
AFTER_THE_REPLY: dict[str, Callable[[Desk], str]] = {
    "sent": _sent,
    "undelivered": _undelivered,
    "not_returned": _not_returned,
    "folder_complete": _folder_complete,
    "returned": _returned,
    "proceeding_open": _proceeding_open,
    "suit_in_first_instance": _suit_in_first_instance,
    "corrected_unanswered": _corrected_unanswered,
    "day_not_ordered": _day_not_ordered,
    "not_ours": _not_ours,
    "not_watched": _not_watched,
    "watched": _watched,
    "no_publication_proposed": _no_publication_proposed,
    "publication_proposed": _publication_proposed,
    "not_own_publication": _not_own_publication,
    "published": _published,
    "under_watch": _under_watch,
    "overdue": _overdue,
}
