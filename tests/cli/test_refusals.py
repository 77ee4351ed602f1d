"""A wrong call is answered in Chinese and says what to write, whoever found the fault; exit code 2."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click
import pytest
from click.testing import CliRunner, Result

if TYPE_CHECKING:
    from caseflow.config import Settings


def run(*words: str, env: dict[str, str] | None = None) -> Result:
    from caseflow.cli import main

    return CliRunner().invoke(main, list(words), prog_name="caseflow", env=env)


WRONG = (
    ("import", "缺少 FILE"),
    ("import nowhere.csv", "FILE：没有文件 nowhere.csv"),
    ("restore .", "FILE：. 是文件夹，写上文件名"),
    ("impot a.csv", "没有命令 impot，是不是 import"),
    ("dance", "没有命令 dance"),
    ("due 2026-01-05 --extnd 3", "没有选项 --extnd，是不是 --extend"),
    ("due 2026-01-05 --extend", "--extend 后面要写上值"),
    ("import README.md --dry-run=1", "--dry-run 后面不写值"),
    ("verify now 2", "多写了 now 2；有空格的要加引号"),
    ("alerts run --today abc", "--today：abc 不是日期，写成 2026-12-04 这样"),
    ("year-table abc", "YEAR：abc 不是整数"),
    ("year-table 2020 --format pdf", "--format：不能是 pdf，可以是 text、json、xlsx、docx"),
    ("serve --port 99999", "--port：99999 不在 1 至 65535 之间"),
    ("demo --open -1", "--open：-1 太小，至少是 0"),
    ("demo --years abc", "--years：写成 2017-2026 这样"),
)


@pytest.mark.parametrize(("words", "said"), WRONG)
def test_a_wrong_call_is_answered_in_chinese_with_two(words: str, said: str) -> None:
    result = run(*words.split())
    assert result.exit_code == 2
    assert result.stderr.splitlines()[-1] == f"错误：{said}"
    for theirs in ("Usage", "Try", "Error"):
        assert theirs not in result.stderr


def test_the_usage_stands_above_the_fault() -> None:
    assert run("import").stderr.splitlines()[:2] == [
        "用法：caseflow import [OPTIONS] FILE",
        "各选项的说明：caseflow import --help",
    ]


def test_a_file_that_may_not_be_read_is_told(tmp_path: Path) -> None:
    """Said of the words alone: whoever runs the tests may read everything."""
    from caseflow.cli.refusals import sentence

    file = click.BadParameter("File 'a.zip' is not readable.")
    assert sentence(file) == "没有权限读 a.zip"


def test_a_question_left_unanswered_ends_with_one_and_a_word(settings: Settings) -> None:
    env = {"CASEFLOW_INSTANCE": str(settings.instance), "DATABASE_URL": settings.database_url}
    result = run("init", env=env)
    assert result.exit_code == 1
    assert result.stderr.splitlines()[-1] == "已中止"


def test_what_a_machine_refuses_is_said_in_chinese(tmp_path: Path) -> None:
    from caseflow.cli.refusals import reason

    for place, why in ((tmp_path / "nowhere" / "a", "没有这个文件夹"), (tmp_path, "这是文件夹，写上文件名")):
        with pytest.raises(OSError, match="Errno") as found:
            place.write_text("")
        assert reason(found.value) == why


def test_a_call_from_within_raises_instead_of_ending() -> None:
    from caseflow.cli import main

    with pytest.raises(click.UsageError):
        main.main(["dance"], standalone_mode=False)


def test_an_empty_call_lists_the_commands() -> None:
    result = run()
    assert result.exit_code == 2
    assert "import" in result.stderr
