"""What nobody in good faith sends: texts, and what may be done with the fields of a form."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from typing import Any

# Each is a trick of its own; a form takes them in turn, a field the next one
UNSEEN = (
    "甲\0乙", "\0", "甲\u202e乙", "\u2066甲\u2069", "甲\u200b乙", "\u200b", "\ufeff", "\u00ad", "甲\u2028乙", "\x1b[31m",
    "\ufffe", "\u3164", "\r\n\r\n", "\t", "\U000e0041甲", "甲\u0301" * 40, "\ud7a4\ue000", "ﾊ\uffa0", "\x7f", "\x85甲",
)  # fmt: skip
WRONG = (
    "²", "９９９", "-1", "1e999", "NaN", "99999999999999999999", "0x1F", "٣", "2026-13-45", "0000-00-00", "9999-12-31",
    "2026-02-29", "２０２６-０１-０１", "1" * 5000, "None", "[]", "{{7*7}}", "{% raise %}", "' OR 1=1 --", "%s%n", "=1+1",
    "<script>alert(1)</script>", "../../etc/passwd", "on", "true", "½", "1_000", " 7 ", "+7", "0", "2008-01-01", "𠮷",
)  # fmt: skip
MANY = 10_000  # fields

Values = Mapping[str, Sequence[str]]
Data = dict[str, Any]


def typed(values: Values, texts: Sequence[str], start: int) -> Data:
    """Every field with another text of a list, its token left alone."""
    kept = {name: list(told) for name, told in values.items() if name == "csrf_token"}
    others = [name for name in values if name not in kept]
    return kept | {name: texts[(start + place) % len(texts)] for place, name in enumerate(others)}


def in_good_faith_but(values: Values, texts: Sequence[str], start: int) -> Data:
    """One field with such a text, the others as the page offers them."""
    names = [name for name in values if name != "csrf_token"]
    told: Data = {name: list(each) for name, each in values.items()}
    return told | ({names[start % len(names)]: texts[start % len(texts)]} if names else {})


def missing(values: Values, start: int) -> Data:
    """Nothing but the token."""
    return {name: list(told) for name, told in values.items() if name == "csrf_token"}


def overlong(values: Values, start: int) -> Data:
    """Much of it in each field."""
    return typed(values, ("长" * 30_000, "A" * 90_000, "甲\n" * 20_000), start)


def twice(values: Values, start: int) -> Data:
    """Each field several times, and strangers among them."""
    told = {name: [*each, "二", *each] for name, each in values.items() if name != "csrf_token"}
    return (
        missing(values, start) | told | {"id": "1", "office_id": ["1", "x"], "__class__": "x", "case": "\0"}
    )


def files(values: Values, start: int) -> Data:
    """A file where a text belongs, and names that no file has."""
    names = ("\0.csv", "甲\u202evsc.exe", "../../x.docx", "." * 300 + "xlsx", "CON.xlsx", "a.CSV", "")
    content = (
        b"",
        b"PK\x03\x04",
        b"\xff\xfe\0",
        b'a,b\n\0,"',
        b"%PDF-1.7",
        b"<!DOCTYPE x [<!ENTITY a 'b'>]>&a;",
    )
    told: Data = {
        name: (io.BytesIO(content[(start + n) % len(content)]), names[(start + n) % len(names)])
        for n, name in enumerate(values) if name != "csrf_token"
    }  # fmt: skip
    return missing(values, start) | told


TRICKS: dict[str, Callable[[Values, int], Data]] = {
    "unseen": lambda values, start: typed(values, UNSEEN, start),
    "wrong": lambda values, start: typed(values, WRONG, start),
    "one unseen": lambda values, start: in_good_faith_but(values, UNSEEN, start),
    "one wrong": lambda values, start: in_good_faith_but(values, WRONG, start),
    "missing": missing,
    "overlong": overlong,
    "twice": twice,
    "files": files,
}
