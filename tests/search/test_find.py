"""Search finds what LIKE finds, on both databases; and the index is what the texts give after every act."""

from __future__ import annotations

import io
import random
import re
from datetime import date
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.office import replied_by_letter, seq
from tests.upkeep.desk import busy

if TYPE_CHECKING:
    from tests.support.office import DeskOffice

LETTERS = "征收补偿𬭎〇"
SIGNS = ["，", "２", "3", "ａ", "〔2026〕", " "]
DAY = date(2026, 10, 22)


def texts() -> list[str]:
    """Short texts of few letters, so that anything asked for is in many of them, near and far."""
    rng = random.Random(6)
    return [
        "".join(rng.choices([*LETTERS, *SIGNS], [6] * 6 + [2] * 6, k=rng.randint(1, 12))) for _ in range(60)
    ]


@pytest.fixture
def cases(office: DeskOffice, monkeypatch: pytest.MonkeyPatch) -> dict[int, str]:
    """Cases that ask for such texts, by id; few to a block, so that several are gone through."""
    from caseflow.search import index
    from caseflow.stages import register

    monkeypatch.setattr(index, "BLOCKS", {"n": 4, "m": 16})
    arrival = register.Arrival("in_person", submitted=DAY)
    found: dict[int, str] = {}
    for at in range(0, 60, 20):
        first, *rest = texts()[at : at + 20]
        form = register.Application("natural_person", "林国栋", f"甲{first}")
        made = register.register(office.work("clerk", DAY), arrival, form, [f"甲{text}" for text in rest])
        found |= {case.id: text for case, text in zip(made, [first, *rest], strict=True)}
    return {case_id: f"甲{text}" for case_id, text in found.items()}


def ask(question: str, desk: bool = True, **filters: object) -> list[int]:
    """The cases found, best first."""
    from caseflow.db import db
    from caseflow.search.find import Filters, find
    from caseflow.search.grams import words

    db.session.rollback()
    return find(db.session(), words(question), Filters(**filters), desk).ids  # type: ignore[arg-type]


def like(question: str) -> list[int]:
    """What the database itself finds, newest first."""
    from sqlalchemy import select

    from caseflow.db import db
    from caseflow.models import Particulars

    query = select(Particulars.case_id).where(Particulars.content.contains(question, autoescape=True))
    return list(db.session.scalars(query.order_by(Particulars.case_id.desc())))


def runs(text: str) -> str:
    """A text as it is compared: 汉字 as they are, other words each in brackets, a bar where two runs of 汉字 are apart."""
    found = ""
    for char in text.translate(str.maketrans("２ａ，〔〕", "2a   ")):
        found += f"[{char}]" if char in "0236a" else "|" if char == " " else char
    found = re.sub(r"\|+", "|", found.replace("][", "")).strip("|")
    return found.replace("|[", "[").replace("]|", "]")


def test_search_finds_what_like_finds(cases: dict[int, str], monkeypatch: pytest.MonkeyPatch) -> None:
    from caseflow.db import db
    from caseflow.search.find import newest
    from caseflow.search.grams import CONTENT, words
    from caseflow.search.query import asked

    @given(st.text(LETTERS, min_size=1, max_size=4))
    def of_han(question: str) -> None:
        assert ask(question) == like(question)

    @given(st.lists(st.sampled_from([*LETTERS, *SIGNS[:-1]]), min_size=1, max_size=5).map("".join))
    def of_all(question: str) -> None:
        together = words(f'"{question}"')
        expected = [key for key, text in cases.items() if runs(question) in runs(text)]
        if together:
            assert newest(db.session(), [(asked(together, CONTENT), 99)]) == [sorted(expected, reverse=True)]

    @given(st.lists(st.text(LETTERS, min_size=1, max_size=3), min_size=1, max_size=3), st.integers(1, 9))
    def of_several(several: list[str], most: int) -> None:
        both = [key for key in like("") if all(word in cases[key] for word in several)]
        assert ask("　".join(several)) == both
        query = asked(words(" ".join(several)), CONTENT)
        assert newest(db.session(), [(query, most)] * 2) == [both[:most]] * 2

    of_han()
    of_all()
    of_several()
    assert ask("") == ask("，") == ask('"') == []


