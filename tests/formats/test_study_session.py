from datetime import date, time

from studyhub.formats.study_session import MaterialRole, SessionKind, read_course, read_page

PAGE = """\
---
id: first-hearing
title: はじめてのヒアリング
kind: workshop
held_on: 2026-12-02
starts_at: 15:00
minutes: 60
lecturers: [見本 花子]
topics: [tokyo-dx:first-hearing]
objectives:
  - 聴き方を選べる。
materials:
  - {file: slides.pdf, title: 投影資料, role: slides}
check: [tdx-hearing-001]
status: published
---

## はじめに {#start}
"""


def test_front_matter_and_body_are_told_apart_with_their_lines() -> None:
    reading = read_page(PAGE, "session.md")
    page = reading.items[0].item
    assert reading.report.findings == ()
    assert (page.id, page.kind, page.held_on) == ("first-hearing", SessionKind.WORKSHOP, date(2026, 12, 2))
    assert page.starts_at == time(15, 0)
    assert page.materials[0].role is MaterialRole.SLIDES
    assert page.body.strip() == "## はじめに {#start}"
    assert PAGE.split("\n")[page.body_line - 1 :] == page.body.split("\n")


def test_windows_line_ends_make_no_difference() -> None:
    assert read_page(PAGE.replace("\n", "\r\n"), "s").items[0].item == read_page(PAGE, "s").items[0].item


def test_faults_of_front_matter_have_the_line_of_the_file() -> None:
    faulty = (
        PAGE.replace("15:00", "三時")
        .replace("minutes: 60", "minutes: 0")
        .replace("role: slides", "role: film")
        .replace("check: [tdx-hearing-001]", "survey: mine")
    )
    found = [(finding.code, finding.line) for finding in read_page(faulty, "s").report.errors]
    assert found == [("not-a-time", 6), ("out-of-range", 7), ("not-one-of", 13), ("not-one-of", 14)]


def test_a_page_without_front_matter_is_told() -> None:
    reading = read_page("# ただの文書\n", "s")
    assert [finding.code for finding in reading.report.findings] == ["no-front-matter"]


def test_a_broken_front_matter_is_told_with_its_line() -> None:
    reading = read_page("---\nid: x\ntitle: [閉じない\n---\n本文\n", "s")
    assert [finding.code for finding in reading.report.findings] == ["yaml"]
    assert 3 <= reading.report.findings[0].line <= 4


def test_a_course_needs_a_title() -> None:
    assert read_course("course: c\ntitle: 題\norder: 2\n", "c").items[0].item.order == 2
    assert [finding.code for finding in read_course("course: c\n", "c").report.errors] == ["missing-field"]
