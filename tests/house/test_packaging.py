"""What is built installs and runs elsewhere, and what is tracked names no registry and no machine."""

from __future__ import annotations

import ast
import contextlib
import os
import re
import socket
import subprocess
import sys
import time
import tomllib
import urllib.error
import urllib.request
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
    """The `bin` folder of an environment that holds the wheel and what the runtime lock names, nothing more."""
    home = tmp_path_factory.mktemp("installed") / "venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", home], check=True)
    python = home / "bin" / "python"
    pip("--python", python, "install", "--no-index", "--no-deps", wheel)
    (packages,) = (home / "lib").glob("python*/site-packages")
    for name in locked("requirements.lock"):
        borrow(name, packages)
    return python.parent


def borrow(name: str, packages: Path) -> None:
    """Link a distribution of our environment into another one. One that isn't here isn't borrowed."""
    with contextlib.suppress(metadata.PackageNotFoundError):
        held = metadata.distribution(name)
        tops = {file.parts[0] for file in held.files or ()} - {"..", "__pycache__"}
        for top in tops:
            (packages / top).symlink_to(Path(str(held.locate_file(top))))


def pip(*words: str | Path) -> None:
    """Run this environment's pip; show what it said if it fails."""
    command = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet", *words]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
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


def test_installed_package_stands_by_itself(installed: Path, tmp_path: Path) -> None:
    """Package, templates and migrations come from the installed wheel, not from the checkout."""
    ask = (
        "import caseflow, pathlib; from caseflow.db import resource;"
        "print(caseflow.__file__, resource('templates'), resource('migrations'), sep='\\n')"
    )
    places = [Path(line) for line in told(installed, tmp_path, ask).splitlines()]
    assert len(places) == 3
    for place in places:
        assert place.is_relative_to(installed.parent)
        assert place.exists()


def test_the_runtime_lock_suffices_for_every_import_even_the_late_ones(
    installed: Path, tmp_path: Path
) -> None:
    wanted = sorted({name for file in (ROOT / "caseflow").rglob("*.py") for name in imported(file)})
    assert {"flask", "sqlalchemy", "openpyxl", "apscheduler.triggers.cron"} <= set(wanted)
    ask = (
        "import importlib, sys, sqlalchemy;"
        "[importlib.import_module(name) for name in sys.argv[1:]];"
        "sqlalchemy.create_engine('postgresql+psycopg://')"
    )
    told(installed, tmp_path, ask, *wanted)


def test_nothing_but_the_runtime_lock_is_borrowed(installed: Path, tmp_path: Path) -> None:
    ask = "import importlib.metadata as m; print(*{d.metadata['Name'] for d in m.distributions()})"
    names = told(installed, tmp_path, ask).split()
    found = {re.sub(r"[-_.]+", "-", name).lower() for name in names}
    assert found - set(locked("requirements.lock")) == {"caseflow"}


def imported(file: Path) -> Iterator[str]:
    """Yield the modules of others that a file imports, wherever in it."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module


def test_installed_command_serves_from_an_empty_folder(installed: Path, tmp_path: Path) -> None:
    port = free_port()
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    with (tmp_path / "log").open("w+b") as log:
        server = subprocess.Popen(
            [installed / "caseflow", "serve", "--port", str(port)],
            cwd=elsewhere,
            env=environment(tmp_path),
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        try:
            page = first_answer(f"http://127.0.0.1:{port}/login", server, tmp_path / "log")
            assert 'name="csrf_token"' in page
            files = set(re.findall(r'(?:href|src)="(/[^"]*static/[^"]+)"', page))
            assert any(file.startswith("/static/") for file in files), "the page uses no file of ours"
            for file in files:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}{file}", timeout=10) as answer:
                    assert answer.status == 200
        finally:
            server.terminate()
            try:
                server.wait(30)
            finally:
                server.kill()
    assert list(elsewhere.iterdir()) == [], "it left files where it was started"


def first_answer(address: str, server: subprocess.Popen[bytes], log: Path) -> str:
    """Return the page as soon as the server gives it; fail with the server's own words."""
    deadline = time.monotonic() + START_TIMEOUT
    while time.monotonic() < deadline and server.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=10) as answer:
                assert answer.status == 200
                return str(answer.read().decode())
        except (urllib.error.URLError, ConnectionError) as error:
            if isinstance(error, urllib.error.HTTPError):
                error.close()
                pytest.fail(f"{error}\n{log.read_text(errors='replace')}")
            time.sleep(0.1)
    pytest.fail(f"the server gave no page\n{log.read_text(errors='replace')}")


def environment(folder: Path) -> dict[str, str]:
    """Return an environment with nothing of ours in it but an instance in `folder`."""
    return {"PATH": os.defpath, "HOME": str(folder), "CASEFLOW_INSTANCE": str(folder / "instance")}


def free_port() -> int:
    """Return a port of this machine that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
        return port


# --- the locks ---------------------------------------------------------------------------------------------


def locked(name: str) -> dict[str, str]:
    """Return the packages of a lock with their versions."""
    text = (ROOT / name).read_text(encoding="utf-8")
    return dict(re.findall(r"^([a-z0-9._-]+)==([^ \\]+)", text, re.MULTILINE))


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock"])
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
