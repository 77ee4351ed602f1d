"""Have we answered this before: how many paraphrases are told, and how many strangers with them."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

from caseflow.demo import words
from caseflow.search.similar import SIMILAR, same_number, shared, terms, weigh

if TYPE_CHECKING:
    pass

PAIRS = [
    line.split("\t")
    for line in (Path(__file__).parent / "paraphrases.tsv").read_text(encoding="utf-8").splitlines()
]
RECALL, PRECISION = 0.87, 0.87  # as measured, and as the README has it
DAY = date(2026, 10, 22)


def strangers(count: int) -> list[str]:
    """What the demonstration's applicants ask for: the same places, other papers."""
    rng = Random(1)
    drawn = (
        (rng.choice(words.PLACES), rng.choice(words.SUBJECTS), rng.choice(words.PAPERS)) for _ in range(count)
    )
    asked = [earlier for earlier, _ in PAIRS]
    return [
        f"{place}{subject} {2015 + n % 10} 年度{paper}"
        for n, (place, subject, paper) in enumerate(drawn)
        if not any(place in one and paper[:4] in one for one in asked)  # it might well be the same
    ]


def test_paraphrases_are_found_and_strangers_are_not() -> None:
    known = [earlier for earlier, _ in PAIRS] + strangers(800)
    scale = weigh([(text, 1) for text in known], len(known))
    held = [terms(text) for text in known]
    right = wrong = 0
    for place, (_, again) in enumerate(PAIRS):
        for other, found in enumerate(held):
            if scale.likeness(terms(again), found) >= SIMILAR:
                right, wrong = right + (other == place), wrong + (other != place)
    assert len(PAIRS) >= 60
    assert right / len(PAIRS) >= RECALL
    assert right / (right + wrong) >= PRECISION


def test_why_two_requests_are_similar() -> None:
    assert shared("濠江路道路改造工程结算", "公开濠江路改造工程的结算报告") == [
        "路改造工程",
        "濠江路",
        "结算",
    ]
    assert shared("甲", "乙") == shared("", "乙") == []
    assert same_number("要狮建〔2020〕058号批复", "关于狮建[2020]第58号的") == "狮建〔2020〕58号"
    assert (
        same_number("狮建〔2020〕58号", "狮政〔2020〕58号")
        == same_number("狮建2020年58号", "狮建2020年58号")
        == ""
    )
