"""保存期限: the administrator sets it, sees what is past it, and has exactly that masked."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from wtforms.validators import NumberRange, Optional

from .. import moment
from ..law.retention import FEWEST, MOST
from ..stages import offices
from ..stages.errors import Refused
from ..upkeep import retention
from . import access, again, papers
from .access import allow
from .forms import Form, WholeField

bp = Blueprint("retention", __name__, url_prefix="/admin/retention")

AT_ONCE = 100  # cases of one press of the button: a page is answered within seconds
CHANGED = "看过以后有了变化，什么都没有隐去。下面是现在的情况，核对以后再确认一次"


class YearsForm(Form):
    """How long personal data are kept."""

    years = WholeField(
        "归档以后保存几年",
        [Optional(), NumberRange(FEWEST, MOST, f"写 {FEWEST} 至 {MOST} 的整数，长期保存的留空")],
        description=f"归档的次年 1月1日 起算的整年数，{FEWEST} 至 {MOST} 年，不短于本机关档案的保管期限；留空就不隐去",
    )


@bp.get("")
@allow("admin")
def page() -> Any:
    """The setting, and what would be masked by it now."""
    return _page(YearsForm(formdata=None, data={"years": access.me().office.retention_years}))


@bp.post("/years")
@allow("admin")
@again.kept(lambda: _page(YearsForm()))
def keep() -> Any:
    """Set how long they are kept; nothing is masked by that."""
    form = YearsForm()
    if not form.validate():
        return _page(form), 422
    try:
        offices.set_retention(access.me().office_id, form.years.data)
    except Refused as refused:
        form.refuse(refused)
        return _page(form), 422
    flash("保存期限已经保存，还没有隐去任何一件")
    return redirect(url_for("retention.page"))


@bp.post("/mask")
@allow("admin")
def mask() -> Any:
    """Mask what was shown; whatever has changed since is shown anew, and nothing is masked."""
    found = retention.plan(access.me().office, access.today(), AT_ONCE)
    if found is None or not found.due or request.form.get("shown") != found.fingerprint:
        flash(CHANGED, "warning")
        return redirect(url_for("retention.page"))
    done = retention.apply(found, today=access.today(), now=moment.now(), actor_id=access.me().id)
    told = [f"已隐去 {done.masked} 件的个人信息"]
    if done.passed_over:
        told.append(f"{done.passed_over} 件刚刚有人办过，没有隐去")
    if done.left:
        told.append(f"{done.left} 份文件内容存入不到一天，明天以后由 caseflow sweep --remove 删除")
    if done.away:
        told.append(retention.AWAY)
    flash("；".join(told), "warning" if done.away else "success")
    return redirect(url_for("retention.page"))


def _page(form: YearsForm) -> str:
    found = retention.plan(access.me().office, access.today(), AT_ONCE)
    return render_template(
        "admin/retention.html", form=form, parts=retention.PARTS, plan=found,
        size=papers.size_words(found.size) if found else "",
    )  # fmt: skip
