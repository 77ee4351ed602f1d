"""Many people at work at once on a running server: what they were told, how long it took, what must be there afterwards."""

from __future__ import annotations

import http.client
import random
import secrets
import statistics
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, urlencode

from tests.support.hosts import TYPE, hidden, multipart

PATIENCE = 60.0  # seconds
PAGES = (
    "/",
    "/cases",
    "/cases?stage=review",
    f"/search?q={quote('结算报告')}",
    "/year/2026",
    "/alerts",
    "/cases/{}",
    "/cases/{}/deadline",
)
READS = 0.7  # of all that is done
FORM = {"channel": "in_person", "applicant_class": "natural_person", "name": "陈秀兰"}
FINE = frozenset({200, 302})


@dataclass
class Person:
    """One clerk: reads pages, registers requests, files papers, now and then into the case that all file into."""

    port: int
    cookie: str
    today: str
    shared: int
    pause: float  # seconds between two things, on average
    chance: random.Random
    registered: dict[str, int] = field(default_factory=dict)  # keys of forms, the cases they became
    papers: Counter[int] = field(default_factory=Counter)  # acknowledged, by case
    answers: Counter[int] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)  # of each answer
    faults: list[str] = field(default_factory=list)

    def work(self, until: threading.Event) -> None:
        """One thing after the other, on one line to the server."""
        self.line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        time.sleep(self.chance.uniform(0, self.pause))
        try:
            self.token = hidden(self.ask("GET", "/cases/new")[1], "csrf_token")
            while not until.is_set():
                self.do_something()
                time.sleep(self.chance.expovariate(1 / self.pause) if self.pause else 0)
        except BaseException as error:
            self.faults.append(repr(error))
        finally:
            self.line.close()

    def do_something(self) -> None:
        """What one does most: look."""
        mine = [*self.registered.values()]
        if self.chance.random() < READS:
            self.ask("GET", self.chance.choice(PAGES).format(self.chance.choice(mine or [self.shared])))
        else:
            self.chance.choice([self.register, self.file, self.file_into_the_shared])()

    def register(self) -> None:
        """A request becomes a case."""
        key = hidden(self.ask("GET", "/cases/new")[1], "key")
        told = FORM | {"in_person_submitted": self.today, "content": f"结算报告 {key[:8]}"}
        status, text = self.ask(
            "POST", "/cases/new", urlencode({"csrf_token": self.token, "key": key, **told}).encode()
        )
        if status == 302:
            self.registered[key] = int(text.rpartition("/")[2])

    def file(self) -> None:
        """A paper of one's own case."""
        if not self.registered:
            return self.register()
        return self.file_into(self.chance.choice([*self.registered.values()]))

    def file_into_the_shared(self) -> None:
        """Somebody else may just have done so; then one is told (409)."""
        self.file_into(self.shared)

    def file_into(self, case: int) -> None:
        seen = hidden(self.ask("GET", f"/cases/{case}/files")[1], "seen")
        scan = b"%PDF-1.7 " + secrets.token_bytes(2_000)
        body, kind = multipart(csrf_token=self.token, seen=seen, kind="request", file=scan)
        if self.ask("POST", f"/cases/{case}/files", body, kind, expected=FINE | {409})[0] == 302:
            self.papers[case] += 1

    def ask(
        self, method: str, path: str, body: bytes = b"", kind: str = TYPE, expected: frozenset[int] = FINE
    ) -> tuple[int, str]:
        """Status, and where it leads or what it says."""
        begun = time.perf_counter()
        self.line.request(method, path, body, {"Cookie": self.cookie, "Content-Type": kind})
        answer = self.line.getresponse()
        text = answer.read().decode(errors="replace")
        self.seconds.append(time.perf_counter() - begun)
        self.answers[answer.status] += 1
        if cookie := answer.headers.get("Set-Cookie"):
            self.cookie = cookie.partition(";")[0]
        if answer.status not in expected or answer.headers.get("Location", "").startswith("/login"):
            self.faults.append(f"{method} {path}: {answer.status}")
        return answer.status, answer.headers.get("Location", text)


@dataclass
class Load:
    """What came of it, over all people."""

    people: list[Person]
    seconds: float
    memory: list[int] = field(default_factory=list)  # MiB of the server, as time goes by

    @property
    def registered(self) -> dict[str, int]:
        """Keys of forms, the cases they became."""
        return {key: case for person in self.people for key, case in person.registered.items()}

    @property
    def papers(self) -> Counter[int]:
        """Acknowledged, by case."""
        return sum((person.papers for person in self.people), Counter())

    @property
    def faults(self) -> list[str]:
        """What went wrong, whoever met with it."""
        return [fault for person in self.people for fault in person.faults]

    def __str__(self) -> str:
        """The figures, in one line."""
        times = sorted(second for person in self.people for second in person.seconds)
        answers = sum((person.answers for person in self.people), Counter[int]())
        return (
            f"{len(self.people)} people, {self.seconds:.0f} s, {len(times)} requests ({len(times) / self.seconds:.0f}/s), "
            f"{len(self.faults)} errors, answers {dict(sorted(answers.items()))}, "
            f"{len(self.registered)} cases, {sum(self.papers.values())} papers; "
            f"median {statistics.median(times) * 1000:.0f} ms, p95 {times[int(len(times) * 0.95)] * 1000:.0f} ms; "
            f"server {self.memory[0]} MiB after warming up, {self.memory[-1]} MiB at the end, at most {max(self.memory)} MiB"
        )


def memory(pids: list[int]) -> int:
    """What these processes have of their own, in MiB: what they share with others counts once, by its part."""
    found = 0
    for pid in pids:
        told = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii")
        found += next(int(line.split()[1]) for line in told.splitlines() if line.startswith("Pss:"))
    return found // 1024


def put_on(people: list[Person], pids: list[int], seconds: float, warm: float) -> Load:
    """All of them work at once for so long; the memory of the server is looked at from ``warm`` seconds on."""
    until, load = threading.Event(), Load(people, seconds)
    threads = [threading.Thread(target=person.work, args=(until,), daemon=True) for person in people]
    for thread in threads:
        thread.start()
    end, look = time.monotonic() + seconds, time.monotonic() + warm
    while (now := time.monotonic()) < end:
        if now >= look:
            load.memory.append(memory(pids))
            look += max(seconds / 100, 0.5)
        time.sleep(0.1)
    until.set()
    for thread in threads:
        thread.join(PATIENCE)
    load.memory.append(memory(pids))
    return load
