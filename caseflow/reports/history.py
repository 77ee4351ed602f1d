"""The record in plain sentences: one line an act."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from ..law.casefile import Entry
from ..law.replay import CONSULTS, laid_over, voided
from ..law.words import with_weekday
from ..law.workdays import Calendar
from ..models import Event, Note
from .sentences import SENTENCES, Telling

SOURCES = {"ledger": "台账导入", "counter": "申请人在网上办理"}


@dataclass(frozen=True)
class Line:
    """One line of the history."""

    seq: int
    day: str
    sentence: str
    effect: str
    void: str = ""  # by whom and why it was declared void (作废)


def lines(
    events: list[Event],
    notes: Mapping[int, Note],
    names: Mapping[int, str],
    applicant: str,
    today: date,
    calendar: Calendar,
) -> list[Line]:
    """The history, newest first; a corrected day or result shows as corrected, its own line says how.

    What was declared void keeps its line and says so.
    """
    entries = laid_over(Entry(e.seq, e.act, e.on, e.details, e.actor_id) for e in events)
    told, void = {e.seq: e for e in entries}, voided(entries)
    asked = {e.details["n"]: e.act for e in entries if e.act in CONSULTS and "n" in e.details}
    fee_came = any(e.act == "deliver_fee_notice" and e.seq not in void for e in entries)
    found = []
    for event in reversed(events):
        reference = event.details.get("note") or {}
        note = notes.get(reference.get("id", 0))
        who = names.get(event.actor_id or 0, "") if event.source == "desk" else ""
        t = Telling(told[event.seq], who, note, applicant, today, calendar, asked, fee_came)
        day, sentence = with_weekday(t.entry.on, today), SENTENCES[event.act](t)
        dropped = _void(void[event.seq], notes, names) if event.seq in void else ""
        found.append(Line(event.seq, day, sentence, _effect(t, event), dropped))
    return found


def _void(fix: Entry, notes: Mapping[int, Note], names: Mapping[int, str]) -> str:
    note = notes.get((fix.details.get("note") or {}).get("id", 0))
    by = f"{names.get(fix.actor_id or 0, '')}作废，见第 {fix.seq} 条"
    return f"已作废：{by}" + (f"，{note.text}" if note else "")


def _effect(t: Telling, event: Event) -> str:
    said = t.note.text if t.note else ""
    parts = [said, f"条例{t.article}" if t.article else "", SOURCES.get(event.source, "")]
    return " · ".join(p for p in parts if p)
