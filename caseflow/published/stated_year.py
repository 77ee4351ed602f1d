"""The year that a published report says it is of: in its title, or else where its text first names one."""

from __future__ import annotations

import re
import unicodedata

MOST = 400_000  # characters searched: titles stand before them
_DIGITS = str.maketrans("〇○零一二三四五六七八九", "000123456789")
_YEAR = re.compile(
    r"(?<!\d)(20\d\d)\s*(?:年度|年(?!版)[^\d。；\n]{0,40}?(?:年度报告|年报|工作报告|统计表|报表|情况表)|年\s*1\s*月\s*1\s*日)"
)


def stated_year(text: str) -> int | None:
    """The first year that a text names as a report's (2023 年度, 2023 年…年度报告, 2023 年 1 月 1 日起); None without one."""
    found = _YEAR.search(unicodedata.normalize("NFKC", text[:MOST]).translate(_DIGITS))
    return int(found[1]) if found else None
