"""SVG that may be shown: shapes and text alone, nothing that runs, nothing from elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterable
from xml.etree.ElementTree import Element  # nosec B405 - a type, and no parser

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring

from studyhub.domain.errors import Invalid
from studyhub.formats.drawing_weight import TooHeavy, check_weight
from studyhub.formats.upload_kinds import broken, disguised

_SVG = "{http://www.w3.org/2000/svg}"
_XHTML = "{http://www.w3.org/1999/xhtml}"
_RUNS = frozenset(
    {"script", "foreignobject", "handler", "listener", "iframe", "embed", "object", "audio", "video"}
)
_CHANGES = frozenset({"set", "animate"})
_REFERS = frozenset({"href", "src", "base"})
_INSIDE = re.compile(r"\s*(#|data:image/(png|jpeg|gif|webp);)", re.IGNORECASE)
_URL = re.compile(r"url\s*\(\s*['\"]?([^)'\"]*)", re.IGNORECASE)
_STYLE_LOADS = re.compile(r"@import|expression\s*\(|\\[^()\\]*\(", re.IGNORECASE)
"""The last is a name of a function written in escapes."""
_STYLESHEET = re.compile(rb"<\?\s*xml-stylesheet", re.IGNORECASE)
MOST_ELEMENTS = 200_000


def check_drawing(name: str, content: bytes) -> None:
    """Raises Invalid."""
    try:
        root = fromstring(content, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError) as error:
        raise broken(name) from error
    if root.tag != _SVG + "svg":
        raise disguised(name)
    if _STYLESHEET.search(content.replace(b"\0", b"")):
        raise _refused(name)
    for count, element in enumerate(root.iter()):
        if count > MOST_ELEMENTS or not _is_harmless(element):
            raise _refused(name)
    try:
        check_weight(root)
    except TooHeavy as error:
        raise Invalid(
            "「%(name)s」は、図形のくり返しや入れ子が多すぎて、見る人のブラウザーが止まるおそれがあるため、受け付けられ"
            "ません。図形を減らすか、PNG にしてください。",
            name=name,
        ) from error


def _refused(name: str) -> Invalid:
    return Invalid(
        "「%(name)s」には、動くもの（スクリプトなど）か、ほかの場所から読み込むものが入っています。図形と文字だけにして"
        "書き出すか、PNG にしてください。",
        name=name,
    )


def _is_harmless(element: Element) -> bool:
    tag = element.tag
    local = tag.rpartition("}")[2].lower()
    if tag.startswith(_XHTML) or local in _RUNS:
        return False
    if local in _CHANGES and element.get("attributeName", "").rpartition(":")[2].lower() in _REFERS:
        return False
    if local == "style" and not _is_harmless_style("".join(element.itertext())):
        return False
    return _has_harmless_attributes(element.items())


def _has_harmless_attributes(attributes: Iterable[tuple[str, str]]) -> bool:
    for written, value in attributes:
        name = written.rpartition("}")[2].lower()
        if name.startswith("on") or (name in _REFERS and value.strip() and not _INSIDE.match(value)):
            return False
        if not _is_harmless_style(value):
            return False
    return True


def _is_harmless_style(text: str) -> bool:
    return not _STYLE_LOADS.search(text) and all(_INSIDE.match(target) for target in _URL.findall(text))
