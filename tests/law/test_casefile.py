"""A case from its events: what each act does to it, and what a correction undoes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from caseflow.law.casefile import CaseFile, Entry, Issued, Proceeding, Reasons
from caseflow.law.effects import EFFECTS
from caseflow.law.facts import Consultation, Pause
from caseflow.law.publishing import Publishing
from caseflow.law.replay import replay
from caseflow.law.secrecy import SecrecyReview
from caseflow.law.supervision import Accountability, Watch
from caseflow.law.workdays import Calendar
from tests.law.days import CALENDAR, day
from tests.law.histories import (
    CLERK,
    LEAD,
    Told,
    accepted,
    case,
    due_of,
    history,
    iso,
    registered,
    unconfirmed,
)

DRAFT: Told = ("draft_reply", "周一 2026-10-12", {"result": "granted", "reply_no": "公开〔2026〕7号"})
REVIEWED: Told = ("review_secrecy", "周一 2026-10-12", {"conclusion": "open"})
APPROVED: Told = ("approve_reply", "周二 2026-10-13")
SENT: Told = ("send_reply", "周三 2026-10-14", {"how": "ems"})
REPLIED = (registered(), accepted(), DRAFT, APPROVED, SENT)
ASKED: Told = ("request_correction", "周一 2026-09-28", {"until": iso("周一 2026-10-19")})
SECOND_MONDAY = day("周一 2026-09-28")
FEE: Told = ("fee_notice", "周一 2026-09-28")
REASONS: Told = ("ask_reasons", "周一 2026-09-28", {"until": iso("周一 2026-10-19")})
CONSULTED: Told = ("consult_third_party", "周二 2026-09-29", {"n": 1})
EXTENDED: Told = ("approve_extension", "周二 2026-10-13", {"days": 5, "told": iso("周二 2026-10-13")})
WATCHED: Told = ("watch", "周一 2026-09-28", {"until": iso("周一 2026-10-19")})
OPENED: Told = ("open_proceeding", "周一 2026-11-02", {"n": 1, "kind": "reconsideration"})

CLOSED: Told = ("close_proceeding", "周一 2026-12-28", {"n": 1, "result": "corrected"})
CORRECTED = (*REPLIED, OPENED, CLOSED)
PROPOSED: Told = ("propose_publication", "周一 2026-11-02", {"publication": 5, "version": 1})
PUBLISHED: Told = ("approve_publication", "周二 2026-11-03", {"publication": 5, "version": 1})
PROPOSED_ANEW: Told = ("propose_publication", "周三 2026-11-04", {"publication": 8, "version": 2})
PUBLIC = Publishing(5, 1, CLERK, "published", day("周二 2026-11-03"))
PROCEEDING = Proceeding(
    1, "reconsideration", False, day("周一 2026-11-02"), day("周一 2026-12-28"), "corrected"
)  # fmt: skip


def told(**facts: Any) -> dict[str, Any]:
    return facts


# Every act: what went before it, the act, and what the case then says
EFFECT: dict[str, tuple[tuple[Told, ...], Told, dict[str, Any]]] = {
    "register": ((), registered(), told(stage="review", received=day("周一 2026-09-21"), channel="in_person")),
    "confirm_receipt": (
        (unconfirmed(),), ("confirm_receipt", "周三 2026-09-23"),
        told(stage="review", received=day("周三 2026-09-23")),
    ),
    "accept": ((registered(),), accepted(), told(stage="handle", handler_id=CLERK, handler="王敏")),
    "assign": (
        (registered(), accepted()), ("assign", "周三 2026-09-23", {"handler_id": 2, "handler": "陈晓"}),
        told(stage="handle", handler_id=2, handler="陈晓"),
    ),
    "request_correction": ((registered(),), ASKED, told(stage="review", is_open=True)),
    "receive_correction": (
        (registered(), ASKED), ("receive_correction", "周五 2026-10-16"), told(pending=None, stage="review"),
    ),
    "lapse_correction": (
        (registered(), ASKED),
        ("lapse_correction", "周二 2026-10-20", {"result": "other_correction_lapsed"}),
        told(stage="archive", closed_by="lapsed", result="other_correction_lapsed", replied=None),
    ),
    "fee_notice": (
        (registered(), accepted()), FEE, told(stage="handle", is_open=True, pending=Pause("fee", SECOND_MONDAY)),
    ),
    "deliver_fee_notice": (
        (registered(), accepted(), FEE), ("deliver_fee_notice", "周五 2026-10-09"),
        told(stage="handle", pending=Pause("fee", SECOND_MONDAY, told=day("周五 2026-10-09"))),
    ),
    "pay_fee": (
        (registered(), accepted(), FEE), ("pay_fee", "周五 2026-10-09"), told(pending=None, stage="handle"),
    ),
    "lapse_fee": (
        (registered(), accepted(), FEE), ("lapse_fee", "周五 2026-10-30", {"result": "other_fee_unpaid"}),
        told(stage="archive", closed_by="lapsed", result="other_fee_unpaid", replied=None, pending=None),
    ),
    "ask_reasons": (
        (registered(), accepted()), REASONS,
        told(stage="handle", pending=None, reasons=Reasons(SECOND_MONDAY, day("周一 2026-10-19"))),
    ),
    "receive_reasons": (
        (registered(), accepted(), REASONS), ("receive_reasons", "周五 2026-10-09"),
        told(reasons=Reasons(SECOND_MONDAY, day("周一 2026-10-19"), day("周五 2026-10-09")), deferred_to=None),
    ),
    "defer": (
        (registered(), accepted()), ("defer", "周一 2026-09-28", {"until": iso("周一 2026-11-30")}),
        told(deferred_to=day("周一 2026-11-30"), stage="handle", pending=None),
    ),
    "consult_joint_organ": (
        (registered(), accepted()), ("consult_joint_organ", "周一 2026-09-28", {"n": 1}),
        told(stage="handle", open_consultations=[(1, Consultation(SECOND_MONDAY, party="joint_organ"))]),
    ),
    "consult_third_party": (
        (registered(), accepted()), CONSULTED, told(stage="handle", is_open=True),
    ),
    "deliver_consultation": (
        (registered(), accepted(), CONSULTED), ("deliver_consultation", "周三 2026-09-30", {"n": 1}),
        told(stage="handle"),
    ),
    "record_opinion": (
        (registered(), accepted(), CONSULTED), ("record_opinion", "周五 2026-10-09", {"n": 1}),
        told(open_consultations=[]),
    ),
    "ask_extension": (
        (registered(), accepted()), ("ask_extension", "周一 2026-10-12", {"days": 5}),
        told(extension_asked=5, extensions=[]),
    ),
    "approve_extension": (
        (registered(), accepted(), ("ask_extension", "周一 2026-10-12", {"days": 10})), EXTENDED,
        told(extension_asked=0),
    ),
    "refuse_extension": (
        (registered(), accepted(), ("ask_extension", "周一 2026-10-12", {"days": 10})),
        ("refuse_extension", "周二 2026-10-13"), told(extension_asked=0, extensions=[]),
    ),
    "draft_reply": ((registered(), accepted()), DRAFT, told(stage="reply", result="", is_open=True)),
    "review_secrecy": (
        (registered(), accepted(), DRAFT), ("review_secrecy", "周一 2026-10-12", {"conclusion": "partial"}),
        told(stage="reply", secrecy=SecrecyReview("partial", 4)),
    ),
    "approve_reply": ((registered(), accepted(), DRAFT), APPROVED, told(stage="reply", replied=None)),
    "send_back": (
        (registered(), accepted(), DRAFT, REVIEWED), ("send_back", "周二 2026-10-13"),
        told(stage="handle", draft=None, secrecy=None),
    ),
    "send_reply": (
        REPLIED[:-1], SENT,
        told(
            stage="archive", closed_by="reply", result="granted", replied=day("周三 2026-10-14"),
            closed=day("周三 2026-10-14"), reply_no="公开〔2026〕7号", draft=None, is_open=False,
        ),
    ),
    "deliver_reply": (
        REPLIED, ("deliver_reply", "周五 2026-10-16"),
        told(delivered=day("周五 2026-10-16"), replied=day("周三 2026-10-14"), stage="archive"),
    ),
    "return_reply": (
        REPLIED, ("return_reply", "周五 2026-10-16"),
        told(returned=day("周五 2026-10-16"), replied=day("周三 2026-10-14"), delivered=None, stage="archive"),
    ),
    "resend_reply": (
        (*REPLIED, ("return_reply", "周五 2026-10-16")), ("resend_reply", "周一 2026-10-19"),
        told(
            returned=None, sent_again=day("周一 2026-10-19"), replied=day("周三 2026-10-14"),
            closed=day("周三 2026-10-14"),
        ),
    ),
    "withdraw": (
        (registered(), accepted()), ("withdraw", "周一 2026-09-28"),
        told(stage="archive", closed_by="withdrawn", result="other", replied=None),
    ),
    "archive": (REPLIED, ("archive", "周五 2026-10-30"), told(stage="archived", archived=day("周五 2026-10-30"))),
    "open_proceeding": (REPLIED, OPENED, told(stage="archive", result="granted")),
    "appeal_proceeding": (
        (*REPLIED, ("open_proceeding", "周一 2026-11-02", {"n": 1, "kind": "suit"})),
        ("appeal_proceeding", "周五 2026-12-04", {"n": 1}),
        told(
            stage="archive", result="granted",
            proceedings=[Proceeding(1, "suit", False, day("周一 2026-11-02"), appealed=day("周五 2026-12-04"))],
        ),
    ),
    "close_proceeding": (
        (*REPLIED, OPENED), ("close_proceeding", "周一 2026-12-28", {"n": 1, "result": "corrected"}),
        told(stage="archive", result="granted"),
    ),
    "redo_reply": (
        CORRECTED, ("redo_reply", "周一 2027-01-04", {"n": 1, "other": 9, "number": "2027-1"}),
        told(stage="archive", result="granted", proceedings=[replace(PROCEEDING, redone=9)], new_year=2026),
    ),
    "link_case": (
        REPLIED, ("link_case", "周一 2026-11-02", {"other": 9, "number": "2026-7", "office": "市住建局"}),
        told(stage="archive", result="granted", links=[(9, "not_ours")]),
    ),
    # what others are told afterwards says nothing of the case's own course
    "propose_publication": (
        REPLIED, PROPOSED, told(proposed=Publishing(5, 1, CLERK), published=None, latest=day("周三 2026-10-14")),
    ),
    "approve_publication": (
        (*REPLIED, PROPOSED, PUBLISHED, PROPOSED_ANEW),
        ("approve_publication", "周五 2026-11-06", {"publication": 8, "version": 2}),
        told(
            publications=[
                replace(PUBLIC, state="replaced"), Publishing(8, 2, CLERK, "published", day("周五 2026-11-06")),
            ],
        ),
    ),
    "refuse_publication": (
        (*REPLIED, PROPOSED, PUBLISHED, PROPOSED_ANEW),
        ("refuse_publication", "周五 2026-11-06", {"publication": 8, "version": 2}),
        told(publications=[PUBLIC, Publishing(8, 2, CLERK, "returned")], published=PUBLIC, proposed=None),
    ),
    "withdraw_publication": (
        (*REPLIED, PROPOSED, PUBLISHED, PROPOSED_ANEW),
        ("withdraw_publication", "周五 2026-11-06", {"publication": 5, "version": 1}),
        told(publications=[replace(PUBLIC, state="withdrawn"), Publishing(8, 2, CLERK)]),
    ),
    "issue_letter": (
        REPLIED, ("issue_letter", "周一 2026-11-02", {"kind": "receipt", "about": 1, "number": "狮政公开回〔2026〕第1号", "version": 2}),
        told(
            letters={("receipt", 1): Issued("receipt", 1, "狮政公开回〔2026〕第1号", 2, day("周一 2026-11-02"))},
            stage="archive", latest=day("周三 2026-10-14"),
        ),
    ),
    # filed late, on whatever day: it says nothing of the case's own course
    "add_files": (
        REPLIED, ("add_files", "周一 2026-11-02", {"documents": [{"n": 1, "kind": "request"}, {"n": 2, "kind": "dispatch"}]}),
        told(documents={1: "request", 2: "dispatch"}, stage="archive", latest=day("周三 2026-10-14")),
    ),
    # what is opened at the counter says nothing of the case's own course
    "open_letter": (
        REPLIED, ("open_letter", "周一 2026-11-02", {"letter": 1, "kind": "receipt"}),
        told(stage="archive", latest=day("周三 2026-10-14")),
    ),
    # where to reach the applicant is a version of their form: neither a step nor a fact of the case
    "change_contact": (
        REPLIED, ("change_contact", "周一 2026-11-02", {"changed": ["address"]}),
        told(stage="archive", latest=day("周三 2026-10-14")),
    ),
    "watch": (
        (registered(), accepted()), WATCHED,
        told(watched=Watch(3, SECOND_MONDAY, day("周一 2026-10-19")), latest=day("周二 2026-09-22"), stage="handle"),
    ),
    "answer_watch": (
        (registered(), accepted(), WATCHED), ("answer_watch", "周五 2026-10-09"),
        told(watched=None, watch=Watch(3, SECOND_MONDAY, day("周一 2026-10-19"), day("周五 2026-10-09"), 4)),
    ),
    "end_watch": (
        (registered(), accepted(), WATCHED), ("end_watch", "周五 2026-10-09"), told(watched=None, watch=None),
    ),
    "hold_accountable": (
        REPLIED, ("hold_accountable", "周一 2026-11-02", {"cause": "search", "measure": "explained"}),
        told(
            accountability=Accountability(6, day("周一 2026-11-02"), "search", "explained"), stage="archive",
            latest=day("周三 2026-10-14"),
        ),
    ),
    "void_reply": (
        (*REPLIED, ("deliver_reply", "周五 2026-10-16"), ("archive", "周五 2026-10-30"), PROPOSED, PUBLISHED, PROPOSED_ANEW),
        ("void_reply", "周五 2026-11-06"),
        told(
            publications=[replace(PUBLIC, state="withdrawn"), Publishing(8, 2, CLERK, "returned")],
            stage="handle", result="", replied=None, closed=None, closed_by="", delivered=None,
            archived=None, reply_no="", is_open=True,
        ),
    ),
    "mask_personal": (
        (*REPLIED, PROPOSED, PUBLISHED, PROPOSED_ANEW), ("mask_personal", "周一 2026-11-16", {"years": 1}),
        told(
            publications=[PUBLIC, Publishing(8, 2, CLERK, "returned")],
            masked=day("周一 2026-11-16"), masked_at=9, latest=day("周三 2026-10-14"), result="granted",
        ),
    ),
    # a new calendar moves the due day, not what happened: the case says nothing new
    "redate": (
        (registered(), accepted()), ("redate", "周一 2026-11-16", {"calendar": 2}),
        told(stage="handle", latest=day("周二 2026-09-22"), received=day("周一 2026-09-21")),
    ),
    "correct": (
        REPLIED, ("correct", "周一 2026-11-02", {"target": 5, "changes": {"on": iso("周二 2026-10-13")}}),
        told(replied=day("周二 2026-10-13"), stage="archive"),
    ),
}  # fmt: skip


@pytest.mark.parametrize("act", EFFECTS)
def test_each_act_does_to_the_case_what_the_table_says(act: str) -> None:
    before, step, expected = EFFECT[act]
    assert step[0] == act
    after = case(*before, step)
    assert {name: getattr(after, name) for name in expected} == expected
    assert after.seq == len(before) + 1
    if before:
        assert case(*before) != after, "the act left no trace"


def test_a_payment_meets_the_fee_and_a_correction_the_correction() -> None:
    both = (registered(), accepted(), ASKED, FEE)  # of a ledger: live work does one at a time
    paid = case(*both, ("pay_fee", "周五 2026-10-09"))
    assert [(p.kind, p.met) for p in paid.pauses] == [("correction", None), ("fee", day("周五 2026-10-09"))]
    assert case(*both, ("receive_correction", "周五 2026-10-09")).pending == Pause("fee", SECOND_MONDAY)


def test_an_opinion_leaves_the_organ_that_was_asked_as_it_was() -> None:
    joint: Told = ("consult_joint_organ", "周一 2026-09-28", {"n": 1})
    file = case(registered(), accepted(), joint, ("record_opinion", "周五 2026-10-09", {"n": 1}))
    assert file.consultations == [
        Consultation(SECOND_MONDAY, None, day("周五 2026-10-09"), party="joint_organ")
    ]


def test_an_internal_day_given_with_the_case_is_kept_until_another_is_given() -> None:
    given: Told = ("accept", "周二 2026-09-22", {"handler_id": 1, "internal_until": iso("周五 2026-10-09")})
    handed: Told = ("assign", "周三 2026-09-23", {"handler_id": 2})
    assert case(registered(), given).internal == (day("周二 2026-09-22"), day("周五 2026-10-09"))
    assert case(registered(), given, handed).internal == case(registered(), given).internal
    assert case(registered(), accepted()).internal is None


def test_an_unknown_act_is_not_passed_over() -> None:
    with pytest.raises(KeyError):
        case(registered(), ("shred", "周二 2026-09-22"))


# --- receipt and closing -----------------------------------------------------------------------------------


def test_before_both_sides_confirm_there_is_no_clock() -> None:
    waiting = case(unconfirmed())
    assert (waiting.stage, waiting.received, waiting.clock(CALENDAR)) == ("register", None, None)
    assert waiting.on_time(CALENDAR) is None


def test_a_request_withdrawn_before_its_legal_receipt_has_no_result() -> None:
    gone = case(unconfirmed(), ("withdraw", "周二 2026-09-22"))
    assert (gone.stage, gone.closed_by, gone.result) == ("archive", "not_received", "")


@pytest.mark.parametrize(
    ("sent", "on_time"), [("周五 2026-10-23", True), ("周一 2026-10-26", True), ("周二 2026-10-27", False)]
)
def test_a_reply_sent_on_day_20_is_on_time_and_on_day_21_late(sent: str, on_time: bool) -> None:
    replied = case(*REPLIED[:-1], ("send_reply", sent))
    assert due_of(replied) == day("周一 2026-10-26")
    assert replied.on_time(CALENDAR) is on_time


def test_the_day_of_sending_decides_not_those_of_drafting_and_delivery() -> None:
    late_draft = (registered(), accepted(), DRAFT, APPROVED)
    sent = ("send_reply", "周一 2026-10-26")
    assert case(*late_draft, sent, ("deliver_reply", "周五 2026-10-30")).on_time(CALENDAR) is True


def test_what_closed_without_a_reply_is_neither_on_time_nor_late() -> None:
    for act, details in (("withdraw", {}), ("lapse_correction", {"result": "other_correction_lapsed"})):
        closed = case(registered(), ASKED, (act, "周五 2026-12-25", details))
        assert closed.on_time(CALENDAR) is None


def test_a_ledger_row_that_lapsed_is_closed_without_a_reply() -> None:
    lapsed = case(registered(), accepted(), ("send_reply", "周五 2026-12-25", {"result": "other_fee_unpaid"}))
    assert (lapsed.closed_by, lapsed.replied, lapsed.result) == ("lapsed", None, "other_fee_unpaid")


def test_closing_drops_what_was_still_asked() -> None:
    asked = (registered(), accepted(), ("ask_extension", "周一 2026-10-12", {"days": 5}))
    assert case(*asked, ("withdraw", "周二 2026-10-13")).extension_asked == 0


def test_a_new_draft_after_a_voided_reply_has_its_own_result_and_number() -> None:
    again = case(
        *REPLIED, ("void_reply", "周一 2026-11-02"),
        ("draft_reply", "周二 2026-11-03", {"result": "partial"}), ("approve_reply", "周二 2026-11-03"),
        ("send_reply", "周三 2026-11-04", {"how": "email", "reply_no": "公开〔2026〕9号"}),
    )  # fmt: skip
    assert (again.result, again.replied, again.reply_no) == (
        "partial",
        day("周三 2026-11-04"),
        "公开〔2026〕9号",
    )
    assert again.on_time(CALENDAR) is False  # the term ran on: the first reply was none


def test_only_an_approved_draft_is_approved() -> None:
    drafted, approved = case(*REPLIED[:3]).draft, case(*REPLIED[:4]).draft
    assert drafted is not None
    assert approved is not None
    assert (drafted.approved, approved.approved, drafted.by) == (False, True, CLERK)
    assert case(*REPLIED[:4], ("send_back", "周二 2026-10-13"), DRAFT).draft == drafted


# --- the clock's facts -------------------------------------------------------------------------------------


def test_facts_count_by_the_day_they_happened_not_by_the_order_they_were_recorded() -> None:
    first: Told = ("consult_third_party", "周二 2026-09-22", {"n": 1})
    second: Told = ("consult_third_party", "周三 2026-09-30", {"n": 2})
    answered: list[Told] = [
        ("record_opinion", "周五 2026-10-09", {"n": 2}),
        ("record_opinion", "周四 2026-09-24", {"n": 1}),
    ]
    later: list[Told] = [
        ("consult_third_party", "周三 2026-09-30", {"n": 1}),
        ("consult_third_party", "周二 2026-09-22", {"n": 2}),
        ("record_opinion", "周四 2026-09-24", {"n": 2}),
        ("record_opinion", "周五 2026-10-09", {"n": 1}),
    ]
    one = case(registered(), accepted(), first, second, *answered)
    other = case(registered(), accepted(), *later)
    assert one.facts() == other.facts()
    assert due_of(one) == CALENDAR.add(day("周一 2026-10-26"), 2 + 2)


def test_an_opinion_ends_its_own_consultation_only() -> None:
    file = case(
        registered(), accepted(), CONSULTED, ("consult_third_party", "周三 2026-09-30", {"n": 2}),
        ("record_opinion", "周五 2026-10-09", {"n": 2, "delivered": iso("周四 2026-10-08")}),
    )  # fmt: skip
    assert [n for n, _ in file.open_consultations] == [1]
    assert file.consultations[1].delivered == day("周四 2026-10-08")


def test_the_delivery_recorded_before_stays_where_the_opinion_names_none() -> None:
    file = case(
        registered(), accepted(), CONSULTED, ("deliver_consultation", "周三 2026-09-30", {"n": 1}),
        ("record_opinion", "周五 2026-10-09", {"n": 1}),
    )  # fmt: skip
    assert file.consultations[0].delivered == day("周三 2026-09-30")


def test_the_rule_of_the_channel_explains_the_receipt() -> None:
    facts = case(registered(channel="letter", mail="ordinary")).facts()
    assert facts is not None
    assert (facts.receipt_why, facts.receipt_article) == ("平常信函，双方确认之日", "第三十一条第二项")


def test_proceedings_are_told_apart_by_their_number() -> None:
    suit: Told = (
        "open_proceeding", "周五 2026-12-04", {"n": 2, "kind": "suit", "after_reconsideration": True},
    )  # fmt: skip
    file = case(*REPLIED, OPENED, suit, ("close_proceeding", "周一 2026-12-28", {"n": 2, "result": "upheld"}))
    assert [(p.kind, p.after_reconsideration, p.closed, p.result) for p in file.proceedings] == [
        ("reconsideration", False, None, ""),
        ("suit", True, day("周一 2026-12-28"), "upheld"),
    ]


# --- corrections -------------------------------------------------------------------------------------------


def fix(target: int, **changes: Any) -> Told:
    return "correct", "周五 2026-12-04", {"target": target, "changes": changes}


def test_a_corrected_day_counts_as_if_it_had_been_right_from_the_first() -> None:
    late = (*REPLIED[:-1], ("send_reply", "周二 2026-10-27", {"how": "ems"}))
    assert case(*late).on_time(CALENDAR) is False
    assert case(*late, fix(5, on=iso("周一 2026-10-26"))).on_time(CALENDAR) is True


def test_a_corrected_result_changes_the_cell_and_nothing_else() -> None:
    file = case(*REPLIED, fix(5, result="partial"))
    before = case(*REPLIED)
    assert (file.result, file.replied, file.reply_no) == ("partial", before.replied, before.reply_no)


def test_the_last_correction_of_an_entry_wins() -> None:
    file = case(*REPLIED, fix(5, on=iso("周四 2026-10-15")), fix(5, on=iso("周五 2026-10-16")))
    assert file.replied == day("周五 2026-10-16")


def test_corrections_of_different_things_add_up() -> None:
    file = case(
        *REPLIED,
        fix(5, on=iso("周四 2026-10-15")),
        fix(5, result="partial"),
        fix(1, applicant_class="social"),
    )
    assert (file.replied, file.result, file.applicant_class) == (day("周四 2026-10-15"), "partial", "social")


def test_a_corrected_registration_may_know_the_receipt_that_was_confirmed_later() -> None:
    confirmed = (unconfirmed(), ("confirm_receipt", "周三 2026-09-23"))
    assert case(*confirmed).received == day("周三 2026-09-23")
    handed_in = fix(1, channel="in_person", received=iso("周一 2026-09-21"))
    assert case(*confirmed, handed_in).received == day("周一 2026-09-21")


def test_a_correction_leaves_the_recorded_entries_as_they_were() -> None:
    entries = history(*REPLIED, fix(5, on=iso("周四 2026-10-15")))
    replay(entries)
    assert entries[4] == Entry(5, "send_reply", day("周三 2026-10-14"), {"how": "ems"}, CLERK)


def test_the_order_in_which_entries_are_handed_over_does_not_matter() -> None:
    entries = history(*REPLIED, fix(5, on=iso("周四 2026-10-15")), actor=LEAD)
    assert replay(reversed(entries)) == replay(entries)
    assert replay([]) == CaseFile()


def test_the_clock_follows_the_facts_and_the_calendar_it_is_asked_by() -> None:
    file = case(registered(), accepted())
    first = file.clock(CALENDAR)
    assert first
    assert file.clock(CALENDAR) is first
    later = Calendar({}, CALENDAR.official)
    assert (other := file.clock(later))
    assert other.due != first.due  # no National Day in it
    file.received = day("周二 2026-09-22")
    assert (moved := file.clock(CALENDAR))
    assert (moved.anchor, first.anchor) == (file.received, day("周一 2026-09-21"))
