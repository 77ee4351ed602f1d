"""Sending the letters of the outbox: at most once each, whenever the process may die.

A letter goes through four states. ``waiting`` -> the mail server is asked for all it can refuse without
having the letter (greeting, sender, address, whether the letter may come) -> ``sending`` is committed, only
if the letter is still waiting for the same address and this process still leads -> the letter is handed
over -> ``sent`` is committed. So:

* of two processes one gets the letter, since the change to ``sending`` is a conditional UPDATE; the other
  hangs up on a server that waits for the letter and gets none;
* whoever dies before that commit has handed nothing over: the letter still waits;
* whoever dies after it leaves ``sending`` behind. Whether the server took the letter can't be known
  (结果不明): nothing sends it again by itself, an administrator sees it and decides (``outbox.again``);
* a server that answers with a refusal has not taken it: it waits again, longer each time, and is given
  up after TRIES, or at once where the server says that there is no such address;
* a server that can't be reached, or breaks off before, says nothing about the letter: that is no try.
"""

from __future__ import annotations

import re
import smtplib
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from email.errors import MessageError
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from typing import Any, cast
from urllib.parse import unquote, urlsplit

from sqlalchemy import ColumnElement, CursorResult, exists, or_, select, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from ..config import Settings
from ..db import db, transaction
from ..mail_address import is_address
from ..models import Mail, Person
from ..moment import local
from . import lease, outbox

PORTS = {"smtp": 25, "smtps": 465}
LET_COME = 354  # the server's answer to DATA: from now on it reads the letter
CLOSING = 421  # the server ends the conversation, whatever it was asked
PATIENCE = 60.0  # seconds for each answer of the server
BACK_OFF = (1, 5, 15, 60, 4 * 60, 12 * 60, 24 * 60)  # minutes; the last one again and again
TRIES = 12
# what libraries raise that meet a text they can't make a letter of
UNWRITABLE = (ValueError, TypeError, LookupError, AttributeError, AssertionError, RuntimeError, MessageError)
CUT = 300  # characters of an error that are kept


@dataclass(frozen=True)
class Letter:
    """A row of the outbox, apart from the database: nothing is held there while the server is waited for."""

    id: int
    address: str
    subject: str
    body: str
    created_at: datetime
    tries: int


class Refusal(Exception):
    """The letter isn't taken, for its own sake; ``lasting`` where its address is wrong."""

    def __init__(self, answer: str, lasting: bool = False) -> None:
        super().__init__(answer)
        self.lasting = lasting


class Away(Exception):
    """The server can't be reached or used now, for whatever letter."""


def send_all(now: datetime, settings: Settings, force: bool = False, token: int = 0) -> dict[str, int]:
    """Send what waits; with ``force`` also what would wait longer after a refusal.

    ``token`` is that of the lead under which the scheduler works, 0 for a command. Returns how many were
    sent, wait again, were given up, or are uncertain. Raises Superseded.
    """
    counts = {"sent": 0, "waiting": 0, "given_up": 0, "uncertain": 0}
    if not settings.smtp_url:
        return counts
    outbox.follow_people(now)
    for letter in _due(now, force):
        try:
            end = _send(letter, now, settings, token)
        except Away as error:
            _wait(letter, now, str(error))
            counts["waiting"] += 1
            break  # the others need not each find out
        except Refusal as refusal:
            end = _put_back(letter, "waiting", now, str(refusal), refusal.lasting)
        except (lease.Superseded, SQLAlchemyError):
            raise
        except UNWRITABLE as error:  # whatever this letter is like, those behind it leave
            end = _put_back(letter, "waiting", now, f"{type(error).__name__}：{_words(error)}", lasting=True)
        if end:
            counts[end] += 1
    return counts


