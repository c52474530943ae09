"""What an administrator may set in the browser: names, texts, policies and mail."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace

PURPOSE = "学習の結果を人事評価に使うことはありません。"


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
