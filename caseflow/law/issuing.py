"""Which official letters can be issued on a case now, and about which of its entries."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from .casefile import CaseFile, Entry, Issued
from .letters import BY_CODE, LETTERS, Letter
from .replay import corrected

ANSWERS = "draft_reply"  # a reply is written once the lead has approved it
CONSULTED = frozenset({"granted", "partial"})


@dataclass(frozen=True)
class Offer:
    """A letter that may be issued about an entry; ``issued`` is the version that holds, if there is one."""

    letter: Letter
    about: Entry
    issued: Issued | None = None


def offers(file: CaseFile, entries: Iterable[Entry]) -> list[Offer]:
    """Every letter the case can issue, in the order of the table and of what they tell of.

    Nothing is offered before the legal receipt: every letter names that day.
    """
    if file.received is None:
        return []
    held = corrected(entries)
    return [
        Offer(letter, entry, file.letters.get((letter.code, entry.seq)))
        for letter in LETTERS
        for entry in _told_of(letter, held)
        if _stands(letter, file)
    ]


def _told_of(letter: Letter, entries: list[Entry]) -> list[Entry]:
    """The entries a letter may tell of: of consultations each, of anything else the last."""
    found = [entry for entry in entries if entry.act in letter.after]
    return found if any(act.startswith("consult_") for act in letter.after) else found[-1:]


def _stands(letter: Letter, file: CaseFile) -> bool:
    """Whether what the letter says holds on the case as it is."""
    draft = file.draft
    decided = file.result or (draft.result if draft and draft.approved else "")
    if ANSWERS in letter.after and not decided:
        return False
    if (
        letter.code == "receipt" and file.redo_of
    ):  # what came then is no request, but the decision on its reply
        return False
    if letter.code == "third_party_told":
        return decided in CONSULTED
    if letter.code == "service":
        return any(BY_CODE[kind].decides for kind, _ in file.letters)
    return not letter.result or letter.result == decided
