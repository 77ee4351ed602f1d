"""Names inside a folder: whatever a file was called, it can be unpacked anywhere and nothing is led astray."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caseflow.folders.names import member, safe, split
from caseflow.folders.order import BEFORE, PLACES, places
from caseflow.folders.year import file_name
from caseflow.law.letters import LETTERS
from caseflow.stages.papers import KINDS


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("申请书𠮷（一）〔2026〕第1号", "申请书𠮷（一）〔2026〕第1号"),
        ("../../etc/passwd", "etc_passwd"),
        ("..\\..\\x", "x"),
        ('a<b>:"|?*&c\n\x00d', "a_b_c_d"),
        ("CON ", "CON"),
        ("\u202egnp.exe", "gnp.exe"),
        ("e\u0301葛\U000e0101", "é葛"),  # composed; a selector of variants goes
        ("…", "_"),
        ("", "_"),
    ],
)
def test_a_name_keeps_letters_digits_and_harmless_signs(name: str, kept: str) -> None:
    assert safe(name) == kept


@given(st.text(), st.text(max_size=12))
def test_no_name_leads_anywhere_or_is_too_long(label: str, ending: str) -> None:
    name = member(7, label, ending)
    assert name.startswith("007-")
    assert len(name.encode()) < 255
    assert name == name.strip(" .")
    assert not {*'/\\:*?"<>|\0\n\r\t '} & {*name}
    assert ".." not in name


def test_a_long_name_is_cut_between_characters_and_keeps_its_ending() -> None:
    stem, ending = split("𠮷" * 100 + ".PDF")
    name = member(1, stem, ending)
    assert name == f"001-{'𠮷' * 37}.pdf"
    assert member(2, "x", "p/f") == "002-x.bin"
    assert split("没有扩展名") == ("没有扩展名", "")


def test_two_cases_never_share_a_zip_whatever_a_ledger_numbered_them() -> None:
    assert file_name("SSFB", "2026-1") == "案卷-SSFB-2026-1.zip"
    numbers = ("2020/1", "2020_1", "2020:1", "..", "")
    found = {file_name(office, number) for office in ("SSFB", "JJSB") for number in numbers}
    assert len(found) == 10
    assert file_name("A-B", "2026-1") != file_name("A", "B-2026-1")
    assert all(name.startswith("案卷-") and not {*"/:"} & {*name} for name in found)


# --- the order ---------------------------------------------------------------------------------------------


def test_every_letter_and_kind_has_its_place_and_letters_stand_before_what_belongs_to_them() -> None:
    assert PLACES.keys() == {("letter", le.code) for le in LETTERS} | {("file", kind) for kind in KINDS}
    files = [PLACES["file", kind] for kind in KINDS]
    assert files == sorted(files)
    order = [
        ("file", "request"), ("letter", "receipt"), ("letter", "correction"), ("letter", "third_party"),
        ("file", "opinion"), ("letter", "third_party_told"), ("letter", "secrecy"), ("letter", "reply_granted"),
        ("file", "released"), ("file", "dispatch"), ("letter", "service"), ("file", "delivery"), ("file", "other"),
    ]  # fmt: skip
    assert [PLACES[what] for what in order] == sorted(PLACES[what] for what in order)
    assert PLACES["letter", "reply_partial"] == PLACES["letter", "not_further_fee"]


def test_a_letter_without_a_place_is_found_out_at_import() -> None:
    with pytest.raises(ValueError, match="no place"):
        places({**BEFORE, "delivery": ()})
