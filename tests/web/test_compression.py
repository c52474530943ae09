"""Pages travel compressed to whoever can read that."""

from __future__ import annotations

import gzip

from tests.browsing import Browser


def test_a_page_is_compressed_for_a_browser_that_asks_for_it(client: Browser) -> None:
    plain = client.get("/sign-in")
    packed = client.get("/sign-in", headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert packed.content_length == len(packed.data) < len(plain.data)
    assert "<h1" in gzip.decompress(packed.data).decode()
    assert "Accept-Encoding" in packed.headers["Vary"]


def test_a_short_answer_stays_as_it_is(client: Browser) -> None:
    answer = client.get("/healthz", headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in answer.headers
