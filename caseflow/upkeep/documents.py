"""Whether the files and the official letters of a case are those that its events tell of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import Row

from ..stages.papers import sealed


def differences(events: Iterable[Row[Any]], rows: Iterable[Row[Any]]) -> Iterator[str]:
    """Each file of a case that differs from what its event says, by its number in the case."""
    told: dict[int, dict[str, Any]] = {}
    for event in events:
        if event.act == "add_files":
            try:
                told |= {document["n"]: document for document in event.details["documents"]}
            except (LookupError, TypeError):
                yield f"第 {event.seq} 个事件说的材料读不懂"
    kept = {row.n: sealed(row) for row in rows}
    for n in sorted(told.keys() | kept.keys(), key=lambda n: (len(str(n)), str(n))):
        if n not in kept:
            yield f"材料 {n}：已不存在"
        elif n not in told:
            yield f"材料 {n}：没有事件提到它"
        else:
            for column, value in kept[n].items():
                if value != told[n].get(column):
                    yield f"材料 {n} {column}：行内 {value}，事件里 {told[n].get(column)}"


LETTER = ("kind", "about", "number", "version", "sha256")  # what the event of an issue keeps of its row


def letters(events: Iterable[Row[Any]], rows: Iterable[Row[Any]]) -> Iterator[str]:
    """Each issued letter of a case that differs from what its event says, by its number and version."""
    kept = {row.id: row for row in rows}
    told = {e.details.get("letter"): e for e in events if e.act == "issue_letter"}
    for key, event in told.items():
        name = f"文书 {event.details.get('number')} 第 {event.details.get('version')} 版"
        if key not in kept:
            yield f"{name}：已不存在"
            continue
        for column in LETTER:
            said, stands = event.details.get(column), getattr(kept[key], column)
            if said != stands:
                yield f"{name} {column}：行内 {stands}，事件里 {said}"
    for key in sorted(kept.keys() - told.keys()):
        yield f"文书 {kept[key].number} 第 {kept[key].version} 版：没有事件提到它"
