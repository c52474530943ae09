"""A person's own account."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import Engine, update

from studyhub.persistence.models import Blueprint, Syllabus, User
from studyhub.persistence.session import transaction
from tests.browsing import Browser
from tests.personas import PASSWORD, Personas


@pytest.fixture(autouse=True)
def blueprints(engine: Engine, personas: Personas) -> None:
    with transaction(engine) as db:
        db.add(Syllabus(id="ip-6.5", title="6.5", status="current", levels=[], content_hash="0"))
        db.flush()
        for key, status in (("ip-2026", "current"), ("ip-2027", "draft")):
            db.add(
                Blueprint(id=key, title=key, status=status, syllabus_id="ip-6.5", spec={}, content_hash="0")
            )


def test_the_plan_is_kept_and_shown_again(client: Browser, personas: Personas) -> None:
    client.sign_in(personas.officer)
    saved = client.send("/account/plan", target_exam="ip-2027", exam_on="2027-02-14", daily_minutes="30")
    assert saved.status_code == 302
    page = client.read("/account")
    assert '<option selected value="ip-2027">' in page
    assert 'value="2027-02-14"' in page
    assert 'value="30"' in page


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("exam_on", "2020-01-01", "受験日は今日から3年以内の日付にしてください。"),
        ("daily_minutes", "0", "1から480までの数を入力してください。"),
    ],
)
def test_a_plan_that_cannot_be_is_refused_beside_its_field(
    client: Browser, personas: Personas, field: str, value: str, sentence: str
) -> None:
    client.sign_in(personas.officer)
    wrong = {"target_exam": "ip-2026", "exam_on": "", "daily_minutes": "15", field: value}
    refused = client.send("/account/plan", **wrong)
    assert refused.status_code == 400
    assert sentence in refused.text
    assert f'id="{field}-error"' in refused.text


def test_changing_the_password_ends_every_other_sign_in(
    app: Flask, client: Browser, personas: Personas
) -> None:
    elsewhere = app.test_client()
    assert isinstance(elsewhere, Browser)
    elsewhere.sign_in(personas.officer)
    client.sign_in(personas.officer)
    changed = client.send("/account/password", current=PASSWORD, new_password="quiet-harbour-morning")
    assert changed.status_code == 302
    assert client.get("/account").status_code == 200
    assert elsewhere.get("/account").status_code == 302


def test_a_wrong_present_password_is_told_beside_its_field(client: Browser, personas: Personas) -> None:
    client.sign_in(personas.officer)
    refused = client.send(
        "/account/password", current="not-my-password", new_password="quiet-harbour-morning"
    )
    assert refused.status_code == 400
    assert "いまのパスワードが違います。" in refused.text


def test_a_weak_new_password_is_told_beside_its_field(client: Browser, personas: Personas) -> None:
    client.sign_in(personas.officer)
    refused = client.send("/account/password", current=PASSWORD, new_password="short")
    assert refused.status_code == 400
    assert 'id="new_password-error"' in refused.text


def test_another_device_can_be_signed_out_from_here(app: Flask, client: Browser, personas: Personas) -> None:
    telephone = app.test_client()
    assert isinstance(telephone, Browser)
    telephone.sign_in(personas.officer)
    client.sign_in(personas.officer)
    page = client.read("/account")
    path = page.split('action="/account/sign-ins/')[1].split('"')[0]
    assert client.send(f"/account/sign-ins/{path}").status_code == 302
    assert telephone.get("/account").status_code == 302
    assert client.get("/account").status_code == 200


def test_nobody_ends_the_sign_in_of_another(app: Flask, client: Browser, personas: Personas) -> None:
    other = app.test_client()
    assert isinstance(other, Browser)
    other.sign_in(personas.lecturer)
    client.sign_in(personas.officer)
    assert client.send("/account/sign-ins/1/end").status_code == 404
    assert other.get("/account").status_code == 200


def test_who_must_change_the_password_reaches_nothing_else_first(
    engine: Engine, client: Browser, personas: Personas
) -> None:
    with transaction(engine) as db:
        db.execute(update(User).where(User.login == "officer").values(must_change_password=True))
    client.sign_in(personas.officer)
    assert client.get("/account").location == "/account/password"
    asked = client.read("/account/password")
    assert 'href="/practice"' not in asked, "a way that leads back here is no way"
    changed = client.send("/account/password", current=PASSWORD, new_password="quiet-harbour-morning")
    assert changed.location == "/"
    assert client.get("/account").status_code == 200


def test_the_language_is_the_persons_choice_and_before_signing_in_the_browsers(
    client: Browser, personas: Personas
) -> None:
    assert '<html lang="en"' in client.get("/sign-in", headers={"Accept-Language": "en-GB,en"}).text
    client.send("/account/language", locale="en", next="/sign-in")
    assert '<html lang="en"' in client.read("/sign-in")
    client.sign_in(personas.officer)
    assert '<html lang="ja"' in client.read("/account")
    client.send("/account/language", locale="en", next="/account")
    assert '<html lang="en"' in client.read("/account")


def test_a_language_that_is_not_offered_is_refused(client: Browser) -> None:
    assert client.send("/account/language", locale="fr").status_code == 400


def test_the_theme_is_kept_with_the_person(client: Browser, personas: Personas) -> None:
    client.sign_in(personas.officer)
    client.send("/account/theme", theme="dark", next="/account")
    assert 'data-theme="dark"' in client.read("/account")
