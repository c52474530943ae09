"""Signing in and out in the browser, and what an expired sign-in must not lose."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from studyhub.web.request import safe_path
from tests.browsing import Browser, SteppedClock
from tests.personas import PASSWORD, Personas


def test_after_signing_in_one_stands_where_one_wanted_to_go(client: Browser, personas: Personas) -> None:
    asked = client.get("/account")
    assert asked.status_code == 302
    assert asked.location == "/sign-in?next=/account"
    page = client.read(asked.location)
    assert 'name="next" type="hidden" value="/account"' in page
    signed_in = client.send("/sign-in", login="officer", password=PASSWORD, next="/account")
    assert signed_in.location == "/account"


@pytest.mark.parametrize(
    "target",
    [
        "https://example.org/", "//example.org", "/\\example.org", "\\\\example.org", "javascript:alert(1)",
        "/\texample.org", "/ok\nSet-Cookie: x", "/\x00", "http:example.org", "", "account", "/a\\b",
    ],
)  # fmt: skip
def test_no_address_leads_out_of_the_site_after_signing_in(target: str) -> None:
    assert safe_path(target, "/home") == "/home"


@pytest.mark.parametrize("target", ["/", "/practice?topic=ip-6.5:61", "/study-sessions/a#b"])
def test_an_address_inside_the_site_is_kept(target: str) -> None:
    assert safe_path(target, "/home") == target


def test_an_unknown_account_and_a_wrong_password_get_the_same_answer(
    client: Browser, personas: Personas
) -> None:
    unknown = client.send("/sign-in", login="nobody", password="wrong-wrong-wrong")
    wrong = client.send("/sign-in", login="officer", password="wrong-wrong-wrong")
    assert unknown.status_code == wrong.status_code == 400

    def without_what_was_typed(text: str) -> str:
        return re.sub(r'value="[^"]*"', "", text)

    assert without_what_was_typed(unknown.text) == without_what_was_typed(wrong.text)


def test_the_login_typed_is_kept_and_the_password_is_not(client: Browser, personas: Personas) -> None:
    page = client.send("/sign-in", login="officer", password="wrong-wrong-wrong").text
    assert 'value="officer"' in page
    assert "wrong-wrong-wrong" not in page


def test_after_ten_failures_even_the_right_password_waits(
    client: Browser, personas: Personas, clock: SteppedClock
) -> None:
    for _ in range(10):
        client.send("/sign-in", login="officer", password="wrong-wrong-wrong")
    refused = client.send("/sign-in", login="officer", password=PASSWORD)
    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) > 0
    clock.advance(minutes=16)
    assert client.send("/sign-in", login="officer", password=PASSWORD).status_code == 302


def test_a_cookie_kept_from_before_signing_out_is_worth_nothing(
    app: Flask, client: Browser, personas: Personas
) -> None:
    client.sign_in(personas.officer)
    cookie = client.get_cookie("studyhub")
    assert cookie is not None
    client.sign_out()
    thief = app.test_client()
    thief.set_cookie("studyhub", cookie.value)
    assert thief.get("/account").status_code == 302


def test_a_sign_in_ends_after_its_days(client: Browser, personas: Personas, clock: SteppedClock) -> None:
    client.sign_in(personas.officer)
    clock.advance(days=13, hours=23)
    assert client.get("/account").status_code == 200
    clock.advance(hours=2)
    assert client.get("/account").status_code == 302


def test_a_form_sent_after_the_sign_in_ended_is_offered_again(
    client: Browser, personas: Personas, clock: SteppedClock
) -> None:
    client.sign_in(personas.officer)
    clock.advance(days=15)
    refused = client.send("/account/plan", target_exam="ip-2026", exam_on="", daily_minutes="25")
    assert refused.status_code == 401
    carry = re.search(r'name="carry"[^>]*value="([^"]+)"', refused.text)
    assert carry is not None
    again = client.send("/sign-in", login="officer", password=PASSWORD, carry=carry[1])
    assert 'action="/account/plan"' in again.text
    assert 'name="daily_minutes" value="25"' in again.text
    assert "csrf_token" in again.text


def test_a_form_with_a_password_is_not_carried(
    client: Browser, personas: Personas, clock: SteppedClock
) -> None:
    """The next one to sign in at a shared machine may be somebody else."""
    client.sign_in(personas.officer)
    clock.advance(days=15)
    refused = client.send("/account/password", current=PASSWORD, new_password="kawa-no-oto-to-asagiri")
    assert refused.status_code == 401
    assert 'name="carry" type="hidden" value=""' in refused.text
    assert "保存されていません" in refused.text


def test_a_carried_form_means_nothing_in_another_browser(
    app: Flask, client: Browser, personas: Personas, clock: SteppedClock
) -> None:
    client.sign_in(personas.officer)
    clock.advance(days=15)
    carry = re.search(
        r'name="carry"[^>]*value="([^"]+)"', client.send("/account/plan", daily_minutes="25").text
    )
    assert carry is not None
    stranger = app.test_client()
    assert isinstance(stranger, Browser)
    landed = stranger.send("/sign-in", login="lecturer", password=PASSWORD, carry=carry[1])
    assert landed.status_code == 302


def test_a_script_of_somebody_signed_out_gets_401_and_no_page(client: Browser, personas: Personas) -> None:
    answer = client.send("/account/theme", json=True, theme="dark")
    assert answer.status_code == 401
    assert answer.get_json()["error"] == "signed_out"


def test_a_form_without_its_token_changes_nothing(app: Flask, client: Browser, personas: Personas) -> None:
    client.sign_in(personas.officer)
    refused = client.post("/account/theme", data={"theme": "dark"})
    assert refused.status_code == 400
    assert 'data-theme="dark"' not in client.read("/account")


def test_every_answer_carries_the_headers_that_keep_the_browser_on_our_side(client: Browser) -> None:
    for path in ("/sign-in", "/nowhere", "/healthz"):
        headers = client.get(path).headers
        assert headers["Content-Security-Policy"].startswith("default-src 'none'; script-src 'self'")
        assert "unsafe" not in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Cache-Control"] == "no-store"
        assert len(headers["X-Request-ID"]) >= 8


def test_a_request_id_that_could_forge_a_log_line_is_replaced(client: Browser) -> None:
    given = client.get("/healthz", headers={"X-Request-ID": "spoof {bad}"}).headers["X-Request-ID"]
    assert given != "spoof {bad}"
