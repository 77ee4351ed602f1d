"""出具文书: numbered without a gap, filled from the case, kept as issued; a further version voids the one before."""

from __future__ import annotations

import errno
import os
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from caseflow.calendars import store as store_
from caseflow.db import db, transaction
from caseflow.files import store
from caseflow.law.issuing import offers
from caseflow.law.letters import BY_CODE, LETTERS
from caseflow.law.outcomes import OUTCOMES
from caseflow.law.replay import replay
from caseflow.letters import preview
from caseflow.models import Case, Letter, LetterCounter, Note, Office
from caseflow.reports import casefolder
from caseflow.stages import correct, letters, record, register, templates
from caseflow.stages.errors import Changed, Forbidden, Refused
from tests.law.days import day
from tests.stages.drive import FORM, assert_replayed, do
from tests.support.office import DeskOffice, approve, found, row, seq

MONDAY = day("周一 2026-09-21")
FRIDAY = day("周五 2026-09-25")
REPLIES = [o.code for o in OUTCOMES if not o.closes_without_reply]
# 行政复议法 23: what is refused under art. 14, 15 or 16, the refused part of a release too
REVIEWED_FIRST = {r for r in REPLIES if r.startswith("refused_")} - {"refused_administrative_inquiry"} | {
    "partial"
}


def issue(
    office: DeskOffice, case_id: int, kind: str, today: date = FRIDAY, who: str = "clerk", **typed: Any
) -> Letter:
    about = next(o.about.seq for o in offered(case_id) if o.letter.code == kind)
    key = letters.issue(office.work(who, today), case_id, seq(case_id), kind, about, typed)
    return db.session.get_one(Letter, key)


def offered(case_id: int) -> list[Any]:
    entries = record.entries(db.session(), case_id)
    db.session.rollback()
    return offers(replay(entries), entries)


def row_with_form(case_id: int) -> Case:
    db.session.rollback()
    case = casefolder.found(db.session(), case_id)
    assert case
    return case


def kinds(case_id: int) -> list[str]:
    return [offer.letter.code for offer in offered(case_id)]


def said(letter: Letter) -> str:
    with store.open_kept(letter.sha256 or "") as file:
        return preview.text(file.read())


def answers(kind: str) -> dict[str, Any]:
    """Something for all that only the clerk can say."""
    return {ask.name: f"这里写明{ask.name}" for ask in BY_CODE[kind].asks}


def approved(office: DeskOffice, result: str = "granted", **form: str) -> int:
    """A case whose reply the lead has approved on Friday."""
    case_id = office.accepted(MONDAY, **form)
    if result == "not_processed_excessive":
        do(office, case_id, "ask_reasons", MONDAY)
    if result == "unavailable_still_unclear":
        do(office, case_id, "request_correction", MONDAY)
        do(office, case_id, "receive_correction", day("周二 2026-09-22"))
    do(office, case_id, "draft_reply", FRIDAY, result=result)
    approve(office.work("lead", FRIDAY), case_id)
    return case_id


# --- what can be issued ------------------------------------------------------------------------------------


def test_nothing_is_issued_before_the_legal_receipt(office: DeskOffice) -> None:
    arrival = register.Arrival("online", submitted=MONDAY)
    case_id = register.register(office.work("clerk", MONDAY), arrival, register.Application(**FORM))[0].id
    assert kinds(case_id) == []
    do(office, case_id, "confirm_receipt", FRIDAY)
    assert kinds(case_id) == ["receipt"]


def test_each_act_offers_the_letter_that_tells_of_it(office: DeskOffice) -> None:
    case_id = office.accepted(MONDAY)
    steps = [
        ("ask_reasons", {"reasons"}),
        ("consult_third_party", {"third_party", "consulting"}),
        ("consult_joint_organ", {"joint_organ", "consulting"}),
    ]
    for act, expected in steps:
        before = len(kinds(case_id))
        do(office, case_id, act, FRIDAY)
        assert set(kinds(case_id)[:]) >= expected
        assert len(kinds(case_id)) == before + len(expected)
    do(office, case_id, "ask_extension", FRIDAY)
    assert "extension" not in kinds(case_id)
    do(office, case_id, "approve_extension", FRIDAY)
    assert "extension" in kinds(case_id)


@pytest.mark.parametrize("result", REPLIES)
def test_a_reply_is_issued_once_approved_under_its_own_result_alone(office: DeskOffice, result: str) -> None:
    case_id = approved(office, result)
    expected = [letter.code for letter in LETTERS if letter.result == result]
    assert [kind for kind in kinds(case_id) if kind.startswith("reply_")] == expected
    for kind in expected:
        letter = issue(office, case_id, kind, **answers(kind))
        text = said(letter)
        for words in ("某路改造工程结算报告", "2026年9月21日", "2026年9月25日", letter.number, "林国栋"):
            assert words in text, words
        assert ("先向泉州市人民政府申请行政复议" in text) == (result in REVIEWED_FIRST)
        assert ("可以自收到本告知书之日起六十日内" in text) == (result not in REVIEWED_FIRST - {"partial"})
        assert "石狮市人民法院" in text
    assert_replayed(case_id)


