"""`studyhub mail test`: an operator sees whether mail goes out."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import Engine

from studyhub.cli.mail import mail
from tests.smtp_server import mail_server

FROM = ["--from", "studyhub@example.jp"]


def test_a_letter_is_sent_whether_mail_is_switched_on_or_not(
    engine: Engine, site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STUDYHUB_SMTP_HOST", "127.0.0.1")
    monkeypatch.setenv("STUDYHUB_SMTP_TLS", "none")
    with mail_server() as server:
        monkeypatch.setenv("STUDYHUB_SMTP_PORT", str(server.port))
        done = CliRunner().invoke(mail, ["test", "operator@example.jp", *FROM])
        refused = CliRunner().invoke(mail, ["test", "nobody@example.jp", *FROM])
    assert done.exit_code == 0, done.output
    assert server.received_by("operator@example.jp")[0]["Subject"] == "【StudyHub】メール送信の確認"
    assert refused.exit_code == 1
    assert "550" in refused.output


def test_without_a_server_or_a_sender_the_command_says_what_is_missing(
    engine: Engine, site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    nowhere = CliRunner().invoke(mail, ["test", "operator@example.jp", *FROM])
    assert nowhere.exit_code == 1
    assert "smtp_host" in nowhere.output


def test_without_a_sender_the_command_asks_for_one(
    engine: Engine, site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STUDYHUB_SMTP_HOST", "127.0.0.1")
    nobody = CliRunner().invoke(mail, ["test", "operator@example.jp"])
    assert nobody.exit_code == 1
    assert "--from" in nobody.output
