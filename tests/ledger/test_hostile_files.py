"""Ledgers and published tables damaged at random, and with words that no cell should hold: read or refused, never failed on."""

from __future__ import annotations

import io
import zipfile
from contextlib import suppress
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from caseflow.ledger.columns import LEDGER
from caseflow.ledger.read import open_book
from caseflow.ledger.sheet import Unreadable
from caseflow.published import read as published
from tests.support.hostile import UNSEEN, WRONG

# what openpyxl only warns of is no failure: the office gets its answer
pytestmark = [pytest.mark.soak, pytest.mark.filterwarnings("ignore::UserWarning")]

CELLS = st.one_of(st.sampled_from((*UNSEEN, *WRONG)), st.text(max_size=8))
PARTS = (
    "xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/styles.xml", "[Content_Types].xml", "xl/_rels/workbook.xml.rels", "_rels/.rels",
)  # fmt: skip
LAUGHS = (
    b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a0 "ha">'
    + b"".join(b'<!ENTITY a%d "%s">' % (n, b"&a%d;" % (n - 1) * 10) for n in range(1, 12))
    + b"]><x>&a11;</x>"
)


@cache
def workbook() -> bytes:
    made = Workbook()
    made.active.append([column.name for column in LEDGER.columns])
    made.active.append(["甲"] * len(LEDGER.columns))
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def damaged(part: str, place: int, instead: bytes) -> bytes:
    """The workbook with some bytes of one part replaced."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook())) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            at = place % len(content)
            new.writestr(
                name, content[:at] + instead + content[at + len(instead) :] if name == part else content
            )
    return out.getvalue()


def both(path: Path) -> None:
    """Read by either reader, to the last cell."""
    with suppress(Unreadable), open_book(path) as book:
        for sheet in (book.ledger, *book.proceedings):
            list(sheet.rows())
    with suppress(Unreadable):
        published.read(path)


@given(
    st.sampled_from(PARTS),
    st.integers(0, 9999),
    st.one_of(st.binary(max_size=6), CELLS.map(lambda t: t.encode()[:40]), st.just(LAUGHS)),
)
def test_a_damaged_workbook_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, part: str, place: int, instead: bytes
) -> None:
    path = tmp_path_factory.getbasetemp() / "damaged.xlsx"
    path.write_bytes(damaged(part, 0 if instead == LAUGHS else place, instead))
    both(path)


@given(
    st.lists(st.lists(CELLS, max_size=6), max_size=6),
    st.sampled_from(["utf-8", "gb18030", "utf-16"]),
    st.sampled_from([",", '","', '"', "\r"]),
)
def test_any_text_is_read_or_refused_as_a_csv(
    tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]], coding: str, between: str
) -> None:
    path = tmp_path_factory.getbasetemp() / "any.csv"
    head = ",".join(column.name for column in LEDGER.columns)
    path.write_bytes("\n".join([head, *(between.join(row) for row in rows)]).encode(coding, "replace"))
    both(path)


@given(
    st.lists(
        st.sampled_from(
            [
                "<table>",
                "<tr>",
                "<td>",
                "<td colspan='x²9'>",
                "<th rowspan=-1>",
                "</table>",
                "<!--",
                "<![CDATA[",
                "&#x110000;",
                "&#0;",
                "自然人",
                "1",
                "<meta charset=x>",
                "新收",
                "<p>",
            ]
        ),
        max_size=30,
    )
)
def test_any_page_is_read_or_refused(tmp_path_factory: pytest.TempPathFactory, pieces: list[str]) -> None:
    path = tmp_path_factory.getbasetemp() / "any.html"
    path.write_text("".join(pieces), encoding="utf-8")
    with suppress(Unreadable):
        published.read(path)
