"""What the answers need at the least: SQL as anybody would write it, by the driver alone, and a bare page of its rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from flask import Flask, render_template_string

from tests.bench.register import TODAY, Register

BARE = """<!doctype html><html lang="zh-CN"><title>{{ name }}</title><h1>{{ name }}</h1>
{% for table in tables %}<table>{% for row in table %}<tr>{% for cell in row %}<td>{{ cell }}</td>{% endfor %}</tr>
{% endfor %}</table>{% endfor %}</html>"""

WORKLIST = """SELECT c.id, c.number, c.stage, c.due_on, c.handler, p.name, p.content
FROM "case" c JOIN particulars p ON p.id = c.particulars_id
WHERE c.office_id = 1 AND c.closed_on IS NULL ORDER BY c.due_on, c.id LIMIT 51"""
LIGHTS = f"""SELECT count(*), count(*) FILTER (WHERE due_on < '{TODAY}') FROM (
SELECT due_on FROM "case" WHERE office_id = 1 AND closed_on IS NULL LIMIT 1001) some_cases"""
CASE = (
    'SELECT * FROM "case" WHERE id = {case_id}',
    "SELECT * FROM particulars WHERE case_id = {case_id}",
    "SELECT * FROM event WHERE case_id = {case_id} ORDER BY seq",
    "SELECT * FROM note WHERE case_id = {case_id}",
)

LINES = ("office_id", "handler_id, handler", "channel", "applicant_class", "result",
         "{month}", "corrected, charged, consulted, extended > 0, deferred")  # fmt: skip
MONTH = {
    "sqlite": "strftime('%Y', replied_on), strftime('%m', replied_on)",
    "postgresql": "extract(year from replied_on), extract(month from replied_on)",
}
COUNTS = """SELECT {by}, count(*), count(*) FILTER (WHERE on_time), count(*) FILTER (WHERE plain_on_time)
FROM "case" WHERE office_id IN ({offices}) AND replied_on BETWEEN '{first}' AND '{last}' GROUP BY {by}"""
RANKS = """SELECT {by}, min(days_used) FILTER (WHERE 2 * place >= n), min(days_used) FILTER (WHERE 10 * place >= 9 * n)
FROM (SELECT {by}, days_used, row_number() OVER (PARTITION BY {by} ORDER BY days_used) AS place,
      count(*) OVER (PARTITION BY {by}) AS n
      FROM "case" WHERE office_id IN ({offices}) AND replied_on BETWEEN '{first}' AND '{last}') ranked GROUP BY {by}"""
OTHERWISE = """SELECT {by}, count(*), count(*) FILTER (WHERE closed_by = 'withdrawn') FROM "case"
WHERE office_id IN ({offices}) AND closed_on BETWEEN '{first}' AND '{last}' AND replied_on IS NULL
AND new_year IS NOT NULL GROUP BY {by}"""
OPEN = """SELECT {by}, count(*), count(*) FILTER (WHERE waiting <> ''), count(*) FILTER (WHERE due_on < '{today}')
FROM "case" WHERE office_id IN ({offices}) AND closed_on IS NULL GROUP BY {by}"""

YEAR = tuple(
    f'SELECT {by}, count(*) FROM "case" WHERE office_id IN ({{offices}}) AND {where} GROUP BY {by}'
    for by, where in (
        ("applicant_class", "new_year = {year}"),
        ("applicant_class", "new_year < {year} AND (result_year IS NULL OR result_year >= {year})"),
        ("result, applicant_class", "result_year = {year} AND new_year IS NOT NULL"),
        ("applicant_class", "new_year <= {year} AND (result_year IS NULL OR result_year > {year})"),
        ("channel", "new_year = {year}"),
        ("on_time", "result_year = {year} AND replied_on IS NOT NULL"),
    )
)  # fmt: skip
SUITS = """SELECT kind, after_reconsideration, result, result_year FROM proceeding
WHERE office_id IN ({offices}) AND new_year <= {year} AND (result_year IS NULL OR result_year >= {year})"""


def year(offices: Sequence[int], of: int) -> list[str]:
    """The counts of tables 3 and 4."""
    ids = ", ".join(map(str, offices))
    return [statement.format(offices=ids, year=of) for statement in (*YEAR, SUITS)]


def rates(offices: Sequence[int], first: object, last: object, database: str) -> list[str]:
    """The on-time rate and its companions for each line of the overview."""
    given = {"first": first, "last": last, "today": TODAY, "offices": ", ".join(map(str, offices))}
    found = []
    for place, line in enumerate(LINES):
        wanted = [COUNTS, *([RANKS] if place < 5 else [])]
        wanted += [OTHERWISE] if place < 5 else []
        wanted += [OPEN] if place < 4 else []
        found += [statement.format(by=line.format(month=MONTH[database]), **given) for statement in wanted]
    return found


def bare(register: Register, name: str, statements: Sequence[str]) -> Callable[[], object]:
    """Flask with one page that asks for these rows and shows them in plain tables."""
    app = Flask("bare")

    @app.get("/")
    def page() -> str:
        with register.app.app_context():
            return render_template_string(BARE, name=name, tables=register.asked(*statements))

    client = app.test_client()
    return lambda: client.get("/")
