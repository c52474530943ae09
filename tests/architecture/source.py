"""The project's own files, as the tests of its architecture read them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "studyhub"
TEMPLATES = PACKAGE / "web" / "templates"
FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef


@cache
def python_files(*folders: str) -> tuple[Path, ...]:
    """Sorted; without the generated migrations."""
    found = (path for folder in folders for path in (ROOT / folder).rglob("*.py"))
    return tuple(sorted(path for path in found if "versions" not in path.parts))


@cache
def templates() -> tuple[Path, ...]:
    return tuple(sorted(TEMPLATES.rglob("*.html")))


def name_of(path: Path) -> str:
    """As written from the project's root."""
    return path.relative_to(ROOT).as_posix()


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"), filename=str(path))


def functions_of(path: Path) -> Iterator[FunctionNode]:
    return (node for node in ast.walk(tree_of(path)) if isinstance(node, FunctionNode))


def lines_of(node: FunctionNode) -> int:
    assert node.end_lineno is not None
    return node.end_lineno - node.lineno + 1


def length_of(path: Path) -> int:
    return len(path.read_text("utf-8").splitlines())
