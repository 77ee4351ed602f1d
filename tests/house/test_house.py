"""The house is built as the design says: who may know whom, and how large a room may be."""

from __future__ import annotations

import ast
import re
import sys
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "caseflow"
TEMPLATES = ROOT / "templates"

MODULE_LINES = 300
FUNCTION_LINES = 40
TEMPLATE_LINES = 100

Function = ast.FunctionDef | ast.AsyncFunctionDef


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def place(path: Path, node: ast.AST | None = None) -> str:
    line = f":{node.lineno}" if node and hasattr(node, "lineno") else ""
    return f"{path.relative_to(ROOT)}{line}"


MODULES = sorted(PACKAGE.rglob("*.py"))
PAGES = sorted(TEMPLATES.rglob("*.html"))


def functions(path: Path) -> Iterator[Function]:
    for node in ast.walk(tree(path)):
        if isinstance(node, Function):
            yield node


# --- who imports whom --------------------------------------------------------------------------------------

# A room may know rooms on lower floors and its neighbours, never what stands above it.
FLOORS = {
    "law": 0,
    "config": 0, "settings": 0, "moment": 0, "mail_address": 0, "whole": 0, "keys": 0,
    "db": 1, "models": 1, "calendars": 1, "letters": 1, "files": 1, "search": 1,
    "stages": 2, "alerts": 2, "reports": 2,
    "ledger": 3, "closing": 3, "published": 3, "demo": 3, "folders": 3, "upkeep": 3, "counter": 3,
    "publications": 3,
    "web": 4, "cli": 4, "alerts.schedule": 4, "__main__": 4, "caseflow": 4,
    "serving": 4, "workers": 4,
}  # fmt: skip


def room(module: str) -> str:
    """caseflow.stages.desk -> stages; what lies in no room is the top of the package, caseflow."""
    parts = module.split(".")
    if parts[1:3] == ["alerts", "schedule"]:
        return "alerts.schedule"
    inside = [PACKAGE / name for name in parts[1:2]]
    found = [door.name for door in inside if door.is_dir() or door.with_suffix(".py").exists()]
    return found[0] if found else "caseflow"


def name_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports(path: Path) -> Iterator[tuple[ast.stmt, str]]:
    """Every module a file imports, by its full name, wherever in the file it does so."""
    package = name_of(path) if path.name == "__init__.py" else name_of(path).rpartition(".")[0]
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node, alias.name
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                above = package.split(".")[: len(package.split(".")) - node.level + 1]
                base = ".".join([*above, *filter(None, [node.module])])
            for alias in node.names:
                yield node, f"{base}.{alias.name}"


def ours(path: Path) -> Iterator[tuple[ast.stmt, str]]:
    for node, module in imports(path):
        if module.split(".")[0] == "caseflow":
            yield node, room(module)


def test_every_room_has_its_floor() -> None:
    assert {room(name_of(path)) for path in MODULES} - set(FLOORS) == set()


def test_imports_go_down_the_house_only() -> None:
    climbing = [
        f"{place(path, node)} knows {known}"
        for path in MODULES
        for node, known in ours(path)
        if FLOORS[known] > FLOORS[room(name_of(path))]
    ]
    assert climbing == []


def test_neighbours_do_not_know_each_other_in_a_circle() -> None:
    knows: dict[str, set[str]] = {name: set() for name in FLOORS}
    for path in MODULES:
        here = room(name_of(path))
        if here != "caseflow":  # create_app binds the parts; the commands start it
            knows[here] |= {known for _, known in ours(path)} - {here, "caseflow"}
    while free := [name for name, known in knows.items() if not known & set(knows)]:
        for name in free:
            del knows[name]
    assert knows == {}


def test_the_law_needs_the_standard_library_only() -> None:
    strangers = [
        f"{place(path, node)} imports {module}"
        for path in sorted((PACKAGE / "law").glob("*.py"))
        for node, module in imports(path)
        if not module.startswith("caseflow.law.") and module.split(".")[0] not in sys.stdlib_module_names
    ]
    assert strangers == []


def test_only_the_edge_knows_what_day_it_is() -> None:
    present = {"caseflow.moment", "caseflow.moment.now", "caseflow.moment.today"}
    knowing = {room(name_of(path)) for path in MODULES for _, module in imports(path) if module in present}
    assert knowing == {"web", "cli", "alerts.schedule"}


