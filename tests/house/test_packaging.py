"""What is built installs and runs elsewhere, and what is tracked names no registry and no machine."""

from __future__ import annotations

import ast
import contextlib
import http.client
import json
import os
import re
import socket
import subprocess
import sys
import time
import tomllib
import venv
import zipfile
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
START_TIMEOUT = 120.0

# Written in two parts, so that this file doesn't name them either.
REGISTRIES = [
    host + "." + domain
    for host, domain in [
        ("pypi", "org"),
        ("pythonhosted", "org"),
        ("anaconda", "org"),
        ("npmjs", "org"),
        ("npmmirror", "com"),
        ("yarnpkg", "com"),
        ("crates", "io"),
        ("rubygems", "org"),
        ("golang", "org"),
        ("docker", "io"),
        ("ghcr", "io"),
        ("quay", "io"),
        ("deb.debian", "org"),
        ("security.debian", "org"),
        ("archive.ubuntu", "com"),
        ("tuna.tsinghua", "edu.cn"),
        ("mirrors.aliyun", "com"),
        ("mirrors.cloud.tencent", "com"),
        ("mirrors.ustc", "edu.cn"),
        ("repo.huaweicloud", "com"),
        ("jsdelivr", "net"),
        ("unpkg", "com"),
    ]
]
# One worker takes all of these, and builds the wheel once.
pytestmark = pytest.mark.xdist_group("packaging")

MACHINE_PATHS = ["/" + name + "/" for name in ("work", "root")]


