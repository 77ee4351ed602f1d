"""文书模板 on the page: which holds, taken down, put back, refused with every reason, gone back from."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest

from caseflow.db import db
from caseflow.files import store
from caseflow.law.letters import LETTERS
from caseflow.letters.shipped import shipped
from caseflow.stages import letterhead, templates
from tests.letters.word import replaced
from tests.stages.test_letterhead import GOOD
from tests.stages.test_templates import edited
from tests.support.office import found
from tests.web.conftest import SignInAs

if TYPE_CHECKING:
    from tests.support.office import DeskOffice
    from tests.support.pages import Desk, Page

pytestmark = pytest.mark.usefixtures("monday")

LIST = "/admin/letters"
ONE = f"{LIST}/extension"
TITLE = "政府信息公开延期答复告知书"


@pytest.fixture
def admin(sign_in_as: SignInAs) -> Desk:
    return sign_in_as("admin-ssfb")


def send(admin: Desk, content: bytes, name: str = "延期.docx") -> Page:
    admin.get(ONE)
    return admin.submit({"file": (io.BytesIO(content), name)}, form="上传并启用")


def lines(page: Page) -> list[str]:
    return [row.text for row in page.all("main tbody tr")]


def holding(kind: str = "extension") -> bytes:
    db.session.rollback()
    return templates.template_of(db.session(), kind)


def test_all_letters_stand_in_the_list_with_series_article_and_template(admin: Desk) -> None:
    page = admin.get(LIST)
    rows = [row for row in page.all("tbody tr") if "group" not in row.attrs.get("class", "")]
    assert len(rows) == len(LETTERS)
    for letter in LETTERS:
        (line,) = (row for row in rows if row.all("a")[0].attrs["href"] == f"{LIST}/{letter.code}")
        cells = [cell.text for cell in line.all("td")]
        assert cells[0] == letter.title
        assert cells[2:5] == [letter.series, letter.article, "随软件提供"]
    assert len({(row.all("td")[0].text, row.all("td")[1].text) for row in rows}) == len(LETTERS)


def test_the_list_says_what_the_office_lacks_until_it_is_there(office: DeskOffice, admin: Desk) -> None:
    letterhead.set_data(office.id, {})
    assert "本机关还缺机关代字、联系人、电话、行政复议机关、人民法院" in admin.get(LIST).text
    letterhead.set_data(office.id, GOOD)
    assert "还缺" not in admin.get(LIST).text


def test_the_template_in_force_comes_down_as_a_word_file_of_that_title(admin: Desk) -> None:
    page = admin.get(LIST)
    (link,) = (a.attrs["href"] for a in page.all("td.next a") if "/extension/" in a.attrs["href"])
    answer = admin.get(link).response
    assert answer.data == shipped("extension")
    assert answer.headers["Content-Type"].endswith("wordprocessingml.document")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["Content-Disposition"].endswith(f"UTF-8''{quote(TITLE)}.docx")


def test_letters_of_one_title_come_down_under_names_of_their_own(admin: Desk) -> None:
    names = {
        admin.get(f"{LIST}/{letter.code}/0").response.headers["Content-Disposition"] for letter in LETTERS
    }
    assert len(names) == len(LETTERS)


def test_an_uploaded_one_holds_with_its_version_its_file_and_whose_it_is(admin: Desk) -> None:
    first, second = edited("第一版。"), edited("第二版。")
    send(admin, first)
    page = send(admin, second, "延期（新）.docx")
    assert f"第 2 版已经启用，以后出具的《{TITLE}》按它写" in page.text
    assert holding() == second
    newest, older, last = lines(page)
    for words in ("第 2 版", "现在用的", "延期（新）.docx", "吴桐", "11月23日 周一"):
        assert words in newest
    assert "第 1 版" in older
    assert "现在用的" not in older
    assert "随软件提供" in last
    down = [admin.get(a.attrs["href"]).response.data for a in page.all("td.next a")]
    assert down == [second, first, shipped("extension")]
    assert any("第 2 版 吴桐 · 11月23日 周一" in line for line in lines(admin.get(LIST)))


def test_the_shipped_one_again_is_a_version_and_offered_only_where_another_holds(admin: Desk) -> None:
    assert "改回" not in [b.text for b in admin.get(ONE).all("button")]
    send(admin, edited())
    page = admin.submit(form="改回")
    assert "改回了随软件提供的模板" in page.text
    assert "第 2 版：改回随软件提供的" in lines(page)[0]
    assert holding() == shipped("extension")
    assert "改回" not in [b.text for b in page.all("button")]
    again = admin.post(f"{ONE}/shipped", {"csrf_token": admin.token()})
    assert "现在用的就是随软件提供的模板" in again.text
    assert len(lines(again)) == 3


def test_a_bad_one_is_refused_with_every_reason_and_the_old_one_stays(admin: Desk) -> None:
    good = edited()
    send(admin, good)
    bad = replaced(
        replaced(shipped("extension"), "{{ 延期理由 }}", "{{ 延期原因 }}"), "{{ 到期日 }}", "{{ 到期日期 }}"
    )
    page = send(admin, bad)
    assert page.status == 422
    assert "这份模板没有启用，有 4 处要改；现在用的模板没有变" in page.text
    told = [line.text for line in page.all(".errs li")]
    assert [words for words in told if words.startswith(("没有“", "缺少“"))] == told
    assert len(told) == 4
    assert page.one("#file-error").text == told[0]
    assert holding() == good
    assert len(lines(page)) == 2


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "选择要上传的模板"),
        (b"MZ", "这不是 Word 文档"),
        (shipped("receipt"), "缺少“延期理由”"),
    ],
)
def test_what_is_no_template_is_said_at_its_field(admin: Desk, content: bytes, why: str) -> None:
    page = send(admin, content)
    assert page.status == 422
    assert why in page.one("#file-error").text
    assert list(store.all_kept()) == []


def test_without_a_file_there_is_nothing_to_put_in_force(admin: Desk) -> None:
    admin.get(ONE)
    for forged in ({}, {"+file": "no file"}):
        page = admin.submit(forged, form="上传并启用")
        assert page.status == 422
        assert page.one("#file-error").text == "选择要上传的模板（.docx）"


def test_the_page_names_the_variables_that_it_must_and_may_bear(admin: Desk) -> None:
    page = admin.get(ONE).text
    must, may = page.partition("可能没有，先问再写")[::2]
    for name in ("文号", "延期理由", "原到期日"):
        assert f"{{{{ {name} }}}}" in must
    assert "{{ 邮政编码 }}" in may
    assert "{{ 邮政编码 }}" not in must


def test_what_there_is_not_is_not_found(admin: Desk) -> None:
    for path in (f"{LIST}/nothing", f"{LIST}/nothing/0", f"{ONE}/1", f"{ONE}/x"):
        assert admin.get(path).status == 404


def test_a_version_gone_from_the_disk_is_said_and_can_be_gone_back_from(admin: Desk) -> None:
    send(admin, edited())
    for sha256 in store.all_kept():
        (store.folder() / sha256[:2] / sha256).unlink()
    page = admin.get(f"{ONE}/1")
    assert page.status == 404
    assert "找不到了" in page.text
    admin.get(ONE)
    admin.submit(form="改回")
    assert holding() == shipped("extension")


def test_below_the_organ_on_top_templates_are_read_and_not_changed(
    office: DeskOffice, sign_in_as: SignInAs
) -> None:
    found("JJSB", "晋江市人民政府办公室", parent_id=office.id)
    branch = sign_in_as("admin-jjsb")
    page = branch.get(ONE)
    assert "由主管机关“石狮市人民政府办公室”的系统管理员更换" in page.text
    assert page.forms() == []
    assert branch.get(f"{ONE}/0").response.data == shipped("extension")
    token = branch.get(LIST) and branch.get("/admin/office") and branch.token()
    assert branch.post(ONE, {"csrf_token": token}).status == 403
    assert branch.post(f"{ONE}/shipped", {"csrf_token": token}).status == 403
