import re
import time
from collections.abc import Iterator

import pytest

from studyhub.content import markdown_scan
from studyhub.content.markdown_html import Heading, Rendered, render
from studyhub.content.rendering import NotRendered, Renderer, Text, _result


def html(text: str, **addresses: str) -> str:
    return render(text, addresses, keep_ids=True, inline=False).html


def inline(text: str) -> str:
    return render(text, {}, keep_ids=False, inline=True).html


def test_the_lines_of_a_question_stay_lines_and_those_of_other_texts_flow() -> None:
    statements = "a　端末を施錠する\nb　書類を戸棚に戻す\n〔条件〕\n窓口は一つ"
    broken = "<p>a　端末を施錠する<br>\nb　書類を戸棚に戻す<br>\n〔条件〕<br>\n窓口は一つ</p>"
    assert render(statements, {}, keep_ids=False, inline=False, keep_lines=True).html == broken
    assert html("一行目は、\n二行目に続く。") == "<p>一行目は、二行目に続く。</p>"


@pytest.fixture(scope="module")
def renderer() -> Iterator[Renderer]:
    with Renderer() as child:
        yield child


def rendered(result: Rendered | NotRendered) -> Rendered:
    assert isinstance(result, Rendered)
    return result


def attributes_of_boxes(page: str) -> list[set[str]]:
    """Of each input; the sanitiser writes them in an order that changes from run to run."""
    return [set(re.findall(r' ([a-z-]+)="', box)) for box in re.findall(r"<input[^>]*>", page)]


def test_a_page_of_notes_keeps_its_structure() -> None:
    page = html(
        '| a | b |\n|---|:-:|\n| 1 | 2 |\n\n- [x] 済み\n\n!!! note "注意"\n    本文\n\n用語\n:   定義\n\n'
        "脚注[^1]\n\n```python\nx = '<b>'\n```\n\n[^1]: 下の注\n"
    )
    assert '<td class="align-center">2</td>' in page
    assert attributes_of_boxes(page) == [{"type", "disabled", "checked", "aria-hidden"}]
    assert '<div class="admonition note">\n<p class="admonition-title">注意</p>' in page
    assert "<dt>用語</dt>\n<dd>定義</dd>" in page
    assert 'href="#fn:1"' in page
    assert 'id="fn:1"' in page
    assert "x = '&lt;b&gt;'" in page


def test_tex_becomes_mathml_but_prices_do_not() -> None:
    assert "<math" in html(r"割合は $\frac{1}{2}$ です")
    assert "<msub>" in html(r"\(x_1\) を使う")
    assert html("$$x^2$$").startswith('<p><math display="block">')
    assert "<math" not in html("$5〜$6 の品と $7 の品")
    assert "<math" not in html(r"\$a\$ と `$b$`")


def test_tex_that_cannot_be_read_is_shown_as_typed() -> None:
    assert html(r"$x_{$") == '<p><code class="formula-fault">x_{</code></p>'


@pytest.mark.parametrize(
    ("hostile", "forbidden"),
    [
        ("<script>alert(1)</script>", "alert"),
        ("[x](javascript:alert(1))", "javascript"),
        ("[x](JaVaScRiPt:alert(1))", "cript"),
        ("[x](data:text/html;base64,PHN2Zz4=)", "data:"),
        ("![x](data:image/svg+xml;base64,PHN2Zz4=)", "data:"),
        ("![x](https://elsewhere.example/pixel.png)", "elsewhere"),
        ("![x](//elsewhere.example/pixel.png)", "elsewhere"),
        ('<img src=x onerror="alert(1)">', "onerror"),
        ('<img src="//elsewhere.example/a.png">', "elsewhere"),
        ('<p onclick="alert(1)">x</p>', "onclick"),
        ('<svg onload="alert(1)"><script>alert(2)</script></svg>', "alert"),
        ('<div style="position:fixed">x</div>', "style"),
        ("<style>body{display:none}</style>", "display"),
        ('<iframe src="https://elsewhere.example"></iframe>', "iframe"),
        ('<form action="/account"><input type="password" name="p"></form>', "password"),
        ("<base href=//elsewhere.example>", "base"),
        ('<meta http-equiv="refresh" content="0">', "meta"),
        ('<div class="action-bar">x</div>', "action-bar"),
        ("文\n{: onclick=alert(1) style=color:red }", "onclick="),
        ("# 見出し {: style=color:red }", "style"),
        ('<math><mtext><img src=x onerror="alert(1)"></mtext></math>', "onerror"),
        ("<math href='javascript:alert(1)'>x</math>", "javascript"),
        ("$\\text{<img src=x onerror=alert(1)>}$", "<img"),
        ("<!-- <b>hidden</b> -->", "hidden"),
        ('{{term "><script>alert(1)</script>}}', "<script"),
        ('<button formaction="javascript:alert(1)">x</button>', "button"),
    ],
)
def test_hostile_markdown_is_disarmed(hostile: str, forbidden: str) -> None:
    visible = html(hostile)
    for escaped in ("&lt;", "%3C"):
        visible = visible.replace(escaped, "")
    assert forbidden not in visible


