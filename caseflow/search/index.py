"""The index: one row of tokens a case, written in the transaction that changes a text of it.

FTS5 on SQLite, a tsvector under GIN on PostgreSQL; nothing but ours stands in either, so both find the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from ..db import db, dialect, transaction
from ..law.casefile import Entry
from ..models import Case, Particulars
from . import grams, texts
from .texts import Sources

CHUNK = 1000  # cases in memory at once
PAGES = 1000  # of SQLite's index, merged in one go
MOST_PLACES = 255  # of a token in a tsvector
# Ids in a block, small and large: on PostgreSQL a case bears its blocks, so that the newest can be asked for alone
BLOCKS = {"n": 2**15, "m": 2**18}

PUT = {
    "sqlite": "INSERT OR REPLACE INTO search_index (rowid, grams) VALUES (:id, :grams)",
    "postgresql": "INSERT INTO search_index (case_id, grams) VALUES (:id, CAST(:grams AS tsvector)) "
    "ON CONFLICT (case_id) DO UPDATE SET grams = excluded.grams WHERE search_index.grams <> excluded.grams",
}
ID = {"sqlite": "rowid", "postgresql": "case_id"}
# A case behind the known ones that has no row; on SQLite the rows stand in a table of their own below the index
MISSING = {
    "sqlite": 'SELECT id FROM "case" AS c WHERE id > :known '
    "AND NOT EXISTS (SELECT 1 FROM search_index_content AS s WHERE s.id = c.id) LIMIT 1",
    "postgresql": 'SELECT id FROM "case" AS c WHERE id > :known '
    "AND NOT EXISTS (SELECT 1 FROM search_index AS s WHERE s.case_id = c.id) LIMIT 1",
}
MARK = 0  # the row of no case, which tells up to which case all have theirs
BEGUN = -1  # it tells this while all are written anew


# -- one case, one row ---------------------------------------------------------------------------


def office_token(office_id: int) -> str:
    """A case of an office."""
    return f"o{office_id}"


def year_token(year: int) -> str:
    """A case registered in a year."""
    return f"y{year}"


def result_token(result: str) -> str:
    """A case with this result, "" for none yet."""
    return f"r{result.replace('_', '')}"


def class_token(applicant_class: str) -> str:
    """A case of an applicant of a class."""
    return f"k{applicant_class.replace('_', '')}"


def tokens(
    office_id: int, registered: date, result: str, applicant_class: str, told: Iterable[texts.Text]
) -> list[str]:
    """All tokens of a case: what it is filtered by, then its texts."""
    filters = (
        office_token(office_id), year_token(registered.year), result_token(result), class_token(applicant_class),
    )  # fmt: skip
    return grams.joined(filters, ((t.part, t.text) for t in told))


def tokens_of(sources: Sources) -> list[str]:
    """The tokens of a case as its rows stand."""
    case = sources.case
    return tokens(
        case.office_id, case.registered_on, case.result, case.applicant_class, sources.texts()
    )  # fmt: skip


def kept(case_id: int, found: Sequence[str]) -> str:
    """The tokens of a case as this database keeps them."""
    return " ".join(found) if dialect() == "sqlite" else _vector(case_id, found)


def _vector(case_id: int, found: Sequence[str]) -> str:
    """Tokens as PostgreSQL writes a tsvector, with their places, and the blocks of the case."""
    places: dict[str, list[str]] = {}
    for place, token in enumerate(found, 1):
        if token != grams.GAP:
            places.setdefault(token, []).append(str(place))
    blocks = [f"{name}{case_id // size}" for name, size in BLOCKS.items()]
    return " ".join([*blocks, *(f"{token}:{','.join(at[:MOST_PLACES])}" for token, at in places.items())])


# -- writing -------------------------------------------------------------------------------------


def put(session: Session, rows: Mapping[int, Sequence[str]]) -> None:
    """Write the tokens of cases, in the caller's transaction."""
    if not rows:
        return
    values = [{"id": case_id, "grams": kept(case_id, found)} for case_id, found in rows.items()]
    session.execute(text(PUT[dialect()]), values)


