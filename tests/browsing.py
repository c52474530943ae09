"""A test client that signs in and sends forms as a person's browser does, CSRF tokens included."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer
from werkzeug.test import TestResponse

from studyhub.domain.identity import Actor
from tests.personas import PASSWORD


@dataclass
class SteppedClock:
    at: datetime

    def __call__(self) -> datetime:
        return self.at

    def advance(self, **span: float) -> None:
        """As timedelta takes it: `clock.advance(minutes=5)`."""
        self.at += timedelta(**span)


class Browser(FlaskClient):
    def sign_in(self, actor: Actor) -> TestResponse:
        response = self.send("/sign-in", login=actor.login, password=PASSWORD)
        assert response.status_code == 302, response.get_data(as_text=True)
        return response

    def sign_out(self) -> TestResponse:
        return self.send("/sign-out")

    def send(self, path: str, *, json: bool = False, method: str = "POST", **fields: Any) -> TestResponse:
        """A form as a page of this site would send it; with `json`, as a script that wants JSON back."""
        headers = {"Accept": "application/json"} if json else {"Accept": "text/html"}
        return self.open(
            path, method=method, data={"csrf_token": self.csrf_token(), **fields}, headers=headers
        )

    def read(self, path: str, status: int = 200) -> str:
        """The text of a page that must answer with `status`."""
        response = self.get(path)
        assert response.status_code == status, f"{path}: {response.status}"
        return response.get_data(as_text=True)

    def csrf_token(self) -> str:
        """Signed as Flask-WTF signs it, which saves each test a page."""
        with self.session_transaction() as session:
            raw = session.setdefault("csrf_token", secrets.token_hex(20))
        return URLSafeTimedSerializer(str(self.application.secret_key), salt="wtf-csrf-token").dumps(raw)
