"""保密审查: the form that goes with a release, as an act of its own (art. 17)."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date

from ..law.secrecy import CONCLUSIONS, STEPS
from .desk import Work, acting, typed
from .errors import Refused


@dataclass(frozen=True)
class Reviewed:
    """Who looked first, second and last, and on which days; the last day is given with the act."""

    first_by: str
    first_on: date
    second_by: str
    second_on: date
    final_by: str


def review_secrecy(
    work: Work, case_id: int, seen: int, on: date, by: Reviewed, conclusion: str, note: str = ""
) -> None:
    """Record 初审、复审、审签 (on ``on``); a later review takes the place of an earlier one. Raises Refused."""
    if conclusion not in CONCLUSIONS:
        raise Refused("选择审查结论", "conclusion")
    with acting(work, case_id, seen, "review_secrecy", on) as case:
        told = asdict(by)
        for step, name in STEPS.items():
            field = f"{step}_by"
            told[field] = typed("reviewer", told[field].strip(), field)
            if not told[field]:
                raise Refused(f"填写{name}人", field)
        case.write({**told, "conclusion": conclusion}, note)
