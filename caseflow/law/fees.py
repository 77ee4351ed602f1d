"""信息处理费: two tariffs, each 超额累进, one of them for a request and never both.

《政府信息公开信息处理费管理办法》 (国办函〔2020〕109号), in force 2021-01-01; art. 42 of the regulation.
Amounts are whole yuan.
"""

from __future__ import annotations

from datetime import date

IN_FORCE = date(2021, 1, 1)
FREE_PIECES = 10  # per applicant and calendar month
PIECES_STEP = 100  # yuan a piece from the 11th to the 30th, and so much more with every further ten
FREE_PAGES = 30  # per request
# (up to this page, yuan a page); beyond the last: DEAREST_PAGE
PAGE_BANDS = ((FREE_PAGES, 0), (100, 10), (200, 20))
DEAREST_PAGE = 40

TARIFFS: dict[str, str] = {"pieces": "按件计收", "pages": "按量计收"}


def piece_price(nth: int) -> int:
    """What the ``nth`` request of an applicant in a calendar month costs (art. 4). Raises ValueError below 1."""
    if nth < 1:
        raise ValueError("pieces are counted from 1")
    if nth <= FREE_PIECES:
        return 0
    return PIECES_STEP * max(1, -(-(nth - 20) // 10))


def by_piece(nth: int, count: int = 1) -> int:
    """The fee for ``count`` pieces, the first of them the ``nth`` of the month. Raises ValueError for bad counts."""
    if nth < 1:
        raise ValueError("pieces are counted from 1")
    if count < 0:
        raise ValueError("count of pieces is negative")
    return sum(piece_price(n) for n in range(nth, nth + count))


def by_pages(pages: int) -> int:
    """The fee for so many A4 pages of one request (art. 5). Raises ValueError for fewer than none."""
    if pages < 0:
        raise ValueError("pages are counted from 0")
    fee, before = 0, 0
    for end, price in PAGE_BANDS:
        fee += price * max(min(pages, end) - before, 0)
        before = end
    return fee + DEAREST_PAGE * max(pages - before, 0)


def amount(tariff: str, count: int) -> int:
    """The fee of one request: its place in the month, or its pages. Raises KeyError for another tariff."""
    return {"pieces": piece_price, "pages": by_pages}[tariff](count)