def test_only_the_pages_know_request_and_session() -> None:
    names = {f"flask.{name}" for name in ("request", "session", "g", "flash")}
    names |= {"flask_login.current_user"}
    outside = [
        f"{place(path, node)} imports {module}"
        for path in MODULES
        if room(name_of(path)) != "web"
        for node, module in imports(path)
        if module in names or module == "flask.globals"
    ]
    assert outside == []
    attributes = [
        place(path, node)
        for path in MODULES
        if room(name_of(path)) != "web"
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Attribute) and ast.unparse(node) in names
    ]
    assert attributes == []


# --- what stands in one place only -------------------------------------------------------------------------


def calls(path: Path) -> Iterator[tuple[ast.Call, str, str]]:
    """Every call of a method: the call, the receiver's words, the method."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            yield node, ast.unparse(node.func.value), node.func.attr


def test_only_db_commits() -> None:
    committing = {place(path) for path in MODULES for _, _, method in calls(path) if method == "commit"}
    assert committing == {"caseflow/db.py"}


def test_only_moment_reads_the_clock() -> None:
    reading = [
        f"{place(path, node)} {receiver}.{method}"
        for path in MODULES
        for node, receiver, method in calls(path)
        if method in {"today", "now", "utcnow", "localtime", "gmtime"}
        or f"{receiver}.{method}" == "time.time"
        if receiver not in {"moment", "access"}
    ]
    assert [line for line in reading if not line.startswith("caseflow/moment.py")] == []
    assert reading, "moment.py itself was not found reading the clock"


def test_what_is_noted_in_the_second_log_has_its_words() -> None:
    from caseflow.stages.audit import DETAILS, WHAT

    notes = [
        (path, call)
        for path in MODULES
        for call, receiver, method in calls(path)
        if (receiver, method) == ("audit", "note")
    ]
    assert len(notes) > 20
    for path, call in notes:
        assert ast.literal_eval(call.args[1]) in WHAT, place(path, call)
        assert {word.arg for word in call.keywords} <= {*DETAILS, "case_id", "by"}, place(path, call)


def test_only_config_reads_the_environment() -> None:
    reading = {
        place(path)
        for path in MODULES
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Attribute) and ast.unparse(node) in {"os.environ", "os.getenv"}
    }
    assert reading == {"caseflow/config.py"}


def test_nothing_is_caught_unnamed() -> None:
    caught = [
        place(path, node)
        for path in MODULES
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ExceptHandler) and not _named(node)
    ]
    assert caught == []


def _named(handler: ast.ExceptHandler) -> bool:
    """Whether the errors caught have names; everything may be caught only to be raised again."""
    kinds = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    words = {ast.unparse(kind) if kind else "" for kind in kinds}
    last = handler.body[-1]
    again = isinstance(last, ast.Raise) and last.exc is None
    return not words & {"", "Exception"} and (again or "BaseException" not in words)


# --- sizes -------------------------------------------------------------------------------------------------


def lines(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def test_modules_are_small() -> None:
    assert {place(p): n for p in MODULES if (n := lines(p)) > MODULE_LINES} == {}


def test_functions_are_small() -> None:
    large = {
        f"{place(path, f)} {f.name}": n
        for path in MODULES
        for f in functions(path)
        if (n := (f.end_lineno or f.lineno) - f.lineno + 1) > FUNCTION_LINES
    }
    assert large == {}


def test_templates_are_small() -> None:
    assert PAGES
    assert {place(p): n for p in PAGES if (n := lines(p)) > TEMPLATE_LINES} == {}


# --- words -------------------------------------------------------------------------------------------------


def public(path: Path) -> Iterator[tuple[Function, bool]]:
    """The public functions of a module and public methods of its classes, and whether each is a method."""
    for node in tree(path).body:
        if isinstance(node, Function) and not node.name.startswith("_"):
            yield node, False
        elif isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            for member in node.body:
                if isinstance(member, Function) and not member.name.startswith("_"):
                    yield member, "staticmethod" not in {ast.unparse(d) for d in member.decorator_list}


RULES = sorted((PACKAGE / "law").glob("*.py")) + sorted((PACKAGE / "stages").glob("*.py"))


def test_public_functions_of_law_and_stages_say_what_they_do() -> None:
    silent = [place(path, f) for path in RULES for f, _ in public(path) if not ast.get_docstring(f)]
    silent += [
        place(path, node)
        for path in RULES
        for node in tree(path).body
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_") and not ast.get_docstring(node)
    ]
    assert silent == []


def test_public_functions_of_law_and_stages_are_annotated() -> None:
    bare = [place(path, f) for path in RULES for f, method in public(path) if not _annotated(f, method)]
    assert bare == []


def _annotated(function: Function, method: bool) -> bool:
    given = function.args
    named = [*given.posonlyargs, *given.args, *given.kwonlyargs, *filter(None, [given.vararg, given.kwarg])]
    return function.returns is not None and all(a.annotation for a in named[method:])


def test_every_module_says_what_it_is_for() -> None:
    assert [place(path) for path in MODULES if not ast.get_docstring(tree(path))] == []


# --- templates ---------------------------------------------------------------------------------------------

COMMENT = re.compile(r"\{#.*?#\}", re.DOTALL)


def page_text(path: Path) -> str:
    return COMMENT.sub("", path.read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("what", "pattern"),
    [
        ("a style element", r"<style\b"),
        ("a style attribute", r"\sstyle\s*=\s*[\"'{]"),
        ("a script of its own", r"<script\b(?![^>]*\ssrc\s*=)"),
        ("an event handler", r"<[a-z][^>]*\son[a-z]+\s*="),
        ("a script address", r"javascript:"),
        ("an address elsewhere", r"(?:src|href|action)\s*=\s*[\"'](?:https?:)?//"),
    ],
)
def test_no_page_holds(what: str, pattern: str) -> None:
    found = [place(p) for p in PAGES if re.search(pattern, page_text(p), re.IGNORECASE)]
    assert found == [], f"{what} in a template"


def test_every_template_is_used() -> None:
    known = {
        node.value
        for path in MODULES
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    for path in PAGES:
        known |= set(re.findall(r"[\"']([\w./-]+\.html)[\"']", page_text(path)))
    assert {str(p.relative_to(TEMPLATES)) for p in PAGES} - known == set()


def test_every_template_that_is_named_is_there() -> None:
    there = {str(p.relative_to(TEMPLATES)) for p in PAGES}
    named = {
        name
        for p in PAGES
        for name in re.findall(r"%-?\s*(?:extends|include|import|from)\s+\"([^\"]+)", page_text(p))
    }
    assert {name for name in named if not name.startswith("bootstrap")} - there == set()


# --- the tests themselves ----------------------------------------------------------------------------------

TESTS = sorted((ROOT / "tests").rglob("*.py"))


def test_what_looks_like_a_test_runs() -> None:
    idle = []
    for path in TESTS:
        collected = {id(f) for f in _collected(path)}
        shaped = [f for f in functions(path) if re.match(r"_*tests?(_|$)", f.name)]
        idle += [f"{place(path, f)} {f.name}" for f in shaped if id(f) not in collected]
    assert idle == []


def _collected(path: Path) -> Iterator[Function]:
    """What pytest would run: the last of each name, in the module or in a class Test… of a test file."""
    if not path.name.startswith("test_"):
        return
    scopes = [tree(path).body]
    scopes += [n.body for n in tree(path).body if isinstance(n, ast.ClassDef) and n.name.startswith("Test")]
    for body in scopes:
        last = {f.name: f for f in body if isinstance(f, Function) and f.name.startswith("test")}
        yield from last.values()


def test_no_test_stands_twice_under_one_name() -> None:
    for path in TESTS:
        names = Counter(f.name for f in tree(path).body if isinstance(f, Function))
        assert [name for name, count in names.items() if count > 1] == [], place(path)


# --- the settings ------------------------------------------------------------------------------------------


def setting_names() -> set[str]:
    """The names that config.py looks for in the environment or the instance's file."""
    return {
        node.args[0].value
        for node in ast.walk(tree(PACKAGE / "config.py"))
        if isinstance(node, ast.Call)
        and ast.unparse(node.func) in {"value", "env.get"}
        and node.args
        and isinstance(node.args[0], ast.Constant)
        and isinstance(node.args[0].value, str)
    }


def test_every_setting_is_in_the_readme() -> None:
    names = setting_names()
    assert names >= {"CASEFLOW_INSTANCE", "DATABASE_URL", "SECRET_KEY", "BEHIND_TLS"}
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert {name for name in names if name not in readme} == set()
