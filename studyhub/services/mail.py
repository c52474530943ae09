"""Letters to people: written with the transaction that asks, sent once at most, on their own day or not at all.

Nobody gets more than one letter a day: there is one row for a person and a day, it is taken up before it is sent, and
a letter whose sending was cut off is not sent again. A server that says no is asked again; one that says nothing after
it was given the letter is not.
"""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, formataddr

from sqlalchemy import delete, exists, func, select, update
from sqlalchemy.orm import Session

from studyhub.config import Config
from studyhub.domain.days import TOKYO, office_day
from studyhub.domain.errors import Invalid
from studyhub.domain.notices import Letter, MailState, is_address
from studyhub.persistence.models import Mail, User
from studyhub.persistence.upsert import insert_for
from studyhub.services import jobs

TIMEOUT_S = 20
KEEP_MAIL = timedelta(days=90)
TRY_LATER = timedelta(minutes=30)
_LONGEST_ERROR = 300
_IS_WANTED = exists().where(User.id == Mail.user_id, User.active, User.wants_mail, User.email == Mail.address)
"""The person may have stopped mail, left or changed address since the letter was written."""


class TemporarilyRefused(Exception):
    """The server was not reached, or said "not now": the letter was certainly not taken and may be tried again."""


class Refused(Exception):
    """The server will not take this letter, or nobody knows whether it did: it is not tried again."""


@dataclass(frozen=True, slots=True)
class Sender:
    """``name`` is shown, ``account_url`` is where a reader stops the mail; empty where the site's address is unknown."""

    address: str
    name: str
    account_url: str = ""


@dataclass(frozen=True, slots=True)
class Posted:
    """A letter that a worker has taken up."""

    id: int
    address: str
    day: date
    letter: Letter


def post(
    db: Session, user_id: int, address: str, letter: Letter, now: datetime, *, day: date | None = None
) -> bool:
    """Whether it will be sent: a person who has a letter on this day gets no second one."""
    row = {
        "user_id": user_id,
        "day": day or office_day(now),
        "address": address,
        "subject": letter.subject,
        "body": letter.text,
        "state": MailState.WAITING.value,
        "error": "",
        "created_at": now,
    }
    insert = insert_for(db, Mail).on_conflict_do_nothing(index_elements=["user_id", "day"])
    return db.execute(insert.returning(Mail.id), row).first() is not None


def ask_for_delivery(db: Session, now: datetime, run_after: datetime | None = None) -> None:
    jobs.enqueue(db, "deliver_mail", {}, now, unique_key="deliver_mail", run_after=run_after)


def take_up(db: Session, now: datetime) -> Posted | None:
    """The next letter of today that is still wanted, marked before it is sent, so that two workers never send the
    same one."""
    waiting = (
        select(Mail)
        .where(Mail.state == MailState.WAITING, Mail.day == office_day(now), Mail.error == "", _IS_WANTED)
        .order_by(Mail.id)
        .limit(1)
    )
    row = db.scalars(waiting.with_for_update(skip_locked=True)).first()
    if row is None:
        return None
    row.state = MailState.SENDING
    db.flush()
    return Posted(row.id, row.address, row.day, Letter(row.subject, row.body))


def note_sent(db: Session, mail_id: int, now: datetime) -> None:
    _settle(db, mail_id, MailState.SENT, sent_at=now)


def note_refused(db: Session, mail_id: int, why: str) -> None:
    _settle(db, mail_id, MailState.FAILED, error=why[:_LONGEST_ERROR])


def note_not_now(db: Session, mail_id: int, why: str) -> None:
    """Waits; with its reason it is not taken up again in this run."""
    _settle(db, mail_id, MailState.WAITING, error=why[:_LONGEST_ERROR])


def try_again(db: Session, now: datetime) -> int:
    """Makes the letters of today ready that were refused for the moment; how many wait in all. Those that nobody
    wants any more are taken away: nothing failed."""
    today = (Mail.state == MailState.WAITING, Mail.day == office_day(now))
    db.execute(delete(Mail).where(*today, ~_IS_WANTED).execution_options(synchronize_session=False))
    db.execute(update(Mail).where(*today, Mail.error != "").values(error=""))
    return db.scalar(select(func.count()).where(*today)) or 0


def failed_on(db: Session, day: date) -> int:
    return db.scalar(select(func.count()).where(Mail.day == day, Mail.state == MailState.FAILED)) or 0


