"""Whatever a ledger tells, the record tells it again: rows to events to rows, file to database to file."""

from __future__ import annotations

import itertools
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from caseflow.law.applicants import CLASSES
from caseflow.law.guards import disorder
from caseflow.law.outcomes import BY_CODE, OUTCOMES
from caseflow.law.receipt import CHANNELS
from caseflow.law.replay import replay
from caseflow.ledger.columns import LEDGER, NUMBER, OFFICE, Row
from caseflow.ledger.events import PARTICULARS, entries_of
from caseflow.ledger.parse import parse
from caseflow.ledger.rows import told
from caseflow.stages.checks import fault
from tests.ledger.tables import TODAY, counts, csv_file, differences, exported, taken, with_suits

FIRST = date(2019, 1, 1)
WORDS = st.text(
    st.characters(exclude_categories=("Cc", "Cs", "Cf"), exclude_characters="\x00"), max_size=12
).filter(
    lambda text: not fault(text.strip(), 12)  # neither fillers alone nor marks on nothing
)
TRICKY = st.sampled_from(
    ["=1+1", "-2", "+3", "@x", "'=y", "''", "＝z", '"q"', "a,b", "一\n二", '="7"', "\tx", "_x0041_", "0012"]
)
TEXT = WORDS | TRICKY


@st.composite
def histories(draw: st.DrawFn, dated: bool = True) -> dict[str, str]:
    """A row in order: days after the receipt, each act or none, closed or open, in every way."""
    spans = iter(sorted(draw(st.lists(st.integers(0, 60), min_size=9, max_size=9))))
    received = FIRST + timedelta(days=draw(st.integers(0, 2500)))
    later = [(received + timedelta(days=span)).isoformat() for span in spans]

    def some() -> bool:
        return draw(st.booleans())

    row = {
        "受理方式": draw(st.sampled_from([*CHANNELS])),
        "收到日期": received.isoformat(),
        "申请人类型": draw(st.sampled_from([*CLASSES])),
    }
    if some():
        row["提交日期"] = (received - timedelta(days=draw(st.integers(0, 9)))).isoformat()
    if some():
        row |= {"补正告知日期": later[0], "补正期限": later[2]} | (
            {"补正收到日期": later[1]} if some() else {}
        )
    if some():
        row |= {"征求意见发出日期": later[2]} | ({"征求意见收到日期": later[3]} if some() else {})
        if some():
            row["征求意见发出日期"] += f";{later[1]}"
            row["征求意见收到日期"] = f"{row.get('征求意见收到日期', '')};{later[4] if some() else ''}"
    if some():
        row |= {"延期批准日期": later[4], "延期工作日": str(draw(st.integers(1, 40)))}
    if some():
        row |= {"收费通知日期": later[3]} | ({"缴费日期": later[4]} if some() else {})
    if some():
        row["延迟答复至"] = later[8]
    return row | draw(closings(later))


@st.composite
def closings(draw: st.DrawFn, later: list[str]) -> dict[str, str]:
    """Open, answered or closed without a reply, withdrawn; delivered and archived or not."""
    how = draw(st.sampled_from(["open", "closed", "withdrawn", "withdrawn and closed"]))
    if how == "open":
        return {}
    row = {
        "答复文号": draw(st.sampled_from(["", "石政依复〔2026〕1号"])),
        "送达日期": later[6],
        "归档日期": later[7],
    }
    row = {name: value for name, value in row.items() if draw(st.booleans())}
    if how == "closed":
        return row | {"答复日期": later[5], "办理结果": draw(st.sampled_from([o.code for o in OUTCOMES]))}
    row["撤回日期"] = later[5]
    return row | ({"答复日期": later[6], "办理结果": "other"} if how == "withdrawn and closed" else {})


def read(row: dict[str, str]) -> tuple[Row, set[str]]:
    """The row as it is kept, and the columns with something wrong."""
    picked = [(index, LEDGER.by_name[name]) for index, name in enumerate(row)]
    kept, errors = parse(LEDGER, picked, list(row.values()), TODAY)
    return kept, {name for name, _ in errors}


def in_order(row: dict[str, str]) -> bool:
    """Whether the random days fit together; who asked for what is told elsewhere."""
    return read(row)[1] <= {"申请人", "申请内容"}


@st.composite
def tables(draw: st.DrawFn) -> list[dict[str, str]]:
    """A few rows of a ledger, with numbers of any kind or none, and text of any kind."""
    rows = draw(st.lists(histories().filter(in_order), max_size=4))
    numbers = draw(st.permutations(["2020-1", "2020-37", "石依申〔2020〕5号", "0012", "", ""]))
    words = [*PARTICULARS.values(), "经办人"]
    for index, row in enumerate(rows):
        row |= {name: draw(TEXT) for name in words}
        row |= {"申请人": f"林{index}", "申请内容": f"某报告 {index}{draw(TEXT)}", NUMBER: numbers[index]}
        assume(not read(row)[1])
    return rows


