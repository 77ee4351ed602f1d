"""What a command refuses, in Chinese: our own sentences, and those of click and of the machine said anew."""

from __future__ import annotations

import errno
import re
import sys
from collections.abc import Callable
from typing import Any

import click

# click's words and ours; what stands in brackets is taken over, values as click quotes them
QUOTED = "['\"](.+)['\"]"
WORDS = tuple(
    (re.compile(theirs), ours)
    for theirs, ours in (
        (f"No such option {QUOTED}", "没有选项 {}"),
        (f"No such command {QUOTED}", "没有命令 {}"),
        (f"Option {QUOTED} requires an argument", "{} 后面要写上值"),
        (f"Option {QUOTED} does not take a value", "{} 后面不写值"),
        (r"Got unexpected extra arguments? \((.+)\)", "多写了 {}；有空格的要加引号"),
        (f"File {QUOTED} does not exist", "没有文件 {}"),
        (f"File {QUOTED} is a directory", "{} 是文件夹，写上文件名"),
        (f"File {QUOTED} is not readable", "没有权限读 {}"),
        (f"File {QUOTED} is not writable", "没有权限写 {}"),
        (f"{QUOTED} is not one of '(.+)'", "不能是 {}，可以是 {}"),
        (f"{QUOTED} is not a valid integer", "{} 不是整数"),
        (r"(.+) is not in the range (\d+)<=x<=(\d+)", "{} 不在 {} 至 {} 之间"),
        (r"(.+) is not in the range x>=(\d+)", "{} 太小，至少是 {}"),
        (f"{QUOTED} does not match the formats? ", "{} 不是日期，写成 2026-12-04 这样"),
    )
)

REASONS = {
    errno.ENOENT: "没有这个文件夹",
    errno.EEXIST: "已经有这个文件，换一个名字",
    errno.ENOTDIR: "没有这个文件夹",
    errno.EISDIR: "这是文件夹，写上文件名",
    errno.EACCES: "没有权限",
    errno.EPERM: "没有权限",
    errno.EROFS: "磁盘是只读的",
    errno.ENOSPC: "磁盘满了",
    errno.EDQUOT: "磁盘满了",
    errno.EFBIG: "这个磁盘存不下这么大的文件",
    errno.ENAMETOOLONG: "文件名太长",
}


class Commands(click.Group):
    """A group that answers a wrong call in Chinese; the exit codes are click's."""

    def main(self, *args: Any, standalone_mode: bool = True, **extra: Any) -> Any:
        """Run a command and end the process; one that isn't ``standalone_mode`` raises what click raises."""
        run: Callable[..., Any] = super().main
        if not standalone_mode:
            return run(*args, standalone_mode=False, **extra)
        try:
            code = run(*args, standalone_mode=False, **extra)
        except click.Abort:
            click.echo("已中止", err=True)
            sys.exit(1)
        except click.ClickException as error:
            _show(error)
            sys.exit(error.exit_code)
        sys.exit(code)


def _show(error: click.ClickException) -> None:
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        error.show()
        return
    if isinstance(error, click.UsageError) and (ctx := error.ctx):
        click.echo(
            f"用法：{ctx.command_path} {' '.join(ctx.command.collect_usage_pieces(ctx))}\n"
            f"各选项的说明：{ctx.command_path} --help\n",
            err=True,
        )
    click.echo(f"错误：{sentence(error)}", err=True)


def sentence(error: click.ClickException) -> str:
    """What is wrong, in one line; a sentence that click doesn't say stays as it was written."""
    if isinstance(error, click.BadParameter):
        where = error.param.get_error_hint(error.ctx).replace("'", "") if error.param else ""
        if isinstance(error, click.MissingParameter):
            return f"缺少 {where}"
        return f"{where}：{_said_anew(error.message)}" if where else _said_anew(error.message)
    if isinstance(error, click.NoSuchOption | click.exceptions.NoSuchCommand) and error.possibilities:
        return f"{_said_anew(error.message)}，是不是 {'、'.join(error.possibilities)}"
    return _said_anew(error.message)


def _said_anew(message: str) -> str:
    for theirs, ours in WORDS:
        if match := theirs.match(message):
            return ours.format(*(value.replace("', '", "、") for value in match.groups()))
    return message


def reason(error: OSError) -> str:
    """Why the machine can't read or write a file."""
    return REASONS.get(error.errno or 0, error.strerror or str(error))
