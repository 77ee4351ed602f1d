"""A page client: opens pages, fills in their forms, and holds every answer against what all pages promise."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

from tests.support.office import PASSWORD

if TYPE_CHECKING:
    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

PRODUCT = "依申请公开办理"
VOID = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"}
)
HIDDEN = frozenset({"script", "style", "head", "template"})
SPOKEN = ("title", "placeholder", "aria-label", "alt")  # attributes that are read out
REDIRECTS = frozenset({301, 302, 303, 307, 308})
LOADING = ("src", "href", "action", "formaction")
# Words in Latin letters that belong on a page; names with a digit, dot, slash, @ or dash are codes anyway.
LATIN = frozenset({
    "caseflow", "init", "csv", "xlsx", "json", "excel", "word", "px", "pdf", "png", "jpg", "txt", "docx", "html", "exe",
})  # fmt: skip
TOKEN = re.compile(r"[A-Za-z0-9@._/:+-]+")

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; report-uri /csp-report; report-to csp",
    "Reporting-Endpoints": 'csp="/csp-report"',
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


@dataclass(eq=False)
class Node:
    """One element and what stands in it."""

    tag: str
    attrs: dict[str, str]
    children: list[Node | str] = field(default_factory=list)

    def walk(self) -> Iterator[Node]:
        """Itself and every element in it, in order."""
        return iter((self, *self._inside))

    @functools.cached_property
    def _inside(self) -> list[Node]:
        """Every element in it; asked for once the page is read."""
        nodes = [child for child in self.children if isinstance(child, Node)]
        return [inner for node in nodes for inner in (node, *node._inside)]

    def all(self, selector: str) -> list[Node]:
        """The elements inside that match `tag`, `.class`, `#id` or `tag.class`; descendants by a blank."""
        found = [self]
        for part in selector.split():
            matches = _matcher(part)
            found = list(dict.fromkeys(node for f in found for node in f._inside if matches(node)))
        return found

    def one(self, selector: str) -> Node:
        """The only such element; fails if there is none or more than one."""
        found = self.all(selector)
        assert len(found) == 1, f"{len(found)} elements match {selector!r}"
        return found[0]

    @property
    def text(self) -> str:
        """What one reads, blanks folded."""
        return " ".join(self._text().split())

    def _text(self) -> str:
        parts = (c if isinstance(c, str) else "" if c.tag in HIDDEN else c._text() for c in self.children)
        return (
            "".join(parts)
            if self.tag in {"a", "b", "span", "code", "small", "mark"}
            else f" {''.join(parts)} "
        )


def _matcher(part: str) -> Callable[[Node], bool]:
    """The test of one part of a selector."""
    tag, mark, name = re.fullmatch(r"([\w-]*)([.#]?)([\w-]*)", part).groups()  # type: ignore[union-attr]
    held = {"": "", ".": "class", "#": "id"}[mark]
    return lambda node: tag in ("", node.tag) and (not mark or name in node.attrs.get(held, "").split())


class _Builder(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Node("#document", {})
        self.open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        assert len(set(names)) == len(names), f"<{tag}> has an attribute twice: {names}"
        node = Node(tag, {name: value or "" for name, value in attrs})
        self.open[-1].children.append(node)
        if tag not in VOID:
            self.open.append(node)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        assert self.open[-1].tag == tag, f"</{tag}> closes <{self.open[-1].tag}>"
        self.open.pop()

    def handle_data(self, data: str) -> None:
        self.open[-1].children.append(data)


def parse(html: str) -> Node:
    """The elements of a page; fails where one is not closed."""
    builder = _Builder()
    builder.feed(html)
    builder.close()
    assert builder.open == [builder.root], f"<{builder.open[-1].tag}> is never closed"
    return builder.root


@dataclass
class Page:
    """One answer."""

    path: str
    response: TestResponse
    root: Node

    @property
    def status(self) -> int:
        """The HTTP status."""
        return self.response.status_code

    @property
    def text(self) -> str:
        """All that one reads on it."""
        return self.root.text

    @property
    def h1(self) -> str:
        """Its heading."""
        return self.root.one("h1").text

    @property
    def signed_in(self) -> bool:
        """Whether it was shown to somebody: their name stands in its head."""
        return bool(self.all("header .who"))

    def all(self, selector: str) -> list[Node]:
        """The elements that match (see Node.all)."""
        return self.root.all(selector)

    def one(self, selector: str) -> Node:
        """The only element that matches."""
        return self.root.one(selector)

    @property
    def errors(self) -> list[str]:
        """The sentences at the fields and over the form."""
        return [node.text for node in (*self.all(".err"), *self.all(".errs li"))]

    def links(self) -> list[str]:
        """Where its links lead."""
        return [node.attrs["href"] for node in self.all("a") if "href" in node.attrs]

    def forms(self) -> list[Node]:
        """The forms of its main part that send something."""
        return [f for f in self.all("main form") if f.attrs.get("method", "get").lower() == "post"]

    def form(self, wanted: str = "") -> Node:
        """The form whose action ends so, or which has a button of that name; the only one without a name."""
        found = [f for f in self.forms() if not wanted or _is(f, wanted)]
        assert len(found) == 1, f"{len(found)} forms match {wanted!r} on {self.path}"
        return found[0]


def _is(form: Node, wanted: str) -> bool:
    labels = {node.text for node in form.all("button")}
    return form.attrs.get("action", "").endswith(wanted) or wanted in labels


def values_of(form: Node) -> dict[str, list[str]]:
    """What a browser would send for an untouched form."""
    values: dict[str, list[str]] = {}
    for node in form.walk():
        name, kind = node.attrs.get("name", ""), node.attrs.get("type", "text")
        if not name or "disabled" in node.attrs:
            continue
        if node.tag == "textarea":
            values.setdefault(name, []).append("".join(map(str, node.children)).removeprefix("\n"))
        elif node.tag == "select":
            options = node.all("option")
            chosen = [o for o in options if "selected" in o.attrs] or options[:1]
            values.setdefault(name, []).extend(o.attrs.get("value", o.text) for o in chosen)
        elif node.tag == "input" and kind in {"radio", "checkbox"}:
            values.setdefault(name, []).extend([node.attrs.get("value", "on")] * ("checked" in node.attrs))
        elif node.tag == "input" and kind not in {"submit", "file", "button"}:
            values.setdefault(name, []).append(node.attrs.get("value", ""))
        elif node.tag == "input" and kind == "file":
            values.setdefault(name, [])
    return values


class Desk:
    """Somebody at the desk: one session, one page at a time.

    ``latin`` names further words in Latin letters that may stand on the pages of a test; what the test
    itself types may anyway. ``environ`` goes with each request (headers, environ_base).
    """

    def __init__(self, client: FlaskClient, latin: tuple[str, ...] = (), **environ: Any) -> None:
        self.client = client
        self.environ = environ
        self.latin = LATIN | {word.lower() for word in latin}
        self.page: Page | None = None

    def sign_in(self, username: str, password: str = PASSWORD, to: str = "/login") -> Page:
        """Through the sign-in page, as one does."""
        self.get(to)
        return self.submit({"username": username, "password": password})

    def enter(self, username: str) -> None:
        """Begin a session of theirs as signing in would, but for the pages on the way; no page is open afterwards."""
        from flask import session
        from sqlalchemy import select

        from caseflow import moment
        from caseflow.db import db, transaction
        from caseflow.models import Person
        from caseflow.stages import sessions
        from caseflow.web import signin

        app = self.client.application
        with app.app_context(), app.test_request_context():
            person = db.session.scalars(select(Person).where(Person.username == username)).one()
            with transaction() as opened:
                token = sessions.begin(opened, person.id, sessions.Where(), moment.now())
            signin.enter(person, token)
            begun = dict(session)
        with app.app_context(), self.client.session_transaction() as kept:
            kept.update(begun)

    def sign_out(self) -> Page:
        """By the button in the head of the page."""
        form = next(f for f in self._now().all("header form") if f.attrs["action"].endswith("/logout"))
        return self._send("/logout", values_of(form))

    def get(self, url: str, follow: bool = True) -> Page:
        """Open a page; checks it, and the redirects on the way."""
        return self._arrive(url, self._request(url), follow)

    def status(self, url: str, data: Mapping[str, Any] | None = None) -> int:
        """Ask for a page, or send what no form would, and look at nothing but how it is answered."""
        answer = self._request(url, data)
        check_headers(answer)
        return answer.status_code

    def submit(self, values: Mapping[str, Any] | None = None, form: str = "", follow: bool = True) -> Page:
        """Fill in a form of the page and send it, with all it holds already, its token included.

        ``form`` tells which, by the end of its action or a button's words. A value may be a list, or a
        (file, name) pair for an upload; what is no field of the form fails, ``+name`` adds it all the same
        (a button, a forged field).
        """
        page = self._now()
        node = page.form(form)
        data: dict[str, Any] = dict(values_of(node))
        for name, value in (values or {}).items():
            assert name.startswith("+") or name in data, f"no field {name!r} in the form on {page.path}"
            data[name.removeprefix("+")] = value
        return self._send(urljoin(page.path, node.attrs.get("action", "") or page.path), data, follow)

    def post(self, url: str, data: Mapping[str, Any], follow: bool = True) -> Page:
        """Send what no form of the page would: without a token, unless ``data`` brings one."""
        return self._send(url, data, follow)

    def token(self) -> str:
        """The token of this session, as the open page carries it."""
        tokens = [n for n in self._now().all("input") if n.attrs.get("name") == "csrf_token"]
        return tokens[0].attrs["value"]

    def _now(self) -> Page:
        assert self.page is not None, "no page is open"
        return self.page

    def _send(self, url: str, data: Mapping[str, Any], follow: bool = True) -> Page:
        self.latin |= {word.lower() for value in data.values() for word in TOKEN.findall(str(value))}
        return self._arrive(url, self._request(url, data), follow)

    def _request(self, url: str, data: Mapping[str, Any] | None = None) -> TestResponse:
        """Send one request in a context of its own: what a request remembers must not reach the next one."""
        method = "GET" if data is None else "POST"
        with self.client.application.app_context():
            return self.client.open(url, method=method, data=data, buffered=True, **self.environ)

    def _arrive(self, url: str, response: TestResponse, follow: bool) -> Page:
        check_headers(response)
        for _ in range(5):
            if not follow or response.status_code not in REDIRECTS:
                break
            url = urljoin(url, response.headers["Location"])
            assert not urlsplit(url).netloc, f"led away to {url}"
            response = self._request(url)
            check_headers(response)
        file = "attachment" in response.headers.get("Content-Disposition", "")  # no page of ours
        html = response.get_data(as_text=True) if response.mimetype == "text/html" and not file else ""
        led_on = response.status_code in REDIRECTS  # werkzeug's own page, which nobody sees
        root = Node("#document", {}) if led_on else parse(html)
        if html.lstrip().lower().startswith("<!doctype html>") and not led_on:
            check_page(root, self.latin)
        self.page = Page(url, response, root)
        return self.page


# -- what holds on every page --------------------------------------------------------------------


def check_headers(response: TestResponse) -> None:
    """Every answer says what a browser may do with it."""
    for name, value in HEADERS.items():
        assert response.headers.get(name) == value, f"{name}: {response.headers.get(name)!r}"
    assert "camera=()" in response.headers["Permissions-Policy"]
    if (response.mimetype or "").startswith("text/"):
        assert response.mimetype_params.get("charset") == "utf-8"
    if response.mimetype == "text/html":
        assert response.headers["Cache-Control"] == "no-store"


def check_page(root: Node, latin: frozenset[str] = LATIN) -> None:
    """One heading, a title that begins with it, Chinese throughout, nothing inline, nothing from outside."""
    assert root.one("html").attrs.get("lang") == "zh-CN"
    heading, title = root.one("h1").text, "".join(map(str, root.one("head title").children))
    assert title.startswith(heading) or heading == PRODUCT, f"title {title!r}, heading {heading!r}"
    ids = [node.attrs["id"] for node in root.walk() if "id" in node.attrs]
    assert len(ids) == len(set(ids)), f"ids twice: {sorted({i for i in ids if ids.count(i) > 1})}"
    _check_forms(root)
    _check_nothing_inline(root)
    _check_nothing_outside(root)
    _check_labels(root, set(ids))
    leftovers = [word for word in _words(root) if _is_leftover(word, latin)]
    assert not leftovers, f"not Chinese: {leftovers}"


def _check_forms(root: Node) -> None:
    for form in root.all("form"):
        if form.attrs.get("method", "get").lower() == "post":
            tokens = [n for n in form.all("input") if n.attrs.get("name", "").endswith("csrf_token")]
            assert len(tokens) == 1, f"{len(tokens)} tokens in the form to {form.attrs.get('action')}"
            assert tokens[0].attrs["value"]
        assert form.all("button"), f"no button in the form to {form.attrs.get('action')}"


def _check_nothing_inline(root: Node) -> None:
    for node in root.walk():
        assert node.tag != "style", "an inline style sheet"
        assert node.tag != "script" or "src" in node.attrs, "an inline script"
        bad = [name for name in node.attrs if name == "style" or name.startswith("on")]
        assert not bad, f"<{node.tag}> has {bad}"


def _check_nothing_outside(root: Node) -> None:
    for node in root.walk():
        for name in LOADING:
            address = urlsplit(node.attrs.get(name, ""))
            assert not address.netloc, f"<{node.tag}> leads to {node.attrs[name]}"
            assert address.scheme in {"", "data", "mailto"}, f"<{node.tag}> leads to {node.attrs[name]}"


def _check_labels(root: Node, ids: set[str]) -> None:
    """Every label and description points at something that is there, every control has a name."""
    for node in root.walk():
        pointed = [node.attrs.get("for", "")] if node.tag == "label" else []
        for name in ("aria-describedby", "aria-labelledby"):
            pointed += node.attrs.get(name, "").split()
        missing = {p for p in pointed if p} - ids
        assert not missing, f"<{node.tag}> points at {missing}, which is not there"
    labelled = {node.attrs.get("for") for node in root.all("label")}
    wrapped = {node for label in root.all("label") for node in label.walk()}
    for node in (*root.all("input"), *root.all("select"), *root.all("textarea")):
        if node.attrs.get("type") in {"hidden", "submit"}:
            continue
        named = node.attrs.get("id") in labelled or {"aria-label", "aria-labelledby"} & node.attrs.keys()
        assert named or node in wrapped, f"<{node.tag} name={node.attrs.get('name')!r}> has no label"


def _words(root: Node) -> Iterator[str]:
    spoken = [root.text]
    for node in root.walk():
        if node.tag not in HIDDEN | {"link", "meta"}:
            spoken += [node.attrs[name] for name in SPOKEN if name in node.attrs]
    yield from TOKEN.findall(" ".join(spoken))


def _is_leftover(token: str, latin: frozenset[str]) -> bool:
    """A plain English word: letters only, not all capitals, not one that belongs here."""
    word = token.strip(".:/-+")
    return word.isalpha() and len(word) > 1 and not word.isupper() and word.lower() not in latin
