"""An applicant who asked for it is told by e-mail that something happened, once each, and nothing of what it is."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from tests.alerts.conftest import RECEIVED, nine
from tests.stages.drive import do
from tests.support.office import replied_by_letter

if TYPE_CHECKING:
    from tests.alerts.conftest import Post

ADDRESS = "lin@example.cn"


def ticket_of(case_id: int, notify: bool = True) -> str:
    from caseflow.counter import tickets
    from caseflow.db import transaction
    from caseflow.models import Case

    with transaction() as session:
        case = session.get_one(Case, case_id)
        return tickets.issue(session, case, now=nine(RECEIVED), notify=notify).query_number


def test_who_asked_for_it_is_told_of_each_step_once_and_of_nothing_that_is_in_it(served: Post) -> None:
    from caseflow.alerts import applicants

    settings = replace(served.settings, public_url="https://gk.example.cn")
    asked = served.office.accepted(RECEIVED, email=ADDRESS, phone="13805051024")
    served.office.accepted(RECEIVED, email="other@example.cn")  # has no ticket
    ticket_of(served.office.accepted(RECEIVED, email="quiet@example.cn"), notify=False)
    number = ticket_of(asked)
    now = nine(RECEIVED)
    assert applicants.compose(now, settings) == 1
    assert applicants.compose(now, settings) == 0
    do(
        served.office,
        asked,
        "request_correction",
        RECEIVED,
        note="写明项目的年份",
        until=RECEIVED + timedelta(days=10),
    )
    assert applicants.compose(now, settings) == 1
    do(served.office, asked, "receive_correction", RECEIVED)
    replied_by_letter(served.office, asked, RECEIVED, "没有检索到")
    assert applicants.compose(now, settings) == 1
    served.send(now)
    letters = [letter for address, letter in served.box.arrived if address == ADDRESS]
    assert [letter["Subject"] for letter in letters] == [
        "政府信息公开申请：已经提交", "政府信息公开申请：需要您补正", "政府信息公开申请：已经答复",
    ]  # fmt: skip
    assert {address for address, _ in served.box.arrived} == {ADDRESS}
    for letter in letters:
        said = letter.get_content()
        assert number in said
        assert "https://gk.example.cn/apply/status" in said
        for hidden in ("林国栋", "结算报告", "年份", "没有检索到", "13805051024", "狮政公开复"):
            assert hidden not in said, hidden


def test_news_of_a_month_ago_are_none_and_a_letter_of_yesterday_still_leaves(post: Post) -> None:
    from caseflow.alerts import applicants

    case_id = post.office.accepted(RECEIVED, email=ADDRESS)
    ticket_of(case_id)
    assert applicants.compose(nine(RECEIVED), replace(post.settings, smtp_url="")) == 0
    assert applicants.compose(nine(RECEIVED) + timedelta(days=31), post.settings) == 0
    assert applicants.compose(nine(RECEIVED) + timedelta(days=29), post.settings) == 1
    post.make_pass(RECEIVED + timedelta(days=30))  # which writes the digests of other days anew
    assert ADDRESS in [letter.address for letter in post.outbox()]


def test_an_administrator_sees_that_a_letter_to_an_applicant_failed_and_not_whose_it_is(post: Post) -> None:
    from caseflow.alerts import applicants, outbox
    from caseflow.db import db, transaction
    from caseflow.models import Mail

    ticket_of(post.office.accepted(RECEIVED, email=ADDRESS))
    applicants.compose(nine(RECEIVED), post.settings)
    with transaction() as session:
        session.scalars(select(Mail)).one().state = "given_up"
    (waiting,) = outbox.unsent(post.office.id, 10)
    assert (waiting.person, outbox.unsent(post.office.id + 1, 10)) == ("申请人", [])
    outbox.again(post.office.id, waiting.mail.id, nine(RECEIVED))
    db.session.rollback()
    assert db.session.scalars(select(Mail.state)).one() == "waiting"


def test_nobody_is_told_of_what_was_before_they_asked_or_is_no_more(post: Post) -> None:
    from caseflow.alerts import applicants
    from caseflow.counter import tickets

    late, now = post.office.accepted(RECEIVED, email=ADDRESS), nine(RECEIVED)
    do(post.office, late, "request_correction", RECEIVED, until=RECEIVED + timedelta(days=10))
    tickets.hand_out(post.office.work("clerk", RECEIVED), late, electronic=False, notify=True)
    assert applicants.compose(now, post.settings) == 0  # all of it was before
    do(post.office, late, "receive_correction", RECEIVED)
    assert applicants.compose(now, post.settings) == 0  # what they did themselves
    replied_by_letter(post.office, late, RECEIVED, "没有检索到")
    do(post.office, late, "void_reply", RECEIVED)
    assert applicants.compose(now, post.settings) == 1
    assert [letter.subject for letter in post.outbox()] == ["政府信息公开申请：原来的办结已经撤销，接着办理"]
