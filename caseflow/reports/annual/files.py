"""The kinds of file in which a report goes out."""

from __future__ import annotations

from collections.abc import Callable

from . import website, word, workbook
from .paper import Paper

# by the ending of its name: what makes the file, and its type
FILES: dict[str, tuple[Callable[[Paper], bytes], str]] = {
    "docx": (word.report_file, word.MIME),
    "xlsx": (workbook.workbook, workbook.MIME),
    "html": (website.website, website.MIME),
}
