"""案卷: one zip with all of a case, read by whatever reads zips; the same record gives the same bytes."""

from __future__ import annotations

import csv
import io
import subprocess
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import docx
import pytest

from caseflow.files import store
from caseflow.folders import check, year
from caseflow.folders.listing import Paper, to_csv
from caseflow.folders.names import MANIFEST
from caseflow.folders.packing import Damaged
from caseflow.folders.plan import plan
from caseflow.stages import masking
from tests.folders.case import FORM, FRIDAY, LATER, MONDAY, answered, archived, made, put_in
from tests.stages.drive import do
from tests.support.office import DeskOffice, seq

NAMES = [
    "000-卷内目录.csv",
    "000-卷内目录.docx",
    MANIFEST,
    "001-申请材料_申请书𠮷_一.pdf",
    "002-申请材料_申请书.pdf",
    "003-申请登记表.docx",
    "004-政府信息公开申请登记回执_狮政公开回〔2026〕第1号.docx",
    "005-征求意见材料_复函.pdf",
    "006-工作底稿_底稿.pdf",
    "007-政府信息不存在告知书（作废）_狮政公开复〔2026〕第1号_第1版.docx",
    "008-政府信息不存在告知书_狮政公开复〔2026〕第1号_第2版.docx",
    "009-发出凭据_EMS_存根.pdf",
    "010-其他材料_便条.pdf",
    "011-期限计算说明.docx",
    "012-办理经过.docx",
]


def said(content: bytes) -> str:
    """All words of a Word file, as Word reads it; the cells of a row are parted by a bar."""
    document = docx.Document(io.BytesIO(content))
    rows = (" | ".join(cell.text for cell in row.cells) for table in document.tables for row in table.rows)
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *rows])


def test_a_folder_holds_every_paper_in_order_with_its_list_and_what_the_record_says(
    office: DeskOffice, tmp_path: Path
) -> None:
    case = archived(office)
    path = made(case, tmp_path / "案卷.zip")
    with zipfile.ZipFile(path) as archive:
        assert archive.namelist() == NAMES
        assert all(info.flag_bits & 0x800 for info in archive.infolist())  # names in UTF-8
        assert len({info.date_time for info in archive.infolist()}) == 1
        files = {name: archive.read(name) for name in NAMES}
    assert list(check.differences(path)) == []
    listed = files["000-卷内目录.csv"]
    assert listed.startswith(b"\xef\xbb\xbf")  # so that Excel reads it
    rows = list(csv.DictReader(io.StringIO(listed.decode("utf-8-sig"))))
    assert [row["文件"] for row in rows] == NAMES[3:]
    assert [row["顺序号"] for row in rows] == [str(n) for n in range(1, 13)]
    assert (
        rows[0] | {"题名": "申请材料：=申请书𠮷&一.pdf", "责任者": "林国𠮷", "日期": "2026-10-12"} == rows[0]
    )
    assert rows[5]["备注"] == "只供经办人、负责人"
    assert [row["备注"] for row in rows[6:8]] == ["作废；第 1 版", "第 2 版"]
    assert rows[7]["文号"] == "狮政公开复〔2026〕第1号"
    printed = said(files["000-卷内目录.docx"])
    for words in (
        FORM["content"],
        "归档日期 | 2026年10月12日 星期一",
        "1 |  | 林国𠮷 | 申请材料：=申请书𠮷&一.pdf | 2026-10-12 |  | ",
    ):
        assert words in printed, words
    asked = said(files["003-申请登记表.docx"])
    hidden = {"350581199001011024": "3505**********1024", "13812345520": "138****5520"}
    for value in FORM.values():
        assert hidden.get(value, value) in asked
    assert not any(number in asked for number in hidden)
    working = said(files["011-期限计算说明.docx"])
    for words in (
        "到期日 2026年10月29日 星期四",
        "2026年10月12日 星期一 发出答复，按时",
        "征求第三方意见，所需 3 个工作日不计算在内 | — | 0 | 条例第三十二、三十三条",
        "国庆 10月1日至10月7日",
        "工作日历第 1 版",
    ):
        assert words in working, words
    course = said(files["012-办理经过.docx"])
    assert course.index("#1 | 2026年9月21日 周一 | 王敏登记：林国𠮷当面提出申请") < course.index("王敏归档。")
    assert "第 2 版，前一版作废" in course
    assert "查了档案室" in said(files[NAMES[9]])
    assert files[NAMES[3]] == "%PDF-1.7 =申请书𠮷&一.pdf".encode()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_other_programs_open_and_check_it(office: DeskOffice, tmp_path: Path) -> None:
    """`unzip -t` and `sha256sum -c`, as they are on any Linux."""
    path = made(archived(office), tmp_path / "案卷.zip")
    subprocess.run(["unzip", "-tq", path], check=True, capture_output=True)
    with zipfile.ZipFile(path) as archive:
        archive.extractall(tmp_path / "unpacked")
    checked = subprocess.run(
        ["sha256sum", "--strict", "-c", MANIFEST], cwd=tmp_path / "unpacked", capture_output=True, text=True
    )
    assert (checked.returncode, checked.stderr) == (0, "")
    assert len(checked.stdout.splitlines()) == len(NAMES) - 1