def message(letter: Letter, now: datetime, sender: str) -> EmailMessage:
    """The letter as it is sent. Its Message-ID is the row's own, the same at every try."""
    mail = EmailMessage(policy=SMTP)
    domain = parseaddr(sender)[1].rpartition("@")[2]
    mail["From"], mail["To"], mail["Subject"] = sender, letter.address, letter.subject
    mail["Date"] = format_datetime(local(now))
    mail["Message-ID"] = f"<caseflow.{letter.id}.{letter.created_at:%Y%m%d%H%M%S}@{domain}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(letter.body, cte="base64")  # not every server takes eight bits
    return mail


def _due(now: datetime, force: bool) -> list[Letter]:
    query = select(Mail.id, Mail.address, Mail.subject, Mail.body, Mail.created_at, Mail.tries)
    # Whoever's turn met a server that broke off comes last, or one such letter would hold up all others
    query = query.where(Mail.state == "waiting").order_by(Mail.next_at, Mail.id)
    if not force:  # a letter not tried yet waits for nothing, though the clock was set back
        query = query.where(or_(Mail.tries == 0, Mail.next_at <= now))
    found = [Letter(*row) for row in db.session.execute(query)]
    db.session.rollback()
    return found


def _send(letter: Letter, now: datetime, settings: Settings, token: int) -> str:
    """Send one letter; returns what became of it, "" where another process had it first.

    Raises Refusal or Away while nothing is handed over.
    """
    if not is_address(letter.address):
        raise Refusal("这个电子邮箱写不进信封", lasting=True)
    written = message(letter, now, settings.mail_from).as_bytes()
    with _connection(settings) as server:
        try:
            envelope(server, parseaddr(settings.mail_from)[1], letter.address)
        except OSError as error:
            raise Away(f"交信以前断线：{_words(error)}") from error
        mine = False
        try:
            mine = _claim(letter, now, token)
        finally:
            if not mine:
                server.close()  # without the end of the letter the server has none
        return _hand_over(server, written, replace(letter, tries=letter.tries + 1), now) if mine else ""


def _hand_over(server: smtplib.SMTP, written: bytes, letter: Letter, now: datetime) -> str:
    """From here on the server may have the letter: only its own answer says whether."""
    try:
        server.send(re.sub(rb"(?m)^\.", b"..", written) + b".\r\n")
        code, answer = server.getreply()
    except smtplib.SMTPResponseException as error:
        code, answer = -1, _bytes(error.smtp_error)
    except OSError as error:
        code, answer = -1, f"交信的时候断线：{_words(error)}".encode()
    if 200 <= code < 300:
        _change(letter, "sending", state="sent", sent_at=now, error="")
        return "sent"
    if 400 <= code < 600:
        return _put_back(letter, "sending", now, _answer(code, answer))
    _change(letter, "sending", error=answer.decode("utf-8", "replace")[:CUT])
    return "uncertain"


@contextmanager
def _connection(settings: Settings) -> Iterator[smtplib.SMTP]:
    """A server that was greeted; raises Away."""
    try:
        server = _open(settings)
    except (OSError, ValueError) as error:
        raise Away(f"连不上邮件服务器：{_words(error)}") from error
    try:
        yield server
    finally:
        try:
            server.quit()
        except OSError:
            server.close()


def _trust() -> ssl.SSLContext:
    """Whose certificates count; reading them takes longer than a letter, so only where they are asked for."""
    return ssl.create_default_context()


def _open(settings: Settings) -> smtplib.SMTP:
    url = urlsplit(settings.smtp_url)
    host, port = url.hostname or "", url.port or PORTS[url.scheme]
    me = socket.gethostname()
    if url.scheme == "smtps":
        server: smtplib.SMTP = smtplib.SMTP_SSL(host, port, me, timeout=PATIENCE, context=_trust())
    else:
        server = smtplib.SMTP(host, port, me, timeout=PATIENCE)
    try:
        server.ehlo_or_helo_if_needed()
        if url.scheme == "smtp" and server.has_extn("starttls"):
            server.starttls(context=_trust())
            server.ehlo()  # what was said in the clear counts for nothing
        if url.username:
            server.login(unquote(url.username), unquote(url.password or ""))
    except BaseException:
        server.close()
        raise
    return server


