"""Sends the letters of today. A server that is away is asked again, and in the end the job says what did not go."""

from __future__ import annotations

from collections.abc import Mapping
from smtplib import SMTP
from typing import Any

from studyhub.domain.errors import Invalid
from studyhub.jobs.context import JobContext
from studyhub.services import digests, mail


def run(context: JobContext, _payload: Mapping[str, Any]) -> None:
    with context.writing_db() as db:
        sender = digests.sender(db, context.config)
        waiting = mail.try_again(db, context.now()) if sender else 0
    if sender is None:
        return
    put_off = 0
    if waiting:
        try:
            with mail.connection(context.config) as server:
                put_off = _deliver(context, server, sender, waiting)
        except mail.TemporarilyRefused:
            _ask_again_later(context)
            raise
    if put_off:
        _ask_again_later(context)
        raise mail.TemporarilyRefused(f"{put_off} letters were not taken now")
    with context.reading_db() as db:
        failed = mail.failed_on(db, digests.day_of(context.now()))
    if failed:
        raise Invalid("今日のメールのうち%(count)s通を届けられませんでした。", count=failed)


def _deliver(context: JobContext, server: SMTP, sender: mail.Sender, waiting: int) -> int:
    """How many have to be tried again."""
    put_off = 0
    for number in range(waiting):
        context.report_progress(
            number, waiting
        )  # between letters: a worker that lost its lease sends no further one
        with context.writing_db() as db:
            posted = mail.take_up(db, context.now())
        if posted is None:
            break
        put_off += not _send(context, server, sender, posted)
    return put_off


def _send(context: JobContext, server: SMTP, sender: mail.Sender, posted: mail.Posted) -> bool:
    """False when it waits for another try."""
    try:
        mail.send(server, sender.address, posted.address, mail.message(sender, posted, context.now()))
    except mail.TemporarilyRefused as later:
        with context.writing_db() as db:
            mail.note_not_now(db, posted.id, str(later))
        return False
    except (mail.Refused, Invalid) as never:
        with context.writing_db() as db:
            mail.note_refused(db, posted.id, str(never))
        return True
    with context.writing_db() as db:
        mail.note_sent(db, posted.id, context.now())
    return True


def _ask_again_later(context: JobContext) -> None:
    """When this job gives up, the next one begins in half an hour, until the day is over."""
    if context.job.is_last_attempt:
        now = context.now()
        with context.writing_db() as db:
            mail.ask_for_delivery(db, now, run_after=now + mail.TRY_LATER)
