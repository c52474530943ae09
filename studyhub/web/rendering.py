"""What every template may use, in the reader's language and clock."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

from flask import Flask, current_app, g, request
from flask_babel import Babel, get_translations
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup

from studyhub.domain.days import TOKYO, office_day
from studyhub.domain.identity import Locale
from studyhub.web.request import actor_or_none, full_url
from studyhub.web.static_files import address

_WEEKDAYS_JA = "月火水木金土日"
LOCALE_COOKIE = "locale"
TRANSLATIONS = str(Path(__file__).parent.parent / "translations")


def install(app: Flask) -> None:
    Babel(app, locale_selector=current_locale, default_locale="ja", default_timezone="Asia/Tokyo")
    app.jinja_env.globals.update(
        csrf_field=csrf_field,
        full_url=full_url,
        script=script,
        asset=lambda path: address(app, path),
        format_day=format_day,
        format_short_day=format_short_day,
        format_time=format_time,
        format_moment=format_moment,
        to_tokyo=to_tokyo,
    )
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]  # added by the i18n extension
        gettext=lambda text: catalogue().ugettext(text),
        ngettext=lambda one, many, count: catalogue().ungettext(one, many, count),
        newstyle=True,
    )
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.context_processor(lambda: {"actor": actor_or_none(), "locale": current_locale()})


def catalogue() -> Any:
    """The texts of this request's language, found once: a page asks for a hundred, and the way through Flask-Babel
    took a third of the time of rendering."""
    found = g.get("catalogue")
    if found is None:
        found = g.catalogue = get_translations()
    return found


def current_locale() -> str:
    """The person's choice; before sign-in the choice of this browser, then what the browser prefers."""
    actor = actor_or_none()
    if actor is not None:
        return actor.locale.value
    chosen = request.cookies.get(LOCALE_COOKIE)
    if chosen in set(Locale):
        return str(chosen)
    return request.accept_languages.best_match([locale.value for locale in Locale]) or Locale.JA.value


def csrf_field() -> Markup:
    return Markup('<input type="hidden" name="csrf_token" value="{}">').format(generate_csrf())


def script(name: str) -> Markup:
    return Markup('<script type="module" src="{}"></script>').format(address(current_app, f"js/{name}.js"))


def to_tokyo(moment: datetime) -> datetime:
    return moment.astimezone(TOKYO)


def format_day(day: date | datetime) -> str:
    day = _as_day(day)
    if current_locale() == Locale.JA:
        return f"{day.year}年{day.month}月{day.day}日（{_WEEKDAYS_JA[day.weekday()]}）"
    return f"{day:%a}, {day.day} {day:%B %Y}"


def format_short_day(day: date | datetime) -> str:
    day = _as_day(day)
    if current_locale() == Locale.JA:
        return f"{day.month}/{day.day}（{_WEEKDAYS_JA[day.weekday()]}）"
    return f"{day:%a}, {day.day} {day:%b}"


def format_time(moment: datetime) -> str:
    return f"{to_tokyo(moment):%H:%M}"


def format_moment(moment: datetime) -> str:
    return f"{format_day(moment)} {format_time(moment)}"


def _as_day(day: date | datetime) -> date:
    return office_day(day) if isinstance(day, datetime) else day
