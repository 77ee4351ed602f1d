"""证件号码和电话: masked on every page, whole on request with a reason that the second log keeps, given away by no form."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select, text

from caseflow.db import db, transaction
from caseflow.models import AuditEntry, Identity
from tests.support.office import DeskOffice, row, seq
from tests.support.pages import values_of
from tests.web.conftest import MONDAY, SignInAs

pytestmark = pytest.mark.usefixtures("monday")

CARD, PHONE = "350581199001011024", "13905950000"
MASKED = {"form-certificate_number": "3505**********1024", "form-phone": "139****0000"}


def shown() -> list[Any]:
    """What the second log says of looks at whole numbers."""
    db.session.rollback()
    query = select(AuditEntry.case_id, AuditEntry.actor_id, AuditEntry.details).order_by(AuditEntry.id)
    return [tuple(entry) for entry in db.session.execute(query.where(AuditEntry.what == "identity_shown"))]


def identity(case_id: int) -> tuple[str, str]:
    db.session.rollback()
    kept = db.session.get_one(Identity, row(case_id).particulars_id, populate_existing=True)
    return kept.certificate_number, kept.phone


def test_the_whole_number_is_shown_for_a_reason_and_never_before_it_is_logged(
    office: DeskOffice, sign_in_as: SignInAs
) -> None:
    case_id = office.register(MONDAY, certificate_number=CARD, phone=PHONE, certificate_type="居民身份证")
    clerk = sign_in_as("clerk-ssfb")
    page = clerk.get(f"/cases/{case_id}")
    assert "3505**********1024" in page.text
    assert "139****0000" in page.text
    assert f"/cases/{case_id}/identity" in page.links()
    asked = clerk.get(f"/cases/{case_id}/identity")
    assert not {CARD, PHONE} & set(asked.text.split())
    empty = clerk.submit({"reason": " "}, form="/identity")
    assert (empty.status, empty.one("#reason-error").text) == (422, "写明查看的理由")
    for typed in (
        f"核对 {CARD}", "核对３５０５８１１９９００１０１１０２４", "打 139 0595 0000", "打139-0595-0000", "0595-8888-0000",
        "信用代码 91350581MA2XYZ123K", "林国栋来电", "林 国 栋来电",
    ):  # fmt: skip
        page = clerk.submit({"reason": typed}, form="/identity")
        assert (page.status, page.one("#reason-error").text) == (
            422,
            "理由会给审计管理员看到，不写申请人的姓名和号码",
        ), typed
        assert CARD not in page.one("main").text.replace(typed, "")
    assert shown() == []
    told = clerk.submit({"reason": "电话通知领取答复"}, form="/identity")
    assert f"居民身份证 {CARD}" in told.text
    assert PHONE in told.text
    assert told.response.headers["Cache-Control"] == "no-store"
    assert shown() == [(case_id, office.people["clerk"], {"reason": "电话通知领取答复"})]
    supervisor = sign_in_as("supervisor-ssfb")
    page = supervisor.get(f"/cases/{case_id}")
    assert f"/cases/{case_id}/identity" not in page.links()
    assert supervisor.status(f"/cases/{case_id}/identity") == 403


def test_a_correction_shows_masked_numbers_and_leaves_them_as_they_were(
    office: DeskOffice, sign_in_as: SignInAs
) -> None:
    case_id = office.register(MONDAY, certificate_number=CARD, phone=PHONE)
    lead, address = sign_in_as("lead-ssfb"), f"/cases/{case_id}/correct"
    page = lead.get(address)
    held = values_of(page.form("/correct/form"))
    assert {name: held[name][0] for name in MASKED} == MASKED
    assert CARD not in str(held)
    page = lead.submit(
        {"form-certificate_number": "3505**********1025", "form-note": "抄错"}, form="/correct/form"
    )
    assert (page.status, page.one("#form-certificate_number-error").text) == (
        422,
        "写完整的号码，不要带 * 号",
    )
    before = seq(case_id)
    lead.get(address)
    lead.submit({"form-name": "陈秀兰", "form-note": "姓名写错"}, form="/correct/form")
    assert (seq(case_id), identity(case_id)) == (before + 1, (CARD, PHONE))
    lead.get(address)
    lead.submit({"form-phone": "", "form-note": "没有电话"}, form="/correct/form")
    assert identity(case_id) == (CARD, "")


def test_a_number_that_no_key_opens_is_said_in_words(
    office: DeskOffice, sign_in_as: SignInAs, caplog: pytest.LogCaptureFixture
) -> None:
    case_id = office.register(MONDAY, phone=PHONE)
    with transaction() as session:
        session.execute(text("UPDATE identity SET phone = 'gone:AAAA'"))
    page = sign_in_as("clerk-ssfb").get(f"/cases/{case_id}")
    assert page.status == 503
    assert "加密保存的内容解不开" in page.text
    assert "identity.phone" in caplog.text


def test_no_number_is_registered_with_its_middle_hidden(office: DeskOffice) -> None:
    from caseflow.stages.errors import Refused

    with pytest.raises(Refused, match="写完整的号码"):
        office.register(MONDAY, phone="139****0000")
