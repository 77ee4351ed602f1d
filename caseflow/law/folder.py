"""The folder of a case (案卷): the kinds of paper in their order, and what it can't be archived without."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from . import secrecy
from .casefile import CaseFile
from .letters import BY_CODE as LETTERS

# In the order of the folder (卷内目录)
KINDS: dict[str, str] = {
    "request": "申请材料",
    "receipt": "收到凭据",
    "opinion": "征求意见材料",
    "working": "工作底稿",
    "review": "保密审查表",
    "reply": "答复文书",
    "released": "公开的信息",
    "dispatch": "发出凭据",
    "delivery": "送达凭据",
    "other": "其他材料",
}


@dataclass(frozen=True)
class Missing:
    """What a folder lacks: its name, the kind of file that would be it, and whether a letter would be, too."""

    name: str
    kind: str
    letter: bool = True


def missing(case: CaseFile) -> list[Missing]:
    """What a case that was closed here lacks; history brought in by a ledger lacks nothing (art. 45)."""
    if case.closed is None or case.closed_by_ledger:
        return []
    lacks = []
    if case.closed_by in {"reply", "lapsed"} and not (_decided(case) or _filed(case, "reply")):
        told = "答复文书" if case.replied else "不再处理告知书"
        lacks.append(Missing(told, "reply"))
    if case.replied and not (case.dispatch_proven or _filed(case, "dispatch", "delivery")):
        lacks.append(Missing("发出凭据", "dispatch", letter=False))
    if case.result in secrecy.LETS_OUT and not (_reviewed(case) or _filed(case, "review")):
        lacks.append(Missing("保密审查表", "review"))
    return lacks


def desk_notes(filings: Iterable[Mapping[str, Any]]) -> set[int]:
    """The notes that only the desk reads, of what events tell of files: those of files that are all for it alone.

    Such a note tells what is in them.
    """
    filed = [details for details in filings if details.get("documents") and details.get("note")]
    return {d["note"]["id"] for d in filed if all(document["desk_only"] for document in d["documents"])}


def _filed(case: CaseFile, *kinds: str) -> bool:
    return any(kind in kinds for n, kind in case.documents.items() if n not in case.outdated)


def _decided(case: CaseFile) -> bool:
    """Whether the letter that tells this very result was issued, with the remedies that it has."""
    told = [LETTERS[issued.kind] for issued in case.letters.values() if issued.about == case.decided_at]
    return any(letter.decides and letter.result == case.result for letter in told)


def _reviewed(case: CaseFile) -> bool:
    return case.secrecy is not None and ("secrecy", case.secrecy.seq) in case.letters
