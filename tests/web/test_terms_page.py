"""期限: the one table of terms, read by everybody, set by the administrator."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from tests.web.conftest import SignInAs

if TYPE_CHECKING:
    from tests.support.office import DeskOffice

pytestmark = pytest.mark.usefixtures("monday")

TABLE = "/admin/terms"


def lines(page: object) -> dict[str, str]:
    """The text of each line of the table by its term."""
    return {row.all("td")[0].text: row.text for row in page.all("tbody tr")}  # type: ignore[attr-defined]


@pytest.mark.parametrize("who", ["clerk", "lead", "supervisor", "admin"])
def test_everybody_reads_the_whole_table_and_the_administrator_alone_may_change_it(
    sign_in_as: SignInAs, who: str
) -> None:
    from caseflow.law.terms import TERMS

    page = sign_in_as(f"{who}-ssfb").get(TABLE)
    shown = lines(page)
    assert list(shown) == [term.label for term in TERMS]
    for term in TERMS:
        for words in (term.starts, term.length, term.article, term.answers, term.lapse):
            assert words in shown[term.label]
    assert "10、5、2、0，逾期后每个工作日" in shown["答复"]
    assert "可以另定答复日（第三十五条）" in shown["答复"]
    assert "30 日，本机关设定" in shown["归档"]
    changes = [a for a in page.all("td.next a")]
    assert len(changes) == (len(TERMS) if who == "admin" else 0)
    assert len([f for f in page.forms() if not f.attrs.get("action", "").endswith("logout")]) == (
        who == "admin"
    )


def test_the_administrator_changes_when_a_term_warns_and_how_long_it_runs(sign_in_as: SignInAs) -> None:
    admin = sign_in_as("admin-ssfb")
    admin.get(f"{TABLE}/archive")
    page = admin.submit({"rungs": "10，5", "overdue": "y", "days": "45"})
    assert "“归档”的提醒已经改好" in page.text
    assert "45 日，本机关设定" in lines(page)["归档"]
    assert "10、5，逾期后每个工作日" in lines(page)["归档"]


def test_a_term_of_the_law_has_no_length_to_be_typed(sign_in_as: SignInAs) -> None:
    admin = sign_in_as("admin-ssfb")
    assert admin.get(f"{TABLE}/reply").all("input#days") == []
    page = admin.submit({"rungs": "7、0", "+days": "300"})
    assert "7、0" in lines(page)["答复"]
    assert "300" not in lines(page)["答复"]


def test_a_term_that_is_told_once_is_not_told_on_every_day_overdue(sign_in_as: SignInAs) -> None:
    admin = sign_in_as("admin-ssfb")
    assert admin.get(f"{TABLE}/correction_notice").all("input#overdue") == []
    page = admin.submit({"rungs": "3、0", "+overdue": "y"})
    assert "3、0" in lines(page)["告知补正"]
    assert "逾期后每个工作日" not in lines(page)["告知补正"]


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"rungs": "三天"}, "写成 10、5、2、0 这样的整数，每个 0 到 60"),
        ({"rungs": ""}, "至少写一个数，0 是最后一天"),
        ({"days": "0"}, "填写 1 到 366 的整数（日历日）"),
        ({"days": ""}, "填写 1 到 366 的整数（日历日）"),
        ({"days": "一个月"}, "写成整数，例如 15"),
        ({"days": "99999999999999999999"}, "写成整数，例如 15"),
    ],
)
def test_what_cannot_stand_is_said_at_its_field_and_what_was_typed_stays(
    sign_in_as: SignInAs, typed: dict[str, str], sentence: str
) -> None:
    from sqlalchemy import select

    from caseflow.db import db
    from caseflow.models import TermRule

    admin = sign_in_as("admin-ssfb")
    admin.get(f"{TABLE}/archive")
    page = admin.submit(typed)
    assert page.status == 422
    ((name, value),) = typed.items()
    assert page.one(f"#{name}-error").text == sentence
    assert page.one(f"#{name}").attrs["value"] == value
    assert db.session.scalars(select(TermRule)).all() == []


def test_below_the_organ_on_top_the_terms_are_read_and_only_the_own_report_is_set(
    office: DeskOffice, sign_in_as: SignInAs
) -> None:
    from sqlalchemy import select

    from caseflow.db import db
    from caseflow.models import Office, TermRule
    from tests.support.office import found

    branch = found("JJSB", "晋江市人民政府办公室", parent_id=office.id)
    admin = sign_in_as("admin-jjsb")
    for path in (TABLE, f"{TABLE}/archive"):
        page = admin.get(path)
        assert "由主管机关“石狮市人民政府办公室”的系统管理员修改" in page.text
        assert not page.all("td.next a")
        assert not page.all("#rungs")
    admin.get(TABLE)
    typed = {"csrf_token": admin.token(), "rungs": "9", "days": "9"}
    assert admin.post(f"{TABLE}/archive", typed).status == 403
    assert db.session.scalars(select(TermRule)).all() == []
    admin.get(TABLE)
    assert "3月31日" in admin.submit({"government": ["y"]}, form="保存").text
    db.session.rollback()
    assert [db.session.get_one(Office, one).government for one in (office.id, branch.id)] == [False, True]


def test_a_term_that_is_none_is_not_found(sign_in_as: SignInAs) -> None:
    admin = sign_in_as("admin-ssfb")
    assert admin.get(f"{TABLE}/nothing").status == 404


def test_the_administrator_says_whether_the_office_is_a_government(
    office: DeskOffice, sign_in_as: SignInAs
) -> None:
    from caseflow.db import db
    from caseflow.law.terms import report_day
    from caseflow.models import Office

    admin = sign_in_as("admin-ssfb")
    for value, day in ((["y"], date(2027, 3, 31)), ([], date(2027, 1, 31))):
        admin.get(TABLE)
        page = admin.submit({"government": value}, form="保存")
        assert f"年度报告的最后期限是每年 {day.month}月{day.day}日" in page.text
        db.session.rollback()
        assert report_day(2026, db.session.get_one(Office, office.id).government) == day
