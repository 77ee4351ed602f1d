"""收费: notice, payment, lapse (art. 42, 国办函〔2020〕109号); one tariff for a request, never both."""

from __future__ import annotations

from datetime import date

from ..law import fees
from ..law.facts import PAYMENT_DAYS
from ..law.words import month_day
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

    The applicant has 20 working days from ``told``, the day the notice came, ``on`` where it isn't known;
    until then there is no due day.
    """
    with acting(work, case_id, seen, "fee_notice", on) as case:
        amount = price(on, tariff, count)
        told = told or on
        until = case.calendar.add(told, PAYMENT_DAYS)
        case.write({"tariff": tariff, "count": count, "amount": amount, "told": told, "until": until}, note)


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
        last = case.file.pending.last_day(case.calendar) if case.file.pending else None
        if last and on <= last:
            raise Refused(f"要在缴费期限（{month_day(last, work.today)}）届满以后", "on")
        case.write({"result": "other_fee_unpaid"}, note)
