"""Files that are made for one person and one moment: never kept by the browser or by anything in between."""

from __future__ import annotations

import io
from pathlib import Path

from flask import Response, send_file


def send_bytes(content: bytes, name: str, media_type: str) -> Response:
    return _private(
        send_file(io.BytesIO(content), mimetype=media_type, as_attachment=True, download_name=name, max_age=0)
    )


def send_path(path: Path, name: str, media_type: str) -> Response:
    """Streamed: the file is never in memory as a whole."""
    return _private(send_file(path, mimetype=media_type, as_attachment=True, download_name=name, max_age=0))


def _private(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return response
