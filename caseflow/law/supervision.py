"""监督检查: a case put under watch (督办), and who answers for one that was late (责任追究) (art. 46, 47, 53)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

LONGEST_WATCH = 60  # working days: an alert stands from the first day on, so there is no later one

# Why the day passed; the offices' own list, none is official
CAUSES: dict[str, str] = {
    "registration": "登记、分办不及时",
    "handling": "承办科室、经办人办理不及时",
    "search": "检索、整理信息耗时",
    "coordination": "征求意见、会商协调耗时",
    "approval": "审核、审签耗时",
    "miscounted": "误算期限、遗漏",
    "staffing": "申请集中、人手不足",
    "outside": "系统故障、邮递等外部原因",
    "other": "其他原因",
}

# What came of it: art. 47 names 督促整改, 通报批评, 处理建议; art. 53 责令改正, 处分
MEASURES: dict[str, str] = {
    "inquiry": "正在核查",
    "explained": "说明情况",
    "rectified": "督促整改、责令改正",
    "admonished": "批评教育",
    "criticised": "通报批评",
    "proposed": "提出处理建议",
    "disciplined": "依法给予处分",
    "none": "不予追究",
}


@dataclass(frozen=True)
class Watch:
    """督办: asked for on a day, to be answered by ``until``; by the entries that tell of both."""

    seq: int
    asked: date
    until: date
    answered: date | None = None
    answered_at: int = 0


@dataclass(frozen=True)
class Accountability:
    """责任追究 as it was registered last: of CAUSES and MEASURES, and the entry that tells of it."""

    seq: int
    on: date
    cause: str
    measure: str