def close_the_day(db: Session, now: datetime) -> None:
    """What was not sent on its day is not sent any more: the next day has its own letter. Old ones are forgotten."""
    today = office_day(now)
    for state, why in ((MailState.WAITING, "the day passed"), (MailState.SENDING, "sending was cut off")):
        db.execute(
            update(Mail)
            .where(Mail.day < today, Mail.state == state)
            .values(state=MailState.FAILED, error=why)
        )
    db.execute(delete(Mail).where(Mail.created_at < now - KEEP_MAIL))


def message(sender: Sender, posted: Posted, now: datetime) -> EmailMessage:
    """Raises Invalid for an address or a line that could smuggle in another header."""
    if not is_address(sender.address) or not is_address(posted.address):
        raise Invalid("メールアドレスの形が正しくありません。")
    found = EmailMessage(policy=SMTP)
    domain = sender.address.rpartition("@")[2]
    try:
        found["From"] = formataddr((sender.name, sender.address))
        found["To"] = posted.address
        found["Subject"] = posted.letter.subject
        found["Date"] = format_datetime(now.astimezone(TOKYO))
        found["Message-ID"] = f"<studyhub-{posted.id}-{posted.day:%Y%m%d}@{domain}>"
        found["Auto-Submitted"] = "auto-generated"
        if sender.account_url:
            found["List-Unsubscribe"] = f"<{sender.account_url}>"
    except ValueError as error:
        raise Invalid("メールの見出しに、改行などの文字は使えません。") from error
    found.set_content(posted.letter.text, charset="utf-8", cte="base64")
    return found


@contextmanager
def connection(config: Config) -> Iterator[smtplib.SMTP]:
    """A conversation with the configured server, encrypted and signed in as the configuration says.

    Raises TemporarilyRefused when it cannot be had.
    """
    try:
        server = _connect(config)
    except (OSError, smtplib.SMTPException) as error:
        raise TemporarilyRefused(f"{config.smtp_host}:{config.smtp_port}: {_said(error)}") from error
    try:
        yield server
    finally:
        try:
            server.quit()
        except (OSError, smtplib.SMTPException):
            server.close()


def send(server: smtplib.SMTP, envelope_from: str, to: str, content: EmailMessage) -> None:
    """Raises TemporarilyRefused or Refused; returns when the server has taken the letter."""
    try:
        server.ehlo_or_helo_if_needed()
        _expect(server.rset(), 250)  # whatever was said about the letter before
        _expect(server.mail(envelope_from), 250)
        _expect(server.rcpt(to), 250, 251)
    except (OSError, smtplib.SMTPException) as error:
        raise TemporarilyRefused(_said(error)) from error
    try:
        _expect(server.data(content.as_bytes()), 250)
    except smtplib.SMTPDataError as error:  # the server did not even want to begin
        raise _refusal(error.smtp_code, error.smtp_error) from error
    except (OSError, smtplib.SMTPException) as error:
        # It has the letter and gave no answer. To send again might be to send twice (RFC 1047).
        raise Refused(f"no answer to the letter: {_said(error)}") from error


def _connect(config: Config) -> smtplib.SMTP:
    context = ssl.create_default_context()
    if config.smtp_tls == "tls":
        server: smtplib.SMTP = smtplib.SMTP_SSL(
            config.smtp_host, config.smtp_port, timeout=TIMEOUT_S, context=context
        )
    else:
        server = smtplib.SMTP(config.smtp_host, config.smtp_port, timeout=TIMEOUT_S)
    try:
        if config.smtp_tls == "starttls":
            server.starttls(context=context)
        if config.smtp_user:
            server.login(config.smtp_user, config.smtp_password)
    except BaseException:
        server.close()
        raise
    return server


def _expect(reply: tuple[int, bytes], *codes: int) -> None:
    code, text = reply
    if code not in codes:
        raise _refusal(code, text)


def _refusal(code: int, text: bytes | str) -> TemporarilyRefused | Refused:
    said = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    kind = Refused if 500 <= code < 600 else TemporarilyRefused
    return kind(f"{code} {said}"[:_LONGEST_ERROR])


def _said(error: Exception) -> str:
    """The words of the server, without whom the letter was for."""
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{type(error).__name__} {error.smtp_code}"
    return f"{type(error).__name__}: {error}"[:_LONGEST_ERROR]


def _settle(
    db: Session, mail_id: int, state: MailState, *, error: str = "", sent_at: datetime | None = None
) -> None:
    """Only what is being sent: a row that was closed meanwhile stays closed."""
    db.execute(
        update(Mail)
        .where(Mail.id == mail_id, Mail.state == MailState.SENDING)
        .values(state=state, error=error, sent_at=sent_at)
    )
