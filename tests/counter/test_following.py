"""查询进度: what stands at the counter of a request: its letters, its files, where it is, and by when."""

from __future__ import annotations

from datetime import date
from typing import Any

from caseflow.counter import acts, following
from caseflow.db import db, transaction
from caseflow.law.fees import working
from caseflow.models import Document, Letter, Office, Ticket
from caseflow.stages import correct, papers
from tests.counter.follower import (
    applicant,
    drafted,
    folder_of,
    last,
    letter,
    ticket_of,
    unconfirmed,
    upload,
)
from tests.stages.drive import do
from tests.support.office import DeskOffice, approve, seq

MONDAY, TUESDAY, WEDNESDAY = date(2026, 9, 21), date(2026, 9, 22), date(2026, 9, 23)
RECEIVED_OVER_NEW_YEAR = date(2026, 12, 14)
ORGAN, COURT = "泉州市人民政府", "石狮市人民法院"


def served(case_id: int) -> list[int]:
    """The letters that stand at the counter, in the order of the page, each of which may be read."""
    folder = folder_of(case_id)
    listed = [one.id for one in following.letters(db.session(), folder, TUESDAY)]
    every = db.session.query(Letter).where(Letter.case_id == case_id).order_by(Letter.id.desc())
    assert [one.id for one in every if following.is_served(folder, one)] == listed
    return listed


def files(case_id: int) -> list[str]:
    """What was released, by name."""
    return [row.name for row in following.released(db.session(), folder_of(case_id))]


def follow(case_id: int, today: date) -> following.Followed:
    folder = folder_of(case_id)
    return following.follow(db.session(), folder, db.session.get_one(Ticket, case_id), today)


def void(office: DeskOffice, case_id: int, target: int, today: date = TUESDAY) -> None:
    correct.void(office.work("lead", today), case_id, seq(case_id), target, "记错了案件")


def test_of_the_letters_those_to_the_applicant_stand_there_in_the_version_that_holds(
    office: DeskOffice,
) -> None:
    case_id = office.accepted(MONDAY)
    first = letter(office, case_id, "receipt", "register", MONDAY)
    assert served(case_id) == [first.id]
    second = letter(office, case_id, "receipt", "register", MONDAY)
    assert served(case_id) == [second.id]  # replaced
    do(office, case_id, "consult_third_party", MONDAY)
    do(office, case_id, "consult_joint_organ", MONDAY)
    letter(office, case_id, "third_party", "consult_third_party", MONDAY)
    letter(office, case_id, "joint_organ", "consult_joint_organ", MONDAY)
    told = letter(office, case_id, "consulting", "consult_third_party", MONDAY)
    assert served(case_id) == [told.id, second.id]  # nothing that went to others
    (newest, _) = following.letters(db.session(), folder_of(case_id), MONDAY)
    assert (newest.title, newest.number) == ("征求意见告知书", told.number)
    assert (newest.day, newest.opened_at) == ("9月21日 周一", None)
    who = applicant(office, case_id, TUESDAY)
    acts.open_letter(who, folder_of(case_id), told)
    (newest, other) = following.letters(db.session(), folder_of(case_id), MONDAY)
    assert (newest.opened_at, other.opened_at) == (who.work.now, None)
    with transaction() as session:
        session.get_one(Letter, told.id).sha256 = None  # its content is masked
    assert served(case_id) == [second.id]
    other_id = office.accepted(MONDAY)
    letter(office, other_id, "receipt", "register", MONDAY)
    assert served(case_id) == [second.id]  # and nobody else's


def test_a_reply_stands_there_once_it_is_sent_and_none_of_a_draft_before_it(office: DeskOffice) -> None:
    case_id = office.accepted(MONDAY)
    early = drafted(office, case_id, MONDAY)
    assert served(case_id) == []
    do(office, case_id, "send_back", MONDAY)
    assert served(case_id) == []
    sent = drafted(office, case_id, MONDAY)
    letter(office, case_id, "service", "draft_reply", MONDAY)  # 送达回证: the office's own
    assert (served(case_id), early.about != sent.about) == ([], True)
    do(office, case_id, "send_reply", MONDAY, how="portal")
    assert served(case_id) == [sent.id]
    do(office, case_id, "void_reply", TUESDAY)
    assert served(case_id) == []
    third = drafted(office, case_id, TUESDAY)
    assert served(case_id) == []
    do(office, case_id, "send_reply", TUESDAY, how="portal")
    assert served(case_id) == [third.id]
    folder = folder_of(case_id)
    held = next(issued for issued in folder.file.letters.values() if issued.kind == "reply_granted")
    folder.file.letters["reply_granted", early.about] = held  # were it kept, another draft's is still none
    assert not following.is_served(folder, db.session.get_one(Letter, early.id))

    lapsed = office.register(MONDAY)
    do(office, lapsed, "request_correction", MONDAY)
    asked = letter(office, lapsed, "correction", "request_correction", MONDAY)
    do(office, lapsed, "lapse_correction", date(2026, 10, 12))
    ended = letter(office, lapsed, "not_further_correction", "lapse_correction", date(2026, 10, 12))
    assert served(lapsed) == [ended.id, asked.id]


