"""The settings of database, proxies, mail and store: what can be used, what is refused in words, and what is never shown."""

from __future__ import annotations

from datetime import time
from pathlib import Path

import pytest

from caseflow.config import BadSetting, ObjectStore, Settings, load

WITH_MAIL = {"SMTP_URL": "smtp://gk:p%40ss@mail.example.cn:2525", "MAIL_FROM": "信息公开办 <gk@example.cn>"}


def loaded(tmp_path: Path, **given: str) -> Settings:
    return load({"CASEFLOW_INSTANCE": str(tmp_path)} | given)


def test_without_settings_there_is_no_mail_and_the_hours_are_those_of_the_office(tmp_path: Path) -> None:
    settings = loaded(tmp_path)
    assert (settings.smtp_url, settings.mail_from) == ("", "")
    assert (settings.mail_hours.opens, settings.mail_hours.closes) == (time(8), time(18))


def test_the_password_of_the_mail_server_is_not_shown(tmp_path: Path) -> None:
    settings = loaded(tmp_path, **WITH_MAIL)
    assert settings.smtp_url == WITH_MAIL["SMTP_URL"]
    assert "p%40ss" not in repr(settings)
    assert "gk@example.cn" in repr(settings)


def test_mail_settings_may_stand_in_the_file_of_the_instance(tmp_path: Path) -> None:
    lines = [f'{name} = "{value}"' for name, value in WITH_MAIL.items()]
    (tmp_path / "caseflow.toml").write_text("\n".join(lines), encoding="utf-8")
    assert loaded(tmp_path).smtp_url == WITH_MAIL["SMTP_URL"]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"SMTP_URL": "smtp://mail.example.cn"}, "还要用 MAIL_FROM 写明"),
        ({**WITH_MAIL, "SMTP_URL": "mail.example.cn:25"}, "SMTP_URL 写成 smtp://"),
        ({**WITH_MAIL, "SMTP_URL": "smtp://gk:secret@:25"}, "SMTP_URL 写成 smtp://"),
        ({**WITH_MAIL, "SMTP_URL": "smtp://gk:secret@mail:99999"}, "SMTP_URL 写成 smtp://"),
        ({**WITH_MAIL, "SMTP_URL": "http://gk:secret@mail"}, "SMTP_URL 写成 smtp://"),
        ({**WITH_MAIL, "SMTP_URL": "smtp://[gk:secret@mail"}, "SMTP_URL 写成 smtp://"),
        ({**WITH_MAIL, "MAIL_FROM": "信息公开办"}, "MAIL_FROM 写成 gk@example.cn"),
        ({**WITH_MAIL, "MAIL_FROM": "gk@localhost"}, "MAIL_FROM 写成 gk@example.cn"),
        ({**WITH_MAIL, "MAIL_FROM": "gk@[b.cn"}, "MAIL_FROM 写成 gk@example.cn"),
        ({**WITH_MAIL, "MAIL_FROM": "gk@example.cn\nBcc: x@example.cn"}, "MAIL_FROM 写成 gk@example.cn"),
        ({"DATABASE_URL": "postgresql://gk:secret@db1:5432,db2:5432/gk"}, "host=a:5432&host=b:5432"),
        ({"DATABASE_URL": "postgresql://gk:secret@db1:54a2/gk"}, "DATABASE_URL 用不了"),
        ({"DATABASE_URL": "postgresql://gk:p@secret@db1/gk"}, "@ 写成 %40"),
        ({"DATABASE_URL": "mysql://gk:secret@db1/gk"}, "DATABASE_URL 的开头不对"),
        ({"DATABASE_URL": "postgresql+psycopg2://gk:secret@db1/gk"}, "DATABASE_URL 的开头不对"),
        ({"DATABASE_URL": "pg://gk:secret@db1/gk"}, "DATABASE_URL 用不了"),
        (
            {"DATABASE_URL": "postgresql://gk:secret@db1/gk?sslmod=require"},
            "DATABASE_URL 的选项不对：.*sslmod",
        ),
        ({"DATABASE_URL": "gk:secret@db1"}, "DATABASE_URL 用不了"),
        ({"DATABASE_URL": "sqlite://var/secret"}, "sqlite:////"),
        ({"TRUSTED_PROXY": "nginx.example.cn"}, "TRUSTED_PROXY 写反向代理的 IP 地址"),
        ({"TRUSTED_PROXY": "10.0.0.5, *"}, "TRUSTED_PROXY 写反向代理的 IP 地址"),
        ({"TRUSTED_PROXY": "10.0.0.5/24"}, "TRUSTED_PROXY 写反向代理的 IP 地址"),
        ({"SECRET_KEY": ""}, "SECRET_KEY 是空的"),
        ({"SECRET_KEY": "short"}, "SECRET_KEY is shorter"),
        ({"MAIL_HOURS": "8-18"}, "MAIL_HOURS 写成 08:00-18:00"),
        ({"MAIL_HOURS": "18:00-08:00"}, "MAIL_HOURS 写成 08:00-18:00"),
        ({"MAIL_HOURS": "08:00"}, "MAIL_HOURS 写成 08:00-18:00"),
        ({"MAIL_HOURS": "08:00+08:00-18:00"}, "MAIL_HOURS 写成 08:00-18:00"),
    ],
)
def test_what_cannot_be_used_is_said_without_the_password(
    tmp_path: Path, given: dict[str, str], said: str
) -> None:
    with pytest.raises(BadSetting, match=said) as refused:
        loaded(tmp_path, **given)
    assert "secret" not in str(refused.value)
    assert refused.value.__cause__ is None or "secret" not in repr(refused.value.__cause__)


