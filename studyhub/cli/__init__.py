"""The command ``studyhub``: one module a noun, each with its click command or group."""

from __future__ import annotations

from importlib import import_module

from click import Command, Context
from flask import Flask
from flask.cli import FlaskGroup

_COMMANDS: dict[str, str] = {
    # command: "module:attribute", loaded only when asked for, so that the command line starts quickly
    "backup": "backup:backup",
    "bench": "bench:bench",
    "content": "content:content",
    "init": "init:init",
    "mail": "mail:mail",
    "migrate": "init:migrate",
    "people": "people:people",
    "demo": "demo:demo",
    "progress": "progress:progress",
    "restore": "backup:restore",
    "search": "search:search",
    "serve": "serve:serve",
    "verify": "backup:verify",
    "worker": "worker:worker",
}


class StudyHubGroup(FlaskGroup):
    """Flask's group (``run``, ``routes``, ``shell``) plus ours, imported on demand."""

    def list_commands(self, ctx: Context) -> list[str]:
        return sorted({*super().list_commands(ctx), *_COMMANDS})

    def get_command(self, ctx: Context, name: str) -> Command | None:
        if name not in _COMMANDS:
            return super().get_command(ctx, name)
        module, attribute = _COMMANDS[name].split(":")
        found: Command = getattr(import_module(f"studyhub.cli.{module}"), attribute)
        return found


def _create_app() -> Flask:
    # By name: the composition root imports everything, and only it may.
    app: Flask = import_module("studyhub.app").create_app()
    return app


main = StudyHubGroup(
    name="studyhub",
    create_app=_create_app,
    add_version_option=False,
    load_dotenv=False,
    set_debug_flag=False,
    help="StudyHub: study sessions and practice for digital literacy.",
)
