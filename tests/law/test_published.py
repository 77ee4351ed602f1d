"""The faults of a published table: the one cell that explains them, what a blank should be, and no repair unasked."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from caseflow.law import form_words, outcomes
from caseflow.law.applicants import COLUMNS
from caseflow.law.published import (
    ABSENT,
    BLANK,
    MISSING,
    NO_NUMBER,
    WRONG,
    Figures,
    added,
    as_json,
    check,
    from_json,
    label_of,
    part,
    told,
    with_zeros,
)
from caseflow.law.year_table import BALANCE, Counts, Place, YearTable, identities, year_table
from tests.law.test_year_table import EMPTY, PERSON, SHISHI, YEARS


def figures(table: YearTable, changes: dict[Place, int | None] | None = None, **written: str) -> Figures:
    """A table as if it had been published; ``written`` by row__column."""
    changes = changes or {}
    cells = {
        r: tuple(changes.get((r, c), n) for c, n in zip(COLUMNS, v, strict=True))
        for r, v in table.cells.items()
    }
    blocks = {
        b: {s: changes.get((b, s), n) for s, n in states.items()} for b, states in table.proceedings.items()
    }
    texts = {(k.split("__")[0], k.split("__")[1]): text for k, text in written.items()}
    return Figures(table.edition, cells, blocks, {p: "" for p, n in changes.items() if n is None} | texts)


def test_there_are_as_many_identities_as_columns_rows_and_blocks_ask_for() -> None:
    assert [len(identities(e)) for e in ("2019", "2021")] == [7 + 7 + 23 + 3, 7 + 7 + 25 + 3]


@given(YEARS, st.sampled_from(["2019", "2021"]), st.data())
def test_one_wrong_number_is_found_with_what_it_should_be(
    counts: Counts, edition: str, data: st.DataObject
) -> None:
    table = year_table(counts, 2023, edition)
    assert check(figures(table)) == ()
    place = data.draw(st.sampled_from([p for p in figures(table).places if p[0] in table.cells]))
    right = figures(table).at(place)
    wrong = data.draw(st.integers(0, 500).filter(lambda n: n != right))
    (found,) = check(figures(table, {place: wrong}))
    assert (found.kind, (found.row, found.column), found.written, found.should) == (
        WRONG,
        place,
        str(wrong),
        right,
    )
    assert found.sentence.startswith(f"{label_of(place, edition)}：表上是 {wrong}，应为 {right}（")
    (blank,) = check(figures(table, {place: None}))
    assert (blank.kind, blank.places, blank.should) == (BLANK, (place,), right)


def test_two_wrong_numbers_far_apart_are_both_found() -> None:
    wrong: dict[Place, int | None] = {("granted", "natural_person"): 5, ("not_processed_repeat", "social"): 1}
    found = check(figures(year_table(SHISHI, 2020), wrong))
    assert [(f.row, f.column, f.written, f.should) for f in found] == [
        ("granted", "natural_person", "5", 2), ("not_processed_repeat", "social", "1", 0),
    ]  # fmt: skip


def test_two_cells_of_a_row_that_explain_its_sum_equally_well_are_not_accused() -> None:
    wrong: dict[Place, int | None] = {
        ("granted", "natural_person"): 3, ("granted", "enterprise"): 1, ("granted", "total"): 3,
    }  # fmt: skip
    found = check(figures(year_table(SHISHI, 2020), wrong))
    assert ("granted", "natural_person") not in {(f.row, f.column) for f in found}
    assert ("results_total", "enterprise", 1) in {(f.row, f.column, f.should) for f in found}


def test_a_column_out_of_balance_with_all_its_sums_in_order_is_named_as_a_column() -> None:
    """Nobody can say which of the four is wrong: none is accused."""
    wrong: dict[Place, int | None] = {("new", "social"): 2, ("new", "total"): 9}
    found = check(figures(year_table(SHISHI, 2020), wrong))
    assert [(f.row, f.column, f.should, f.identities) for f in found] == [
        ("", "social", None, (BALANCE,)), ("", "total", None, (BALANCE,)),
    ]  # fmt: skip
    assert found[0].sentence == "社会公益组织：2＋0 与 0＋0 相差 2，一＋二＝（七）＋四 不成立"
    assert {place[0] for place in found[0].places} == {"new", "carried_in", "results_total", "carried_out"}


def test_what_of_many_blanks_nothing_follows_is_told_in_one_line() -> None:
    table = year_table(SHISHI, 2020)
    rows = ("granted", "partial")
    found = check(figures(table, {(row, c): None for row in rows for c in COLUMNS}, granted__total="／"))
    assert len(found) == 14
    assert told(found)[0] == (
        "（一）予以公开 × 自然人、商业企业、科研机构、社会公益组织、法律服务机构、其他：空白"
    )
    assert told(found)[-1].startswith("（二）部分公开")
    assert told(found)[-1].endswith("× 整行：空白")


def test_a_blank_is_0_only_where_somebody_says_so_and_a_word_never() -> None:
    table = year_table(SHISHI, 2020)
    gone: dict[Place, int | None] = {
        ("partial", "total"): None, ("granted", "social"): None, ("new", "other"): None, ("suit_direct", "other"): None,
    }  # fmt: skip
    read = figures(table, gone, granted__social="／", new__other="零", suit_direct__other=ABSENT)
    assert [read.kind(place) for place in read.blanks] == [NO_NUMBER, BLANK, BLANK, MISSING]
    filled = with_zeros(read)
    assert filled.blanks == (("new", "other"),)
    assert filled.at(("suit_direct", "other")) == filled.at(("partial", "total")) == 0
    assert from_json("2019", as_json(read)) == read


@given(
    st.lists(st.tuples(YEARS, st.sampled_from(["2019", "2021"])), max_size=3),
    YEARS,
    st.sampled_from(["2019", "2021"]),
)
def test_a_roll_up_is_the_sum_of_its_parts_and_balances_where_they_do(
    typed: list[tuple[Counts, str]], own: Counts, edition: str
) -> None:
    counted, read = year_table(own, 2023, edition), [figures(year_table(c, 2023, e)) for c, e in typed]
    whole = added(counted, read)
    assert whole.balanced
    for row in counted.cells:
        for column in COLUMNS:
            parts = sum(part(f, row, column, edition) for f in read)
            assert whole.value(row, column) == counted.value(row, column) + parts
    for block, states in counted.proceedings.items():
        for state, number in states.items():
            assert whole.proceedings[block][state] == number + sum(
                part(f, block, state, edition) for f in read
            )
    received = sum(sum(c.new.values()) for c, _ in typed) + sum(own.new.values())
    assert whole.value("new", "total") == received


def test_the_three_rows_of_other_processing_add_to_the_one_of_the_older_form_and_it_to_the_last_of_three() -> (
    None
):
    lapsed = Counts({PERSON: 1}, {}, {("other_correction_lapsed", PERSON): 1}, {}, {})
    for own, typed, row in (("2019", "2021", "other"), ("2021", "2019", "other")):
        table, read = year_table(EMPTY, 2023, own), figures(year_table(lapsed, 2023, typed))
        assert added(table, [read]).value(row, "total") == part(read, row, "total", own) == 1


def test_without_table_4_nothing_of_it_is_asked_and_nothing_added() -> None:
    table = year_table(SHISHI, 2020)
    bare = replace(figures(table), proceedings={})
    assert check(bare) == ()
    assert added(year_table(EMPTY, 2020), [bare]).proceedings == year_table(EMPTY, 2020).proceedings


def test_every_row_of_the_form_is_known_by_its_words_and_a_strange_one_is_not() -> None:
    for edition in ("2019", "2021"):
        for row in outcomes.rows(edition):
            group = form_words.group(row.head)
            found = form_words.item(row.item, group) if row.item else {"otherwise": "other"}.get(group, group)
            assert found == row.key
    assert form_words.item("其他", "refused") == ""
    assert form_words.key_row("一、2020 年新收政府信息公开申请数量") == "new"
    assert (
        form_words.key_row("（八）小计")
        == form_words.group("（九）另行处理")
        == form_words.column("职工")
        == ""
    )
    assert [form_words.number(t) for t in ("１，２３４", "7.0", "7.5", "-3", "1,23", "9" * 12)] == [
        1234,
        7,
    ] + [None] * 4
