"""The six classes of applicant, in the order of table 3's columns."""

from __future__ import annotations

import pytest

from caseflow.law.applicants import CLASSES, COLUMN_LABELS, COLUMNS, certificate, class_of, forms

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
    assert {kept, kept.lower(), "３５"} <= forms(kept.lower()) | forms("３５")
