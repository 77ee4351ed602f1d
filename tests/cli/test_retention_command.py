"""`caseflow retention`: it says what it would do, does it when told to, and a second time has nothing to do."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
import time_machine

from tests.cli.test_upkeep import refused, run, said
from tests.stages.drive import at
from tests.support.office import found, row

if TYPE_CHECKING:
    from tests.support.office import DeskOffice

pytestmark = pytest.mark.usefixtures("terminal")


@pytest.fixture(autouse=True)
def _second_of_january() -> Iterator[None]:
    with time_machine.travel(datetime(2028, 1, 2, 7, tzinfo=UTC), tick=False):
        yield


def test_it_says_what_it_would_do_and_does_it_only_when_told_to(
    office: DeskOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    from caseflow.files import store
    from caseflow.stages.offices import set_retention

    def away() -> Iterator[str]:
        raise store.Unreachable("文件存储连不上")

    case = at(office, "archived")
    assert "没有机关设置保存期限" in said(run("retention", "--apply"))
    set_retention(office.id, 1)
    set_retention(found("JJSB", "晋江市人民政府办公室").id, 30)
    told = said(run("retention"))
    plan = told.splitlines()
    assert plan[:4] == [
        "JJSB 晋江市人民政府办公室：归档以后保存 30 年，1997年12月31日 星期三 以前归档的到期",
        "  没有到期的",
        "SSFB 石狮市人民政府办公室：归档以后保存 1 年，2026年12月31日 星期四 以前归档的到期",
        "  2026 年归档 1 件",
    ]
    assert plan[4].startswith("  共 1 件：申请信息 1 份、说明 ")
    assert plan[5:] == ["什么都没有改变；加上 --apply 才隐去"]
    assert said(run("retention")) == told
    assert row(case).masked_seq == 0
    assert refused(run("retention", "--office", "NOBODY", "--apply")) == "错误：没有代码为 NOBODY 的机关"
    done = said(run("retention", "--office", "SSFB", "--apply")).splitlines()
    assert done[:3] == plan[2:5]
    assert done[3].startswith("  已隐去 1 件，删除没有记录用到的文件 ")
    assert row(case).masked_seq == row(case).seq

    case = at(office, "archived")
    with monkeypatch.context() as patch:
        patch.setattr(store, "all_kept", away)
        half = run("retention", "--apply")
    assert half.exit_code == 1
    assert "  已隐去 1 件，删除没有记录用到的文件 0 个" in half.stdout.splitlines()
    assert half.stderr.startswith("错误：文件存储暂时连不上，文件内容还没有删完，")
    assert row(case).masked_seq == row(case).seq
    assert said(run("retention", "--office", "SSFB", "--apply")).splitlines()[1:] == ["  没有到期的"]
    assert "全部一致" in said(run("verify"))
