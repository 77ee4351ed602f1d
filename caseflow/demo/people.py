"""The people of a demonstration, and the file that says how to sign in as them."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from ..law.workflow import ROLES
from ..models import Office, Person
from ..stages import offices, passwords
from . import words

FILE = "demo-accounts.json"
URL = "http://127.0.0.1:8000"

Accounts = dict[str, Any]


class Cast:
    """Who plays: every account has the same password, made up on the spot."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.password = passwords.made()
        self.hashed = passwords.hashed(self.password)
        self.accounts: list[dict[str, str]] = []

    def join(self, office: Office, username: str, name: str, role: str, department: str = "") -> int:
        """Add someone; returns the id. Needn't change the password: it is a demonstration."""
        person = Person(
            office_id=office.id, username=username, name=name, role=role, email=f"{username}@example.cn",
            password_hash=self.hashed, must_change=False, department=department,
        )  # fmt: skip
        self.session.add(person)
        self.session.flush()
        self.accounts.append({"role": ROLES[role], "username": username, "password": self.password})
        return person.id


def found(session: Session, now: datetime) -> tuple[Office, Cast, dict[str, int]]:
    """The demonstration's first office with a person of each role; ids by the keys of ``words.PEOPLE``."""
    offices.mark(session, True, now)
    office = offices.create(session, *words.OFFICE)
    furnish(office, words.LETTERHEAD)
    cast = Cast(session)
    ids = {
        key: cast.join(office, username, name, role, words.DEPARTMENTS.get(key, ""))
        for key, username, name, role in words.PEOPLE
    }
    return office, cast, ids


def furnish(office: Office, letterhead: Mapping[str, str]) -> None:
    """Say what the letters of an office bear, so that they can be issued."""
    for name, text in letterhead.items():
        setattr(office, name, text)


def publish(
    instance: Path, accounts: Sequence[dict[str, str]], url: str, tickets: Sequence[dict[str, str]] = ()
) -> Accounts:
    """Write the accounts, and tickets of the counter, into the instance folder, for its owner's eyes only."""
    told = {"url": url, "accounts": list(accounts), "tickets": list(tickets)}
    path = instance / FILE
    path.unlink(missing_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(told, file, ensure_ascii=False, indent=1)
    return told
