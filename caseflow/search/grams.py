"""Words as tokens that any full-text index takes: two neighbouring characters each of Chinese, other words whole.

A token is plain ASCII, a letter for the part of the case it stands in and the UTF-16 of its characters, so that
neither database has a say in what a letter is: characters newer than its tables are found like all others.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

# Written without spaces between words: 汉字 of every plane, 〇 and 々, kana, Hangul, Yi, the office's own characters
UNSPACED = (
    "\u4e00-\ua4cf\u3005-\u3007\u3021-\u3029\u3031-\u3035\u3038-\u303c\u3041-\u30ff\u3105-\u31bf\u31f0-\u31ff"
    "\u3400-\u4dbf\uac00-\ud7a3\ue000-\ufaff\U0001b000-\U0001b16f\U00020000-\U0003ffff\U000f0000-\U0010ffff"
)
RUN = re.compile(rf"([{UNSPACED}]+)|((?:[a-z0-9]|(?![{UNSPACED}a-z0-9])[^\W_])+)")
QUOTED = re.compile(r'"([^"]*)"?')
QUOTES = str.maketrans(dict.fromkeys("“”„‟「」『』", '"'))
BETWEEN = re.compile(r"[\s,、;。!?]+")  # what parts one word of a question from the next, after NFKC

GAP = "z"  # between two texts: no phrase runs from one into the next
MOST = 16_000  # tokens of a case: PostgreSQL knows no place in a text beyond 16,383
MOST_WORDS = 10  # of a question
LONGEST = 200  # characters of a word that are looked at

# The parts of a case, by what they weigh when matches are ranked; the last is for the desk alone
HEAD, CONTENT, REST, DESK = "abcd"


def normal(text: str) -> str:
    """The text as it is compared: full-width characters as their plain ones, small letters."""
    return unicodedata.normalize("NFKC", text).lower()


def tokens(part: str, text: str) -> list[str]:
    """All tokens of a text in one part of a case, in order: of each run of 汉字 every two neighbours, and its last."""
    found: list[str] = []
    for han, word in RUN.findall(normal(text)):
        found += _pairs(part, han) if han else [_whole(part, word)]
    return found


def _pairs(part: str, run: str) -> list[str]:
    units = run.encode("utf-16-be").hex()
    if len(units) == 4 * len(run):
        return [part + units[i : i + 8] for i in range(0, len(units), 4)]
    each = [char.encode("utf-16-be").hex() for char in run]
    return [part + one + other for one, other in zip(each, [*each[1:], ""], strict=True)]


def _whole(part: str, word: str) -> str:
    word = word[:LONGEST]
    return f"{part}w{word}" if word.isascii() else f"{part}u{word.encode('utf-16-be').hex()}"


def joined(filters: Iterable[str], texts: Iterable[tuple[str, str]]) -> list[str]:
    """The tokens of a case: what it is filtered by, then its texts (part, text), each said once."""
    found = list(filters)
    for part, text in dict.fromkeys(texts):
        if said := tokens(part, text):
            found += [GAP, *said]
    return found[:MOST]


@dataclass(frozen=True)
class Word:
    """One word of a question, or what stands in quotes: its tokens stand side by side."""

    text: str  # normal
    runs: tuple[tuple[str, bool], ...]  # each with whether it is of 汉字

    def tokens(self, part: str) -> list[str]:
        """Its tokens in a part of a case; where it ``begins`` another, the last is only the beginning of one."""
        found: list[str] = []
        for place, (run, han) in enumerate(self.runs, 1):
            pairs = _pairs(part, run) if han else [_whole(part, run)]
            # the run may go on in the text: its closing single character must not be asked for
            cut = han and place == len(self.runs) and len(run) > 1
            found += pairs[:-1] if cut else pairs
        return found

    @property
    def begins(self) -> bool:
        """Whether it ends with a run of one character, which any other may follow."""
        run, han = self.runs[-1]
        return han and len(run) == 1


def words(question: str) -> list[Word]:
    """What was asked for, word by word; what stands in quotes is one word. What can't be found is left out."""
    plain = normal(question.translate(QUOTES))
    said: list[str] = []
    for place, part in enumerate(QUOTED.split(plain)):
        said += [part] if place % 2 else BETWEEN.split(part)
    found = []
    for text in dict.fromkeys(said):
        if runs := tuple((han or word, bool(han)) for han, word in RUN.findall(text)):
            found.append(Word(text.strip(), runs))
    return found[:MOST_WORDS]
