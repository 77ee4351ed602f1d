"""保密审查 (art. 17): what is released was looked at by three people first."""

from __future__ import annotations

import pytest

from caseflow.law.outcomes import OUTCOMES
from caseflow.law.secrecy import CONCLUSIONS, LETS_OUT, SecrecyReview, disorder, refusal
from tests.law.days import day
from tests.law.histories import accepted, case, iso, registered


@pytest.mark.parametrize("outcome", [o for o in OUTCOMES if not o.closes_without_reply], ids=lambda o: o.code)
def test_a_reply_that_releases_anything_needs_its_review_and_no_other_does(outcome) -> None:
    releases = outcome.code in {"granted", "partial"}
    assert bool(refusal(outcome.code, None)) is releases


@pytest.mark.parametrize("conclusion", CONCLUSIONS)
@pytest.mark.parametrize("result", LETS_OUT)
def test_no_more_goes_out_than_the_review_let_out(result: str, conclusion: str) -> None:
    lawful = {("granted", "open"), ("partial", "open"), ("partial", "partial")}
    why = refusal(result, SecrecyReview(conclusion, 4))
    assert (why == "") is ((result, conclusion) in lawful)
    assert not why or CONCLUSIONS[conclusion] in why


THREE = {"first_by": "王敏", "second_by": "陈晓", "final_by": "李建华"}


@pytest.mark.parametrize(
    ("first", "second", "final", "field"),
    [
        ("周一 2026-10-12", "周一 2026-10-12", "周一 2026-10-12", ""),
        ("周一 2026-10-12", "周二 2026-10-13", "周三 2026-10-14", ""),
        ("周二 2026-10-13", "周一 2026-10-12", "周三 2026-10-14", "second_on"),
        ("周一 2026-10-12", "周三 2026-10-14", "周二 2026-10-13", "on"),
    ],
)
def test_the_three_steps_follow_each_other(first: str, second: str, final: str, field: str) -> None:
    wrong = disorder({**THREE, "first_on": iso(first), "second_on": iso(second)}, day(final))
    assert (wrong[0] if wrong else "") == field


def test_nobody_signs_the_review_that_they_began() -> None:
    on = iso("周一 2026-10-12")
    wrong = disorder({**THREE, "final_by": "王敏", "first_on": on, "second_on": on}, day("周一 2026-10-12"))
    assert wrong == ("final_by", "初审和审签要由不同的人办理")


def test_a_draft_sent_back_and_a_reply_voided_are_reviewed_anew() -> None:
    drafted = (
        registered(), accepted(), ("draft_reply", "周一 2026-10-12", {"result": "granted"}),
        ("review_secrecy", "周一 2026-10-12", {"conclusion": "open"}),
    )  # fmt: skip
    assert case(*drafted).secrecy == SecrecyReview("open", 4)
    assert case(*drafted, ("send_back", "周二 2026-10-13")).secrecy is None
    sent = (*drafted, ("approve_reply", "周二 2026-10-13"), ("send_reply", "周三 2026-10-14"))
    assert case(*sent, ("void_reply", "周四 2026-10-15")).secrecy is None
