"""Letters leave once each, whatever happens to the mail server, the process or the line between them."""

from __future__ import annotations

import os
import re
import signal
import time
from datetime import date, datetime, timedelta
from email.message import EmailMessage
from typing import TYPE_CHECKING, Any

import pytest

from tests.alerts.conftest import DUE, RECEIVED, nine
from tests.support.children import Child, together
from tests.support.postbox import CERTIFICATE, balking, listening

if TYPE_CHECKING:
    from tests.alerts.conftest import Post

SOON = date(2026, 10, 22)  # 2 working days left: 王敏 and 李建华 are told
NOW = nine(SOON)
BOTH = ["lijianhua@example.cn", "wangmin@example.cn"]


def states(post: Post) -> list[str]:
    return [letter.state for letter in post.outbox()]


def minutes_waiting(post: Post, since: datetime) -> float:
    (letter,) = post.outbox()
    return (letter.next_at - since).total_seconds() / 60


def only_one(post: Post) -> None:
    """Let 王敏 alone have an address, and a letter waiting."""
    post.give("lead", email="")
    post.make_pass(SOON)


def test_a_letter_arrives_in_chinese_and_once(served: Post) -> None:
    served.make_pass(SOON)
    assert served.send(NOW) == {"sent": 2, "waiting": 0, "given_up": 0, "uncertain": 0}
    assert served.send(NOW, force=True)["sent"] == 0
    assert served.box.addresses == BOTH
    letter = dict(served.box.arrived)["wangmin@example.cn"]
    assert letter["Subject"] == "依申请公开：2 项需要办理，最急的 10月26日 周一 到期"
    assert letter["From"] == "信息公开办 <gk@example.cn>"
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter["Date"].datetime == NOW
    assert letter.get_content_charset() == "utf-8"
    assert "2026-1　答复　10月26日 周一 到期，剩 2 个工作日（经办人 王敏）" in letter.get_content()


def test_the_letter_and_its_row_can_be_matched(served: Post) -> None:
    served.make_pass(SOON)
    served.send(NOW)
    marks = {letter["Message-ID"] for _, letter in served.box.arrived}
    rows = {f"<caseflow.{row.id}.{row.created_at:%Y%m%d%H%M%S}@example.cn>" for row in served.outbox()}
    assert marks == rows
    assert [row.sent_at for row in served.outbox()] == [NOW, NOW]


def test_while_the_server_is_away_letters_wait_and_none_is_lost_or_doubled(post: Post) -> None:
    post.make_pass(SOON)
    assert post.send(NOW) == {"sent": 0, "waiting": 1, "given_up": 0, "uncertain": 0}  # one try finds out
    assert states(post) == ["waiting", "waiting"]
    with listening(post.box):
        assert post.send(NOW)["sent"] == 2
    assert post.box.addresses == BOTH


def test_a_server_that_is_away_uses_up_no_letters_tries(post: Post) -> None:
    from caseflow.alerts import deliver

    only_one(post)
    for minutes in range(0, 5 * (deliver.TRIES + 1), 5):
        assert post.send(NOW + timedelta(minutes=minutes), force=True)["waiting"] == 1
    (letter,) = post.outbox()
    assert (letter.state, letter.tries) == ("waiting", 0)
    assert letter.error.startswith("连不上邮件服务器")
    with listening(post.box):
        assert post.send(NOW + timedelta(hours=2))["sent"] == 1


BALKING = (
    # at which command, what it says (None: nothing, b"": it hangs up), what is said of it
    (b"MAIL", b"", "断线"),
    (b"MAIL", b"550 You may not send\r\n", "不接受发件人：550 You may not send"),
    (b"RCPT", b"421 Closing\r\n", "421 Closing"),
    (b"RCPT", b"@@@ what\r\n", "答非所问：what"),
    (b"DATA", b"", "断线"),
    (b"DATA", None, "断线"),
    (b"DATA", b"\xff\xfe garbage\r\n", "答非所问"),
    (b"DATA", b"250 OK\r\n", "答非所问：250 OK"),
    (b"DATA", b"421 Closing\r\n", "421 Closing"),
)


@pytest.mark.parametrize(("at", "answer", "said"), BALKING)
def test_a_server_that_breaks_off_before_the_letter_may_come_has_no_letter_and_no_try(
    post: Post, monkeypatch: pytest.MonkeyPatch, at: bytes, answer: bytes | None, said: str
) -> None:
    from caseflow.alerts import deliver

    monkeypatch.setattr(deliver, "PATIENCE", 0.3)
    only_one(post)
    with balking(post.box.port, at, answer) as heard:
        assert post.send(NOW) == {"sent": 0, "waiting": 1, "given_up": 0, "uncertain": 0}
    assert not any(line.startswith(b"Subject") for line in heard)
    (letter,) = post.outbox()
    assert (letter.state, letter.tries) == ("waiting", 0)
    assert said in letter.error
    with listening(post.box):
        assert post.send(NOW)["sent"] == 1


