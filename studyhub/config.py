"""Configuration: defaults < instance/config.toml < environment; a wrong value stops the start with a sentence."""

from __future__ import annotations

import os
import re
import secrets
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path

PROJECT_ROOT = Path(__file__).resolve().parent.parent


class ConfigurationError(Exception):
    """A setting is wrong; the text says which one, where it stands and what would be right."""


@dataclass(frozen=True, slots=True)
class Config:
    instance: Path
    """Folder that holds all a running site owns: database, files, secret key."""
    database_url: str
    """SQLAlchemy URL; ``sqlite:///…`` or ``postgresql+psycopg://…``."""
    content: Path
    """Folder that holds ``courses/`` and ``question_pool/``."""
    secret_key: str
    site_name: str = "StudyHub"
    host: str = "127.0.0.1"
    port: int = 5000
    workers: int = 2
    threads: int = 4
    """Of each web worker; measured in docs/operations.md."""
    worker_embedded: bool = True
    """Whether ``serve`` runs the background jobs itself; off where ``studyhub worker`` runs."""
    https_only: bool = False
    """Whether cookies carry Secure and responses HSTS; on behind TLS."""
    trusted_proxies: int = 0
    """How many reverse proxies in front set X-Forwarded-For and X-Forwarded-Proto."""
    session_days: int = 14
    max_upload_mb: int = 64
    """Of everything that one form sends."""
    clamd: str = ""
    """Where uploads are looked through for viruses: ``host:port`` or ``unix:/path``; empty for nowhere. When it does
    not answer, nothing is taken in."""
    public_url: str = ""
    """Address at which people reach the site, for links in mail; empty: mail has none."""
    smtp_host: str = ""
    """Server that mail goes through; empty: no mail is sent, whatever the settings in the browser say."""
    smtp_port: int = 587
    smtp_user: str = ""
    """Empty: the server is not signed in to."""
    smtp_password: str = field(default="", repr=False)
    smtp_tls: str = "starttls"
    """none, starttls or tls (from the first byte on)."""
    log_level: str = "INFO"
    demonstration_password: str = ""
    """Shown on the sign-in page of a demonstration; ``studyhub demo`` writes it into the instance's config.toml."""
    testing: bool = False

    @property
    def files(self) -> Path:
        """Folder of stored files, by hash."""
        return self.instance / "files"


_BOUNDS = {
    "port": (1, 65535),
    "workers": (1, 64),
    "threads": (1, 64),
    "trusted_proxies": (0, 10),
    "session_days": (1, 365),
    "max_upload_mb": (1, 2048),
    "smtp_port": (1, 65535),
}
_HOST_AND_PORT = re.compile(r".+:[0-9]{1,5}")
_PUBLIC_URL = re.compile(r"https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?(/[A-Za-z0-9._~/-]*)?")
_HOST = re.compile(r"[A-Za-z0-9.:-]+")
_TRUE, _FALSE = {"1", "true", "yes", "on"}, {"0", "false", "no", "off"}


def load_config(environment: Mapping[str, str] | None = None) -> Config:
    """Raises ConfigurationError; creates the instance folder and the secret key when they are missing."""
    env = os.environ if environment is None else environment
    instance = Path(env.get("STUDYHUB_INSTANCE") or PROJECT_ROOT / "instance").expanduser().resolve()
    _make_private_folder(instance)
    config = Config(
        instance=instance,
        database_url=f"sqlite:///{instance / 'studyhub.sqlite3'}",
        content=_default_content(),
        secret_key="",  # nosec B106 - none yet; kept or configured below
    )
    config = _merge(config, _from_file(instance / "config.toml"), str(instance / "config.toml"))
    config = _merge(config, _from_environment(env), "environment")
    _check(config)
    return config if config.secret_key else replace(config, secret_key=_kept_secret(instance))


def _default_content() -> Path:
    here = Path.cwd()
    return here if (here / "question_pool").is_dir() else PROJECT_ROOT


def _make_private_folder(folder: Path) -> None:
    """One that is there already, as in a fresh copy of the repository, is closed to other accounts of the machine."""
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        found = folder.stat()
        if found.st_mode & 0o007 and found.st_uid == os.geteuid():
            folder.chmod(found.st_mode & 0o770)
    except OSError as error:
        raise ConfigurationError(f"STUDYHUB_INSTANCE: cannot make the folder {folder}: {error}") from error


