"""签发: what is signed never changes, what comes later counts later, and every difference names its cases."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from caseflow.closing import sign
from caseflow.closing.changes import changes, texts
from caseflow.closing.checks import Asked, behind, findings
from caseflow.closing.freeze import Frozen, freeze
from caseflow.db import db, transaction
from caseflow.law.annual_two import cells
from caseflow.ledger.load import Import, import_file
from caseflow.models import Office, SignedYear
from caseflow.reports.cells import cell, cell_cases
from caseflow.reports.pages import case_page
from caseflow.stages import annual, archive, correct, proceedings, register, reply, supervision
from caseflow.stages.errors import Forbidden, Refused
from caseflow.upkeep import verify
from tests.reports.register import keep, replied
from tests.support.office import DeskOffice, found, row, seq

JANUARY = date(2027, 1, 12)
MARCH = date(2026, 3, 2)


def now(office: DeskOffice, year: int = 2026) -> Frozen:
    db.session.rollback()
    return freeze(db.session.get_one(Office, office.id), year)


def signed(office: DeskOffice, year: int = 2026, why: str = "", today: date = JANUARY) -> SignedYear:
    return sign.sign(office.work("lead", today), year, now(office, year).hash, why)


def figures(frozen: Frozen) -> dict[str, Any]:
    told = frozen.data["figures"]
    return {key: told[key][-1] for key in ("new", "carried_in", "results_total", "carried_out")}


def with_another(frozen: Frozen, case_id: int) -> Frozen:
    """The same figures, with another case where this one stood."""
    data = deepcopy(dict(frozen.data))
    data["cases"] = [[-c[0] if c[0] == case_id else c[0], *c[1:]] for c in data["cases"]]
    return Frozen(data)


def refusal(office: DeskOffice, **given: Any) -> str:
    with pytest.raises(Refused) as why:
        sign.sign(given.get("work", office.work("lead", JANUARY)), given.get("year", 2026),
                  given.get("shown", now(office).hash), given.get("why", ""))  # fmt: skip
    return why.value.reason


def test_figures_cases_and_words_are_frozen_with_one_hash(office: DeskOffice) -> None:
    done, left = office.replied(MARCH, date(2026, 3, 20)), office.accepted(date(2026, 12, 21))
    edition = signed(office)
    frozen = Frozen(edition.frozen)
    assert figures(frozen) == {"new": 2, "carried_in": 0, "results_total": 1, "carried_out": 1}
    assert set(frozen.behind("granted", "total")) == {done}
    assert set(frozen.behind("carried_out", "natural_person")) == {left}
    assert (edition.edition, edition.hash, len(edition.hash)) == (1, frozen.hash, 64)
    found = {(c.cell.row, c.cell.column): c for c in changes(frozen, with_another(frozen, done))}
    swapped = found["granted", "total"]  # no number moved, and yet it isn't the same
    assert (swapped.signed, swapped.present, [*swapped.gone], [*swapped.come]) == (1, 1, [done], [-done])
    assert ("carried_out", "total") not in found
    office.replied(MARCH, date(2026, 5, 6))  # late
    came_in, again = now(office, 2027), now(office)
    key_rows = ("new", "granted", "results_total", "carried_out")
    beside = (("channels", "in_person"), ("on_time", "replied"), ("on_time", "on_time"), ("on_time", "late"))
    for told, year in ((again, 2026), (came_in, 2027)):
        for key, column in (*((key, "total") for key in key_rows), *beside):
            behind = {c.id for c in cell_cases([office.id], cell(year, key, column)).cases}
            assert set(told.behind(key, column)) == behind, (year, key, column)


def test_only_the_lead_signs_a_year_that_is_over_as_it_was_shown(office: DeskOffice) -> None:
    with pytest.raises(Forbidden):
        sign.sign(office.work("supervisor", JANUARY), 2026, now(office).hash)
    assert "还没有结束" in refusal(office, work=office.work("lead", date(2026, 12, 31)))
    shown = now(office).hash
    office.replied(MARCH, date(2026, 3, 20))
    assert "看过以后" in refusal(office, shown=shown)
    signed(office)
    assert "和已经签发的一样" in refusal(office)


def test_what_is_dated_into_a_signed_year_counts_in_the_next_and_no_signed_cell_moves(
    office: DeskOffice,
) -> None:
    open_ = office.accepted(date(2026, 12, 21))
    before = Frozen(signed(office).frozen)
    late = office.replied(
        date(2026, 12, 1), date(2026, 12, 24)
    )  # brought to the register after the signature
    clerk = office.work("clerk", JANUARY)
    reply.draft_reply(clerk, open_, seq(open_), "unavailable_not_held", "没有")
    reply.approve_reply(office.work("lead", JANUARY), open_, seq(open_))
    reply.send_reply(clerk, open_, seq(open_), JANUARY, "ems", "EMS 1")
    assert (row(late).new_year, row(late).result_year) == (2027, 2027)
    assert (row(open_).new_year, row(open_).result_year) == (2026, 2027)
    assert changes(before, now(office)) == []
    assert figures(now(office, 2027)) == {"new": 1, "carried_in": 1, "results_total": 2, "carried_out": 0}


def test_a_proceeding_of_a_signed_year_comes_in_the_next_table_four(office: DeskOffice) -> None:
    done = office.replied(MARCH, date(2026, 3, 20))
    before = Frozen(signed(office).frozen)
    clerk = office.work("clerk", JANUARY)
    proceedings.open_proceeding(clerk, done, seq(done), date(2026, 5, 6), "suit", False)
    proceedings.close_proceeding(clerk, done, seq(done), date(2026, 11, 2), 1, "upheld")
    assert changes(before, now(office)) == []
    assert now(office, 2027).data["figures"]["proceedings"]["suit_direct"]["upheld"] == 1
    assert set(now(office, 2027).behind("suit_direct", "upheld")) == {done}


def test_a_proceeding_corrected_after_the_signature_differs_in_table_four_by_its_states(
    office: DeskOffice,
) -> None:
    done = office.replied(MARCH, date(2026, 3, 20))
    clerk = office.work("clerk", date(2026, 11, 2))
    proceedings.open_proceeding(clerk, done, seq(done), date(2026, 5, 6), "suit", False)
    proceedings.close_proceeding(clerk, done, seq(done), date(2026, 11, 2), 1, "upheld")
    first = Frozen(signed(office).frozen)
    assert first.figure("suit_direct", "upheld") == 1
    correct.void(office.work("lead", JANUARY), done, seq(done), seq(done), "还没有判决")
    found = {(c.cell.table, c.cell.row, c.cell.column): c for c in changes(first, now(office))}
    assert set(found) == {(4, "suit_direct", "upheld"), (4, "suit_direct", "pending")}
    upheld, pending = (found[4, "suit_direct", state] for state in ("upheld", "pending"))
    number = {done: row(done).number}
    assert (upheld.signed, upheld.present, upheld.gone, upheld.come) == (1, 0, number, {})
    assert (pending.signed, pending.present, pending.gone, pending.come) == (0, 1, {}, number)


def test_a_correction_moves_the_present_cell_and_names_the_case_while_the_signed_one_stays(
    office: DeskOffice,
) -> None:
    done = office.replied(MARCH, date(2026, 3, 20))
    first = signed(office)
    lead = office.work("lead", JANUARY)
    correct.correct_result(lead, done, seq(done), "partial", "录错了")
    found = {(c.cell.row, c.cell.column): c for c in changes(Frozen(first.frozen), now(office))}
    granted = found["granted", "total"]
    assert (granted.signed, granted.present, list(granted.gone), list(granted.come)) == (1, 0, [done], [])
    assert list(found["partial", "natural_person"].come) == [done]
    assert "写明为什么再次签发" in refusal(office)
    second = signed(office, why="一件结果录错，已更正")
    assert (second.edition, second.explanation) == (2, "一件结果录错，已更正")
    assert [e.hash for e in sign.editions(office.id, 2026)] == [second.hash, first.hash]
    assert Frozen(first.frozen).data["figures"]["results"]["granted"][-1] == 1


def test_a_voided_reply_leaves_a_signed_year_only_in_the_present_figures(office: DeskOffice) -> None:
    done = office.replied(MARCH, date(2026, 3, 20))
    first = Frozen(signed(office).frozen)
    reply.void_reply(office.work("lead", JANUARY), done, seq(done), "附件放错")
    moved = {c.cell.row for c in changes(first, now(office))}
    assert moved == {"granted", "results_total", "carried_out", "on_time"}
    assert first.data["figures"]["results_total"][-1] == 1


def test_no_program_changes_what_was_signed_and_verify_finds_one_that_could(office: DeskOffice) -> None:
    signed(office)
    assert list(verify.differences()) == []
    for statement in ("UPDATE signed_year SET hash = 'x'", "DELETE FROM signed_year"):
        with pytest.raises(DBAPIError, match="append-only"), transaction() as session:
            session.execute(text(statement))
    forged = {"office_id": office.id, "year": 2025, "edition": 1, "explanation": "", "hash": "0" * 64}
    by = {"signed_by": office.people["lead"], "signed_at": office.work("lead", JANUARY).now}
    frozen = dict(now(office, 2025).data)
    with transaction() as session:
        session.add(SignedYear(**forged, **by, frozen=frozen))
    (line,) = verify.differences()
    assert line.startswith("2025 年第 1 版签发")


def test_what_is_carried_in_is_held_against_what_was_signed_as_carried_out(office: DeskOffice) -> None:
    left = office.register(date(2026, 12, 21))

    def told(year: int, last: Frozen | None) -> list[str]:
        found = findings(Asked(office.id, year, JANUARY), now(office, year), last)
        return [f.sentence for f in found if "结转" in f.sentence]

    assert any("没有在这里签发过" in line for line in told(2027, None))
    first = Frozen(signed(office).frozen)
    assert told(2027, first) == []
    assert told(2027, with_another(first, left)) == [
        "自然人：本年的上年结转 1，2026 年签发的结转下年 1", "总计：本年的上年结转 1，2026 年签发的结转下年 1",
    ]  # fmt: skip
    archive.withdraw(office.work("clerk", JANUARY), left, seq(left), JANUARY, "来电撤回")
    assert told(2027, first) == []  # answered in the next year: carried in all the same
    reply.void_reply(office.work("lead", JANUARY), left, seq(left), "误记")
    earlier = register.Arrival("in_person", submitted=date(2027, 1, 5))
    form = register.Application("enterprise", "鸿川公司", "结算报告")
    correct.correct_particulars(
        office.work("lead", JANUARY), left, seq(left), earlier, form, "年份和申请人写错"
    )
    lines = told(2027, first)
    sentence = "自然人：本年的上年结转 0，2026 年签发的结转下年 1"
    assert [line for line in lines if line.startswith("自然人")] == [sentence]
    whose = db.session.get_one(Office, office.id)
    told_again, clauses = behind("carried-natural_person", Asked(office.id, 2027, JANUARY), whose, first)
    assert (told_again, [c.id for c in case_page(clauses).cases]) == (sentence, [left])


def test_findings_name_their_cases(office: DeskOffice) -> None:
    late = office.replied(MARCH, date(2026, 5, 6))
    sued = office.replied(MARCH, date(2026, 3, 20))
    clerk = office.work("clerk", date(2026, 12, 1))
    proceedings.open_proceeding(clerk, sued, seq(sued), date(2026, 6, 1), "reconsideration", False)
    found = {f.sentence: f for f in findings(Asked(office.id, 2026, JANUARY), now(office), None)}
    assert list(found["逾期答复，还没有登记原因和责任追究"].cases) == [late]
    assert list(found["复议、诉讼到年底尚未审结，确认是不是这样"].cases) == [sued]
    assert not any(f.wrong for f in found.values())
    supervision.hold_accountable(
        office.work("lead", JANUARY), late, seq(late), "search", "explained", "说明了"
    )
    assert not [f for f in findings(Asked(office.id, 2026, JANUARY), now(office), None) if late in f.cases]


def test_findings_are_of_the_office_and_of_the_year_that_are_asked_for(office: DeskOffice) -> None:
    other = found("JJSB", "晋江市人民政府办公室")
    arrival, form = (
        register.Arrival("online", submitted=date(2026, 12, 21)),
        register.Application("other", "甲", "批复"),
    )
    for one in (office, other):
        register.register(one.work("clerk", date(2026, 12, 21)), arrival, form)
        one.replied(MARCH, date(2026, 5, 6))
        one.accepted(date(2026, 11, 2))
        left = one.accepted(MARCH)
        archive.withdraw(one.work("clerk", date(2026, 5, 6)), left, seq(left), date(2026, 5, 6), "撤回")
    this_year = office.work("clerk", date(2027, 1, 5))
    register.register(this_year, replace(arrival, submitted=date(2027, 1, 5)), form)
    due_later = office.accepted(date(2026, 12, 7))
    later = office.work("clerk", date(2027, 2, 8))

    def told(year: int) -> dict[str, int]:
        asked, frozen = Asked(office.id, year, later.today), now(office, year)
        return {f.key: f.total for f in findings(asked, frozen, None) if f.key}

    assert row(due_later).due_on == date(2027, 1, 5)
    assert told(2026) == {"late": 1, "withdrawn_late": 1, "overdue": 1, "unconfirmed": 1}
    assert told(2027) == {"overdue": 2, "unconfirmed": 2}
    assert told(2025) == {}
    whose = db.session.get_one(Office, office.id)
    for key in told(2026):
        _, clauses = behind(key, Asked(office.id, 2026, later.today), whose, None)
        assert len(case_page(clauses).cases) == 1, key
    # what is carried in and was not carried out is as odd as what was carried out and isn't carried in
    signed_then = now(office)
    came = office.accepted(date(2026, 12, 8))
    odd = {
        f.key: f.cases for f in findings(Asked(office.id, 2027, later.today), now(office, 2027), signed_then)
    }
    assert list(odd["carried-natural_person"]) == [came]


def test_a_ledger_with_days_in_a_signed_year_says_so_and_counts_in_the_next(
    office: DeskOffice, tmp_path: Path
) -> None:
    signed(office)
    file = tmp_path / "台账.csv"
    head = "登记编号,受理方式,收到日期,申请人类型,申请人,申请内容,答复日期,办理结果"
    rows = (
        "甲1,当面,2026-03-02,自然人,林国栋,结算报告,2026-03-20,予以公开",
        "甲2,当面,2027-01-04,自然人,林国栋,批复,,",
    )
    file.write_text("\n".join((head, *rows)), encoding="utf-8")
    for dry in (True, False):
        at = office.work("clerk", JANUARY).now
        report = import_file(Import(file, JANUARY, at, office="SSFB", dry_run=dry))
        assert (report.errors, report.added, report.counted_later) == ([], 2, 1)
    assert "已签发的年度" in report.later
    assert figures(now(office, 2027)) == {"new": 2, "carried_in": 0, "results_total": 1, "carried_out": 1}
    assert figures(now(office)) == {"new": 0, "carried_in": 0, "results_total": 0, "carried_out": 0}


def test_years_are_signed_one_after_the_other_and_an_older_one_is_closed_with_them(
    office: DeskOffice,
) -> None:
    first = Frozen(signed(office, 2025).frozen)
    late = office.accepted(date(2024, 12, 20))  # 2024 was never signed here
    assert row(late).new_year == 2026
    assert changes(first, now(office, 2025)) == []
    assert "依次签发" in refusal(office, year=2024, shown=now(office, 2024).hash)
    work = office.work("lead", date(2028, 1, 12))
    assert "下一个是 2026 年" in refusal(office, work=work, year=2027, shown=now(office, 2027).hash)
    signed(office, 2026)


def test_the_rate_and_the_channels_of_a_signed_year_stay_with_its_table(office: DeskOffice) -> None:
    office.replied(MARCH, date(2026, 3, 20))
    first = signed(office)
    office.replied(date(2026, 12, 1), date(2026, 12, 24))
    assert (now(office).data["figures"]["on_time"], now(office).hash) == (
        first.frozen["figures"]["on_time"], first.hash,
    )  # fmt: skip
    assert now(office, 2027).data["figures"]["on_time"]["replied"] == 1
    assert set(now(office, 2027).behind("on_time", "replied")) == {
        c.id for c in cell_cases([office.id], cell(2027, "on_time", "replied")).cases
    }


def test_words_written_after_the_signature_are_named(office: DeskOffice) -> None:
    first = Frozen(signed(office).frozen)
    with transaction() as session:
        session.get_one(Office, office.id).phone = "0595-1"
    assert texts(first, now(office)) == ["前言"]
    assert changes(first, now(office)) == []


ODD: dict[str, dict[str, Any]] = {
    "答复早于收到申请": {"received_on": date(2026, 3, 9), "replied_on": date(2026, 3, 2)},
    "已经办结，没有办理结果": {"result": ""},
    "没有申请人类型": {"applicant_class": "nobody"},
    "答复了，没有算得出的到期日": {"due_on": None},
}


@pytest.mark.parametrize("sentence", ODD)
def test_what_looks_wrong_on_a_case_is_found_and_has_to_be_put_right(
    office: DeskOffice, sentence: str
) -> None:
    (odd,) = keep(replied(office.id, "2026-1", MARCH, date(2026, 3, 20), date(2026, 3, 30), **ODD[sentence]))
    found = {f.sentence: f for f in findings(Asked(office.id, 2026, JANUARY), now(office), None)}
    assert (list(found[sentence].cases), found[sentence].wrong) == ([odd], True)


def test_a_table_that_does_not_balance_is_found_and_not_signed(office: DeskOffice) -> None:
    keep(replied(office.id, "2026-1", MARCH, date(2026, 3, 20), date(2026, 3, 30), result="shredded"))
    assert "勾稽关系不成立" in refusal(office)
    assert any(
        "不成立" in f.sentence and f.wrong
        for f in findings(Asked(office.id, 2026, JANUARY), now(office), None)
    )


def test_what_is_overdue_at_the_end_of_the_year_and_what_nobody_confirmed_are_found(
    office: DeskOffice,
) -> None:
    open_, last = office.accepted(date(2026, 11, 2)), date(2026, 12, 31)
    form = register.Application("natural_person", "林国栋", "结算报告")
    (waits,) = register.register(office.work("clerk", last), register.Arrival("online", submitted=last), form)
    found = {f.sentence: list(f.cases) for f in findings(Asked(office.id, 2026, JANUARY), now(office), None)}
    overdue = "到期日不晚于年底，逾期还没有答复，也没有登记原因"
    assert found[overdue] == [open_]
    due = row(open_).due_on
    assert due
    for day, late in ((due, False), (due + timedelta(days=1), True)):
        told = findings(Asked(office.id, 2026, day), now(office), None)
        assert any(f.sentence == overdue for f in told) is late, day
    assert found["年底以前登记、还没有确认收到的，不在任何一格"] == [waits.id]


def test_what_of_the_annual_report_speaks_against_the_tables_or_is_not_written_is_found(
    office: DeskOffice,
) -> None:
    office.replied(MARCH, date(2026, 3, 20))

    def told() -> list[tuple[str, bool]]:
        found = findings(Asked(office.id, 2026, JANUARY), now(office), None)
        return [(f.sentence, f.wrong) for f in found if f.sentence.startswith("年度报告")]

    ((sentence, wrong),) = told()
    assert not wrong
    assert "（“（一）主动公开情况”下面还没有写，" in sentence
    in_order = "；二、主动公开政府信息情况（10 格空白）；五、存在的主要问题及改进情况（还没有写）"
    assert sentence.endswith(in_order), sentence
    text = "（二）依申请公开情况\n2026 年收到政府信息公开申请 9 件。"
    lead = office.work("lead", JANUARY)
    assert lead.actor_id
    annual.save_text(annual.Draft(lead.actor_id, office.id, 2026, 0, lead.now), "general", text)
    ((sentence, wrong),) = [one for one in told() if one[1]]
    assert (wrong, "9 件" in sentence) == (True, True)
    for year, seen, valid in ((2025, 0, 30), (2026, 1, 33)):
        two = {cell.place: Decimal(0) for cell in cells("2021")} | {"normative.valid": Decimal(valid)}
        annual.save_figures(annual.Draft(lead.actor_id, office.id, year, seen, lead.now), two)
    assert [one for one, is_wrong in told() if is_wrong][1:] == [
        "年度报告“二、主动公开政府信息情况”：行政规范性文件：现行有效 33，应为 30（上年 30 ＋ 制发 0 － 废止 0）"
    ]
    assert not [one for one, _ in told() if "空白" in one]