def test_a_form_field_can_only_be_a_disabled_checkbox() -> None:
    page = html("<input type=text name=a onfocus=b autofocus>")
    assert 'type="checkbox"' in page
    assert attributes_of_boxes(page) == [{"type", "disabled", "aria-hidden"}]


def test_a_relative_image_is_rewritten_and_an_unknown_one_leaves_its_text() -> None:
    assert html("![図の説明](figures/a.svg)", **{"figures/a.svg": "/files/7"}) == (
        '<p><img alt="図の説明" src="/files/7"></p>'
    )
    assert html("![図の説明](figures/b.svg)") == "<p><em>図の説明</em></p>"
    assert html("[用紙](sheet.md)", **{"sheet.md": "/files/8"}).startswith('<p><a href="/files/8"')


def test_a_term_links_to_the_glossary() -> None:
    page = html("{{term 可用性}}と{{term TCP/IP|通信の約束}}")
    assert (
        '<a class="term" href="/glossary/%E5%8F%AF%E7%94%A8%E6%80%A7" rel="noopener noreferrer">可用性</a>'
        in page
    )
    assert 'href="/glossary/TCP%2FIP"' in page
    assert ">通信の約束</a>" in page


def test_a_check_question_cuts_the_page_even_from_inside_a_list() -> None:
    text = "前\n\n{{question ip-61-001}}\n\n- 甲 {{question ip-61-002}} 続き\n- 乙\n\n後"
    segments = render(text, {}, keep_ids=True, inline=False).segments
    assert [content for kind, content in segments if kind == "question"] == ["ip-61-001", "ip-61-002"]
    assert segments[0] == ("html", "<p>前</p>\n")
    assert "<li>甲  続き</li>\n<li>乙</li>" in segments[2][1]
    assert segments[-1][1].strip() == "<p>後</p>"


def test_every_piece_of_a_cut_page_is_closed_by_itself() -> None:
    segments = render("<div class='note'>\n\n{{question ip-61-001}}\n\n後", {}, False, False).segments
    for kind, content in segments:
        if kind == "html":
            assert content.count("<div") == content.count("</div>")


TEXT_WITH_HEADINGS = """# 題
## 一 {#first}
```
## これは見出しではない
```
### 小見出し
## 二 **強調** {#second}
## 三
"""


def test_the_anchors_of_the_page_are_those_the_checks_know() -> None:
    page = render(TEXT_WITH_HEADINGS, {}, keep_ids=True, inline=False)
    scanned = markdown_scan.headings(TEXT_WITH_HEADINGS)
    assert [heading.anchor for heading in page.toc] == [heading.anchor for heading in scanned]
    assert [heading.level for heading in page.toc] == [heading.level for heading in scanned]
    assert page.toc[3] == Heading("second", "二 強調", 2)
    assert [heading.anchor for heading in page.toc] == [
        "section-1", "first", "section-3", "second", "section-5"
    ]  # fmt: skip