def test_of_the_files_those_that_went_with_the_reply_stand_there_once_it_was_sent(office: DeskOffice) -> None:
    case_id = office.register(MONDAY)
    ticket_of(office, case_id, MONDAY, electronic=True)
    do(office, case_id, "request_correction", MONDAY)
    acts.correct(applicant(office, case_id, MONDAY), "", [upload("申请人的.pdf")])
    do(office, case_id, "accept", MONDAY)

    def file(name: str, kind: str, today: date = TUESDAY, **how: Any) -> int:
        clerk = office.work("clerk", today)
        papers.add_files(clerk, case_id, seq(case_id), [upload(name)], kind, **how)
        return last(case_id, "add_files").seq

    file("底稿.pdf", "working", MONDAY)
    drafted(office, case_id, MONDAY)
    file("答复一.pdf", "reply", MONDAY, released=True)
    file("放错的.pdf", "released", MONDAY, released=True)
    file("只供经办人.pdf", "review", MONDAY, desk_only=True)
    assert files(case_id) == []
    do(office, case_id, "send_reply", MONDAY, how="portal")
    assert files(case_id) == ["答复一.pdf", "放错的.pdf"]
    do(office, case_id, "void_reply", TUESDAY)
    assert files(case_id) == []
    drafted(office, case_id, TUESDAY)
    do(office, case_id, "send_reply", TUESDAY, how="portal")
    assert files(case_id) == []  # that one went with the reply that is no more
    file("报告.pdf", "released", released=True)
    wrongly = file("别人的.pdf", "released", released=True)
    file("附表.pdf", "released", released=True)
    file("不给.pdf", "released")
    assert files(case_id) == ["报告.pdf", "别人的.pdf", "附表.pdf"]
    void(office, case_id, wrongly)
    assert files(case_id) == ["报告.pdf", "附表.pdf"]
    masked = db.session.query(Document).where(Document.case_id == case_id, Document.name == "附表.pdf")
    with transaction():
        masked.one().sha256 = None
    assert files(case_id) == ["报告.pdf"]
    other_id = office.replied(MONDAY, TUESDAY)
    assert files(other_id) == []

    seen = follow(case_id, TUESDAY)
    assert ([one.title for one in seen.letters], [one.name for one in seen.files]) == (
        ["政府信息公开告知书"],
        ["报告.pdf"],
    )
    with transaction() as session:
        session.get_one(Ticket, case_id).electronic = False
    unserved = follow(case_id, TUESDAY)
    assert (unserved.letters, unserved.files) == ((), ())
    assert (unserved.stage, unserved.remedy, unserved.steps) == (seen.stage, seen.remedy, seen.steps)


def test_where_a_request_stands_is_told_in_a_few_words_and_by_when_it_is_answered(office: DeskOffice) -> None:
    waiting = unconfirmed(office, MONDAY)

    def stands(case_id: int, today: date = MONDAY) -> tuple[str, str]:
        return following.stage(folder_of(case_id), today)

    ticket_of(office, waiting, MONDAY)
    seen = follow(waiting, MONDAY)
    assert (seen.stage, seen.due, seen.due_why) == ("等待确认收到", "", "")
    assert seen.told.startswith("石狮市人民政府办公室会与您联系")
    assert (seen.letters, seen.files, seen.remedy) == ((), (), "")
    assert seen.may == {"withdraw", "change_contact"}
    acts.withdraw(applicant(office, waiting, MONDAY))
    assert stands(waiting)[0] == "已经撤回"
    assert "2026年9月21日 星期一撤回" in stands(waiting)[1]

    case_id = office.register(MONDAY)
    assert stands(case_id)[0] == "正在审核"
    do(office, case_id, "accept", MONDAY)
    assert stands(case_id) == ("正在办理", "正在查找、审核您申请公开的信息。")
    do(office, case_id, "consult_third_party", MONDAY)
    assert stands(case_id)[0] == "正在征求意见"
    do(office, case_id, "record_opinion", TUESDAY)
    assert stands(case_id)[0] == "正在办理"
    do(office, case_id, "draft_reply", TUESDAY)
    assert stands(case_id) == ("正在办理", "答复正在审签，审签以后发给您。")
    approve(office.work("lead", TUESDAY), case_id)
    assert stands(case_id) == ("正在办理", "答复已经审签，就要发给您。")
    do(office, case_id, "send_reply", TUESDAY, how="portal")
    assert stands(case_id) == ("已经答复", "2026年9月22日 星期二发出答复：予以公开。")


