"""`caseflow init` and `caseflow demo`: how an instance begins, once."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select

from caseflow.demo.office import LEDGER
from tests.ledger.tables import counts

if TYPE_CHECKING:
    from caseflow.config import Settings

INIT = (
    "init",
    "--name",
    "某市人民政府办公室",
    "--code",
    "MSFB",
    "--admin",
    "郑一凡",
    "--username",
    "zhengyf",
)


@pytest.fixture
def run(settings: Settings) -> Any:
    """Run a command on a fresh instance."""
    from caseflow.cli import main

    env = {"CASEFLOW_INSTANCE": str(settings.instance), "DATABASE_URL": settings.database_url}
    return lambda *words, typed="": CliRunner().invoke(
        main, [str(word) for word in words], env=env, input=typed
    )


@pytest.fixture
def look(app: Any) -> Any:
    """The instance, to see what the commands wrote."""
    with app.app_context():
        yield


# -- init ----------------------------------------------------------------------------------------


def test_a_real_office_begins_with_its_three_administrators(run, look):
    from caseflow.db import db
    from caseflow.models import Installation, Office, Person

    result = run(*INIT)
    assert result.exit_code == 0, result.output
    assert db.session.execute(select(Office.code, Office.name)).one() == ("MSFB", "某市人民政府办公室")
    assert db.session.scalars(select(Installation.demo)).all() == [False]
    found = db.session.scalars(select(Person).order_by(Person.id)).all()
    assert [(person.username, person.name, person.role, person.must_change) for person in found] == [
        ("zhengyf", "郑一凡", "admin", True),
        ("anquan", "安全管理员", "security", True),
        ("shenji", "审计管理员", "auditor", True),
    ]


def test_their_passwords_are_shown_once_and_work(run, look):
    from datetime import UTC, datetime

    from caseflow.stages.sessions import Where
    from caseflow.stages.signin import sign_in

    said = run(*INIT, "--auditor", "何芳", "--auditor-username", "hefang").stdout
    found = re.findall(r"用户名 (\S+)，密码 (\S+)", said)
    here, now = Where("127.0.0.1"), datetime.now(UTC)
    names = [sign_in(user, password, here, now).person.name for user, password in found]
    assert names == ["郑一凡", "安全管理员", "何芳"]


def test_it_asks_for_what_was_not_given(run):
    result = run("init", typed="某市人民政府办公室\nMSFB\n郑一凡\nzhengyf\n")
    assert result.exit_code == 0, result.output
    assert "某市人民政府办公室（MSFB）已经建立。" in result.stdout


@pytest.mark.parametrize(
    ("option", "value", "said"),
    [
        ("--code", "石狮", "机关代码用 1 至 40 个字母"),
        ("--name", " ", "填写机关名称"),
        ("--name", "某" * 101, "最多 100 个字"),
        ("--username", "郑一凡", "用户名用 2 至 32 个小写字母"),
        ("--admin", " ", "填写姓名"),
        ("--auditor", " ", "填写姓名"),
        ("--auditor-username", "zhengyf", "三位管理员的用户名要各不相同"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_written(run, look, option, value, said):
    before = counts()
    result = run(*INIT, option, value)
    assert result.exit_code == 1
    assert said in result.stderr
    assert counts() == before


@pytest.mark.parametrize(
    ("begun", "said"),
    [
        (INIT, "这里已经是正式使用的机关"),
        (("demo", "--cases", "3"), "这里已经是演示机关"),
        (("import", LEDGER, "--office", "SSFB"), "这里已经有数据"),
    ],
    ids=["real", "demonstration", "ledger"],
)
def test_it_refuses_where_anything_stands_and_says_how_to_begin_anew(run, look, begun, said):
    assert run(*begun).exit_code == 0
    before = counts()
    result = run(*INIT)
    assert result.exit_code == 1
    assert said in result.stderr
    assert "CASEFLOW_INSTANCE" in result.stderr
    assert counts() == before


# -- demo ----------------------------------------------------------------------------------------


def test_a_demonstration_of_any_size_with_its_accounts(run, look, settings):
    from caseflow.db import db
    from caseflow.models import Case, Installation, Office

    result = run(
        "demo", "--cases", "90", "--open", "20", "--offices", "3", "--years", "2024-2025", "--seed", "5"
    )
    assert result.exit_code == 0, result.output
    assert db.session.scalar(select(func.count(Case.id))) == 90
    assert db.session.scalar(select(func.count(Case.id)).where(Case.closed_on.is_(None))) == 20
    assert db.session.scalar(select(func.count(Office.id))) == 3
    assert db.session.scalars(select(Installation.demo)).all() == [True]
    years = select(Case.new_year).where(Case.closed_on.is_not(None)).distinct()
    assert set(db.session.scalars(years)) == {2024, 2025}
    kept = json.loads((Path(settings.instance) / "demo-accounts.json").read_text(encoding="utf-8"))
    for account in kept["accounts"][:5]:
        assert f"{account['role']}\t{account['username']}\t{account['password']}" in result.stdout


def test_without_words_half_of_a_few_are_open(run, look):
    from caseflow.db import db
    from caseflow.models import Case

    run("demo", "--cases", "10")
    assert db.session.scalar(select(func.count(Case.id)).where(Case.closed_on.is_(None))) == 5


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["--cases", "5", "--open", "6"], 2, "--open 不能多于 --cases"),
        (["--years", "x"], 2, "写成 2017-2026 这样"),
        (["--years", "2025-2024"], 2, "先后有序"),
        (["--years", "2001-2024"], 2, "--years 在 2008 与"),
        (["--cases", "0"], 2, "0"),
    ],
)
def test_a_demonstration_that_cannot_be_is_refused(run, look, words, code, said):
    result = run("demo", *words)
    assert (result.exit_code, said in result.stderr) == (code, True)
    assert counts()["case"] == 0


def test_a_demonstration_does_not_mix_with_data(run, look):
    run("import", LEDGER, "--office", "SSFB")
    before = counts()
    result = run("demo", "--cases", "5")
    assert result.exit_code == 1
    assert "这里已经有数据" in result.stderr
    assert counts() == before
