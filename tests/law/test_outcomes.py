"""The results of table 3: their order, their rows in both editions, and how reports print them."""

from __future__ import annotations

import pytest

from caseflow.law.outcomes import BY_CODE, OUTCOMES, edition_of, outcome_of, row_of, rows

# As the forms print them: code, ledger label, row of the 2021 edition (国办公开办函〔2021〕30号)
FORM = """
granted | 予以公开 | （一）予以公开
partial | 部分公开 | （二）部分公开（区分处理的，只计这一情形，不计其他情形）
refused_state_secret | 不予公开-属于国家秘密 | （三）不予公开 1. 属于国家秘密
refused_prohibited_by_law | 不予公开-其他法律行政法规禁止公开 | （三）不予公开 2. 其他法律行政法规禁止公开
refused_public_safety | 不予公开-危及“三安全一稳定” | （三）不予公开 3. 危及“三安全一稳定”
refused_third_party | 不予公开-保护第三方合法权益 | （三）不予公开 4. 保护第三方合法权益
refused_internal_affairs | 不予公开-属于三类内部事务信息 | （三）不予公开 5. 属于三类内部事务信息
refused_process | 不予公开-属于四类过程性信息 | （三）不予公开 6. 属于四类过程性信息
refused_enforcement_file | 不予公开-属于行政执法案卷 | （三）不予公开 7. 属于行政执法案卷
refused_administrative_inquiry | 不予公开-属于行政查询事项 | （三）不予公开 8. 属于行政查询事项
unavailable_not_held | 无法提供-本机关不掌握相关政府信息 | （四）无法提供 1. 本机关不掌握相关政府信息
unavailable_needs_creation | 无法提供-没有现成信息需要另行制作 | （四）无法提供 2. 没有现成信息需要另行制作
unavailable_still_unclear | 无法提供-补正后申请内容仍不明确 | （四）无法提供 3. 补正后申请内容仍不明确
not_processed_petition | 不予处理-信访举报投诉类申请 | （五）不予处理 1. 信访举报投诉类申请
not_processed_repeat | 不予处理-重复申请 | （五）不予处理 2. 重复申请
not_processed_publication | 不予处理-要求提供公开出版物 | （五）不予处理 3. 要求提供公开出版物
not_processed_excessive | 不予处理-无正当理由大量反复申请 | （五）不予处理 4. 无正当理由大量反复申请
not_processed_reconfirm | 不予处理-要求行政机关确认或重新出具已获取信息 | （五）不予处理 5. 要求行政机关确认或重新出具已获取信息
other_correction_lapsed | 其他处理-逾期不补正 | （六）其他处理 1. 申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请
other_fee_unpaid | 其他处理-逾期未缴费 | （六）其他处理 2. 申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请
other | 其他处理-其他 | （六）其他处理 3. 其他
"""
PRINTED = [tuple(line.split(" | ")) for line in FORM.strip().split("\n")]
CODES = [code for code, _, _ in PRINTED]
LAST_THREE = ("other_correction_lapsed", "other_fee_unpaid", "other")


def test_there_are_21_results_in_the_order_of_table_3() -> None:
    assert [(o.code, o.label) for o in OUTCOMES] == [(code, label) for code, label, _ in PRINTED]
    assert len(OUTCOMES) == len(BY_CODE) == 21


def test_the_2021_edition_has_a_row_for_each() -> None:
    assert [(row.codes, row.label) for row in rows("2021")] == [((code,), row) for code, _, row in PRINTED]


def test_the_2019_edition_has_one_row_for_the_last_three() -> None:
    found = rows("2019")
    assert len(found) == 19
    assert [(row.codes, row.label) for row in found[:-1]] == [((c,), row) for c, _, row in PRINTED[:-3]]
    assert (found[-1].codes, found[-1].label, found[-1].key) == (LAST_THREE, "（六）其他处理", "other")


