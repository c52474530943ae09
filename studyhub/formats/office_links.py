"""Where the parts of PPTX, DOCX and XLSX lead: out of the file only by what its reader opens on purpose."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from xml.etree.ElementTree import Element  # nosec B405 - a type, and no parser
from zipfile import ZipFile

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import ParseError, iterparse

from studyhub.domain.errors import Invalid
from studyhub.formats.archive import Member
from studyhub.formats.upload_kinds import broken

_SCHEME = re.compile(r"([a-z][a-z0-9+.-]+):", re.IGNORECASE)
"""Of two letters at least: one alone is a drive."""
_FILMS = frozenset({"video", "media", "audio"})
_DEEPEST = 4
_NOWHERE = frozenset({"", "null"})
"""As PowerPoint writes the target of a link that is broken."""


def check_links(name: str, archive: ZipFile, member: Member) -> None:
    """Looks at one part of relationships. Raises Invalid."""
    try:
        if not all(_stays_inside(link) or _is_opened_on_purpose(link) for link in _links(archive, member)):
            raise Invalid(
                "「%(name)s」の「%(part)s」に、外部のファイルやサイトへのリンク（テンプレート、ほかのブック、外部の画像など）が"
                "あります。外部へのリンクを解除して保存し直してください。",
                name=name,
                part=member.path[:120],
            )
    except (ParseError, DefusedXmlException, ValueError, LookupError) as error:
        raise broken(name) from error


def _links(archive: ZipFile, member: Member) -> Iterator[Mapping[str, str]]:
    """One after the other, of which none is held: a workbook has as many as it has links."""
    with archive.open(member.info) as file:
        above: list[Element] = []
        for event, element in iterparse(file, events=("start", "end"), forbid_dtd=True):
            if event == "start":
                above.append(element)
                if len(above) > _DEEPEST:
                    raise ValueError("no relationships")
                continue
            above.pop()
            if "Target" in element.attrib:
                yield dict(element.attrib)
            element.clear()
            if above:
                above[-1].clear()


def _stays_inside(link: Mapping[str, str]) -> bool:
    target = _target(link)
    is_internal = link.get("TargetMode", "").strip().lower() != "external" and not _scheme(target)
    return (is_internal or target.lower() in _NOWHERE) and not _is_share(target)


def _is_opened_on_purpose(link: Mapping[str, str]) -> bool:
    """Programs ask before they follow one of these, or wait for a click."""
    target, kind = _target(link), link.get("Type", "").rpartition("/")[2]
    scheme = _scheme(target)
    if scheme == "file" or _is_share(target):
        return False
    return kind == "hyperlink" or (kind in _FILMS and scheme in {"", "https"})


def _target(link: Mapping[str, str]) -> str:
    return link["Target"].strip()


def _scheme(target: str) -> str:
    found = _SCHEME.match(target)
    return found[1].lower() if found else ""


def _is_share(target: str) -> bool:
    """Of another computer, in Windows' way of writing or that of the web."""
    return target[:2].replace("/", "\\") == "\\\\"
