"""What a correction (更正) changed, in words: each fact by its name, what it was and what it is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..law.applicants import CLASSES
from ..law.outcomes import BY_CODE as OUTCOMES
from ..law.receipt import CHANNELS, MAILS
from ..law.supervision import CAUSES, MEASURES
from ..stages.handle import OPINIONS
from ..stages.proceedings import KINDS, RESULTS

FIELDS = {
    "on": "日期", "received": "法定收到日", "submitted": "提交日", "arrived": "签收日", "confirmed": "确认日",
    "channel": "受理方式", "mail": "信件种类", "applicant_class": "申请人类型", "result": "结果", "oral": "代填",
    "until": "期限", "delivered": "对方收到的日期", "opinion": "意见", "days": "延期的工作日", "kind": "类型",
    "told": "告知日期", "internal_until": "内部期限", "after_reconsideration": "是否经过复议",
    "decided": "收到复议决定、判决的日期", "deemed_consent": "视为同意公开", "late": "逾期告知", "cause": "逾期原因", "measure": "责任追究的处理",
}  # fmt: skip
NAMES = {**CHANNELS, **MAILS, **CLASSES, **OPINIONS, **KINDS, **RESULTS}
# Codes that mean another thing elsewhere
OF_FIELD: dict[str, Mapping[str, str]] = {"cause": CAUSES, "measure": MEASURES}


def changed(changes: Mapping[str, Any], old: Mapping[str, Any]) -> str:
    """结果由“予以公开”改为“部分公开”，… ; 申请信息 where no fact of its own changed."""
    parts = []
    for key, value in changes.items():
        if key == "particulars":
            parts.append("申请信息")
        elif value != old.get(key):
            parts.append(f"{FIELDS.get(key, key)}由{_value(old.get(key), key)}改为{_value(value, key)}")
    return "，".join(parts) or "申请信息"


def _value(value: Any, key: str = "") -> str:
    if key in OF_FIELD:
        return f"“{OF_FIELD[key][value]}”"
    if isinstance(value, str):
        if value in OUTCOMES:
            return f"“{OUTCOMES[value].label}”"
        return f"“{NAMES.get(value, value)}”" if value else "空"
    return {True: "是", False: "否", None: "空"}.get(value, str(value))
