"""保密审查: three people look at what is to be released before it is, one after the other (art. 17)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

# In the order in which they look. The details of the act keep who and when, first_by and first_on; the day of the
# last step is that of the act itself.
STEPS: dict[str, str] = {"first": "初审", "second": "复审", "final": "审签"}

CONCLUSIONS: dict[str, str] = {
    "open": "不涉及国家秘密和其他不得公开的内容，可以公开",
    "partial": "部分内容不得公开，其余可以公开",
    "closed": "不得公开",
}

# What a result releases may not go beyond what the review lets out
LETS_OUT: dict[str, frozenset[str]] = {
    "granted": frozenset({"open"}),
    "partial": frozenset({"open", "partial"}),
}


@dataclass(frozen=True)
class SecrecyReview:
    """A review that is complete: what it concluded, and the entry that tells of it."""

    conclusion: str
    seq: int


def refusal(result: str, review: SecrecyReview | None) -> str:
    """Why a reply with ``result`` can't be approved after ``review``; "" if it can (art. 17)."""
    if result not in LETS_OUT:
        return ""
    if review is None:
        return "答复公开了信息，先要完成保密审查（第十七条）：初审、复审、审签"
    if review.conclusion not in LETS_OUT[result]:
        return f"保密审查的结论是“{CONCLUSIONS[review.conclusion]}”，与答复的结果不符：重新审查，或者退回"
    return ""


def disorder(details: Mapping[str, Any], on: date, received: date | None = None) -> tuple[str, str] | None:
    """What can't stand among the steps, and why: their days ascend from the receipt, and each is somebody else's."""
    first, second = (date.fromisoformat(details[f"{step}_on"]) for step in ("first", "second"))
    if received and first < received:
        return "first_on", "初审日期不能早于收到申请之日"
    if second < first:
        return "second_on", "复审日期不能早于初审日期"
    if on < second:
        return "on", "审签日期不能早于复审日期"
    names: dict[str, str] = {}
    for step in STEPS:
        name = "".join(details[f"{step}_by"].split())
        if name in names:
            return f"{step}_by", f"{STEPS[names[name]]}和{STEPS[step]}要由不同的人办理"
        names[name] = step
    return None
