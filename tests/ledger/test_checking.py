"""What a row must say, and in which order of days: labels, days and their order, nothing about lawfulness."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from caseflow.law.applicants import CLASSES
from caseflow.law.outcomes import OUTCOMES, rows
from caseflow.law.receipt import CHANNELS
from caseflow.ledger.columns import LEDGER, PROCEEDINGS, Row, Shape
from caseflow.ledger.parse import parse
from tests.ledger.tables import TODAY, row


def told(shape: Shape = LEDGER, **columns: Any) -> tuple[Row, dict[str, str]]:
    """A row of these cells, and what is wrong with it by column."""
    by_name = shape.by_name
    picked = [(index, by_name[name]) for index, name in enumerate(columns)]
    read, errors = parse(shape, picked, list(columns.values()), TODAY)
    assert len(dict(errors)) == len(errors), f"a column with two reasons: {errors}"
    return read, dict(errors)


def wrong(**columns: Any) -> dict[str, str]:
    """What is wrong with a row that is in order but for these columns."""
    return told(**row(**columns))[1]


def right(**columns: Any) -> Row:
    """The row as kept; nothing may be wrong with it."""
    read, errors = told(**row(**columns))
    assert errors == {}
    return read


REPLIED = {"答复日期": "2026-03-20", "办理结果": "予以公开"}

# -- days ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "written",
    ["2026-03-02", "2026-3-2", "2026/3/2", "2026/03/02", "2026.3.2", "2026年3月2日", "2026年03月02日", "20260302",
     " 2026-03-02 ", "2026-03-02 00:00:00", "2026/3/2 9:30", "２０２６-０３-０２", date(2026, 3, 2), 46083],
)  # fmt: skip
def test_a_day_may_be_written_in_any_usual_way(written):
    assert right(收到日期=written)["收到日期"] == "2026-03-02"


@pytest.mark.parametrize(
    "written",
    [
        "2026-02-30",
        "2026-13-01",
        "三月二日",
        "26-03-02",
        "2026-3/2",
        "2026",
        "03/02/2026",
        "2026年3月",
        "46083",
    ],
)
def test_what_is_no_day_is_said_to_be_none(written):
    assert wrong(收到日期=written) == {"收到日期": f"“{written}”不是日期，写成 2020-03-02 这样"}


def test_no_act_lies_in_the_future():
    assert wrong(收到日期="2026-09-22") == {"收到日期": "2026-09-22 晚于今天（2026-09-21）"}
    assert wrong(收到日期="2026-09-21") == {}


def test_no_request_is_older_than_the_regulation():
    assert wrong(收到日期="2008-04-30") == {"收到日期": "2008-04-30 早于条例施行之日（2008-05-01）"}
    assert wrong(收到日期="2008-05-01") == {}


def test_terms_set_for_later_may_lie_ahead_but_not_beyond_belief():
    assert wrong(补正告知日期="2026-03-05", 补正期限="2026-12-31") == {}
    assert wrong(延迟答复至="2027-03-01") == {}
    assert wrong(延迟答复至="2062-03-01") == {"延迟答复至": "2062-03-01 太远，应当是笔误"}


@pytest.mark.parametrize(
    ("columns", "column", "reason"),
    [
        ({"提交日期": "2026-03-03"}, "收到日期", "收到日期（2026-03-02）早于提交日期（2026-03-03）"),
        (REPLIED | {"答复日期": "2026-03-01"}, "答复日期", "答复日期（2026-03-01）早于收到日期（2026-03-02）"),
        ({"补正告知日期": "2026-03-01"}, "补正告知日期", "补正告知日期（2026-03-01）早于收到日期（2026-03-02）"),
        ({"补正告知日期": "2026-03-09", "补正期限": "2026-03-08"}, "补正期限", "补正期限（2026-03-08）早于补正告知日期（2026-03-09）"),
        ({"补正告知日期": "2026-03-09", "补正收到日期": "2026-03-08"}, "补正收到日期", "补正收到日期（2026-03-08）早于补正告知日期（2026-03-09）"),
        ({"征求意见发出日期": "2026-03-09", "征求意见收到日期": "2026-03-08"}, "征求意见收到日期", "征求意见收到日期（2026-03-08）早于征求意见发出日期（2026-03-09）"),
        (REPLIED | {"延期批准日期": "2026-03-23", "延期工作日": "5"}, "答复日期", "答复日期（2026-03-20）早于延期批准日期（2026-03-23）"),
        (REPLIED | {"征求意见发出日期": "2026-03-09", "征求意见收到日期": "2026-03-23"}, "答复日期", "答复日期（2026-03-20）早于征求意见收到日期（2026-03-23）"),
        (REPLIED | {"送达日期": "2026-03-19"}, "送达日期", "送达日期（2026-03-19）早于答复日期（2026-03-20）"),
        (REPLIED | {"归档日期": "2026-03-19"}, "归档日期", "归档日期（2026-03-19）早于答复日期（2026-03-20）"),
        ({"延迟答复至": "2026-03-01"}, "延迟答复至", "延迟答复至（2026-03-01）早于收到日期（2026-03-02）"),
        ({"收费通知日期": "2026-03-05", "缴费日期": "2026-03-04"}, "缴费日期", "缴费日期（2026-03-04）早于收费通知日期（2026-03-05）"),
        ({"撤回日期": "2026-03-01"}, "撤回日期", "撤回日期（2026-03-01）早于收到日期（2026-03-02）"),
    ],
)  # fmt: skip
def test_an_act_before_what_it_follows_is_named_with_both_days(columns, column, reason):
    assert wrong(**columns)[column] == reason


def test_a_ledger_tells_what_happened_lawful_or_not():
    right(**REPLIED | {"答复日期": "2026-09-20"})  # months late, on a Sunday
    right(补正告知日期="2026-06-01")  # long after the seventh working day
    right(延期批准日期="2026-08-01", 延期工作日="60")  # after the due day, and too long
    right(补正告知日期="2026-03-04", **REPLIED)  # answered although no correction came
    right(征求意见发出日期="2026-03-04", **REPLIED)  # answered although no opinion came


# -- what belongs together -----------------------------------------------------------------------


@pytest.mark.parametrize("column", ["受理方式", "收到日期", "申请人类型", "申请人", "申请内容"])
@pytest.mark.parametrize("blank", ["", "  ", "\u3000"])
def test_the_five_required_columns_must_be_filled_in(column, blank):
    assert wrong(**{column: blank}) == {column: "不能空着"}


@pytest.mark.parametrize(
    ("columns", "column", "reason"),
    [
        ({"答复日期": "2026-03-20"}, "答复日期", "填了答复日期，也要填办理结果"),
        ({"办理结果": "予以公开"}, "办理结果", "填了办理结果，也要填答复日期"),
        ({"补正收到日期": "2026-03-20"}, "补正收到日期", "填了补正收到日期，也要填补正告知日期"),
        ({"征求意见收到日期": "2026-03-20"}, "征求意见收到日期", "填了征求意见收到日期，也要填征求意见发出日期"),
        ({"延期批准日期": "2026-03-20"}, "延期批准日期", "填了延期批准日期，也要填延期工作日"),
        ({"延期工作日": "5"}, "延期工作日", "填了延期工作日，也要填延期批准日期"),
        ({"缴费日期": "2026-03-20"}, "缴费日期", "填了缴费日期，也要填收费通知日期"),
        ({"归档日期": "2026-03-20"}, "归档日期", "填了归档日期，也要填答复日期"),
        ({"撤回日期": "2026-03-20", "办理结果": "予以公开"}, "办理结果", "填了撤回日期，办理结果应当是“其他处理-其他”"),
    ],
)  # fmt: skip
def test_half_of_a_pair_is_not_enough(columns, column, reason):
    assert wrong(**columns) == {column: reason}


def test_one_slip_is_named_once_and_not_again_in_what_depends_on_it():
    assert list(wrong(收到日期="2026-02-30", 提交日期="2026-03-01", **REPLIED)) == ["收到日期"]
    assert list(wrong(**REPLIED | {"办理结果": "公开了"})) == ["办理结果"]


def test_waiting_for_two_things_at_once_is_named():
    crossed = {"补正告知日期": "2026-03-04", "收费通知日期": "2026-03-05", "补正收到日期": "2026-03-09"}
    assert wrong(**crossed) == {"收费通知日期": "等待补正和等待缴费的时间相互重叠"}


@pytest.mark.parametrize("days", ["0", "366", "很多", "1.5", "-3"])
def test_an_extension_is_a_number_of_working_days(days):
    assert wrong(延期批准日期="2026-03-20", 延期工作日=days) == {
        "延期工作日": "写成工作日的天数，1 到 365 的整数"
    }


@pytest.mark.parametrize("days", ["15", "15个工作日", "15 天", 15])
def test_an_extension_may_be_written_with_its_unit(days):
    assert right(延期批准日期="2026-03-20", 延期工作日=days)["延期工作日"] == "15"


# -- several consultations -----------------------------------------------------------------------


@pytest.mark.parametrize("mark", [";", "；", " ; "])
def test_several_consultations_stand_in_the_same_order_in_both_columns(mark):
    read = right(
        征求意见发出日期=mark.join(["2026-03-09", "2026/3/4"]),
        征求意见收到日期=mark.join(["2026-03-12", "2026年3月20日"]),
    )
    assert read["征求意见发出日期"] == "2026-03-04;2026-03-09"
    assert read["征求意见收到日期"] == "2026-03-20;2026-03-12"


def test_an_opinion_that_has_not_come_leaves_its_place_empty():
    read = right(征求意见发出日期="2026-03-04;2026-03-09", 征求意见收到日期=";2026-03-20")
    assert read["征求意见收到日期"] == ";2026-03-20"
    assert right(征求意见发出日期="2026-03-04;2026-03-09")["征求意见收到日期"] == ""


def test_an_opinion_is_held_against_its_own_letter():
    errors = wrong(征求意见发出日期="2026-03-04;2026-03-09", 征求意见收到日期="2026-03-20;2026-03-06")
    assert errors == {"征求意见收到日期": "征求意见收到日期（2026-03-06）早于征求意见发出日期（2026-03-09）"}


def test_consultations_that_do_not_pair_are_not_guessed_at():
    errors = wrong(征求意见发出日期="2026-03-04;2026-03-09", 征求意见收到日期="2026-03-20")
    assert errors == {"征求意见收到日期": "与发出日期的个数不同；还没有收到的一次空着，分号照写"}
    errors = wrong(征求意见发出日期="2026-03-04;", 征求意见收到日期="2026-03-20;2026-03-21")
    assert errors == {"征求意见发出日期": "几次征求之间有一次没有日期"}


# -- labels --------------------------------------------------------------------------------------


@pytest.mark.parametrize(("code", "label"), [*CHANNELS.items()])
def test_channels_are_known_by_label_and_code(code, label):
    assert right(受理方式=label)["受理方式"] == right(受理方式=code)["受理方式"] == code


@pytest.mark.parametrize(("code", "label"), [*CLASSES.items(), ("social", "社会组织")])
def test_classes_are_known_by_label_code_and_older_label(code, label):
    assert right(申请人类型=label)["申请人类型"] == right(申请人类型=code)["申请人类型"] == code


@pytest.mark.parametrize("outcome", OUTCOMES, ids=lambda outcome: outcome.code)
def test_results_are_known_by_label_code_and_row_of_the_new_form(outcome):
    (printed,) = [line.label for line in rows("2021") if outcome.code in line.codes]
    for written in (outcome.label, outcome.code, printed):
        assert right(答复日期="2026-03-20", 办理结果=written)["办理结果"] == outcome.code


def test_a_label_nobody_knows_is_named_with_what_may_stand_there():
    assert wrong(受理方式="邮件") == {"受理方式": "没有“邮件”这一项，可填：信函、网络、当面、传真、其他"}
    assert wrong(**REPLIED | {"办理结果": "公开了"}) == {
        "办理结果": "没有“公开了”这一项，可填：年报表三各行的名称"
    }


# -- text ----------------------------------------------------------------------------------------


def test_overlong_text_and_characters_that_cannot_be_seen_are_refused():
    assert wrong(申请人="林" * 101) == {"申请人": "最多 100 个字，现在有 101 个"}
    assert wrong(申请内容="报告\x07") == {"申请内容": "含有看不见的控制字符（第 3 个字），请删去后重新输入"}
    assert wrong(申请人="林\u202e国栋") == {"申请人": "含有看不见的控制字符（第 2 个字），请删去后重新输入"}
    assert wrong(申请人="\u3164\u3164") == {"申请人": "含有看不见的控制字符（第 1 个字），请删去后重新输入"}
    assert wrong(登记编号="1" * 41) == {"登记编号": "最多 40 个字，现在有 41 个"}


def test_line_ends_are_one_kind_and_blanks_around_are_nothing():
    assert right(申请内容="  一\r\n二\r三\n ")["申请内容"] == "一\n二\n三"


@pytest.mark.parametrize("number", ["2020/1/1", "2020年1月", "2020年1月1日", "Jan-20"])
def test_a_number_that_a_spreadsheet_took_for_a_day_is_noticed(number):
    why = f"表格软件把编号当成了日期（{number}）；把单元格设为文本，重新填写"
    assert wrong(登记编号=number) == {"登记编号": why}


@pytest.mark.parametrize("column", ["登记编号", "证件号码", "联系电话"])
def test_a_number_in_scientific_notation_has_lost_its_digits(column):
    assert "末几位已经丢失" in wrong(**{column: "3.50581E+17"})[column]


# -- withdrawal ----------------------------------------------------------------------------------


def test_a_withdrawal_closes_the_case_on_its_day_or_on_the_day_of_closing():
    read = right(撤回日期="2026-03-10")
    assert (read["答复日期"], read["办理结果"]) == ("2026-03-10", "other")
    read = right(撤回日期="2026-03-10", 答复日期="2026-03-12", 办理结果="其他处理-其他")
    assert (read["撤回日期"], read["答复日期"]) == ("2026-03-10", "2026-03-12")


# -- proceedings ---------------------------------------------------------------------------------

SUIT = {"登记编号": "2026-5", "类型": "行政诉讼", "提起日期": "2026-05-01"}


def test_a_proceeding_needs_case_kind_and_day():
    for column in SUIT:
        assert told(PROCEEDINGS, **SUIT | {column: ""})[1] == {column: "不能空着"}


def test_a_proceeding_is_closed_with_a_result_after_it_was_brought():
    assert told(PROCEEDINGS, **SUIT | {"审结日期": "2026-06-01"})[1] == {
        "审结日期": "填了审结日期，也要填结果"
    }
    early = SUIT | {"审结日期": "2026-04-01", "结果": "结果维持"}
    assert told(PROCEEDINGS, **early)[1] == {"审结日期": "审结日期（2026-04-01）早于提起日期（2026-05-01）"}


def test_only_a_suit_can_come_after_reconsideration():
    twice = SUIT | {"类型": "行政复议", "是否经过复议": "是"}
    assert told(PROCEEDINGS, **twice)[1] == {"是否经过复议": "“经过复议”只用于行政诉讼"}


def test_a_row_is_no_other_one_for_the_small_letter_of_its_certificate_number() -> None:
    from caseflow.ledger.rows import differing

    row = dict.fromkeys((column.name for column in LEDGER.columns), "")
    kept, told = {"证件号码": "35058119900101102X", "申请人": "甲"}, {"证件号码": "35058119900101102x"}
    assert differing(row | kept, row | told) == ["申请人"]
