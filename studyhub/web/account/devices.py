"""What a browser says of itself, in the two words by which its owner knows it again."""

from __future__ import annotations

from flask_babel import gettext

_BROWSERS = (
    ("Edg/", "Edge"), ("EdgA/", "Edge"), ("EdgiOS/", "Edge"), ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"), ("FxiOS/", "Firefox"), ("CriOS/", "Chrome"), ("Chrome/", "Chrome"), ("Safari/", "Safari"),
)  # fmt: skip
"""In this order: Edge also calls itself Chrome, and everything calls itself Safari."""
_SYSTEMS = (
    ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"), ("CrOS", "ChromeOS"),
    ("Mac OS X", "Mac"), ("Linux", "Linux"),
)  # fmt: skip
_LONGEST = 60


def device_name(user_agent: str) -> str:
    """Like 「Edge（Windows）」; what is not known is shown as it was sent, shortened."""
    browser = next((name for sign, name in _BROWSERS if sign in user_agent), "")
    system = next((name for sign, name in _SYSTEMS if sign in user_agent), "")
    if browser and system:
        return str(gettext("%(browser)s（%(system)s）", browser=browser, system=system))
    return browser or system or user_agent[:_LONGEST] or str(gettext("不明なブラウザー"))
