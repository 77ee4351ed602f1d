"""The keys and the database belong together; a new key is turned to while people work, an old one left behind late."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import text

from tests.upkeep.desk import busy

if TYPE_CHECKING:
    from caseflow.config import Settings
    from tests.support.office import DeskOffice


def sealed_with() -> set[str]:
    """The names of the keys that something is sealed with."""
    from caseflow.db import db

    columns = "SELECT salt AS told FROM particulars UNION ALL SELECT {} FROM identity"
    found: set[str] = set()
    for name in ("certificate_number", "phone"):
        found |= set(db.session.scalars(text(columns.format(name))))
    db.session.rollback()
    return {told.partition(":")[0] for told in found if told}


def change(statement: str) -> None:
    from caseflow.db import transaction

    with transaction() as session:
        session.execute(text(statement))


def people(office: DeskOffice) -> Any:
    """Whom the certificate number of the split requests finds."""
    from caseflow.reports import applicants

    return [known.number for known in applicants.seen_before(office.id, "", "350581199001011024")]


def test_a_new_key_takes_over_while_people_work_and_the_old_one_goes_when_nothing_needs_it(
    office: DeskOffice, settings: Settings
) -> None:
    from caseflow import keys
    from caseflow.db import db
    from caseflow.models import SealingKey
    from caseflow.upkeep import keyring, verify

    busy(office)
    before = people(office)
    assert (len(before), sealed_with()) == (2, {"tests"})
    assert keyring.forget(settings, 0) == []

    assert keyring.turn(settings)
    new = keys.ring().current.id
    assert keyring.left() > 8
    late = office.register(date(2026, 10, 23), certificate_number="350581199001011024")  # by the new one
    assert (len(people(office)), sealed_with()) == (3, {"tests", new})
    with pytest.raises(keyring.TooEarly, match="一分钟以后"):
        keyring.forget(settings, 59)
    with pytest.raises(keyring.TooEarly, match=r"还有 \d+ 行用的是旧密钥"):
        keyring.forget(settings, 61)
    assert not keyring.turn(settings), "what was broken off goes on"
    told: list[int] = []
    waiting = keyring.left()
    assert keyring.reseal(told.append) == waiting == sum(told)
    assert (keyring.left(), sealed_with(), len(people(office))) == (0, {new}, 3)
    assert [*keyring.differences(), *verify.differences()] == []

    assert keyring.forget(settings, 61) == ["tests"]
    assert list(keys.read(settings.keys_file).keys) == [new]
    assert db.session.scalars(db.select(SealingKey.id)).all() == [new]
    assert people(office)
    keyring.check(settings)

    sealed = keys.seal(
        "350581199001011024", "identity.phone"
    )  # as another column, by a key that nobody has, cut off
    change(f"UPDATE identity SET certificate_number = '{sealed}' WHERE particulars_id = 1")
    change("UPDATE identity SET phone = 'tests:AAAA' WHERE particulars_id = 2")
    change("UPDATE particulars SET salt = substr(salt, 1, 40) WHERE id = 3")
    assert late
    assert [line.partition("：")[0] for line in keyring.differences()] == [
        "particulars 3 salt", "identity 1 certificate_number", "identity 2 phone",
    ]  # fmt: skip


def test_a_database_starts_with_its_own_keys_only_and_no_new_key_is_ever_made_over_it(
    office: DeskOffice, settings: Settings
) -> None:
    from caseflow import keys
    from caseflow.config import BadSetting
    from caseflow.upkeep import keyring

    file: Path = settings.keys_file
    keyring.check(settings)
    file.unlink()
    with pytest.raises(BadSetting, match=r"找不到数据密钥文件 .*data\.key：把原来的放回去"):
        keyring.check(settings)
    assert not file.exists()
    keys.create(file)
    with pytest.raises(BadSetting, match=r"data\.key 不是写这个数据库用的那一个（缺密钥 tests）"):
        keyring.check(settings)
    keys.write(file, keys.Ring((other := keys.Key("tests", b"x" * 32)), {"tests": other}))  # of the same name
    with pytest.raises(BadSetting, match="不是写这个数据库用的那一个"):
        keyring.check(settings)
    file.unlink()
    change("DELETE FROM sealing_key")
    keyring.check(settings)  # a new installation: the first key is made
    assert keys.read(file).keys.keys() != {"tests"}
