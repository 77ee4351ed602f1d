"""An encrypted file: read anywhere it is what was written; cut, turned about, joined or changed it is found out."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caseflow import keys
from caseflow.upkeep.sealed import HEAD, TAG, Damaged, Reader, Writer, WrongKey

KEY = keys.fresh().current
PIECE = 16
WHOLE = PIECE + TAG


def sealed(content: bytes, cut: int = 7) -> bytes:
    """Written in parts of ``cut`` bytes."""
    out = io.BytesIO()
    writer = Writer(out, KEY, PIECE)
    for place in range(0, len(content), cut):
        writer.write(content[place : place + cut])
    writer.finish()
    assert writer.tell() == len(content)
    return out.getvalue()


def opened(told: bytes, key: keys.Key = KEY) -> bytes:
    return io.BufferedReader(Reader(io.BytesIO(told), key, PIECE), PIECE).read()


@given(content=st.binary(max_size=100), cut=st.integers(1, 40), data=st.data())
def test_what_was_written_is_read_from_any_place(content: bytes, cut: int, data: st.DataObject) -> None:
    told = sealed(content, cut)
    assert len(told) == HEAD + len(content) + TAG * max(1, -(-len(content) // PIECE))
    assert opened(told) == content
    reader = Reader(io.BytesIO(told), KEY, PIECE)
    place = data.draw(st.integers(0, len(content)))
    reader.seek(place)
    assert reader.readall() == content[place:]
    assert reader.seek(-place, io.SEEK_END) == len(content) - place


@given(content=st.binary(min_size=1, max_size=100), data=st.data())
def test_what_is_not_as_it_was_written_is_never_read(content: bytes, data: st.DataObject) -> None:
    told = sealed(content)
    place, bit = data.draw(st.integers(0, len(told) - 1)), data.draw(st.integers(0, 7))
    flipped = told[:place] + bytes([told[place] ^ 1 << bit]) + told[place + 1 :]
    body = [told[i : i + WHOLE] for i in range(HEAD, len(told), WHOLE)]
    other = sealed(content)
    changed = [
        flipped,
        told[: data.draw(st.integers(0, len(told) - 1))],
        told + data.draw(st.binary(min_size=1, max_size=40)),
        told + told[HEAD:],
        told[:HEAD] + other[HEAD:],
        *(told[:HEAD] + b"".join(body[:n]) for n in range(len(body))),
        *(told[:HEAD] + b"".join(body[n:]) for n in range(1, len(body))),
        *(
            told[:HEAD] + b"".join([*body[:n], body[n + 1], body[n], *body[n + 2 :]])
            for n in range(len(body) - 1)
        ),
    ]
    for wrong in changed:
        with pytest.raises((Damaged, WrongKey)):
            opened(wrong)
    with pytest.raises(WrongKey):
        opened(told, keys.fresh().current)
