"""What a drawing may ask of the browsers that show it; `tests/services/test_upload_checks.py` has what may run in it."""

from __future__ import annotations

import time
from contextlib import suppress

import pytest

from studyhub.domain.errors import Invalid
from studyhub.formats.drawing import check_drawing


def _svg(inside: str) -> bytes:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">{inside}</svg>'
    ).encode()


def _refusal(content: bytes) -> str:
    with pytest.raises(Invalid) as caught:
        check_drawing("drawing.svg", content)
    assert "drawing.svg" in str(caught.value)
    return str(caught.value)


def _tens(wrapped: str, refers: str, last: str) -> bytes:
    """Nine levels, each of which draws the one before ten times."""
    levels = (
        f"<{wrapped} id='a{n}'>{refers.format(n - 1) * 10}</{wrapped.split()[0]}>" for n in range(1, 10)
    )
    return _svg(f"<rect id='a0' width='5' height='5'/>{''.join(levels)}{last}")


_STYLED = "".join(f".c{n}{{fill:url(#a{n})}}" for n in range(10))
_NESTED_STYLE = "".join(f"g{{x:y; .c{n}{{fill:url(#a{n})}}}}" for n in range(10))
TIRING_DRAWINGS = {
    "a thousand million shapes": _tens("g", "<use href='#a{}'/>", "<use href='#a9'/>"),
    "the same, the old way": _tens("g", "<use xlink:href=' #a{} '/>", "<use xlink:href='#a9'/>"),
    "the same, names in disguise": _tens("g", "<use href='#%61{}'/>", "<use href='#a9'/>"),
    "patterns in patterns": _tens("pattern", "<rect fill='url(#a{})'/>", "<rect style='fill:url(\"#a9\")'/>"),
    "patterns by style sheet": _tens("pattern", "<g class='c{}'/>", f"<style>{_STYLED}</style>"),
    "patterns by nested styles": _tens("pattern", "<g class='c{}'/>", f"<style>{_NESTED_STYLE}</style>"),
    "cuts of cuts": _tens("clipPath", "<rect clip-path='url(#a{})'/>", "<rect clip-path='url(#a9)'/>"),
    "masks of masks": _tens("mask", "<rect mask='url(#a{})'/>", "<rect mask='url(#a9)'/>"),
    "filters of filters": _tens("filter", "<feImage href='#a{}'/>", "<rect filter='url(#a9)'/>"),
    "a pattern for each of many": _svg(
        f"<pattern id='p'>{'<rect/>' * 500}</pattern><g fill='url(#p)'>{'<rect/>' * 500}</g>"
    ),
    "a marker at each of many points": _svg(
        f"<marker id='m'>{'<rect/>' * 500}</marker><path marker-mid='url(#m)' d='M{' 1 1' * 500}'/>"
    ),
    "many styles of many shapes": _svg(
        "<style>" + "".join(f".a{{fill:url(#p{n})}}" for n in range(1000)) + "</style>"
        + "".join(f"<pattern id='p{n}'/>" for n in range(1000)) + "<g class='a'/>" * 1000
    ),
    "itself": _svg("<g id='a'><use href='#a'/></g>"),
    "a name in escapes": _svg("<rect fill='url(#\\61 )'/>"),
    "a hundred thousand levels": _svg("<g>" * 100_000 + "</g>" * 100_000),
    "a long way of references": _svg(
        "".join(f"<use id='a{n}' href='#a{n + 1}'/>" for n in range(20_000)) + "<g id='a20000'/>"
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", TIRING_DRAWINGS)
def test_a_drawing_that_no_browser_draws_in_time_is_refused(case: str) -> None:
    started = time.monotonic()
    assert "くり返しや入れ子が多すぎ" in _refusal(TIRING_DRAWINGS[case])
    assert time.monotonic() - started < 10


ORDINARY_DRAWINGS = {
    "letters as symbols": "<symbol id='s'><g><path/></g></symbol>" + "<use xlink:href='#s'/>" * 10_000,
    "classes of a drawing program": "<style>/* all */.c1{fill:url(#g)} .c2, .c3 path{clip-path:url(#c)}"
    "path:hover{filter:url(#f)}</style><linearGradient id='g'><stop/></linearGradient><clipPath id='c'><rect/>"
    "</clipPath><filter id='f'><feBlend/></filter>" + "<g class='c2'><path class='c1'/></g>" * 3000,
    "arrows": "<marker id='m'><path d='M0 0'/></marker>"
    + "<path marker-end='url(#m)' d='M0 0L10 10L20 20'/>" * 500,
    "cuts within cuts": "<clipPath id='c'><rect/></clipPath>"
    + "<g clip-path='url(#c)'>" * 8 + "<path/>" * 5000 + "</g>" * 8,
    "a link to a part of it": "<g id='a'><a href='#a'><path/></a></g>",
    "what is not there": "<use href='#nothing'/><rect fill='url(#nothing)'/>",
    "a movement": "<rect id='r'><animate href='#r' attributeName='x' to='1'/></rect>",
}  # fmt: skip


@pytest.mark.parametrize("case", ORDINARY_DRAWINGS)
def test_drawings_as_programs_write_them_are_taken(case: str) -> None:
    check_drawing("drawing.svg", _svg(ORDINARY_DRAWINGS[case]))


@pytest.mark.parametrize("inside", [
    f"<rect fill='url({' ' * 1_000_000}'/>", f"<style>{'/*' * 900_000}</style>", f"<style>{'a ' * 900_000}</style>",
    f"<style>{chr(92) * 1_800_000}</style>",
], ids=["blanks", "comments", "selectors", "escapes"])  # fmt: skip
def test_a_drawing_does_not_hold_up_the_site(inside: str) -> None:
    started = time.monotonic()
    with suppress(Invalid):
        check_drawing("drawing.svg", _svg(inside))
    assert time.monotonic() - started < 10
