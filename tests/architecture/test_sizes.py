"""Small enough to read at once. A breach is listed here with its reason, or mended."""

from __future__ import annotations

import statistics

from tests.architecture.source import functions_of, length_of, lines_of, name_of, python_files, templates

MOST_LINES_OF_A_FUNCTION = 60
MOST_LINES_OF_A_FILE = 400
MOST_LINES_OF_A_TEMPLATE = 150
WIDEST_MEDIAN_OF_FUNCTIONS = 10
MOST_FUNCTIONS_ARE_UNDER = 35

EXCEPTIONS: dict[str, str] = {}
"""`file` or `file::function` -> why it may be longer."""

CODE = python_files("studyhub", "tests", "bench")


def _longer_functions(limit: int) -> dict[str, int]:
    sizes = (
        (f"{name_of(path)}::{node.name}", lines_of(node)) for path in CODE for node in functions_of(path)
    )
    return {name: lines for name, lines in sizes if lines > limit}


def test_no_function_is_longer_than_sixty_lines() -> None:
    assert not set(_longer_functions(MOST_LINES_OF_A_FUNCTION)) - set(EXCEPTIONS)


def test_no_file_is_longer_than_four_hundred_lines() -> None:
    long = {name_of(path): length_of(path) for path in CODE if length_of(path) > MOST_LINES_OF_A_FILE}
    assert not set(long) - set(EXCEPTIONS), long


def test_no_template_is_longer_than_a_hundred_and_fifty_lines() -> None:
    long = {
        name_of(path): length_of(path) for path in templates() if length_of(path) > MOST_LINES_OF_A_TEMPLATE
    }
    assert not set(long) - set(EXCEPTIONS), long


def test_half_of_the_functions_have_ten_lines_at_most_and_most_are_under_thirty_five() -> None:
    sizes = [lines_of(node) for path in python_files("studyhub") for node in functions_of(path)]
    assert statistics.median(sizes) <= WIDEST_MEDIAN_OF_FUNCTIONS
    assert sum(size < MOST_FUNCTIONS_ARE_UNDER for size in sizes) / len(sizes) >= 0.95


def test_every_listed_exception_is_still_needed() -> None:
    needed = set(_longer_functions(MOST_LINES_OF_A_FUNCTION))
    needed |= {name_of(path) for path in CODE if length_of(path) > MOST_LINES_OF_A_FILE}
    needed |= {name_of(path) for path in templates() if length_of(path) > MOST_LINES_OF_A_TEMPLATE}
    assert set(EXCEPTIONS) <= needed
