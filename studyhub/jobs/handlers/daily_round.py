"""Each morning: assignments follow the day, reminders are told, and letters are written where mail is on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from studyhub.jobs.context import JobContext
from studyhub.services import assignments, digests, mail, notices


def run(context: JobContext, payload: Mapping[str, Any]) -> None:
    """Every step can be done twice: a round that was cut off begins anew and tells nobody anything again."""
    now = context.now()
    handled = digests.handled_before(str(payload.get("handled", "")), now)
    # Tomorrow's is asked for first, so that a round that fails does not end the row of rounds. It takes today for
    # handled only when all is done, so that it makes up for what failed.
    with context.writing_db() as db:
        digests.ask_for_round(db, now, handled=handled)
        mail.close_the_day(db, now)
        notices.forget_old(db, now)
    with context.reading_db() as db:
        this = digests.begin_round(db, context.config, handled, now)
        asked = assignments.unfinished_assignments(db)
        readers = digests.readers(db) if this.mail_goes else []
    size = digests.LETTERS_AT_ONCE
    steps = len(asked) + -(-len(readers) // size)
    for done, assignment_id in enumerate(asked, start=1):
        with context.writing_db() as db:
            assignments.follow(db, assignment_id, this.chart, now)
            digests.remind(db, assignment_id, this)
        context.report_progress(done, steps)
    for done, start in enumerate(range(0, len(readers), size), start=len(asked) + 1):
        with context.reading_db() as db:
            letters = digests.write_letters(db, this, readers[start : start + size])
        if letters:
            with context.writing_db() as db:
                digests.post_letters(db, this, letters)
        context.report_progress(done, steps)
    with context.writing_db() as db:
        digests.note_done(db, now)
