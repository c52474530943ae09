from __future__ import annotations

import pytest
from flask import Flask

from studyhub.web.account.devices import device_name

WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)"


@pytest.mark.parametrize(
    ("user_agent", "name"),
    [
        (f"{WINDOWS} Edg/142.0.0.0", "Edge（Windows）"),
        (WINDOWS, "Chrome（Windows）"),
        (f"{IPHONE} Version/18.0 Mobile/15E148 Safari/604.1", "Safari（iPhone）"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox（Linux）"),
        ("Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/142.0.0.0 Mobile Safari/537.36", "Chrome（Android）"),
        ("curl/8.5.0", "curl/8.5.0"),
        ("", "不明なブラウザー"),
    ],
)  # fmt: skip
def test_a_browser_is_named_as_its_owner_knows_it(app: Flask, user_agent: str, name: str) -> None:
    with app.test_request_context(headers={"Accept-Language": "ja"}):
        assert device_name(user_agent) == name
