"""Personal data in what is to be published: numbers by their shape, people by what the case knows of them.

A piece is compared as it is read: full-width figures as plain ones, whatever spaces and dashes stand between.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from ..law.applicants import masked

MOST_TOLD = 5  # findings in one sentence
BETWEEN = "[ -]?"
PROVINCES = frozenset(
    [
        "11",
        "12",
        "13",
        "14",
        "15",
        "21",
        "22",
        "23",
        "31",
        "32",
        "33",
        "34",
        "35",
        "36",
        "37",
        "41",
        "42",
        "43",
        "44",
        "45",
        "46",
        "50",
        "51",
        "52",
        "53",
        "54",
        "61",
        "62",
        "63",
        "64",
        "65",
        "71",
        "81",
        "82",
        "83",
    ]
)
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)  # GB 11643, mod 11
CHECKS = "10X98765432"
AREA = r"(?:10|2\d|[3-9]\d\d)"
MONEY = r"(?!\d|\s?[元万亿])"  # a sum may have as many figures as a telephone
DASHES = re.compile(r"[\u2010-\u2015\u2212\u30fc·•]")
ROUND = re.compile(r"[ ()-]")  # what stands between the figures of a number


@dataclass(frozen=True)
class Piece:
    """One paragraph, line or cell: where it stands, "" where there is only one, and what it says."""

    place: str
    text: str


@dataclass(frozen=True)
class Own:
    """What the people of a case are known by (label, words), and the telephones that may be named, in figures."""

    known: tuple[tuple[str, str], ...] = ()
    phones: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Found:
    """Something personal: where, of what kind, and enough of it to find it again."""

    place: str
    what: str
    shown: str

    @property
    def words(self) -> str:
        """第 2 段的手机号码 138****5678."""
        return f"{self.place}的{self.what} {self.shown}" if self.place else f"{self.what} {self.shown}"


def findings(pieces: Iterable[Piece], own: Own) -> list[Found]:
    """Everything personal in these pieces, each once for each place."""
    known = [(label, squeezed(words)) for label, words in own.known]
    found = (
        Found(piece.place, what, shown)
        for piece in pieces
        for what, shown in (*_numbers(_plain(piece.text), own.phones), *_people(piece.text, known))
    )
    return list(dict.fromkeys(found))


def sentence(found: list[Found]) -> str:
    """有个人信息：第 2 段的手机号码 138****5678…; "" where nothing was found."""
    if not found:
        return ""
    more = f"等 {len(found)} 处" if len(found) > MOST_TOLD else ""
    return f"有个人信息，删去或者遮盖以后再提交：{'、'.join(one.words for one in found[:MOST_TOLD])}{more}"


def paragraphs(text: str) -> list[Piece]:
    """The paragraphs of a typed text; one alone needs no number."""
    lines = [line for line in text.splitlines() if line.strip()]
    return [Piece(f"第 {n} 段" if len(lines) > 1 else "", line) for n, line in enumerate(lines, 1)]


def _plain(text: str) -> str:
    """As it is compared: full width as plain, dashes as one, nothing that can't be seen."""
    seen = "".join(c for c in unicodedata.normalize("NFKC", text) if unicodedata.category(c) != "Cf")
    return DASHES.sub("-", seen)


def squeezed(text: str) -> str:
    """Its letters and figures alone: however a name is spaced, it is the same."""
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKC", text).casefold()))


# -- people -------------------------------------------------------------------------------------


def _people(text: str, known: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    said = squeezed(text)
    for label, words in known:
        if len(words) > 1 and words in said:
            yield label, _hidden(words)


def _hidden(words: str) -> str:
    """林**; of a number as much as a page ever shows."""
    return masked(words) if any(c.isdecimal() for c in words) else words[0] + "*" * min(len(words) - 1, 4)


# -- numbers ------------------------------------------------------------------------------------


def is_certificate(figures: str) -> bool:
    """Whether 18 figures (the last may be X) or 15 are those of a resident: region, day of birth, check digit."""
    if len(figures) == 15:
        return figures[:2] in PROVINCES and _is_day(f"19{figures[6:12]}")
    if figures[:2] not in PROVINCES or not _is_day(figures[6:14]):
        return False
    return (
        CHECKS[sum(int(c) * w for c, w in zip(figures[:17], WEIGHTS, strict=True)) % 11]
        == figures[17].upper()
    )


def _is_day(figures: str) -> bool:
    try:
        born = date(int(figures[:4]), int(figures[4:6]), int(figures[6:8]))
    except ValueError:
        return False
    return 1880 <= born.year <= 2100


def _certificate(said: str, phones: frozenset[str]) -> bool:
    return is_certificate(said)


def _phone(said: str, phones: frozenset[str]) -> bool:
    """Any but the office's own, with or without its area."""
    return not any(own.endswith(said) or said.endswith(own) for own in phones)


def _any(said: str, phones: frozenset[str]) -> bool:
    return True


Holds = Callable[[str, frozenset[str]], bool]
# Each kind with its pattern, tried at every place a number may begin, and whether what was found is one
NUMBERS: tuple[tuple[str, re.Pattern[str], Holds], ...] = (
    (
        "身份证号码",
        re.compile(rf"(?<!\d)(?=([1-9](?:{BETWEEN}\d){{16}}{BETWEEN}[\dXx])(?!\d))"),
        _certificate,
    ),
    ("身份证号码", re.compile(rf"(?<!\d)(?=([1-9](?:{BETWEEN}\d){{14}})(?!\d))"), _certificate),
    (
        "手机号码",
        re.compile(rf"(?<!\d)(?=((?:\+86[ -]{{0,2}})?1[3-9]\d(?:{BETWEEN}\d){{8}}){MONEY})"),
        _phone,
    ),
    (
        "电话号码",
        re.compile(rf"(?<!\d)(?=((?:0|\+86[ -]{{0,2}}){AREA}[ )-]{{0,2}}[1-9](?:{BETWEEN}\d){{6,7}})(?!\d))"),
        _phone,
    ),
    ("电话号码", re.compile(r"(?=(?:电话|座机|传真|[Tt]el)[^\d\n]{0,6}([2-9]\d{6,7})(?!\d))"), _phone),
    (
        "电子邮箱",
        re.compile(r"(?<![\w.%+-])([\w.%+-]{1,64}@[A-Za-z\d-]{1,63}(?:\.[A-Za-z\d-]{1,63}){1,5})", re.ASCII),
        _any,
    ),
)


def _numbers(text: str, phones: frozenset[str]) -> Iterator[tuple[str, str]]:
    """What of a piece is a number that leads to somebody, or an address of mail."""
    told: list[tuple[int, int]] = []  # where: a number that is in a longer one is not told twice
    for what, pattern, holds in NUMBERS:
        for match in pattern.finditer(text):
            span, said = match.span(1), match[1]
            figures = said if "@" in said else _figures(said)
            if holds(figures, phones) and not any(a <= span[0] and span[1] <= b for a, b in told):
                told.append(span)
                yield what, _mail(said) if "@" in said else masked(figures)


def _figures(said: str) -> str:
    """Without what stands between, and as it is dialled here."""
    bare = ROUND.sub("", said)
    return bare if bare[0] != "+" else bare[3:] if bare[3] == "1" and len(bare) == 14 else f"0{bare[3:]}"


def _mail(said: str) -> str:
    name, _, home = said.partition("@")
    return f"{name[0]}***@{home}"
