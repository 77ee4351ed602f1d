"""What a forked child need not load again: the pages, the tables with their relations, the code of the addresses."""

from __future__ import annotations

import gc
from pathlib import Path

from caseflow import create_app
from caseflow.config import Settings
from tests.support import quick

quick.share_addresses()
create_app(Settings(instance=Path.home(), database_url="sqlite://", secret_key="x" * 40, testing=True))
gc.collect()
gc.freeze()
