"""From events to the case, and corrections (更正) laid over what they correct.

An entry declared void (作废) by a correction does nothing; its number is never given again.

Stages replay in order of ``seq``, clock facts in order of ``on``. The case row, ``verify`` and the
tests all use this one replay.
"""

from __future__ import annotations

from collections.abc import Container, Iterable
from dataclasses import replace

from .casefile import CaseFile, Details, Entry, day
from .effects import EFFECTS
from .overseen import OVERSEEN
from .publishing import PUBLISHING

# What happens to the record, not to the case
OF_THE_RECORD = frozenset({"correct", "redate", "mask_personal"})
# Papers that go with it: the day on which one is filed says nothing of the case's own course
PAPERS = frozenset({"add_files", "issue_letter", "change_contact", "open_letter"})
# What is said of its handling from above: no step of the case's own course either
OVERSIGHT = frozenset(OVERSEEN)
# What others are told of its reply afterwards: nor this
TOLD_TO_ALL = frozenset(PUBLISHING)
ASIDE = OF_THE_RECORD | PAPERS | OVERSIGHT | TOLD_TO_ALL


def replay(entries: Iterable[Entry]) -> CaseFile:
    """The case after all its events. Raises KeyError for an act that is not in the table."""
    case = CaseFile()
    for entry in corrected(entries):
        advance(case, entry)
    return case


def advance(case: CaseFile, entry: Entry) -> None:
    """One event further. Raises KeyError for an act that is not in the table."""
    EFFECTS[entry.act](case, entry)
    case.seq = entry.seq
    if entry.act not in ASIDE:
        case.latest = max(case.latest or entry.on, entry.on)


def corrected(entries: Iterable[Entry]) -> list[Entry]:
    """The entries by ``seq`` with later corrections (更正) laid over the ones they name, the void left out."""
    ordered = laid_over(entries)
    void = voided(ordered)
    return [entry for entry in ordered if entry.seq not in void] if void else ordered


def laid_over(entries: Iterable[Entry]) -> list[Entry]:
    """The same with the void ones among them: what a history shows."""
    ordered = sorted(entries, key=lambda e: e.seq)
    for fix in (e for e in ordered if e.act == "correct"):
        for index, entry in enumerate(ordered):
            if entry.seq == fix.details["target"]:
                ordered[index] = _with(entry, fix.details["changes"])
    return ordered


def voided(entries: Iterable[Entry]) -> dict[int, Entry]:
    """The numbers of the entries declared void, each with the correction that says so."""
    return {
        e.details["target"]: e for e in entries if e.act == "correct" and e.details["changes"].get("void")
    }


CONSULTS = frozenset({"consult_third_party", "consult_joint_organ"})
OPENS = frozenset({"open_proceeding"})


def next_number(entries: Iterable[Entry], acts: Container[str]) -> int:
    """The number for a further one of a case's CONSULTS or OPENS; a void one's isn't given again."""
    return 1 + sum(entry.act in acts for entry in entries)


def _with(entry: Entry, changes: Details) -> Entry:
    on = day(changes["on"]) if "on" in changes else None
    rest = {key: value for key, value in changes.items() if key not in {"on", "void"}}
    return replace(entry, on=on or entry.on, details={**entry.details, **rest})
