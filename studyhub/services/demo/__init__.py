"""A demonstration: fictional people and what they did in the weeks before, so that every page has something to show."""

from studyhub.services.demo.administration import prepare_april
from studyhub.services.demo.assignments import ask
from studyhub.services.demo.events import gather
from studyhub.services.demo.exchange import exchange, render_exchange
from studyhub.services.demo.history import live_through
from studyhub.services.demo.people import DEMO_LOGINS, has_people, populate
from studyhub.services.demo.questions import render_questions, write_questions
from studyhub.services.demo.results import show_results
from studyhub.services.demo.studio import render_sessions, write_sessions
from studyhub.services.demo.team import lead

__all__ = [
    "DEMO_LOGINS",
    "ask",
    "exchange",
    "gather",
    "has_people",
    "lead",
    "live_through",
    "populate",
    "prepare_april",
    "render_exchange",
    "render_questions",
    "render_sessions",
    "show_results",
    "write_questions",
    "write_sessions",
]
