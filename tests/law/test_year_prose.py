"""The paragraph 依申请公开情况: it says what the published one said, and never another number."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from caseflow.law.applicants import CLASSES, TOTAL
from caseflow.law.percent import percent
from caseflow.law.receipt import CHANNELS
from caseflow.law.year_prose import Segment, Year, plain, prose
from caseflow.law.year_table import BLOCKS, GROUPS, Counts, year_table
from tests.law.test_year_table import EMPTY, PERSON, SHISHI, YEARS

EDITIONS = st.sampled_from(["2019", "2021"])


def words(counts: Counts, year: int = 2020, sent: int = 0, in_time: int = 0, **channels: int) -> str:
    return plain(prose(Year(year_table(counts, year), channels, sent, in_time)))


def test_the_published_paragraph_is_restated() -> None:
    assert words(SHISHI, 2020, 7, 7, letter=3, online=3, in_person=1) == (
        "2020 年，共受理（本年新收）政府信息公开申请 7 件，办结及时率 100.00%（发出答复 7 件，其中按时 7 件）。"
        "申请人均为自然人。受理方式包括信函申请 3 件、网络申请 3 件、当面申请 1 件。"
        "本年共办结 7 件。其中，“予以公开”2 件；“无法提供”4 件，均因本机关不掌握相关政府信息；"
        "“不予处理”1 件，为重复申请。"
        "2020 年，未发生因政府信息公开被申请行政复议的情况；"
        "因政府信息公开被提起行政诉讼、年内在审或者审结的，未经复议直接起诉 1 件，尚未审结。"
    )


def test_a_year_without_requests_says_so() -> None:
    said = words(EMPTY, 2024)
    assert said.startswith("2024 年，没有新收政府信息公开申请。")
    assert "办结及时率" not in said
    assert "未发生因政府信息公开被申请行政复议的情况，未发生因政府信息公开被提起行政诉讼的情况。" in said


def test_a_rate_of_nothing_sent_is_told_in_words() -> None:
    counts = Counts({PERSON: 1}, {}, {}, {PERSON: 1}, {})
    said = words(counts, 2024, letter=1)
    assert "没有发出答复，不计办结及时率" in said
    assert "%" not in said
    assert "本年没有办结的申请。结转下年度继续办理 1 件。" in said


def test_several_classes_items_and_states_are_listed_each_with_its_number() -> None:
    counts = Counts(
        {PERSON: 3, "other": 1},
        {"research": 2},
        {("refused_third_party", PERSON): 2, ("refused_process", "research"): 1, ("other_fee_unpaid", PERSON): 1},
        {"research": 1, "other": 1},
        {("reconsideration", "upheld"): 2, ("suit_after_reconsideration", "upheld"): 1,
         ("suit_after_reconsideration", "pending"): 1},
    )  # fmt: skip
    said = words(counts, 2026, 3, 2, fax=4)
    for sentence in (
        "上年结转 2 件",
        "办结及时率 66.67%（发出答复 3 件，其中按时 2 件）",
        "申请人中，自然人 3 件、其他法人或者组织 1 件。",
        "“不予公开”3 件，其中因保护第三方合法权益 2 件、因属于四类过程性信息 1 件",
        "“其他处理”1 件，为逾期未缴费。",
        "被申请行政复议、年内在审或者审结的 2 件，均为结果维持",
        "复议后起诉 2 件，其中结果维持 1 件、尚未审结 1 件。",
    ):
        assert sentence in said


@st.composite
def reports(draw: st.DrawFn) -> Year:
    table = year_table(draw(YEARS), draw(st.integers(2019, 2030)), draw(EDITIONS))
    new, channels = table.value("new", TOTAL), {}
    for channel in CHANNELS:
        channels[channel] = draw(st.integers(0, new))
        new -= channels[channel]
    sent = draw(st.integers(0, table.value("results_total", TOTAL)))
    return Year(table, channels, sent, draw(st.integers(0, sent)))


def number_in_table(year: Year, row: str, column: str) -> int:
    """Where a figure of the paragraph says it comes from, looked up anew."""
    if row == "channels":
        return year.channels[column]
    if row == "on_time":
        return {"replied": year.sent, "on_time": year.in_time}[column]
    if row in BLOCKS:
        return year.table.proceedings[row][column]
    if row in year.table.cells and row not in GROUPS:
        return year.table.value(row, column)
    codes = [r.key for r in year.table.result_rows if r.head.endswith(GROUPS[row]) or GROUPS[row] in r.head]
    return sum(year.table.value(key, column) for key in codes)


@given(reports())
def test_every_figure_of_the_paragraph_stands_in_the_table(year: Year) -> None:
    segments = prose(year)
    for segment in segments:
        if segment.cell:
            assert segment.text == f"{number_in_table(year, *segment.cell)} 件"
    assert figures(plain(segments)) == [int(s.text.split()[0]) for s in segments if s.cell]


def figures(said: str) -> list[int]:
    """Every number of the plain text but the year and the rate."""
    said = re.sub(r"\d+ 年|\d+\.\d\d%", "", said)
    return [int(number) for number in re.findall(r"\d+", said)]


@given(reports())
def test_every_number_that_is_not_nothing_is_said(year: Year) -> None:
    """Classes and channels, groups and their items, states: what stands in the table is in the words."""
    said = {s.cell for s in prose(year) if s.cell}
    several = [c for c in CLASSES if year.table.value("new", c)]
    expected = {("new", c) for c in several} if len(several) > 1 else set()
    expected |= {("channels", c) for c, n in year.channels.items() if n}
    expected |= {(g, TOTAL) for g in GROUPS if year.table.group_total(g)}
    expected |= {
        (k, TOTAL)
        for k in ("new", "carried_in", "results_total", "carried_out")
        if year.table.value(k, TOTAL)
    }
    expected |= {(b, TOTAL) for b in BLOCKS if year.table.proceedings[b][TOTAL]}
    assert expected <= said


@given(reports())
def test_the_rate_is_the_one_of_the_figures_beside_it(year: Year) -> None:
    rates = re.findall(r"\d+\.\d\d%", plain(prose(year)))
    rate = percent(year.in_time, year.sent)
    assert rates == ([rate] if rate else [])


def test_segments_joined_are_the_plain_words() -> None:
    assert plain((Segment("受理 "), Segment("7 件", ("new", TOTAL)))) == "受理 7 件"
