"""``studyhub serve``: the site, until it is stopped."""

from __future__ import annotations

import socket

import click

from studyhub.cli import database
from studyhub.cli.server import Server
from studyhub.config import Config
from studyhub.services.demo import DEMO_LOGINS


@click.command()
def serve() -> None:
    """Serve the site and, unless worker_embedded is off, run its background jobs."""
    config = database.config()
    database.require_schema()
    database.engine().dispose()  # no connection may be shared with the processes to come
    _require_free_port(config)
    click.echo(f"StudyHub: {address(config)}")
    if config.demonstration_password:
        click.echo(
            f"お試し用のログインID: {'、'.join(DEMO_LOGINS)}  パスワード: {config.demonstration_password}"
        )
    Server(config).run()


def address(config: Config) -> str:
    """Where a browser on this machine finds the site."""
    host = "127.0.0.1" if config.host in {"", "0.0.0.0", "::"} else config.host  # nosec B104 # noqa: S104
    return f"http://{host}:{config.port}/"


def _require_free_port(config: Config) -> None:
    """Before gunicorn, which would try for five seconds and then end with a stack of log lines."""
    family = socket.AF_INET6 if ":" in config.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((config.host, config.port))
        except OSError as error:
            raise click.ClickException(
                f"{config.host} の {config.port} 番ポートを使えません（{error.strerror}）。"
                "PORT で別の番号を指定してください。"
            ) from error
