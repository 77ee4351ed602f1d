"""The results of a request (办理结果), in the order of table 3.

This is the only list of results: form choices, labels, ledger, table rows come from it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache


@dataclass(frozen=True)
class Outcome:
    """One result: its code, its place in table 3 and the article it rests on."""

    code: str
    group: str  # 予以公开 … 其他处理
    item: str  # the line inside the group, "" where the group has one line only
    article: str
    closes_without_reply: bool = False

    @property
    def label(self) -> str:
        """What a ledger and a page call it: 不予公开-属于国家秘密."""
        return f"{self.group}-{self.item}" if self.item else self.group


def _group(group: str, *rows: tuple[str, str, str]) -> list[Outcome]:
    return [Outcome(code, group, item, article) for code, item, article in rows]


OUTCOMES: tuple[Outcome, ...] = (
    *_group("予以公开", ("granted", "", "第三十六条第一、二项")),
    *_group("部分公开", ("partial", "", "第三十七条")),  # separated: this row and no other
    *_group(
        "不予公开",
        ("refused_state_secret", "属于国家秘密", "第十四条"),
        ("refused_prohibited_by_law", "其他法律行政法规禁止公开", "第十四条"),
        ("refused_public_safety", "危及“三安全一稳定”", "第十四条"),
        ("refused_third_party", "保护第三方合法权益", "第十五、三十二条"),
        ("refused_internal_affairs", "属于三类内部事务信息", "第十六条第一款"),
        ("refused_process", "属于四类过程性信息", "第十六条第二款"),
        ("refused_enforcement_file", "属于行政执法案卷", "第十六条第二款"),
        ("refused_administrative_inquiry", "属于行政查询事项", "第三十六条第七项"),
    ),
    *_group(
        "无法提供",
        ("unavailable_not_held", "本机关不掌握相关政府信息", "第三十六条第四、五项"),
        ("unavailable_needs_creation", "没有现成信息需要另行制作", "第三十八条"),
        ("unavailable_still_unclear", "补正后申请内容仍不明确", "第三十条"),
    ),
    *_group(
        "不予处理",
        ("not_processed_petition", "信访举报投诉类申请", "第三十九条第一款"),
        ("not_processed_repeat", "重复申请", "第三十六条第六项"),
        ("not_processed_publication", "要求提供公开出版物", "第三十九条第二款"),
        ("not_processed_excessive", "无正当理由大量反复申请", "第三十五条"),
        ("not_processed_reconfirm", "要求行政机关确认或重新出具已获取信息", "第三十六条"),
    ),
    # Closed without a reply on the merits: no article of the reply, none counts as sent.
    Outcome("other_correction_lapsed", "其他处理", "逾期不补正", "第三十条", True),
    Outcome("other_fee_unpaid", "其他处理", "逾期未缴费", "第四十二条", True),
    Outcome("other", "其他处理", "其他", "", True),
)

BY_CODE: dict[str, Outcome] = {o.code: o for o in OUTCOMES}

GROUP_HEADS: dict[str, str] = {
    "予以公开": "（一）予以公开",
    "部分公开": "（二）部分公开",
    "不予公开": "（三）不予公开",
    "无法提供": "（四）无法提供",
    "不予处理": "（五）不予处理",
    "其他处理": "（六）其他处理",
}

# Where the printed row differs from "head + number + item".
_LONG_ROWS = {
    "partial": "（二）部分公开（区分处理的，只计这一情形，不计其他情形）",
    "other_correction_lapsed": "1. 申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请",
    "other_fee_unpaid": "2. 申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请",
    "other": "3. 其他",
}


@dataclass(frozen=True)
class Row:
    """One printed result row of table 3: its group head, its own words, the results it counts."""

    key: str
    head: str  # （三）不予公开
    item: str  # 1. 属于国家秘密; "" where the head is the row
    codes: tuple[str, ...]

    @property
    def label(self) -> str:
        """The whole row in one line."""
        return f"{self.head} {self.item}" if self.item else self.head


def edition_of(year: int) -> str:
    """The format of a report year: 国办公开办函〔2019〕60号 to 2020, 〔2021〕30号 from 2021."""
    return "2019" if year <= 2020 else "2021"


@cache
def rows(edition: str) -> tuple[Row, ...]:
    """The result rows of table 3 in print order: 19 in the 2019 edition, 21 in the 2021."""
    printed: list[Row] = []
    for group, head in GROUP_HEADS.items():
        members = [o for o in OUTCOMES if o.group == group]
        if edition == "2019" and group == "其他处理":  # one row for all three until 2020
            printed.append(Row("other", head, "", tuple(o.code for o in members)))
        elif len(members) == 1:
            code = members[0].code
            printed.append(Row(code, _LONG_ROWS.get(code, head), "", (code,)))
        else:
            for number, o in enumerate(members, 1):
                item = _LONG_ROWS.get(o.code, f"{number}. {o.item}")
                printed.append(Row(o.code, head, item, (o.code,)))
    return tuple(printed)


def row_of(code: str, edition: str) -> Row:
    """The row of table 3 that counts a result. Raises KeyError if there is no such result."""
    for row in rows(edition):
        if code in row.codes:
            return row
    raise KeyError(code)


# Short forms found in published reports, beside the labels and the rows as printed
_SHORT = {
    "其他处理-逾期不缴费": "other_fee_unpaid",
    "（六）其他处理1.逾期不补正": "other_correction_lapsed",
    "（六）其他处理2.逾期不缴费": "other_fee_unpaid",
}
_DROPPED = str.maketrans({c: None for c in " \t\r\n\u3000“”\"'‘’"} | {"，": "、", "．": "."})
_NUMBERED = re.compile(r"(\d)[、.]")


def _squeeze(text: str) -> str:
    """A label without the variants of printing: spaces, quotes, commas, what follows a number."""
    return _NUMBERED.sub(r"\1.", text.translate(_DROPPED))


def _readings() -> dict[str, str]:
    known = dict(_SHORT)
    for o in OUTCOMES:
        known[o.code] = o.code
        known[_squeeze(o.label)] = o.code
    for edition in ("2019", "2021"):
        for row in rows(edition):
            # （六）其他处理 of 2019 stands for all three; read back, it is the unnamed rest.
            known.setdefault(_squeeze(row.label), row.codes[-1])
            # an item alone, with or without its number, where no other is called so
            for item in (row.item, row.item.partition(" ")[2]):
                if item and not item.endswith("其他"):
                    known.setdefault(_squeeze(item), row.codes[-1])
    return known


_KNOWN = _readings()


def outcome_of(text: str) -> str | None:
    """The code of a result given by code, label or printed row of either edition; None if unknown."""
    return _KNOWN.get(text.strip()) or _KNOWN.get(_squeeze(text))
