"""What the letters of an office say of itself: its 机关代字, where it is asked, where its decisions are challenged."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from ..db import transaction
from ..models import Office
from . import audit
from .checks import LIMITS, fault
from .errors import Refused


@dataclass(frozen=True)
class Datum:
    """One column of the office: what it is for, and what can't be issued ``without`` it."""

    name: str  # the column, the field of the form, and its limit in LIMITS
    label: str
    hint: str
    without: str = ""
    shape: str = ""  # a pattern, and what is said where it doesn't fit
    advice: str = ""


ANSWERED = "补正告知书、说明理由告知书、征求第三方意见书、征求共同制作机关意见函不能出具：要写明向谁回复"
DECIDED = "各种答复和不再处理告知书不能出具：要写明救济途径"

DATA: tuple[Datum, ...] = (
    Datum(
        "letter_word", "机关代字", "文号的开头，例如“狮政公开”；后面的文种、年份、顺序号由系统编",
        "所有文书不能出具：编不了文号",
        r"[^\W\d_]+", "只写代字，例如“狮政公开”，不写年份、括号和顺序号",
    ),
    Datum("address", "地址", "申请人来人来信、第三方回函用"),
    Datum("postcode", "邮编", "写在地址后面", shape=r"[0-9]{6}", advice="邮编是 6 位数字"),
    Datum("contact", "联系人", "写在文书末尾，可以写科室", ANSWERED),
    Datum("phone", "电话", "写在联系人后面，对外公开的办公电话", ANSWERED),
    Datum("reconsideration_organ", "行政复议机关", "写在救济途径里，全称；通常是本级人民政府", DECIDED),
    Datum("court", "人民法院", "写在救济途径里，全称；本机关行政案件的管辖法院", DECIDED),
    Datum(
        "review_channel", "网上行政复议途径",
        "答复经互联网送达的，应当一并告知（行政复议法第二十二条）；写网址或者平台名称",
        "经互联网送达的答复，救济途径不全",
    ),
)  # fmt: skip


def one_line(typed: str | None) -> str:
    """A text without line breaks and needless blanks: in a letter they would begin a paragraph."""
    return " ".join((typed or "").split())


def fault_of(datum: Datum, text: str) -> str:
    """What is wrong with what was typed, "" if nothing; all of it may be empty."""
    if why := fault(text, LIMITS[datum.name]):
        return why
    return datum.advice if text and datum.shape and not re.fullmatch(datum.shape, text) else ""


def data_of(office: Office) -> dict[str, str]:
    """What an office has set, by the names of DATA; what it has not is empty."""
    return {datum.name: getattr(office, datum.name) for datum in DATA}


def lacking(texts: Mapping[str, str]) -> list[Datum]:
    """What is empty of an office's data and without which some letters can't be issued."""
    return [datum for datum in DATA if datum.without and not texts[datum.name]]


def set_data(office_id: int, typed: Mapping[str, str]) -> None:
    """Write all of it; letters issued before keep what they said. Raises Refused at the first bad field."""
    texts = {datum.name: one_line(typed.get(datum.name)) for datum in DATA}
    for datum in DATA:
        if why := fault_of(datum, texts[datum.name]):
            raise Refused(why, datum.name)
    with transaction() as session:
        office = session.get_one(Office, office_id)
        changed = [datum.label for datum in DATA if getattr(office, datum.name) != texts[datum.name]]
        for name, text in texts.items():
            setattr(office, name, text)
        audit.note(session, "setting_changed", setting="本机关的资料", now="、".join(changed) or "没有改动")
