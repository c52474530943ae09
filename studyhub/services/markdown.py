"""Markdown as people type it in the browser, rendered by one child process for each process of the site.

Starting the child takes longer than a text, and a preview follows what is typed; so the child is kept.
Never inside a transaction: a hostile text holds its caller for some seconds.
"""

from __future__ import annotations

import atexit
from functools import cache

from studyhub.content.markdown_html import Rendered
from studyhub.content.rendering import NotRendered, Renderer, Text
from studyhub.domain.errors import Invalid


def render_texts(texts: list[Text], *, field: str = "body") -> list[Rendered]:
    """In the order of the texts. Raises Invalid, naming ``field``, when one of them cannot be rendered."""
    results: list[Rendered] = []
    for result in kept_renderer().render_many(texts):
        if isinstance(result, NotRendered):
            raise Invalid(result.message, field=field, **result.params)
        results.append(result)
    return results


@cache
def kept_renderer() -> Renderer:
    renderer = Renderer()
    atexit.register(renderer.close)
    return renderer
