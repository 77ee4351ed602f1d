"""公开答复: a reply that was sent, published in redacted words (art. 44): why, how a version stands, what acts do to it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .casefile import CaseFile, Entry

PROPOSED, PUBLISHED, RETURNED, WITHDRAWN, REPLACED = (
    "proposed", "published", "returned", "withdrawn", "replaced",
)  # fmt: skip
STATES: dict[str, str] = {
    PROPOSED: "待批准",
    PUBLISHED: "已公开",
    RETURNED: "已退回",
    WITHDRAWN: "已撤下",
    REPLACED: "已换新版",
}


@dataclass(frozen=True)
class Ground:
    """Why a reply is published: the words and the article, "" where it is the office's own choice."""

    label: str
    article: str


GROUNDS: dict[str, Ground] = {
    "several": Ground("多个申请人申请相同的信息", "第四十四条第一款"),
    "suggested": Ground("申请人建议主动公开，经审核属于主动公开范围", "第四十四条第二款"),
    "proactive": Ground("属于应当主动公开的信息", "第十九、二十条"),
    "useful": Ground("经常有人询问，公开可以少申请一次", ""),
}

# The results of which others have most to read; any other reply may be published too
SUGGESTED = frozenset({"granted", "partial"})


@dataclass(frozen=True)
class Publishing:
    """One version of what is published of a case, by the id of its row: never changed, only judged."""

    id: int
    version: int
    by: int | None  # who proposed it
    state: str = PROPOSED
    on: date | None = None  # the day it was approved


def current(versions: list[Publishing], state: str) -> Publishing | None:
    """The version that is proposed or published; there is one of each at most."""
    return next((version for version in versions if version.state == state), None)


def _judged(versions: list[Publishing], which: Callable[[Publishing], bool], state: str) -> None:
    for index, version in enumerate(versions):
        if which(version):
            versions[index] = replace(version, state=state)


def _proposed(case: CaseFile, e: Entry) -> None:
    case.publications.append(Publishing(e.details["publication"], e.details["version"], e.actor_id))


def _approved(case: CaseFile, e: Entry) -> None:
    _judged(case.publications, lambda v: v.state == PUBLISHED, REPLACED)
    for index, version in enumerate(case.publications):
        if version.version == e.details["version"]:
            case.publications[index] = replace(version, state=PUBLISHED, on=e.on)


def _refused(case: CaseFile, e: Entry) -> None:
    _judged(case.publications, lambda v: v.version == e.details["version"], RETURNED)


def _withdrawn(case: CaseFile, e: Entry) -> None:
    _judged(case.publications, lambda v: v.version == e.details["version"], WITHDRAWN)


def take_down(case: CaseFile) -> None:
    """The reply is no more: what was published of it isn't either, and what was proposed is not decided."""
    drop_proposal(case)
    _judged(case.publications, lambda v: v.state == PUBLISHED, WITHDRAWN)


def drop_proposal(case: CaseFile) -> None:
    """What was proposed will not be decided."""
    _judged(case.publications, lambda v: v.state == PROPOSED, RETURNED)


PUBLISHING: dict[str, Callable[[CaseFile, Entry], None]] = {
    "propose_publication": _proposed,
    "approve_publication": _approved,
    "refuse_publication": _refused,
    "withdraw_publication": _withdrawn,
}
