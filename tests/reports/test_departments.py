"""承办科室: the lines of the rates within an office, as they were when a case was given out."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from tests.stages.drive import do
from tests.support.office import approve, row, seq

if TYPE_CHECKING:
    from caseflow.reports.on_time.report import Report
    from tests.support.office import DeskOffice

RECEIVED, DUE = date(2026, 3, 2), date(2026, 3, 30)


def answered(office: DeskOffice, sent: date, by: str = "clerk") -> int:
    from caseflow.stages import reply, review

    case_id = office.register(RECEIVED)
    review.accept(office.work("lead", RECEIVED), case_id, seq(case_id), RECEIVED, office.people[by])
    reply.draft_reply(office.work(by, sent), case_id, seq(case_id), "refused_process", "讨论稿")
    approve(office.work("lead", sent), case_id)
    reply.send_reply(office.work(by, sent), case_id, seq(case_id), sent, "ems", "EMS 1")
    return case_id


def of_march(office: DeskOffice) -> Report:
    from caseflow.db import db
    from caseflow.reports.on_time import Span
    from caseflow.reports.on_time.report import report

    db.session.rollback()
    return report([office.id], Span(date(2026, 3, 1), date(2026, 4, 30)), date(2026, 4, 30))


def lines(found: Report) -> list[tuple[str, str | None, int]]:
    return [
        (line.name, line.figures.rate.percent, line.figures.sent)
        for dimension, part in found.parts if dimension.code == "department" for line in part
    ]  # fmt: skip


def test_an_office_without_departments_has_no_such_lines(office: DeskOffice) -> None:
    answered(office, DUE)
    assert lines(of_march(office)) == []


def test_a_case_stays_with_the_department_it_was_given_to(office: DeskOffice) -> None:
    from caseflow.stages import people

    people.change_department(office.id, office.people["clerk"], "法规科")
    on_time = answered(office, DUE)
    people.change_department(office.id, office.people["clerk"], "秘书科")
    late = answered(office, date(2026, 3, 31))
    nobody = answered(office, DUE, by="colleague")
    assert [row(c).department for c in (on_time, late, nobody)] == ["法规科", "秘书科", ""]
    assert lines(of_march(office)) == [
        ("秘书科", "0.00%", 1),
        ("没有写明科室", "100.00%", 1),
        ("法规科", "100.00%", 1),
    ]


def test_a_case_given_to_another_clerk_goes_to_their_department(office: DeskOffice) -> None:
    from caseflow.stages import people

    people.change_department(office.id, office.people["colleague"], "法规科")
    case_id = office.accepted(RECEIVED)
    do(office, case_id, "assign", RECEIVED)
    assert (row(case_id).handler, row(case_id).department) == ("陈晓", "法规科")


def test_the_cases_behind_a_line_are_those_that_it_counts(office: DeskOffice) -> None:
    from sqlalchemy import select

    from caseflow.db import db
    from caseflow.models import Case
    from caseflow.reports.on_time import BY_CODE
    from caseflow.stages import people

    people.change_department(office.id, office.people["clerk"], "法规科")
    case_id = answered(office, DUE)
    answered(office, DUE, by="colleague")
    found = of_march(office)
    ((dimension, part),) = [p for p in found.parts if p[0].code == "department"]
    (key,) = [line.key for line in part if line.name == "法规科"]
    where = BY_CODE[dimension.code].where(Case, key)
    assert list(db.session.scalars(select(Case.id).where(where))) == [case_id]
