"""The annual report: what follows from its figures, and that no number in its words can drift from them unseen."""

from __future__ import annotations

import re
from decimal import Decimal
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caseflow.law import annual, annual_two, annual_words
from caseflow.law.annual import Fees, Figures, generated
from caseflow.law.year_prose import Year
from caseflow.law.year_table import Counts, year_table
from tests.law.test_year_prose import reports
from tests.law.test_year_table import EMPTY, PERSON, SHISHI

# The paragraph 依申请公开情况 as the office published it for 2020
PUBLISHED = (
    "2020 年，共受理政府信息公开申请 7 件，办结及时率 100%。申请人均为自然人。受理方式包括信函申请 3 件、网络申请 3 件、"
    "当面申请 1 件。其中，“予以公开”2 件；“无法提供”4 件，主要是我办不掌握相关政府信息；“不予处理”1 件，主要是申请人重复"
    "申请公开相同政府信息。2020 年，未发生因政府信息公开被申请行政复议情况，因政府信息被提起行政诉讼 1 件，尚未审结。"
)
CHANNELS_2020 = {"letter": 3, "online": 3, "in_person": 1}
NUMBER = re.compile(r"\d+(?:\.\d+)?")


def shishi(
    two: dict[str, Decimal | None] | None = None, fees: Fees | None = None, year: int = 2020
) -> Figures:
    return Figures(Year(year_table(SHISHI, year), CHANNELS_2020, 7, 7), two or {}, fees or Fees())


def said(text: str, figures: Figures) -> list[str]:
    return [found.said for found in annual_words.differences(text, figures)]


def test_the_published_paragraph_agrees_with_the_tables_and_each_of_its_ten_figures_is_held_against_them() -> (
    None
):
    assert said(PUBLISHED, shishi()) == []
    wrong = {
        "申请 7 件": "表三 一、本年新收政府信息公开申请数量：写的是 9 件，表上是 7 件",
        "及时率 100%": "办结及时率：写的是 9%，表上是 100.00%",
        "信函申请 3 件": "受理方式 信函：写的是 9 件，表上是 3 件",
        "网络申请 3 件": "受理方式 网络：写的是 9 件，表上是 3 件",
        "当面申请 1 件": "受理方式 当面：写的是 9 件，表上是 1 件",
        "“予以公开”2 件": "表三 予以公开：写的是 9 件，表上是 2 件",
        "“无法提供”4 件": "表三 无法提供：写的是 9 件，表上是 4 件",
        "“不予处理”1 件": "表三 不予处理：写的是 9 件，表上是 1 件",
        "行政诉讼 1 件": "表四 行政诉讼 总计：写的是 9 件，表上是 1 件",
    }
    for words, told in wrong.items():
        assert words in PUBLISHED
        assert said(PUBLISHED.replace(words, NUMBER.sub("9", words)), shishi()) == [told]
    none = PUBLISHED.replace("因政府信息被提起行政诉讼 1 件，尚未审结", "未发生被提起行政诉讼的情况")
    assert said(none, shishi()) == ["表四 行政诉讼 总计：写的是 没有，表上是 1 件"]


def test_a_difference_names_its_sentence_and_its_place_and_other_numbers_are_left_alone() -> None:
    text = "本年召开会议 3 场，解读 80 条。共新收申请１２件。受理热线，回复 30 件。较上年增加 9 件，2019 年的新收 5 件除外。"
    (found,) = annual_words.differences(text, shishi())
    assert (found.sentence, found.stands) == ("共新收申请12件", "12件")
    assert text[found.start : found.end] == "１２件"
    assert said("新收 7 件（其中涉及征地 3 件），新收较上年增加 4 件。", shishi()) == []
    assert said("新收一千零二十件，上年结转两件，办结七件", shishi()) == [
        "表三 一、本年新收政府信息公开申请数量：写的是 一千零二十件，表上是 7 件",
        "表三 二、上年结转政府信息公开申请数量：写的是 两件，表上是 0 件",
    ]
    assert said("2019 年，共受理申请 7 件。行政复议结果维持 2 件。", shishi()) == [
        "报告年度：写的是 2019 年，表上是 2020 年",
        "表四 行政复议 结果维持：写的是 2 件，表上是 0 件",
    ]


