"""The files that an operator begins from: units that systemd takes, a configuration that nginx takes, known settings."""

from __future__ import annotations

import configparser
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from caseflow import serving, workers
from caseflow.config import BadSetting, load
from caseflow.web.headers import LARGEST_OF_ALL
from tests.house.test_house import setting_names

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "docs" / "deploy"
UNITS = sorted(path.name for path in DEPLOY.glob("caseflow*"))
PROGRAM = re.compile(r"/opt/caseflow/bin/(\w+)")


def test_systemd_takes_the_units_and_they_start_programs_that_are_installed(tmp_path: Path) -> None:
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    for name in UNITS:
        text = (DEPLOY / name).read_text(encoding="utf-8")
        unit = configparser.ConfigParser(interpolation=None, strict=False)
        unit.optionxform = str  # type: ignore[assignment, method-assign]
        unit.read_string(text)
        assert unit["Unit"]["Description"]
        for program in PROGRAM.findall(text):
            assert program in project
        if unit.get("Service", "Type", fallback="") == "notify":
            # ready comes after the migration; with the usual 90 seconds a long one is killed and begun anew for ever
            assert unit["Service"]["TimeoutStartSec"] == "infinity"
            assert int(unit["Service"]["TimeoutStopSec"]) > workers.graceful_timeout
        (tmp_path / name).write_text(PROGRAM.sub("/bin/true", text), encoding="utf-8")
    assert UNITS == [
        "caseflow-backup.service",
        "caseflow-backup.timer",
        "caseflow-counter.service",
        "caseflow.service",
        "caseflow.socket",
    ]
    if shutil.which("systemd-analyze"):
        words = ["systemd-analyze", "verify", "--man=no", *(str(tmp_path / name) for name in UNITS)]
        done = subprocess.run(words, capture_output=True, text=True, check=False)
        ours = [line for line in done.stderr.splitlines() if str(tmp_path) in line or "caseflow" in line]
        assert ours == [], done.stderr


def test_the_settings_of_the_machines_are_settings_for_systemd_and_for_a_shell(tmp_path: Path) -> None:
    lines = (DEPLOY / "env").read_text(encoding="utf-8").splitlines()
    given = dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))
    assert set(given) <= setting_names()
    assert {"DATABASE_URL", "FILES_URL", "SECRET_KEY", "TRUSTED_PROXY"} <= set(given)
    words = ["env", "-i", "sh", "-eac", '. "$0"; exec env', str(DEPLOY / "env")]
    told = subprocess.run(words, capture_output=True, text=True, check=True).stdout.splitlines()
    sourced = {name: text for name, _, text in (line.partition("=") for line in told) if name in given}
    assert sourced == {name: text.strip("'") for name, text in given.items()}

    sourced["CASEFLOW_INSTANCE"] = str(tmp_path)
    with pytest.raises(BadSetting, match="SECRET_KEY"):  # to be filled in by whoever sets it up
        load(sourced)
    settings = load(sourced | {"SECRET_KEY": "0" * 64})
    assert "sslmode=verify-full" in settings.database_url
    assert settings.trusted_proxy
    # nginx stands on a machine of its own: with another address all people share one, and its tries at signing in
    assert not any(proxy.is_loopback for proxy in settings.trusted_proxy)


def test_nginx_takes_its_configuration_and_lets_the_largest_request_through(tmp_path: Path) -> None:
    text = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
    plain = re.sub(r"#.*", "", text)
    statements = [statement.strip() for statement in re.split(r"[;{}]", re.sub(r"'\s+'", "", plain))]
    for statement in statements:
        assert "\n" not in statement, f"a semicolon is missing: {statement}"
    depths = [
        plain[: match.end()].count("{") - plain[: match.end()].count("}")
        for match in re.finditer("[{}]", plain)
    ]
    assert min(depths) == depths[-1] == 0
    largest = re.search(r"client_max_body_size (\d+)m;", plain)
    assert largest
    assert int(largest[1]) * 2**20 > LARGEST_OF_ALL
    assert workers.limit_request_line == 8190  # as nginx itself; what is searched for takes nine a character
    said = dict(statement.split(maxsplit=1) for statement in statements if " " in statement)
    # timeout: a machine gone without a word is 504 otherwise. 503 is the program's own answer, the same from every
    # machine: passed on, two of them take all machines out for fail_timeout, for everybody
    assert said["proxy_next_upstream"].split() == ["error", "timeout", "non_idempotent"]
    assert said["zone"] == "caseflow 64k"
    # names are typed into the search: neither $request, $args nor the page one came from
    named = set(re.findall(r"\$(\w+)", said["log_format"]))
    assert "uri" in named
    assert not named & {"request", "request_uri", "args", "query_string", "http_referer"}
    assert said["access_log"].endswith(" caseflow")
    assert said["error_log"].endswith(" crit")  # from error on it repeats the line of the request
    assert not hasattr(workers, "accesslog")  # nor does gunicorn write one, unless it is told to
    assert (said["ssl_protocols"], said["server_tokens"]) == ("TLSv1.2 TLSv1.3", "off")
    assert re.findall(r"\blisten [^;]*", plain) == ["listen 443 ssl"]  # and nothing in clear
    # what takes the person's own words about who they are away
    assert "X-Forwarded-For $remote_addr;" in plain
    if nginx := shutil.which("nginx"):
        plain = re.sub(r"ssl_certificate\w* [^;]*;", "", plain.replace("443 ssl", "127.0.0.1:8443"))
        plain = plain.replace("/var/log/nginx", str(tmp_path))
        whole = tmp_path / "nginx.conf"
        whole.write_text(
            f"pid {tmp_path}/pid; error_log stderr; events {{}} http {{ {plain} }}", encoding="utf-8"
        )
        done = subprocess.run([nginx, "-t", "-c", whole], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("name", ["operations.md", "operations.zh-CN.md"])
def test_the_manual_leads_to_files_that_are_there(name: str) -> None:
    text = (ROOT / "docs" / name).read_text(encoding="utf-8")
    links = re.findall(r"\]\(([^)]+)\)", text)
    assert links
    for seconds in (
        workers.graceful_timeout,
        int(serving.PATIENCE),
    ):  # for what is under way when told to stop
        assert re.search(rf"\b{seconds} (s\b|秒)", text)
    assert all((ROOT / "docs" / link).exists() for link in links)
