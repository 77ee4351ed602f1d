"""What programs get in the place of a page that says what is wrong (RFC 9457): title and detail in Chinese."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from flask import Response, request

PREFIX = "/api/"  # of the addresses that programs ask
MEDIA = "application/problem+json"
FAULT = "故障号 {}：请把它和时间告诉对方的系统管理员；什么都没有保存"

# The title of each status, and what is said where nobody said more
WORDS: dict[int, tuple[str, str]] = {
    400: ("请求读不出来", "请求的内容不是接口说明里的格式"),
    401: ("没有令牌，或者令牌不能用", "在 Authorization 里写 Bearer 和本网站的令牌"),
    403: ("不允许", "这个令牌不能做这件事"),
    404: ("没有找到", "地址或者编号可能有误"),
    405: ("这个地址不能这样用", "看接口说明里这个地址的方法"),
    409: ("和已经收到的冲突", "什么都没有保存"),
    413: ("请求太大", "什么都没有保存"),
    415: ("请求的格式不对", "请求的内容用 application/json"),
    422: ("内容有误，没有收下", "按各字段的提示改好再提交"),
    429: ("请求太多", "过一会儿再试，Retry-After 里是要等的秒数"),
    500: ("系统出错", "什么都没有保存"),
    503: ("系统正忙", "过几秒再试；什么都没有保存"),
}
OTHER = ("请求没有办成", "看接口说明")

Errors = Mapping[str, Sequence[str]]


class Problem(Exception):
    """What a view of the interface refuses: status, a sentence, the sentences at the fields, headers."""

    def __init__(
        self, status: int, detail: str = "", errors: Errors | None = None, headers: Any = None
    ) -> None:
        super().__init__(detail)
        self.status, self.detail, self.errors, self.headers = status, detail, errors, headers

    def response(self) -> Response:
        """As it is answered."""
        return problem(self.status, self.detail, self.errors, self.headers)


def asked_by_program() -> bool:
    """Whether this request is one of a program, whatever becomes of it."""
    return request.path.startswith(PREFIX)


def problem(status: int, detail: str = "", errors: Errors | None = None, headers: Any = None) -> Response:
    """The answer of a status; ``errors`` are sentences by field."""
    title, usual = WORDS.get(status, OTHER)
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": title,
        "status": status,
        "detail": detail or usual,
    }
    if errors:
        body["errors"] = {name: list(said) for name, said in errors.items()}
    return Response(dumped(body), status, headers=headers, mimetype=MEDIA)


def dumped(body: Any) -> str:
    """As JSON that can be read; half a character, which no encoding has, stands as its number."""
    text = json.dumps(body, ensure_ascii=False)
    return text if text.isprintable() else text.encode("utf-8", "backslashreplace").decode()
