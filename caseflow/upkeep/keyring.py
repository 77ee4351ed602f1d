"""The keys and what is sealed with them: that they belong together, turning to a new key, leaving old ones behind."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from flask import current_app
from sqlalchemy import (
    ColumnElement,
    FromClause,
    String,
    Table,
    and_,
    delete,
    func,
    insert,
    inspect,
    not_,
    or_,
    select,
    text,
    type_coerce,
    update,
)
from sqlalchemy.orm import Session

from .. import keys
from ..config import BadSetting, Settings
from ..db import Base, db, dialect, transaction
from ..models import Identity, SealingKey
from ..models.types import Sealed
from ..stages import record
from . import portable
from .snapshot import snapshot

TABLE = SealingKey.__tablename__
BATCH = 500  # rows
SETTLED = 60.0  # seconds after which every server has seen that the file changed

OTHER = "数据密钥文件 {} 不是写这个数据库用的那一个（缺密钥 {}）：把原来的放回去，备份旁的 .key 文件里也有"

# What is told from a sealed column and has to follow it
HASHES: dict[str, tuple[str, Callable[[str], str]]] = {
    Identity.certificate_hash.key: (Identity.certificate_number.key, record.hashed)
}


# -- at the start --------------------------------------------------------------------------------


def check(settings: Settings) -> None:
    """The key file is the one this database was written with; a first one is made only where there is none yet.

    Called before the migrations. Raises BadSetting: never is a new key made over what an older one sealed.
    """
    known = _known(db.session()) if inspect(db.engine).has_table(TABLE) else {}
    db.session.remove()
    if not known:
        keys.create(settings.keys_file)
    _belongs(keys.read(settings.keys_file), known, settings)


def enrol(settings: Settings) -> None:
    """Tell the database of the current key, once; called after the migrations. Raises BadSetting."""
    current = keys.ring().current
    known = _known(db.session())
    db.session.remove()
    if current.id in known:
        return
    with transaction() as session:  # another machine may just have told of its own
        known = _known(session)
        _belongs(keys.ring(), known, settings)
        if current.id not in known:
            session.execute(insert(SealingKey).values(id=current.id, fingerprint=current.fingerprint))


def take_over(ring: keys.Ring, settings: Settings) -> None:
    """Add the keys of another installation, with which from now on is sealed; those of this one stay beside."""
    keys.write(settings.keys_file, keys.ring().beside(ring))
    keys.kept().look()


def _known(session: Session) -> dict[str, str]:
    return {key.id: key.fingerprint for key in session.execute(select(SealingKey.__table__))}


def _belongs(ring: keys.Ring, known: dict[str, str], settings: Settings) -> None:
    if lacking := ring.lacking(known):
        raise BadSetting(OTHER.format(settings.keys_file, "、".join(lacking)))


# -- in a backup ---------------------------------------------------------------------------------


def held_together() -> tuple[Session, keys.Ring]:
    """The database of one moment and every key that it needs, whoever turns or forgets keys meanwhile.

    The file gets a key before the database tells of it, and loses it after: so it is read before and behind that
    moment. Raises BadSetting where a key is lacking.
    """
    keys.kept().look()
    before = keys.ring()
    session = snapshot()
    known = _known(session) if TABLE in {table.name for table in portable.tables(session)} else {}
    keys.kept().look()
    ring = before.beside(keys.ring())
    _belongs(ring, known, current_app.extensions["caseflow"]["settings"])
    return session, ring


def told(lines: bytes) -> dict[str, str]:
    """The fingerprints of the keys that a dumped table tells of."""
    columns, *rows = map(json.loads, lines.splitlines())
    found = (dict(zip(columns, row, strict=True)) for row in rows)
    return {row["id"]: row["fingerprint"] for row in found}


# -- what is sealed ------------------------------------------------------------------------------


def tables() -> list[tuple[Table, list[str]]]:
    """Every table with sealed columns, and those."""
    found = (
        (table, [c.name for c in table.columns if isinstance(c.type, Sealed)])
        for table in Base.metadata.sorted_tables
    )
    return [(table, names) for table, names in found if names]


def _raw(table: FromClause, name: str) -> ColumnElement[str]:
    """A column as it stands, sealed."""
    return type_coerce(table.c[name], String)


def _about(table: Table, name: str) -> str:
    kind = table.c[name].type
    return kind.about if isinstance(kind, Sealed) else ""


def _rows(
    table: Table, names: Sequence[str], which: ColumnElement[bool] | None = None
) -> Iterator[Sequence[Any]]:
    """Keys and sealed values of a table, some at a time; nothing stays open meanwhile."""
    (key,) = table.primary_key.columns
    query = (
        select(key.label("of"), *(_raw(table, name).label(name) for name in names)).order_by(key).limit(BATCH)
    )
    if which is not None:
        query = query.where(which)
    last = 0
    while rows := db.session.execute(query.where(key > last)).all():
        db.session.rollback()
        last = rows[-1].of
        yield rows


def total() -> int:
    """How many rows hold something sealed."""
    return sum(db.session.scalar(select(func.count()).select_from(table)) or 0 for table, _ in tables())


def differences(done: Callable[[int], object] = lambda rows: None) -> Iterator[str]:
    """Each value that no key opens as what it should be, one line each; ``done`` is told the rows looked at."""
    for table, names in tables():
        for rows in _rows(table, names):
            for row in rows:
                for name in names:
                    try:
                        keys.unseal(getattr(row, name), _about(table, name))
                    except keys.Unreadable:
                        yield f"{table.name} {row.of} {name}：解不开，密钥不在数据密钥文件里，或者内容已损坏"
            done(len(rows))


# -- rotation ------------------------------------------------------------------------------------


def _stale(table: Table, names: Sequence[str], current: str) -> ColumnElement[bool]:
    """Rows of which something is sealed with another key than the current one."""
    raw = [_raw(table, name) for name in names]
    return or_(*(and_(value != "", not_(value.startswith(f"{current}:", autoescape=True))) for value in raw))


def left() -> int:
    """How many rows wait to be sealed with the current key."""
    current = keys.ring().current.id
    return sum(
        db.session.scalar(select(func.count()).select_from(table).where(_stale(table, names, current))) or 0
        for table, names in tables()
    )


def turn(settings: Settings) -> bool:
    """Make a new key the current one; not while an earlier rotation has still rows to go. Whether it did."""
    if left():
        return False
    db.session.remove()
    keys.write(settings.keys_file, keys.read(settings.keys_file).with_new())
    keys.kept().look()
    enrol(settings)
    return True


def reseal(done: Callable[[int], object] = lambda rows: None) -> int:
    """Seal with the current key what is sealed with another; returns how many rows. Each batch is a transaction of
    its own, so that whoever works meanwhile waits for one batch at most and a rotation that breaks off goes on."""
    current, count = keys.ring().current.id, 0
    for table, names in tables():
        (key,) = table.primary_key.columns
        for rows in _rows(table, names, _stale(table, names, current)):
            with transaction() as session:
                locked = (
                    select(table).where(key.in_([row.of for row in rows])).order_by(key).with_for_update()
                )
                for row in session.execute(locked).mappings().all():  # as it stands now, opened
                    session.execute(
                        update(table).where(key == row[key.name]).values(_anew(table, names, row))
                    )
            count += len(rows)
            done(len(rows))
    return count


def _anew(table: Table, names: Sequence[str], row: Any) -> dict[str, str]:
    values = {name: row[name] for name in names}
    hashes = {name: told for name, told in HASHES.items() if name in table.c}
    return values | {name: hashed(row[of]) for name, (of, hashed) in hashes.items()}


class TooEarly(Exception):
    """Old keys can't be left behind yet; the message says why."""


def forget(settings: Settings, age: float) -> list[str]:
    """Leave behind every key but the current one; returns their names. ``age`` is that of the file in seconds.

    Raises TooEarly while something is sealed with them, or a server may not have seen yet that they are old.
    """
    ring = keys.read(settings.keys_file)
    old = set(ring.keys) - {ring.current.id}
    if not old:
        return []
    if age < SETTLED:
        raise TooEarly("密钥文件刚刚改过，运行中的程序可能还没有换用新密钥，一分钟以后再删旧密钥")
    with transaction() as session:
        _alone(session)
        if waiting := left():
            raise TooEarly(f"还有 {waiting} 行用的是旧密钥，先运行 caseflow keys rotate")
        session.execute(delete(SealingKey).where(SealingKey.id.in_(old)))
    keys.write(settings.keys_file, ring.without(old))  # last: a key too many does no harm
    keys.kept().look()
    return sorted(old)


def _alone(session: Session) -> None:
    """Wait for whoever is just writing; on SQLite nobody is."""
    if dialect() == "postgresql":
        for table, _ in tables():
            session.execute(text(f'LOCK TABLE "{table.name}" IN SHARE MODE'))
