"""The legal day of receipt, by the way the request came (art. 31), and the days that can't be right."""

from __future__ import annotations

from datetime import date

import pytest

from caseflow.law.receipt import CHANNELS, MAILS, RULES, legal_receipt, refuse_arrival, rule_for
from tests.law.days import day

SUBMITTED = day("周一 2026-09-21")
ARRIVED = day("周三 2026-09-23")
CONFIRMED = day("周四 2026-09-24")
TODAY = day("周二 2026-12-01")

WAYS = [
    ("in_person", "", SUBMITTED, "第三十一条第一项"),
    ("letter", "signed", ARRIVED, "第三十一条第二项"),
    ("letter", "ordinary", CONFIRMED, "第三十一条第二项"),
    ("online", "", CONFIRMED, "第三十一条第三项"),
    ("fax", "", CONFIRMED, "第三十一条第三项"),
    ("other", "", CONFIRMED, "第三十一条"),
]


@pytest.mark.parametrize(("channel", "mail", "received", "article"), WAYS)
def test_the_channel_decides_which_day_is_the_receipt(
    channel: str, mail: str, received: date, article: str
) -> None:
    found = legal_receipt(channel, mail, submitted=SUBMITTED, arrived=ARRIVED, confirmed=CONFIRMED)
    assert found == received
    assert rule_for(channel, mail).article == article


@pytest.mark.parametrize(("channel", "mail", "received", "article"), WAYS)
def test_what_must_be_confirmed_has_no_receipt_before(
    channel: str, mail: str, received: date, article: str
) -> None:
    waits = received == CONFIRMED
    assert rule_for(channel, mail).needs_confirmation is waits
    assert (legal_receipt(channel, mail, submitted=SUBMITTED, arrived=ARRIVED) is None) is waits


def test_every_channel_and_every_kind_of_letter_has_a_rule() -> None:
    ways = {(channel, mail) for channel in CHANNELS for mail in (MAILS if channel == "letter" else [""])}
    assert ways == set(RULES) == {(channel, mail) for channel, mail, _, _ in WAYS}


def test_a_letter_of_unknown_kind_was_signed_for() -> None:
    assert rule_for("letter") == rule_for("letter", "signed")


def test_only_a_letter_has_a_kind() -> None:
    assert rule_for("online", "ordinary") == rule_for("online")


def test_an_unknown_channel_has_no_rule() -> None:
    for channel, mail in (("pigeon", ""), ("letter", "perfumed")):
        with pytest.raises(KeyError):
            rule_for(channel, mail)


# --- days that can't be right ------------------------------------------------------------------------------


def refused(channel: str, mail: str = "", /, **dates: date) -> dict[str, str]:
    return refuse_arrival(channel, mail, dates, TODAY)


@pytest.mark.parametrize(("channel", "mail", "received", "article"), WAYS)
def test_days_in_order_are_taken(channel: str, mail: str, received: date, article: str) -> None:
    assert refused(channel, mail, submitted=SUBMITTED, arrived=ARRIVED, confirmed=CONFIRMED) == {}
    same = dict.fromkeys(("submitted", "arrived", "confirmed"), TODAY)
    assert refused(channel, mail, **same) == {}


@pytest.mark.parametrize(
    ("field", "label"), [("submitted", "提交日"), ("arrived", "签收日"), ("confirmed", "双方确认日")]
)
def test_a_day_in_the_future_is_refused_at_its_field(field: str, label: str) -> None:
    tomorrow = {"submitted": SUBMITTED, "arrived": SUBMITTED} | {field: day("周三 2026-12-02")}
    assert refused("letter", **tomorrow)[field] == f"{label}不能晚于今天（12月1日）"


@pytest.mark.parametrize("field", ["submitted", "arrived", "confirmed"])
def test_a_day_before_the_regulation_came_into_force_is_refused(field: str) -> None:
    days = {"submitted": day("周四 2008-05-01"), "arrived": day("周四 2008-05-01")}
    assert refused("letter", **days) == {}
    found = refused("letter", **days | {field: day("周三 2008-04-30")})
    assert "不能早于条例施行之日（2008年5月1日 星期四）" in found[field]


def test_a_letter_is_not_signed_for_before_it_was_posted() -> None:
    found = refused("letter", "signed", submitted=ARRIVED, arrived=SUBMITTED)
    assert found == {"arrived": "签收日不能早于提交日（9月23日）"}


def test_nothing_is_confirmed_before_it_was_submitted() -> None:
    found = refused("online", submitted=CONFIRMED, confirmed=SUBMITTED)
    assert found == {"confirmed": "双方确认日不能早于提交日（9月24日）"}


def test_an_ordinary_letter_is_not_confirmed_before_it_arrived() -> None:
    found = refused("letter", "ordinary", submitted=SUBMITTED, arrived=CONFIRMED, confirmed=ARRIVED)
    assert found == {"confirmed": "双方确认日不能早于签收日（9月24日）"}


def test_the_day_submitted_is_named_with_its_year_where_it_is_not_this_one() -> None:
    found = refused("online", submitted=day("周三 2025-12-31"), confirmed=day("周二 2025-12-30"))
    assert found == {"confirmed": "双方确认日不能早于提交日（2025年12月31日）"}


@pytest.mark.parametrize(
    ("channel", "mail", "missing"),
    [("in_person", "", {"submitted"}), ("letter", "signed", {"arrived"}), ("letter", "", {"arrived"})],
)
def test_the_deciding_day_is_asked_for(channel: str, mail: str, missing: set[str]) -> None:
    assert set(refused(channel, mail)) == missing


@pytest.mark.parametrize("channel", ["online", "fax", "other"])
def test_a_confirmation_may_still_be_awaited(channel: str) -> None:
    assert refused(channel, submitted=SUBMITTED) == {}


def test_every_wrong_day_is_named_at_once() -> None:
    future = dict.fromkeys(("submitted", "arrived", "confirmed"), day("周三 2026-12-02"))
    assert set(refused("letter", **future)) == {"submitted", "arrived", "confirmed"}
