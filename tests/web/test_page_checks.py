"""The page client's own checks are awake: each fault of a page is noticed."""

from __future__ import annotations

import pytest

from tests.support.pages import check_page, parse

GOOD = """<!doctype html><html lang="zh-CN"><head><title>人员 · 依申请公开办理</title>
<link href="/static/caseflow.css"><script src="/static/caseflow.js"></script></head><body><main><h1>人员</h1>
<a href="/cases/1">SSFB-2026-1 号 wang@example.cn</a>
<form method="post"><input type="hidden" name="csrf_token" value="t"><label for="n">姓名</label><input id="n" name="n">
<button>添加</button></form></main></body></html>"""


def test_a_good_page_passes():
    check_page(parse(GOOD))


@pytest.mark.parametrize(
    ("part", "instead", "noticed"),
    [
        ('lang="zh-CN"', 'lang="en"', ""),
        ("<h1>人员</h1>", "<h2>人员</h2>", "0 elements"),
        ("<h1>人员</h1>", "<h1>人员</h1><h1>人员</h1>", "2 elements"),
        ("<title>人员", "<title>办件", "heading"),
        ("</h1>", "", "closes <h1>"),
        ("</body>", '<p id="n"></p></body>', "ids twice"),
        ('name="csrf_token"', 'name="other"', "0 tokens"),
        ('value="t"', 'value=""', ""),
        ("<button>添加</button>", "", "no button"),
        ("<main>", '<main style="color:red">', "style"),
        ("<main>", '<main onclick="x()">', "onclick"),
        ("<main>", "<style>p{}</style><main>", "inline style"),
        ("<main>", "<script>x()</script><main>", "inline script"),
        ('href="/static', 'href="https://cdn.example/static', "leads to"),
        ('src="/static', 'src="//cdn.example/static', "leads to"),
        ('href="/cases/1"', 'href="javascript:x()"', "leads to"),
        ('href="/cases/1"', 'href="/cases/1" href="/cases/2"', "attribute twice"),
        ('<label for="n">姓名</label>', "", "no label"),
        ('for="n"', 'for="m"', "not there"),
        ('name="n"', 'name="n" aria-describedby="hint"', "not there"),
        ("添加", "Add", r"not Chinese: \['Add'\]"),
        ('name="n"', 'name="n" placeholder="Name"', "not Chinese"),
        ("号", "None", "not Chinese"),
    ],
)
def test_each_fault_of_a_page_is_noticed(part, instead, noticed):
    assert GOOD.count(part) >= 1
    with pytest.raises(AssertionError, match=noticed or None):
        check_page(parse(GOOD.replace(part, instead, 1)))
