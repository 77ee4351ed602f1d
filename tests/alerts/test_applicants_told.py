"""What an applicant is told of by e-mail: each act of the table in its words, to an address, with a way there."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from tests.alerts.conftest import RECEIVED, nine
from tests.alerts.test_applicants import ADDRESS, ticket_of
from tests.stages.drive import do

if TYPE_CHECKING:
    from tests.alerts.conftest import Post

SAID = {
    "register": "已经提交",
    "confirm_receipt": "已经确认收到",
    "request_correction": "需要您补正",
    "approve_extension": "延期答复",
    "defer": "延迟答复",
    "ask_reasons": "需要您说明理由",
    "fee_notice": "需要您缴费",
    "send_reply": "已经答复",
    "void_reply": "原来的办结已经撤销，接着办理",
    "lapse_correction": "不再处理",
    "lapse_fee": "不再处理",
}


# What is done on a request, day after day, until its applicant is told of the last of it
WAYS = {
    "register": [],
    "confirm_receipt": ["confirm_receipt"],
    "request_correction": ["confirm_receipt", "request_correction"],
    "approve_extension": ["confirm_receipt", "accept", "ask_extension", "approve_extension"],
    "ask_reasons": ["confirm_receipt", "ask_reasons"],
    "defer": ["confirm_receipt", "ask_reasons", "receive_reasons", "defer"],
    "fee_notice": ["confirm_receipt", "accept", "fee_notice"],
    "send_reply": ["confirm_receipt", "accept", "draft_reply", "approve_reply", "send_reply"],
    "lapse_correction": ["confirm_receipt", "request_correction", "lapse_correction"],
    "lapse_fee": ["confirm_receipt", "accept", "fee_notice", "lapse_fee"],
    "void_reply": ["confirm_receipt", "accept", "draft_reply", "approve_reply", "send_reply", "void_reply"],
}
ASKED = RECEIVED - timedelta(days=45)  # so that what lapses has lapsed by RECEIVED


def test_each_act_that_concerns_an_applicant_is_told_in_its_words_and_no_other_one(post: Post) -> None:
    from sqlalchemy import select

    from caseflow.alerts import applicants
    from caseflow.db import db
    from caseflow.models import Event
    from caseflow.stages import register

    assert (set(SAID), SAID) == (set(WAYS), applicants.TOLD)
    office, wanted = post.office, dict[int, list[str]]()
    numbers: dict[int, str] = {}
    for told, way in WAYS.items():
        began = ASKED if told.startswith("lapse_") else RECEIVED
        arrival = register.Arrival("online", submitted=began)
        for address in (ADDRESS, ""):  # and the same of somebody who left none
            form = register.Application(
                "natural_person", "林国栋", "结算报告", email=address, phone="13805051024"
            )
            (case,) = register.register(office.work("clerk", began), arrival, form)
            case_id = case.id
            for act in way:
                do(office, case_id, act, RECEIVED if act.startswith("lapse_") else began)
            numbers[case_id] = ticket_of(case_id)
            if address:
                wanted[case_id] = [told]
    settings = replace(post.settings, public_url="")
    applicants.compose(nine(RECEIVED), settings)
    letters = [one for one in post.outbox() if one.case_id is not None]
    said: dict[int, list[str]] = {}
    for one in letters:
        case_id = one.case_id or 0
        said.setdefault(case_id, []).append(one.kind)
        assert (one.address, one.person_id, one.subject) == (
            ADDRESS,
            None,
            f"政府信息公开申请：{SAID[one.kind]}",
        )
        assert (
            f"您向石狮市人民政府办公室提出的政府信息公开申请（查询号 {numbers[case_id]}）：{SAID[one.kind]}。"
            in one.body
        )
        assert "请在提出申请的网站上打开“查询进度”，输入查询号和查询码查看" in one.body
        assert "://" not in one.body  # no address is known
        assert "/apply" not in one.body
    assert set(said) == set(wanted)  # nobody without an address
    for case_id, (told,) in wanted.items():
        assert said[case_id][-1] == told
        acts = db.session.scalars(select(Event.act).where(Event.case_id == case_id).order_by(Event.seq)).all()
        assert [act for act in acts if act in said[case_id]] == said[case_id]
    assert applicants.compose(nine(RECEIVED), settings) == 0


@pytest.mark.parametrize("url", ["https://gk.example.cn", "https://gk.example.cn/gk"])
def test_a_letter_names_the_page_where_the_address_of_the_counter_is_known(url: str) -> None:
    from caseflow.alerts import applicants

    said = applicants.body("284619375520", "send_reply", "石狮市人民政府办公室", url)
    assert f"请打开 {url}/apply/status，输入" in said
    assert "284619375520" in said
    assert "已经答复" in said
    assert "提出申请的网站" not in said
