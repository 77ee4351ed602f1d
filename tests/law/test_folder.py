"""What the folder of a case can't be archived without (art. 45)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from caseflow.law.folder import KINDS, missing
from caseflow.law.replay import replay
from tests.law.histories import Told, accepted, case, history, registered

ON = "周一 2026-10-12"
SEAL = {"note": {"id": 1}}  # a proof was typed
REVIEW: Told = ("review_secrecy", ON, {"conclusion": "open"})


def replied(result: str = "granted", proof: bool = False) -> tuple[Told, ...]:
    draft: Told = ("draft_reply", ON, {"result": result})
    return (
        registered(),
        accepted(),
        draft,
        REVIEW,
        ("approve_reply", ON),
        ("send_reply", ON, SEAL if proof else {}),
    )


def letter(kind: str, about: int) -> Told:
    return "issue_letter", ON, {"kind": kind, "about": about, "number": "第1号", "version": 1}


def files(*kinds: str) -> Told:
    return "add_files", ON, {"documents": [{"n": n, "kind": kind} for n, kind in enumerate(kinds, 1)]}


def names(*steps: Told) -> list[str]:
    return [paper.name for paper in missing(case(*steps))]


ALL = ["答复文书", "发出凭据", "保密审查表"]


@pytest.mark.parametrize(
    ("papers", "still"),
    [
        ((), ALL),
        ((letter("reply_granted", 3),), ["发出凭据", "保密审查表"]),
        ((letter("secrecy", 4),), ["答复文书", "发出凭据"]),
        ((files("reply", "dispatch", "review"),), []),  # what was signed on paper and scanned
        ((files("delivery"),), ["答复文书", "保密审查表"]),  # what was received was sent
        ((files("working", "released", "other"),), ALL),
        ((letter("receipt", 1),), ALL),
        ((("deliver_reply", ON, SEAL),), ["答复文书", "保密审查表"]),
        ((("deliver_reply", ON),), ALL),
    ],
)
def test_reply_proof_of_sending_and_review_form_belong_in_the_folder(
    papers: tuple[Told, ...], still: list[str]
) -> None:
    assert names(*replied(), *papers) == still


def test_a_proof_typed_with_the_sending_is_one() -> None:
    assert names(*replied(proof=True)) == ["答复文书", "保密审查表"]


def test_what_came_back_needs_the_proof_of_its_second_sending() -> None:
    again = (*replied(proof=True), ("return_reply", ON), ("resend_reply", ON))
    assert "发出凭据" in names(*again)
    assert "发出凭据" not in names(*again[:-1], ("resend_reply", ON, SEAL))


def test_a_refusal_needs_no_review_form() -> None:
    assert names(*replied("refused_process")) == ["答复文书", "发出凭据"]


def test_the_letter_of_a_voided_reply_is_not_that_of_the_next() -> None:
    first = (*replied(proof=True), letter("reply_granted", 3), letter("secrecy", 4))
    assert names(*first) == []
    anew = (
        *first,
        ("void_reply", ON),
        ("draft_reply", ON, {"result": "granted"}),
        REVIEW,
        ("approve_reply", ON),
    )
    assert names(*anew, ("send_reply", ON, SEAL)) == ["答复文书", "保密审查表"]


def test_what_the_applicant_let_lapse_was_told_them() -> None:
    asked: Told = ("request_correction", "周一 2026-09-28", {})
    lapsed = (registered(), asked, ("lapse_correction", ON, {"result": "other_correction_lapsed"}))
    assert names(*lapsed) == ["不再处理告知书"]
    assert names(*lapsed, letter("not_further_correction", 3)) == []


def test_a_withdrawal_and_what_a_ledger_closed_lack_nothing() -> None:
    assert names(registered(), ("withdraw", ON)) == []
    entries = history(*replied())
    assert missing(replay([*entries[:-1], replace(entries[-1], ledger=True)])) == []


def test_every_kind_named_as_missing_can_be_filed() -> None:
    assert {paper.kind for paper in missing(case(*replied()))} <= set(KINDS)


def test_papers_of_a_voided_reply_are_not_those_of_the_next() -> None:
    """Scans as well as letters: what was filed before it was voided tells another story."""
    first = (
        *replied(proof=True),
        letter("reply_granted", 3),
        letter("secrecy", 4),
        files("reply", "dispatch", "review"),
    )
    anew: tuple[Told, ...] = (
        *first, ("void_reply", ON), ("draft_reply", ON, {"result": "refused_process"}), ("approve_reply", ON),
        ("send_reply", ON),
    )  # fmt: skip
    assert names(*anew) == ["答复文书", "发出凭据"]
    draft = len(anew) - 2
    filed: Told = ("add_files", ON, {"documents": [{"n": 9, "kind": "dispatch"}]})
    assert names(*anew, letter("reply_process", draft), filed) == []


def test_a_draft_sent_back_takes_its_letter_and_its_review_with_it() -> None:
    draft: Told = ("draft_reply", ON, {"result": "granted"})
    before = (
        registered(),
        accepted(),
        draft,
        REVIEW,
        ("approve_reply", ON),
        letter("reply_granted", 3),
        letter("secrecy", 4),
    )
    file = case(*before, letter("receipt", 1), ("send_back", ON))
    assert list(file.letters) == [("receipt", 1)]


def test_the_letter_of_another_result_does_not_tell_this_one() -> None:
    """Corrected afterwards, the result has other remedies than the letter that was sent."""
    wrong = (*replied("unavailable_not_held", proof=True), letter("reply_not_exist", 3))
    assert names(*wrong) == []
    fix: Told = ("correct", ON, {"target": 6, "changes": {"result": "refused_process"}, "old": {}})
    assert names(*wrong, fix) == ["答复文书"]
    assert names(*wrong, fix, letter("reply_process", 3)) == []