@pytest.mark.soak
@given(row=histories().filter(in_order))
def test_a_row_becomes_events_that_tell_the_same_row(row: dict[str, str]) -> None:
    kept, _ = read(row)
    again = told(entries_of(kept))
    names = [c.name for c in LEDGER.columns if c.name not in {NUMBER, OFFICE, *PARTICULARS.values()}]
    assert {name: again[name] for name in names} == {name: kept[name] for name in names}


@pytest.mark.soak
@given(row=histories().filter(in_order))
def test_the_events_of_a_row_are_in_the_order_the_law_wants(row: dict[str, str]) -> None:
    assert disorder(entries_of(read(row)[0]), date(2099, 1, 1)) is None


@pytest.mark.soak
@given(row=histories().filter(in_order))
def test_a_row_stands_where_its_days_say(row: dict[str, str]) -> None:
    kept, _ = read(row)
    file = replay(entries_of(kept))
    closed = kept["答复日期"]
    assert (file.closed.isoformat() if file.closed else "") == closed
    assert file.result == kept["办理结果"]
    sent = bool(closed) and not kept["撤回日期"] and not BY_CODE[file.result].closes_without_reply
    assert (file.replied is not None) == sent
    later = [
        value
        for name, value in kept.items()
        if value and name not in ("受理方式", "收到日期", "申请人类型", "提交日期")
    ]
    expected = "archive" if closed else ("handle" if later else "review")
    assert file.stage == ("archived" if kept["归档日期"] else expected)


codes = (f"R{n}" for n in itertools.count())


@pytest.mark.soak
@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
@settings(
    max_examples=settings().max_examples // 5,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(rows=tables())
def test_an_export_tells_what_was_imported_and_importing_it_changes_nothing(
    app: Any, tmp_path: Path, suffix: str, rows: list[dict[str, str]]
) -> None:
    from caseflow.db import db
    from caseflow.stages import offices

    source = csv_file(tmp_path / "in.csv", [guarded(row) for row in rows])
    with app.app_context():
        code, other = next(codes), next(codes)
        kept = taken(source, code).added
        assert kept == len(rows)
        before = counts()
        first = offices.find(db.session(), code)
        path = exported(tmp_path / f"out.{suffix}", office_id=first.id if first else -1)
        again = taken(path, code, **with_suits(path))
        assert (again.added, again.passed_over) == (0, kept)
        assert counts() == before
        assert differences() == []
        taken(path, other, **with_suits(path))  # another organ has the same rows from it
        second = offices.find(db.session(), other)
        copy = exported(tmp_path / f"copy.{suffix}", office_id=second.id if second else -1)
        assert same(path, copy)


def guarded(row: dict[str, str]) -> dict[str, str]:
    from caseflow.ledger.read_csv import guarded as guard

    return {name: guard(value) for name, value in row.items()}


def same(path: Path, copy: Path) -> bool:
    """Whether two exports say the same of two organs."""
    from caseflow.ledger.read import open_book

    found = []
    for one in (path, copy):
        with open_book(one) as opened:
            place = next(index for index, column in opened.ledger.picked if column.name == OFFICE)
            found.append([[*values[:place], *values[place + 1 :]] for _, values in opened.ledger.rows()])
    return found[0] == found[1]


@pytest.mark.soak
@settings(
    max_examples=settings().max_examples // 25,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(seed=st.integers(0, 10**9))
def test_whatever_was_done_at_the_desk_its_export_changes_nothing(
    app: Any, tmp_path: Path, seed: int
) -> None:
    from random import Random

    from caseflow.db import db
    from caseflow.stages import offices
    from tests.stages.walk import Walk
    from tests.support.office import found
    from tests.support.office import row as row_of

    with app.app_context():
        code = next(codes)
        walk = Walk(found(code), Random(seed), date(2025, 11, 3))
        for _ in range(60):
            walk.step()
        before = counts()
        office = offices.find(db.session(), code)
        path = exported(tmp_path / "walk.csv", office_id=office.id if office else -1)
        again = taken(path, code, today=walk.today, **with_suits(path))
        # a re-reply counts no second time
        told = [case_id for case_id in walk.cases if row_of(case_id).new_year]
        assert (again.added, again.passed_over, again.proceedings_added) == (0, len(told), 0)
        assert counts() == before