def envelope(server: smtplib.SMTP, sender: str, address: str) -> None:
    """Who sends, who is to get it, and that the letter may come.

    Raises Refusal, Away where the answer isn't about this letter, or OSError where the line broke.
    """
    code, answer = server.mail(sender)
    if not 200 <= code < 300:  # the sender of all letters is the same
        raise Away(f"不接受发件人：{_answer(code, answer)}")
    code, answer = server.rcpt(address)
    if not 200 <= code < 300:
        raise _no(code, answer, lasting=code >= 500)
    code, answer = server.docmd("DATA")
    if code != LET_COME:
        raise _no(code, answer)


def _no(code: int, answer: bytes, lasting: bool = False) -> Exception:
    """What is raised for an answer before the letter was handed over."""
    if 400 <= code < 600 and code != CLOSING:
        return Refusal(_answer(code, answer), lasting)
    return Away(f"邮件服务器答非所问：{_answer(code, answer)}" if code != CLOSING else _answer(code, answer))


def _claim(letter: Letter, now: datetime, token: int) -> bool:
    """Take the letter for this process, and count the try; False where it is no longer to be had, or is
    for another address by now."""
    mine = (Person.id == Mail.person_id, Person.email == letter.address, Person.disabled.is_(False))
    still = or_(
        Mail.person_id.is_(None), exists().where(*mine)
    )  # an applicant's address is that of their form
    values = {"state": "sending", "tries": letter.tries + 1, "next_at": now, "error": ""}
    with transaction() as session:
        if token:
            lease.fence(session, token)
        return _update(session, letter, "waiting", still, **values)


def _wait(letter: Letter, now: datetime, error: str) -> None:
    """The server said nothing about the letter: it comes behind the others that wait."""
    _change(letter, "waiting", next_at=now + timedelta(minutes=BACK_OFF[0]), error=error[:CUT])


def _put_back(letter: Letter, state: str, now: datetime, error: str, lasting: bool = False) -> str:
    """Let a letter wait that surely was not taken, or give it up; returns which."""
    tries = letter.tries + (state == "waiting")  # a letter being sent counts this try already
    minutes = BACK_OFF[min(tries, len(BACK_OFF)) - 1]
    after = "given_up" if lasting or tries >= TRIES else "waiting"
    _change(
        letter, state, state=after, tries=tries, next_at=now + timedelta(minutes=minutes), error=error[:CUT]
    )
    return after


def _change(letter: Letter, before: str, **values: Any) -> None:
    with transaction() as session:
        _update(session, letter, before, **values)


def _update(session: Session, letter: Letter, before: str, *more: ColumnElement[bool], **values: Any) -> bool:
    """Change the row if it is still in this state after this many tries."""
    same = (Mail.id == letter.id, Mail.state == before, Mail.tries == letter.tries, *more)
    statement = update(Mail).where(*same).values(values).execution_options(synchronize_session=False)
    return cast(CursorResult[Any], session.execute(statement)).rowcount == 1


def _words(error: Exception) -> str:
    """What went wrong, without line breaks."""
    if isinstance(error, smtplib.SMTPResponseException):
        return _answer(error.smtp_code, _bytes(error.smtp_error))
    said = (isinstance(error, OSError) and error.strerror) or str(error) or type(error).__name__
    return re.sub(r"\s+", " ", said)


def _answer(code: int, answer: bytes) -> str:
    """The server's own words; without a code where they begin with none."""
    words = answer.decode("utf-8", "replace")
    return f"{code} {words}" if code > 0 else words


def _bytes(answer: bytes | str) -> bytes:
    return answer if isinstance(answer, bytes) else answer.encode()