def test_a_letter_refused_before_it_may_come_has_had_its_try(post: Post) -> None:
    only_one(post)
    with balking(post.box.port, b"DATA", b"451 Not this one now\r\n"):
        assert post.send(NOW)["waiting"] == 1
    (letter,) = post.outbox()
    assert (letter.state, letter.tries, letter.error) == ("waiting", 1, "451 Not this one now")


def test_a_letter_at_which_the_server_breaks_off_holds_up_no_other(post: Post) -> None:
    """It is the first of two in the outbox."""
    post.make_pass(SOON)
    first, second = post.outbox()
    with balking(post.box.port, f"RCPT TO:<{first.address}>".upper().encode(), b""):
        post.send(NOW)
    with balking(post.box.port, f"RCPT TO:<{first.address}>".upper().encode(), b"") as heard:
        post.send(NOW)
    assert f"rcpt TO:<{second.address}>".encode() in heard


def test_ten_days_without_a_mail_server_end_in_one_digest(post: Post) -> None:
    for day in (date(2026, 10, 19), SOON, DUE, date(2026, 10, 27)):
        post.make_pass(day)
        post.send(nine(day), force=True)
    with listening(post.box):
        post.send(nine(date(2026, 10, 27)), force=True)
    assert post.box.addresses == BOTH
    assert "逾期 1 个工作日" in post.box.arrived[0][1].get_content()


def test_a_refused_letter_waits_longer_each_time_and_is_given_up_in_the_end(served: Post) -> None:
    from caseflow.alerts import deliver

    only_one(served)
    served.box.refused["wangmin@example.cn"] = "451 Try again later"
    now, waits = NOW, []
    for _ in range(deliver.TRIES):
        served.send(now)
        waits.append(minutes_waiting(served, now))
        now += timedelta(minutes=waits[-1])
    assert waits[:8] == [1, 5, 15, 60, 240, 720, 1440, 1440]
    (letter,) = served.outbox()
    assert (letter.state, letter.tries, letter.error) == ("given_up", deliver.TRIES, "451 Try again later")
    assert served.send(now + timedelta(days=9), force=True)["sent"] == 0


def test_an_address_that_does_not_exist_is_given_up_at_once(served: Post) -> None:
    served.make_pass(SOON)
    served.box.refused["wangmin@example.cn"] = "550 No such user"
    assert served.send(NOW) == {"sent": 1, "waiting": 0, "given_up": 1, "uncertain": 0}
    (error,) = [letter.error for letter in served.outbox() if letter.state == "given_up"]
    assert error == "550 No such user"


NO_ADDRESSES = (
    "王敏@example.cn", "a@[b.cn", "wang,min@x.cn", "a;b@x.cn", "a:b@x.cn", "a@(b.cn", "=?utf-8?q?a?=@x.cn",
    "a@x.cn\nBcc: b@x.cn",
)  # fmt: skip


@pytest.mark.parametrize("address", NO_ADDRESSES)
def test_an_address_that_no_envelope_can_hold_is_given_up_and_holds_up_no_other(
    served: Post, address: str
) -> None:
    served.give("clerk", email=address)
    served.make_pass(SOON)
    assert served.send(NOW) == {"sent": 1, "waiting": 0, "given_up": 1, "uncertain": 0}
    assert served.box.addresses == ["lijianhua@example.cn"]
    assert {letter.error for letter in served.outbox()} == {"", "这个电子邮箱写不进信封"}


@pytest.mark.parametrize(
    "fault", [AttributeError("local_part"), ValueError("x"), IndexError(), RuntimeError()]
)
def test_a_letter_that_cannot_be_written_is_given_up_and_holds_up_no_other(
    served: Post, monkeypatch: pytest.MonkeyPatch, fault: Exception
) -> None:
    from caseflow.alerts import deliver

    def message(letter: deliver.Letter, *rest: Any) -> EmailMessage:
        if letter.address == "lijianhua@example.cn":
            raise fault
        return write(letter, *rest)

    write = deliver.message
    monkeypatch.setattr(deliver, "message", message)
    served.make_pass(SOON)
    assert served.send(NOW) == {"sent": 1, "waiting": 0, "given_up": 1, "uncertain": 0}
    assert served.box.addresses == ["wangmin@example.cn"]
    (error,) = [letter.error for letter in served.outbox() if letter.state == "given_up"]
    assert error.startswith(type(fault).__name__)


