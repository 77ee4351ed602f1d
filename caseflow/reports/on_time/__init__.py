"""Replies on time: one definition, one count, wherever a rate stands.

``definition`` says which cases a rate divides and by which, ``dimensions`` by what it is split, ``count``
counts, ``behind`` lists the cases of a figure by the same conditions, ``past`` has the cases of a past day.
"""

from .behind import COUNTS, LONGEST, Figure, cases_behind, cases_of, worst
from .count import Counted, count, rate, whole
from .definition import Span, counted_in, in_time, late, sent_in
from .dimensions import BREAKDOWN, BY_CODE, BY_COURSE, BY_MONTH, NAMED
from .figures import NOTHING, Figures, Rate, nearest_rank, total
from .past import DATED, RECORDED, VIEWS, Past, as_of
from .source import Source, as_it_stands
from .spans import is_long, quarter_span, stretches, year_span
from .voided import Voided, voided

__all__ = [
    "BREAKDOWN", "BY_CODE", "BY_COURSE", "BY_MONTH", "COUNTS", "DATED", "LONGEST", "NAMED", "NOTHING", "RECORDED", "VIEWS",
    "Counted", "Figure", "Figures", "Past", "Rate", "Source", "Span", "Voided", "as_it_stands", "as_of",
    "cases_behind", "cases_of", "count", "counted_in", "in_time", "is_long", "late", "nearest_rank", "quarter_span", "rate",
    "sent_in", "stretches", "total", "voided", "whole", "worst", "year_span",
]  # fmt: skip