def test_what_is_served_over_the_internet_names_the_way_to_apply_online(office: DeskOffice) -> None:
    """行政复议法 22: without that way the letter isn't issued, nor is it named where nobody asked for it there."""
    refusal, typed = "refused_process", answers("reply_process")
    by_post, by_mail = (approved(office, refusal, obtain_by=how) for how in ("邮寄", "电子邮件"))
    assert "也可以通过" not in said(issue(office, by_post, "reply_process", **typed))
    with pytest.raises(Refused, match="网上申请行政复议的途径"):
        issue(office, by_mail, "reply_process", **typed)
    with transaction() as session:
        session.get_one(Office, office.id).review_channel = "行政复议网上申请平台"
    assert "也可以通过行政复议网上申请平台提出" in said(issue(office, by_mail, "reply_process", **typed))
    assert "也可以通过" not in said(issue(office, by_post, "reply_process", **typed))


def test_a_reply_sent_back_has_no_letter_and_no_number_any_more(office: DeskOffice) -> None:
    case_id = approved(office)
    first = issue(office, case_id, "reply_granted", **answers("reply_granted"))
    do(office, case_id, "send_back", FRIDAY)
    folder = casefolder.open_folder(row_with_form(case_id), store_.current())
    assert not folder.holds(first)
    do(office, case_id, "draft_reply", FRIDAY, result="refused_process")
    do(office, case_id, "approve_reply", FRIDAY)
    second = issue(office, case_id, "reply_process", **answers("reply_process"))
    do(office, case_id, "send_reply", FRIDAY)
    assert replay(record.entries(db.session(), case_id)).reply_no == second.number != first.number
    served = said(issue(office, case_id, "service"))
    assert second.number in served
    assert first.number not in served


def test_a_reply_without_a_letter_of_its_own_takes_no_number_of_an_older_one(office: DeskOffice) -> None:
    case_id = approved(office)
    issue(office, case_id, "reply_granted", **answers("reply_granted"))
    do(office, case_id, "send_reply", FRIDAY)
    do(office, case_id, "void_reply", FRIDAY)
    do(office, case_id, "draft_reply", FRIDAY, result="refused_process")
    do(office, case_id, "approve_reply", FRIDAY)
    do(office, case_id, "send_reply", FRIDAY)
    assert replay(record.entries(db.session(), case_id)).reply_no == ""


def test_what_came_through_the_portal_names_the_way_online_where_the_office_has_one(
    office: DeskOffice,
) -> None:
    arrival = register.Arrival("online", submitted=MONDAY, confirmed=MONDAY)
    work = office.work("clerk", MONDAY)
    case_id = register.register(work, arrival, register.Application(**FORM))[0].id
    do(office, case_id, "accept", MONDAY)
    do(office, case_id, "draft_reply", FRIDAY, result="refused_process")
    approve(office.work("lead", FRIDAY), case_id)
    typed = answers("reply_process")
    assert "也可以通过" not in said(issue(office, case_id, "reply_process", **typed))
    with transaction() as session:
        session.get_one(Office, office.id).review_channel = "行政复议网上申请平台"
    assert "也可以通过行政复议网上申请平台提出" in said(issue(office, case_id, "reply_process", **typed))


def test_a_draft_that_nobody_approved_is_no_reply_yet(office: DeskOffice) -> None:
    case_id = office.accepted(MONDAY)
    do(office, case_id, "draft_reply", FRIDAY)
    assert [kind for kind in kinds(case_id) if kind.startswith("reply_")] == []
    with pytest.raises(Refused, match="不能出具《政府信息公开告知书》"):
        letters.issue(office.work("clerk", FRIDAY), case_id, seq(case_id), "reply_granted", 3, {})


def test_a_case_given_up_by_silence_tells_the_applicant_when_it_was_to_act(office: DeskOffice) -> None:
    case_id = office.accepted(MONDAY)
    do(office, case_id, "request_correction", FRIDAY, until=day("周五 2026-10-16"))
    later = day("周一 2026-10-19")
    do(office, case_id, "lapse_correction", later)
    text = said(issue(office, case_id, "not_further_correction", later))
    assert "2026年9月25日" in text
    assert "2026年10月16日" in text
    assert "六个月" in text