def test_a_line_that_begins_with_a_dot_arrives_as_it_was_written(
    served: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    from caseflow.alerts import deliver

    def message(letter: deliver.Letter, *rest: Any) -> EmailMessage:
        mail = write(letter, *rest)
        mail.set_content(".\r\n..two\r\nend\r\n", cte="7bit")
        return mail

    write = deliver.message
    monkeypatch.setattr(deliver, "message", message)
    only_one(served)
    assert served.send(NOW)["sent"] == 1
    assert served.box.arrived[0][1].get_content() == ".\r\n..two\r\nend\r\n"


def test_a_letter_that_waits_for_somebody_whose_account_was_closed_goes_to_nobody(served: Post) -> None:
    served.make_pass(SOON)
    served.give("clerk", disabled=True)
    assert served.send(NOW)["sent"] == 1
    assert served.box.addresses == ["lijianhua@example.cn"]
    assert states(served) == ["sent"]


def test_a_letter_that_waits_goes_to_the_address_the_person_has_now(served: Post) -> None:
    only_one(served)
    served.box.refused["wangmin@example.cn"] = "451 Try again later"
    served.send(NOW)
    served.give("clerk", email="wang.min@example.cn")
    assert served.send(NOW)["sent"] == 1  # the refusal was the old address's
    assert served.box.addresses == ["wang.min@example.cn"]


def test_whoever_shared_an_address_that_was_changed_is_told_there_all_the_same(served: Post) -> None:
    served.give("lead", email="wangmin@example.cn")
    served.make_pass(SOON)
    (letter,) = served.outbox()
    (mover,) = [who for who in ("clerk", "lead") if served.office.people[who] == letter.person_id]
    served.give(mover, email="new@example.cn")
    served.send(NOW)
    served.make_pass(SOON)
    served.send(NOW)
    assert served.box.addresses == ["new@example.cn", "wangmin@example.cn"]


def test_an_address_that_was_told_already_is_not_told_again_by_whoever_moves_there(served: Post) -> None:
    served.make_pass(SOON)
    served.box.refused["wangmin@example.cn"] = "451 Try again later"
    served.send(NOW)
    served.give("clerk", email="LiJianhua@example.cn")
    for _ in range(2):
        served.send(NOW, force=True)
        served.make_pass(SOON)
    assert served.box.addresses == ["lijianhua@example.cn"]


@pytest.mark.parametrize("change", [{"disabled": True}, {"email": "wang.min@example.cn"}])
def test_what_changes_while_the_server_is_asked_still_counts(
    served: Post, monkeypatch: pytest.MonkeyPatch, change: dict[str, Any]
) -> None:
    from caseflow.alerts import deliver

    def envelope(*asked: Any) -> None:
        ask(*asked)
        served.give("clerk", **change)

    ask = deliver.envelope
    monkeypatch.setattr(deliver, "envelope", envelope)
    only_one(served)
    assert set(served.send(NOW).values()) == {0}
    assert served.box.arrived == []


@pytest.mark.parametrize("answer", ["451 Busy", "554 No spam here"])
def test_a_server_that_refuses_the_letter_itself_has_not_taken_it(served: Post, answer: str) -> None:
    only_one(served)
    served.box.answer = answer
    assert served.send(NOW)["waiting"] == 1
    (letter,) = served.outbox()
    assert (letter.state, letter.tries, letter.error) == ("waiting", 1, answer)
    served.box.answer = "250 OK"
    assert served.send(NOW + timedelta(minutes=1))["sent"] == 1


def test_a_line_that_breaks_in_the_middle_of_a_letter_leaves_it_uncertain(served: Post) -> None:
    only_one(served)
    served.box.hangs_up = True
    assert served.send(NOW)["uncertain"] == 1
    served.box.hangs_up = False
    assert served.send(NOW + timedelta(days=9), force=True)["sent"] == 0
    assert states(served) == ["sending"]
    assert len(served.box.arrived) == 1


@pytest.mark.parametrize("when", ["before the answer", "before it is marked"])
def test_killed_between_handing_over_and_marking_it_is_not_sent_twice(served: Post, when: str) -> None:
    only_one(served)
    if when == "before the answer":
        child = Child(served.settings, "send_all", NOW.isoformat())
        served.box.before_answer = lambda: os.kill(child.pid, signal.SIGKILL)
    else:
        child = Child(served.settings, "killed_at", "sent_at=", "send_all", NOW.isoformat())
    child.go().killed()
    served.box.before_answer = lambda: None
    assert states(served) == ["sending"]
    assert served.send(NOW + timedelta(days=1), force=True)["sent"] == 0
    assert len(served.box.arrived) == 1


def test_killed_before_handing_over_it_still_waits(served: Post) -> None:
    only_one(served)
    Child(served.settings, "killed", "send_all", NOW.isoformat()).go().killed()
    assert states(served) == ["waiting"]
    assert served.send(NOW)["sent"] == 1
    assert len(served.box.arrived) == 1


def test_three_processes_at_once_send_each_letter_once(served: Post) -> None:
    for who in ("colleague", "supervisor", "admin"):
        served.give(who, email=f"{who}@example.cn", role="lead")
    served.make_pass(SOON)
    results = together(served.settings, 3, "send_all", NOW.isoformat())
    assert sum(result["sent"] for result in results) == 5
    assert len(served.box.arrived) == len(set(served.box.addresses)) == 5


def test_whoever_was_followed_sends_nothing(served: Post) -> None:
    from caseflow.alerts import lease

    only_one(served)
    old = lease.take("first", timedelta(seconds=-5))
    lease.take("second")
    assert old
    with pytest.raises(lease.Superseded):
        served.send(NOW, token=old)
    assert states(served) == ["waiting"]
    assert served.box.arrived == []


def test_a_leader_frozen_past_its_lead_sends_nothing_when_it_wakes(served: Post) -> None:
    from caseflow.alerts import lease

    only_one(served)
    child = Child(served.settings, "led_send", NOW.isoformat(), 1.0).go()
    child.hear("leads")
    os.kill(child.pid, signal.SIGSTOP)
    try:
        token, deadline = None, time.monotonic() + 20
        while token is None and time.monotonic() < deadline:
            time.sleep(0.2)
            token = lease.take("second")
        assert token == 2
        assert served.send(NOW, token=token)["sent"] == 1
    finally:
        os.kill(child.pid, signal.SIGCONT)
    assert child.go().result() == "sent"  # which found nothing that waits
    assert len(served.box.arrived) == 1


def test_a_clock_set_back_holds_up_no_new_letter(served: Post) -> None:
    only_one(served)
    assert served.send(NOW - timedelta(hours=1))["sent"] == 1


def test_no_mail_server_no_mail(post: Post) -> None:
    from dataclasses import replace

    from caseflow.alerts import deliver

    only_one(post)
    assert deliver.send_all(NOW, replace(post.settings, smtp_url=""))["waiting"] == 0
    assert [letter.tries for letter in post.outbox()] == [0]


def test_name_and_password_are_given_where_the_setting_has_them(post: Post) -> None:
    from dataclasses import replace

    from caseflow.alerts import deliver

    only_one(post)
    url = f"smtp://gk:p%40ss@127.0.0.1:{post.box.port}"
    with listening(post.box, {"gk": "p@ss"}):
        wrong = replace(post.settings, smtp_url=url.replace("p%40ss", "else"))
        assert deliver.send_all(NOW, wrong)["waiting"] == 1
        assert "else" not in post.outbox()[0].error
        assert deliver.send_all(NOW, replace(post.settings, smtp_url=url), force=True)["sent"] == 1
    assert post.box.addresses == ["wangmin@example.cn"]


def test_where_the_server_offers_starttls_a_letter_goes_under_it(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    only_one(post)
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
    with listening(post.box, tls=True):  # takes nothing in the clear
        assert post.send(NOW)["sent"] == 1


def test_a_server_whose_certificate_nobody_vouches_for_gets_no_letter(post: Post) -> None:
    only_one(post)
    with listening(post.box, tls=True):
        assert post.send(NOW)["waiting"] == 1
    assert "CERTIFICATE_VERIFY_FAILED" in post.outbox()[0].error
    assert post.box.arrived == []


def test_nothing_of_an_applicant_is_in_a_letter(served: Post) -> None:
    served.office.accepted(
        RECEIVED, name="郭晓东", certificate_number="350581199001011024", phone="13900001111",
        content="某片区拆迁档案",
    )  # fmt: skip
    for day in (date(2026, 10, 12), SOON, DUE, date(2026, 10, 28)):
        served.make_pass(day)
        served.send(nine(day))
    assert len(served.box.arrived) > 4
    for _, letter in served.box.arrived:
        text = letter.as_string() + letter.get_content() + letter["Subject"]
        assert not re.search("林国栋|蔡文清|郭晓东|350581|1390000|改造|征收|拆迁", text)
