"""Where a site keeps what it owns."""

from __future__ import annotations

from pathlib import Path

import pytest

from studyhub.config import ConfigurationError, load_config


def mode_of(path: Path) -> int:
    return path.stat().st_mode & 0o777


@pytest.mark.parametrize("before", [None, 0o755, 0o777])
def test_an_instance_is_closed_to_other_accounts_of_the_machine(tmp_path: Path, before: int | None) -> None:
    """The repository brings an empty instance folder, which git makes readable for everybody."""
    instance = tmp_path / "instance"
    if before is not None:
        instance.mkdir()
        instance.chmod(before)
    load_config({"STUDYHUB_INSTANCE": str(instance)})
    assert mode_of(instance) & 0o007 == 0
    assert mode_of(instance / "secret_key") == 0o600


@pytest.mark.parametrize(
    "setting",
    [
        {"PORT": "0"}, {"PORT": "x"}, {"STUDYHUB_SECRET_KEY": "short"}, {"STUDYHUB_HTTPS_ONLY": "perhaps"},
        {"STUDYHUB_SMTP_TLS": "sometimes"}, {"STUDYHUB_SMTP_PORT": "0"}, {"STUDYHUB_SMTP_HOST": "a b"},
        {"STUDYHUB_PUBLIC_URL": "study.example.jp"}, {"STUDYHUB_DATABASE_URL": "mysql://x"}, {"STUDYHUB_LOG_LEVEL": "LOUD"}, {"STUDYHUB_TRUSTED_PROXIES": "-1"},
    ],
    ids=str,
)  # fmt: skip
def test_a_wrong_setting_stops_the_start_with_a_sentence(tmp_path: Path, setting: dict[str, str]) -> None:
    with pytest.raises(ConfigurationError, match=next(iter(setting)).removeprefix("STUDYHUB_").lower()):
        load_config({"STUDYHUB_INSTANCE": str(tmp_path), **setting})


def test_a_pass_word_is_never_sent_in_the_clear_nor_shown(tmp_path: Path) -> None:
    settings = {"STUDYHUB_INSTANCE": str(tmp_path), "STUDYHUB_SMTP_PASSWORD": "kept-secret"}
    assert "kept-secret" not in repr(load_config(settings))
    with pytest.raises(ConfigurationError, match="smtp_tls") as refused:
        load_config({**settings, "STUDYHUB_SMTP_TLS": "none"})
    assert "kept-secret" not in str(refused.value)
