"""The one composition root: configuration in, application out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from importlib import import_module

from flask import Flask
from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from studyhub.config import Config, load_config
from studyhub.persistence.engine import make_engine
from studyhub.web import (
    compression,
    errors,
    guards,
    headers,
    incoming,
    observability,
    rendering,
    static_files,
)
from studyhub.web.request import Site
from studyhub.web.sign_in import identity
from studyhub.web.site_settings import SiteLook

FEATURES = (
    "home", "sign_in", "account", "study_sessions", "practice", "progress", "exams", "search", "glossary", "files",
    "inquiries", "case_notes", "workshops", "attendance", "surveys", "assignments", "notices",
    "studio", "question_studio", "understanding", "team", "admin", "operations",
)  # fmt: skip


def create_app(config: Config | None = None, *, clock: Callable[[], datetime] | None = None) -> Flask:
    """Touches no database; raises ConfigurationError. ``clock`` gives aware UTC and is for tests."""
    config = config or load_config()
    app = Flask("studyhub.web", static_folder=None)
    app.config.from_mapping(_flask_settings(config))
    open_site(app, config, clock or (lambda: datetime.now(UTC)))
    compression.install(app)
    observability.configure_logging(config.log_level)
    observability.install(app)
    incoming.install(app)
    CSRFProtect(app)
    identity.install(app)
    app.before_request(identity.identify)
    app.before_request(guards.enforce)
    headers.install(app, https_only=config.https_only)
    errors.install(app)
    rendering.install(app)
    static_files.install(app, config.instance)
    for feature in FEATURES:
        app.register_blueprint(import_module(f"studyhub.web.{feature}.views").blueprint)
    if config.trusted_proxies:
        hops = config.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    return app


def open_site(app: Flask, config: Config, clock: Callable[[], datetime]) -> None:
    """Puts a site behind an application: all that differs between two databases. Routes take longer to build than most
    tests, so the tests of a process share one application."""
    engine = make_engine(config.database_url, pool_size=config.threads + 1)
    app.extensions["studyhub"] = Site(config, engine, clock)
    app.jinja_env.globals["site"] = SiteLook(config.site_name, config.demonstration_password)


def _flask_settings(config: Config) -> dict[str, object]:
    return {
        "SECRET_KEY": config.secret_key,
        "TESTING": config.testing,
        "MAX_CONTENT_LENGTH": config.max_upload_mb * 1024 * 1024,
        "MAX_FORM_MEMORY_SIZE": 2 * 1024 * 1024,
        "PERMANENT_SESSION_LIFETIME": timedelta(days=config.session_days),
        # The sign-in itself ends after session_days, so a cookie signed anew with every page would win nothing.
        "SESSION_REFRESH_EACH_REQUEST": False,
        "SESSION_COOKIE_NAME": "studyhub",
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": config.https_only,
        # The token lives as long as the session: a page left open over lunch must still be able to save.
        "WTF_CSRF_TIME_LIMIT": None,
        "WTF_CSRF_SSL_STRICT": config.https_only,
        "BABEL_TRANSLATION_DIRECTORIES": rendering.TRANSLATIONS,
    }
