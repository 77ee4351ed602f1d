"""What a pass writes to whom: a digest and what is urgent, each alert once to an address."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from tests.alerts.conftest import DUE, RECEIVED, nine
from tests.support.office import seq

if TYPE_CHECKING:
    from tests.alerts.conftest import Post

FRIDAY, SOON = date(2026, 10, 16), date(2026, 10, 22)  # 6 and 2 working days left


def told(post: Post) -> list[tuple[str, str]]:
    """Kind and address of each letter."""
    return sorted((letter.kind, letter.address) for letter in post.outbox())


def subjects(post: Post) -> list[str]:
    return [letter.subject for letter in post.outbox()]


def only_clerk(post: Post) -> None:
    post.give("lead", email="")


def test_each_person_gets_one_digest_of_all_that_needs_them(post: Post) -> None:
    post.make_pass(SOON)
    assert told(post) == [("digest", "lijianhua@example.cn"), ("digest", "wangmin@example.cn")]
    assert set(subjects(post)) == {"依申请公开：2 项需要办理，最急的 10月26日 周一 到期"}
    post.make_pass(SOON)
    assert len(told(post)) == 2


def test_a_letter_says_case_term_day_and_what_is_left(post: Post) -> None:
    only_clerk(post)
    post.make_pass(SOON)
    (letter,) = post.outbox()
    assert letter.body.splitlines() == [
        "王敏：",
        "",
        "以下各项需要办理（石狮市人民政府办公室，10月22日 周四）：",
        "",
        "1. 2026-1　答复　10月26日 周一 到期，剩 2 个工作日（经办人 王敏）",
        "2. 2026-2　答复　10月26日 周一 到期，剩 2 个工作日（经办人 王敏）",
        "",
        "请登录依申请公开办理系统查看。这封信由系统自动发出，不用回复。",
    ]


def test_the_subject_counts_the_lines_of_the_letter(post: Post) -> None:
    """A case with two terms is two lines."""
    only_clerk(post)
    post.office.replied(RECEIVED, date(2026, 10, 12))  # neither proved delivered nor archived
    post.make_pass(date(2026, 11, 20))
    (letter,) = post.outbox()
    lines = [line.split("　")[0] for line in letter.body.splitlines() if "　" in line]
    assert lines == ["1. 2026-1", "2. 2026-2", "3. 2026-3", "4. 2026-3"]
    assert letter.subject == "依申请公开：4 项需要办理，最急的 10月26日 周一 已经到期"


def test_what_is_due_today_comes_in_a_letter_of_its_own_and_no_third_one(post: Post) -> None:
    only_clerk(post)
    for received in (date(2026, 9, 22), date(2026, 9, 23), date(2026, 9, 18)):
        post.office.accepted(received)
    post.make_pass(DUE)
    assert told(post) == [("digest", "wangmin@example.cn"), ("urgent", "wangmin@example.cn")]
    assert subjects(post) == [
        "依申请公开：2 件今天必须答复（10月26日 周一 到期）",
        "依申请公开：3 项需要办理，最急的 10月22日 周四 已经到期",
    ]


def test_who_has_no_address_gets_none_and_keeps_nobody_from_theirs(post: Post) -> None:
    post.give("clerk", email="")
    post.make_pass(SOON)
    assert told(post) == [("digest", "lijianhua@example.cn")]


def test_a_closed_account_gets_no_mail(post: Post) -> None:
    post.give("lead", disabled=True)
    post.make_pass(SOON)
    assert told(post) == [("digest", "wangmin@example.cn")]


def test_whose_account_was_closed_gets_no_mail_of_what_they_were_shown(post: Post) -> None:
    post.give("lead", email="")
    post.make_pass(SOON)
    post.give("lead", email="lijianhua@example.cn", disabled=True)
    post.make_pass(SOON)
    assert told(post) == [("digest", "wangmin@example.cn")]


def test_what_may_have_left_is_not_written_anew_the_next_day(served: Post) -> None:
    only_clerk(served)
    served.make_pass(SOON)
    served.box.hangs_up = True
    served.send(nine(SOON))
    served.make_pass(date(2026, 10, 23))  # 1 working day left: no new rung
    assert [(letter.state, letter.told_on) for letter in served.outbox()] == [("sending", SOON)]


def test_a_digest_of_a_clock_that_ran_ahead_is_not_todays(served: Post) -> None:
    only_clerk(served)
    ahead = SOON + timedelta(days=11)  # a Monday
    served.make_pass(ahead, by_clock=True)
    served.send(nine(ahead))
    for hour in range(2):  # the clock was set right
        served.make_pass(SOON, nine(SOON) + timedelta(hours=hour), by_clock=True)
    assert [(letter.kind, letter.told_on) for letter in served.outbox()] == [
        ("digest", ahead),
        ("digest", SOON),
    ]
    assert "剩 2 个工作日" in served.outbox()[-1].body


def test_an_address_that_two_share_is_told_once(post: Post) -> None:
    post.give("lead", email="WangMin@example.cn")
    post.make_pass(SOON)
    assert len(told(post)) == 1
    post.make_pass(SOON, nine(SOON) + timedelta(hours=1))
    assert len(told(post)) == 1


def test_what_was_acknowledged_is_not_mailed(post: Post) -> None:
    from caseflow.alerts import inbox
    from caseflow.calendars import store

    for who in ("clerk", "lead"):
        post.give(who, email="")
    post.make_pass(SOON)
    inbox.acknowledge_all(post.office.people["clerk"], SOON, store.current(), nine(SOON))
    for who in ("clerk", "lead"):
        post.give(who, email=f"{who}@example.cn")
    post.make_pass(SOON)
    assert told(post) == [("digest", "lead@example.cn")]


def test_whoever_is_away_gets_none_while_the_deputy_does(served: Post) -> None:
    post = served
    only_clerk(post)
    post.give("colleague", email="chenxiao@example.cn")
    away = {"away_from": SOON, "away_until": SOON, "deputy_id": post.office.people["colleague"]}
    post.give("clerk", **away)
    post.make_pass(SOON)
    assert told(post) == [("digest", "chenxiao@example.cn")]
    post.send(nine(SOON))
    post.make_pass(SOON + timedelta(days=1))  # back again: what still stands
    assert told(post) == [("digest", "chenxiao@example.cn"), ("digest", "wangmin@example.cn")]


def test_whoever_is_away_gets_theirs_where_the_deputy_has_no_address(post: Post) -> None:
    only_clerk(post)
    away = {"away_from": SOON, "away_until": SOON, "deputy_id": post.office.people["colleague"]}
    post.give("clerk", **away)
    post.make_pass(SOON)
    assert told(post) == [("digest", "wangmin@example.cn")]


def test_after_ten_days_off_there_is_one_digest_of_what_stands(post: Post) -> None:
    only_clerk(post)
    post.make_pass(FRIDAY)
    post.make_pass(date(2026, 10, 28))
    last = post.outbox()[-1]
    assert last.subject == "依申请公开：2 项需要办理，最急的 10月26日 周一 已经到期"
    assert len(told(post)) == 1  # the first, never sent, told of what stands no longer
    assert last.body.count("2026-1　") == 1


def test_a_case_answered_in_the_meantime_is_in_no_letter(post: Post) -> None:
    from caseflow.stages import archive

    only_clerk(post)
    archive.withdraw(post.office.work("clerk", SOON), 1, seq(1), SOON, "")
    post.make_pass(SOON)
    (letter,) = post.outbox()
    assert "2026-1　答复" not in letter.body


def test_by_the_clock_nothing_is_written_outside_the_hours_of_mail(post: Post) -> None:
    for hour in (23, 10):  # 7:00 and 18:00 in China
        post.make_pass(SOON, datetime(2026, 10, 21 if hour == 23 else 22, hour, tzinfo=UTC), by_clock=True)
    post.make_pass(date(2026, 10, 24), by_clock=True)  # Saturday
    assert told(post) == []


def test_by_the_clock_there_is_one_digest_a_day_and_what_is_due_today_comes_at_once(post: Post) -> None:
    only_clerk(post)
    post.make_pass(SOON, by_clock=True)
    post.office.accepted(date(2026, 9, 17))  # was due yesterday
    post.office.accepted(date(2026, 9, 18))  # is due today
    post.make_pass(SOON, nine(SOON) + timedelta(hours=1), by_clock=True)
    assert [kind for kind, _ in told(post)] == ["digest", "urgent"]
    post.make_pass(date(2026, 10, 23), by_clock=True)
    assert [kind for kind, _ in told(post)].count(
        "digest"
    ) == 1  # yesterday's was never sent: it is in today's
    assert "2026-3" in post.outbox()[-1].body


def test_a_long_letter_ends_with_how_many_more_there_are(post: Post) -> None:
    from caseflow.alerts import mail

    only_clerk(post)
    for _ in range(mail.LISTED - 1):
        post.office.accepted(RECEIVED)
    post.make_pass(SOON)
    (letter,) = post.outbox()
    assert "51 项需要办理" in letter.subject
    assert f"{mail.LISTED}. " in letter.body
    assert "另有 1 项，登录以后查看。" in letter.body


def test_whom_an_alert_comes_to_concern_is_mailed_it_once_and_nobody_else_again(served: Post) -> None:
    """A ladder without a rung at two days or below nought."""
    from caseflow.stages import terms

    terms.set_rule("reply", "3", False, None)
    served.give("supervisor", email="chendan@example.cn")
    written = []
    for today in (date(2026, 10, 21), SOON, date(2026, 10, 23), DUE, date(2026, 10, 27), date(2026, 10, 28)):
        served.make_pass(today)
        served.send(nine(today))
        written.append((today, [m.address.split("@")[0] for m in served.outbox() if m.told_on == today]))
    assert [(today.day, to) for today, to in written if to] == [
        (21, ["wangmin"]), (22, ["lijianhua"]), (27, ["chendan"]),
    ]  # fmt: skip
    assert {m.kind for m in served.outbox()} == {"digest"}


def test_what_was_first_told_when_it_was_overdue_is_not_said_to_be_due_today(post: Post) -> None:
    from caseflow.stages import terms

    terms.set_rule("reply", "10,0", False, None)
    only_clerk(post)
    post.make_pass(date(2026, 10, 28))
    (letter,) = post.outbox()
    assert (letter.kind, "今天" in letter.body) == ("digest", False)
