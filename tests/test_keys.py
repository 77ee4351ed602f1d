"""The keys of the installation: what is sealed opens only as itself, and the file is whole or not there."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from caseflow import keys
from caseflow.config import BadSetting

RING = keys.fresh()
AROUND = settings(max_examples=25)
LONG = 8  # characters


@AROUND
@given(text=st.text(max_size=60), column=st.text(max_size=20), data=st.data())
def test_what_is_sealed_opens_with_its_key_as_what_it_is_and_as_nothing_else(
    text: str, column: str, data: st.DataObject
) -> None:
    sealed = RING.seal(text, column)
    assert RING.open(sealed, column) == text
    turned = RING.with_new()
    assert turned.open(sealed, column) == text  # an older key opens what it sealed
    assert turned.hashed(text, column) in turned.hashes(text, column)
    assert RING.hashed(text, column) in turned.hashes(text, column)
    if not text:
        assert (sealed, RING.hashed(text, column)) == ("", "")
        return
    assert len(text) < LONG or text not in sealed  # one letter may stand in it by chance
    assert RING.seal(text, column) != sealed  # equal texts don't look alike
    place = data.draw(st.integers(0, len(sealed) - 1))
    other = data.draw(st.sampled_from("!:AZ09="))
    damaged = sealed[:place] + other + sealed[place + 1 :]
    strangers = [
        (RING, damaged, column),
        (RING, sealed, column + "x"),
        (turned.without({RING.current.id}), sealed, column),
    ]
    for ring, told, about in strangers:
        if told != sealed or about != column or ring is not RING:
            with pytest.raises(keys.Unreadable):
                ring.open(told, about)


@AROUND
@given(content=st.binary(max_size=60), place=st.integers(0), other=st.integers(1, 255))
def test_a_sealed_file_opens_as_what_it_is_and_never_damaged(content: bytes, place: int, other: int) -> None:
    sealed = RING.seal_file(content, "a")
    assert RING.with_new().open_file(sealed, "a") == content
    damaged = bytearray(sealed)
    damaged[place % len(sealed)] ^= other
    for told, about in ((bytes(damaged), "a"), (sealed, "b"), (sealed[:-1], "a"), (b"", "a")):
        with pytest.raises(keys.Unreadable):
            RING.open_file(told, about)


def test_equal_texts_of_two_columns_have_two_hashes_and_the_current_key_is_never_dropped() -> None:
    assert RING.hashed("350581", "a") != RING.hashed("350581", "b")
    assert RING.hashed("350581", "a") == RING.hashed("350581", "a")
    assert RING.hashed("350581", "a") != keys.fresh().hashed("350581", "a")
    assert RING.without({RING.current.id}).keys == RING.keys
    both = RING.beside(keys.fresh())
    assert (len(both.keys), both.current.id in RING.keys) == (2, False)


def test_the_file_is_for_its_owner_alone_whole_and_made_once(tmp_path: Path) -> None:
    file = tmp_path / "data.key"
    with pytest.raises(BadSetting, match="找不到数据密钥文件"):
        keys.read(file)
    before = os.umask(0)
    try:
        keys.create(file)
    finally:
        os.umask(before)
    first = file.read_bytes()
    assert file.stat().st_mode & 0o777 == 0o600
    keys.create(file)
    with pytest.raises(FileExistsError):
        keys.write(file, keys.fresh(), new=True)
    assert file.read_bytes() == first
    assert [path.name for path in tmp_path.iterdir()] == ["data.key"]
    ring = keys.read(file)
    assert keys.from_json(ring.as_json()) == ring
    secret = ring.current.secret.hex()
    assert secret not in repr(ring)
    for wrong in ("", "[]", "{}", json.dumps({"current": "a", "keys": {"b": secret}}), secret,
                  json.dumps({"current": "a", "keys": {"a": secret[2:]}}),
                  json.dumps({"current": "a:", "keys": {"a:": secret}})):  # fmt: skip
        file.write_text(wrong)
        with pytest.raises(BadSetting, match=r"data\.key 读不出来"):
            keys.read(file)


def test_a_rotation_beside_the_server_is_noticed_and_a_file_that_is_gone_changes_nothing(
    tmp_path: Path,
) -> None:
    file = tmp_path / "data.key"
    server = keys.Kept(file, testing=True)
    old = server.ring()
    turned = old.with_new()
    keys.write(file, turned)
    assert server.ring() == old  # not looked yet
    assert server.look()
    assert server.ring() == turned
    assert not server.look()
    file.unlink()
    assert not server.look()
    file.write_text("broken")
    assert not server.look()
    assert server.ring() == turned