def follow(session: Session, case: Case, entries: Sequence[Entry]) -> None:
    """Bring the row of a case up to date after an act; ``entries`` are all its events, that of the act the last."""
    this = texts.among([case.id])
    named = any("note" in entry.details for entry in entries)
    lettered = any(entry.act == "issue_letter" for entry in entries)
    sources = Sources(
        case,
        session.get(Particulars, case.particulars_id) if case.particulars_id else None,
        [(entry.act, entry.details) for entry in entries if entry.act in texts.TELLING],
        list(session.execute(texts.noted(this))) if named else [],
        list(session.execute(texts.issued(this))) if lettered else [],
    )
    found = tokens_of(sources)
    if dialect() == "sqlite":  # a row that stands as it is costs nothing to leave
        stands = session.scalar(text("SELECT grams FROM search_index WHERE rowid = :id"), {"id": case.id})
        if stands == " ".join(found):
            return
    put(session, {case.id: found})


# -- all of it -----------------------------------------------------------------------------------


def is_written() -> bool:
    """Whether every case has its row and no rebuilding broke off; what was looked through isn't looked through again.

    Rows may be missing where an earlier program, which writes none, registered cases beside this one.
    """
    session = db.session()
    newest, last = session.scalar(select(func.max(Case.id))), known(session)
    if newest is None or last == newest:
        return True
    if last == BEGUN or session.scalar(text(MISSING[dialect()]), {"known": last}) is not None:
        return False
    with transaction() as writing:
        _set_mark(writing, newest)
    return True


def known(session: Session) -> int:
    """Up to which case all are known to have their rows; BEGUN while they are written anew."""
    query = f"SELECT grams FROM search_index WHERE {ID[dialect()]} = :id"  # noqa: S608
    found = session.scalar(text(query), {"id": MARK})
    return int(found.strip("'").removeprefix(grams.GAP)) if found else 0


def _set_mark(session: Session, case_id: int) -> None:
    session.execute(text(PUT[dialect()]), {"id": MARK, "grams": f"{grams.GAP}{case_id}"})


def rebuild(done: Callable[[int], object] = lambda cases: None) -> int:
    """Write every row anew, a chunk a transaction; ``done`` is told of each. Returns how many cases.

    Whoever searches meanwhile finds what stands; whoever changes a case writes its row like ever.
    """
    last = count = 0
    with transaction() as session:
        _set_mark(session, BEGUN)
    while ids := _next(last):
        with transaction() as session:
            # held: a case that changes meanwhile is read before its change or after, and written in that order
            session.execute(select(Case.id).where(Case.id.in_(ids)).order_by(Case.id).with_for_update()).all()
            found = texts.of(session, texts.between(ids[0], ids[-1]))
            put(session, {case_id: tokens_of(sources) for case_id, sources in found.items()})
        last, count = ids[-1], count + len(ids)
        done(len(ids))
    with transaction() as session:
        _set_mark(session, last)
    return count


def _next(last: int) -> list[int]:
    query = select(Case.id).where(Case.id > last).order_by(Case.id).limit(CHUNK)
    return list(db.session.scalars(query))


def tidy() -> None:
    """Let go of what replaced rows leave in SQLite's files, masked words among it; PostgreSQL's vacuum does so itself.

    Step by step, a transaction each: nobody waits for all of it.
    """
    if dialect() != "sqlite":
        return
    step = -PAGES  # of all segments; then on with what was begun
    while True:
        with transaction() as session:
            session.execute(text("PRAGMA secure_delete=ON"))
            raw: Any = session.connection().connection.dbapi_connection
            before = raw.total_changes
            merge = text("INSERT INTO search_index (search_index, rank) VALUES ('merge', :step)")
            session.execute(merge, {"step": step})
            if raw.total_changes - before < 2:  # as SQLite tells that nothing was left to do
                return
        step = PAGES


def differences(session: Session, first: int, last: int) -> Iterator[int]:
    """The cases from one id to another whose row isn't what their texts give, and rows of no case."""
    database = dialect()
    query = f"SELECT {ID[database]}, grams FROM search_index WHERE {ID[database]} BETWEEN :first AND :last"  # noqa: S608
    span = {"first": first, "last": last}
    stands = {key: _alike(found, database) for key, found in session.execute(text(query), span)}
    for key, sources in texts.of(session, texts.between(first, last)).items():
        if stands.pop(key, None) != _alike(kept(key, tokens_of(sources)), database):
            yield key
    yield from stands


def _alike(grams: str, database: str) -> object:
    """Equal for equal rows: PostgreSQL orders the tokens in its own way and puts them in quotes."""
    return set(grams.replace("'", "").split()) if database == "postgresql" else grams
