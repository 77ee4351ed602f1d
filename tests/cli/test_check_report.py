"""`caseflow check-report`: 0 where a published table holds, 1 where it doesn't, 2 where the command is wrong."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.published.press import to_csv, to_docx
from tests.published.test_read import SHISHI_2020, tables


def run(*words: str) -> Result:
    from caseflow.cli import main

    return CliRunner().invoke(main, ["check-report", *words])


@pytest.fixture(autouse=True)
def _no_database(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://127.0.0.1:1/none")


def test_the_published_table_of_2020_holds_and_one_changed_cell_is_named(tmp_path: Path) -> None:
    file = tmp_path / "石狮2020.docx"
    to_docx(file, tables(SHISHI_2020))
    good = run(str(file))
    assert (good.exit_code, good.stdout.splitlines()) == (
        0, ["石狮2020.docx：2019 年版表三，表四；文件上写的是 2023 年", "各项勾稽全部成立，没有空白"],
    )  # fmt: skip
    to_docx(file, tables(SHISHI_2020 | {("unavailable_not_held", "natural_person"): 5}))
    bad = run(str(file))
    assert bad.exit_code == 1
    assert bad.stdout.splitlines()[1:] == [
        "（四）无法提供 1. 本机关不掌握相关政府信息 × 自然人：表上是 5，应为 4"
        "（（七）＝各项办理结果之和、总计＝六类申请人之和）",
        "1 处勾稽不符，0 格没有数",
    ]


def test_the_json_gives_figures_and_findings_by_key_and_in_the_forms_words(tmp_path: Path) -> None:
    file = tmp_path / "t.csv"
    to_csv(file, tables(SHISHI_2020, new__social="／"))
    result = run(str(file), "--format", "json")
    told = json.loads(result.stdout)
    assert result.exit_code == 1
    assert (told["edition"], told["blanks"], told["balanced"], told["unknown_rows"]) == ("2019", 1, False, [])
    assert told["year"] is None
    assert told["new"] == [7, 0, 0, None, 0, 0, 7]
    assert (told["results"]["granted"][0], told["proceedings"]["suit_direct"]["pending"]) == (2, 1)
    (found,) = told["findings"]
    assert {k: found[k] for k in ("kind", "table", "row", "column", "row_label", "column_label", "written", "should")} == {
        "kind": "blank", "table": 3, "row": "new", "column": "social", "row_label": "一、本年新收政府信息公开申请数量",
        "column_label": "社会公益组织", "written": "／", "should": 0,
    }  # fmt: skip


def test_a_file_that_cannot_be_read_is_1_with_one_sentence_and_a_wrong_call_is_2(tmp_path: Path) -> None:
    file = tmp_path / "年报.xlsx"
    file.write_bytes(b"MZ\x90")
    refused = run(str(file))
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert refused.stderr == "错误：年报.xlsx：这是程序，不是年报；只读 .xlsx、.docx、.html 和 .csv 文件\n"
    assert [run().exit_code, run(str(tmp_path / "none.csv")).exit_code, run(str(tmp_path)).exit_code] == [
        2,
        2,
        2,
    ]
