"""Checks of typed text, the same at every door: page, ledger, command."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
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
    "reason": 100,
    "content": 5000,
    "title": 200,  # the name of what is wanted, and its 文号, as the public's form asks for them
    "document_no": 60,
    "obtain_by": 20,
    "form": 20,
    "remark": 2000,
    "note": 2000,
    "party": 100,
    "reply_no": 60,
    "proof": 100,
    "reviewer": 40,
    "letter": 5000,
    "number": 40,
    "document": 200,
    "holiday": 60,
    "notice": 5000,
    # of a published reply
    "published_title": 100,
    "question": 2000,
    "answer": 20000,
    "annual": 20000,  # of each part of the annual report
    # of an office, as wide as its columns
    "letter_word": 40,
    "postcode": 10,
    "contact": 60,
    "reconsideration_organ": 100,
    "court": 100,
    "review_channel": 200,
}

_LINES = "\n\r\t"
# Letters and signs by their category that show nothing all the same: fillers of Korean, the empty Braille cell
_FILLERS = frozenset("\u115f\u1160\u3164\uffa0\u2800")
_UNSEEN = frozenset(
    {"Cc", "Cf", "Cs"}
)  # control, format (zero width, direction of reading), half a character


def fault(text: str, limit: int) -> str:
    """What is wrong with a text, "" if nothing: too long, with characters that can't be seen, or with no others."""
    if len(text) > limit:
        return f"最多 {limit} 个字，现在有 {len(text)} 个"
    if not text.isprintable() or not _FILLERS.isdisjoint(text):
        for place, char in enumerate(text, 1):
            if char in _FILLERS or (unicodedata.category(char) in _UNSEEN and char not in _LINES):
                return f"含有看不见的控制字符（第 {place} 个字），请删去后重新输入"
    for char in text:  # nearly always the first is one
        if unicodedata.category(char)[0] in "LNPS":
            return ""
    return "没有看得见的字" if text else ""


# A certificate, a credit code; figures as long as a telephone's; a mobile one or one with its area in groups
_NUMBER = re.compile(
    r"(?=[a-z]*\d)[a-z\d]{15}|\d{11}|(?<!\d)1[3-9]\d(?:[ -]?\d){8}|(?<![\d-])0\d{2,3}[ -]?\d{3,4}[ -]?\d{4}"
)


def tells_who(text: str, own: Iterable[str] = ()) -> bool:
    """Whether a text that others read holds a number as long as a certificate's or a telephone's, or one of ``own``:
    what an applicant is known by. How it is spaced and written, wide or narrow, hides nothing."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    known = (_squeezed(one) for one in own)
    return bool(_NUMBER.search(plain)) or any(len(one) > 1 and one in _squeezed(plain) for one in known)


def _squeezed(text: str) -> str:
    """Its letters and figures alone."""
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKC", text).casefold()))


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
