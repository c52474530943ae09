"""Static files under an address that changes with their content, compressed, kept by browsers for a year.

One hash for the whole folder: scripts import each other by relative paths, so they must move together.
"""

from __future__ import annotations

import gzip
import hashlib
import shutil
import tempfile
from pathlib import Path

from flask import Flask
from whitenoise import WhiteNoise

SOURCE = Path(__file__).parent / "static"
_COMPRESSED = {".css", ".js", ".svg", ".json", ".webmanifest", ".html"}
_YEAR_S = 365 * 24 * 3600


def install(app: Flask, instance: Path) -> None:
    version = _version()
    served = instance / "static" / version
    if not served.is_dir():
        _prepare(served)
    # No watching and no scanning of requests: the folder is complete and never changes.
    noise = WhiteNoise(app.wsgi_app, max_age=_YEAR_S, immutable_file_test=lambda path, url: True)
    noise.add_files(str(served), prefix=f"static/{version}/")
    app.wsgi_app = noise  # type: ignore[method-assign]
    app.extensions["static_version"] = version


def address(app: Flask, path: str) -> str:
    return f"/static/{app.extensions['static_version']}/{path}"


def _version() -> str:
    digest = hashlib.sha256()
    for path in sorted(SOURCE.rglob("*")):
        if path.is_file():
            digest.update(str(path.relative_to(SOURCE)).encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:12]


def _prepare(served: Path) -> None:
    """Copies and compresses beside, then renames: several workers may start at once."""
    served.parent.mkdir(parents=True, exist_ok=True)
    beside = Path(tempfile.mkdtemp(dir=served.parent))
    shutil.copytree(SOURCE, beside, dirs_exist_ok=True)
    for path in [*beside.rglob("*")]:
        if path.suffix in _COMPRESSED:
            path.with_name(path.name + ".gz").write_bytes(gzip.compress(path.read_bytes(), 9, mtime=0))
    beside.chmod(0o755)
    try:
        beside.rename(served)
    except OSError:
        # Another worker was quicker; its folder holds the same.
        shutil.rmtree(beside)
