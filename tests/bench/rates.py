"""What the on-time figures and the tables of a year cost over a large register, against SQL written by hand.

Run by ``make bench-rates``. Fills an invented instance, multiplies its cases and events in the database, and
times in turns: the whole page's figures, and one hand-written grouped statement for each of its lines, with
and without the percentiles (by rank in a window). Then the figures as of past days, which have no such statement.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

from sqlalchemy import text

from tests.bench.alert_pass import NOW, TODAY, databases

FIRST_YEAR = TODAY.year - 9
COPIES = 50  # of each case and its events
ROUNDS = 5  # the quickest of which counts

LINES = ("office_id", "handler_id, handler", "channel", "applicant_class", "result",
         "extract(year from replied_on), extract(month from replied_on)",
         "corrected, charged, consulted, extended > 0, deferred")  # fmt: skip
MONTH_ON_SQLITE = "strftime('%Y', replied_on), strftime('%m', replied_on)"

COUNTS = """SELECT {by}, count(*), count(*) FILTER (WHERE on_time), count(*) FILTER (WHERE plain_on_time)
FROM "case" WHERE office_id IN ({offices}) AND replied_on BETWEEN :first AND :last GROUP BY {by}"""
RANKS = """SELECT {by}, min(days_used) FILTER (WHERE 2 * place >= n), min(days_used) FILTER (WHERE 10 * place >= 9 * n)
FROM (SELECT {by}, days_used, row_number() OVER (PARTITION BY {by} ORDER BY days_used) AS place,
      count(*) OVER (PARTITION BY {by}) AS n
      FROM "case" WHERE office_id IN ({offices}) AND replied_on BETWEEN :first AND :last) ranked GROUP BY {by}"""
OTHERWISE = """SELECT {by}, count(*), count(*) FILTER (WHERE closed_by = 'withdrawn') FROM "case"
WHERE office_id IN ({offices}) AND closed_on BETWEEN :first AND :last AND replied_on IS NULL
AND new_year IS NOT NULL GROUP BY {by}"""
OPEN = """SELECT {by}, count(*), count(*) FILTER (WHERE waiting <> ''), count(*) FILTER (WHERE due_on < :today)
FROM "case" WHERE office_id IN ({offices}) AND closed_on IS NULL GROUP BY {by}"""


# The tables of a year, by hand: grouped counts of the same rows
YEAR = tuple(
    f'SELECT {by}, count(*) FROM "case" WHERE office_id IN ({{offices}}) AND {where} GROUP BY {by}'
    for by, where in (
        ("applicant_class", "new_year = :year"),
        ("applicant_class", "new_year < :year AND (result_year IS NULL OR result_year >= :year)"),
        ("result, applicant_class", "result_year = :year AND new_year IS NOT NULL"),
        ("applicant_class", "new_year <= :year AND (result_year IS NULL OR result_year > :year)"),
        ("channel", "new_year = :year"),
        ("on_time", "result_year = :year AND replied_on IS NOT NULL"),
    )
)  # fmt: skip
SUITS = """SELECT kind, after_reconsideration, result, result_year FROM proceeding
WHERE office_id IN ({offices}) AND new_year <= :year AND (result_year IS NULL OR result_year >= :year)"""


def multiply(copies: int) -> int:
    """Each case and its events so many times, under numbers of their own; returns how many cases there are."""
    from caseflow.db import transaction
    from caseflow.models import Case, Event

    with transaction() as session:
        step = session.execute(text('SELECT max(id) FROM "case"')).scalar_one()
        cases = [c.name for c in Case.__table__.columns if c.name not in {"id", "number", "form_key"}]
        events = [c.name for c in Event.__table__.columns if c.name not in {"id", "case_id"}]
        for n in range(1, copies):
            names = ", ".join(f'"{name}"' for name in cases)
            session.execute(text(
                f'INSERT INTO "case" (id, number, {names}) SELECT id + {n * step}, number || \'-{n}\', {names} '
                f'FROM "case" WHERE id <= {step}'
            ))  # fmt: skip
            names = ", ".join(f'"{name}"' for name in events)
            session.execute(text(
                f"INSERT INTO event (case_id, {names}) SELECT case_id + {n * step}, {names} "
                f"FROM event WHERE case_id <= {step}"
            ))  # fmt: skip
        count: int = session.execute(text('SELECT count(*) FROM "case"')).scalar_one()
    with transaction() as session:
        session.execute(text("ANALYZE"))
    return count


def by_hand(ids: list[int], first: date, last: date, ranks: bool) -> None:
    """The same figures by SQL as anybody would write it."""
    from caseflow.db import db, dialect

    given = {"first": first.isoformat(), "last": last.isoformat(), "today": TODAY.isoformat()}
    offices = ", ".join(map(str, ids))
    for by in LINES:
        by = MONTH_ON_SQLITE if by.startswith("extract") and dialect() == "sqlite" else by
        plain = "(" not in by and ">" not in by
        wanted = [COUNTS, *([RANKS] if ranks and plain else [])]
        wanted += [OTHERWISE] if by in LINES[:5] else []
        wanted += [OPEN] if by in LINES[:4] else []
        for statement in wanted:
            db.session.execute(text(statement.format(by=by, offices=offices)), given).all()


def seconds(*runs: Callable[[], object]) -> list[float]:
    """The quickest round of each; they take turns, so that whatever else the machine does weighs on all."""
    from caseflow.db import db

    best = [float("inf")] * len(runs)
    for _ in range(ROUNDS):
        for place, run in enumerate(runs):
            begun = time.perf_counter()
            run()
            best[place] = min(best[place], time.perf_counter() - begun)
            db.session.rollback()
    return best


def measured(ids: list[int]) -> Iterator[str]:
    """A line each: of what, our seconds, those by hand, the ratio."""
    from caseflow.reports import on_time

    yield f"{'':<34} {'figures':>9} {'by hand':>9} {'ratio':>6} {'counts alone':>13} {'ratio':>6}"
    for name, years in (("one year", 1), ("all ten years", 10)):
        span = on_time.Span(date(TODAY.year - years + 1, 1, 1), TODAY)
        first, last = span.first, span.last

        def ours(span: Any = span) -> None:
            on_time.count(ids, span, on_time.as_it_stands(TODAY))

        def ranked(first: date = first, last: date = last) -> None:
            by_hand(ids, first, last, ranks=True)

        def counted(first: date = first, last: date = last) -> None:
            by_hand(ids, first, last, ranks=False)

        mine, whole, bare = seconds(ours, ranked, counted)
        yield f"{name:<34} {mine:>7.3f} s {whole:>7.3f} s {mine / whole:>6.2f} {bare:>11.3f} s {mine / bare:>6.2f}"
    yield from _tables(ids)
    for day in (date(2026, 10, 30), date(2025, 12, 31)):
        span = on_time.Span(date(day.year, 1, 1), day)
        for view in on_time.VIEWS:
            begun = time.perf_counter()
            past = on_time.as_of(ids, day, view)
            on_time.count(ids, span, past.source)
            spent = time.perf_counter() - begun
            yield f"{f'as of {day}, {view}':<34} {spent:>7.3f} s   {len(past.source.then):,} cases replayed"


def _tables(ids: list[int]) -> Iterator[str]:
    """The tables of a year against the same counts by hand."""
    from caseflow.db import db
    from caseflow.reports.year import year_report

    offices = ", ".join(map(str, ids))
    for year in (TODAY.year - 1, TODAY.year):

        def ours(year: int = year) -> None:
            year_report(ids, year)

        def counted(year: int = year) -> None:
            for statement in (*YEAR, SUITS):
                db.session.execute(text(statement.format(offices=offices)), {"year": year}).all()

        mine, hand = seconds(ours, counted)
        yield f"{f'tables of {year}':<34} {mine:>7.3f} s {hand:>7.3f} s {mine / hand:>6.2f}"


def main() -> None:
    """Fill, multiply, measure."""
    from caseflow import create_app
    from caseflow.config import Settings
    from caseflow.db import close, upgrade
    from caseflow.demo import mass
    from caseflow.reports.offices import office_ids

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=1_000_000, help="cases of the register")
    parser.add_argument("--open", type=int, default=7_000, help="open cases of it")
    parser.add_argument("--postgresql", action="store_true", help="on PostgreSQL rather than SQLite")
    given = parser.parse_args()
    with databases(given.postgresql, 1) as [(url, instance)]:
        app = create_app(Settings(instance=instance, database_url=url, secret_key="bench-" * 8))
        upgrade(app)
        with app.app_context():
            size = mass.Size(given.cases // COPIES, given.open // COPIES, 8, FIRST_YEAR, TODAY.year, seed=1)
            mass.fill(str(instance), size, TODAY, NOW)
            sys.stdout.write(f"{multiply(COPIES):,} cases\n")
            for line in measured(office_ids(1, with_subordinates=True)):
                sys.stdout.write(line + "\n")
                sys.stdout.flush()
            close()


if __name__ == "__main__":
    main()
