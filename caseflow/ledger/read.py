"""Opening a ledger of either kind, with its sheet of 复议 and 诉讼."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from .columns import LEDGER, PROCEEDINGS
from .read_csv import open_csv
from .read_xlsx import ledger_sheet, open_xlsx, proceedings_sheet
from .sheet import Sheet, Unreadable

ZIP, OLD_EXCEL = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
SUFFIXES = (".csv", ".xlsx")


@dataclass(frozen=True)
class Book:
    """What was opened: the ledger, its proceedings, and sheets that nobody reads."""

    ledger: Sheet
    proceedings: tuple[Sheet, ...]
    unread: tuple[str, ...] = ()


@contextmanager
def open_book(path: Path, proceedings: Path | None = None) -> Iterator[Book]:
    """Open a ledger and, if given, a file of proceedings beside it. Raises Unreadable."""
    with ExitStack() as stack:
        book = stack.enter_context(_opened(path))
        beside = [stack.enter_context(_beside(proceedings))] if proceedings else []
        yield Book(book.ledger, (*book.proceedings, *beside), book.unread)


@contextmanager
def _opened(path: Path) -> Iterator[Book]:
    if not _is_workbook(path):
        yield Book(open_csv(path, LEDGER), ())
        return
    with open_xlsx(path) as book:
        ledger, unread = ledger_sheet(book, path, LEDGER)
        second = proceedings_sheet(book, path, PROCEEDINGS)
        yield Book(ledger, (second,) if second else (), tuple(unread))


@contextmanager
def _beside(path: Path) -> Iterator[Sheet]:
    if not _is_workbook(path):
        yield open_csv(path, PROCEEDINGS)
        return
    with open_xlsx(path) as book:
        second = proceedings_sheet(book, path, PROCEEDINGS)
        yield second or ledger_sheet(book, path, PROCEEDINGS)[0]


def _is_workbook(path: Path) -> bool:
    """By its first bytes, whatever it is called. Raises Unreadable for what is neither."""
    with path.open("rb") as file:
        start = file.read(4)
    if start == OLD_EXCEL:
        raise Unreadable("这是旧版 .xls，或者设了密码的文件；另存为不设密码的 .xlsx 后再试")
    if start == ZIP:
        return True
    if path.suffix.lower() == ".xlsx":
        raise Unreadable("文件是空的" if not start else "打不开：不是有效的 .xlsx 文件，或者文件已经损坏")
    if path.suffix.lower() not in SUFFIXES:
        raise Unreadable("只读 .csv 和 .xlsx 文件")
    return False
