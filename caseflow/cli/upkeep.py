"""Commands that keep the record whole: alerts run, verify, sweep, retention, backup, restore, reindex."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import click
from flask import current_app

from .. import moment
from ..alerts import applicants, deliver, ladder
from ..calendars import store
from ..config import Settings
from ..db import transaction
from ..law.words import in_full
from ..stages import audit
from ..upkeep import backup as backups
from ..upkeep import chains, contents, heads, indexed, keyring
from ..upkeep import retention as retaining
from ..upkeep import sweep as sweeping
from ..upkeep import verify as verifying
from ..upkeep.apart import beside
from . import with_database
from .progress import bar as _bar
from .progress import rebuild
from .refusals import reason

MAIL_WORDS = (
    ("sent", "发出"), ("waiting", "没有发出、稍后再试"), ("given_up", "放弃"), ("uncertain", "结果不明"),
)  # fmt: skip


@click.group()
def alerts() -> None:
    """提醒: warnings before a due day."""


@alerts.command("run")
@click.option("--today", type=click.DateTime(["%Y-%m-%d"]), help="As of the morning of this day.")
@with_database
def alerts_run(today: datetime | None) -> None:
    """Make one pass now and send all that is unsent, whatever the hour, the weekday and earlier refusals."""
    day: date = today.date() if today else moment.today()
    counts = ladder.make_pass(day, moment.now(), store.current())
    click.echo(f"{day}：新提醒 {counts['alerts']} 条，新通知 {counts['shown']} 人次")
    applicants.compose(moment.now(), _settings())
    mail = deliver.send_all(moment.now(), _settings(), force=True)
    told = [f"{word} {mail[state]} 封" for state, word in MAIL_WORDS if mail[state]]
    if told:
        click.echo(f"邮件：{'，'.join(told)}")


@click.command()
@click.option(
    "--head",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A signed head to hold it against.",
)
@with_database
def verify(head: Path | None) -> None:
    """Replay every case, walk every chain, read every file anew and name each difference; exit 1 if there is any."""
    _verify(head)


@click.command()
@click.option("--out", type=click.Path(path_type=Path), help="A new file; else it is printed.")
@with_database
def head(out: Path | None) -> None:
    """Sign where every chain of the record stands now: to be kept elsewhere, for verify --head."""
    signed = heads.sign(moment.now())
    if out is not None:
        try:
            with out.open("x", encoding="utf-8") as file:
                file.write(signed.as_json())
        except OSError as error:
            raise click.ClickException(reason(error)) from error
    with transaction() as session:
        audit.note(session, "head_signed", digest=signed.digest)
    click.echo(f"{len(signed.chains)} 条链，摘要 {signed.digest}" if out else signed.as_json().rstrip())


def _known(path: Path | None) -> tuple[list[str], heads.Head | None]:
    """What is odd about a signed head, and the head."""
    if path is None:
        return [], None
    try:
        signed = heads.read(path.read_text(encoding="utf-8"))
    except (heads.Unusable, UnicodeDecodeError) as error:
        raise click.ClickException(str(error)) from error
    return list(heads.strange(signed)), signed


def _verify(head: Path | None = None) -> None:
    odd, known = _known(head)
    for line in odd:
        click.echo(line)
    if sealed := _each("核对密钥", keyring.total(), keyring.differences):
        raise click.ClickException(f"有 {sealed} 处解不开：先放回原来的数据密钥文件，再核对其余的")
    cases, (files, size) = verifying.count(), contents.total()
    found = _each("核对", cases, verifying.differences) + _each(
        "核对链", chains.count(), lambda done: chains.differences(done, known)
    )
    found += len(odd) + _each("核对文件", size, contents.differences)
    found += _each("核对检索索引", cases, indexed.differences)
    # No difference: whoever is refused or cut off after the upload leaves one
    if number := sum(1 for _ in sweeping.left_over(moment.now())):
        click.echo(f"另有 {number} 个没有记录用到的文件，caseflow sweep 可以列出")
    checked = f"核对 {cases} 件" + (f"、{files} 份文件" if files else "")
    if found:
        raise click.ClickException(f"{checked}，有 {found} 处不一致")
    click.echo(f"{checked}，全部一致")


def _each(label: str, length: int, differences: Callable[[Callable[[int], object]], Iterator[str]]) -> int:
    """Tell every difference; returns how many."""
    found = 0
    with _bar(label, length) as bar:
        for line in differences(bar.update):
            click.echo(line)
            found += 1
    return found


@click.command()
@click.option("--remove", is_flag=True, help="Delete what is listed.")
@with_database
def sweep(remove: bool) -> None:
    """List files that no row knows, older than a day, and rows whose file is missing (exit 1)."""
    now, number, size = moment.now(), 0, 0
    for found in sweeping.left_over(now):
        if not remove or sweeping.remove(found, now):
            click.echo(f"{found.name} {moment.local(found.since):%Y-%m-%d %H:%M} {found.size} 字节")
            number, size = number + 1, size + found.size
    if remove and number:
        with transaction() as session:
            audit.note(session, "swept", count=number)
    done = "已删除" if remove else "没有记录用到的文件"
    hint = "，加上 --remove 删除" if number and not remove else ""
    click.echo(f"{done} {number} 个，共 {size} 字节{hint}")
    lost = 0
    for line in contents.absent():
        click.echo(line)
        lost += 1
    if lost:
        raise click.ClickException(f"有 {lost} 处找不到文件，请从备份恢复")


@click.command()
@click.option("--office", metavar="CODE", help="Of one office only.")
@click.option("--apply", "do_it", is_flag=True, help="Mask what is listed.")
@with_database
def retention(office: str | None, do_it: bool) -> None:
    """List archived cases past their office's retention and what of them is personal; mask it with --apply."""
    try:
        found = retaining.offices(office)
    except LookupError as error:
        raise click.ClickException(f"没有代码为 {office} 的机关") from error
    if not found:
        click.echo("没有机关设置保存期限（系统管理员在“机关—保存期限”里设置），个人信息都保存")
    today, due, away = moment.today(), 0, False
    for one in found:
        if plan := retaining.plan(one, today):
            _tell(plan)
            due += len(plan.due)
            if do_it and plan.due:
                away |= _mask(plan, today).away
    if due and not do_it:
        click.echo("什么都没有改变；加上 --apply 才隐去")
    if away:
        raise click.ClickException(retaining.AWAY)


