"""签发: the lead signs the year; what is signed is never changed, a further edition explains itself."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from ..db import db, transaction
from ..models import Office, SignedYear
from ..stages.checks import LIMITS, fault
from ..stages.desk import Work
from ..stages.errors import Forbidden, Refused
from ..stages.signed import known
from .freeze import Frozen, freeze


def sign(work: Work, year: int, shown: str, explanation: str = "") -> SignedYear:
    """Sign the year as it was shown: ``shown`` is the hash of what the lead looked at.

    Raises Forbidden for anybody else; Refused where the year isn't over, the figures have changed meanwhile,
    an identity fails, nothing has changed since it was signed, or a further edition isn't explained.
    """
    if work.role != "lead":
        raise Forbidden("sign_year")
    if year >= work.today.year:
        raise Refused(f"{year} 年还没有结束，不能签发")
    if why := fault(explanation, LIMITS["note"]):
        raise Refused(why, "explanation")
    with transaction() as session:
        # nothing that counts in a year is written while it is being signed (stages.signed)
        office = session.execute(
            select(Office).where(Office.id == work.office_id).with_for_update()
        ).scalar_one()
        frozen, before = freeze(office, year), newest(session, office.id, year)
        _refuse(frozen, before, known(session, [office.id])[office.id].last, shown, explanation)
        row = SignedYear(
            office_id=office.id, year=year, edition=before.edition + 1 if before else 1,
            frozen=dict(frozen.data), explanation=explanation.strip(), hash=frozen.hash,
            signed_by=work.actor_id, signed_at=work.now,
        )  # fmt: skip
        session.add(row)
        session.flush()
        return row


def _refuse(frozen: Frozen, before: SignedYear | None, last: int, shown: str, explanation: str) -> None:
    if last and not before and frozen.year != last + 1:
        raise Refused(f"年报表按年度依次签发：已经签发到 {last} 年，下一个是 {last + 1} 年")
    if frozen.hash != shown:
        raise Refused("看过以后数字或者办件有变化，核对一遍再签发")
    if not frozen.data["figures"]["balanced"]:
        raise Refused("勾稽关系不成立，先把下面指出的办件改正过来")
    if before and before.hash == frozen.hash:
        raise Refused("和已经签发的一样，不用再签")
    if before and not explanation.strip():
        raise Refused("写明为什么再次签发：哪里改了，为什么", "explanation")


def newest(session: Session, office_id: int, year: int) -> SignedYear | None:
    """The edition that holds; None where the year isn't signed."""
    query = select(SignedYear).where(SignedYear.office_id == office_id, SignedYear.year == year)
    return session.scalars(query.order_by(SignedYear.edition.desc()).limit(1)).first()


def editions(office_id: int, year: int) -> list[SignedYear]:
    """Every edition of a year, the newest first."""
    query = select(SignedYear).where(SignedYear.office_id == office_id, SignedYear.year == year)
    return list(db.session.scalars(query.order_by(SignedYear.edition.desc())))


def differences(session: Session) -> list[str]:
    """For ``verify``: signed years whose content isn't what was signed."""
    found = []
    for row in session.scalars(select(SignedYear).order_by(SignedYear.id)):
        name = f"{row.year} 年第 {row.edition} 版签发"
        if Frozen(row.frozen).hash != row.hash:
            found.append(f"{name}：内容与签发时的校验值不一致")
    return found
