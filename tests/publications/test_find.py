"""What everybody finds of the published replies: every word, the newest first, nothing that isn't public."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import insert

from caseflow.publications import index
from caseflow.search import grams
from tests.stages.drive import TUESDAY
from tests.support.office import found

if TYPE_CHECKING:
    from tests.support.office import DeskOffice

FIRST = date(2026, 9, 22)
REPLIES = (
    ("学府路改造的结算", "学府路改造工程的结算报告", "结算价 1,280 万元，见狮建〔2026〕58号。"),
    ("宝盖山隧道概算", "宝盖山隧道的概算批复", "概算 3.2 亿元。"),
    ("征地补偿标准", "宝盖镇征地补偿安置的标准", "按 2023 年的区片综合地价。"),
    ("公租房分配结果", "2025 年公租房的分配结果", "见附件，姓名已经遮盖。"),
    ("学校招生范围", "第二实验小学的招生范围", "以学府路为界。"),
)


def put(office: DeskOffice, case_id: int, n: int, words: tuple[str, str, str], **other: Any) -> int:
    """A version as it stands after all acts; the acts themselves are tested elsewhere."""
    from caseflow.db import transaction
    from caseflow.models import Publication, PublicationGram

    row = {
        "case_id": case_id, "office_id": office.id, "version": n, "ground": "useful", "salt": "1", "state": "published",
        "title": words[0], "question": words[1], "answer": words[2], "proposed_by": office.people["clerk"],
        "proposed_at": office.work("clerk", TUESDAY).now, "published_on": FIRST + timedelta(days=n),
    }  # fmt: skip
    with transaction() as session:
        key = session.scalar(insert(Publication).returning(Publication.id).values(**row | other)) or 0
        held = index.of_version(*words, ())
        session.execute(insert(PublicationGram), [{"gram": g, "publication_id": key} for g in held])
    return key


@given(st.text("甲乙丙丁路a1 ", max_size=12), st.text("甲乙丙丁路a1 ", min_size=1, max_size=3))
def test_a_text_is_found_by_every_word_that_it_says(text: str, asked: str) -> None:
    held = index.of_version(text, "", "", ())
    for word in grams.words(asked):
        if grams.normal(word.text) in grams.normal(text) and not any(c in word.text for c in "a1 "):
            assert set(index.asked(word)) <= held


def test_replies_are_found_by_their_words_an_organ_and_a_year_and_offered_while_one_types(
    office: DeskOffice,
) -> None:
    from caseflow.publications import find
    from caseflow.publications.find import PAGE, Filters

    other = found("ZJJ", "石狮市住房和城乡建设局")
    case, theirs = office.register(TUESDAY), other.register(TUESDAY)
    ids = [put(office, office.register(TUESDAY), n, words) for n, words in enumerate(REPLIES, 1)]
    old = put(other, theirs, 1, ("学府路的图纸", "学府路的图纸", "见附件"), published_on=date(2024, 1, 3))
    for n, state in enumerate(("proposed", "returned", "withdrawn", "replaced"), 2):
        put(other, theirs, n, ("学府路的秘密", "学府路的秘密", "秘密"), state=state)

    def titles(question: str, **limits: int) -> list[int]:
        page = find.published(question, Filters(**limits))
        assert page.total == len(page.replies)
        return [row.id for row in page.replies]

    assert titles("") == [*ids[::-1], old]
    assert titles("学府") == titles("学府路") == titles("“学府路”") == [ids[4], ids[0], old]
    assert titles("路") == [ids[4], ids[0], old], "one character"
    assert titles("学府路 结算") == titles("１,２８０ 结算") == [ids[0]]
    assert titles("58号") == titles("狮建〔2026〕58号") == [ids[0]]
    assert titles("3.2") == [ids[1]]
    assert titles("府学") == titles("！！") == titles("秘密") == []
    assert (titles("学府路", office=other.id), titles("学府路", year=2026)) == ([old], [ids[4], ids[0]])
    assert find.choices() == (
        [(office.id, "石狮市人民政府办公室"), (other.id, "石狮市住房和城乡建设局")],
        [2026, 2025, 2024],
    )

    assert find.one(ids[0]).title == REPLIES[0][0]  # type: ignore[union-attr]
    for_theirs = [find.one(key) for key in range(old, old + 5)]
    assert [row.id if row else None for row in for_theirs] == [old, None, None, None, old], (
        "an older one leads on"
    )

    def offered(text: str) -> list[int]:
        return [row.id for row in find.matching(text)]

    assert offered("我想申请公开学府路改造工程的结算报告，以及隧道") == [ids[0]]
    assert offered("宝盖山隧道 概算")[0] == ids[1]
    assert offered("二〇二五年公租房分给了谁，分配的结果") == [ids[3]]
    assert offered("申请人的信息") == offered("学") == offered("") == []
    assert offered("学府路的秘密") == [old]

    for n in range(PAGE):
        put(office, case, 10 + n, (f"第{n}件", "同一天", "同一天"), published_on=date(2026, 10, 9))
    seen: list[int] = []
    page = find.published("", Filters())
    while True:
        seen += [row.id for row in page.replies]
        if not page.after:
            break
        page = find.published("", Filters(), page.after)
    assert len(seen) == len(set(seen)) == page.total == PAGE + 6
    assert seen[-6:] == [*ids[::-1], old]
    assert [row.id for row in find.published("", Filters(), "2026-13.x").replies] == seen[:PAGE]
