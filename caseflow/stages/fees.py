"""收费: notice, payment, lapse (art. 42, 国办函〔2020〕109号); one tariff for a request, never both."""

from __future__ import annotations

from datetime import date

from ..law import fees
from .desk import Work, acting
from .errors import Refused

LARGEST = 1_000_000  # pages or pieces that nobody ever asked for


def fee_notice(
    work: Work,
    case_id: int,
    seen: int,
    on: date,
    tariff: str,
    count: int,
    told: date | None = None,
    note: str = "",
) -> None:
    """收费通知: ``count`` is the pages of this request, or its place among the applicant's of the month.

    The applicant has 20 working days from ``told``, the day the notice came, ``on`` while it isn't known;
    until then there is no due day. The last of them is never kept: it follows from the calendar.
    """
    with acting(work, case_id, seen, "fee_notice", on) as case:
        amount = price(on, tariff, count)
        case.write({"tariff": tariff, "count": count, "amount": amount, "told": told}, note)


def deliver_fee_notice(work: Work, case_id: int, seen: int, on: date) -> None:
    """登记收到收费通知: the applicant's 20 working days to pay run from ``on`` (art. 42)."""
    with acting(work, case_id, seen, "deliver_fee_notice", on) as case:
        case.write()


def price(on: date, tariff: str, count: int) -> int:
    """The fee told on a day, in whole yuan. Raises Refused where nothing is to be paid."""
    if on < fees.IN_FORCE:
        raise Refused("2021年1月1日以前不收信息处理费", "on")
    if tariff not in fees.TARIFFS:
        raise Refused("选择按件或者按量计收", "tariff")
    if not 1 <= count <= LARGEST:
        raise Refused("填写 1 以上的整数", "count")
    amount = fees.amount(tariff, count)
    if not amount:
        free = f"每月 {fees.FREE_PIECES} 件" if tariff == "pieces" else f"{fees.FREE_PAGES} 页"
        raise Refused(f"{free}以内不收费", "count")
    return amount


def pay_fee(work: Work, case_id: int, seen: int, on: date, note: str = "") -> None:
    """已缴费: paid in full; ``on`` is day 0 of the full term anew."""
    with acting(work, case_id, seen, "pay_fee", on) as case:
        case.write(note=note)


def lapse_fee(work: Work, case_id: int, seen: int, on: date, note: str) -> None:
    """逾期未缴费: taken as given up; the request is handled no further."""
    with acting(work, case_id, seen, "lapse_fee", on) as case:
        case.write({"result": "other_fee_unpaid"}, note)
