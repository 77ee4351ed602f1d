"""审计: what the 审计管理员 reads and takes away, and that refusals and settings stand in it."""

from __future__ import annotations

import csv
import io
import json
from datetime import date, timedelta

import pytest
from sqlalchemy import select, text

from caseflow.db import db, dialect, transaction
from caseflow.models import AuditEntry, Office, Person
from caseflow.stages import audit, closing, letterhead, offices, terms
from caseflow.upkeep import chains, heads
from tests.web.conftest import MONDAY, MORNING

pytestmark = [pytest.mark.usefixtures("monday"), pytest.mark.both_engines]

APPLICANT = "林国栋"


def noted() -> list[tuple[str, dict[str, object]]]:
    """The second log, oldest first."""
    db.session.rollback()
    found = db.session.execute(select(AuditEntry.what, AuditEntry.details).order_by(AuditEntry.id))
    return [(what, details) for what, details in found if not what.startswith("sign_")]


def lines(page) -> list[list[str]]:
    return [[cell.text for cell in row.all("td")] for row in page.all("tbody tr")]


def test_the_log_is_read_by_person_day_and_kind_and_names_no_applicant(office, sign_in_as):
    case = office.accepted(MONDAY)
    with transaction() as session:
        for n, who in enumerate(("admin", "security", "admin")):
            by = audit.By(office.people[who], office.id, "10.0.0.7")
            audit.note(session, "exported", by=by, kind="台账", rows=n, case_id=case if n else None)
        audit.note(session, "imported", by=audit.By(), rows=4)
    auditor = sign_in_as("auditor-ssfb", latin=("admin", "security", "ssfb"))
    page = auditor.get("/audit?what=exported")
    assert [row[1] for row in lines(page)] == [
        "吴桐（admin-ssfb）",
        "徐静（security-ssfb）",
        "吴桐（admin-ssfb）",
    ]
    assert lines(page)[0][:1] + lines(page)[0][2:] == [
        "11月23日 周一 09:00:00", "导出", "2026-1", "10.0.0.7", "种类：台账；行数：2",
    ]  # fmt: skip
    assert [row[1] for row in lines(auditor.get("/audit?what=imported"))] == ["命令行"]
    assert len(lines(auditor.get("/audit?what=exported&who=徐静"))) == 1
    assert len(lines(auditor.get("/audit?what=exported&case=2026-1"))) == 2
    assert len(lines(auditor.get("/audit?what=exported&from=2026-11-23&to=2026-11-23"))) == 3
    assert lines(auditor.get("/audit?from=2026-11-24")) == []
    assert lines(auditor.get("/audit?what=exported&to=2026-11-22")) == []
    for wrong, why in (("who=谁", "没有这个人"), ("case=2026-99", "没有这个编号"), ("from=13", "写成")):
        refused = auditor.get(f"/audit?{wrong}")
        assert refused.status == 422
        assert why in refused.text
    acts = auditor.get("/audit/acts")
    assert [row[2] for row in lines(acts)] == ["受理", "登记"]
    assert [row[1] for row in lines(acts)] == ["李建华（lead-ssfb）", "王敏（clerk-ssfb）"]
    assert APPLICANT not in acts.text + page.text
    assert "某路" not in acts.text


def test_a_long_log_is_read_page_by_page_and_each_entry_once(office, sign_in_as):
    with transaction() as session:
        for n in range(120):
            audit.note(session, "exported", by=audit.By(office.people["lead"], office.id, "::1"), rows=n)
    auditor, seen = sign_in_as("auditor-ssfb", latin=("lead", "ssfb")), []
    page = auditor.get("/audit?what=exported")
    while True:
        seen += [row[-1] for row in lines(page)]
        older = [link for link in page.links() if "before=" in link]
        if not older:
            break
        page = auditor.get(older[0])
    assert seen == [f"行数：{n}" for n in reversed(range(120))]


def test_what_is_taken_away_is_noted_and_holds_no_formula(office, sign_in_as):
    with transaction() as session:
        session.get_one(Person, office.people["lead"]).name = "=1+1"
        audit.note(session, "exported", by=audit.By(office.people["lead"], office.id, "::1"), rows=3)
    auditor = sign_in_as("auditor-ssfb")
    auditor.get("/audit?what=exported")
    answer = auditor.client.post("/audit/entries.csv?what=exported", data={"csrf_token": auditor.token()})
    taken = answer.data.decode("utf-8-sig")
    answer.close()
    rows = list(csv.reader(io.StringIO(taken)))
    assert rows[0][:3] == ["时间", "人员", "做了什么"]
    assert rows[1][0] == "2026-11-23 09:00:00"
    assert rows[1][1].startswith("'=")
    assert noted()[-1] == ("log_read", {"kind": "安全审计", "form": "csv"})


def test_the_auditor_reads_of_the_offices_beneath_and_no_others(office, sign_in_as):
    with transaction() as session:
        below = offices.create(session, "BELOW", "下级局", office.id)
        above = offices.create(session, "ABOVE", "别的机关")
        for other, n in ((below, 1), (above, 2)):
            audit.note(session, "exported", by=audit.By(None, other.id, "::1"), rows=n)
        audit.note(session, "exported", by=audit.By(None, None, "::1"), rows=3)
    auditor = sign_in_as("auditor-ssfb")
    assert [row[-1] for row in lines(auditor.get("/audit?what=exported"))] == ["行数：3", "行数：1"]
    with transaction() as session:
        session.get_one(Office, office.id).parent_id = session.scalar(
            select(Office.id).where(Office.code == "ABOVE")
        )
    assert [row[-1] for row in lines(auditor.get("/audit?what=exported"))] == ["行数：1"]


