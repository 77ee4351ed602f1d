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


@pytest.mark.parametrize(
    ("names", "field"),
    [
        (("王敏", "陈晓", "李建华"), ""),
        (("王敏", "陈晓", "王敏"), "final_by"),
        (("王敏", "陈晓", "王 敏"), "final_by"),
        (("王敏", "王敏", "李建华"), "second_by"),
        (("王敏", "陈晓", "陈　晓"), "final_by"),
    ],
)
def test_each_step_is_taken_by_somebody_else(names: tuple[str, str, str], field: str) -> None:
    on = iso("周一 2026-10-12")
    by = dict(zip(("first_by", "second_by", "final_by"), names, strict=True))
    wrong = disorder({**by, "first_on": on, "second_on": on}, day("周一 2026-10-12"))
    assert (wrong[0] if wrong else "") == field


def test_nothing_is_reviewed_before_the_request_came() -> None:
    on = iso("周五 2026-10-09")
    told = {**THREE, "first_on": on, "second_on": on}
    wrong = disorder(told, day("周一 2026-10-12"), received=day("周一 2026-10-12"))
    assert wrong == ("first_on", "初审日期不能早于收到申请之日")


def test_a_draft_sent_back_and_a_reply_voided_are_reviewed_anew() -> None:
    drafted = (
        registered(), accepted(), ("draft_reply", "周一 2026-10-12", {"result": "granted"}),
        ("review_secrecy", "周一 2026-10-12", {"conclusion": "open"}),
    )  # fmt: skip
    assert case(*drafted).secrecy == SecrecyReview("open", 4)
    assert case(*drafted, ("send_back", "周二 2026-10-13")).secrecy is None
    sent = (*drafted, ("approve_reply", "周二 2026-10-13"), ("send_reply", "周三 2026-10-14"))
    assert case(*sent, ("void_reply", "周四 2026-10-15")).secrecy is None
