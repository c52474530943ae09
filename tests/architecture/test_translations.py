"""Every text of the screens exists in English; Japanese is the source and needs no catalogue."""

from __future__ import annotations

import ast
import re
from functools import cache

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_keywords, parse_mapping_cfg
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po

from tests.architecture.source import PACKAGE, ROOT, name_of, python_files, templates, tree_of

ENGLISH = PACKAGE / "translations" / "en" / "LC_MESSAGES" / "messages.po"
COLLECTOR = ROOT / "tools" / "update_catalogues.sh"
JAPANESE = re.compile(r"[\u3041-\u3096\u30a1-\u30fa\u4e00-\u9fff]")
JINJA = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)
PLACEHOLDER = re.compile(r"%\((\w+)\)([sd])")

TEXTS_THAT_STAY_JAPANESE = {"日本語"}
"""What is written in Japanese on an English page too, such as the name of the language."""


@cache
def _sources() -> frozenset[object]:
    """Every msgid in the code and the templates, collected as tools/update_catalogues.sh does."""
    with (ROOT / "babel.cfg").open(encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file)
    own = parse_keywords(re.findall(r"--keyword=(\w+)", COLLECTOR.read_text("utf-8")))
    found = extract_from_dir(PACKAGE, methods, options, keywords={**DEFAULT_KEYWORDS, **own})
    return frozenset(msgid for _file, _line, msgid, _comments, _context in found)


@cache
def _english() -> Catalog:
    with ENGLISH.open("rb") as file:
        return read_po(file, locale="en")


def _entries() -> list[Message]:
    return [message for message in _english() if message.id]


def _key(message: Message) -> object:
    return tuple(message.id) if isinstance(message.id, (tuple, list)) else message.id


def _texts(value: object) -> tuple[str, ...]:
    return tuple(value) if isinstance(value, (tuple, list)) else (str(value),)


def test_every_text_has_its_english() -> None:
    translated = {_key(message) for message in _entries() if all(_texts(message.string))}
    assert not _sources() - translated, "run make messages and fill in what is missing"


def test_the_catalogue_holds_nothing_that_no_page_says() -> None:
    assert not {_key(message) for message in _entries()} - _sources()


def test_nothing_is_fuzzy() -> None:
    assert not [message.id for message in _entries() if message.fuzzy]


def test_placeholders_are_the_same_in_both_languages() -> None:
    for message in _entries():
        wanted = {name for text in _texts(message.id) for name in PLACEHOLDER.findall(text)}
        for text in _texts(message.string):
            assert set(PLACEHOLDER.findall(text)) == wanted, message.id


def test_placeholders_have_names() -> None:
    nameless = re.compile(r"(?<!%)%[sd]")
    assert not [msgid for msgid in _sources() for text in _texts(msgid) if nameless.search(text)]


def test_english_texts_are_not_japanese() -> None:
    japanese = [_key(m) for m in _entries() if any(JAPANESE.search(text) for text in _texts(m.string))]
    assert not set(japanese) - TEXTS_THAT_STAY_JAPANESE


def test_the_compiled_catalogue_is_up_to_date() -> None:
    """It is kept in git so that a clone and a wheel need no build step; make messages writes it."""
    with ENGLISH.with_suffix(".mo").open("rb") as file:
        compiled = {_key(message): _texts(message.string) for message in read_mo(file) if message.id}
    assert compiled == {_key(message): _texts(message.string) for message in _entries()}


def test_no_template_says_something_past_the_catalogue() -> None:
    for path in templates():
        rest = JINJA.sub("", path.read_text("utf-8"))
        bare = [line.strip() for line in rest.splitlines() if JAPANESE.search(line)]
        assert not set(bare) - TEXTS_THAT_STAY_JAPANESE, f"{name_of(path)}: {bare}"


def test_no_text_is_put_together_before_it_is_translated() -> None:
    """gettext(f"…") and _("…" + x) can never be found in a catalogue."""
    for path in python_files("studyhub/web"):
        for node in ast.walk(tree_of(path)):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.args):
                continue
            if node.func.id in {"_", "gettext", "lazy_gettext", "ngettext"}:
                built = isinstance(node.args[0], (ast.JoinedStr, ast.BinOp))
                assert not built, f"{name_of(path)}:{node.lineno}"
