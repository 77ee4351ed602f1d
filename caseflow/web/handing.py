"""Files that are handed over under their names and never opened in the browser."""

from __future__ import annotations

from flask import Response, abort, send_file

from ..files import store
from ..files.types import media_of
from ..models import PublicationFile


def handed(file: PublicationFile | None, lost: str) -> Response:
    """A file of a published reply; 404 where there is none or its content is ``lost``, 410 once it was masked."""
    if file is None:
        abort(404)
    if file.sha256 is None:
        abort(410, "这个文件已经随个人信息隐去，内容不再保存")
    try:
        content = store.open_kept(file.sha256)
    except store.Missing:
        abort(404, lost)
    kind = media_of(file.name)
    return send_file(
        content, mimetype=kind.media if kind else "application/octet-stream", as_attachment=True,
        download_name=file.name, conditional=False, etag=False,
    )  # fmt: skip
