"""Templates hold no script, style or handler of their own, stand on one base and are all used."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest

from tests.architecture.source import PACKAGE, TEMPLATES, name_of, python_files, templates

JINJA = re.compile(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
ELSEWHERE = re.compile(r"""(?:src|href|action|srcset)\s*=\s*["'](?:https?:)?//""")
NAMES = [path.relative_to(TEMPLATES).as_posix() for path in templates()]

LINKS_TO_ELSEWHERE: dict[str, str] = {}
"""template -> why it may link to another site."""


class _Faults(HTMLParser):
    """Collects what the content security policy would refuse."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = dict(attrs)
        if tag == "style" or (
            tag == "script" and "src" not in names and names.get("type") != "application/json"
        ):
            self.found.append(f"inline <{tag}>")
        for name, value in attrs:
            if name == "style" or name.startswith("on"):
                self.found.append(f"{tag} {name}=")
            if (value or "").strip().lower().startswith("javascript:"):
                self.found.append(f"{tag} {name}=javascript:")


@pytest.mark.parametrize("name", NAMES)
def test_a_template_has_nothing_the_policy_refuses(name: str) -> None:
    source = (TEMPLATES / name).read_text("utf-8")
    faults = _Faults()
    faults.feed(JINJA.sub("x", source))
    assert not faults.found
    assert name in LINKS_TO_ELSEWHERE or not ELSEWHERE.search(source), "a page asks nothing of another site"


@pytest.mark.parametrize("name", [name for name in NAMES if name != "base.html" and "/_" not in name])
def test_a_page_stands_on_a_layout_and_macros_on_none(name: str) -> None:
    extends = "{% extends" in (TEMPLATES / name).read_text("utf-8")
    assert extends is not name.startswith("macros/")


def test_every_template_is_named_by_a_view_or_another_template() -> None:
    said = "\n".join(path.read_text("utf-8") for path in (*python_files("studyhub"), *templates()))
    errors = {name for name in NAMES if name.startswith("errors/")}
    unused = [
        name for name in NAMES if name not in errors and f'"{name}"' not in said and f"'{name}'" not in said
    ]
    assert not unused


def test_every_link_goes_through_url_for_or_stays_on_the_page() -> None:
    """A path written out would survive a renamed route in silence."""
    written = re.compile(r"""(?:href|action|src)="(/[^"{]*)""")
    for path in templates():
        assert not written.findall(path.read_text("utf-8")), name_of(path)


def test_every_form_that_changes_something_carries_its_token() -> None:
    form = re.compile(r"<form\b[^>]*method=\"post\"[^>]*>(.*?)</form>", re.DOTALL | re.IGNORECASE)
    for path in templates():
        for inside in form.findall(path.read_text("utf-8")):
            assert "csrf" in inside, f"{name_of(path)}: a form without csrf_field()"


def test_static_files_ask_nothing_of_another_site() -> None:
    remote = re.compile(r"""(?:url\(|from\s+|import\s*\(?\s*|fetch\()\s*["']?(?:https?:)?//""")
    for path in sorted((PACKAGE / "web" / "static").rglob("*")):
        if path.suffix in {".css", ".js"}:
            assert not remote.search(path.read_text("utf-8")), name_of(path)
