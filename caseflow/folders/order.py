"""The order of a folder (卷内目录): the kinds of file in theirs, and each letter before the files that belong to it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ..law.letters import LETTERS
from ..stages.papers import KINDS

DECISIONS = tuple(letter.code for letter in LETTERS if letter.decides)

# Before the files of a kind stand these letters
BEFORE: dict[str, tuple[str, ...]] = {
    "opinion": (
        "receipt", "correction", "reasons", "extension", "deferral",
        "third_party", "consulting", "joint_organ",
    ),
    "working": ("third_party_told", "fee"),
    "review": ("secrecy",),
    "reply": DECISIONS,
    "delivery": ("service",),
}  # fmt: skip


def _sequence(before: Mapping[str, tuple[str, ...]]) -> Iterator[tuple[str, str]]:
    for kind in KINDS:
        yield from (("letter", code) for code in before.get(kind, ()))
        yield "file", kind


def places(before: Mapping[str, tuple[str, ...]] = BEFORE) -> dict[tuple[str, str], int]:
    """The place of each kind of letter and file; all decisions share one. Raises ValueError for a letter without."""
    found = list(_sequence(before))
    if sorted(code for what, code in found if what == "letter") != sorted(letter.code for letter in LETTERS):
        raise ValueError("a letter has no place in the folder, or two")
    first = found.index(("letter", DECISIONS[0]))
    return {entry: first if entry[1] in DECISIONS else place for place, entry in enumerate(found)}


PLACES = places()
