"""信息处理费: two tariffs, each 超额累进, one of them for a request and never both.

《政府信息公开信息处理费管理办法》 (国办函〔2020〕109号), in force 2021-01-01; art. 42 of the regulation.
Amounts are whole yuan.
"""

from __future__ import annotations

from datetime import date
from itertools import pairwise

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
    return sum(count * price for count, price in _in_bands(pages))


def _in_bands(pages: int) -> list[tuple[int, int]]:
    """How many of the pages lie in each band, and the price of one of them."""
    found, before = [], 0
    for end, price in (*PAGE_BANDS, (max(pages, PAGE_BANDS[-1][0]), DEAREST_PAGE)):
        found.append((max(min(pages, end) - before, 0), price))
        before = end
    return found


def tariff_words(tariff: str) -> str:
    """The tariff itself in a sentence: its bands and their prices. Raises KeyError for another tariff."""
    return {"pieces": _pieces_words, "pages": _pages_words}[tariff]()


def _pages_words() -> str:
    bands = [f"{FREE_PAGES} 页以内不收"]
    for (before, _), (end, price) in pairwise(PAGE_BANDS):
        bands.append(f"第 {before + 1}–{end} 页每页 {price} 元")
    return "，".join([*bands, f"第 {PAGE_BANDS[-1][0] + 1} 页起每页 {DEAREST_PAGE} 元"])


def _pieces_words() -> str:
    first, level = FREE_PIECES + 1, 30
    return (
        f"每月 {FREE_PIECES} 件以内不收，第 {first}–{level} 件每件 {piece_price(first)} 元，"
        f"第 {level + 1} 件起每增 10 件每件再加 {PIECES_STEP} 元"
    )


def working(tariff: str, count: int) -> str:
    """How ``amount`` comes about: so many in each band by its price. Raises KeyError for another tariff."""
    if tariff == "pieces":
        return f"本月第 {count} 件，每件 {piece_price(count)} 元"
    paid = [f"{pages} 页 × {price} 元" for pages, price in _in_bands(count) if pages and price]
    free = f"前 {FREE_PAGES} 页不收"
    return f"{count} 页，{'，'.join([free, '＋'.join(paid)] if paid else [free])}"


def amount(tariff: str, count: int) -> int:
    """The fee of one request: its place in the month, or its pages. Raises KeyError for another tariff."""
    return {"pieces": piece_price, "pages": by_pages}[tariff](count)
