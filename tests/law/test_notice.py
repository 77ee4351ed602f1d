"""The holiday notice read from its own sentences: the days it sets, and every reason why it is not taken."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from caseflow.calendars.seed import notices
from caseflow.law.holidays import FESTIVALS, Day, Fault, Notice, Unreadable, merged
from caseflow.law.notice import LARGEST, parse, year_of
from tests.law.days import day
from tests.law.notices import LINES, MAY_2019, SPRING_2020, notice

Days = set[tuple[date, bool]]


def shipped(*years: int) -> Days:
    return {(one, works) for year in years for one, works, _ in notices(year)}


def plain(days: Iterable[Day]) -> Days:
    return {(one.day, one.works) for one in days}


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


def test_a_day_on_a_weekend_sets_nothing() -> None:
    assert plain(
        parse("劳动节：5月1日（周六）、5月2日（周日）放假，共2天。元旦：1月1日放假1天，与周末连休", 2027).days
    ) == {(day("周五 2027-01-01"), False)}


# --- what is not taken -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("春节快乐", "读不懂“春节快乐”"),
        ("春节：2月15日至23日放大假", "读不懂“2月15日至23日放大假”"),
        ("春节：2月15日至23日放假。大家开心。", "“大家开心”：读不懂“大家开心”"),
        ("2月15日至23日放假调休", "没有写明节日名称"),
        ("春节：2月30日放假", "没有“2月30日”这一天"),
        ("春节：15日至23日放假", "“15日”没有写明月份"),
        ("春节：2月15日（星期一）至23日放假", "2月15日是周日，不是星期一"),
        ("春节：2月16日放假。2月14日（周日）上班", "2月14日是周六，不是周日"),
        ("春节：2月15日至23日放假调休，共8天", "写的是共 8 天，起止算来是 9 天"),
        ("元旦：1月1日放假3天", "写的是共 3 天，起止算来是 1 天"),
        ("春节：2月15日至23日放假。2月24日（星期二）上班", "2月24日是周二，不是周末，不用调休上班"),
        ("春节：2月15日至23日放假。2月21日（星期六）上班", "2月21日又放假又上班"),
        ("春节：2月16日放假。2月14日上班。清明节：2月14日放假", "2月14日又放假又上班"),
        ("春节：2月15日至23日放假。清明节：2月23日放假", "2月23日写了两次"),
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
    ],
)  # fmt: skip
def test_a_fault_is_named(text: str, why: str) -> None:
    assert why in told(text)


def test_all_faults_are_named_at_once_each_with_its_sentence() -> None:
    with pytest.raises(Unreadable) as refused:
        parse("一、春节：2月15日至23日放假，共8天。2月24日（星期二）上班。三、乱写。", 2026)
    assert [(f.sentence, f.why) for f in refused.value.faults] == [
        ("一、春节：2月15日至23日放假，共8天", "写的是共 8 天，起止算来是 9 天"),
        ("2月24日（星期二）上班", "2月24日是周二，不是周末，不用调休上班"),
        ("三、乱写", "读不懂“乱写”"),
    ]


@pytest.mark.parametrize("year", [0, 2003, 2100, 10**9])
def test_a_year_outside_the_calendar_is_refused(year: int) -> None:
    assert "年度应在 2004 至 2099 之间" in told(LINES[2026], year)


WORDS = ("春节", "国庆节、中秋节", "：", "2月", "15日", "至", "23日", "放假", "调休", "，共", "9天", "。", "上班", "（", "）",
         "星期六", "延长", "假期至", "2026年", "一、", "\n", "、", "0日", "99月", "起正常", "经国务院批准")  # fmt: skip


@pytest.mark.soak
@given(st.one_of(st.text(max_size=200), st.lists(st.sampled_from(WORDS), max_size=30).map("".join)))
@example("延长春节假期至2月15日")
def test_whatever_is_typed_gives_days_that_differ_from_monday_to_friday_or_a_fault(text: str) -> None:
    found, faults = read(text)
    assert bool(found) != bool(faults)
    assert all(fault.why for fault in faults)
    if found:
        assert all(one.works == (one.day.weekday() >= 5) for one in found.days)
        assert len({one.day for one in found.days}) == len(found.days)
