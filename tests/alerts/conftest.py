"""An office whose alerts go out by mail, to a mail server of the test's own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from tests.support import states
from tests.support.office import found
from tests.support.postbox import Postbox, free_port, listening

if TYPE_CHECKING:
    from caseflow.config import Settings
    from caseflow.models import Mail
    from tests.conftest import MakeApp
    from tests.support.office import DeskOffice

# Received on Monday 21 September 2026, and due on Monday 26 October: 25 September and the first week of
# October are off, Saturday 10 October is worked.
RECEIVED = date(2026, 9, 21)
DUE = date(2026, 10, 26)
SENDER = "信息公开办 <gk@example.cn>"


@dataclass(frozen=True)
class Post:
    """An office with two cases due on DUE, whose 王敏 and 李建华 have an e-mail address."""

    office: DeskOffice
    settings: Settings
    box: Postbox

    def give(self, who: str, **columns: object) -> None:
        """Write columns of a person of the office."""
        from caseflow.db import transaction
        from caseflow.models import Person

        with transaction() as session:
            for name, value in columns.items():
                setattr(session.get_one(Person, self.office.people[who]), name, value)

    def make_pass(self, today: date, now: datetime | None = None, by_clock: bool = False) -> None:
        """A pass for a day with its letters; at nine that morning unless ``now`` says otherwise."""
        from caseflow.alerts import ladder, lease
        from caseflow.calendars import store

        token = (lease.take("the clock") or 0) if by_clock else 0
        ladder.make_pass(today, now or nine(today), store.current(), token)

    def send(self, now: datetime, force: bool = False, token: int = 0) -> dict[str, int]:
        """What becomes of the letters that wait."""
        from caseflow.alerts import deliver

        return deliver.send_all(now, self.settings, force, token)

    def outbox(self) -> list[Mail]:
        """The rows of all letters."""
        from caseflow.db import db
        from caseflow.models import Mail

        db.session.rollback()
        return list(db.session.scalars(select(Mail).order_by(Mail.id)))


@pytest.fixture
def post(settings: Settings, make_app: MakeApp) -> Iterator[Post]:
    """An office whose alerts go out by mail; its mail server is there as soon as a test asks for ``served``."""
    box = Postbox(free_port())
    with_mail = replace(settings, smtp_url=box.url, mail_from=SENDER)
    with make_app(with_mail).app_context():

        def build() -> DeskOffice:
            post = Post(found(), with_mail, box)
            post.give("clerk", email="wangmin@example.cn")
            post.give("lead", email="lijianhua@example.cn")
            post.office.accepted(RECEIVED)
            post.office.accepted(RECEIVED, name="蔡文清", content="某镇征收补偿方案")
            return post.office

        yield Post(states.made_once("an office with mail", build), with_mail, box)


@pytest.fixture
def served(post: Post) -> Iterator[Post]:
    """The same with its mail server running."""
    with listening(post.box):
        yield post


def nine(day: date) -> datetime:
    """Nine in the morning in China."""
    return datetime.combine(day, time(1), UTC)
