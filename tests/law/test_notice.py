"""The holiday notice read from its own sentences: the days it sets, and every reason why it is not taken."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from time import process_time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from caseflow.calendars.seed import notices
from caseflow.law.holidays import FESTIVALS, Day, Fault, Notice, Unreadable, lacking, merged
from caseflow.law.notice import LARGEST, document_of, parse, year_of
from tests.law.days import day
from tests.law.notices import LINES, MAY_2019, SPRING_2020, notice

Days = set[tuple[date, bool]]


def shipped(*years: int) -> Days:
    return {(one, works) for year in years for one, works, _ in notices(year)}


def plain(days: Iterable[Day]) -> Days:
    """The days that differ from Monday-to-Friday."""
    return {(one.day, one.works) for one in days if one.counts}


def read(text: str) -> tuple[Notice | None, tuple[Fault, ...]]:
    try:
        return parse(text, 2026), ()
    except Unreadable as refused:
        return None, refused.faults


def told(text: str, year: int = 2026) -> str:
    with pytest.raises(Unreadable) as refused:
        parse(text, year)
    return str(refused.value)


# --- the notices of real years -----------------------------------------------------------------------------


@pytest.mark.parametrize("year", [2023, 2024, 2025, 2026])
def test_the_notice_gives_the_days_of_its_year(year: int) -> None:
    assert plain(parse(notice(year), year).days) == shipped(year)
    assert plain(parse(LINES[year], year).days) == shipped(year)


@pytest.mark.parametrize("year", [2023, 2024, 2025, 2026])
def test_every_day_has_the_name_of_its_festival(year: int) -> None:
    for one, _, name in notices(year):
        named = next(d.name for d in parse(notice(year), year).days if d.day == one)
        assert name in named.split("、")
        assert set(named.split("、")) <= set(FESTIVALS)


def test_2019_begins_on_31_december_2018_and_its_labour_day_was_arranged_anew_in_march() -> None:
    known = merged(parse(notice(2018), 2018), ())
    known = merged(parse(notice(2019), 2019), known)
    assert (day("周一 2018-12-31"), False) in plain(known)
    assert (day("周六 2018-12-29"), True) in plain(known)
    assert plain(known) & shipped(2019) == shipped(2019) - {
        (day(d), w)
        for d, w in (
            ("周四 2019-05-02", False), ("周五 2019-05-03", False), ("周日 2019-04-28", True), ("周日 2019-05-05", True),
        )
    }  # fmt: skip
    change = parse(MAY_2019, 2019)
    assert change.festivals == {"劳动节"}
    assert plain(merged(change, known)) == shipped(2018, 2019)


def test_the_notice_of_2018_entered_again_keeps_the_december_of_the_next_one() -> None:
    known = merged(parse(notice(2019), 2019), merged(parse(notice(2018), 2018), ()))
    assert merged(parse(notice(2018), 2018), known) == known


def test_the_prolonged_spring_festival_of_2020_swallows_its_make_up_saturday() -> None:
    first = merged(parse(notice(2020), 2020), ())
    assert (day("周六 2020-02-01"), True) in plain(first)
    longer = merged(parse(SPRING_2020, 2020), first)
    assert plain(longer) == shipped(2020)
    assert plain(first) ^ plain(longer) == {(day("周五 2020-01-31"), False), (day("周六 2020-02-01"), True)}
    assert merged(parse(SPRING_2020, 2020), first) == longer


def test_a_festival_that_is_not_known_cannot_be_prolonged() -> None:
    with pytest.raises(Unreadable, match="没有录入过早于 2月2日 的春节假期"):
        merged(parse(SPRING_2020, 2020), ())


def test_the_words_around_the_arrangements_are_passed_over_and_told() -> None:
    passed = parse(notice(2024), 2024).passed
    assert passed[0] == "国务院办公厅关于2024年部分节假日安排的通知"
    assert any(sentence.startswith("鼓励") for sentence in passed)
    assert not any("放假调休，共" in sentence for sentence in passed)


def test_a_festival_left_out_is_named() -> None:
    assert parse(notice(2027), 2027).missing == ()
    assert parse("春节：2月15日至23日放假调休，共9天。", 2026).missing == (
        "元旦", "清明", "劳动节", "端午", "中秋", "国庆",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "year"),
    [
        (notice(2027), 2027),
        (MAY_2019, 2019),
        ("元旦：2027年1月1日放假", None),
        ("２０２７年春节：２月５日至１３日放假", 2027),
        ("春节：2月5日放假", None),
    ],
)
def test_the_year_stands_in_the_title(text: str, year: int | None) -> None:
    assert year_of(text) == year


# --- ways of writing ---------------------------------------------------------------------------------------

SPRING = {(day(d), w) for d, w in (
    ("周一 2026-02-16", False), ("周二 2026-02-17", False), ("周三 2026-02-18", False), ("周四 2026-02-19", False),
    ("周五 2026-02-20", False), ("周一 2026-02-23", False), ("周六 2026-02-14", True), ("周六 2026-02-28", True),
)}  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "春节：2月15日至23日放假调休，共9天。2月14日（星期六）、2月28日（星期六）上班。",
        "春节:2月15日-23日放假调休,共9天;2月14日(星期六)、2月28日(周六)上班",
        "二、春节：２月１５日至２３日放假调休，共９天。２月１４日（星期六）、２８日（星期六）上班。",
        "2. 春节： 2 月 15 日 至 2 月 23 日 放假， 共 9 天。\n2月14日（周六）、2月28日（周六）上班",
        "（二）春节2月15日～23日放假调休，共计9天。2月14日、2月28日照常上班。",
        "2026年春节：2026年2月15日至2026年2月23日放假9天，2月14日和2月28日上班。",
        "春节：\n2月15日（农历腊月二十八，星期日）至23日（周一）放假调休，\n共9天。\r\n2月14日、\n2月28日上班。",
        "春节：2月15日至21日放假，2月22日（星期天）、2月23日（星期一）补休，共9天。2月14日、2月28日上班，2月24日起正常上班。",
    ],
)
def test_the_same_festival_may_be_written_in_many_ways(text: str) -> None:
    assert plain(parse(text, 2026).days) == SPRING


def test_the_weekends_of_a_holiday_are_its_days_and_count_as_they_did() -> None:
    words = "劳动节：5月1日（周六）、5月2日（周日）放假，共2天。元旦：1月1日放假1天，与周末连休"
    found = parse(words, 2027).days
    assert plain(found) == {(day("周五 2027-01-01"), False)}
    assert [(d.day, d.name) for d in found] == [
        (day("周五 2027-01-01"), "元旦"), (day("周六 2027-01-02"), "元旦"), (day("周日 2027-01-03"), "元旦"),
        (day("周六 2027-05-01"), "劳动节"), (day("周日 2027-05-02"), "劳动节"),
    ]  # fmt: skip


# --- the sentences around ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "around",
    [
        "（此件公开发布）",
        "来源：新华社",
        "来源：中国政府网 2025-11-04 18:00",
        "发布时间：2025年11月4日 18:00",
        "新华社北京11月4日电 国务院办公厅日前印发关于2026年部分节假日安排的通知，全文如下：",
        "（2025年11月4日印发）",
        "国务院办公厅 2025年11月4日",
        "索引号：000014349/2025-00012 成文日期：2025年11月4日 发布日期：2025年11月4日",
        "根据国办发明电〔2025〕7号，现将2026年部分节假日放假安排通知如下",
        "鼓励各单位结合带薪年休假等制度落实，安排职工在除夕（2月16日）休息",
        "二〇二五年十一月四日",
        "二、放假期间，各单位安排好值班，遇有急事及时处理。",
        "三、加强安全：做好防火、防汛和交通疏导。",
        "四、学校推迟开学，时间由教育部门另定。",
        "五、因工作不能休假的职工，由单位安排补休。",
        "祝大家节日快乐！",
    ],
)
def test_what_states_no_day_is_passed_over(around: str) -> None:
    words = f"{around}\n春节：2月15日至23日放假调休，共9天。2月14日、2月28日上班。\n{around}"
    found = parse(words, 2026)
    assert plain(found.days) == SPRING
    assert len(found.passed) >= 2


@pytest.mark.parametrize(
    "stating",
    [
        "清明节放假三天",
        "清明放假1天",
        "元旦不放假",
        "二月三日照常上班",
        "3月1日前报送值班表",
        "除夕休息",
        "下周六上班",
        "根据安排，元旦从1月1日起休息",
        "放假期间（2月15日至23日），各单位安排好值班",
        "节假日期间，1月31日（星期六）须上班",
        "节假日期间，1月31日（星期六）须坚守岗位",
        "节假日期间，下周六须到岗",
        "根据安排，1月31日（星期六）要上班",
        "根据上级要求，1月31日（星期六）不得离岗",
        "1月31日（星期六）需正常到岗的通知",
        "关于1月31日（星期六）须上班的通知",
        "经国务院批准，1月31日（星期六）照常工作，具体如下",
        "发布：2026年1月31日须坚守岗位",
        "新华社北京11月4日电 国务院办公厅日前通知，1月31日须到岗",
        "鼓励错峰出行，2月24日至25日放假",
        "鼓励各单位1月31日（星期六）到岗",
    ],
)
def test_what_states_a_day_and_cannot_be_read_is_named(stating: str) -> None:
    assert stating.split("，")[0] in told(f"春节：2月15日至23日放假调休。2月14日上班。\n{stating}。")


def test_a_heading_alone_begins_its_festival() -> None:
    found = parse(
        "一、元旦\n1月1日至3日放假，共3天。1月4日上班。\n二、春节\n2月15日至23日放假，共9天。", 2026
    )
    assert {d.name for d in found.days if d.day.month == 2} == {"春节"}


def test_a_day_after_other_words_belongs_to_no_festival() -> None:
    assert "没有写明节日名称" in told("春节：2月15日至23日放假。\n加强值班。\n2月14日上班。")


@pytest.mark.parametrize(
    "words",
    [
        MAY_2019,
        "2019年劳动节 5月1日至4日放假调休，4月28日、5月5日上班",
        "一、2019年劳动节假期：5月1日至4日放假调休，共4天。4月28日（星期日）、5月5日（星期日）上班。"
        "\n二、各单位提前安排好工作。",
    ],
)
def test_the_change_of_may_2019_may_be_written_in_many_ways(words: str) -> None:
    assert plain(parse(words, 2019).days) == plain(parse(MAY_2019, 2019).days)


@pytest.mark.parametrize(
    "words",
    [
        "国务院办公厅关于延长2020年春节假期的通知\n国办发明电〔2020〕1号\n各省、自治区、直辖市人民政府："
        "\n经国务院批准，为做好防控，现将延长2020年春节假期的安排通知如下。\n" + SPRING_2020
        + "\n二、学校推迟开学，时间另定。\n三、不能休假的职工，由单位安排补休。\n国务院办公厅\n2020年1月26日\n（此件公开发布）",
        "将2020年春节假期延长至2月2日，2月3日起正常上班。",
    ],
)  # fmt: skip
def test_the_prolonging_of_2020_is_read_as_a_whole(words: str) -> None:
    assert parse(words, 2020).prolonged == (("春节", day("周日 2020-02-02")),)


@pytest.mark.parametrize(
    ("text", "document"),
    [
        (notice(2027), "国务院办公厅关于2027年部分节假日安排的通知（国办发明电〔2026〕7号）"),
        (LINES[2027], "国务院办公厅关于2027年部分节假日安排的通知"),
        ("发文字号：国办发明电〔2026〕8号\n", "国务院办公厅关于2027年部分节假日安排的通知（国办发明电〔2026〕8号）"),
        ("国务院办公厅关于调整2027年劳动节假期的通知（国办发明电〔2027〕3号）", "国务院办公厅关于调整2027年劳动节假期的通知（国办发明电〔2027〕3号）"),
    ],
)  # fmt: skip
def test_the_document_is_told_by_the_notice_itself(text: str, document: str) -> None:
    assert document_of(text, 2027) == document


def test_a_file_of_nothing_but_lines_is_looked_through_once() -> None:
    began = process_time()
    assert document_of("\n" * 20_000, 2027) == "国务院办公厅关于2027年部分节假日安排的通知"
    assert process_time() - began < 2  # seconds; line by line from each line on it took nine


# --- one notice laid over another --------------------------------------------------------------------------


def over(year: int, words: str, *local: Day) -> str:
    """What a correction of a whole year contradicts."""
    known = merged(parse(notice(year), year), ())
    with pytest.raises(Unreadable) as refused:
        merged(parse(words, year), known, local)
    return str(refused.value)


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (
            "端午节：6月9日（周三）放假，共1天。10月2日（周六）上班。",
            "10月2日（周六）又放假（国庆）又上班（端午）",
        ),
        (
            "清明节：4月23日（周五）至25日（周日）放假，共3天。",
            "4月25日（周日）又放假（清明）又上班（劳动节）",
        ),
        ("中秋节：9月24日（周五）至26日（周日）放假。", "9月26日（周日）又放假（中秋）又上班（国庆）"),
        ("中秋节：10月1日放假。", "10月1日（周五）写了两次（国庆、中秋）"),
        ("中秋节：9月15日放假。9月26日上班。", "9月26日（周日）写了两次（国庆、中秋）"),
        (
            "劳动节：5月3日至5日放假，共3天。4月25日、5月8日上班。5月1日上班。",
            "5月1日是法定节日（劳动节），不能上班",
        ),
        ("国庆节：10月4日至7日放假，共4天。", "10月1日是法定节日（国庆），不能不放假"),
        ("延长2027年春节假期至4月3日。", "4月3日（周六）写了两次（清明、春节）"),
    ],
)
def test_a_correction_that_contradicts_what_stands_is_named(words: str, why: str) -> None:
    assert why in over(2027, words)


def test_a_correction_that_contradicts_a_local_day_is_named() -> None:
    saturday = day("周六 2027-06-12")
    words = "端午节：6月9日至13日放假，共5天。"
    assert "6月12日（周六）又放假（端午）又上班（补班）" in over(2027, words, Day(saturday, True, "补班"))
    known = merged(parse(notice(2027), 2027), ())
    assert merged(parse(words, 2027), known, [Day(saturday, False, "停工")])  # at rest by both


def test_festivals_arranged_as_one_are_corrected_as_one() -> None:
    assert "国庆、中秋原来是一起安排的，更正时也要写明中秋" in over(2025, "国庆节：10月1日至7日放假，共7天。")


def test_a_festival_moves_over_its_own_earlier_days() -> None:
    known = merged(parse(notice(2027), 2027), ())
    words = "国庆节：10月1日至8日放假，共8天。9月26日、10月10日上班。"
    assert (day("周日 2027-10-10"), True) in plain(merged(parse(words, 2027), known))


def test_a_year_lacks_the_festivals_of_which_no_day_stands() -> None:
    assert lacking(2027, merged(parse(notice(2027), 2027), ())) == ()
    assert lacking(2020, merged(parse(notice(2020), 2020), ())) == ()  # 国庆、中秋 in one sentence
    some = merged(parse("建军节：8月1日放假。端午节：6月9日放假。", 2027), ())
    assert lacking(2027, some) == ("元旦", "春节", "清明", "劳动节", "中秋", "国庆")
    begun = merged(parse("元旦：2027年12月31日至2028年1月2日放假，共3天。", 2028), ())
    assert "元旦" in lacking(2027, begun)


# --- what is not taken -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("春节快乐", "没有读到任何放假安排"),
        ("春节：2月15日至23日放大假", "读不懂“2月15日至23日放大假”"),
        ("发布：2026年1月31日上班", "发布只写了上班的日子，没有写放假的日子"),
        ("春节：2月14日上班", "春节只写了上班的日子，没有写放假的日子"),
        ("春节：2026年2月15日至2月23日放假。元旦：2027年1月1日至3日放假", "“元旦：2027年1月1日至3日放假”：2027年1月1日至2027年1月3日不是 2026 年的日期"),
        ("2月15日至23日放假调休", "没有写明节日名称"),
        ("春节：2月30日放假", "没有“2月30日”这一天"),
        ("春节：15日至23日放假", "“15日”没有写明月份"),
        ("春节：2月15日（星期一）至23日放假", "2月15日是周日，不是星期一"),
        ("春节：2月16日放假。2月14日（周日）上班", "2月14日是周六，不是周日"),
        ("春节：2月15日至23日放假调休，共8天", "写的是共 8 天，起止算来是 9 天"),
        ("元旦：1月1日放假3天", "写的是共 3 天，起止算来是 1 天"),
        ("春节：2月15日至23日放假。2月24日（星期二）上班", "2月24日是周二，不是周末，不用调休上班"),
        ("春节：2月15日至23日放假。2月21日（星期六）上班", "2月21日（周六）又放假（春节）又上班（春节）"),
        ("春节：2月16日放假。2月14日上班。清明节：2月14日放假", "2月14日（周六）又放假（清明）又上班（春节）"),
        ("春节：2月15日至23日放假。清明节：2月23日放假", "2月23日（周一）写了两次（春节、清明）"),
        ("春节：2月16日放假。2月14日、2月14日上班", "2月14日写了两次"),
        ("春节：2月15日放假。春节：2月16日放假", "春节写了两次"),
        ("春节：2027年2月15日放假", "2027年2月15日不是 2026 年的日期"),
        ("春节：2025年12月31日放假", "2025年12月31日不是 2026 年的日期"),
        ("元旦：2025年11月30日放假", "2025年11月30日不是 2026 年的日期"),
        ("元旦：12月30日至1月1日放假", "终点不晚于起点，跨年的写明年份"),
        ("春节：2月1日至4月1日放假", "超过一个月"),
        ("经国务院批准，2月15日至23日放假", "读不懂“经国务院批准”"),
        ("：2月15日至23日放假", "没有写明节日名称"),
        ("", "没有读到任何放假安排"),
        ("国务院办公厅关于2026年部分节假日安排的通知", "没有读到任何放假安排"),
        ("春" * (LARGEST + 1), "太长"),
        ("春节：2月15日放假，共" + "9" * 4500 + "天", "读不懂"),
        ("元旦：0000年1月1日放假", "没有“1月1日”这一天"),
        ("元旦：9999年12月31日放假，与周末连休，共1天。", "9999年12月31日不是 2026 年的日期"),
        ("元旦：0001年1月1日放假，与周末连休，共1天。", "1年1月1日不是 2026 年的日期"),
    ],
)  # fmt: skip
def test_a_fault_is_named(text: str, why: str) -> None:
    assert why in told(text)


def test_all_faults_are_named_at_once_each_with_its_sentence() -> None:
    with pytest.raises(Unreadable) as refused:
        parse("一、春节：2月15日至23日放假，共8天。2月24日（星期二）上班。三、清明节休三日。", 2026)
    assert [(f.sentence, f.why) for f in refused.value.faults] == [
        ("一、春节：2月15日至23日放假，共8天", "写的是共 8 天，起止算来是 9 天"),
        ("2月24日（星期二）上班", "2月24日是周二，不是周末，不用调休上班"),
        ("三、清明节休三日", "读不懂“清明节休三日”"),
    ]


@pytest.mark.parametrize("year", [0, 2003, 2100, 10**9])
def test_a_year_outside_the_calendar_is_refused(year: int) -> None:
    assert "年度应在 2004 至 2099 之间" in told(LINES[2026], year)


WORDS = ("春节", "国庆节、中秋节", "：", "2月", "15日", "至", "23日", "放假", "调休", "，共", "9天", "。", "上班", "（", "）",
         "星期六", "延长", "假期至", "2026年", "一、", "\n", "、", "0日", "99月", "起正常", "经国务院批准")  # fmt: skip


@pytest.mark.soak
@given(st.one_of(st.text(max_size=200), st.lists(st.sampled_from(WORDS), max_size=30).map("".join)))
@example("延长春节假期至2月15日")
def test_whatever_is_typed_gives_days_off_and_worked_weekends_or_a_fault(text: str) -> None:
    found, faults = read(text)
    assert bool(found) != bool(faults)
    assert all(fault.why for fault in faults)
    if found:
        assert all(one.day.weekday() >= 5 for one in found.days if one.works)
        assert len({one.day for one in found.days}) == len(found.days)
