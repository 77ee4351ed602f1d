"""Makes the README's pictures anew: a demonstration office on a fixed day, seen through Chromium.

Run by ``make pictures``.
"""

from __future__ import annotations

import json
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import time_machine

from tests.support.browser import launched, new_page
from tests.support.live import serving

MOMENT = datetime(2026, 12, 1, 1, tzinfo=UTC)  # Tuesday, 09:00 in China
FOLDER = Path(__file__).parents[2] / "docs" / "pictures"

# file, role that sees it, path, width, height
PICTURES = (
    ("today", "经办人", "/?whose=all", 1440, 900),
    ("year-2020", "经办人", "/year/2020", 1440, 900),
)


def main() -> None:
    """Fill, serve, look."""
    from caseflow import create_app, demo, moment
    from caseflow.alerts import ladder
    from caseflow.calendars import store
    from caseflow.config import load
    from caseflow.serving import prepare

    with tempfile.TemporaryDirectory() as instance, time_machine.travel(MOMENT, tick=True):
        app = create_app(load({"CASEFLOW_INSTANCE": instance}))
        prepare(app)
        with app.app_context():
            demo.ensure_not_empty(app, moment.today(), moment.now())
            ladder.make_pass(moment.today(), moment.now(), store.current())
        accounts = json.loads((Path(instance) / "demo-accounts.json").read_text(encoding="utf-8"))["accounts"]
        by_role = {account["role"]: account for account in reversed(accounts)}  # the first of each
        FOLDER.mkdir(parents=True, exist_ok=True)
        with serving(app) as url, launched() as browser:
            for name, role, path, width, height in PICTURES:
                with new_page(browser, width, height) as (page, _):
                    page.goto(f"{url}/login")
                    page.fill("#username", by_role[role]["username"])
                    page.fill("#password", by_role[role]["password"])
                    page.click("button[type=submit]")
                    page.goto(url + path)
                    page.screenshot(path=str(FOLDER / f"{name}.png"))


if __name__ == "__main__":
    main()