def test_every_refusal_is_noted_with_its_page_and_nothing_typed(office, sign_in_as):
    case = office.accepted(MONDAY)
    with transaction() as session:
        other = offices.create(session, "OTHER", "别的机关")
        session.execute(
            text('UPDATE "case" SET office_id = :other WHERE id = :case'), {"other": other.id, "case": case}
        )
    clerk = sign_in_as("clerk-ssfb")
    assert clerk.status("/admin/people?q=林国栋") == 403
    assert clerk.status(f"/cases/{case}") == 404
    assert clerk.status("/cases/987654") == 404  # there is none: nothing was refused
    assert clerk.status("/audit") == 403
    for typed in ("/audit/林国栋", "/annual/2026/report/林国栋", "/year/2026/林国栋/林国栋"):
        clerk.status(typed)
    assert clerk.status(f"/cases/{case}/acts/林国栋") == 404
    assert noted() == [
        ("refused", {"page": "打开 /admin/people"}), ("refused", {"page": f"打开 /cases/{case}"}),
        ("refused", {"page": "打开 /audit"}), ("refused", {"page": "打开 /audit/…"}),
        ("refused", {"page": f"打开 /cases/{case}/acts/…"}),
    ]  # fmt: skip
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.what == "refused").limit(1)).one()
    assert (entry.actor_id, entry.office_id, entry.address) == (
        office.people["clerk"],
        office.id,
        "127.0.0.1",
    )


def test_every_setting_says_in_the_log_what_it_is_now(office):
    day = date(2026, 12, 1)
    terms.set_rule("reply", "5、2、0", True, None)
    terms.set_government(office.id, True)
    closing.close_on(office.id, day, "搬家")
    closing.open_on(office.id, day)
    offices.add_below(office.id, "SUB", "下级局")
    offices.set_retention(office.id, 10)
    offices.set_counts_redone(office.id, True)
    letterhead.set_data(
        office.id, letterhead.data_of(db.session.get_one(Office, office.id)) | {"phone": "0595-1"}
    )
    said = [(what, details["setting"], details.get("now") or details.get("day")) for what, details in noted()]
    assert said == [
        ("setting_changed", "答复的提醒", "提前 5,2,0 个工作日，逾期也提醒"),
        ("setting_changed", "本机关是人民政府", "是"), ("setting_changed", "本机关不办公", "2026-12-01"),
        ("setting_changed", "本机关照常办公", "2026-12-01"), ("setting_changed", "添加下级机关", "SUB"),
        ("setting_changed", "个人信息保存期限", "10 年"), ("setting_changed", "重新答复再计入年报表", "是"),
        ("setting_changed", "本机关的资料", "电话"),
    ]  # fmt: skip


def test_a_signed_head_finds_out_a_database_that_was_rewritten_whole(office, sign_in_as):
    office.replied(date(2026, 9, 21), date(2026, 10, 20))
    auditor = sign_in_as("auditor-ssfb")
    sheet = auditor.get("/audit/head")
    answer = auditor.client.post("/audit/head.json", data={"csrf_token": auditor.token()})
    told = json.loads(answer.data)
    assert all(one["hash"] in sheet.text for one in told["chains"] if one["name"] != "audit")
    assert noted()[-1] == ("head_signed", {"digest": told["digest"]})
    kept = heads.read(answer.text)
    assert list(heads.strange(kept)) == []
    assert list(chains.differences(known=kept)) == []
    office.register(MONDAY)  # what came since changes nothing of what stood
    assert list(chains.differences(known=kept)) == []
    later = MORNING.isoformat()[:-6] + "1"
    for bent, why in (
        ({"made_at": later}, "签名不符"), ({"chains": []}, "签名不符"), ({"key": "00"}, "不是"),
    ):  # fmt: skip
        with pytest.raises(heads.Unusable, match=why):
            heads.read(json.dumps(told | bent))
    rewrite()
    assert list(chains.differences()) == []
    assert list(chains.differences(known=kept)) == [
        "石狮市人民政府办公室 链头文件：第 6 环不是当时那一环，链被整个改写过"
    ]  # fmt: skip


def rewrite() -> None:
    """What somebody does who owns the database and has read the program: an event bent, every later link made anew."""
    from caseflow.models import ChainHead, Event
    from caseflow.stages import chain

    with transaction() as session:
        names = ("event_no_update",) if dialect() == "sqlite" else ()
        for name in names:
            session.execute(text(f"DROP TRIGGER {name}"))
        if dialect() == "postgresql":
            session.execute(text("ALTER TABLE event DISABLE TRIGGER USER"))
        events = list(session.scalars(select(Event).order_by(Event.id)))
        events[-2].at += timedelta(days=1)
        before = ""
        for event in events:
            event.hash = before = chain.linked(before, [getattr(event, name) for name in chain.EVENT])
        session.scalars(select(ChainHead).where(ChainHead.name != chain.AUDIT)).one().hash = before
