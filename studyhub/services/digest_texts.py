"""The words of a letter, in its reader's language. Sentences come from the catalogue of the screens."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from gettext import NullTranslations, translation
from pathlib import Path

from studyhub.domain.assignments import Tally
from studyhub.domain.days import TOKYO
from studyhub.domain.identity import Locale
from studyhub.domain.notices import Letter

TRANSLATIONS = Path(__file__).parent.parent / "translations"
MOST_LINES = 10
"""Of each part; what is left is counted."""
_WEEKDAYS_JA = "月火水木金土日"


@dataclass(frozen=True, slots=True)
class AskedLine:
    """``what`` as notices name it: kind, title, title_en, band."""

    what: Mapping[str, str]
    due_on: date


@dataclass(frozen=True, slots=True)
class SeatLine:
    title: str
    title_en: str
    held_on: date
    starts_at: datetime | None
    place: str


@dataclass(frozen=True, slots=True)
class TeamLine:
    what: Mapping[str, str]
    due_on: date
    tally: Tally


@dataclass(frozen=True, slots=True)
class Digest:
    """What there is to say to a person; ``weekly`` whether it is the day of the weekly digest."""

    name: str
    locale: Locale
    weekly: bool
    reminders: tuple[AskedLine, ...] = ()
    asked: tuple[AskedLine, ...] = ()
    seats: tuple[SeatLine, ...] = ()
    fading: int = 0
    unread: int = 0
    team: tuple[TeamLine, ...] = ()

    @property
    def is_empty(self) -> bool:
        return not (self.reminders or self.asked or self.seats or self.fading or self.unread or self.team)


@dataclass(frozen=True, slots=True)
class SiteNames:
    name: str
    public_url: str
    """Without a slash at its end; empty where nobody said it: then a letter has no links."""


def compose(digest: Digest, site: SiteNames, today: date) -> Letter:
    words = _Words(catalogue(digest.locale), digest.locale, today)
    parts = [words.gettext("%(name)sさん", name=digest.name)]
    parts += words.parts(digest)
    if site.public_url:
        parts.append(words.gettext("StudyHubを開く：%(url)s", url=f"{site.public_url}/"))
    parts.append(
        words.gettext("このメールは、多くても1日1通です。同じ内容は、サイトの「お知らせ」でも読めます。")
    )
    if site.public_url:
        url = f"{site.public_url}/account"
        parts.append(
            words.gettext("受け取るのをやめるには、アカウントのページで設定します：%(url)s", url=url)
        )
    else:
        parts.append(words.gettext("受け取るのをやめるには、サイトのアカウントのページで設定します。"))
    return Letter(words.subject(digest, site.name), "\n\n".join(parts) + "\n")


def trial(site: SiteNames, locale: Locale) -> Letter:
    """For an operator who tries the mail out."""
    words = _Words(catalogue(locale), locale, date.min)
    return Letter(
        words.gettext("【%(site)s】メール送信の確認", site=site.name),
        words.gettext("このメールが届いていれば、%(site)sからメールを送れます。", site=site.name) + "\n",
    )


@cache
def catalogue(locale: Locale) -> NullTranslations:
    """Japanese is what the texts are written in, so it has no catalogue."""
    return translation("messages", TRANSLATIONS, [locale.value], fallback=True)


@dataclass(frozen=True, slots=True)
class _Words:
    texts: NullTranslations
    locale: Locale
    today: date = field(default=date.min)

    def gettext(self, message: str, **named: object) -> str:
        return self.texts.gettext(message) % named

    def ngettext(self, one: str, many: str, num: int, **named: object) -> str:
        return self.texts.ngettext(one, many, num) % {"num": num, **named}

    def subject(self, digest: Digest, site: str) -> str:
        if digest.reminders and not digest.weekly:
            return self.ngettext(
                "【%(site)s】期限が近いもの %(num)s件",
                "【%(site)s】期限が近いもの %(num)s件",
                len(digest.reminders),
                site=site,
            )
        return self.gettext("【%(site)s】今週のまとめ", site=site)

    def parts(self, digest: Digest) -> Iterator[str]:
        _ = self.texts.gettext
        if digest.reminders:
            yield self._list(_("期限が近いもの"), [self._asked(line) for line in digest.reminders])
        if digest.asked:
            yield self._list(_("頼まれていること"), [self._asked(line) for line in digest.asked])
        if digest.seats:
            yield self._list(_("申し込んでいる勉強会"), [self._seat(line) for line in digest.seats])
        if digest.team:
            yield self._list(
                _("あなたの組織の人に頼まれていること"), [self._team(line) for line in digest.team]
            )
        if digest.fading:
            yield self.ngettext(
                "しばらく答えていない分野が%(num)s件あります。「今日の学習」から復習できます。",
                "しばらく答えていない分野が%(num)s件あります。「今日の学習」から復習できます。",
                digest.fading,
            )
        if digest.unread:
            yield self.ngettext(
                "読んでいないお知らせが%(num)s件あります。",
                "読んでいないお知らせが%(num)s件あります。",
                digest.unread,
            )

    def _list(self, title: str, lines: list[str]) -> str:
        shown = [f"- {line}" for line in lines[:MOST_LINES]]
        if len(lines) > MOST_LINES:
            left = len(lines) - MOST_LINES
            shown.append("- " + self.ngettext("ほかに%(num)s件", "ほかに%(num)s件", left))
        return "\n".join([f"■ {title}", *shown])

    def _asked(self, line: AskedLine) -> str:
        named = {"what": self._what(line.what), "day": self._day(line.due_on)}
        if line.due_on < self.today:
            return self.gettext("%(what)s（期限は%(day)sでした）", **named)
        return self.gettext("%(what)s（%(day)sまで）", **named)

    def _team(self, line: TeamLine) -> str:
        return self.gettext(
            "%(what)s（%(day)sまで）：済み %(done)s人、これから %(open)s人、期限を過ぎた人 %(overdue)s人",
            what=self._what(line.what),
            day=self._day(line.due_on),
            done=line.tally.done,
            open=line.tally.open,
            overdue=line.tally.overdue,
        )

    def _seat(self, line: SeatLine) -> str:
        when = self._day(line.held_on)
        if line.starts_at is not None:
            when = f"{when} {line.starts_at.astimezone(TOKYO):%H:%M}"
        title = line.title if self.locale is Locale.JA else line.title_en or line.title
        return " ".join(part for part in (when, title, line.place) if part)

    def _what(self, what: Mapping[str, str]) -> str:
        _ = self.texts.gettext
        title = what.get("title", "")
        if self.locale is not Locale.JA:
            title = what.get("title_en") or title
        kind = what.get("kind")
        if kind == "topic":
            band = _("定着") if what.get("band") == "firm" else _("あと少し")
            return self.gettext("「%(title)s」を「%(band)s」まで学ぶ", title=title, band=band)
        if kind == "check":
            return self.gettext("「%(title)s」の確認問題に答える", title=title)
        return self.gettext("「%(title)s」の資料を読むか、出席する", title=title)

    def _day(self, day: date) -> str:
        if self.locale is Locale.JA:
            return f"{day.month}月{day.day}日（{_WEEKDAYS_JA[day.weekday()]}）"
        return f"{day:%a} {day.day} {day:%b}"
