"""An e-mail address is refused, or a letter to it goes there and nowhere else."""

from __future__ import annotations

import email
import email.policy
import smtplib
from datetime import UTC, datetime

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from caseflow.alerts import deliver
from caseflow.mail_address import is_address
from caseflow.stages import people
from caseflow.stages.errors import Refused

NOW = datetime(2026, 10, 26, tzinfo=UTC)
WORD = st.text("abZ9.-_+,;:()<>[]\"\\'!%=?/@ \n\t\u738b", max_size=70)


class Heard(smtplib.SMTP):
    """A mail server that agrees to all it hears."""

    def __init__(self) -> None:
        super().__init__()
        self.heard: list[tuple[str, str]] = []

    def putcmd(self, cmd: str, args: str = "") -> None:
        """Keep it."""
        self.heard.append((cmd.upper(), args))

    def getreply(self) -> tuple[int, bytes]:
        """Agree."""
        return (354 if self.heard[-1][0] == "DATA" else 250), b""


def goes_there(address: str) -> None:
    server = Heard()
    deliver.envelope(server, "gk@example.cn", address)
    assert [said for cmd, said in server.heard if cmd == "RCPT"] == [f"TO:<{address}>"]
    letter = deliver.Letter(1, address, "题", "文", NOW, 0)
    written = deliver.message(letter, NOW, "gk@example.cn").as_bytes()
    read = email.message_from_bytes(written, policy=email.policy.default)
    assert [to.addr_spec for to in read["To"].addresses] == [address]


@given(st.one_of(st.text(max_size=130), st.builds("{}@{}.cn".format, WORD, WORD), st.emails()))
def test_a_text_is_refused_or_is_the_address_the_letter_goes_to(text: str) -> None:
    if is_address(text):
        goes_there(text)
    elif text:
        with pytest.raises(Refused):
            people.check_email(text)


@given(
    st.from_regex(
        r"[A-Za-z0-9_+-]{1,20}(\.[a-z0-9]{1,10}){0,3}@[a-z0-9]{1,40}(\.[a-z]{1,20}){1,2}", fullmatch=True
    )
)
def test_a_plain_address_is_taken(address: str) -> None:
    assume(len(address) <= 120)
    people.check_email(address)
    goes_there(address)


@pytest.mark.parametrize(
    "text",
    [
        "", "wangmin", "@example.cn", "wangmin@", "wangmin@localhost", "a@b@c.cn", ".a@x.cn", "a.@x.cn", "a..b@x.cn",
        "a@-x.cn", "a@x-.cn", "a@x..cn", "a@.cn", "a b@x.cn", "a@x.cn\n", "a@x.cn,b@x.cn", "wang,min@x.cn", "a;b@x.cn",
        "a:b@x.cn", "a@[b.cn", "a@(b.cn", "a(b)@x.cn", '"a"@x.cn', "a%b@x.cn", "b!a@x.cn", "=?utf-8?q?a?=@x.cn",
        "王敏@x.cn", "a@王.cn", "\uff41@x.cn", "a" * 65 + "@x.cn", "a@" + "b" * 64 + ".cn",
    ],
)  # fmt: skip
def test_what_could_be_read_in_two_ways_is_no_address(text: str) -> None:
    assert not is_address(text)
