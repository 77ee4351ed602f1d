"""以前办过类似的吗: while registering, and at a case."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from tests.support.office import found, replied_by_letter, row, seq
from tests.web.conftest import MONDAY

if TYPE_CHECKING:
    from tests.support.office import DeskOffice
    from tests.support.pages import Desk

pytestmark = [pytest.mark.usefixtures("monday"), pytest.mark.both_engines]

CARD = "35058119900101102X"
LAST_YEAR = date(2025, 3, 3)


def kept_as_typed(case_id: int) -> None:
    """The certificate number of a case with a small x, as it was kept before all were kept alike."""
    from caseflow.db import transaction
    from caseflow.models import Identity

    form = row(case_id).particulars_id
    with transaction() as session:
        identity = session.get_one(Identity, form)
        assert identity.certificate_number == CARD
        identity.certificate_number = CARD.lower()


def test_earlier_requests_are_told_the_same_applicant_s_first_with_the_reply_and_why(
    office: DeskOffice, desk: Desk
) -> None:
    from caseflow.reports import applicants

    own = office.accepted(LAST_YEAR, certificate_number=CARD, content="濠江路改造工程的结算审核报告")
    replied_by_letter(office, own, LAST_YEAR, "没有制作")
    other = office.register(MONDAY, name="洪玉英", content="公开濠江路改造工程结算审核报告")
    named = office.register(MONDAY, name="卢天成", content="狮建〔2020〕058号")
    office.register(MONDAY, name="施永福", content="幼儿园招生办法")
    elsewhere = found("JJSB", "晋江市人民政府办公室")
    theirs = elsewhere.register(MONDAY, content="濠江路改造工程结算审核报告", certificate_number=CARD)
    assert [r.case_id for r in applicants.requests(office.id, "林国栋", CARD, {own, theirs})] == [own]
    assert applicants.looked_up(office.id, "", CARD).ids == {own}
    kept_as_typed(own)

    page = desk.get("/cases/new")
    assert "还没有可以比较的" in page.one("#similar").text
    form = {
        "name": "林国栋",
        "certificate_number": "３５０５８１19900101102x",
        "content": "申请濠江路改造工程的结算审核报告和狮建[2020]58号文",
    }
    shown = desk.post("/cases/new", form | {"recalculate": "1", "csrf_token": desk.token()}).one("#similar")
    assert [a.attrs["href"] for a in shown.all("a.no")] == [f"/cases/{case}" for case in (own, other, named)]
    said = shown.text
    assert "申请过 1 件" in said
    assert "当月的第 1 件" in said
    first, second, third = (li.text for li in shown.all("li"))
    assert "无法提供-本机关不掌握相关政府信息 · 2025年3月3日 周一 答复 · 狮政公开复〔2025〕第1号" in first
    assert "证件号码相同；内容都有“濠江路改造工程的结算审核报告”" in first
    assert second.partition("洪玉英")[1]
    assert "证件号码" not in second
    assert "都提到 狮建〔2020〕58号" in third
    assert shown.all("mark")
    assert "第三十六条第六项" in said

    case = office.register(MONDAY, certificate_number=CARD.lower(), content="濠江路改造工程结算报告")
    assert applicants.seen_before(office.id, "", CARD.lower())[1].case_id == own
    assert applicants.place_in_month(row(case))[0] == 1
    kept_as_typed(case)
    assert applicants.place_in_month(row(office.register(MONDAY, certificate_number=CARD)))[0] == 2
    again = desk.get(f"/cases/{case}/similar").one("#similar")
    assert [a.attrs["href"] for a in again.all("a.no")] == [f"/cases/{c}" for c in (own, other)]
    assert "另申请过 2 件" in again.text
    assert desk.get(f"/cases/{case}").one("#similar").attrs["data-load"] == f"/cases/{case}/similar"
    assert "没有找到相同或者类似的申请" in desk.get(f"/cases/{own}/similar").one("#similar").text


def test_an_applicant_said_to_be_another_is_not_counted_with_the_one_of_the_same_name(
    office: DeskOffice, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    from caseflow.reports import applicants, similar
    from caseflow.stages import archive, register

    for _ in range(11):
        office.register(MONDAY, content="凤山水库的水质")
    clerk = office.work("clerk", MONDAY)
    posted = register.Arrival("letter", mail="ordinary", arrived=MONDAY)
    form_of = register.Application("natural_person", "林国栋", "凤山水库的水质")
    early = register.register(clerk, posted, form_of)[0].id
    archive.withdraw(clerk, early, seq(early), MONDAY, "来电撤回")
    desk.get("/cases/new")
    form = {"name": "林国栋", "content": "凤山水库水质监测", "csrf_token": desk.token()}
    told = desk.post("/cases/similar", form).text
    assert "申请过 12 件" in told  # one of them withdrawn before its legal receipt
    assert "当月的第 12 件，超过 10 件" in told
    assert "申请人同名" in told
    monkeypatch.setattr(similar, "CANDIDATES", 3)  # what is like this one, not what is counted
    assert "申请过 12 件" in desk.post("/cases/similar", form).text
    monkeypatch.setattr(applicants, "MOST", 2)
    told = desk.post("/cases/similar", form).text
    assert "申请过 2+ 件，最近的 " in told
    assert "这件至少是收到当月的第 2 件" in told
    told = desk.post("/cases/similar", form | {"stranger": "林国栋 "}).text
    assert "申请过" not in told
    assert "其他申请人的" in told
    assert "还没有" in desk.post("/cases/similar", form | {"name": "林\x00栋"}).text
