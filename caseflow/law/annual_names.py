"""The figures that a text of the annual report may name, and the words that name them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from .annual import Figures
from .annual_two import cells
from .applicants import OLDER_LABELS, TOTAL
from .outcomes import rows
from .percent import percent
from .year_prose import CHANNEL_WORDS, CLASS_WORDS, item_words
from .year_table import (
    BLOCKS,
    CARRIED_IN,
    CARRIED_OUT,
    GROUPS,
    NEW,
    RESULTS_TOTAL,
    STATES,
    row_label,
)

SUITS = "suits"  # both blocks of 行政诉讼 together
RATE, SENT, IN_TIME, FEE, NOTICES, PAYMENTS = "rate", "sent", "in_time", "fee", "notices", "payments"
ANSWERED = "answered"  # 答复率, 办结率: of all that was in hand
ALL_IN_TIME = "all_in_time"  # no number, but says that the rate is 100 %
WEAK = "weak."  # before the key of a figure that words name only where nothing else is named around them
END = r"(?=\s*(?:[，。；、,;）)！？]|$))"  # of a clause, or the next of a list
_COUNTED = r"(?:\s|[：:]|共|计|总|合|为|有)*[\d零〇一二两三四五六七八九十百千万]+\s*[件宗起]" + END
_ALL, _DULY = (
    "(?:全部|均|都|百分之百|100[%％])(?:已|能|做到|在)?",
    "(?:按时|按期|(?:法定|规定)(?:期限|时限|时间)内)",
)
_IN_TIME = "(?:按时|按期|及时|(?:法定|规定)?(?:期限|时限)内)"
_NOT_RATE = "(?!及时率|按时率|率)"

# Words that name a figure, in the order in which they are tried at a place: longer ones before those inside them.
# LAST and NEXT are the years before and after the report's.
_FIXED: tuple[tuple[str, str], ...] = (
    (
        ALL_IN_TIME,
        rf"(?<!未)(?<!未能){_ALL}(?:(?:{_DULY}|及时)(?:予以|作出)?(?:办结|答复)(?!率)|{_DULY}{END})",
    ),
    (RATE, rf"{_IN_TIME}(?:办结|答复)率|(?:办结|答复)?(?:及时|按时|按期)率"),
    (SENT, r"发出答复"),
    (IN_TIME, r"按时(?:答复|办结)?|按期答复"),
    (CARRIED_IN, r"(?:上一?|LAST\s*)年度?结转"),
    (CARRIED_OUT, r"结转(?:到|至|入)?(?:(?:下|次)一?|\s*NEXT\s*)年"),
    ("suit_direct", r"未经复议(?:程序)?直接起诉|直接起诉"),
    ("suit_after_reconsideration", r"经?复议后起诉"),
    ("reconsideration", r"行政复议"),
    (SUITS, r"行政诉讼"),
    (NOTICES, r"收费通知"),
    (PAYMENTS, r"缴费(?!通知)"),
    (FEE, r"信息处理费(?!管理办法)"),
)
_AFTER: tuple[tuple[str, str], ...] = (
    (RESULTS_TOTAL, rf"办理结果总计|(?:办结|办理完毕){_NOT_RATE}"),
    (NEW, r"新收|受理(?!方式)|收到(?=[^，。；、\d]{0,14}申请|[^，。；\d]{0,40}信息公开申请)"),
    (
        WEAK + NEW,
        rf"依申请公开(?:申请|案件|件)?(?={_COUNTED})|"
        r"新增(?=[^，。；、\d]{0,14}申请(?!人))|申请总?(?:数量|量)",
    ),
    (WEAK + ANSWERED, r"(?:办结|答复)率"),
    (WEAK + RESULTS_TOTAL, r"办理答复(?!率)"),
    (WEAK + FEE, r"收取(?![^，。；\d]{0,6}信息处理费)"),
)
# What offices call the channels besides the words of the form; 申请平台 and the like are no requests
_CHANNELS = {"letter": "|邮寄|来信|信件", "online": "|网上|互联网|在线|网站", "in_person": "|现场|来人"}
_REQUEST = "(?:方式)?(?:提交|提出)?的?申请(?!平台|系统|渠道|入口|窗口|功能|服务|表|人)"
_ALONE = r"(?!\s*(?:、|和|或|及|以及|与))"  # 自然人、法人提出的 names no class
_NOTHING = r"未发生|没有发生|没有|未(?=收到|受理|收取|新收)|无(?=行政复议|行政诉讼)"


@dataclass(frozen=True)
class Figure:
    """One figure of the report: what it is called, what it is, in which unit."""

    label: str
    value: Decimal
    unit: str = "件"


def stated(figures: Figures) -> dict[str, Figure]:
    """Every figure that a text may name, by its key."""
    year, table = figures.year, figures.year.table
    found = {"year": Figure("报告年度", Decimal(table.year), "年")}
    for row in (NEW, CARRIED_IN, RESULTS_TOTAL, CARRIED_OUT, *(r.key for r in rows(table.edition))):
        found[row] = _cases(f"表三 {row_label(row, table.edition)}", table.value(row, TOTAL))
    for group, name in GROUPS.items():
        found[group] = _cases(f"表三 {name}", table.group_total(group))
    for code, label in CLASS_WORDS.items():
        found[f"class.{code}"] = _cases(f"表三 本年新收 × {label}", table.value(NEW, code))
    for code, label in CHANNEL_WORDS.items():
        found[f"channel.{code}"] = _cases(f"受理方式 {label}", year.channels.get(code, 0))
    found |= _proceedings(figures)
    found |= {SENT: _cases("发出答复", year.sent), IN_TIME: _cases("按时发出答复", year.in_time)}
    if rate := percent(year.in_time, year.sent):
        found[RATE] = Figure("办结及时率", Decimal(rate.rstrip("%")), "%")
    in_hand = table.value(NEW, TOTAL) + table.value(CARRIED_IN, TOTAL)
    if share := percent(table.value(RESULTS_TOTAL, TOTAL), in_hand):
        found[ANSWERED] = Figure("办结占新收和上年结转", Decimal(share.rstrip("%")), "%")
    for cell in cells(table.edition):
        if (amount := figures.two.get(cell.place)) is not None and cell.words:
            found[f"two.{cell.place}"] = Figure(f"表二 {cell.label}", amount, cell.unit)
    found |= {
        NOTICES: _cases("收费通知", figures.fees.notices),
        PAYMENTS: _cases("缴费", figures.fees.payments),
    }
    if not figures.fees.unknown:
        found[FEE] = Figure("收取信息处理费", Decimal(figures.fees.yuan), "元")
    return found


def _cases(label: str, number: int) -> Figure:
    return Figure(label, Decimal(number))


def _proceedings(figures: Figures) -> dict[str, Figure]:
    blocks = figures.year.table.proceedings
    found = {}
    for block, parts in {**{b: (b,) for b in BLOCKS}, SUITS: tuple(BLOCKS)[1:]}.items():
        label = f"表四 {BLOCKS.get(block, '行政诉讼')}"
        found[block] = _cases(f"{label} 总计", sum(blocks[b][TOTAL] for b in parts))
        for state, name in STATES.items():
            found[f"{block}.{state}"] = _cases(f"{label} {name}", sum(blocks[b][state] for b in parts))
    return found


def words(figures: Figures) -> re.Pattern[str]:
    """All words that name a figure, and those that say there is none; each group is called as its figure's place here."""
    edition = figures.edition
    items = [(r.key, re.escape(item_words(r))) for r in rows(edition) if r.item]
    older = {code: f"|{re.escape(label)}" for label, code in OLDER_LABELS.items()}
    year = figures.year.table.year
    named = [
        *(
            (f"two.{c.place}", re.escape(c.words).replace("行政规范", "(?:行政)?规范"))
            for c in cells(edition)
            if c.words
        ),
        *items,
        *((group, re.escape(name)) for group, name in GROUPS.items()),
        *(
            (key, pattern.replace("LAST", str(year - 1)).replace("NEXT", str(year + 1)))
            for key, pattern in _FIXED
        ),
        *((f".{state}", re.escape(label)) for state, label in STATES.items()),
        *(
            (f"channel.{code}", f"(?:{re.escape(label)}{_CHANNELS.get(code, '')}){_REQUEST}")
            for code, label in CHANNEL_WORDS.items()
        ),
        *(
            (f"class.{code}", f"(?:{re.escape(label)}{older.get(code, '')}){_ALONE}")
            for code, label in CLASS_WORDS.items()
        ),
        *_AFTER,
        ("nothing", _NOTHING),
    ]
    return re.compile("|".join(f"(?P<{_group(key)}>{pattern})" for key, pattern in named))


def _group(key: str) -> str:
    return "k_" + key.replace(".", "__")


def key_of(group: str) -> str:
    """The key of a figure, by the name of the group of ``words`` that found it."""
    return group.removeprefix("k_").replace("__", ".")
