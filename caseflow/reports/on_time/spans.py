"""Stretches of days: months, quarters, years, and a span cut into them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from .definition import Span

MOST_MONTHS = 24  # a longer span is shown by years


def year_span(year: int) -> Span:
    """A whole calendar year."""
    return months(year, 1, 12)


def months(year: int, first: int, last: int) -> Span:
    """Whole months of one year, 1 to 12."""
    after = date(year + last // 12, last % 12 + 1, 1)
    return Span(date(year, first, 1), after - timedelta(days=1))


def quarter_span(year: int, quarter: int) -> Span:
    """A whole quarter, 1 to 4."""
    return months(year, 3 * quarter - 2, 3 * quarter)


def is_long(span: Span) -> bool:
    """Whether a span is shown by years, because it has too many months for a line of bars."""
    return _months(span) > MOST_MONTHS


def _months(span: Span) -> int:
    return (span.last.year - span.first.year) * 12 + span.last.month - span.first.month + 1


def stretches(span: Span) -> Iterator[tuple[str, Span]]:
    """The months of a span, or the years of a long one, cut to it, empty ones too; each with its name."""
    one_year = span.first.year == span.last.year
    if is_long(span):
        for year in range(span.first.year, span.last.year + 1):
            yield f"{year}年", cut(year_span(year), span)
        return
    for n in range(_months(span)):
        year, month = divmod(span.first.year * 12 + span.first.month - 1 + n, 12)
        label = f"{month + 1}月" if one_year else f"{year}.{month + 1}"
        yield label, cut(months(year, month + 1, month + 1), span)


def cut(inner: Span, outer: Span) -> Span:
    """The days of ``inner`` that lie in ``outer``; the two must meet."""
    return Span(max(inner.first, outer.first), min(inner.last, outer.last))