MISSED = {  # what the year of 7 requests, 2 of them late, can't say; each with the end of what is told
    "收到公民、法人和其他组织提出的政府信息公开申请 14 件": "申请数量：写的是 14 件，表上是 7 件",
    "收到自然人、法人提出的政府信息公开申请 14 件": "申请数量：写的是 14 件，表上是 7 件",
    "2020 年，申请数量为 99": "申请数量：写的是 99，表上是 7 件",
    "申请数量：99": "申请数量：写的是 99，表上是 7 件",
    "新增申请 99 件": "申请数量：写的是 99 件，表上是 7 件",
    **{f"新收 9 {unit}，办结 7 {unit}": f"申请数量：写的是 9 {unit}，表上是 7 件" for unit in "条个次例宗"},
    "予以公开 3、无法提供 4": "表三 予以公开：写的是 3，表上是 2 件",
    "网上申请 9 件": "受理方式 网络：写的是 9 件，表上是 3 件",
    "邮寄申请 9 件、现场申请 1 件": "受理方式 信函：写的是 9 件，表上是 3 件",
    "结转2021年 5 件": "四、结转下年度继续办理：写的是 5 件，表上是 0 件",
    "2019年结转 5 件": "二、上年结转政府信息公开申请数量：写的是 5 件，表上是 0 件",
    "共办理答复 12 件": "（七）总计：写的是 12 件，表上是 7 件",
    "依据《政府信息公开信息处理费管理办法》收取 0.03 万元": "收取信息处理费：写的是 0.03 万元，表上是 500 元",
    "收取信息处理费 0.06 万元": "收取信息处理费：写的是 0.06 万元，表上是 500 元",
    "收到的申请全部按时办结": "办结及时率：写的是 全部按时办结，表上是 71.43%",
    "申请均按时": "办结及时率：写的是 均按时，表上是 71.43%",
    **dict.fromkeys(
        ("依申请公开 9 件", "2020 年，依申请公开共 9 件", "主动公开信息 30 条、依申请公开申请 9 件"),
        "申请数量：写的是 9 件，表上是 7 件",
    ),
    **{
        f"{rate}率 99%": "办结及时率：写的是 99%，表上是 71.43%"
        for rate in ("按时答复", "依申请公开按期答复", "答复及时", "办结按时", "法定期限内答复")
    },
    "申请答复率 90%": "办结占新收和上年结转：写的是 90%，表上是 100.00%",
    "办结率百分之九十": "办结占新收和上年结转：写的是 百分之九十，表上是 100.00%",
    "办结及时率为百分之百": "办结及时率：写的是 百分之百，表上是 71.43%",
}
SPARED = (
    "2020年3月5日，收到国办公开办函〔2019〕60号。", "收到的申请涉及征地 3 个、第 3 件撤回。", "依据第三十六条第1项予以公开。",
    "办结平均用时 5 个工作日。受理热线 12345、信箱留言。开通网上申请平台 1 个、受理窗口 3 个。", "办理答复 7 件。办理答复留言 12 件。",
    "收取停车费 3 万元。", "政府网站收到留言 20 条，办结 20 条，公开答复 20 条。", "提起行政诉讼 1 件，已全部按时办结。", "收到投诉、举报 5 件。撤回的申请数量为 3。较上年新增申请 3 件。", "热线留言均按时答复。确保全部按时办结。",
    "除 2 件外，全部按时答复。信息处理费共收取 0.05 万元。", "结转2021年 0 件，2019年结转 0 件，新收 2020 年、新收 7。",
    "主动公开信息均按时发布。新收（含 3 次补正）申请 7 件。", "及时率百分之七十一点四三。收到自然人、法人提出的申请 7 件。",
    "依申请公开 7 件。依申请公开 3 件不予公开。依申请公开平台 2 个、信息 9 条。较上年依申请公开 3 件。", "按期答复率 71.43%，答复率 71.43%。",
    "答复率 100%。建议提案答复率 90%，信访办结及时率 99%，热线答复率 60%。",
    "本年度申请总量 7 件，申请数量较上年增加 9 件。",
)  # fmt: skip


