"""Rules of docs and design that a reader could break without noticing."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.architecture.source import PACKAGE, ROOT, functions_of, name_of, python_files, tree_of

FORBIDDEN_NAMES = {"utils", "util", "helpers", "helper", "common", "manager", "misc", "stuff"}
COMMIT_POINT = "studyhub/persistence/session.py"
PURE = ("studyhub/domain", "studyhub/services", "studyhub/reads", "studyhub/formats", "studyhub/content")
CLOCKS = {"now", "utcnow", "today"}


def _calls(path: Path, methods: set[str]) -> Iterator[str]:
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in methods:
            yield f"{name_of(path)}:{node.lineno} .{node.func.attr}("


def test_there_is_one_commit_point() -> None:
    places = [place for path in python_files("studyhub") for place in _calls(path, {"commit"})]
    assert [place.split(":")[0] for place in places] == [COMMIT_POINT], places


def test_nothing_below_the_edge_looks_at_a_clock() -> None:
    """Time comes in as `now`, so that exams and schedules can be replayed."""
    places = [place for path in python_files(*PURE) for place in _calls(path, CLOCKS)]
    assert not places


def test_the_domain_draws_no_random_numbers_of_its_own() -> None:
    for path in python_files("studyhub/domain"):
        for node in ast.walk(tree_of(path)):
            called = node.func if isinstance(node, ast.Call) else None
            if isinstance(called, ast.Attribute) and isinstance(called.value, ast.Name):
                drawn = called.value.id in {"random", "secrets", "uuid"} and called.attr != "Random"
                assert not drawn, f"{name_of(path)}:{node.lineno} {called.value.id}.{called.attr}"


def test_now_and_rng_have_no_default() -> None:
    for path in python_files(*PURE):
        for function in functions_of(path):
            arguments = function.args
            positional = [*arguments.posonlyargs, *arguments.args]
            with_default = positional[len(positional) - len(arguments.defaults) :]
            pairs = zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
            with_default += [argument for argument, default in pairs if default is not None]
            named = {argument.arg for argument in with_default} & {"now", "rng"}
            assert not named, f"{name_of(path)}:{function.lineno} gives {named} a default"


def test_no_file_is_named_after_a_missing_idea() -> None:
    folders = (PACKAGE, ROOT / "tests", ROOT / "bench", ROOT / "tools")
    files = [path for folder in folders for path in folder.rglob("*") if "__pycache__" not in path.parts]
    assert not [name_of(path) for path in files if FORBIDDEN_NAMES & set(re.split(r"[._-]", path.name))]


def test_no_handler_swallows_an_error_in_silence() -> None:
    for path in python_files("studyhub"):
        for node in ast.walk(tree_of(path)):
            if isinstance(node, ast.ExceptHandler):
                silent = all(isinstance(statement, ast.Pass) for statement in node.body)
                assert not silent, f"{name_of(path)}:{node.lineno}"


def test_every_form_is_one_of_the_site() -> None:
    """Flask-WTF's own takes JSON for a form, which nobody has looked through."""
    imported = [name_of(path) for path in python_files("studyhub") if "FlaskForm" in path.read_text("utf-8")]
    assert imported == ["studyhub/web/form.py"]


def test_nothing_is_left_to_do_in_the_code() -> None:
    marks = re.compile(r"\b(TODO|FIXME|XXX)\b")
    for path in python_files("studyhub"):
        assert not marks.search(path.read_text("utf-8")), name_of(path)
        raised = [node.exc for node in ast.walk(tree_of(path)) if isinstance(node, ast.Raise) and node.exc]
        assert not [exc for exc in raised if "NotImplementedError" in ast.unparse(exc)], name_of(path)


def test_every_match_on_variants_ends_in_assert_never() -> None:
    """In the domain a new variant must break the type check and not an exam; a final `case _` that returns hides it."""
    for path in python_files("studyhub/domain"):
        for node in ast.walk(tree_of(path)):
            if isinstance(node, ast.Match):
                last = node.cases[-1]
                catches_all = isinstance(last.pattern, ast.MatchAs) and last.pattern.pattern is None
                assert catches_all, f"{name_of(path)}:{node.lineno} has no last case"
                assert "assert_never" in ast.unparse(last) or "raise" in ast.unparse(last), (
                    f"{name_of(path)}:{node.lineno}"
                )
