"""The information-processing fee: the published figures, and a cashier who adds page by page."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caseflow.law.fees import TARIFFS, amount, by_pages, by_piece, piece_price, tariff_words, working

# 国办函〔2020〕109号: so many pages of one request cost so many yuan (art. 5)
PAGES = {
    0: 0, 1: 0, 30: 0, 31: 10, 50: 200, 100: 700, 101: 720, 150: 1700, 200: 2700, 201: 2740, 260: 5100,
}  # fmt: skip
# so many pieces of one applicant in a calendar month cost so many yuan together (art. 4)
PIECES = {0: 0, 1: 0, 10: 0, 11: 100, 20: 1000, 30: 2000, 31: 2200, 40: 4000, 41: 4300, 51: 7400}
# what the last of them costs: each band of ten beyond the 30th is dearer by 100 yuan a piece
PRICES = {1: 0, 10: 0, 11: 100, 30: 100, 31: 200, 40: 200, 41: 300, 50: 300, 51: 400, 101: 900}

MANY = st.integers(0, 1000)


# --- the cashier, who adds one after another ---------------------------------------------------------------


def page_after_page(pages: int) -> int:
    fee = 0
    for page in range(1, pages + 1):
        if page > 200:
            fee += 40
        elif page > 100:
            fee += 20
        elif page > 30:
            fee += 10
    return fee


def piece_after_piece(first: int, count: int) -> int:
    fee, price, dearer_from = 0, 100, 31
    for piece in range(1, first + count):
        if piece == dearer_from:
            price, dearer_from = price + 100, dearer_from + 10
        if piece >= first and piece > 10:
            fee += price
    return fee


# --- the figures -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("pages", "yuan"), PAGES.items())
def test_art_5_so_many_pages_of_a_request_cost(pages: int, yuan: int) -> None:
    assert by_pages(pages) == amount("pages", pages) == yuan == page_after_page(pages)


def test_the_tariffs_and_a_fee_by_them_are_told_in_words() -> None:
    assert tariff_words("pages") == (
        "30 页以内不收，第 31–100 页每页 10 元，第 101–200 页每页 20 元，第 201 页起每页 40 元"
    )
    assert tariff_words("pieces") == (
        "每月 10 件以内不收，第 11–30 件每件 100 元，第 31 件起每增 10 件每件再加 100 元"
    )
    assert working("pages", 150) == "150 页，前 30 页不收，70 页 × 10 元＋50 页 × 20 元"
    assert working("pages", 30) == "30 页，前 30 页不收"
    assert working("pages", 201).endswith("＋100 页 × 20 元＋1 页 × 40 元")
    assert working("pieces", 31) == "本月第 31 件，每件 200 元"


@pytest.mark.parametrize(("pieces", "yuan"), PIECES.items())
def test_art_4_so_many_pieces_of_an_applicant_in_a_month_cost(pieces: int, yuan: int) -> None:
    assert by_piece(1, pieces) == yuan == piece_after_piece(1, pieces)


@pytest.mark.parametrize(("nth", "yuan"), PRICES.items())
def test_art_4_the_nth_piece_of_the_month_costs(nth: int, yuan: int) -> None:
    assert piece_price(nth) == amount("pieces", nth) == yuan


# --- what holds for any number -----------------------------------------------------------------------------


@pytest.mark.soak
@given(MANY)
def test_the_fee_by_volume_is_that_of_the_cashier(pages: int) -> None:
    assert by_pages(pages) == page_after_page(pages)


@pytest.mark.soak
@given(st.integers(1, 300), st.integers(0, 300))
def test_the_fee_by_piece_is_that_of_the_cashier(first: int, count: int) -> None:
    assert by_piece(first, count) == piece_after_piece(first, count)


@pytest.mark.soak
@given(MANY)
def test_one_more_is_never_cheaper_and_its_price_never_falls(count: int) -> None:
    pages = [by_pages(count + more) for more in range(3)]
    assert pages[0] <= pages[1] <= pages[2]
    assert pages[1] - pages[0] <= pages[2] - pages[1]
    assert piece_price(count + 1) <= piece_price(count + 2) <= piece_price(count + 1) + 100


@pytest.mark.soak
@given(st.integers(1, 300), st.integers(0, 100), st.integers(0, 100))
def test_pieces_paid_in_two_parts_cost_what_they_cost_at_once(first: int, some: int, more: int) -> None:
    assert by_piece(first, some) + by_piece(first + some, more) == by_piece(first, some + more)


def test_only_what_lies_above_a_band_has_its_price() -> None:
    assert [by_pages(n + 1) - by_pages(n) for n in (29, 30, 99, 100, 199, 200)] == [0, 10, 10, 20, 20, 40]
    assert [piece_price(n) for n in (10, 11, 30, 31, 40, 41)] == [0, 100, 100, 200, 200, 300]


# --- what is refused ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("nth", [0, -1])
def test_pieces_are_counted_from_1(nth: int) -> None:
    with pytest.raises(ValueError, match="from 1"):
        piece_price(nth)
    with pytest.raises(ValueError, match="from 1"):
        by_piece(nth, 2)
    with pytest.raises(ValueError, match="from 1"):
        by_piece(nth, 0)
    with pytest.raises(ValueError, match="from 1"):
        amount("pieces", nth)


def test_fewer_than_none_is_no_number() -> None:
    with pytest.raises(ValueError, match="from 0"):
        by_pages(-1)
    with pytest.raises(ValueError, match="from 0"):
        amount("pages", -1)
    with pytest.raises(ValueError, match="negative"):
        by_piece(11, -1)


def test_a_request_is_charged_by_one_of_two_tariffs() -> None:
    assert list(TARIFFS) == ["pieces", "pages"]
    with pytest.raises(KeyError):
        amount("both", 31)
