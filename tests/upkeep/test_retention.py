"""保存期限: what is masked, what stays, what the record says of it; broken off, and done again."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select, text

from tests.stages.drive import TUESDAY, at, do, scan
from tests.support import states
from tests.support.children import Child
from tests.support.office import row, seq
from tests.upkeep.desk import place, put_in

if TYPE_CHECKING:
    from caseflow.config import Settings
    from caseflow.upkeep.retention import Done, Plan
    from tests.support.office import DeskOffice

NEW_YEAR = date(2028, 1, 1)  # a whole year after 2026, in which these cases are archived
NOW = datetime(2028, 1, 1, 1, tzinfo=UTC)

# Everything about people that is typed below, in a form, a note, a letter or the name of a file
FORM = {
    "name": "欧阳婉清", "contact_person": "司马青衫", "agent": "诸葛代理", "co_applicants": "慕容共同",
    "certificate_type": "居民身份证", "certificate_number": "350581199001019876", "phone": "13950005520",
    "address": "宝盖镇学府路 12 号", "email": "wanqing@example.cn", "content": "欧阳婉清户的征收补偿协议",
    "obtain_by": "邮寄到单位", "form": "光盘拷贝", "remark": "腿脚不便",
}  # fmt: skip
PEOPLE = (*FORM.values(), "皇甫公司", "同住人慕容", "上官签收", "慕容共同.pdf", "征收办告知", "老宅三号")
SHARED = b"%PDF-1.7 shared"


def settled(office: DeskOffice, **form: str) -> int:
    """A case with everything a case may have of people, archived in 2026."""
    from caseflow.stages import handle, letters, register, reply

    case = office.accepted(TUESDAY, **FORM | form | {"address": "老宅三号"})
    came = register.Arrival("in_person", submitted=TUESDAY)
    do(office, case, "correct", form={"applicant_class": "natural_person"} | FORM | form, arrival=came)
    clerk = office.work("clerk", TUESDAY)
    handle.consult_third_party(clerk, case, seq(case), TUESDAY, "皇甫公司", "同住人慕容", TUESDAY)
    do(office, case, "record_opinion")
    do(office, case, "add_files", upload=scan("慕容共同.pdf", SHARED))
    do(office, case, "draft_reply")
    drafted = seq(case)
    do(office, case, "approve_reply")
    typed = {"公开内容": "征收办告知", "提供方式": "邮寄"}
    letters.issue(clerk, case, seq(case), "reply_granted", drafted, typed)
    do(office, case, "send_reply")
    reply.deliver_reply(clerk, case, seq(case), TUESDAY, "上官签收")
    do(office, case, "archive")
    return case


def kept_and_settled(office: DeskOffice) -> int:
    """Such a case of an office that keeps what is personal for a year."""
    keep_for(office, 1)
    return states.made_once(f"kept and settled {office}", lambda: settled(office))


def keep_for(office: DeskOffice, years: int | None) -> None:
    from caseflow.stages.offices import set_retention

    set_retention(office.id, years)


def planned(office: DeskOffice, limit: int | None = None, today: date = NEW_YEAR) -> Plan:
    from caseflow.db import db
    from caseflow.models import Office
    from caseflow.upkeep import retention

    db.session.rollback()
    plan = retention.plan(db.session.get_one(Office, office.id), today, limit)
    assert plan is not None
    return plan


def masked(office: DeskOffice, today: date = NEW_YEAR) -> Done:
    from caseflow.upkeep import retention

    now = datetime(today.year, today.month, today.day, 1, tzinfo=UTC)
    return retention.apply(planned(office, today=today), today=today, now=now)


def everything() -> str:
    """All rows of all tables, as a backup has them."""
    from caseflow.db import db
    from caseflow.upkeep import portable

    session = db.session()
    session.rollback()
    return "".join(b"".join(portable.dump(session, t)).decode() for t in portable.tables(session))


def rows_sealed(case: int) -> bool:
    """Whether anything sealed stands of a case, or a hash of what was."""
    from caseflow.db import db

    columns = "certificate_number || phone || certificate_hash || salt"
    query = f"SELECT {columns} FROM identity JOIN particulars ON id = particulars_id WHERE case_id = {case}"
    return any(db.session.scalars(text(query)))


def differences() -> list[str]:
    from caseflow.upkeep import contents, verify

    return [*verify.differences(), *contents.differences()]


def figures(office: DeskOffice) -> list[Any]:
    from caseflow.reports.year import year_report

    return [year_report([office.id], year).table for year in (2026, 2027, 2028)]


def change(statement: str) -> None:
    from caseflow.db import transaction

    with transaction() as session:
        session.execute(text(statement))


def test_what_is_personal_is_gone_from_rows_files_and_disk_and_everything_else_stays(
    office: DeskOffice, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    from caseflow.db import close, db
    from caseflow.files import store
    from caseflow.law.retention import MASK
    from caseflow.models import Event
    from caseflow.search import grams, index
    from caseflow.search.find import Filters, find

    case, other = kept_and_settled(office), settled(office, content="另一件")
    sued, running = at(office, "archived"), office.accepted(TUESDAY)
    do(office, sued, "open_proceeding")
    (shared,) = put_in(office, running, SHARED)  # what was filed in both of the first, too
    before, counted, kept = everything(), figures(office), set(store.all_kept())
    assert {words for words in PEOPLE if words not in before} == {FORM["certificate_number"], FORM["phone"]}
    assert rows_sealed(case)

    plan = planned(office)
    assert [(c.case_id, c.number, c.forms, c.letters) for c in plan.due] == [
        (case, "2026-1", 2, 1),
        (other, "2026-2", 2, 1),
    ]
    assert (plan.by_year, plan.rest) == ({2026: 2}, 0)
    assert planned(office, 1).rest == 1
    assert everything() == before, "a plan changes nothing"
    assert planned(office, today=date(2027, 12, 31)).due == ()

    tidied: list[int] = []
    tidy = index.tidy

    def told_of() -> None:
        tidied.append(len(planned(office).due))
        tidy()

    monkeypatch.setattr(index, "tidy", told_of)
    done = masked(office)
    assert (done.masked, done.passed_over, done.left) == (2, 0, 0)
    assert tidied == [0], "once, when all are masked"
    assert figures(office) == counted
    assert differences() == []
    assert planned(office).due == ()
    gone = kept - set(store.all_kept())
    assert len(gone) == done.removed == plan.contents > 0
    assert place(shared).exists()
    assert sum(plan.total(what) for what in ("forms", "notes", "letters", "files")) > 15
    assert not rows_sealed(case)
    left = everything()
    assert [words for words in PEOPLE if words in left] == []
    (event,) = db.session.scalars(select(Event).where(Event.case_id == case, Event.act == "mask_personal"))
    assert (event.details["years"], event.actor_id) == (1, None)
    assert all(isinstance(n, int) for key, ids in event.details.items() if key != "years" for n in ids)
    assert event.details.keys() == {"years", "forms", "notes", "letters", "documents"}
    assert find(db.session(), grams.words(f"2026 {MASK}"), Filters(), desk=True).ids == []
    told = {
        token[1:].encode() for words in ("司马青衫", "诸葛代理") for token in grams.tokens("a", words)[:-1]
    }
    close()  # SQLite brings its file up to date
    if settings.is_sqlite:
        raw = Path(settings.database_url.removeprefix("sqlite:///")).read_bytes()
        assert [words for words in PEOPLE if words.encode() in raw] == []
        assert [pair for pair in told if pair in raw] == [], "what they were found by"


def test_a_masked_row_that_says_something_again_and_a_row_masked_without_its_event_are_differences(
    office: DeskOffice,
) -> None:
    from caseflow.keys import seal
    from caseflow.law.retention import MASK

    case, other = kept_and_settled(office), office.accepted(TUESDAY)
    masked(office)
    assert differences() == []
    change(f"UPDATE particulars SET name = '{MASK}', content = '{MASK}', salt = '' WHERE case_id = {other}")
    change(f"UPDATE identity SET phone = '{seal('13950005520', 'identity.phone')}' WHERE particulars_id = 1")
    change(
        f"UPDATE note SET party = '皇甫第三方' WHERE id = (SELECT max(id) FROM note WHERE case_id = {case})"
    )
    change(f"UPDATE document SET name = '慕容共同.pdf' WHERE case_id = {case} AND n = 1")
    change(f'UPDATE letter SET typed = \'{{"事项": "欧阳"}}\' WHERE case_id = {case}')
    told = [
        line.partition("：")[0].split(" ", 2)[2] + "：" + line.partition("：")[2] for line in differences()
    ]
    number = told[3].split()[1]
    assert told == [
        "申请信息 1：个人信息已经隐去，phone 里却又有内容",
        told[1],
        "材料 1：个人信息已经隐去，name 里却又有内容",
        f"文书 {number} 第 1 版：个人信息已经隐去，typed 里却又有内容",
        told[4],
    ]
    assert told[1].endswith("个人信息已经隐去，party 里却又有内容")
    assert told[4].endswith("内容与事件里的校验值不符")


def test_what_comes_after_a_masking_is_masked_in_its_turn_and_nothing_but_a_proceeding_comes(
    office: DeskOffice,
) -> None:
    from caseflow.db import db
    from caseflow.models import Note
    from caseflow.stages import proceedings
    from caseflow.stages.errors import Refused

    case = kept_and_settled(office)
    masked(office)
    for act in ("correct", "add_files", "void_reply"):
        with pytest.raises(Refused, match="个人信息已于 2028年1月1日 星期六 隐去"):
            do(office, case, act, NEW_YEAR)
    work = office.work("clerk", NEW_YEAR)
    proceedings.open_proceeding(work, case, seq(case), NEW_YEAR, "suit", note="夏侯诉状")
    assert planned(office, today=date(2040, 1, 1)).due == ()
    proceedings.close_proceeding(work, case, seq(case), NEW_YEAR, 1, "upheld")
    assert planned(office, today=date(2029, 12, 31)).due == ()
    assert [(c.forms, c.notes) for c in planned(office, today=date(2030, 1, 1)).due] == [(0, 1)]
    assert masked(office, date(2030, 1, 1)).masked == 1
    assert "夏侯诉状" not in db.session.scalars(select(Note.text)).all()
    assert differences() == []


def test_a_ledger_read_again_neither_brings_names_back_nor_doubles_a_case(
    office: DeskOffice, tmp_path: Path
) -> None:
    from caseflow.db import db
    from caseflow.ledger.load import Import, import_file
    from caseflow.ledger.write import Export, to_file

    def read(file: Path) -> tuple[int, int, list[str]]:
        db.session.rollback()
        report = import_file(Import(file, NEW_YEAR, NOW, office=office.code))
        return report.added, report.passed_over, [f"{p.column}：{p.reason}" for p in report.errors]

    brought = tmp_path / "台账.csv"
    head = "登记编号,受理方式,收到日期,申请人类型,申请人,证件号码,申请内容,办理结果,答复日期,归档日期,备注\n"
    line = "{},信函,2024-03-01,自然人,欧阳婉清,350581199001019876,{},予以公开,2024-03-20,{},腿脚不便\n"
    brought.write_text(
        head + line.format("2024-7", "补偿协议", "2024-04-01") + line.format("", "无编号", "2024-04-01"),
        "utf-8",
    )
    assert read(brought) == (2, 0, [])
    settled(office)
    whole, later = tmp_path / "导出.csv", tmp_path / "后来.csv"
    to_file(Export(db.session(), office.id), whole)

    keep_for(office, 1)
    assert masked(office).masked == 3
    db.session.rollback()
    bare = tmp_path / "隐去后.csv"
    to_file(Export(db.session(), office.id), bare)
    assert "〔已隐去〕" in bare.read_text("utf-8")
    for file, rows in ((brought, 2), (whole, 3), (bare, 3)):
        assert read(file) == (0, rows, []), file
    later.write_text(head + line.format("2024-7", "补偿协议", "2024-04-02"), "utf-8")
    added, passed, (why,) = read(later)
    assert (added, passed) == (0, 0)
    assert why.startswith("归档日期：这个编号已经登记，")
    assert "2024-04-01" in why
    assert [words for words in PEOPLE if words in everything()] == []
    assert differences() == []


def test_killed_in_the_middle_it_goes_on_with_the_next_run_and_takes_the_files_away_too(
    office: DeskOffice, settings: Settings
) -> None:
    from caseflow.files import store
    from caseflow.stages import masking
    from caseflow.upkeep import sweep

    first, second = kept_and_settled(office), settled(office, content="另一件")
    late: dict[str, Any] = {"today": NEW_YEAR, "now": NOW, "actor_id": None}
    assert masking.mask(office.id, first, seq(first) - 1, 1, **late) is None, "it has changed since"
    freed = masking.mask(office.id, first, seq(first), 1, **late)
    assert freed
    assert set(freed) <= set(store.all_kept()), "killed before the files were taken away"
    before = everything()
    Child(settings, "killed", "mask", office.id, NEW_YEAR.isoformat()).go().killed()
    assert everything() == before
    done = masked(office)
    assert done.masked == 1
    assert row(second).masked_seq == seq(second)
    assert set(freed).isdisjoint(store.all_kept())
    assert list(sweep.left_over(NOW)) == []
    assert differences() == []
