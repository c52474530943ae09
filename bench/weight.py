"""What a browser fetches for a page: cold with everything it names, warm without what it keeps for a year."""

from __future__ import annotations

import gzip
import http.client
import re
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from bench.load import TIMEOUT_S
from bench.visitors import Visitor

_OF_A_PAGE = re.compile(r'<(?:script|img|source|video|audio)[^>]+?src="([^"]+)"|<link[^>]+?href="([^"]+)"')
_OF_A_STYLE = re.compile(r'url\("?([^")]+)"?\)|@import\s+"([^"]+)"')
_OF_A_SCRIPT = re.compile(r'(?:import|export)\s[^;"]*?"([^"]+)"|import\("([^"]+)"\)')


@dataclass(frozen=True, slots=True)
class Weight:
    """Bytes as they travel, headers of the answers included."""

    cold_bytes: int
    requests: int
    warm_bytes: int


@dataclass(frozen=True, slots=True)
class _Fetched:
    size: int
    text: str
    kind: str
    kept: bool


def weigh(port: int, visitor: Visitor, path: str) -> Weight:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=TIMEOUT_S)
    fetched: dict[str, _Fetched] = {}
    waiting = [path]
    while waiting:
        address = waiting.pop()
        if address not in fetched:
            fetched[address] = _fetch(connection, visitor, address)
            waiting += [urljoin(address, found) for found in _named(fetched[address]) if _is_ours(found)]
    connection.close()
    everything = sum(each.size for each in fetched.values())
    return Weight(everything, len(fetched), sum(each.size for each in fetched.values() if not each.kept))


def _fetch(connection: http.client.HTTPConnection, visitor: Visitor, address: str) -> _Fetched:
    connection.request("GET", address, headers={"Cookie": visitor.cookie, "Accept-Encoding": "gzip"})
    response = connection.getresponse()
    body = response.read()
    if response.status != 200:
        raise RuntimeError(f"{address}: {response.status}")
    headers = sum(len(name) + len(value) + 4 for name, value in response.getheaders())
    kind = response.getheader("Content-Type", "").partition(";")[0]
    plain = gzip.decompress(body) if response.getheader("Content-Encoding") == "gzip" else body
    text = plain.decode("utf-8", "replace") if kind.startswith(("text/", "application/javascript")) else ""
    return _Fetched(len(body) + headers, text, kind, "max-age" in response.getheader("Cache-Control", ""))


def _named(fetched: _Fetched) -> list[str]:
    """Addresses that the browser fetches by itself. Links to alternative versions of a page are not among them."""
    match fetched.kind:
        case "text/html":
            pattern = _OF_A_PAGE
        case "text/css":
            pattern = _OF_A_STYLE
        case "text/javascript" | "application/javascript":
            pattern = _OF_A_SCRIPT
        case _:
            return []
    return [one or other for one, other in (_both(found) for found in pattern.findall(fetched.text))]


def _both(found: str | tuple[str, str]) -> tuple[str, str]:
    return (found, "") if isinstance(found, str) else found


def _is_ours(address: str) -> bool:
    return not urlsplit(address).netloc and not address.startswith(("data:", "#"))