def test_several_databases_and_several_proxies_may_be_named(tmp_path: Path) -> None:
    url = "postgresql://gk:p%40ss@/gk?host=a:5432&host=b:5432&target_session_attrs=read-write"
    settings = loaded(tmp_path, DATABASE_URL=url, TRUSTED_PROXY="10.0.0.5, 10.0.1.0/24,fd00::5")
    assert settings.database_url == url.replace("postgresql:", "postgresql+psycopg:")
    assert [str(one) for one in settings.trusted_proxy] == ["10.0.0.5/32", "10.0.1.0/24", "fd00::5/128"]
    assert loaded(tmp_path).trusted_proxy == ()


def test_hours_hold_from_the_first_minute_to_before_the_last(tmp_path: Path) -> None:
    hours = loaded(tmp_path, MAIL_HOURS="09:30-17:30").mail_hours
    assert [hours.holds(time(*t)) for t in ((9, 29), (9, 30), (17, 29), (17, 30))] == [
        False,
        True,
        True,
        False,
    ]


# --- the store ---------------------------------------------------------------------------------------------


def test_the_store_is_a_folder_or_a_bucket_entered_by_the_usual_names(tmp_path: Path) -> None:
    assert loaded(tmp_path).files is None
    assert loaded(tmp_path, FILES_URL="s3://gk/").files == ObjectStore("gk")
    (tmp_path / "caseflow.toml").write_text('AWS_ACCESS_KEY_ID = "gk"\nAWS_REGION = "cn-1"\n')
    given = {"AWS_ENDPOINT_URL": "http://s3.example.cn:9000", "AWS_SECRET_ACCESS_KEY": "geheim"}
    settings = loaded(tmp_path, FILES_URL="s3://gk/office/files/", **given)
    assert settings.files == ObjectStore(
        "gk", "office/files", "http://s3.example.cn:9000", "cn-1", "gk", "geheim"
    )
    assert "geheim" not in repr(settings)
    for url in ("s3://", "s3:///files", "/var/files", "file:///files", "http://b/f", "s3://用户@b/f"):
        with pytest.raises(BadSetting, match="FILES_URL"):
            loaded(tmp_path, FILES_URL=url)


def test_the_file_of_the_keys_lies_in_the_instance_unless_machines_share_one(tmp_path: Path) -> None:
    assert loaded(tmp_path).keys_file == tmp_path / "data.key"
    shared = tmp_path / "shared.key"
    assert loaded(tmp_path, DATA_KEY_FILE=str(shared)).keys_file == shared
    with pytest.raises(BadSetting, match="DATA_KEY_FILE 写成"):
        loaded(tmp_path, DATA_KEY_FILE=str(tmp_path / "none" / "data.key"))
