"""Column shapes shared by the tables."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any

from sqlalchemy import BigInteger, DateTime, Integer, String, TypeDecorator
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import mapped_column

from .. import keys


class UtcDateTime(TypeDecorator[datetime]):
    """A moment in UTC on both databases; SQLite keeps no zone, so it is put back on reading."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """To UTC; a moment without a zone is a mistake of ours."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a time zone")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> Any:
        """Always aware."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Sealed(TypeDecorator[str]):
    """A text that stands in the database only sealed (caseflow.keys); ``about`` is its table and column.

    A rotation seals every column of this type anew (upkeep.keyring). Nothing can be looked for by it but "".
    """

    impl = String
    cache_ok = True

    def __init__(self, about: str, length: int) -> None:
        super().__init__(length)
        self.about = about

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Sealed anew each time, so that equal texts don't look alike."""
        return value and keys.seal(value, self.about)

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        """Raises keys.Unreadable."""
        return value and keys.unseal(value, self.about)


# SQLite autoincrements INTEGER keys only
Id = Annotated[int, mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)]
Code = Annotated[str, mapped_column(String(40))]
Name = Annotated[str, mapped_column(String(200))]
Moment = Annotated[datetime, mapped_column(UtcDateTime)]
