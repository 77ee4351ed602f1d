"""With which keys this database is written: told by fingerprints, from which nothing of a key follows."""

from __future__ import annotations

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from ..db import Base


class SealingKey(Base):
    """A key that something here may be sealed with (caseflow.keys)."""

    __tablename__ = "sealing_key"

    id: Mapped[str] = mapped_column(String(20), primary_key=True)
    fingerprint: Mapped[str] = mapped_column(String(64))
