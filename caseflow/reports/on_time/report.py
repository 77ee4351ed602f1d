"""All that a page, a workbook or a csv says of a span: gathered once, shown three ways."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from ...law.words import in_full
from .count import Counted, Lines, count, whole
from .definition import Span
from .dimensions import BREAKDOWN, BY_COURSE, BY_DEPARTMENT, BY_MONTH, Dimension
from .figures import Figures, total
from .past import RECORDED, VIEWS, Past, as_of
from .source import Source, as_it_stands
from .spans import is_long, stretches
from .voided import Voided, voided

DEFINITION = (
    "按时办结率 = 时段内发出的答复中发出日不晚于到期日的件数 ÷ 时段内发出答复的件数（条例第三十三条）。"
    "补正、收费、征求意见、延期、延迟答复的，按依法计算的到期日；“前 20 日内”不问这些，只看发出日是否在收到以后的 20 个工作日内。"
    "撤回、逾期不补正等未作答复办结的，和逾期未答复的，不在其内，另列。不计入年报的重新答复都不在其内。"
    "用时为计入期限的工作日；第 90 百分位：十件中有九件不超过这么多天（最近秩法）。"
    "各行按件相加，百分数、中位数不相加；百分数四舍五入到两位小数，有一件逾期就不写 100.00%。"
)


@dataclass(frozen=True)
class Stretch:
    """A month of the span, or a year of a long one, cut to the span."""

    label: str
    span: Span
    figures: Figures


@dataclass(frozen=True)
class Report:
    """The figures of some offices over a span, as of now or of a past day."""

    span: Span
    source: Source
    figures: Figures
    stretches: Sequence[Stretch]
    course: Sequence[Counted]
    parts: Sequence[tuple[Dimension, Sequence[Counted]]]
    voided: Sequence[Voided]  # replies sent in the span that were voided since, or by now
    past: Past | None  # None: as the record stands now

    @property
    def unit(self) -> str:
        """Of what the stretches are: 月 or 年."""
        return "年" if is_long(self.span) else "月"

    @property
    def void_words(self) -> str:
        """What is to be said of voided replies; "" where none was voided."""
        if not self.voided:
            return ""
        if self.past:
            return f"这一段发出的答复中，{len(self.voided)} 件后来撤销"
        return f"另有 {len(self.voided)} 件答复发出以后撤销，不在其内"


def report(
    office_ids: Iterable[int], span: Span, today: date, day: date | None = None, view: str = RECORDED
) -> Report:
    """The figures of a span now, or with a ``day`` as of its end: as recorded by then, or by date."""
    ids = list(office_ids)
    past = as_of(ids, day, view) if day else None
    source = past.source if past else as_it_stands(today)
    lines = count(ids, span, source)
    return Report(
        span, source, whole(lines), _stretches(span, lines), lines[BY_COURSE.code],
        [(d, lines[d.code]) for d in BREAKDOWN if _tells(d, lines[d.code])], voided(ids, span), past,
    )  # fmt: skip


def _tells(dimension: Dimension, lines: Sequence[Counted]) -> bool:
    """Whether a split says anything: an office without 科室 has one line for all its cases."""
    return dimension is not BY_DEPARTMENT or any(line.name != dimension.unnamed for line in lines)


def _stretches(span: Span, lines: Lines) -> list[Stretch]:
    months = {line.key: line.figures for line in lines[BY_MONTH.code]}
    return [
        Stretch(label, part, total(f for key, f in months.items() if _within(key, part)))
        for label, part in stretches(span)
    ]


def _within(key: str, span: Span) -> bool:
    """A month, 2026-03, of the stretch it lies in: stretches never cut one in two."""
    return f"{span.first:%Y-%m}" <= key <= f"{span.last:%Y-%m}"


def as_of_words(day: date, view: str) -> str:
    """截至 2026年6月30日 星期二，按当时的登记."""
    return f"截至 {in_full(day)}，{VIEWS[view]}"
