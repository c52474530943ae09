"""What an administrator may set in the browser: names, texts, policies and mail."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace

from studyhub.domain.errors import Invalid
from studyhub.domain.people import is_email

PURPOSE = "学習の結果を人事評価に使うことはありません。"
LONGEST_NAME, LONGEST_PURPOSE = 40, 300
REMINDER_DAYS = range(31)
LATE_CHECK_IN_MINUTES = range(24 * 60 + 1)


@dataclass(frozen=True, slots=True)
class Settings:
    """The type of a field is that of its default: text, yes or no, or a whole number."""

    site_name: str = ""
    """Empty: the name in the configuration."""
    purpose: str = PURPOSE
    """What the records are used for; stands in the footer and above what supervisors see."""
    purpose_en: str = "Results are never used for personnel evaluation."
    questions_need_review: bool = False
    """Whether a second person must approve a question before it is published in the studio."""
    mail_on: bool = False
    """Whether reminders and the weekly digest are sent at all."""
    mail_sender: str = ""
    """Address the mail comes from; the server it goes through stands in the configuration."""
    digest_weekday: int = 0
    """Monday is 0."""
    reminder_days: int = 3
    """How many days before its date an assignment is brought to mind."""
    late_check_in_minutes: int = 120
    """How long after its end a study session still takes check-ins."""


def checked(settings: Settings) -> Settings:
    """With blanks around texts taken off. Raises Invalid, which names the field."""
    tidy = replace(
        settings,
        site_name=" ".join(settings.site_name.split()),
        purpose=" ".join(settings.purpose.split()),
        purpose_en=" ".join(settings.purpose_en.split()),
        mail_sender=settings.mail_sender.strip(),
    )
    _check_texts(tidy)
    _check_numbers(tidy)
    _check_mail(tidy)
    return tidy


def changes(before: Settings, after: Settings) -> dict[str, tuple[str, str]]:
    """Name of each field that differs -> its old and its new value as they are stored."""
    pairs = ((f.name, getattr(before, f.name), getattr(after, f.name)) for f in fields(Settings))
    return {name: (_text(old), _text(new)) for name, old, new in pairs if old != new}


def _check_texts(settings: Settings) -> None:
    if len(settings.site_name) > LONGEST_NAME:
        raise Invalid(
            "サイトの名前は%(limit)s文字以内にしてください。", field="site_name", limit=LONGEST_NAME
        )
    for name in ("purpose", "purpose_en"):
        text = getattr(settings, name)
        if not text:
            raise Invalid("記録を何に使うかは、学ぶ人との約束です。空にはできません。", field=name)
        if len(text) > LONGEST_PURPOSE:
            raise Invalid("%(limit)s文字以内にしてください。", field=name, limit=LONGEST_PURPOSE)


def _check_numbers(settings: Settings) -> None:
    bounds = {
        "digest_weekday": range(7),
        "reminder_days": REMINDER_DAYS,
        "late_check_in_minutes": LATE_CHECK_IN_MINUTES,
    }
    for name, allowed in bounds.items():
        if getattr(settings, name) not in allowed:
            raise Invalid(
                "%(low)sから%(high)sまでの数を入力してください。",
                field=name,
                low=allowed[0],
                high=allowed[-1],
            )


def _check_mail(settings: Settings) -> None:
    if settings.mail_sender and not is_email(settings.mail_sender):
        raise Invalid("メールアドレスの形が正しくありません。", field="mail_sender")
    if settings.mail_on and not settings.mail_sender:
        raise Invalid("メールを送るには、差出人のアドレスが必要です。", field="mail_sender")


def parse(stored: Mapping[str, str]) -> Settings:
    """Names that are no longer known are passed over; values were checked when they were stored."""
    known = {field.name: getattr(Settings(), field.name) for field in fields(Settings)}
    typed = {name: _typed(value, known[name]) for name, value in stored.items() if name in known}
    return replace(Settings(), **typed)  # type: ignore[arg-type]  # the types come from the fields themselves


def written(settings: Settings) -> dict[str, str]:
    """What differs from the defaults, as it is stored."""
    default = Settings()
    pairs = ((field.name, getattr(settings, field.name)) for field in fields(Settings))
    return {name: _text(value) for name, value in pairs if value != getattr(default, name)}


def _typed(value: str, default: object) -> str | bool | int:
    if isinstance(default, bool):
        return value == "yes"
    return int(value) if isinstance(default, int) else value


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)