# --- the wheel ---------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built with the tools of this environment and without asking any index."""
    folder = tmp_path_factory.mktemp("wheel")
    pip("wheel", "--no-index", "--no-build-isolation", "--no-deps", "--wheel-dir", folder, ROOT)
    (built,) = folder.glob("caseflow-*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The `bin` folder of an environment with what the runtime lock names and the wheel, nothing more.

    The packages are those of our own environment, lent; what the wheel asks for beyond them pip would miss.
    """
    home = tmp_path_factory.mktemp("installed") / "venv"
    venv.create(home, symlinks=True)
    (site,) = home.glob("lib/python*/site-packages")
    for name in locked("requirements.lock"):
        with contextlib.suppress(metadata.PackageNotFoundError):  # for other systems
            lend(metadata.distribution(name), site)
    pip("--python", home / "bin" / "python", "install", "--no-index", "--no-compile", wheel, alone=True)
    return home / "bin"


def lend(held: metadata.Distribution, site: Path) -> None:
    """Let an environment have a distribution of ours, without a copy of its files."""
    for top in {file.parts[0] for file in held.files or ()} - {"..", "__pycache__"}:
        (site / top).symlink_to(Path(str(held.locate_file(top))))


def without_network() -> list[str]:
    """How to run a command without any network, if this machine lets us."""
    words = ["unshare", "--map-root-user", "--net"]
    with contextlib.suppress(OSError):
        if subprocess.run([*words, "true"], capture_output=True, check=False).returncode == 0:
            return words
    return []


def pip(*words: str | Path, alone: bool = False) -> None:
    """Run this environment's pip, without any network if `alone`; show what it said if it fails."""
    command = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet", *words]
    done = subprocess.run(
        [*(without_network() if alone else []), *command], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_wheel_carries_every_file_the_checkout_has(wheel: Path) -> None:
    packed = set(zipfile.ZipFile(wheel).namelist())
    wanted = set()
    for path in tracked():
        top, _, rest = path.partition("/")
        if top == "caseflow":
            wanted.add(path)
        elif top in ("templates", "migrations"):
            wanted.add(f"caseflow/{top}/{rest}")
    assert wanted - packed == set()
    assert any(name.startswith("caseflow/templates/") for name in packed)
    assert any(name.startswith("caseflow/migrations/versions/") for name in packed)
    assert any(name.startswith("caseflow/static/") for name in packed)


def test_wheel_holds_nothing_else(wheel: Path) -> None:
    strangers = {
        name
        for name in zipfile.ZipFile(wheel).namelist()
        if not re.match(r"caseflow(/|-[^/]+\.dist-info/)", name) or "__pycache__" in name
    }
    assert strangers == set()


def told(installed: Path, folder: Path, ask: str, *words: str) -> str:
    """What the installed Python prints for this code, run in `folder`; fails with its own complaint."""
    done = subprocess.run(
        [installed / "python", "-c", ask, *words],
        cwd=folder,
        env=environment(folder),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


ASK = """
import importlib, json, sys, sqlalchemy, caseflow, importlib.metadata as metadata
from caseflow.db import resource
for name in sys.argv[1:]:
    importlib.import_module(name)
sqlalchemy.create_engine("postgresql+psycopg://")
places = [caseflow.__file__, str(resource("templates")), str(resource("migrations"))]
print(json.dumps([places, [held.metadata["Name"] for held in metadata.distributions()]]))
"""


def test_what_is_installed_stands_by_itself_and_the_runtime_lock_suffices(
    installed: Path, tmp_path: Path
) -> None:
    """Package, templates and migrations are its own; every import finds what it needs, even the late ones."""
    wanted = sorted({name for file in (ROOT / "caseflow").rglob("*.py") for name in imported(file)})
    assert {"flask", "sqlalchemy", "openpyxl", "boto3", "apscheduler.triggers.cron"} <= set(wanted)
    places, names = json.loads(told(installed, tmp_path, ASK, *wanted))
    assert len(places) == 3
    for place in map(Path, places):
        assert place.is_relative_to(installed.parent)
        assert place.exists()
    found = {re.sub(r"[-_.]+", "-", name).lower() for name in names}
    assert found - set(locked("requirements.lock")) == {"caseflow"}


def imported(file: Path) -> Iterator[str]:
    """Yield the modules of others that a file imports, wherever in it."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module


def test_what_is_installed_serves_from_an_empty_folder_without_any_network(
    installed: Path, tmp_path: Path
) -> None:
    door, elsewhere = tmp_path / "door", tmp_path / "elsewhere"
    elsewhere.mkdir()
    words: list[str | Path] = [
        installed / "python",
        "-m",
        "gunicorn",
        "-c",
        "python:caseflow.workers",
        "-w",
        "1",
        "-b",
        f"unix:{door}",
    ]
    with (tmp_path / "log").open("w+b") as log:
        server = subprocess.Popen(
            [*without_network(), *words], cwd=elsewhere, env=environment(tmp_path), stdout=log, stderr=log
        )
        try:
            page = first_answer(door, server, tmp_path / "log")
            assert 'name="csrf_token"' in page
            files = set(re.findall(r'(?:href|src)="(/[^"]*static/[^"]+)"', page))
            assert any(file.startswith("/static/") for file in files), "the page uses no file of ours"
            for file in files:
                assert answer(door, file)[0] == 200
        finally:
            server.terminate()
            try:
                server.wait(30)
            finally:
                server.kill()
    assert list(elsewhere.iterdir()) == [], "it left files where it was started"


def answer(door: Path, path: str) -> tuple[int, bytes]:
    """Ask a server for a page by its socket in the file system, which needs no network."""
    line = http.client.HTTPConnection("localhost")
    line.sock = socket.socket(socket.AF_UNIX)
    with contextlib.closing(line):
        line.sock.connect(str(door))
        line.request("GET", path)
        response = line.getresponse()
        return response.status, response.read()


def first_answer(door: Path, server: subprocess.Popen[bytes], log: Path) -> str:
    """Return the page as soon as the server gives it; fail with the server's own words."""
    deadline = time.monotonic() + START_TIMEOUT
    while time.monotonic() < deadline and server.poll() is None:
        try:
            status, page = answer(door, "/login")
        except OSError:
            time.sleep(0.1)
            continue
        assert status == 200, log.read_text(errors="replace")
        return page.decode()
    pytest.fail(f"the server gave no page\n{log.read_text(errors='replace')}")


def environment(folder: Path) -> dict[str, str]:
    """Return an environment with nothing of ours in it but an instance in `folder`."""
    return {"PATH": os.defpath, "HOME": str(folder), "CASEFLOW_INSTANCE": str(folder / "instance")}


# --- the locks ---------------------------------------------------------------------------------------------


def locked(name: str) -> dict[str, str]:
    """Return the packages of a lock with their versions."""
    text = (ROOT / name).read_text(encoding="utf-8")
    return dict(re.findall(r"^([a-z0-9._-]+)==([^ \\]+)", text, re.MULTILINE))


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock", "requirements-check.lock"])
def test_every_line_of_a_lock_is_pinned_with_its_hash(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    entries = re.split(r"^(?=[^ #\n])", text, flags=re.MULTILINE)[1:]
    assert entries
    for entry in entries:
        assert re.match(r"[a-z0-9._-]+==\S+", entry), entry
        assert "--hash=sha256:" in entry, entry
    assert "://" not in text


def test_development_lock_holds_the_runtime_lock() -> None:
    assert locked("requirements.lock").items() <= locked("requirements-dev.lock").items()


def test_locks_hold_what_the_project_asks_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    extras = project["project"]["optional-dependencies"]
    runtime = [*project["project"]["dependencies"], *project["build-system"]["requires"], *extras["prod"]]
    assert names(runtime) - set(locked("requirements.lock")) == set()
    assert names(extras["dev"]) - set(locked("requirements-dev.lock")) == {"caseflow"}


def names(requirements: list[str]) -> set[str]:
    """Return the names in a list of requirements."""
    return {re.split(r"[^A-Za-z0-9._-]", word, maxsplit=1)[0].lower() for word in requirements}


# --- what is tracked ---------------------------------------------------------------------------------------


def tracked() -> list[str]:
    """Return the files that git keeps, or would keep once they are added."""
    if not (ROOT / ".git").exists():
        pytest.skip("not a git checkout")
    done = subprocess.run(
        # The checkout may belong to another user of the machine, in containers for instance.
        [
            "git",
            "-c",
            "safe.directory=*",
            "-C",
            ROOT,
            "ls-files",
            "-z",
            "--cached",
            "--others",
            "--exclude-standard",
        ],
        capture_output=True,
        text=True,
        check=True,
    )
    return [path for path in done.stdout.split("\0") if path and (ROOT / path).is_file()]


def lines() -> Iterator[tuple[str, str]]:
    """Yield each line of every tracked text file with its place."""
    for path in tracked():
        content = (ROOT / path).read_bytes()
        if b"\0" in content:
            continue
        for number, line in enumerate(content.decode("utf-8", errors="replace").splitlines(), 1):
            yield f"{path}:{number}", line


def test_no_file_names_a_registry() -> None:
    hits = [f"{place}: {host}" for place, line in lines() for host in REGISTRIES if host in line.lower()]
    assert hits == []


def test_no_file_names_a_folder_of_one_machine() -> None:
    hits = [f"{place}: {path}" for place, line in lines() for path in MACHINE_PATHS if path in line]
    assert hits == []


def test_continuous_integration_script_is_sound() -> None:
    script = ROOT / ".ci" / "run"
    assert os.access(script, os.X_OK)
    subprocess.run(["bash", "-n", script], check=True)
    assert "make test" in script.read_text(encoding="utf-8").splitlines()[-1]
