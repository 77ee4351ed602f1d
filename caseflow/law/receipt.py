"""The legal day of receipt (法定收到日) by channel: art. 31 and 国办公开办函〔2015〕207号."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from .words import in_full, month_day

CHANNELS: dict[str, str] = {
    "letter": "信函",
    "online": "网络",
    "in_person": "当面",
    "fax": "传真",
    "other": "其他",
}

# How a letter came; only a letter has a kind.
MAILS: dict[str, str] = {"signed": "挂号、EMS 等需签收的", "ordinary": "平常信函"}

# How the office and the applicant confirmed the receipt to each other
CONFIRMED_BY: dict[str, str] = {
    "phone": "电话",
    "message": "短信",
    "email": "电子邮件",
    "in_person": "当面",
    "other": "其他方式",
}


@dataclass(frozen=True)
class ReceiptRule:
    """Which of the dates on the form is the legal day of receipt, and why."""

    date_field: str  # submitted | arrived | confirmed
    label: str
    hint: str
    why: str
    article: str

    @property
    def needs_confirmation(self) -> bool:
        """Whether the clock waits until both sides have confirmed."""
        return self.date_field == "confirmed"


_CONFIRMED = "与申请人确认收到的日期；还没有确认的留空"

RULES: dict[tuple[str, str], ReceiptRule] = {
    # 31(1): handed in person, the day it is handed in
    ("in_person", ""): ReceiptRule(
        "submitted", "提交日", "当面递交的那一天，就是法定收到日", "当面提交之日", "第三十一条第一项"
    ),
    # 31(2): post that is signed for, the day of signature
    ("letter", "signed"): ReceiptRule(
        "arrived", "签收日", "收发室签收的那一天", "邮寄签收之日", "第三十一条第二项"
    ),
    # 31(2): ordinary post, confirmed with the applicant; the day of confirmation
    ("letter", "ordinary"): ReceiptRule(
        "confirmed", "双方确认日", _CONFIRMED, "平常信函，双方确认之日", "第三十一条第二项"
    ),
    # 31(3): internet channel or fax, the day both sides confirm
    ("online", ""): ReceiptRule(
        "confirmed", "双方确认日", _CONFIRMED, "网络提交，双方确认之日", "第三十一条第三项"
    ),
    ("fax", ""): ReceiptRule(
        "confirmed", "双方确认日", _CONFIRMED, "传真提交，双方确认之日", "第三十一条第三项"
    ),
    # 207号: any other way, the day of confirmation
    ("other", ""): ReceiptRule(
        "confirmed", "双方确认日", _CONFIRMED, "其他方式提交，双方确认之日", "第三十一条"
    ),
}


def rule_for(channel: str, mail: str = "") -> ReceiptRule:
    """The rule of a channel; ``mail`` matters for letters only. Raises KeyError if unknown."""
    return RULES[_way(channel, mail)]


def is_known(channel: str, mail: str = "") -> bool:
    """Whether there is such a channel, and for a letter such a kind of letter."""
    return _way(channel, mail) in RULES


def _way(channel: str, mail: str) -> tuple[str, str]:
    return channel, (mail or "signed") if channel == "letter" else ""


def legal_receipt(
    channel: str,
    mail: str = "",
    *,
    submitted: date | None = None,
    arrived: date | None = None,
    confirmed: date | None = None,
) -> date | None:
    """The legal day of receipt (art. 31), or None while the applicant has not confirmed."""
    dates = {"submitted": submitted, "arrived": arrived, "confirmed": confirmed}
    return dates[rule_for(channel, mail).date_field]


FIELD_LABELS = {"submitted": "提交日", "arrived": "签收日", "confirmed": "双方确认日"}
IN_ORDER = (("submitted", "arrived"), ("submitted", "confirmed"), ("arrived", "confirmed"))
IN_FORCE = date(2008, 5, 1)  # the regulation's first day: no request can be older


def refuse_arrival(
    channel: str,
    mail: str,
    dates: Mapping[str, date | None],
    today: date,
) -> dict[str, str]:
    """What is wrong with the dates of a request as it came, by field; {} if nothing is."""
    rule = rule_for(channel, mail)
    found: dict[str, str] = {}
    for field, label in FIELD_LABELS.items():
        value = dates.get(field)
        if value and value > today:
            found[field] = f"{label}不能晚于今天（{month_day(today)}）"
        elif value and value < IN_FORCE:
            found[field] = f"{label}不能早于条例施行之日（{in_full(IN_FORCE)}）"
    for earlier, later in IN_ORDER:
        first, value = dates.get(earlier), dates.get(later)
        if first and value and value < first:
            why = f"{FIELD_LABELS[later]}不能早于{FIELD_LABELS[earlier]}（{month_day(first, today)}）"
            found.setdefault(later, why)
    if not rule.needs_confirmation and not dates.get(rule.date_field):
        found.setdefault(rule.date_field, f"填写{rule.label}：{rule.hint}")
    return found