def test_an_extension_tells_the_due_day_before_and_after(office: DeskOffice) -> None:
    case_id = office.accepted(MONDAY)
    do(office, case_id, "ask_extension", FRIDAY, days=10, note="材料分散，需要逐卷查找")
    do(office, case_id, "approve_extension", FRIDAY, days=10)
    text = said(issue(office, case_id, "extension"))
    for words in ("2026年10月26日", "2026年11月9日", "10个工作日", "逐卷查找"):
        assert words in text


def test_an_extension_issued_again_after_a_correction_tells_the_corrected_due_day(office: DeskOffice) -> None:
    """Corrected twice, and the day of receipt after it: the last word holds, both before and after."""
    case_id = office.accepted(MONDAY)
    do(office, case_id, "ask_extension", FRIDAY, days=20, note="材料分散")
    do(office, case_id, "approve_extension", FRIDAY, days=20)
    assert "2026年11月23日" in said(issue(office, case_id, "extension"))
    about = seq(case_id) - 1
    for days in ("10", "5"):
        correct.correct_fact(
            office.work("lead", FRIDAY), case_id, seq(case_id), about, "days", days, "记错了"
        )  # fmt: skip
    text = said(issue(office, case_id, "extension"))
    assert ("2026年10月26日" in text, "2026年11月2日" in text, "5个工作日" in text) == (True, True, True)
    earlier = day("周五 2026-09-18")
    arrival = register.Arrival("in_person", submitted=earlier, arrived=earlier, confirmed=earlier)
    do(office, case_id, "correct", FRIDAY, who="lead", arrival=arrival)
    text = said(issue(office, case_id, "extension"))
    assert ("2026年10月22日" in text, "2026年10月29日" in text) == (True, True), text


def test_an_internal_reason_for_a_late_notice_is_not_told_to_the_applicant(office: DeskOffice) -> None:
    case_id = office.accepted(MONDAY)
    late = day("周六 2026-10-10")
    do(
        office, case_id, "request_correction", late, "lead",
        note="请写明年份\n写明文号", delay="经办人休假\r\n交接遗漏", until=day("周五 2026-10-30"),
    )  # fmt: skip
    note = db.session.scalars(select(Note).where(Note.text.contains("休假"))).one()
    assert note.text == "请写明年份\n写明文号\n迟延的理由：经办人休假 交接遗漏"
    for kept in (note.text, note.text.replace("假 交", "假\n交")):  # as it was once written, in two lines
        with transaction() as session:
            session.get_one(Note, note.id).text = kept
        text = said(issue(office, case_id, "correction", late))
        assert ("请写明年份" in text, "写明文号" in text) == (True, True)
        assert ("休假" in text, "交接" in text) == (False, False)


def test_each_of_several_third_parties_has_a_letter_of_its_own(office: DeskOffice) -> None:
    case_id = office.accepted(MONDAY)
    do(office, case_id, "consult_third_party", FRIDAY)
    do(office, case_id, "consult_third_party", FRIDAY)
    abouts = [o.about.seq for o in offered(case_id) if o.letter.code == "third_party"]
    numbers = set()
    for about in abouts:
        key = letters.issue(office.work("clerk", FRIDAY), case_id, seq(case_id), "third_party", about, {})
        numbers.add(db.session.get_one(Letter, key).number)
    assert numbers == {"狮政公开征〔2026〕第1号", "狮政公开征〔2026〕第2号"}


# --- numbers and versions ----------------------------------------------------------------------------------


def test_numbers_run_by_office_series_and_year_without_a_gap(office: DeskOffice) -> None:
    first, second = office.accepted(MONDAY), office.accepted(MONDAY)
    assert issue(office, first, "receipt").number == "狮政公开回〔2026〕第1号"
    with pytest.raises(Refused):
        issue(office, approved(office), "reply_granted")  # nothing typed: its number isn't used up
    assert issue(office, second, "receipt").number == "狮政公开回〔2026〕第2号"
    assert issue(office, approved(office), "reply_granted", **answers("reply_granted")).n == 1
    other = found("JJSB", "晋江市人民政府办公室")
    assert issue(other, other.accepted(MONDAY), "receipt").n == 1
    assert issue(office, first, "receipt", day("周一 2027-01-04")).number == "狮政公开回〔2026〕第1号"
    third = office.accepted(day("周一 2027-01-04"))
    assert issue(office, third, "receipt", day("周一 2027-01-04")).number == "狮政公开回〔2027〕第1号"


def test_a_further_version_keeps_the_number_and_the_one_before_stays(office: DeskOffice) -> None:
    case_id = approved(office)
    first = issue(office, case_id, "reply_granted", **answers("reply_granted"))
    before = said(first)
    again = issue(office, case_id, "reply_granted", **answers("reply_granted") | {"公开内容": "第二版"})
    same = (first.series, first.year, first.n, first.number)
    assert (again.series, again.year, again.n, again.number) == same
    assert again.version == 2
    held = replay(record.entries(db.session(), case_id)).letters["reply_granted", first.about]
    assert (held.version, held.number) == (2, first.number)
    assert said(db.session.get_one(Letter, first.id)) == before
    assert "第二版" in said(again)


