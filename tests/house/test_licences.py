"""Every package of the runtime tells a licence under which an office may use it."""

from __future__ import annotations

from tests.house.licences import KNOWN, licence, packages


def test_every_package_of_the_runtime_tells_a_licence_that_is_known() -> None:
    names = packages()
    assert {"flask", "sqlalchemy", "cryptography"} <= set(names)
    told = {name: licence(name) for name in names}
    assert {name for name, words in told.items() if words not in KNOWN} == set()
    assert licence("pytest") == "MIT"
