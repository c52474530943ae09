"""Errors as pages: a sentence, what to do next, and the request id; as JSON where a script asks."""

from __future__ import annotations

import structlog
from flask import Flask, g, jsonify, make_response, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_wtf.csrf import CSRFError
from jinja2 import TemplateNotFound
from werkzeug.exceptions import HTTPException

from studyhub.domain.errors import Conflict, Forbidden, Invalid, NotFound, StudyHubError, TooManyRequests
from studyhub.web.form import Form
from studyhub.web.request import wants_json

_STATUS: tuple[tuple[type[StudyHubError], int], ...] = (
    (Invalid, 400),
    (Forbidden, 403),
    (NotFound, 404),
    (Conflict, 409),
    (TooManyRequests, 429),
)

_TELLING = {"Allow", "Retry-After"}
"""Headers of an HTTP error that say what would work."""


def install(app: Flask) -> None:
    app.register_error_handler(StudyHubError, _said)
    app.register_error_handler(CSRFError, _csrf)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _accident)


def sentence(error: StudyHubError) -> str:
    """The error in the reader's language."""
    return gettext(error.message, **error.params) if error.message else ""


def add_to_form(form: Form, error: Invalid) -> bool:
    """Puts the sentence beside the field it is about, else above the form; returns False: it is not valid."""
    field = form._fields.get(error.field)
    if field is None:
        form.form_errors.append(sentence(error))
    else:
        field.errors = [*field.errors, sentence(error)]
    return False


def too_many_tries(retry_after_s: int) -> str:
    return gettext(  # type: ignore[no-any-return]
        "失敗が続いたため、いまは受け付けていません。%(minutes)s分ほどたってから、もう一度お試しください。",
        minutes=-(-retry_after_s // 60),
    )


def _said(error: StudyHubError) -> ResponseReturnValue:
    status = next(status for kind, status in _STATUS if isinstance(error, kind))
    return _answer(status, sentence(error))


def _csrf(_error: CSRFError) -> ResponseReturnValue:
    return _answer(
        400,
        gettext(
            "ページを開いてから時間がたったため、送信を確認できませんでした。前の画面に戻り、もう一度送信してください。"
        ),
    )


def _http(error: HTTPException) -> ResponseReturnValue:
    if error.code is not None and error.code < 400:
        return error
    response = make_response(_answer(error.code or 500, ""))
    response.headers.extend({name: value for name, value in error.get_headers() if name in _TELLING})
    return response


def _accident(error: Exception) -> ResponseReturnValue:
    structlog.get_logger().error("accident", exc_info=error)
    return _answer(500, "")


def _answer(status: int, message: str) -> ResponseReturnValue:
    if wants_json():
        return jsonify(error=status, message=message, request_id=g.get("request_id", "")), status
    try:
        page = render_template(f"errors/{status}.html", message=message, status=status)
    except TemplateNotFound:
        page = render_template("errors/error.html", message=message, status=status)
    return page, status
