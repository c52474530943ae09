"""Request ids, structured logs without personal data, and counters for Prometheus."""

from __future__ import annotations

import logging
import re
import time
from uuid import uuid4

import structlog
from flask import Flask, Response, g, request
from prometheus_client import CollectorRegistry, Counter, Histogram

_REQUEST_ID = re.compile(r"[A-Za-z0-9-]{8,64}")


class Metrics:
    """Counters of one application; each has a registry of its own, so that tests can build many."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "studyhub_requests_total", "Requests", ["endpoint", "status"], registry=self.registry
        )
        self.seconds = Histogram(
            "studyhub_request_seconds", "Time to answer", ["endpoint"], registry=self.registry
        )


def configure_logging(level: str) -> None:
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(level)),
        cache_logger_on_first_use=True,
    )


def install(app: Flask) -> None:
    metrics = Metrics()
    app.extensions["metrics"] = metrics

    @app.before_request
    def start() -> None:
        g.started = time.perf_counter()
        offered = request.headers.get("X-Request-ID", "")
        g.request_id = offered if _REQUEST_ID.fullmatch(offered) else uuid4().hex
        structlog.contextvars.bind_contextvars(request_id=g.request_id)

    @app.after_request
    def finish(response: Response) -> Response:
        seconds = time.perf_counter() - g.get("started", time.perf_counter())
        endpoint = request.endpoint or "none"
        metrics.requests.labels(endpoint, response.status_code).inc()
        metrics.seconds.labels(endpoint).observe(seconds)
        response.headers["X-Request-ID"] = g.get("request_id", "")
        # The endpoint, never the address: addresses can carry what somebody searched for.
        structlog.get_logger().info(
            "request", endpoint=endpoint, method=request.method, status=response.status_code,
            ms=round(seconds * 1000, 1),
        )  # fmt: skip
        return response

    @app.teardown_request
    def forget(_error: BaseException | None) -> None:
        structlog.contextvars.clear_contextvars()
