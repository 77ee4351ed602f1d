"""The README promises only what is there."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest

from caseflow.cli import main

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
LINE = re.compile(r"^\| ((?:`caseflow [^`]*`(?:, )?)+) \|", re.MULTILINE)
COMMANDS = [told for cell in LINE.findall(README) for told in re.findall(r"`caseflow ([^`]*)`", cell)]


def command(words: list[str]) -> click.Command:
    """The command that these words name."""
    found: click.Command = main
    for word in words:
        if isinstance(found, click.Group) and word in found.commands:
            found = found.commands[word]
    return found


@pytest.mark.parametrize("told", COMMANDS)
def test_every_command_of_the_readme_has_the_options_it_names(told: str) -> None:
    found = command(told.split())
    assert found is not main, told
    assert not isinstance(found, click.Group), told
    known = {option for parameter in found.params for option in parameter.opts}
    assert set(re.findall(r"--[a-z-]+", told)) <= known


def test_every_command_stands_in_the_readme() -> None:
    def leaves(group: click.Group) -> set[str]:
        inner = [c for c in group.commands.values()]
        return {str(c.name) for c in inner if not isinstance(c, click.Group)} | {
            name for c in inner if isinstance(c, click.Group) for name in leaves(c)
        }

    told = {word for line in COMMANDS for word in line.split()[:2]}
    assert leaves(main) <= told


@pytest.mark.parametrize("name", ["README.md", "README.zh-CN.md"])
def test_its_pictures_are_there(name: str) -> None:
    pictures = re.findall(r"!\[[^]]*\]\(([^)]*)\)", (ROOT / name).read_text(encoding="utf-8"))
    assert pictures
    least = {".png": 10_000, ".svg": 1_000}  # bytes of one in which something is to be seen
    assert all((path := ROOT / picture).stat().st_size > least[path.suffix] for picture in pictures)


@pytest.mark.parametrize("target", re.findall(r"`make (\w+)`", README))
def test_every_make_target_of_the_readme_is_in_the_makefile(target: str) -> None:
    assert re.search(rf"^{target}:", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