def test_who_is_to_pay_is_told_how_it_was_worked_out_and_until_when_and_what_comes_of_not_paying(
    office: DeskOffice,
) -> None:
    case_id = office.accepted(MONDAY)
    ticket_of(office, case_id, MONDAY)
    do(office, case_id, "fee_notice", MONDAY, tariff="pages", count=100)
    asked = follow(case_id, MONDAY)
    sum_ = f"信息处理费：{working('pages', 100)}，共 700 元。"
    assert (asked.stage, asked.due) == ("等您缴费", "")
    assert asked.told.startswith(f"{sum_}请自收到通知次日起 20 个工作日内缴清，")
    do(office, case_id, "deliver_fee_notice", TUESDAY)
    told = follow(case_id, TUESDAY)
    assert told.told.startswith(f"{sum_}请在 10月27日 周二 以前缴清，")
    assert "deliver_fee_notice" not in told.may
    do(office, case_id, "lapse_fee", date(2026, 11, 2))
    lapsed = follow(case_id, date(2026, 11, 2))
    assert (lapsed.stage, lapsed.told[:15]) == ("不再处理", "2026年11月2日 星期一：")
    assert [step for _, step in lapsed.steps] == [
        "逾期未缴费，不再处理",
        "通知缴费",
        "受理，开始办理",
        "提出申请",
    ]
    assert lapsed.steps[0][0] == "11月2日 周一"
    assert f"六十日内向{ORGAN}申请行政复议" in lapsed.remedy


FROM = "从 9月21日 收到申请的次日起算，法定 20 个工作日"


def test_the_last_day_is_named_with_why_it_is_that_one_and_not_while_a_correction_is_awaited(
    office: DeskOffice,
) -> None:
    case_id = office.accepted(MONDAY)

    def due(case_id: int, today: date = MONDAY) -> tuple[str, str]:
        ticket_of(office, case_id, today) if db.session.get(Ticket, case_id) is None else None
        seen = follow(case_id, today)
        return seen.due, seen.due_why

    assert due(case_id) == ("10月26日 周一", f"{FROM}。")
    for act in ("ask_extension", "approve_extension"):
        do(office, case_id, act, MONDAY, days=10)
    assert due(case_id) == ("11月9日 周一", f"{FROM}，延期 10 个工作日。")
    do(office, case_id, "ask_reasons", MONDAY)
    do(office, case_id, "receive_reasons", MONDAY)
    do(office, case_id, "defer", MONDAY, deferred_to=date(2026, 11, 30))
    assert due(case_id) == ("11月30日 周一", "按第三十五条确定延迟答复，日期为 11月30日 周一，已告知申请人。")
    drafted(office, case_id, MONDAY)
    do(office, case_id, "send_reply", MONDAY)
    assert due(case_id) == ("", "")

    late = office.register(RECEIVED_OVER_NEW_YEAR)
    day, why = due(late, RECEIVED_OVER_NEW_YEAR)
    assert day.startswith("2027年1月")
    assert why == "从 12月14日 收到申请的次日起算，法定 20 个工作日。节假日安排公布以前暂定。"
    do(office, late, "request_correction", RECEIVED_OVER_NEW_YEAR, until=date(2026, 12, 24))
    assert due(late, RECEIVED_OVER_NEW_YEAR) == ("", "")
    asked = follow(late, RECEIVED_OVER_NEW_YEAR)
    assert asked.stage == "等您补正"
    assert asked.told.startswith("请在 12月24日 周四 以前补正，")
    assert asked.told.endswith("\n需要补正：请写明年份")
    assert "receive_correction" in asked.may
    void(office, late, last(late, "request_correction").seq, RECEIVED_OVER_NEW_YEAR)
    back = follow(late, RECEIVED_OVER_NEW_YEAR)
    assert (back.stage, [step for _, step in back.steps]) == ("正在审核", ["提出申请"])
    assert "receive_correction" not in back.may


def test_remedies_are_told_of_a_reply_or_a_lapse_and_only_where_they_are_known(office: DeskOffice) -> None:
    case_id = office.accepted(MONDAY)
    ticket_of(office, case_id, MONDAY)
    assert follow(case_id, MONDAY).remedy == ""
    drafted(office, case_id, MONDAY)
    do(office, case_id, "send_reply", MONDAY, how="portal")
    assert follow(case_id, MONDAY).remedy == (
        f"如对本告知书不服，可以自收到本告知书之日起六十日内向{ORGAN}申请行政复议，"
        f"或者在六个月内直接向{COURT}提起行政诉讼。"
    )
    gone = office.accepted(MONDAY)
    ticket_of(office, gone, MONDAY)
    do(office, gone, "withdraw", MONDAY)
    assert follow(gone, MONDAY).remedy == ""
    for columns, told in (
        ({"review_channel": "“掌上复议”"}, "申请行政复议，也可以通过“掌上复议”提出。"),
        ({"court": ""}, None),
        ({"court": COURT, "reconsideration_organ": ""}, None),
    ):
        with transaction() as session:
            for name, value in columns.items():
                setattr(session.get_one(Office, office.id), name, value)
        said = follow(case_id, MONDAY).remedy
        assert said.endswith(told) if told else said == "", columns


def test_a_reply_that_came_back_is_delivered_by_nobody_s_looking(office: DeskOffice) -> None:
    case_id = office.replied(MONDAY, TUESDAY)
    assert following.may(folder_of(case_id), TUESDAY) == {"deliver_reply", "change_contact"}
    do(office, case_id, "return_reply", WEDNESDAY)
    assert following.may(folder_of(case_id), WEDNESDAY) == {"change_contact"}
