"""The six classes of applicant, in the order of table 3's columns."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caseflow.law.applicants import (
    CLASSES,
    COLUMN_LABELS,
    COLUMNS,
    alike,
    certificate,
    class_of,
    is_masked,
    masked,
)

PRINTED = ["自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他", "总计"]


def test_table_3_has_six_classes_and_their_total() -> None:
    assert [COLUMN_LABELS[code] for code in COLUMNS] == PRINTED
    assert list(COLUMNS) == [
        "natural_person", "enterprise", "research", "social", "legal_service", "other", "total",
    ]  # fmt: skip
    assert [*CLASSES, "total"] == list(COLUMNS)


@pytest.mark.parametrize("code", CLASSES)
def test_a_class_is_read_by_code_and_by_label(code: str) -> None:
    assert class_of(code) == code
    assert class_of(f" {CLASSES[code]} ") == code


def test_the_older_name_of_the_social_organisations_is_read() -> None:
    assert class_of("社会组织") == "social"


@pytest.mark.parametrize("label", ["", "总计", "total", "律师", "个体工商户"])
def test_what_is_no_class_is_not_guessed(label: str) -> None:
    assert class_of(label) is None


def test_a_certificate_number_is_the_same_however_its_letters_are_typed() -> None:
    kept = "35058119900101102X"
    assert certificate("３５058119900101102x") == certificate(kept.lower()) == certificate(kept) == kept
    assert certificate("") == ""
    assert certificate("ﷺ") == "ﷺ"  # would be longer than its column


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("350581199001011024", "3505**********1024"),  # 居民身份证
        ("35058119900101102X", "3505**********102X"),
        ("350581900101102", "3505*******1102"),  # of fifteen digits
        ("91350581MA2XYZ1234", "9135**********1234"),  # 统一社会信用代码
        ("13850005678", "138****5678"),
        ("0595-88880000", "059******0000"),
        ("88880000", "8*****00"),
        ("E12345678", "E******78"),  # 护照
        ("H12345", "H***45"),
        ("12345", "*****"),
        ("甲", "*"),
        ("", ""),
    ],
)
def test_the_middle_of_a_number_is_hidden_and_of_a_short_one_all(number: str, shown: str) -> None:
    assert masked(number) == shown
    assert masked(shown) == shown
    assert is_masked(shown) == bool(number)
    assert alike(number, shown)
    assert alike(shown, number.lower())


def test_two_numbers_are_alike_as_far_as_both_are_shown() -> None:
    whole, other = "350581199001011024", "350581198001011024"
    assert alike(whole, whole)
    assert not alike(whole, other)
    assert alike(masked(whole), other)  # nobody can tell
    assert not alike(masked(whole), "350581199001011025")
    assert not alike(masked(whole), "")


@given(st.text(min_size=1, max_size=20))
def test_what_is_masked_of_a_number_as_kept_is_kept_as_it_is(number: str) -> None:
    kept = masked(certificate(number))
    assert certificate(kept) == kept
    assert certificate(certificate(number)) == certificate(number)
