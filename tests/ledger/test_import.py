"""Importing: all rows or none, what stands already passed over, and what disagrees named with both values."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from caseflow.db import db
from caseflow.models import AuditEntry
from tests.ledger.tables import (
    NOW,
    TODAY,
    book,
    cases,
    counts,
    csv_file,
    differences,
    events,
    imported,
    lines,
    problems,
    row,
    taken,
)
from tests.support.office import DeskOffice, found, seq

REPLIED = {"答复日期": "2026-03-20", "办理结果": "予以公开"}


@pytest.fixture
def file(tmp_path: Any) -> Any:
    """Make a csv of these rows."""
    names = iter(f"{n}.csv" for n in range(99))
    return lambda *rows: csv_file(tmp_path / next(names), rows)


# -- all or nothing ------------------------------------------------------------------------------


def test_one_bad_row_keeps_all_rows_out(office, file):
    rows = [row(f"2026-{n}") for n in range(1, 700)]
    rows[650] = row("2026-651", 收到日期="2026-02-30")
    before = counts()
    report = imported(file(*rows))
    assert problems(report) == [(652, "收到日期", "“2026-02-30”不是日期，写成 2020-03-02 这样")]
    assert (report.added, report.passed_over) == (0, 0)
    assert counts() == before


def test_every_bad_row_is_named_not_only_the_first(office, file):
    report = imported(
        file(row(受理方式="邮件"), row("2026-6"), row("2026-7", 申请人="", 办理结果="予以公开"))
    )
    assert [(line, column) for line, column, _ in problems(report)] == [
        (2, "受理方式"),
        (4, "申请人"),
        (4, "办理结果"),
    ]


def test_what_came_in_is_noted_once_and_nothing_where_all_stands(app, office, file):
    ledger = file(row("2026-1"), row("2026-2"))
    for _ in range(2):
        imported(ledger)
    db.session.rollback()
    found = db.session.execute(select(AuditEntry.what, AuditEntry.details)).all()
    assert [tuple(entry) for entry in found] == [("imported", {"office": "SSFB", "rows": 2})]


def test_a_dry_run_writes_nothing_and_says_what_would_come_in(app, file):
    with app.app_context():
        before = counts()
        report = taken(file(row(), row("2026-6")), "NEW", dry_run=True)
        assert (report.added, report.office, report.dry_run) == (2, "NEW", True)
        assert counts() == before


def test_missing_columns_are_named_before_any_row(office, file):
    report = imported(file(row(申请内容=None, 申请人=None)))
    assert problems(report) == [
        (1, "申请人", "台账缺“申请人”这一列"),
        (1, "申请内容", "台账缺“申请内容”这一列"),
    ]


def test_an_unreadable_file_is_a_report_not_a_crash(office, tmp_path):
    assert problems(imported(csv_file(tmp_path / "a.csv", [row()], "utf-16"))) == [
        (0, "", "文字编码是 UTF-16，读不了；用表格软件另存为“CSV UTF-8”或者 .xlsx 后再试")
    ]


def test_a_head_without_rows_is_an_empty_year(office, file):
    assert taken(file()).added == 0


# -- rows and cases ------------------------------------------------------------------------------


def test_an_open_row_waits_where_it_stands(office, file):
    taken(
        file(
            row("1"),
            row("2", 经办人="王敏"),
            row("3", 补正告知日期="2026-03-05", 补正期限="2026-10-30"),
            row("4", 收到日期="2026-09-10", 征求意见发出日期="2026-09-15"),
        )
    )
    told = {number: (case.stage, case.waiting, case.due_on) for number, case in cases().items()}
    assert told["1"][:2] == ("review", "")
    assert told["2"][:2] == ("handle", "")
    assert told["3"] == ("handle", "correction", None)
    assert told["4"][:2] == ("handle", "consultation")


def test_the_name_of_a_clerk_in_service_becomes_the_handler(office, file):
    taken(file(row("1", 经办人="王敏"), row("2", 经办人="李建华"), row("3", 经办人="赵不在")))
    told = {number: (case.handler_id, case.handler) for number, case in cases().items()}
    assert told["1"] == (office.people["clerk"], "王敏")
    assert told["2"] == (None, "李建华")  # the lead, not a clerk
    assert told["3"] == (None, "赵不在")


def test_a_name_that_two_clerks_bear_stays_only_a_name(office, file):
    from caseflow.db import transaction
    from caseflow.models import Person

    with transaction() as session:
        session.add(Person(office_id=office.id, username="w2", name="王敏", role="clerk", password_hash=""))
    taken(file(row("1", 经办人="王敏")))
    assert (cases()["1"].handler_id, cases()["1"].handler) == (None, "王敏")


@pytest.mark.parametrize(
    ("columns", "act", "closed_by", "result"),
    [
        (REPLIED, "send_reply", "reply", "granted"),
        (REPLIED | {"办理结果": "其他处理-逾期不补正", "补正告知日期": "2026-03-04"}, "lapse_correction", "lapsed", "other_correction_lapsed"),
        (REPLIED | {"办理结果": "其他处理-逾期未缴费", "收费通知日期": "2026-03-04"}, "lapse_fee", "lapsed", "other_fee_unpaid"),
        (REPLIED | {"办理结果": "其他处理-其他"}, "send_reply", "lapsed", "other"),
        ({"撤回日期": "2026-03-10"}, "withdraw", "withdrawn", "other"),
    ],
)  # fmt: skip
def test_each_way_to_close_is_its_own_act(office, file, columns, act, closed_by, result):
    taken(file(row("1", **columns)))
    case = cases()["1"]
    assert events("1")[-1][0] == act
    assert (case.closed_by, case.result, case.stage) == (closed_by, result, "archive")
    assert (case.on_time is None) == (closed_by != "reply")


def test_a_deferred_and_a_paid_term_are_reckoned_anew(office, file):
    deferred = row("1", 收到日期="2026-03-02", 延迟答复至="2026-12-31")
    paid = row("2", 收到日期="2026-03-02", 收费通知日期="2026-03-09", 缴费日期="2026-03-16")
    taken(file(deferred, paid))
    assert cases()["1"].due_on.isoformat() == "2026-12-31"
    assert cases()["2"].due_on.isoformat() == "2026-04-14"  # 20 working days after 16 March, 清明 between


def test_the_form_goes_to_the_particulars_and_certificate_and_telephone_apart(office, file):
    from caseflow.db import db
    from caseflow.models import Identity, Particulars

    taken(
        file(row("1", 代理人="陈律师", 证件号码="000000199001011234", 联系电话="10012345678", 备注="与 2 同"))
    )
    form = db.session.query(Particulars).one()
    assert (form.name, form.agent, form.remark) == ("林国栋", "陈律师", "与 2 同")
    identity = db.session.query(Identity).one()
    assert (identity.certificate_number, identity.phone) == ("000000199001011234", "10012345678")


def test_what_came_in_holds_before_the_check_of_the_whole_record(office, file):
    taken(file(row(**REPLIED), row(None), row("2026-9", 补正告知日期="2026-03-04")))
    assert differences() == []


def test_numbers_of_the_desk_go_on_after_those_of_the_ledger(office, file):
    taken(file(row("2026-41"), row("2026-7"), row("旧 3 号")))
    assert cases().keys() == {"2026-41", "2026-7", "旧 3 号"}
    case_id = office.register(TODAY)
    assert {case.id: number for number, case in cases().items()}[case_id] == "2026-42"


# -- the same again ------------------------------------------------------------------------------


def test_the_same_file_twice_adds_nothing(office, file):
    source = file(row(**REPLIED), row("2026-6"), row("", 备注="没有编号"))
    assert taken(source).added == 3
    before = counts()
    again = taken(source)
    assert (again.added, again.passed_over) == (0, 3)
    assert counts() == before


def test_the_same_told_in_other_words_is_the_same(office, file):
    taken(file(row(答复日期="2026-03-20", 办理结果="予以公开", 征求意见发出日期="2026-03-05;2026-03-04")))
    again = row(
        受理方式="letter", 收到日期="2026年3月2日", 办理结果="（一）予以公开", 答复日期="2026/3/20",
        征求意见发出日期="2026-03-04；2026-03-05", 机关="某某办公室",
    )  # fmt: skip
    assert taken(file(again)).passed_over == 1


def test_a_row_that_disagrees_is_named_with_both_values(office, file):
    taken(file(row(**REPLIED)))
    before = counts()
    report = imported(file(row(**REPLIED | {"答复日期": "2026-03-23", "办理结果": "部分公开"})))
    assert problems(report) == [
        (2, "答复日期", "这个编号已经登记，原为“2026-03-20”，文件里是“2026-03-23”"),
        (2, "办理结果", "这个编号已经登记，原为“予以公开”，文件里是“部分公开”"),
    ]
    assert counts() == before


def test_a_disagreement_about_personal_data_is_told_masked(office, file):
    taken(file(row(证件号码="000000199001011234", 联系电话="10012345678")))
    report = imported(file(row(证件号码="000000199001015678", 联系电话="", 申请内容="另一份报告")))
    told = {column: reason for _, column, reason in problems(report)}
    assert told["证件号码"] == "这个编号已经登记，原为“0000**********1234”，文件里是“0000**********5678”"
    assert told["联系电话"] == "这个编号已经登记，原为“100****5678”，文件里空着"
    assert told["申请内容"].endswith("原为“某路改造工程的结算审核报告”，文件里是“另一份报告”")


def test_a_masked_number_says_the_same_as_the_whole_one_and_another_whole_one_does_not(office, file):
    whole = {"证件号码": "000000199001011234", "联系电话": "10012345678"}
    masked = {"证件号码": "0000**********1234", "联系电话": "100****5678"}
    other = whole | {"证件号码": "000000198001011234"}
    numbered, bare = row(**whole), row("", **whole)
    taken(file(numbered, bare | {"申请内容": "没有编号的一件"}))
    for same in (whole, masked):
        again = imported(file(row(**same), row("", **same) | {"申请内容": "没有编号的一件"}))
        assert (again.added, again.passed_over, problems(again)) == (0, 2, [])
    assert problems(imported(file(row(**other)))) == [
        (2, "证件号码", "这个编号已经登记，与文件里的“0000**********1234”在隐去的几位上不同")
    ]
    twice = taken(file(*(row("", **w) | {"申请内容": "没有编号的一件"} for w in (other, whole))))
    assert (twice.added, twice.passed_over) == (1, 1), "another person with the same mask is another case"
    assert differences() == []


def test_a_masked_number_of_a_new_row_is_kept_as_it_is_and_finds_nobody(office, file):
    from caseflow.reports import applicants

    masked = row(证件号码="0000**********1234")
    taken(file(masked))
    assert imported(file(masked)).passed_over == 1
    assert applicants.seen_before(office.id, "", "0000**********1234") == []


def test_one_number_twice_in_a_file_is_refused_even_if_equal(office, file):
    assert problems(imported(file(row(), row("2026-6"), row()))) == [(4, "登记编号", "与第 2 行的编号相同")]


def test_a_row_worked_on_at_the_desk_since_is_passed_over(office, file):
    from caseflow.stages import reply

    source = file(row(经办人="王敏"))
    taken(source)
    case_id = cases()["2026-5"].id
    reply.draft_reply(office.work("clerk", TODAY), case_id, seq(case_id), "granted", "依据")
    assert taken(source).passed_over == 1
    grown = imported(file(row(经办人="王敏", **REPLIED)))
    assert [column for _, column, _ in problems(grown)] == ["答复日期", "办理结果"]


# -- rows without a number -----------------------------------------------------------------------


def test_rows_without_a_number_get_one_apart_from_those_of_the_desk(office, file):
    taken(file(row(None, 备注="甲"), row(None, 备注="乙"), row(None, 收到日期="2025-03-03", 备注="丙")))
    assert list(cases()) == ["2026-补1", "2026-补2", "2025-补1"]
    taken(file(row(None, 备注="丁")))
    assert list(cases())[-1] == "2026-补3"
    assert differences() == []


def test_rows_without_a_number_are_told_apart_by_their_content(office, file):
    source = file(row(None, 备注="甲"), row(None, 备注="乙"))
    taken(source)
    assert taken(source).passed_over == 2
    assert taken(file(row(None, 备注="甲 改"))).added == 1


def test_two_equal_rows_without_a_number_cannot_be_told_apart(office, file):
    report = imported(file(row(""), row("", 备注="x"), row("")))
    assert problems(report) == [(4, "", "内容与第 2 行相同；确是两件的，写上编号")]


def test_two_equal_rows_with_numbers_are_two_requests(office, file):
    assert taken(file(row("2026-1"), row("2026-2"))).added == 2
    assert taken(file(row("2026-3"))).added == 1


def test_a_row_that_came_in_without_its_number_stands_already(office, file):
    taken(file(row("")))
    assert taken(file(row("2026-5"))).passed_over == 1


def test_a_number_made_here_is_not_given_twice_in_one_file(office, file):
    report = imported(file(row("", 备注="甲"), row("2026-补1", 备注="乙")))
    assert problems(report) == [(3, "登记编号", "与第 2 行的编号相同")]
    assert taken(file(row("2026-补1", 备注="乙"), row("", 备注="甲"))).added == 2
    assert list(cases()) == ["2026-补1", "2026-补2"]


# -- organs --------------------------------------------------------------------------------------


def test_the_column_says_whose_row_it_is_by_name_or_code(app, file):
    with app.app_context():
        first, second = found("AA", "甲局"), found("BB", "乙局")
        report = taken(file(row("1", 机关="甲局"), row("1", 机关="BB", 备注="x")), None)
        assert (report.added, report.office) == (2, "AA,BB")
        from sqlalchemy import select

        from caseflow.db import db
        from caseflow.models import Case

        owners = db.session.scalars(select(Case.office_id).order_by(Case.id)).all()
        assert owners == [first.id, second.id]


def test_the_option_wins_over_the_column(app, file):
    with app.app_context():
        found("AA", "甲局")
        second = found("BB", "乙局")
        taken(file(row("1", 机关="甲局")), "BB")
        assert cases()["1"].office_id == second.id


def test_an_organ_nobody_knows_is_named(app, file):
    with app.app_context():
        found("AA", "同名局")
        found("BB", "同名局")
        report = imported(file(row("1", 机关="丙局"), row("2", 机关="同名局"), row("3", 机关="")), None)
        assert problems(report) == [
            (2, "机关", "没有名为“丙局”的机关；填机关代码，或者用 --office 指定"),
            (3, "机关", "有几个名为“同名局”的机关；填机关代码，或者用 --office 指定"),
            (4, "机关", "没有写明机关；填写这一列，或者用 --office 指定"),
        ]


def test_the_only_organ_needs_no_naming(office, file):
    assert taken(file(row()), None).office == "SSFB"


@pytest.mark.parametrize(
    ("names", "expected"),
    [(["甲局", "甲局"], "甲局"), (["甲局", "乙局"], "NEW"), (["", "甲局"], "甲局"), (["", ""], "NEW")],
)
def test_a_new_organ_takes_the_name_on_which_all_rows_agree(app, file, names, expected):
    from caseflow.db import db
    from caseflow.stages import offices

    with app.app_context():
        parent = found("CITY", "市政府")
        taken(file(*(row(str(n), 机关=name) for n, name in enumerate(names))), "NEW", parent="CITY")
        office = offices.find(db.session(), "NEW")
        assert office is not None
        assert (office.name, office.parent_id) == (expected, parent.id)


def test_a_parent_nobody_knows_is_refused_and_nothing_created(app, file):
    from caseflow.db import db
    from caseflow.stages import offices

    with app.app_context():
        report = imported(file(row()), "NEW", parent="NOBODY")
        assert problems(report) == [(0, "", "没有代码为 NOBODY 的上级机关")]
        assert offices.find(db.session(), "NEW") is None


def test_a_new_organ_goes_with_its_rows_when_they_are_wrong(app, file):
    from caseflow.db import db
    from caseflow.stages import offices

    with app.app_context():
        imported(file(row(申请人="")), "NEW")
        assert offices.find(db.session(), "NEW") is None


# -- proceedings ---------------------------------------------------------------------------------

SUIT = {"登记编号": "2026-5", "类型": "行政诉讼", "是否经过复议": "否", "提起日期": "2026-05-06"}
DECIDED = {"审结日期": "2026-08-03", "结果": "结果维持"}


def suits() -> list[tuple[Any, ...]]:
    """All proceedings as they stand."""
    from sqlalchemy import select

    from caseflow.db import db
    from caseflow.models import ProceedingRow as P

    db.session.rollback()
    query = select(P.n, P.kind, P.after_reconsideration, P.opened_on, P.closed_on, P.result)
    return [
        (n, kind, after, str(opened), str(closed or ""), result)
        for n, kind, after, opened, closed, result in db.session.execute(query.order_by(P.case_id, P.n))
    ]


def test_proceedings_come_in_with_their_cases(office, file):
    first = SUIT | {"类型": "行政复议", "提起日期": "2026-04-01"} | DECIDED
    report = taken(file(row(**REPLIED)), proceedings=file(first, SUIT | {"是否经过复议": "是"}))
    assert report.proceedings_added == 2
    assert suits() == [
        (1, "reconsideration", False, "2026-04-01", "2026-08-03", "upheld"),
        (2, "suit", True, "2026-05-06", "", ""),
    ]
    assert differences() == []


def test_proceedings_of_a_workbook_stand_on_its_second_sheet(office, tmp_path):
    path = book(tmp_path / "a.xlsx", 台账=lines([row(**REPLIED)]), 复议诉讼=lines([SUIT]))
    assert taken(path).proceedings_added == 1
    assert taken(path).proceedings_added == 0


def test_proceedings_of_cases_that_stand_already_are_added_once(office, file):
    ledger = file(row(**REPLIED))
    taken(ledger)
    assert taken(ledger, proceedings=file(SUIT)).proceedings_added == 1
    assert taken(ledger, proceedings=file(SUIT)).proceedings_added == 0
    assert taken(ledger, proceedings=file(SUIT | DECIDED)).proceedings_added == 1
    assert (
        taken(ledger, proceedings=file(SUIT)).proceedings_added == 0
    )  # the older file knows less, not otherwise
    assert suits() == [(1, "suit", False, "2026-05-06", "2026-08-03", "upheld")]
    assert differences() == []


def test_proceedings_of_a_case_from_the_desk_are_added_too(office, file):
    case_id = office.replied(TODAY, TODAY)
    (number,) = cases()
    report = taken(file(), proceedings=file(SUIT | {"登记编号": number, "提起日期": TODAY.isoformat()}))
    assert report.proceedings_added == 1
    assert [act for act, _ in events(number)][-1] == "open_proceeding"
    assert seq(case_id) == len(events(number))


@pytest.mark.parametrize(
    ("suit", "column", "reason"),
    [
        ({"登记编号": "2026-99"}, "登记编号", "2026-99：没有这个编号的办件"),
        ({"提起日期": "2026-03-01"}, "提起日期", "提起日期（2026-03-01）早于收到日期（2026-03-02）"),
        ({"类型": "仲裁"}, "类型", "没有“仲裁”这一项，可填：行政复议、行政诉讼"),
        ({"审结日期": "2026-08-03"}, "审结日期", "填了审结日期，也要填结果"),
    ],
)
@pytest.mark.parametrize("standing", [False, True], ids=["comes in", "stands already"])
def test_a_wrong_row_of_proceedings_keeps_everything_out(office, file, standing, suit, column, reason):
    ledger = file(row(**REPLIED))
    if standing:
        taken(ledger)
    before = counts()
    report = imported(ledger, proceedings=file(SUIT | suit))
    assert problems(report) == [(2, f"复议诉讼·{column}", reason)]
    assert counts() == before


def test_a_proceeding_that_disagrees_is_named_with_both_values(office, file):
    ledger = file(row(**REPLIED))
    taken(ledger, proceedings=file(SUIT | DECIDED))
    report = imported(ledger, proceedings=file(SUIT | DECIDED | {"结果": "结果纠正"}))
    assert problems(report) == [(2, "复议诉讼·结果", "已经登记为“结果维持”，文件里是“结果纠正”")]


@pytest.mark.parametrize("standing", [False, True], ids=["comes in", "stands already"])
def test_one_proceeding_twice_in_a_file_is_refused(office, file, standing):
    ledger = file(row(**REPLIED))
    if standing:
        taken(ledger)
    report = imported(ledger, proceedings=file(SUIT, SUIT))
    assert problems(report) == [(3, "复议诉讼", "与第 2 行完全相同")]


def test_two_proceedings_of_one_kind_and_day_are_told_apart_by_what_came_of_them(office, file):
    ledger, other = file(row(**REPLIED)), SUIT | {"审结日期": "2026-07-01", "结果": "其他结果"}
    assert taken(ledger, proceedings=file(SUIT, other)).proceedings_added == 2
    assert taken(ledger, proceedings=file(other, SUIT)).proceedings_added == 0
    assert taken(ledger, proceedings=file(SUIT | DECIDED, other)).proceedings_added == 1
    assert {suit[3:] for suit in suits()} == {
        ("2026-05-06", "2026-08-03", "upheld"),
        ("2026-05-06", "2026-07-01", "other"),
    }
    assert differences() == []


def test_a_case_with_a_fault_does_not_make_its_proceeding_homeless(office, file):
    report = imported(file(row(申请人="")), proceedings=file(SUIT))
    assert [(line, column) for line, column, _ in problems(report)] == [(2, "申请人")]


def test_one_number_in_two_organs_needs_the_organ_on_the_second_sheet(app, file):
    with app.app_context():
        found("AA", "甲局")
        found("BB", "乙局")
        ledger = file(row(机关="甲局", **REPLIED), row(机关="乙局", **REPLIED))
        report = imported(ledger, None, proceedings=file(SUIT))
        assert problems(report) == [(2, "复议诉讼·登记编号", "有两个机关的编号都是 2026-5；加一列“机关”写明")]
        assert taken(ledger, None, proceedings=file(SUIT | {"机关": "乙局"})).proceedings_added == 1
        assert taken(ledger, None, proceedings=file(SUIT | {"机关": "乙局"})).proceedings_added == 0


# -- the record ----------------------------------------------------------------------------------


def test_who_imported_and_when_stands_in_the_record(office: DeskOffice, file):
    from sqlalchemy import select

    from caseflow.db import db
    from caseflow.models import Event

    taken(file(row(**REPLIED)), actor_id=office.people["lead"])
    found_events = db.session.execute(select(Event.actor_id, Event.at, Event.source)).all()
    assert {tuple(event) for event in found_events} == {(office.people["lead"], NOW, "ledger")}


def test_progress_is_told_as_lines_are_read(office, file):
    told: list[tuple[int, int]] = []
    taken(file(*(row(str(n)) for n in range(1200))), progress=lambda line, total: told.append((line, total)))
    assert told == [(501, 1201), (1001, 1201), (1201, 1201)]
