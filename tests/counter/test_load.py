"""Two hundred applications a minute on a small machine: each is taken in once, with a number and a code of its own."""

from __future__ import annotations

import os
import re
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from http.client import HTTPConnection
from typing import TYPE_CHECKING
from urllib.parse import urlencode, urlsplit

import pytest
from sqlalchemy import func, select

from tests.support.live import serving
from tests.support.office import found

if TYPE_CHECKING:
    from caseflow.config import Settings
    from tests.conftest import MakeApp

A_MINUTE = 200
AT_ONCE = 8  # browsers
SOAKING = os.environ.get("HYPOTHESIS_PROFILE") == "soak"
FORM = {
    "applicant_class": "natural_person", "name": "林国栋", "phone": "13805051024", "title": "结算报告",
    "obtain_by": "网上获取", "form": "电子文本", "electronic": "y",
}  # fmt: skip


def applied(server: str, n: int, begun: float, gap: float) -> tuple[int, str, float]:
    """One citizen's visit, at its time; the status, the 查询号 and how many seconds the sending took."""
    time.sleep(max(0.0, begun + n * gap - time.monotonic()))
    line = HTTPConnection(urlsplit(server).netloc, timeout=60)
    line.request("GET", "/apply")
    page = line.getresponse()
    cookie, text = (page.getheader("Set-Cookie") or "").partition(";")[0], page.read().decode()
    hidden = {
        name: re.findall(rf'name="{name}"[^>]* value="([^"]+)"', text)[0] for name in ("csrf_token", "key")
    }
    headers = {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"}
    since = time.monotonic()
    line.request("POST", "/apply/send", urlencode(FORM | hidden | {"title": f"第 {n} 份报告"}), headers)
    answer = line.getresponse()
    receipt = answer.read().decode()
    line.close()
    number = re.search(r"<dt>查询号</dt><dd>([\d ]+)</dd>", receipt)
    return answer.status, number[1] if number else "", time.monotonic() - since


def take_in(make_app: MakeApp, settings: Settings, count: int) -> None:
    """So many within their share of a minute."""
    from caseflow.db import db
    from caseflow.models import Case, Particulars, Ticket
    from caseflow.upkeep import verify

    app = make_app(replace(settings, counter_limit=10 * count))
    with app.app_context():
        found()
    gap = 60 / A_MINUTE
    with serving(app) as server, ThreadPoolExecutor(AT_ONCE) as citizens:
        begun = time.monotonic()
        answers = list(citizens.map(lambda n: applied(server, n, begun, gap), range(count)))
        lasted = time.monotonic() - begun
    assert {status for status, _, _ in answers} == {200}
    assert lasted < count * gap + 10  # it kept up with them
    with app.app_context():
        asked = set(db.session.scalars(select(Particulars.content)))
        assert asked == {f"第 {n} 份报告" for n in range(count)}
        kept = set(db.session.scalars(select(Ticket.query_number)))
        assert kept == {number.replace(" ", "") for _, number, _ in answers}
        assert db.session.scalar(select(func.count()).select_from(Case)) == count
        assert not list(verify.differences())


@pytest.mark.soak
def test_applications_at_two_hundred_a_minute_are_all_taken_in(make_app: MakeApp, settings: Settings) -> None:
    """A whole minute of them in `make soak`, some seconds in a usual run."""
    take_in(make_app, settings, A_MINUTE if SOAKING else 20)
