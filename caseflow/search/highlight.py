"""Where a text says what was asked for, and the piece of it round the first place."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from .grams import UNSPACED, Word, normal

Piece = tuple[str, bool]  # a piece of a text, and whether it was asked for

LETTER = rf"(?:(?![{UNSPACED}])[^\W_])"  # of a word written with spaces
APART = rf"(?:(?![{UNSPACED}])[\W_])"  # what stands between words
BEFORE, WHOLE = 24, 90  # characters of a piece: before the first place, all
CUT = "…"


def pattern(words: Iterable[Word]) -> re.Pattern[str]:
    """Any of the words in a normal text: just where the index finds them."""
    return _compiled(tuple(words))


@lru_cache(64)
def _compiled(words: tuple[Word, ...]) -> re.Pattern[str]:
    longest_first = sorted(words, key=lambda word: -len(word.text))
    return re.compile("|".join(f"(?:{_one(word)})" for word in longest_first) or r"(?!)")


def _one(word: Word) -> str:
    found, before = "", None
    for run, han in word.runs:
        between = "" if before is None else f"{APART}{'+' if before == han else '*'}"
        found += between + (re.escape(run) if han else rf"(?<!{LETTER}){re.escape(run)}(?!{LETTER})")
        before = han
    return found


def spans(text: str, words: Iterable[Word]) -> list[tuple[int, int]]:
    """From where to where a text says the words, in its own characters, in order and apart."""
    plain, origin = _mapped(text)
    found: list[tuple[int, int]] = []
    for match in pattern(words).finditer(plain):
        start, end = origin[match.start()], origin[match.end() - 1] + 1
        if found and start < found[-1][1]:  # one character became several
            start = found.pop()[0]
        found.append((start, end))
    return found


def _mapped(text: str) -> tuple[str, Sequence[int]]:
    """The normal text, and of which character of the text each of its characters is."""
    plain = normal(text)
    if len(plain) == len(text):
        return plain, range(len(text))
    each = [normal(char) for char in text]
    return "".join(each), [place for place, chars in enumerate(each) for _ in chars]


def marked(text: str, words: Iterable[Word]) -> list[Piece]:
    """The whole text in pieces."""
    return _pieces(text, spans(text, words), 0, len(text))


def snippet(text: str, words: Iterable[Word]) -> list[Piece]:
    """A piece of the text round the first place, or its beginning where there is none."""
    found = spans(text, words)
    start = max(0, found[0][0] - BEFORE) if found else 0
    if len(text) <= WHOLE:
        start = 0
    end = min(len(text), start + WHOLE)
    pieces = _pieces(text, found, start, end)
    ends = [("", CUT)[start > 0], ("", CUT)[end < len(text)]]
    return [*([(ends[0], False)] if ends[0] else []), *pieces, *([(ends[1], False)] if ends[1] else [])]


def _pieces(text: str, found: Iterable[tuple[int, int]], start: int, end: int) -> list[Piece]:
    pieces: list[Piece] = []
    for first, last in found:
        first, last = max(first, start), min(last, end)
        if first >= last:
            continue
        if first > start:
            pieces.append((text[start:first], False))
        pieces.append((text[first:last], True))
        start = last
    if start < end:
        pieces.append((text[start:end], False))
    return pieces
