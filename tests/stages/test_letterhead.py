"""What letters say of their office: checked as typed, and what can't be issued without it."""

from __future__ import annotations

import pytest
from sqlalchemy import String

from caseflow.db import db
from caseflow.law.letters import LETTERS
from caseflow.models import Office
from caseflow.stages import letterhead
from caseflow.stages.checks import LIMITS
from caseflow.stages.errors import Refused
from tests.support.office import DeskOffice, found

GOOD = {
    "letter_word": "狮政公开", "address": "濠江路1号", "postcode": "362700", "contact": "信息公开科",
    "phone": "0595-00000000", "reconsideration_organ": "石狮市人民政府", "court": "石狮市人民法院",
    "review_channel": "复议平台（fy.example.cn）",
}  # fmt: skip
# The variable of a letter that each datum fills
VARIABLES = {
    "letter_word": "文号", "contact": "联系人", "phone": "联系电话", "reconsideration_organ": "救济途径",
    "court": "救济途径", "address": "机关地址", "postcode": "邮政编码",
}  # fmt: skip


@pytest.fixture
def bare(office: DeskOffice) -> DeskOffice:
    """An office as `caseflow init` leaves it."""
    letterhead.set_data(office.id, {})
    return office


def data(office: DeskOffice) -> dict[str, str]:
    db.session.rollback()
    return letterhead.data_of(db.session.get_one(Office, office.id))


def test_an_office_without_its_data_lacks_what_letters_can_not_be_without(bare: DeskOffice) -> None:
    lacking = [datum.name for datum in letterhead.lacking(data(bare))]
    assert lacking == [
        "letter_word", "contact", "phone", "reconsideration_organ", "court", "review_channel"
    ]  # fmt: skip


def test_what_is_set_stands_in_the_own_office_alone(office: DeskOffice) -> None:
    other = found("JJSB", "晋江市人民政府办公室")
    before = data(other)
    letterhead.set_data(office.id, GOOD)
    assert data(office) == GOOD
    assert letterhead.lacking(data(office)) == []
    assert data(other) == before
    letterhead.set_data(office.id, {})
    assert set(data(office).values()) == {""}
    assert data(other) == before


def test_blanks_and_line_breaks_never_reach_a_letter(office: DeskOffice) -> None:
    letterhead.set_data(office.id, GOOD | {"court": "  石狮市\n人民法院\u3000行政庭 "})
    assert data(office)["court"] == "石狮市 人民法院 行政庭"


@pytest.mark.parametrize(
    ("name", "typed", "why"),
    [
        ("letter_word", "狮政公开〔2026〕", "只写代字"),
        ("letter_word", "狮政公开复第1号", "只写代字"),
        ("letter_word", "狮 政", "只写代字"),
        ("letter_word", "狮" * 41, "最多 40 个字"),
        ("postcode", "36270", "邮编是 6 位数字"),
        ("postcode", "３６２７００", "邮编是 6 位数字"),
        ("court", "院" * 101, "最多 100 个字"),
        ("contact", "王\u202e敏", "含有看不见的控制字符"),
        ("review_channel", "—" * 3 + "\u200b", "含有看不见的控制字符"),
    ],
)
def test_what_can_not_stand_is_refused_at_its_field_and_nothing_is_written(
    office: DeskOffice, name: str, typed: str, why: str
) -> None:
    letterhead.set_data(office.id, GOOD)
    with pytest.raises(Refused, match=why) as refusal:
        letterhead.set_data(office.id, GOOD | {"address": "另一处", name: typed})
    assert refusal.value.field == name
    assert data(office) == GOOD


def test_no_text_is_longer_than_its_column() -> None:
    for datum in letterhead.DATA:
        column = Office.__table__.c[datum.name].type
        assert isinstance(column, String)
        assert LIMITS[datum.name] <= (column.length or 0), datum.name


def test_without_says_of_each_datum_which_letters_need_it() -> None:
    """A letter that bears the variable is told of; where none does, the office may leave it empty."""
    for datum in (d for d in letterhead.DATA if d.name in VARIABLES):
        titles = {letter.title for letter in LETTERS if VARIABLES[datum.name] in letter.bears}
        if datum.without == letterhead.ANSWERED:
            told = datum.without.partition("不能出具")[0].split("、")
            assert {title.removeprefix("政府信息公开").removeprefix("申请") for title in titles} == set(told)
        elif datum.without == letterhead.DECIDED:
            assert titles == {letter.title for letter in LETTERS if letter.decides}
        else:
            assert len(titles) == (len({letter.title for letter in LETTERS}) if datum.without else 0)