def _from_file(path: Path) -> dict[str, object]:
    if not path.exists():
        return {}
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{path}: not readable as TOML: {error}") from error


def _from_environment(env: Mapping[str, str]) -> dict[str, object]:
    """STUDYHUB_<NAME> for every setting, and the bare PORT that hosting platforms set."""
    found: dict[str, object] = {"port": env["PORT"]} if env.get("PORT") else {}
    for key, value in env.items():
        name = key.removeprefix("STUDYHUB_").lower()
        if key.startswith("STUDYHUB_") and name in _settable() and value != "":
            found[name] = value
    return found


def _settable() -> frozenset[str]:
    return frozenset(field.name for field in fields(Config)) - {"instance", "testing"}


def _merge(config: Config, found: dict[str, object], where: str) -> Config:
    unknown = sorted(set(found) - _settable())
    if unknown:
        raise ConfigurationError(f"{where}: unknown setting {', '.join(unknown)}")
    typed = {name: _typed(name, value, type(getattr(config, name)), where) for name, value in found.items()}
    return replace(config, **typed)  # type: ignore[arg-type]  # the types come from the fields themselves


def _typed(name: str, value: object, wanted: type, where: str) -> object:
    if issubclass(wanted, Path):
        return Path(str(value)).expanduser().resolve()
    if wanted is bool:
        return _boolean(name, value, where)
    if wanted is int:
        try:
            return int(str(value))
        except ValueError:
            raise ConfigurationError(f"{where}: {name} must be a whole number, not {value!r}") from None
    return str(value)


def _boolean(name: str, value: object, where: str) -> bool:
    word = str(value).lower()
    if word not in _TRUE | _FALSE:
        raise ConfigurationError(f"{where}: {name} must be true or false, not {value!r}")
    return word in _TRUE


def _check(config: Config) -> None:
    for name, (low, high) in _BOUNDS.items():
        if not low <= getattr(config, name) <= high:
            raise ConfigurationError(f"{name} must be from {low} to {high}, not {getattr(config, name)}")
    if not config.database_url.startswith(("sqlite:///", "postgresql+psycopg://")):
        raise ConfigurationError("database_url must start with sqlite:/// or postgresql+psycopg://")
    if config.secret_key and len(config.secret_key) < 32:
        raise ConfigurationError("secret_key must have at least 32 characters")
    if config.clamd and not config.clamd.startswith("unix:/") and not _HOST_AND_PORT.fullmatch(config.clamd):
        raise ConfigurationError(f"clamd must be host:port or unix:/path, not {config.clamd}")
    _check_mail(config)
    if config.log_level not in {"DEBUG", "INFO", "WARNING", "ERROR"}:
        raise ConfigurationError(f"log_level must be DEBUG, INFO, WARNING or ERROR, not {config.log_level}")


def _check_mail(config: Config) -> None:
    if config.public_url and not _PUBLIC_URL.fullmatch(config.public_url):
        raise ConfigurationError(f"public_url must look like https://host/path, not {config.public_url}")
    if config.smtp_host and not _HOST.fullmatch(config.smtp_host):
        raise ConfigurationError(f"smtp_host must be the name of a server, not {config.smtp_host}")
    if config.smtp_tls not in {"none", "starttls", "tls"}:
        raise ConfigurationError(f"smtp_tls must be none, starttls or tls, not {config.smtp_tls}")
    if config.smtp_password and config.smtp_tls == "none":
        raise ConfigurationError(
            "smtp_tls must be starttls or tls, since smtp_password would travel in the clear"
        )


def _kept_secret(instance: Path) -> str:
    """The key of this instance, made at the first start and readable by its owner only."""
    path = instance / "secret_key"
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        key = path.read_text("ascii").strip()
        if len(key) < 32:
            raise ConfigurationError(
                f"{path}: the secret key is damaged; restore it or delete the file"
            ) from None
        return key
    with os.fdopen(handle, "w") as file:
        key = secrets.token_urlsafe(48)
        file.write(key)
    return key
