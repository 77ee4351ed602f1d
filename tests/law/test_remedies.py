"""The remedies paragraph: by result and by the day of the decision (行政复议法 20, 22, 23；行政诉讼法 45, 46)."""

from __future__ import annotations

from datetime import date

import pytest

from caseflow.law.outcomes import OUTCOMES
from caseflow.law.remedies import Where, remedies, reviewed_first

WHERE = Where("石狮市人民政府", "石狮市人民法院", "福建省行政复议网上申请平台")
BEFORE, FROM = date(2023, 12, 31), date(2024, 1, 1)
LATER = (
    date(2025, 5, 31),
    date(2025, 6, 1),
    date(2026, 11, 23),
)  # 法释〔2025〕8号 changed nothing on the letter

REFUSED = [o.code for o in OUTCOMES if o.code.startswith("refused_")]
FIRST = [code for code in REFUSED if code != "refused_administrative_inquiry"]
EITHER = [o.code for o in OUTCOMES if o.code not in [*FIRST, "partial"]]


def test_there_are_seven_refusals_under_articles_14_to_16() -> None:
    assert len(FIRST) == 7


@pytest.mark.parametrize("result", FIRST)
@pytest.mark.parametrize("decided", [FROM, *LATER])
def test_a_refusal_since_2024_is_reconsidered_first(result: str, decided: date) -> None:
    said = remedies(result, decided, WHERE)
    assert reviewed_first(result, decided)
    assert "六十日内先向石狮市人民政府申请行政复议" in said
    assert "收到行政复议决定书之日起十五日内向石狮市人民法院提起行政诉讼" in said
    assert "第二十三条" in said
    assert "六个月" not in said


@pytest.mark.parametrize("result", [*FIRST, "partial"])
def test_a_refusal_before_2024_leaves_the_choice(result: str) -> None:
    said = remedies(result, BEFORE, WHERE)
    assert not reviewed_first(result, BEFORE)
    assert "六十日内向石狮市人民政府申请行政复议，或者在六个月内直接向石狮市人民法院提起行政诉讼" in said
    assert "先向" not in said


@pytest.mark.parametrize("result", EITHER)
@pytest.mark.parametrize("decided", [BEFORE, FROM, *LATER])
def test_every_other_result_leaves_the_choice_whenever_it_was_decided(result: str, decided: date) -> None:
    said = remedies(result, decided, WHERE)
    assert "六十日内向" in said
    assert "六个月内直接向石狮市人民法院提起行政诉讼" in said
    assert "先向" not in said


def test_a_partial_release_tells_both_ways_each_for_its_part() -> None:
    refused, rest = remedies("partial", FROM, WHERE).rstrip("。").split("。")
    assert "不予公开的部分" in refused
    assert "先向" in refused
    assert "其他部分" in rest
    assert "六个月" in rest


def test_a_decision_served_online_tells_how_to_apply_online() -> None:
    assert "福建省行政复议网上申请平台" in remedies("granted", FROM, WHERE, online=True)
    assert "平台" not in remedies("granted", FROM, WHERE)


def test_no_letter_is_written_with_a_gap_where_the_organ_should_stand() -> None:
    for where in (Where("", "石狮市人民法院"), Where("石狮市人民政府", "")):
        with pytest.raises(ValueError, match="行政复议机关、人民法院"):
            remedies("granted", FROM, where)
    with pytest.raises(ValueError, match="网上"):
        remedies("granted", FROM, Where("石狮市人民政府", "石狮市人民法院"), online=True)
    with pytest.raises(KeyError):
        remedies("unknown", FROM, WHERE)


def test_the_paper_is_called_by_its_name() -> None:
    assert "收到本告知书之日" in remedies("other_fee_unpaid", FROM, WHERE, paper="告知书")