def _tell(plan: retaining.Plan) -> None:
    last = plan.kept_from - timedelta(days=1)
    click.echo(f"{plan.code} {plan.name}：归档以后保存 {plan.years} 年，{in_full(last)} 以前归档的到期")
    for year, number in plan.by_year.items():
        click.echo(f"  {year} 年归档 {number} 件")
    if not plan.due:
        click.echo("  没有到期的")
        return
    parts = "、".join(f"{label} {plan.total(what)} {unit}" for what, label, unit in retaining.PARTS)
    click.echo(f"  共 {len(plan.due)} 件：{parts}；文件内容 {plan.contents} 份，共 {plan.size} 字节")


def _mask(plan: retaining.Plan, today: date) -> retaining.Done:
    with _bar("隐去", len(plan.due)) as bar:
        done = retaining.apply(plan, today=today, now=moment.now(), done=bar.update)
    changed = f"，{done.passed_over} 件刚刚有人办过，没有隐去" if done.passed_over else ""
    click.echo(f"  已隐去 {done.masked} 件{changed}，删除没有记录用到的文件 {done.removed} 个")
    if done.left:
        click.echo(f"  有 {done.left} 份文件内容存入不到一天，明天以后用 caseflow sweep --remove 删除")
    return done


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@with_database
def backup(file: Path) -> None:
    """Write the whole instance to one new FILE (mode 600) while it is in use."""
    try:
        with _bar("备份文件", contents.total()[1]) as bar:
            manifest = backups.write(file, _instance(), moment.now(), bar.update)
    except FileExistsError as error:
        taken = error.filename or file
        raise click.ClickException(f"{taken} 已经存在，没有覆盖；换一个文件名，例如写上日期") from error
    except OSError as error:
        raise click.ClickException(f"写不了 {file}：{reason(error)}") from error
    except backups.Unusable as refused:
        raise click.ClickException(str(refused)) from refused
    with transaction() as session:
        audit.note(session, "backup_made", cases=manifest.rows["case"], at=manifest.made_at)
    click.echo(f"已备份到 {file}：{_held(manifest)}")
    click.echo(f"密钥在 {beside(file).name}，没有它恢复不了：与备份分开存放")
    if manifest.faulty:
        raise click.ClickException(
            f"其他的都已备份，但有 {manifest.faulty} 份文件缺失或者已损坏，caseflow verify 会写明是哪几份"
        )


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--check", is_flag=True, help="Prove FILE only: touches nothing, also beside a running office.")
def restore(file: Path, check: bool) -> None:
    """Put a backup FILE into this empty instance, all or nothing, then verify it; its keys are in FILE.key."""
    (_prove if check else _restore)(file)


def _prove(file: Path) -> None:
    try:
        manifest = backups.prove(file)
    except (backups.Unusable, OSError) as error:
        raise click.ClickException(reason(error) if isinstance(error, OSError) else str(error)) from error
    made = moment.local(datetime.fromisoformat(manifest.made_at))
    click.echo(f"可以恢复：{made:%Y-%m-%d %H:%M} 的备份，{_held(manifest)}，每一项的校验值都对")
    if manifest.faulty:
        raise click.ClickException(f"备份时就有 {manifest.faulty} 份文件缺失或者已损坏")


def _held(manifest: backups.Manifest) -> str:
    files = f"、{len(manifest.contents)} 份文件" if manifest.contents else ""
    return f"{manifest.rows['case']} 件，{sum(manifest.rows.values())} 行{files}"


@with_database
def _restore(file: Path) -> None:
    try:
        manifest = backups.restore(file, _instance())
    except backups.Unusable as refused:
        raise click.ClickException(str(refused)) from refused
    except OSError as error:
        raise click.ClickException(f"恢复不了，实例仍然是空的：{reason(error)}") from error
    with transaction() as session:
        audit.note(session, "restored", cases=manifest.rows["case"], at=manifest.made_at)
    made = moment.local(datetime.fromisoformat(manifest.made_at))
    click.echo(f"已恢复 {made:%Y-%m-%d %H:%M} 的备份：{manifest.rows['case']} 件")
    _verify()


def _instance() -> Path:
    return _settings().instance


def _settings() -> Settings:
    settings: Settings = current_app.extensions["caseflow"]["settings"]
    return settings


@click.command()
@with_database
def reindex() -> None:
    """Write the search index anew from the texts of every case; whoever searches or works meanwhile may go on."""
    click.echo(f"检索索引已重建：{rebuild()} 件")


COMMANDS: list[click.Command] = [alerts, verify, head, sweep, retention, backup, restore, reindex]
