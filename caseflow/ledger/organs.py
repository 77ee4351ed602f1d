"""Whose row it is: ``--office`` wins, else the column 机关 by code or name, else the only organ there is."""

from __future__ import annotations

from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from ..models import Office
from ..stages import offices
from .parse import Unusable
from .sheet import Unreadable

UNBORN = 0  # stands for an organ that a dry run would create


@dataclass
class Organs:
    """The organs a file may speak of; a new one takes the name on which all rows agree."""

    by_code: dict[str, int]
    by_name: dict[str, list[int]]
    chosen: int | None = None
    born: Office | None = None
    names: set[str] = field(default_factory=set)
    met: set[int] = field(default_factory=set)

    def of(self, told: str) -> int:
        """The organ of a row that says ``told``. Raises Unusable."""
        office_id = self._chosen(told) if self.chosen is not None else self._named(told)
        self.met.add(office_id)
        return office_id

    def _chosen(self, told: str) -> int:
        if told:
            self.names.add(told)
        return self.chosen or UNBORN

    def _named(self, told: str) -> int:
        if not told and len(self.by_code) == 1:
            return next(iter(self.by_code.values()))
        if not told:
            raise Unusable("没有写明机关；填写这一列，或者用 --office 指定")
        if told in self.by_code:
            return self.by_code[told]
        found = self.by_name.get(told, [])
        if len(found) != 1:
            raise Unusable(
                f"{'有几个' if found else '没有'}名为“{told[:40]}”的机关；填机关代码，或者用 --office 指定"
            )
        return found[0]

    def name_the_new(self) -> None:
        """Give a new organ the name that all its rows carry; its code stays the name where they differ."""
        if self.born and len(self.names) == 1:
            self.born.name = self.names.pop()

    def codes(self) -> str:
        """The codes of all organs met, for the report."""
        return ",".join(sorted(code for code, office_id in self.by_code.items() if office_id in self.met))


def organs(session: Session, code: str | None, parent: str | None, dry_run: bool) -> Organs:
    """The organs as they stand, a new one created for ``code``. Raises Unreadable or Refused."""
    known = session.execute(select(Office.code, Office.name, Office.id)).all()
    by_name: dict[str, list[int]] = {}
    for _, name, office_id in known:
        by_name.setdefault(name, []).append(office_id)
    found = Organs({code: office_id for code, _, office_id in known}, by_name)
    if code is None:
        return found
    above = found.by_code.get(parent or "")
    if parent and above is None:
        raise Unreadable(f"没有代码为 {parent} 的上级机关")
    if code not in found.by_code:
        found.born = None if dry_run else offices.create(session, code, parent_id=above)
        found.by_code[code] = found.born.id if found.born else UNBORN
    found.chosen = found.by_code[code]
    found.met.add(found.chosen)
    return found
