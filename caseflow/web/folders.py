"""案卷: the whole folder of a case in one download."""

from __future__ import annotations

from tempfile import SpooledTemporaryFile
from typing import IO, Any

from flask import Blueprint, abort, send_file

from ..files.store import Unreachable
from ..folders import year
from ..folders.packing import Damaged, pack
from ..folders.plan import Plan, plan
from . import access, exports
from .access import allow

bp = Blueprint("folders", __name__)

IN_MEMORY = 4 * 2**20  # bytes; a larger folder waits on the disk
FULL = "案卷没有做成：服务器的磁盘写不进去（可能已满），请告诉系统管理员"


@bp.post("/cases/<int:case_id>/folder.zip")
@allow(*access.DESK)
def download(case_id: int) -> Any:
    """The folder as the record stands now: whole and noted before the first byte is sent, kept nowhere."""
    wanted = plan(access.my_case(case_id).id)
    try:
        file = _packed(wanted)
    except Damaged as damaged:
        abort(404, str(damaged))
    except Unreachable:
        raise
    except OSError:
        abort(503, FULL)
    exports.note("案卷", "zip", case_id=case_id)
    size = file.tell()
    file.seek(0)
    answer = send_file(
        file, mimetype="application/zip", as_attachment=True,
        download_name=year.file_name(wanted.office, wanted.number), conditional=False, etag=False,
    )  # fmt: skip
    answer.content_length = size
    return answer


def _packed(wanted: Plan) -> IO[bytes]:
    """The zip in a file that is gone once it is closed. Raises Damaged, OSError."""
    file = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115  (closed when it has been sent)
    try:
        pack(wanted, file)
    except BaseException:
        file.close()
        raise
    return file
