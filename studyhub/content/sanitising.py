"""The allow-list every rendered text passes through, whatever Markdown made of it."""

import html
import re

import nh3

ADMONITIONS = (
    "note",
    "tip",
    "hint",
    "important",
    "info",
    "example",
    "warning",
    "caution",
    "danger",
    "question",
)


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_TEXT_TAGS = _words(
    "p br hr h1 h2 h3 h4 h5 h6 ul ol li dl dt dd blockquote pre code kbd samp var em strong b i u s del ins mark"
    " sub sup small abbr q cite ruby rt rp a img figure figcaption table caption thead tbody tfoot tr th td"
    " div span details summary input"
)
_MATH_TAGS = _words(
    "math mrow mi mn mo ms mtext mspace mfrac msqrt mroot msub msup msubsup munder mover munderover mtable mtr mtd"
    " mpadded mphantom mstyle menclose mmultiscripts mprescripts none"
)
_MATH_ATTRIBUTES = _words(
    "display displaystyle mathvariant stretchy fence form separator lspace rspace linethickness accent accentunder"
    " scriptlevel columnalign rowspacing columnspacing width height depth notation minsize maxsize"
)
_ATTRIBUTES: dict[str, set[str]] = {
    "a": {"href", "title", "id"},
    "abbr": {"title"},
    "img": {"src", "alt", "title", "width", "height"},
    "ol": {"start", "type"},
    "th": {"scope", "colspan", "rowspan"},
    "td": {"colspan", "rowspan"},
    "input": {"type", "checked", "disabled"},
    "details": {"open"},
    **{f"h{level}": {"id"} for level in range(1, 7)},
    **{tag: {"id"} for tag in ("li", "sup")},
    **{tag: set(_MATH_ATTRIBUTES) for tag in _MATH_TAGS},
}
_CLASSES: dict[str, set[str]] = {
    "div": {"admonition", "footnote", *ADMONITIONS},
    "details": set(ADMONITIONS),
    "p": {"admonition-title"},
    "a": {"term", "footnote-ref", "footnote-backref"},
    "ul": {"task-list"},
    "li": {"task-list-item"},
    "code": {"formula-fault"},
    "th": {"align-left", "align-center", "align-right"},
    "td": {"align-left", "align-center", "align-right"},
}
_ID = re.compile(r"[A-Za-z][\w.-]*|fn(?:ref\d*)?:[\w.-]+", re.ASCII)


def sanitise(unsafe: str, keep_ids: bool) -> str:
    """`keep_ids` is for texts that stand once on a page; others would repeat ids on it."""

    def attribute(tag: str, name: str, value: str) -> str | None:
        if name == "id":
            return value if keep_ids and _ID.fullmatch(value) else None
        if tag == "img" and name == "src":
            return value if value.startswith("/") and not value.startswith(("//", "/\\")) else None
        return value

    return nh3.clean(
        unsafe,
        tags=set(_TEXT_TAGS | _MATH_TAGS),
        clean_content_tags={"script", "style", "svg", "iframe", "object", "template", "noscript", "title"},
        attributes=_ATTRIBUTES,
        attribute_filter=attribute,
        allowed_classes=_CLASSES,
        strip_comments=True,
        link_rel="noopener noreferrer",
        generic_attribute_prefixes=None,
        # The box of a task list is a picture: nobody can tick it, and it has no label of its own.
        set_tag_attribute_values={"input": {"type": "checkbox", "disabled": "", "aria-hidden": "true"}},
        url_schemes={"http", "https", "mailto"},
    )


_BLOCK_END = re.compile(r"</(?:p|h[1-6]|li|dt|dd|tr|pre|blockquote|div|caption)>|<br>|<hr>")
_CELL_END = re.compile(r"</t[hd]>\s*")
_FOOTNOTE_LINK = re.compile(r'<a class="footnote-(?:back)?ref"[^>]*>[^<]*</a>')
_TAG = re.compile(r'<(?:[^>"]|"[^"]*")*>')


def plain_text(safe: str) -> str:
    """The words of sanitised HTML, one block a line, for search and for lists."""
    linked = _FOOTNOTE_LINK.sub("", safe)
    broken = _CELL_END.sub(" ", _BLOCK_END.sub("\n", linked))
    text = html.unescape(_TAG.sub("", broken))
    lines = (" ".join(line.split()) for line in text.split("\n"))
    return "\n".join(line for line in lines if line)
