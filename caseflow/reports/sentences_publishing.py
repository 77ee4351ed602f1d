"""公开答复 in the history of a case: a sentence an act."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from ..law.publishing import GROUNDS

if TYPE_CHECKING:
    from .sentences import Telling


def _proposed(t: Telling) -> str:
    files = f"，附文件 {len(t['files'])} 个" if t["files"] else ""
    return f"{t.who}提出公开答复第 {t['version']} 版：{GROUNDS[t['ground']].label}{files}，报负责人批准。"


PUBLISHING: dict[str, Callable[[Telling], str]] = {
    "propose_publication": _proposed,
    "approve_publication": lambda t: f"{t.who}批准公开第 {t['version']} 版，任何人都可以查阅。",
    "refuse_publication": lambda t: f"{t.who}退回公开答复第 {t['version']} 版。",
    "withdraw_publication": lambda t: f"{t.who}撤下公开的答复（第 {t['version']} 版）。",
}
