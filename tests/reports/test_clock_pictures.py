"""The clock as a picture: every day is what the clock says, and no words lie over others or outside."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import combinations, pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from caseflow.law.clock import clock
from caseflow.law.facts import Consultation, Extension, Facts, Pause
from caseflow.reports.clock_days import ClockDays, clock_days, reasons
from caseflow.reports.clock_drawing import Drawing, legend
from caseflow.reports.clock_labels import fold, width
from caseflow.reports.clock_timeline import timeline
from caseflow.reports.clock_weeks import weeks
from tests.law.days import CALENDAR, day
from tests.law.test_clock_oracle import histories

RECEIVED = day("周一 2026-09-21")
FULL = Facts(
    RECEIVED,
    (Pause("correction", day("周一 2026-09-28"), day("周一 2026-10-19"), day("周五 2026-10-16")),),
    (Consultation(day("周三 2026-10-28"), day("周四 2026-10-29"), day("周三 2026-11-11")),),
    (Extension(5, day("周二 2026-11-24")),),
)
TODAY = day("周二 2026-12-01")
CLOSED_BY = st.sampled_from(["reply", "lapsed", "withdrawn"])


def laid(facts: Facts, today: date = TODAY, closed_by: str = "") -> ClockDays:
    return clock_days(facts, clock(facts, CALENDAR), CALENDAR, today, closed_by)


def words(drawing: Drawing) -> list[str]:
    return [t.words for t in drawing.texts]


# --- the days ----------------------------------------------------------------------------------------------


def numbers_of(found: ClockDays, kind: str) -> list[int]:
    return [d.number for d in found.days if d.kind == kind]


def test_each_day_is_void_awaited_counted_left_out_or_of_the_extension() -> None:
    found = laid(FULL)
    assert numbers_of(found, "void") == [1, 2, 3, 4]
    assert numbers_of(found, "counted") == [*range(1, 26)]
    assert len(numbers_of(found, "excluded")) == 10
    assert [d.number for d in found.days if d.extended] == [21, 22, 23, 24, 25]
    assert [d.day for d in found.days if d.kind == "counted" and not d.passed] == [
        day("周三 2026-12-02"), day("周四 2026-12-03"), day("周五 2026-12-04"),
    ]  # fmt: skip
    assert found.starts == {RECEIVED, day("周五 2026-10-16")}


def test_every_stretch_has_its_effect_and_its_article() -> None:
    assert [(s.name, s.effect) for s in laid(FULL).stretches] == [
        ("前 4 日", "作废 · 第三十条"),
        ("等申请人补正", "重新起算 · 第三十条"),
        ("第 1–8 日", "计 8 日 · 第三十三条"),
        ("征求第三方意见", "扣 10 日 · 第三十二、三十三条"),
        ("第 9–20 日", "计 12 日 · 第三十三条"),
        ("延期 5 日", "第三十三条"),
    ]


def test_a_make_up_weekend_is_a_day_of_the_term() -> None:
    found = laid(Facts(day("周四 2026-09-17")), day("周一 2026-09-21"))
    assert {d.day: d.number for d in found.days}[day("周日 2026-09-20")] == 2


def test_the_days_after_an_unanswered_due_day_are_late_up_to_today() -> None:
    found = laid(Facts(day("周一 2026-10-12")), day("周五 2026-11-13"))
    late = [d.day for d in found.days if d.kind == "late"]
    assert late == [
        day("周二 2026-11-10"),
        day("周三 2026-11-11"),
        day("周四 2026-11-12"),
        day("周五 2026-11-13"),
    ]
    assert found.stretches[-1].effect == "4 个工作日"


def test_a_late_reply_is_late_up_to_the_day_it_was_sent_and_the_picture_has_no_today() -> None:
    facts = Facts(day("周一 2026-10-12"), closed=day("周二 2026-11-10"))
    found = laid(facts, TODAY, "reply")
    assert [d.day for d in found.days if d.kind == "late"] == [day("周二 2026-11-10")]
    assert found.today is None
    assert "今天" not in words(timeline(found))
    assert [h.what for h in found.happenings] == ["收到申请", "发出答复", "到期"]


@pytest.mark.parametrize("closed_by", ["lapsed", "withdrawn"])
def test_a_case_closed_without_a_reply_ends_on_that_day_and_shows_no_due_day(closed_by: str) -> None:
    asked = Pause("correction", day("周五 2026-09-25"), day("周一 2026-10-19"))
    found = laid(Facts(RECEIVED, (asked,), closed=day("周三 2026-10-28")), TODAY, closed_by)
    assert found.due is None
    assert found.days[-1].day == day("周三 2026-10-28")
    assert {d.kind for d in found.days if d.working and d.day > day("周五 2026-09-25")} == {"wait"}


def test_while_payment_is_awaited_there_is_no_due_day_but_the_last_day_to_pay() -> None:
    found = laid(Facts(RECEIVED, (Pause("fee", day("周二 2026-09-29")),)), day("周五 2026-10-09"))
    assert found.due is None
    assert [h.what for h in found.happenings] == ["收到申请", "收费通知", "缴费期限"]
    assert "due" not in dict(legend(found))


def test_a_wait_goes_on_after_the_applicants_last_day_while_nothing_comes() -> None:
    found = laid(Facts(RECEIVED, (Pause("correction", day("周五 2026-09-25"), day("周一 2026-10-12")),)))
    assert found.days[-1].day == TODAY
    assert found.days[-1].kind == "wait"


def test_the_other_is_named_whether_a_third_party_or_a_joint_organ() -> None:
    asked = (
        Consultation(day("周一 2026-09-28"), party="joint_organ"),
        Consultation(day("周一 2026-09-28")),
    )
    found = laid(Facts(RECEIVED, (), asked), day("周二 2026-09-29"))
    assert found.happenings[1].what == "征求共同制作机关意见、征求第三方意见"
    assert "征求第三方和共同制作机关意见" in [s.name for s in found.stretches]


def test_two_periods_of_others_are_told_apart() -> None:
    sent = day("周一 2026-09-28")
    third, joint = Consultation(sent, n=1), Consultation(sent, sent, party="joint_organ", n=2)
    found = laid(Facts(RECEIVED, (), (third, joint)), day("周二 2026-09-29"))
    assert [h.what for h in found.happenings if "期限" in h.what] == ["第三方期限、共同制作机关期限"]
    again = Consultation(day("周二 2026-09-29"), n=2)
    found = laid(Facts(RECEIVED, (), (third, again)), day("周二 2026-09-29"))
    names = [h.what for h in found.happenings if "期限" in h.what]
    assert names == ["第三方第 1 次期限", "第三方第 2 次期限"]


def test_the_day_the_notice_of_a_fee_came_has_a_pin_of_its_own() -> None:
    asked = Pause("fee", day("周二 2026-09-29"), told=day("周五 2026-10-09"))
    found = laid(Facts(RECEIVED, (asked,)), day("周五 2026-10-09"))
    assert [h.what for h in found.happenings] == ["收到申请", "收费通知", "收到收费通知", "缴费期限"]


def test_reasons_asked_for_and_given_and_the_day_a_deferral_was_decided_have_their_pins() -> None:
    from tests.law.histories import accepted, case, iso, registered

    told = (registered(), accepted(), ("ask_reasons", "周一 2026-09-28", {"until": iso("周五 2026-10-09")}))
    given = (*told, ("receive_reasons", "周四 2026-10-08"))
    put_off = {"until": iso("周一 2026-11-30"), "told": iso("周五 2026-10-09")}
    assert [what for _, what in reasons(case(*told))] == ["要求说明理由", "说明期限"]
    done = case(*given, ("defer", "周五 2026-10-09", put_off))
    assert [*reasons(done)] == [
        (day("周一 2026-09-28"), "要求说明理由"),
        (day("周四 2026-10-08"), "说明理由"),
        (day("周五 2026-10-09"), "确定延迟"),
    ]
    # a ledger doesn't say when it was decided
    assert [
        *reasons(case(registered(), accepted(), ("defer", "周一 2026-09-21", {"until": put_off["until"]})))
    ] == []
    facts = done.facts()
    assert facts is not None
    drawn = clock_days(facts, clock(facts, CALENDAR), CALENDAR, TODAY, "", reasons(done))
    no_words_lie_over_others(timeline(drawn))
    assert "确定延迟" in words(timeline(drawn))


def test_a_day_set_under_article_35_stands_as_the_due_day() -> None:
    found = laid(
        replace(FULL, pauses=(), consultations=(), extensions=(), deferred_to=day("周五 2026-12-18"))
    )
    assert found.happenings[-1].what == "延迟答复日期"
    assert found.stretches[-1].effect == "至确定的日期 · 第三十五条"
    assert [d.kind for d in found.days][-1] == "deferred"


def test_a_provisional_due_day_says_so_in_the_picture() -> None:
    found = laid(Facts(day("周五 2026-12-18")), day("周五 2026-12-18"))
    assert "2027年1月18日 周一（暂定）" in words(timeline(found))


# --- the pictures ------------------------------------------------------------------------------------------


def test_a_long_wait_takes_no_more_room_than_what_stands_out_in_it() -> None:
    asked = Pause("correction", day("周五 2026-09-25"), None, day("周三 2027-06-30"))
    found = laid(Facts(RECEIVED, (asked,)), day("周四 2027-07-01"))
    line, page = timeline(found), weeks(found)
    assert any(w.startswith("……3") and "周，等申请人" in w for w in words(page))
    assert page.height < 400
    narrowest = min(r.width for r in line.rects if r.look in {"clk-left", "clk-void"})
    assert narrowest > 15


def test_a_day_of_counting_shows_its_number_in_the_calendar_and_every_fifth_on_the_line() -> None:
    found = laid(FULL)
    assert {str(n) for n in range(1, 26)} <= set(words(weeks(found)))
    assert {"5", "10", "15", "20", "25"} <= set(words(timeline(found)))


def test_the_calendar_notes_each_week_what_happened_in_it() -> None:
    said = words(weeks(laid(FULL)))
    for note in ("9/28 告知补正", "10/16 收到补正，重新起算", "12/1 今天", "12/4 周五 到期"):
        assert note in said


def test_words_are_folded_to_the_room_they_have() -> None:
    lines = fold("征求第三方和共同制作机关意见", 80)
    assert "".join(lines) == "征求第三方和共同制作机关意见"
    assert all(width(line) <= 80 for line in lines)


def test_a_picture_of_many_things_on_a_few_days_still_tells_all_of_them() -> None:
    first = day("周二 2026-09-22")
    asked = tuple(
        Consultation(first + timedelta(days=n), opinion=first + timedelta(days=n + 1)) for n in range(8)
    )
    drawing = timeline(laid(Facts(RECEIVED, (), asked)))
    assert words(drawing).count("收到意见、征求第三方意见") == 7
    no_words_lie_over_others(drawing)


def no_words_lie_over_others(drawing: Drawing) -> None:
    boxes = [(t.words, t.box()) for t in drawing.texts]
    for said, (left, top, right, bottom) in boxes:
        assert left >= -0.1, said
        assert top >= 0, said
        assert right <= drawing.width + 0.1, said
        assert bottom <= drawing.height, said
    for (one, a), (other, b) in combinations(boxes, 2):
        apart = a[2] <= b[0] or b[2] <= a[0] or a[3] <= b[1] or b[3] <= a[1]
        assert apart, f"{one} lies over {other}"


@pytest.mark.soak
@example(FULL, 60, "reply")
@given(histories(), st.integers(-10, 500), CLOSED_BY)
def test_any_history_can_be_drawn_and_no_words_lie_over_others(
    facts: Facts, elapsed: int, closed_by: str
) -> None:
    approved = tuple(
        replace(e, approved=facts.received + timedelta(days=9 * n)) for n, e in enumerate(facts.extensions)
    )
    facts = replace(facts, extensions=approved)
    found = laid(facts, facts.received + timedelta(days=elapsed), closed_by if facts.closed else "")
    for drawing in (timeline(found), weeks(found)):
        no_words_lie_over_others(drawing)
        for r in drawing.rects:
            assert r.x >= -1
            assert r.x + r.width <= drawing.width + 1
            assert r.y >= 0
            assert r.y + r.height <= drawing.height
    assert legend(found)


@pytest.mark.soak
@given(histories(), st.integers(0, 300))
def test_the_days_drawn_as_counted_are_the_term(facts: Facts, elapsed: int) -> None:
    ticking = clock(facts, CALENDAR)
    found = laid(facts, facts.received + timedelta(days=elapsed), "reply" if facts.closed else "")
    counted = [d for d in found.days if d.kind == "counted"]
    if ticking.due is None:
        assert counted == []
        return
    assert [d.number for d in counted] == [*range(1, len(counted) + 1)]
    if not ticking.deferred:
        assert len(counted) == ticking.allowed
        assert counted[-1].day == ticking.due
    assert all(a.day < b.day for a, b in pairwise(counted))
