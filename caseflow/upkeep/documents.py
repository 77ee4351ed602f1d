"""Whether the files and the official letters of a case are those that its events tell of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Row

from ..stages import masking
from ..stages.papers import sealed


def masked(events: Iterable[Row[Any]], what: str) -> frozenset[int]:
    """Those of ``what`` (forms, notes, letters, documents) that the events say were masked (隐去)."""
    told = [event.details.get(what) for event in events if event.act == masking.ACT]
    return frozenset(key for keys in told if isinstance(keys, list) for key in keys if isinstance(key, int))


def unmasked(values: Mapping[str, Any], mask: Mapping[str, Any]) -> str:
    """What is wrong with a row that was masked, "" if nothing."""
    wrong = [name for name, value in values.items() if name in mask and value != mask[name]]
    return f"个人信息已经隐去，{'、'.join(wrong)} 里却又有内容" if wrong else ""


def differences(events: Sequence[Row[Any]], rows: Iterable[Row[Any]]) -> Iterator[str]:
    """Each file of a case that differs from what its event says, by its number in the case."""
    told: dict[int, dict[str, Any]] = {}
    for event in events:
        if event.act == "add_files":
            try:
                told |= {document["n"]: document for document in event.details["documents"]}
            except (LookupError, TypeError):
                yield f"第 {event.seq} 个事件说的材料读不懂"
    kept, gone = {row.n: row for row in rows}, masked(events, "documents")
    for n in sorted(told.keys() | kept.keys(), key=lambda n: (len(str(n)), str(n))):
        if n not in kept:
            yield f"材料 {n}：已不存在"
        elif n not in told:
            yield f"材料 {n}：没有事件提到它"
        else:
            yield from _differs(f"材料 {n}", kept[n], sealed(kept[n]), told[n], n in gone, masking.DOCUMENT)


def _differs(
    name: str,
    row: Any,
    stands: Mapping[str, Any],
    told: Mapping[str, Any],
    gone: bool,
    mask: Mapping[str, Any],
) -> Iterator[str]:
    """Where a row differs from its event; what was masked is to hold the mask, whatever the event told of it."""
    for column, value in stands.items():
        if value != told.get(column) and not (gone and column in mask):
            yield f"{name} {column}：行内 {value}，事件里 {told.get(column)}"
    if gone and (why := unmasked({name: getattr(row, name) for name in mask}, mask)):
        yield f"{name}：{why}"


# Of its row what the event itself says, by the event's column
OF_EVENT = {"issued_on": "on", "issued_by": "actor_id"}
LETTER = ("kind", "about", "number", "version", "sha256")  # what the event of an issue keeps of its row


def letters(events: Sequence[Row[Any]], rows: Iterable[Row[Any]]) -> Iterator[str]:
    """Each issued letter of a case that differs from what its event says, by its number and version."""
    kept, gone = {row.id: row for row in rows}, masked(events, "letters")
    told = {e.details.get("letter"): e for e in events if e.act == "issue_letter"}
    for key, event in told.items():
        name = f"文书 {event.details.get('number')} 第 {event.details.get('version')} 版"
        if key not in kept:
            yield f"{name}：已不存在"
            continue
        stands = {column: getattr(kept[key], column) for column in LETTER}
        yield from _differs(name, kept[key], stands, event.details, key in gone, masking.LETTER)
        yield from _misdated(name, kept[key], event)
    for key in sorted(kept.keys() - told.keys()):
        yield f"文书 {kept[key].number} 第 {kept[key].version} 版：没有事件提到它"


def _misdated(name: str, row: Any, event: Row[Any]) -> Iterator[str]:
    """Where a letter's day, its clerk or the parts of its number are not those of its issue."""
    for column, said in OF_EVENT.items():
        stands, told = getattr(row, column), getattr(event, said)
        if stands != told:
            yield f"{name} {column}：行内 {stands}，事件里 {told}"
    tail, number = f"{row.series}〔{row.year}〕第{row.n}号", event.details.get("number")
    if not str(number).endswith(tail):
        yield f"{name} 编号：行内 {tail}，事件里 {number}"