def test_a_letter_never_changes_with_what_is_corrected_afterwards(office: DeskOffice) -> None:
    case_id = office.accepted(MONDAY)
    letter = issue(office, case_id, "receipt")
    arrival = register.Arrival("in_person", submitted=MONDAY, arrived=MONDAY, confirmed=MONDAY)
    do(office, case_id, "correct", FRIDAY, form={"content": "另一条路的报告"}, arrival=arrival)
    assert "某路改造工程结算报告" in said(letter)
    assert "另一条路的报告" in said(issue(office, case_id, "receipt"))


def test_the_number_of_the_reply_goes_into_the_record_of_its_sending(office: DeskOffice) -> None:
    case_id = approved(office)
    letter = issue(office, case_id, "reply_granted", **answers("reply_granted"))
    do(office, case_id, "send_reply", FRIDAY)
    assert replay(record.entries(db.session(), case_id)).reply_no == letter.number


# --- what stands in the way --------------------------------------------------------------------------------


def test_what_only_the_clerk_can_say_is_asked_for_at_its_field(office: DeskOffice) -> None:
    case_id = approved(office, "partial")
    for ask in (ask for ask in BY_CODE["reply_partial"].asks if ask.needed):
        with pytest.raises(Refused) as refused:
            issue(office, case_id, "reply_partial", **answers("reply_partial") | {ask.name: " "})
        assert refused.value.field == ask.name
    issue(office, case_id, "reply_partial", **answers("reply_partial") | {"附件": ""})


@pytest.mark.parametrize(
    ("column", "kind", "why"),
    [
        ("letter_word", "receipt", "机关代字还没有设置"),
        ("court", "reply_granted", "行政复议机关、人民法院"),
        ("reconsideration_organ", "reply_granted", "行政复议机关"),
        ("phone", "correction", "联系电话还没有设置"),
    ],
)
def test_what_the_office_has_not_set_is_named_and_leaves_no_blank(
    office: DeskOffice, column: str, kind: str, why: str
) -> None:
    with transaction() as session:
        setattr(session.get_one(Office, office.id), column, "")
    case_id = approved(office) if kind == "reply_granted" else office.accepted(MONDAY)
    if kind == "correction":
        do(office, case_id, "request_correction", FRIDAY)
    with pytest.raises(Refused, match=why):
        issue(office, case_id, kind, **answers(kind))
    assert list(db.session.scalars(select(Letter))) == []
    assert list(db.session.scalars(select(LetterCounter))) == []


def test_a_full_disk_issues_nothing_and_takes_no_number(
    office: DeskOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(handle: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    case_id, last = office.accepted(MONDAY), 2
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(Refused, match="可能已满"):
            issue(office, case_id, "receipt")
    assert seq(case_id) == last
    assert issue(office, case_id, "receipt").n == 1


def test_names_that_no_old_font_knows_and_signs_of_markup_survive_into_the_letter(office: DeskOffice) -> None:
    name = "𠮷田<&>㐂"
    text = said(issue(office, office.accepted(MONDAY, name=name, content="<b>“甲&乙”</b>合同"), "receipt"))
    assert name in text
    assert "<b>“甲&乙”</b>合同" in text


def test_only_the_desk_issues_and_only_on_what_it_saw(office: DeskOffice) -> None:
    case_id = office.accepted(MONDAY)
    with pytest.raises(Forbidden):
        issue(office, case_id, "receipt", who="supervisor")
    with pytest.raises(Changed):
        letters.issue(office.work("clerk", FRIDAY), case_id, 1, "receipt", 1, {})
    assert issue(office, case_id, "receipt", who="lead").issued_by == office.people["lead"]


def test_a_letter_issued_today_hinders_nothing_that_happened_before(office: DeskOffice) -> None:
    case_id = office.accepted(MONDAY)
    issue(office, case_id, "receipt")
    do(office, case_id, "withdraw", FRIDAY, on=day("周二 2026-09-22"))
    assert row(case_id).closed_on == day("周二 2026-09-22")


def test_a_template_that_is_gone_from_the_disk_is_said_and_issues_nothing(
    office: DeskOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(session: Any, kind: str) -> bytes:
        raise store.Missing(kind)

    case_id = office.accepted(MONDAY)
    monkeypatch.setattr(templates, "template_of", gone)
    with pytest.raises(Refused, match="模板在服务器上找不到了"):
        issue(office, case_id, "receipt")
    assert list(db.session.scalars(select(Letter))) == []
