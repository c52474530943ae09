from __future__ import annotations

import os

from flask import Blueprint, current_app, jsonify
from flask.typing import ResponseReturnValue
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

from studyhub.reads.operations import schema_is_newest
from studyhub.web.guards import public
from studyhub.web.request import DatabaseUnavailable, reading_db

blueprint = Blueprint("operations", __name__)


@blueprint.get("/healthz")
@public
def health() -> ResponseReturnValue:
    """The process answers; says nothing of the database, so that a slow one does not get it restarted."""
    return jsonify(status="ok")


@blueprint.get("/readyz")
@public
def readiness() -> ResponseReturnValue:
    """503 while the database does not answer or is at another schema."""
    try:
        with reading_db() as db:
            ready = schema_is_newest(db)
    except DatabaseUnavailable:
        ready = False
    return jsonify(status="ready" if ready else "not ready"), 200 if ready else 503


@blueprint.get("/metrics")
@public
def metrics() -> ResponseReturnValue:
    """All workers together when they share PROMETHEUS_MULTIPROC_DIR, else this process."""
    registry: CollectorRegistry = current_app.extensions["metrics"].registry
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        registry = CollectorRegistry()
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return generate_latest(registry), 200, {"Content-Type": CONTENT_TYPE_LATEST}
