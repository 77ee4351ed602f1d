"""The due day in a sentence: what the page says above the working."""

from __future__ import annotations

from dataclasses import replace

import pytest

from caseflow.law.clock import clock
from caseflow.law.explain import position, sentence
from caseflow.law.facts import Consultation, Extension, Facts, Pause
from tests.law.days import CALENDAR, day

PLAIN = Facts(day("周一 2026-09-21"))  # due on 10月26日
TODAY = "周一 2026-10-12"
FEE = Pause("fee", day("周一 2026-09-28"))  # 20 working days to pay: to 10月30日
PAID = replace(FEE, met=day("周五 2026-10-09"))
CORRECTION = Pause("correction", day("周一 2026-09-28"), day("周一 2026-10-19"))
SENT = day("周二 2026-09-29")
THIRD = Consultation(SENT, day("周三 2026-09-30"))  # 15 working days: to 10月27日
JOINT = Consultation(SENT, day("周四 2026-10-08"), party="joint_organ")  # to 10月28日
DEFERRED = day("周一 2026-11-30")

SAID: dict[str, tuple[Facts, str]] = {
    "the plain term": (PLAIN, "从 9月21日 收到申请的次日起算，法定 20 个工作日。"),
    "extended": (
        replace(PLAIN, extensions=(Extension(5),)),
        "从 9月21日 收到申请的次日起算，法定 20 个工作日，延期 5 个工作日。",
    ),
    "waiting for a correction": (
        replace(PLAIN, pauses=(CORRECTION,)),
        "等申请人补正，期限到 10月19日 周一；等待期间没有到期日，收到补正之日起重新计算 20 个工作日。",
    ),
    "waiting for a fee": (
        replace(PLAIN, pauses=(FEE,)),
        "等申请人缴费，期限到 10月30日 周五；等待期间没有到期日，缴费之日起重新计算 20 个工作日。",
    ),
    "waiting for a fee, extended before": (
        replace(PLAIN, pauses=(FEE,), extensions=(Extension(5),)),
        "等申请人缴费，期限到 10月30日 周五；等待期间没有到期日，缴费之日起重新计算 25 个工作日。",
    ),
    "paid": (replace(PLAIN, pauses=(PAID,)), "从 10月9日 缴费的次日起算，法定 20 个工作日。"),
    "a third party": (
        replace(PLAIN, consultations=(THIRD,)),
        "正在征求第三方意见，对方最晚 10月27日 周二 提出意见；到那天仍不提出的，"
        "到期日为 11月17日 周二，提早收到意见的，到期日相应提前。",
    ),
    "a joint organ, whose silence is consent": (
        replace(PLAIN, consultations=(JOINT,)),
        "正在征求共同制作机关意见，对方最晚 10月28日 周三 提出意见；到那天仍不提出的，视为同意公开，"
        "到期日为 11月18日 周三，提早收到意见的，到期日相应提前。",
    ),
    "both at once": (
        replace(PLAIN, consultations=(THIRD, JOINT)),
        "正在征求第三方和共同制作机关意见，对方最晚 10月28日 周三 提出意见；到那天仍不提出的，"
        "到期日为 11月18日 周三，提早收到意见的，到期日相应提前。",
    ),
    "a third party that has answered and an organ that has not": (
        replace(PLAIN, consultations=(replace(THIRD, opinion=day("周五 2026-10-09")), JOINT)),
        "正在征求共同制作机关意见，对方最晚 10月28日 周三 提出意见；到那天仍不提出的，视为同意公开，"
        "到期日为 11月18日 周三，提早收到意见的，到期日相应提前。",
    ),
    "waiting for a fee while an organ is asked": (
        replace(PLAIN, pauses=(FEE,), consultations=(JOINT,)),
        "等申请人缴费，期限到 10月30日 周五；等待期间没有到期日，缴费之日起重新计算 20 个工作日。"
        "同时正在征求共同制作机关意见，对方最晚 10月28日 周三 提出意见。",
    ),
    "deferred": (
        replace(PLAIN, deferred_to=DEFERRED),
        "按第三十五条确定延迟答复，日期为 11月30日 周一，已告知申请人。",
    ),
    "deferred, and nobody's silence moves the day": (
        replace(PLAIN, deferred_to=DEFERRED, consultations=(JOINT,)),
        "按第三十五条确定延迟答复，日期为 11月30日 周一，已告知申请人。",
    ),
    "deferred, then waiting for a fee": (
        replace(PLAIN, deferred_to=DEFERRED, pauses=(FEE,)),
        "等申请人缴费，期限到 10月30日 周五；等待期间没有到期日，缴费之日起重新计算 20 个工作日，"
        "不早于已确定的延迟答复日期 11月30日 周一。",
    ),
    "paid, and the day set is still later": (
        replace(PLAIN, deferred_to=DEFERRED, pauses=(PAID,)),
        "按第三十五条确定延迟答复，日期为 11月30日 周一，已告知申请人。",
    ),
    "paid, and the day set is superseded": (
        replace(PLAIN, deferred_to=day("周五 2026-10-30"), pauses=(PAID,)),
        "从 10月9日 缴费的次日起算，法定 20 个工作日，晚于此前确定的延迟答复日期 10月30日 周五，按重新起算的期限。",
    ),
}


@pytest.mark.parametrize("case", SAID)
def test_the_sentence_of_a_case(case: str) -> None:
    facts, words = SAID[case]
    assert sentence(facts, clock(facts, CALENDAR), day(TODAY)) == words


def test_a_consultation_whose_days_are_over_is_told_as_days_left_out() -> None:
    facts = replace(PLAIN, consultations=(THIRD, JOINT))
    one, none = day("周三 2026-10-28"), day("周四 2026-10-29")
    found = clock(facts, CALENDAR)
    assert sentence(facts, found, one).startswith("正在征求共同制作机关意见，")  # the third party's ended
    assert sentence(facts, found, none).endswith("，扣除征求意见 17 个工作日。")


@pytest.mark.parametrize(
    ("facts", "today", "words"),
    [
        (PLAIN, TODAY, "今天是第 10 日，共 20 日：法定 20 日"),
        (PLAIN, "周二 2026-10-27", "逾期 1 个工作日，共 20 日：法定 20 日"),
        (
            replace(PLAIN, extensions=(Extension(5),)),
            TODAY,
            "今天是第 10 日，共 25 日：法定 20 日，延期 5 日",
        ),
        (replace(PLAIN, consultations=(JOINT,)), TODAY, "已计 5 日，共 20 日：法定 20 日；征求意见期间不计"),
        (replace(PLAIN, pauses=(FEE,)), TODAY, "期限停止计算"),
        # the 20 days are long over, the day that was set is not
        (replace(PLAIN, deferred_to=DEFERRED), "周四 2026-11-26", "剩 2 个工作日，按确定的延迟答复日期"),
        (replace(PLAIN, deferred_to=DEFERRED), "周一 2026-11-30", "今天到期，按确定的延迟答复日期"),
        (replace(PLAIN, deferred_to=DEFERRED), "周二 2026-12-01", "逾期 1 个工作日，按确定的延迟答复日期"),
    ],
)
def test_where_the_term_stands_today(facts: Facts, today: str, words: str) -> None:
    assert position(clock(facts, CALENDAR), day(today), CALENDAR) == words