def test_what_offices_write_besides_the_words_of_the_form_is_held_too_and_other_numbers_are_spared() -> None:
    late = Figures(Year(year_table(SHISHI, 2020), CHANNELS_2020, 7, 5), {}, Fees(1, 1, 500))
    for text, end in MISSED.items():
        (found,) = said(text + "。", late)
        assert found.endswith(end), (text, found)
    assert [(text, told) for text in SPARED if (told := said(text, late))] == []
    assert said("全部按时办结，均按时，及时率百分之百，100%按时答复。", shishi()) == []


@st.composite
def figures(draw: st.DrawFn) -> Figures:
    year = draw(reports())
    amounts = st.none() | st.integers(0, 90).map(Decimal)
    two = {cell.place: draw(amounts) for cell in annual_two.cells(year.table.edition)}
    payments = draw(st.integers(0, 5))
    return Figures(year, two, Fees(draw(st.integers(0, 5)), payments, 100 * payments))


@pytest.mark.parametrize("words", ["共计", "数量"])
def test_no_text_takes_for_ever_to_be_held_against_the_figures(words: str) -> None:
    before = process_time()
    (told,) = said(f"2020 年收到申请{words * 23}见下 9 件。", shishi())
    assert "写的是 9 件" in told
    assert said(f"{words}{'一百' * 990}余。" * 10, shishi()) == []
    assert process_time() - before < 1.5


@given(figures(), st.data())
def test_any_one_number_changed_in_a_generated_text_is_found_and_none_where_nothing_was(
    found: Figures, data: st.DataObject
) -> None:
    for part, text in generated(found).items():
        assert said(text, found) == [], part
        places = [m for m in NUMBER.finditer(text)]
        if not places:
            continue
        place = data.draw(st.sampled_from(places))
        wrong = str(int(place[0].partition(".")[0]) + data.draw(st.integers(1, 50)))
        changed = text[: place.start()] + wrong + text[place.end() :]
        (one,) = annual_words.differences(changed, found)
        assert (one.start, one.stands.startswith(wrong)) == (place.start(), True)


def test_the_six_parts_stand_in_the_order_of_the_form_and_part_one_speaks_of_five_things() -> None:
    assert [title[0] for title in annual.PARTS.values()] == list("一二三四五六")
    text = generated(shishi())[annual.GENERAL]
    assert [p.text for p in annual.paragraphs(text) if p.heading] == list(annual.HEADINGS)
    assert annual.unwritten(text) == [annual.HEADINGS[0], *annual.HEADINGS[2:]]
    assert annual.lacks(annual.PROBLEMS, " ", Fees()) == ["还没有写"]
    assert annual.lacks(annual.PROCEEDINGS, "", Fees()) == []


def test_part_six_names_the_fee_also_where_it_is_0_and_before_2021_there_was_none() -> None:
    def other(year: int, fees: Fees) -> str:
        return generated(Figures(Year(year_table(EMPTY, year), {}, 0, 0), {}, fees))[annual.OTHER]

    assert other(2020, Fees()) == "无。"
    assert "信息处理费 0 元" in other(2021, Fees())  # charged from 1 January 2021
    assert other(2026, Fees()) == "2026 年，依据《政府信息公开信息处理费管理办法》收取信息处理费 0 元。"
    assert other(2026, Fees(2, 1, 300)).endswith("收取信息处理费 300 元（发出收费通知 2 件，缴费 1 件）。")
    assert annual.lacks(annual.OTHER, "无。", Fees(1, 1, 300)) == [
        "本年收取了信息处理费（1 件），这一部分没有写明"
    ]
    figures = Figures(
        Year(year_table(Counts({PERSON: 1}, {}, {}, {PERSON: 1}, {}), 2026), {}, 0, 0), {}, Fees(1, 1, 0, 1)
    )
    assert said("收取信息处理费 500 元", figures) == []  # the record doesn't know the amount


