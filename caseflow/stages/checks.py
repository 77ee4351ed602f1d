"""Checks of typed text, the same at every door: page, ledger, command."""

from __future__ import annotations

import re
import unicodedata
from datetime import date

# Longest texts; a page counts them too.
LIMITS: dict[str, int] = {
    "name": 100,
    "contact_person": 100,
    "agent": 100,
    "co_applicants": 1000,
    "address": 200,
    "email": 120,
    "certificate_type": 20,
    "certificate_number": 40,
    "phone": 40,
    "content": 5000,
    "obtain_by": 20,
    "form": 20,
    "remark": 2000,
    "note": 2000,
    "party": 100,
    "reply_no": 60,
    "proof": 100,
    "number": 40,
    "document": 200,
    "holiday": 60,
    "notice": 5000,
}

_LINES = "\n\r\t"
# Characters that turn the reading direction round and could make a name look like another
_BIDI = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f")


def fault(text: str, limit: int) -> str:
    """What is wrong with a text, "" if nothing: too long, or with characters that can't be seen."""
    if len(text) > limit:
        return f"最多 {limit} 个字，现在有 {len(text)} 个"
    for char in text:
        if char in _BIDI or (unicodedata.category(char) in {"Cc", "Cs"} and char not in _LINES):
            return "含有看不见的控制字符，请删去后重新输入"
    return ""


TYPED_DAY = re.compile(
    r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})|(\d{4})年(\d{1,2})月(\d{1,2})日|(\d{4})(\d\d)(\d\d)"
)


def day_of(text: str) -> date | None:
    """A day typed as 2026-12-04, 2026/12/4, 2026.12.4, 20261204 or 2026年12月4日; None if it is none."""
    match = TYPED_DAY.fullmatch(text.strip())
    if not match:
        return None
    year, month, day = (int(part) for part in match.groups() if part and part.isdigit())
    try:
        return date(year, month, day)
    except ValueError:
        return None
