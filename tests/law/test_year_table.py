"""Tables 3 and 4: laid out as the form is printed, every identity checked, every break named."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caseflow.law.applicants import CLASSES, COLUMNS, TOTAL
from caseflow.law.outcomes import OUTCOMES
from caseflow.law.year_table import (
    BALANCE,
    BLOCK_SUM,
    BLOCKS,
    COLUMNS_SUM,
    KEY_ROWS,
    RESULTS_SUM,
    STATES,
    Counts,
    YearTable,
    group_rows,
    result_codes,
    row_label,
    year_table,
)

EMPTY = Counts({}, {}, {}, {}, {})
PERSON = "natural_person"
SHISHI = Counts(
    new={PERSON: 7},
    carried_in={},
    results={("granted", PERSON): 2, ("unavailable_not_held", PERSON): 4, ("not_processed_repeat", PERSON): 1},
    carried_out={},
    proceedings={("suit_direct", "pending"): 1},
)  # fmt: skip


@st.composite
def years(draw: st.DrawFn) -> Counts:
    """A year in which every request that came in was closed or carried out."""
    few = st.integers(0, 30)
    results: dict[tuple[str, str], int] = {}
    new, carried_in, carried_out = {}, {}, {}
    for column in CLASSES:
        for o in draw(st.lists(st.sampled_from(OUTCOMES), max_size=4)):
            results[o.code, column] = draw(few)
        closed = sum(n for (_, c), n in results.items() if c == column)
        carried_out[column] = draw(few)
        carried_in[column] = draw(st.integers(0, closed + carried_out[column]))
        new[column] = closed + carried_out[column] - carried_in[column]
    states = st.dictionaries(st.tuples(st.sampled_from([*BLOCKS]), st.sampled_from([*STATES])), few)
    return Counts(new, carried_in, results, carried_out, draw(states))


YEARS = years()


def test_the_table_of_the_published_report_balances() -> None:
    table = year_table(SHISHI, 2020)
    assert table.balanced
    assert table.cells["results_total"] == (7, 0, 0, 0, 0, 0, 7)
    assert table.value("unavailable_not_held", PERSON) == 4
    assert table.proceedings["suit_direct"] == {
        "upheld": 0, "corrected": 0, "other": 0, "pending": 1, "total": 1,
    }  # fmt: skip


@pytest.mark.parametrize(("year", "edition", "rows"), [(2019, "2019", 23), (2020, "2019", 23),
                                                       (2021, "2021", 25), (2025, "2021", 25)])  # fmt: skip
def test_the_form_of_a_report_year_has_its_own_number_of_rows(year: int, edition: str, rows: int) -> None:
    table = year_table(EMPTY, year)
    assert table.edition == edition
    assert len(table.lines) == rows
    assert all(len(line.values) == len(COLUMNS) == 7 for line in table.lines)


@pytest.mark.parametrize("edition", ["2019", "2021"])
def test_the_merged_heads_cover_three_columns_of_every_row_exactly_once(edition: str) -> None:
    lines = year_table(EMPTY, 2020, edition).lines
    covered: set[tuple[int, int]] = set()
    for row, line in enumerate(lines):
        free = [column for column in range(3) if (row, column) not in covered]
        for head in line.heads:
            place = {(row + r, free[0] + c) for r in range(head.rows) for c in range(head.columns)}
            assert not place & covered
            covered |= place
            free = free[head.columns :]
        assert free == []
    assert covered == {(row, column) for row in range(len(lines)) for column in range(3)}


def test_the_main_head_spans_all_results_and_their_total() -> None:
    for edition, rows in (("2019", 20), ("2021", 22)):
        spans = [
            h.rows for line in year_table(EMPTY, 2020, edition).lines for h in line.heads if h.kind == "main"
        ]
        assert spans == [rows]


def test_other_processing_is_one_row_until_2020_and_three_from_2021() -> None:
    counts = replace(EMPTY, results={("other_correction_lapsed", PERSON): 1, ("other_fee_unpaid", PERSON): 2,
                                     ("other", PERSON): 4})  # fmt: skip
    assert year_table(counts, 2020).value("other", TOTAL) == 7
    assert "other_fee_unpaid" not in year_table(counts, 2020).cells
    assert [year_table(counts, 2021).value(k, TOTAL) for k in ("other_correction_lapsed", "other_fee_unpaid", "other")] \
        == [1, 2, 4]  # fmt: skip


@given(YEARS, st.sampled_from(["2019", "2021"]))
def test_every_identity_holds_of_a_year_in_which_nothing_is_lost(counts: Counts, edition: str) -> None:
    table = year_table(counts, 2020, edition)
    assert table.differences == ()
    for column in COLUMNS:
        new, carried_in, results, carried_out = table.sums(column)
        assert new + carried_in == results + carried_out
        assert results == sum(table.value(row.key, column) for row in table.result_rows)
    for row in (*KEY_ROWS, *(r.key for r in table.result_rows)):
        assert table.value(row, TOTAL) == sum(table.value(row, c) for c in CLASSES)
    for states in table.proceedings.values():
        assert states[TOTAL] == sum(states[state] for state in STATES)


@given(YEARS, st.sampled_from([*CLASSES]), st.sampled_from([*KEY_ROWS]))
def test_one_number_set_wrong_is_named_with_its_column_and_both_sums(
    counts: Counts, column: str, row: str
) -> None:
    table = _with(year_table(counts, 2020), row, column, 1)
    assert not table.balanced
    found = [d for d in table.differences if d.identity == BALANCE]
    assert [d.place for d in found] == [column]
    assert abs(found[0].left - found[0].right) == 1
    assert f"{found[0].left} 与 {found[0].right} 相差 1" in found[0].sentence
    across = [d.place for d in table.differences if d.identity == COLUMNS_SUM]
    assert across == [row]


def _with(table: YearTable, row: str, column: str, more: int) -> YearTable:
    values = list(table.cells[row])
    values[COLUMNS.index(column)] += more
    return replace(table, cells={**table.cells, row: tuple(values)})


def test_a_result_the_form_does_not_know_stays_in_the_total_and_breaks_the_sum() -> None:
    counts = replace(EMPTY, new={PERSON: 1}, results={("burnt", PERSON): 1})
    assert [(d.place, d.identity, d.left, d.right) for d in year_table(counts, 2020).differences] == [
        (PERSON, RESULTS_SUM, 1, 0),
        (TOTAL, RESULTS_SUM, 1, 0),
    ]


def test_a_class_the_form_does_not_know_stays_in_the_total_and_breaks_the_row() -> None:
    counts = replace(EMPTY, new={"robot": 1}, carried_out={"robot": 1})
    assert [(d.place, d.identity) for d in year_table(counts, 2020).differences] == [
        ("new", COLUMNS_SUM),
        ("carried_out", COLUMNS_SUM),
    ]


def test_a_proceeding_in_no_known_state_stays_in_the_total_and_breaks_the_block() -> None:
    counts = replace(EMPTY, proceedings={("reconsideration", ""): 1})
    (found,) = year_table(counts, 2020).differences
    assert (found.table, found.place, found.identity) == (4, "reconsideration", BLOCK_SUM)


def test_a_row_or_group_is_found_by_its_key_in_its_own_edition_only() -> None:
    assert result_codes("other", "2019") == ("other_correction_lapsed", "other_fee_unpaid", "other")
    assert result_codes("other", "2021") == ("other",)
    assert result_codes("otherwise", "2021") == ("other_correction_lapsed", "other_fee_unpaid", "other")
    assert len(result_codes("refused", "2021")) == 8
    assert row_label("refused", "2021") == "（三）不予公开"
    for unknown in ("other_fee_unpaid", "granted ", ""):
        with pytest.raises(KeyError):
            result_codes(unknown, "2019")


def test_the_groups_of_both_editions_hold_every_result_once() -> None:
    from caseflow.law.year_table import GROUPS

    for edition in ("2019", "2021"):
        codes = [c for group in GROUPS for row in group_rows(group, edition) for c in row.codes]
        assert codes == [o.code for o in OUTCOMES]
