"""What no module of ours may call: code made from text, other programs, chance that can be guessed, weak hashes."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tests.house.test_house import MODULES, PACKAGE, place, tree

CALLS = {
    "code made from text": {"eval", "exec", "compile", "__import__", "pickle", "marshal", "shelve", "yaml"},
    "another program": {"subprocess", "popen", "system", "spawnl", "spawnv", "execv", "execve", "pty"},
    "chance that can be guessed": {"random"},
    "a hash that is broken": {"md5", "sha1"},
}
# The invented cases: the same for the same seed
INVENTED = PACKAGE / "demo"


def named(module: ast.Module) -> Iterator[tuple[ast.AST, str]]:
    """What a module imports, and the functions it calls; of ``re.compile`` the whole, for it compiles no code."""
    for node in ast.walk(module):
        if isinstance(node, ast.Import):
            yield from ((node, alias.name.partition(".")[0]) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield node, (node.module or "").partition(".")[0]
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            yield node, node.func.id
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            alone = node.func.attr == "compile"
            yield node, ast.unparse(node.func) if alone else node.func.attr


def test_no_module_calls_what_is_dangerous() -> None:
    barred = {name: what for what, names in CALLS.items() for name in names}
    found = [
        f"{place(path, node)} {name}: {barred[name]}"
        for path in MODULES
        if not path.is_relative_to(INVENTED)
        for node, name in named(tree(path))
        if name in barred
    ]
    assert not found


def test_what_is_dangerous_is_noticed() -> None:
    text = "import random\nfrom subprocess import run\nos.system(x)\nhashlib.md5(y)\neval(z)\nre.compile(w)"
    names = {name for _, name in named(ast.parse(text))}
    assert {"random", "subprocess", "system", "md5", "eval"} <= names
    assert "compile" not in names