# --- part two ------------------------------------------------------------------------------------

SEED_TWO = {cell.place: Decimal(0) for cell in annual_two.cells("2019")} | {
    "normative.made": Decimal(17), "normative.opened": Decimal(17), "normative.total": Decimal(30),
}  # fmt: skip


def sentences(
    edition: str, now: annual_two.Amounts, before: annual_two.Amounts | None, kind: str
) -> list[str]:
    return [f.sentence for f in annual_two.check(edition, now, before) if f.kind == kind]


def test_what_holds_across_the_years_is_checked_within_one_edition_and_a_blank_is_never_0() -> None:
    last = SEED_TWO | {"normative.total": Decimal(13), "licence.last": Decimal(2)}
    assert sentences("2019", SEED_TWO, last, annual_two.WRONG) == [
        "行政许可：上一年项目数量 0，应为 2（上年报告 2，增/减 0）"
    ]
    assert sentences("2019", SEED_TWO | {"normative.total": Decimal(31)}, last, annual_two.WRONG)[0] == (
        "规范性文件：对外公开总数量 31，应为 30（上年 13 ＋ 本年新公开 17）"
    )
    now = dict.fromkeys((c.place for c in annual_two.cells("2021")), Decimal(0)) | {
        "normative.made": Decimal(5), "normative.abolished": Decimal(2), "normative.valid": Decimal(34),
    }  # fmt: skip
    before: dict[str, Decimal | None] = {"regulations.valid": Decimal(0), "normative.valid": Decimal(30)}
    assert sentences("2021", now, before, annual_two.WRONG) == [
        "行政规范性文件：现行有效 34，应为 33（上年 30 ＋ 制发 5 － 废止 2）"
    ]
    assert sentences("2021", now | {"normative.valid": Decimal(33)}, before, annual_two.WRONG) == []
    assert sentences("2021", now | {"normative.made": None}, before, annual_two.WRONG) == []
    assert sentences("2021", now | {"normative.made": None}, before, annual_two.BLANK) == [
        "行政规范性文件 × 本年制发件数：空白，没有的写 0"
    ]
    assert len(sentences("2021", now, None, annual_two.UNCHECKED)) == 2
    assert sentences("2021", now | {"normative.valid": Decimal(2)}, None, annual_two.WRONG) == [
        "行政规范性文件：现行有效 2，少于本年制发 5 减去废止 2"
    ]


@pytest.mark.parametrize(
    ("typed", "kind", "amount"),
    [
        ("１７", "count", "17"),
        ("1,200", "count", "1200"),
        (" ", "count", None),
        ("-2", "change", "-2"),
        ("12.50", "money", "12.50"),
    ],
)
def test_a_figure_is_read_as_people_type_it(typed: str, kind: str, amount: str | None) -> None:
    assert annual_two.read(typed, kind) == (None if amount is None else Decimal(amount))
    kept = annual_two.as_json({"normative.made": annual_two.read(typed, kind)})
    assert annual_two.from_json(kept, "2021")["normative.made"] == annual_two.read(typed, kind)


@pytest.mark.parametrize(
    ("typed", "kind"),
    [("-1", "count"), ("1.5", "count"), ("x", "change"), ("1e9", "money"), ("9" * 13, "count")],
)
def test_what_is_no_figure_is_refused_with_how_to_write_it(typed: str, kind: str) -> None:
    with pytest.raises(ValueError, match="写成"):
        annual_two.read(typed, kind)