@pytest.mark.parametrize("edition", ["2019", "2021"])
def test_every_result_is_counted_in_one_row_only(edition: str) -> None:
    counted = [code for row in rows(edition) for code in row.codes]
    assert counted == CODES
    for code in CODES:
        assert code in row_of(code, edition).codes


def test_a_result_that_is_none_has_no_row() -> None:
    with pytest.raises(KeyError):
        row_of("shredded", "2021")


@pytest.mark.parametrize(
    ("year", "edition"), [(2008, "2019"), (2019, "2019"), (2020, "2019"), (2021, "2021"), (2026, "2021")]
)
def test_the_report_year_decides_the_edition(year: int, edition: str) -> None:
    assert edition_of(year) == edition


def test_only_the_last_three_close_without_a_reply() -> None:
    assert tuple(o.code for o in OUTCOMES if o.closes_without_reply) == LAST_THREE


@pytest.mark.parametrize(
    ("code", "article"),
    [
        ("granted", "第三十六条第一、二项"),
        ("partial", "第三十七条"),
        ("refused_state_secret", "第十四条"),
        ("refused_third_party", "第十五、三十二条"),
        ("refused_internal_affairs", "第十六条第一款"),
        ("refused_process", "第十六条第二款"),
        ("refused_administrative_inquiry", "第三十六条第七项"),
        ("unavailable_not_held", "第三十六条第四、五项"),
        ("unavailable_needs_creation", "第三十八条"),
        ("unavailable_still_unclear", "第三十条"),
        ("not_processed_petition", "第三十九条第一款"),
        ("not_processed_repeat", "第三十六条第六项"),
        ("not_processed_publication", "第三十九条第二款"),
        ("not_processed_excessive", "第三十五条"),
        ("other_correction_lapsed", "第三十条"),
        ("other_fee_unpaid", "第四十二条"),
        ("other", ""),
    ],
)
def test_a_result_rests_on_its_article(code: str, article: str) -> None:
    assert BY_CODE[code].article == article


# --- reading labels ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", CODES)
def test_a_result_is_read_by_code_by_label_and_by_its_printed_row(code: str) -> None:
    assert outcome_of(code) == code
    assert outcome_of(BY_CODE[code].label) == code
    assert outcome_of(row_of(code, "2021").label) == code


def test_the_one_row_of_2019_reads_back_as_the_unnamed_rest() -> None:
    assert outcome_of("（六）其他处理") == "other"


@pytest.mark.parametrize(
    ("printed", "code"),
    [
        ("  予以公开 ", "granted"),
        ("（三）不予公开 3．危及三安全一稳定", "refused_public_safety"),  # no quotes, full-width stop
        ('不予公开-危及"三安全一稳定"', "refused_public_safety"),  # straight quotes
        ("不予公开-危及‘三安全一稳定’", "refused_public_safety"),
        ("（三）不予公开 8、属于行政查询事项", "refused_administrative_inquiry"),  # 、 after every number
        ("（三）不予公开 4、保护第三方合法权益", "refused_third_party"),
        ("（五）不予处理\n5、要求行政机关确认或重新出具已获取信息", "not_processed_reconfirm"),  # line break
        ("（四）无法提供　1.本机关不掌握\n相关政府信息", "unavailable_not_held"),  # ideographic space
        (
            "（六）其他处理 1.申请人无正当理由逾期不补正，行政机关不再处理其政府信息公开申请",  # ， for 、
            "other_correction_lapsed",
        ),
        (
            "（六）其他处理 2、申请人逾期未按收费通知要求缴纳费用，行政机关不再处理其政府信息公开申请",
            "other_fee_unpaid",
        ),
        ("其他处理-逾期不缴费", "other_fee_unpaid"),
        ("（六）其他处理 1. 逾期不补正", "other_correction_lapsed"),
        ("（六）其他处理 2、逾期不缴费", "other_fee_unpaid"),
        ("不予公开", None),  # which of the eight?
        ("", None),
        ("同意", None),
    ],
)
def test_printing_variants_are_read_and_the_rest_is_not_guessed(printed: str, code: str | None) -> None:
    assert outcome_of(printed) == code