def test_a_text_inside_a_label_has_no_paragraph_and_no_ids() -> None:
    assert inline("**可用性**を高める") == "<strong>可用性</strong>を高める"
    assert inline("一\n\n二") == "<p>一</p>\n<p>二</p>"
    assert "id=" not in inline("## 見出し {#a}\n\n脚注[^1]\n\n[^1]: 注")


def test_footnotes_and_references_of_one_text_never_reach_another() -> None:
    html("a[^1] [b][b]\n\n[^1]: 秘密\n\n[b]: https://example.org")
    assert "秘密" not in html("c[^1]")
    assert "example.org" not in html("[b][b]")


def test_a_line_break_in_japanese_leaves_no_blank() -> None:
    assert html("これは\n一つの文です。") == "<p>これは一つの文です。</p>"
    assert html("one\ntwo") == "<p>one\ntwo</p>"


def test_plain_text_is_what_a_reader_sees() -> None:
    page = render(
        "## 題 {#a}\n\n**強調** $x$[^1]\n\n| 甲 | 乙 |\n|---|---|\n| 1 < 2 | 3 |\n\n[^1]: 注", {}, True, False
    )
    assert page.plain == "題\n強調 x\n甲 乙\n1 < 2 3\n注"


def test_the_child_renders_what_this_process_would(renderer: Renderer) -> None:
    text = Text("## 題 {#a}\n\n![図](f.svg) {{question q-1}}", {"f.svg": "/files/1"}.get, keep_ids=True)
    here = render(text.markdown, {"f.svg": "/files/1"}, keep_ids=True, inline=False)
    assert rendered(renderer.render(text)) == here


def test_a_text_that_takes_too_long_does_not_touch_the_others() -> None:
    slow = "[" * 20_000
    with Renderer(time_limit_s=0.5) as child:
        first, hostile, last = child.render_many([Text("一"), Text(slow), Text("三")])
    assert rendered(first).html == "<p>一</p>"
    assert isinstance(hostile, NotRendered)
    assert "0.5秒以内" in hostile.sentence
    assert rendered(last).html == "<p>三</p>"


def test_a_text_that_takes_too_much_memory_ends_the_child_and_not_the_site() -> None:
    bomb = "[a]\n" * 20_000 + "\n\n[a]: /" + "x" * 100_000
    with Renderer() as child:
        assert isinstance(child.render(Text(bomb)), NotRendered)
        assert rendered(child.render(Text("まだ動く"))).plain == "まだ動く"


def test_a_table_too_large_to_be_shown_is_refused_with_what_to_do() -> None:
    table = f"|{'a|' * 1000}\n|{'-|' * 1000}\n" + "|x\n" * 4000
    with Renderer(time_limit_s=60) as patient:
        result = patient.render(Text(table))
    assert isinstance(result, NotRendered)
    assert "表示するには大きすぎます" in result.sentence
    assert "CSV や XLSX の配付資料" in result.sentence


def test_no_word_of_a_program_is_in_what_a_refused_text_says(renderer: Renderer) -> None:
    nested = renderer.render(Text("[" * 50_000))
    for result in (_result({"fault": "RecursionError"}), _result({"fault": "output"}), nested):
        assert isinstance(result, NotRendered)
        assert not re.search("[a-z]", result.sentence)


def test_a_text_above_the_size_limit_is_refused_with_a_sentence(renderer: Renderer) -> None:
    result = renderer.render(Text("あ" * 70_000))
    assert isinstance(result, NotRendered)
    assert "200000" in result.sentence


def test_a_child_that_was_killed_is_replaced(renderer: Renderer) -> None:
    renderer.render(Text("一"))
    assert renderer._process is not None
    renderer._process.kill()
    renderer._process.wait()
    assert rendered(renderer.render(Text("二"))).plain == "二"


@pytest.mark.slow
def test_2600_short_texts_take_less_than_20_seconds(renderer: Renderer) -> None:
    texts = [Text(f"**問題{number}** 次の記述のうち，最も適切なものはどれか。") for number in range(2600)]
    started = time.monotonic()
    results = renderer.render_many(texts)
    assert time.monotonic() - started < 20
    assert all(isinstance(result, Rendered) for result in results)
