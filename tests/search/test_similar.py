"""Have we answered this before: how many paraphrases are told, and how many strangers with them."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from random import Random
from time import process_time
from typing import TYPE_CHECKING

import pytest

from caseflow.db import db
from caseflow.demo import words
from caseflow.search import similar
from caseflow.search.grams import words as asked
from caseflow.search.highlight import marked
from caseflow.search.similar import MOST_PIECES, SIMILAR, numbers, same_number, shared, terms, weigh
from caseflow.stages.checks import LIMITS

if TYPE_CHECKING:
    from tests.support.office import DeskOffice

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


def test_a_new_sample_is_taken_when_there_are_many_more_requests(office: DeskOffice) -> None:
    office.register(DAY, content="濠江路")
    first = similar.weights(db.session())
    assert (first.size, first.total) == (1, 1)
    office.register(DAY, content="凤山水库")
    similar.noticed(1)
    assert similar.weights(db.session()) is first
    similar.noticed(2)
    assert similar.weights(db.session()).total == 2


def both_name(one: str, other: str) -> str:
    """The 文号 that both texts name."""
    return same_number(numbers(one), numbers(other))


def test_why_two_requests_are_similar() -> None:
    assert shared("濠江路道路改造工程结算", "公开濠江路改造工程的结算报告") == [
        "路改造工程",
        "濠江路",
        "结算",
    ]
    assert shared("2020 年 3500 元的和 77", "的和 3500 元 2020 年 7 7") == ["2020", "3500"]
    assert shared("甲", "乙") == shared("", "乙") == []
    many = "，".join(chr(0x4E00 + n) + chr(0x6000 + n) * (n + 1) for n in range(MOST_PIECES + 9))
    assert len(shared(many, many)) == MOST_PIECES
    assert both_name("要狮建〔2020〕058号批复", "关于狮建[2020]第58号的") == "狮建〔2020〕58号"
    assert (
        both_name("闽政〔2019〕3号、狮建 【2020】 58 号", "狮建〔2020〕58号和闽政〔2019〕3号")
        == "狮建〔2020〕58号"
    )
    for other in (
        "狮政〔2020〕58号",
        "狮建〔2021〕58号",
        "狮建〔2020〕580号",
        "建〔2020〕58号",
        "狮建2020年58号",
    ):
        assert both_name("狮建〔2020〕58号", other) == both_name(other, "狮建〔2020〕58号") == "", other


# What once took seconds or minutes, over and over
HARD = {
    "figures": "3500.50 1 ", "noughts": "建" * 12 + "〔2020〕" + "0" * 4900, "blanks": "狮建〔2020〕" + " " * 4900,
    "numbers": "狮建〔2020〕58号", "one 汉字": "建", "two scripts": "建a", "brackets": "〔", "quotes": '"',
    "accents": "\u0301", "ligatures": "ﷺ", "no 汉字 twice": "".join(map(chr, range(0x4E00, 0x6200))),
}  # fmt: skip


@pytest.mark.parametrize("piece", HARD.values(), ids=HARD)
def test_no_request_takes_long_to_compare_however_it_is_typed(piece: str) -> None:
    content = (piece * LIMITS["content"])[: LIMITS["content"]]
    began = process_time()
    for other in (content, content[:-1] + "新"):
        both_name(content, other)
        marked(other, [word for shown in shared(content, other) for word in asked(f'"{shown}"')])
        marked(other, asked(content[:100]))
    assert process_time() - began < 1.5