def test_the_same_record_gives_the_same_bytes_and_a_further_entry_other_ones(
    office: DeskOffice, tmp_path: Path
) -> None:
    case = answered(office)
    first, second = (made(case, tmp_path / name).read_bytes() for name in ("1.zip", "2.zip"))
    assert first == second
    with zipfile.ZipFile(tmp_path / "1.zip") as archive:
        assert "还没有归档，内容到第 " in said(archive.read(NAMES[1]))
    assert year.stands(tmp_path / "1.zip", plan(case))
    do(office, case, "archive", LATER)
    assert not year.stands(tmp_path / "1.zip", plan(case))


def test_the_list_computes_nothing() -> None:
    paper = Paper("申请材料：=1+1.pdf", "申请材料", author="=HYPERLINK(1)", number="@1")
    line = list(csv.reader(io.StringIO(to_csv([(paper, "")]).decode("utf-8-sig"))))[1]
    assert line[:4] == ["1", "'@1", "'=HYPERLINK(1)", "申请材料：=1+1.pdf"]


def test_of_a_masked_case_the_list_names_what_is_gone_and_the_folder_made_before_stands(
    office: DeskOffice, tmp_path: Path
) -> None:
    case = archived(office)
    archive = year.archived(office.id, 2026)[0]
    assert year.make(archive, tmp_path)
    before = (tmp_path / year.file_name("SSFB", "2026-1")).read_bytes()
    later = datetime(2030, 1, 2, 1, tzinfo=UTC)
    masking.mask(office.id, case, seq(case), 1, today=later.date(), now=later, actor_id=None)
    assert not year.make(archive, tmp_path)
    assert (tmp_path / year.file_name("SSFB", "2026-1")).read_bytes() == before
    elsewhere = tmp_path / "另存"
    elsewhere.mkdir()
    assert year.make(archive, elsewhere)
    with zipfile.ZipFile(elsewhere / year.file_name("SSFB", "2026-1")) as left:
        names = left.namelist()
        listed = left.read(NAMES[0]).decode("utf-8-sig")
        assert "个人信息已于 2030年1月2日 星期三 隐去" in said(left.read(NAMES[1]))
        whole = "".join(said(left.read(name)) for name in names if name.endswith("docx"))
    assert len(names) == 3 + 3
    assert listed.count("内容已随个人信息隐去") == 9
    for value in ("林国𠮷", FORM["certificate_number"], FORM["phone"], "申请书", "鸿川公司"):
        assert value not in listed + whole, value


def test_what_was_declared_void_stays_in_the_folder_and_says_so(office: DeskOffice) -> None:
    from caseflow.stages import correct

    case = office.accepted(MONDAY)
    put_in(office, case, "request", "错的.pdf")
    correct.void(office.work("lead", LATER), case, seq(case), seq(case), "别人的申请")
    found = [member.name for member in plan(case).members]
    assert "001-申请材料（作废）_错的.pdf" in found


def test_a_case_that_waits_or_was_never_received_has_a_working_too(office: DeskOffice) -> None:
    from caseflow.stages import register

    waiting = office.accepted(MONDAY)
    do(office, waiting, "consult_third_party", FRIDAY)
    arrival = register.Arrival("online", submitted=MONDAY)
    form = register.Application("natural_person", "林国栋", "未确认")
    unconfirmed = register.register(office.work("clerk", MONDAY), arrival, form)[0].id
    told = [said(plan(case).members[-2].made or b"") for case in (waiting, unconfirmed)]
    assert "正在征求第三方意见" in told[0]
    assert "双方还没有确认收到" in told[1]


@pytest.mark.parametrize("gone", [True, False])
def test_no_folder_is_made_of_a_content_that_is_lost_or_changed_and_what_stood_stands(
    office: DeskOffice, tmp_path: Path, gone: bool
) -> None:
    case = office.accepted(MONDAY)
    put_in(office, case, "request", "申请书.pdf")
    path = made(case, tmp_path / "案卷.zip")
    before = path.read_bytes()
    sha256 = next(iter(store.all_kept()))
    place = store.folder() / sha256[:2] / sha256
    place.unlink() if gone else place.write_bytes(b"%PDF-1.7 other")
    with pytest.raises(Damaged, match=r"2026-1 的案卷做不成：“001-申请材料_申请书.pdf”内容"):
        made(case, path)
    assert path.read_bytes() == before
    assert [found.name for found in tmp_path.glob("*.zip*")] == ["案卷.zip"]