def test_what_weighs_more_comes_first_then_the_newest_and_the_filters_hold(office: DeskOffice) -> None:
    from caseflow.stages import handle
    from tests.support.office import found

    other = found("JJSB", "晋江市人民政府办公室", parent_id=office.id)
    content = office.register(DAY, content="滨海公园的批复")
    noted = office.accepted(DAY)
    handle.consult_third_party(
        office.work("clerk", DAY), noted, seq(noted), DAY, "滨海公园管理处", "征求", DAY
    )
    named = office.register(DAY, name="滨海公园", applicant_class="other", content="账目")
    older = office.replied(date(2025, 3, 3), date(2025, 3, 5), content="滨海公园的账目")
    theirs = other.register(DAY, content="滨海公园")
    assert ask("滨海公园") == [named, theirs, older, content, noted]
    assert ask("滨海公园 账目") == [older, named]
    assert ask("滨海公园", offices=(office.id,), year=2026, result="") == [named, content, noted]
    assert ask("滨海公园", offices=(office.id, other.id), applicant_class="natural_person") == [
        theirs, older, content, noted,
    ]  # fmt: skip
    assert ask("滨海公园", result="granted") == ask("滨海公园", year=2025) == [older]
    assert ask("2026-1", offices=(office.id,)) == [content]
    assert ask("林国栋 滨海公园管理处") == [noted]
    around = {
        "contact_person": "司马青",
        "agent": "诸葛亮",
        "co_applicants": "慕容雪、尉迟恭",
        "remark": "腿脚不便",
    }
    whole = office.register(DAY, **around)
    assert [ask(said, desk=False) for said in (*around.values(), "尉迟")] == [[whole]] * 5


def test_the_index_follows_every_act(office: DeskOffice) -> None:
    cases = busy(office)
    assert wrong() == []
    assert ask("第二件")
    assert ask("鸿川公司 部分同意") == [cases["extended"]]
    assert ask("请写明 已写明") == [cases["corrected"]]
    assert ask("鸿川建设") == [cases["mistaken"]]
    assert ask("林国栋 邮戳") == []  # the name was another one
    assert set(ask("依据")) == {cases["sued"], cases["mistaken"]}
    assert ask("撤回", result="other") == [cases["withdrawn"]]


def test_letters_and_replies_are_found_and_what_is_for_the_desk_alone_by_the_desk_alone(
    office: DeskOffice,
) -> None:
    from caseflow.stages import papers, reply

    case = office.accepted(DAY)
    clerk, lead = office.work("clerk", DAY), office.work("lead", DAY)
    replied_by_letter(office, case, DAY, "经查阅基建档案，没有制作", reply_no="狮答〔2026〕9号")
    for question in (
        "基建档案",
        "一九年的卷宗",
        "信息不存在告知书",
        "公开复〔2026〕第1号",
        "狮答〔２０２６〕9号",
    ):
        assert ask(question, desk=False, result="unavailable_not_held") == [case], question
    reply.void_reply(lead, case, seq(case), "误发")
    assert ask("误发", result="") == [case]
    assert ask("误发", result="unavailable_not_held") == []
    upload = [papers.Upload("底稿.pdf", io.BytesIO(b"%PDF-1.7 x"))]
    papers.add_files(clerk, case, seq(case), upload, "working", "请示领导的底稿", desk_only=True)
    assert ask("请示领导") == [case]
    assert ask("请示领导", desk=False) == []
    assert ask("误发", desk=False) == [case]
    assert wrong() == []


def wrong() -> list[int]:
    """The cases whose row isn't what their texts give."""
    from caseflow.db import db
    from caseflow.search import index

    db.session.rollback()
    return list(index.differences(db.session(), 1, 10_000))


def test_the_index_is_rebuilt_checked_and_rid_of_what_was_replaced(office: DeskOffice) -> None:
    from sqlalchemy import text

    from caseflow.db import db, dialect, transaction
    from caseflow.search import index
    from caseflow.upkeep import indexed

    first, second = office.register(DAY), office.register(DAY, content="秘密事项")
    assert index.is_written()
    assert index.known(db.session()) == second, "not looked through again"
    third, _ = office.register(DAY), office.register(DAY)
    key = index.ID[dialect()]
    with transaction() as session:
        session.execute(text(f"DELETE FROM search_index WHERE {key} IN ({second}, {third})"))
        index.put(session, {first: ["o1"], 77: ["o1"]})
    assert not index.is_written()
    assert [line.split("，")[0] for line in indexed.differences()] == [
        f"SSFB 2026-{n} 检索索引与内容不符" for n in (1, 2, 3)
    ]  # fmt: skip
    told: list[int] = []
    with pytest.raises(KeyError):
        index.rebuild(dict[int, int]().__getitem__)
    assert not index.is_written(), "it broke off"
    assert index.rebuild(told.append) == sum(told) == 4
    assert index.is_written()
    assert list(indexed.differences()) == []
    index.tidy()
    assert ask("秘密事项") == [second]
