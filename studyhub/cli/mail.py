"""``studyhub mail``: whether the site can send mail at all."""

from __future__ import annotations

import click

from studyhub.cli import database
from studyhub.domain.errors import Invalid
from studyhub.domain.identity import Locale
from studyhub.domain.notices import is_address
from studyhub.services import digest_texts, digests
from studyhub.services import mail as mail_service


@click.group()
def mail() -> None:
    """Mail of the site."""


@mail.command("test")
@click.argument("address")
@click.option("--from", "sender", default="", help="Address it comes from; else the one set in the browser.")
@click.option("--locale", type=click.Choice([locale.value for locale in Locale]), default=Locale.JA.value)
def test(address: str, sender: str, locale: str) -> None:
    """Send a letter to ADDRESS through the configured server, whether mail is switched on or not."""
    config = database.config()
    if not config.smtp_host:
        raise click.ClickException(
            "smtp_host が設定されていません。instance/config.toml か環境変数で指定してください。"
        )
    with database.reading_db() as db:
        names = digests.site_names(db, config)
        come_from = sender or digests.sender_address(db)
    if not is_address(come_from):
        raise click.ClickException(
            "差出人のアドレスがありません。--from で渡すか、設定画面で入れてください。"
        )
    letter = digest_texts.trial(names, Locale(locale))
    posted = mail_service.Posted(0, address, digests.day_of(database.now()), letter)
    try:
        content = mail_service.message(mail_service.Sender(come_from, names.name), posted, database.now())
        with mail_service.connection(config) as server:
            mail_service.send(server, come_from, address, content)
    except (mail_service.TemporarilyRefused, mail_service.Refused, Invalid) as error:
        raise click.ClickException(f"送れませんでした: {error}") from error
    click.echo(
        f"{config.smtp_host} が {address} 宛てのメールを受け取りました。届いたことを確かめてください。"
    )
