"""The remedies paragraph (救济途径) of a decision, by its result and the day it is made.

From 2024-01-01 (行政复议法 2023, 第二十三条第一款第四项) whoever is refused under 条例 14, 15 or 16 goes to
administrative reconsideration first, and the decision must say so (第二款); what was decided before, and every
other result, leaves the choice between reconsideration and a suit. The refused part of a partial release is
a refusal like any other; a matter of 行政查询 (条例 36, item 7) is none.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from .outcomes import BY_CODE

REVIEW_FIRST_FROM = date(2024, 1, 1)
NOT_A_REFUSAL = "refused_administrative_inquiry"  # 条例 36(7): another law's own way to the information

# Calendar terms of the two laws: 60 days (行政复议法 20), 6 months (行政诉讼法 46), 15 days (行政诉讼法 45)
CHOICE = "自收到本{paper}之日起六十日内向{organ}申请行政复议，或者在六个月内直接向{court}提起行政诉讼"
REVIEW_FIRST = (
    "应当自收到本{paper}之日起六十日内先向{organ}申请行政复议；"
    "对行政复议决定不服的，可以自收到行政复议决定书之日起十五日内向{court}提起行政诉讼"
)
BASIS = "（《中华人民共和国行政复议法》第二十三条）"


@dataclass(frozen=True)
class Where:
    """Where an office's decisions are challenged."""

    organ: str  # the organ of reconsideration
    court: str
    channel: str = ""  # online reconsideration (行政复议法 22, second paragraph)


def reviewed_first(result: str, decided: date) -> bool:
    """Whether a decision must be reconsidered before it can be sued over. Raises KeyError."""
    refused = BY_CODE[result].group == "不予公开" and result != NOT_A_REFUSAL
    return refused and decided >= REVIEW_FIRST_FROM


def remedies(result: str, decided: date, where: Where, *, online: bool = False, paper: str = "答复书") -> str:
    """The sentence on remedies for a result decided on a day.

    ``online``: the decision is served over the internet, so it names the way to apply online too. Raises
    KeyError for an unknown result, ValueError where organ, court or that way are not known.
    """
    if not where.organ or not where.court:
        raise ValueError("行政复议机关、人民法院")
    words = {"paper": paper, "organ": where.organ, "court": where.court}
    if result == "partial" and decided >= REVIEW_FIRST_FROM:
        said = (
            f"如对本{paper}中不予公开的部分不服，{REVIEW_FIRST.format(**words)}{BASIS}。"
            f"如对其他部分不服，可以{CHOICE.format(**words)}。"
        )
    elif reviewed_first(result, decided):
        said = f"如对本{paper}不服，{REVIEW_FIRST.format(**words)}{BASIS}。"
    else:
        said = f"如对本{paper}不服，可以{CHOICE.format(**words)}。"
    return said + _online(where) if online else said


def _online(where: Where) -> str:
    if not where.channel:
        raise ValueError("网上申请行政复议的途径")
    return f"申请行政复议，也可以通过{where.channel}提出。"
