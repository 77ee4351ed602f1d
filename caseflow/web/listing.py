"""Cases in the order of registration, a page of them: what macros/lists.html draws as case_list."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import request, url_for

from ..reports.pages import CasePage
from .rows import Row, lines

LARGEST_ID = 2**53  # of a case, in an address


@dataclass(frozen=True)
class Listing:
    """The lines of one page and the addresses of its neighbours, None where there is none."""

    rows: list[Row]
    words: str
    total: int
    prev: str | None
    next: str | None


def listing(found: CasePage, endpoint: str, **here: Any) -> Listing:
    """The page as it is drawn; ``endpoint`` and ``here`` make its own address."""
    return Listing(
        rows=lines(found.cases),
        words=found.words,
        total=found.total,
        prev=url_for(endpoint, **here, before=found.before) if found.before else None,
        next=url_for(endpoint, **here, after=found.after) if found.after else None,
    )


def key(name: str) -> int:
    """A neighbour's id in the address; anything that is none begins at the first page."""
    found = request.args.get(name, 0, type=int)
    return found if 0 < found < LARGEST_ID else 0
