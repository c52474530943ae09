"""Deny by default: each route has a guard, and gives each persona what the table says."""

from __future__ import annotations

from datetime import datetime

import pytest
from flask import Flask
from sqlalchemy import Engine

from studyhub.app import create_app
from studyhub.config import Config
from studyhub.persistence.session import transaction
from studyhub.web.headers import CONTENT_SECURITY_POLICY
from tests.architecture.routes import ANONYMOUS, EVERYONE, ROUTES, Route
from tests.browsing import Browser
from tests.furnished import furnish
from tests.personas import Personas

UNSAFE = [route for route in ROUTES if route.method != "GET"]


@pytest.fixture
def visitor(client: Browser, engine: Engine, personas: Personas, now: datetime) -> Browser:
    with transaction(engine) as db:
        furnish(db, now, user_id=personas.officer.user_id, size=3)
    return client


def _visit(client: Browser, route: Route) -> int:
    if route.method == "GET":
        return client.get(route.address).status_code
    return client.send(route.address, method=route.method, **route.fields).status_code


def test_the_table_lists_every_route_and_no_other(app: Flask) -> None:
    routed = {
        (method, rule.rule)
        for rule in app.url_map.iter_rules()
        for method in rule.methods - {"HEAD", "OPTIONS"}
    }
    listed = {(route.method, route.rule) for route in ROUTES}
    assert not routed - listed, "routes without a row in tests/architecture/routes.py"
    assert not listed - routed, "rows whose route is gone"


def test_every_view_carries_a_guard(app: Flask) -> None:
    bare = [endpoint for endpoint, view in app.view_functions.items() if getattr(view, "guard", None) is None]
    assert not bare


def test_a_view_without_a_guard_is_closed_to_everybody(config: Config, personas: Personas) -> None:
    app = create_app(config)
    app.test_client_class = Browser
    app.add_url_rule("/forgotten", "forgotten", lambda: "open")
    client = app.test_client()
    assert client.get("/forgotten").status_code == 403
    client.sign_in(personas.administrator)
    assert client.get("/forgotten").status_code == 403
    app.extensions["studyhub"].engine.dispose()


@pytest.mark.parametrize("name", EVERYONE)
def test_each_route_gives_a_persona_what_the_table_says(
    name: str, visitor: Browser, personas: Personas
) -> None:
    if name != ANONYMOUS:
        visitor.sign_in(personas.named(name))
    found = [(route, _visit(visitor, route)) for route in ROUTES]
    wrong = [(route, status) for route, status in found if status != route.statuses[name]]
    assert not [f"{route} gives {status} and not {route.statuses[name]}" for route, status in wrong]


def test_no_route_accepts_a_form_without_its_token(visitor: Browser, personas: Personas) -> None:
    visitor.sign_in(personas.officer)
    for route in UNSAFE:
        response = visitor.open(route.address, method=route.method, data=route.fields)
        assert response.status_code == 400, str(route)


@pytest.mark.parametrize("name", [ANONYMOUS, "officer", "administrator"])
def test_no_route_has_an_accident_with_json_in_place_of_a_form(
    name: str, visitor: Browser, personas: Personas
) -> None:
    if name != ANONYMOUS:
        visitor.sign_in(personas.named(name))
    accidents = [
        f"{route} gives {status} to {body}"
        for route in UNSAFE
        for body in ("[1]", '"x"', '{"a": "\\u0000"}')
        if (status := _send_json(visitor, route, body)) >= 500
    ]
    assert not accidents


def _send_json(client: Browser, route: Route, body: str) -> int:
    headers = {"X-CSRFToken": client.csrf_token(), "Content-Type": "application/json"}
    return client.open(route.address, method=route.method, data=body, headers=headers).status_code


def test_every_answer_carries_the_headers_that_keep_the_browser_on_our_side(
    visitor: Browser, personas: Personas
) -> None:
    visitor.sign_in(personas.officer)
    for address in (*(route.address for route in ROUTES if route.method == "GET"), "/no-such-page"):
        headers = visitor.get(address).headers
        assert headers["Content-Security-Policy"] == CONTENT_SECURITY_POLICY, address
        assert headers["X-Content-Type-Options"] == "nosniff", address
        assert headers["X-Request-ID"], address


def test_every_template_loads(app: Flask) -> None:
    for name in app.jinja_env.list_templates(extensions=["html"]):
        app.jinja_env.get_template(name)
