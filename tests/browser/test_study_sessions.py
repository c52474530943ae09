"""Reading in a browser: what one reads is kept as one reads, and found again on another device."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect
from sqlalchemy import delete, select

from studyhub.persistence.engine import make_engine
from studyhub.persistence.models import ReadingMark, User
from studyhub.persistence.session import transaction
from tests.browser.conftest import Look, SignIn, every_look
from tests.browser.live_site import LiveSite
from tests.browser.watching import Watch, assert_accessible, assert_fits

PAGE = "/study-sessions/support-practice-first-hearing"
UPCOMING = "/study-sessions/dx-basics-reading-data"
SLIDES_WITHIN_MS = 30_000


def _open_with_slides(page: Page) -> None:
    """The worker of the site makes them after the start; a page that came too early is asked again."""
    page.goto(PAGE)
    for _ in range(SLIDES_WITHIN_MS // 1000):
        if page.locator("[data-slides]").count():
            return
        page.wait_for_timeout(1000)
        page.reload()


def test_a_section_counts_as_read_once_its_end_was_seen_and_stays_read(page: Page, sign_in: SignIn) -> None:
    sign_in("lecturer")
    page.goto(UPCOMING)
    first = page.locator("[data-section]").first
    first.locator("[data-section-end]").scroll_into_view_if_needed()
    expect(first.locator("[data-section-read]")).to_be_visible()
    expect(page.locator("[data-contents] a.contents-read")).to_have_count(1)
    expect(page.locator("[data-reading-progress]")).to_have_text(re.compile("章中1章まで読みました"))
    page.reload()
    expect(page.locator("[data-contents] a.contents-read")).to_have_count(1)


def test_the_button_marks_at_once_and_keeps_the_focus_in_the_section(page: Page, sign_in: SignIn) -> None:
    sign_in("supervisor")
    page.goto(UPCOMING)
    second = page.locator("[data-section]").nth(1)
    with page.expect_response(re.compile("/reading$")):
        second.get_by_role("button", name="ここまで読んだ").press("Enter")
    expect(second.locator("[data-section-read]")).to_be_focused()


def test_the_list_of_check_questions_follows_an_answer_without_a_reload(page: Page, sign_in: SignIn) -> None:
    sign_in("lecturer")
    page.goto(UPCOMING)
    states = page.locator("[data-check-state]")
    open_ones = states.filter(has_text="未回答")
    before = open_ones.count()
    assert before
    form = page.locator("form[data-answer-form]").first
    region = page.locator("[data-answer-region]").filter(has=form).first
    region.locator("label.choice").first.click()
    region.get_by_role("button", name="回答する").click()
    expect(open_ones).to_have_count(before - 1)
    page.reload()
    expect(open_ones).to_have_count(before - 1)


def _nothing_read(live_site: LiveSite, login: str) -> None:
    """The demonstration may have had somebody read to the end already: how far depends on the day."""
    engine = make_engine(live_site.database_url)
    with transaction(engine) as db:
        whose = select(User.id).where(User.login == login)
        db.execute(delete(ReadingMark).where(ReadingMark.user_id.in_(whose)))
    engine.dispose()


def test_one_goes_on_elsewhere_where_one_stopped_here(
    page: Page, sign_in: SignIn, live_site: LiveSite
) -> None:
    _nothing_read(live_site, "officer")
    sign_in("officer")
    page.goto(PAGE)
    # The page may first say that one stands at its beginning.
    with page.expect_response(
        lambda r: r.url.endswith("/reading") and "questions" in (r.request.post_data or "")
    ):
        page.locator("#questions").evaluate("heading => heading.scrollIntoView()")
    page.goto("/study-sessions")
    page.goto(PAGE)
    page.get_by_role("link", name="前回の続きから").click()
    expect(page.locator("#questions")).to_be_in_viewport()
    expect(page.locator("[data-contents] a[aria-current]")).to_contain_text("当日の流れと問いかけ")


def test_what_is_read_without_network_is_sent_when_it_is_back(
    page: Page, sign_in: SignIn, watch: Watch
) -> None:
    watch.expect("ERR_INTERNET_DISCONNECTED")
    sign_in("admin")
    page.goto(UPCOMING)
    page.context.set_offline(True)
    page.locator("[data-section-end] button").first.press("Enter")
    expect(page.locator("[data-reading-state]")).to_contain_text("まだ保存できていません")
    with page.expect_response(re.compile("/reading$")):
        page.context.set_offline(False)
    expect(page.locator("[data-reading-state]")).to_be_empty()


def test_slides_turn_in_place_by_link_and_by_key(page: Page, sign_in: SignIn) -> None:
    sign_in("officer")
    _open_with_slides(page)
    slides = page.locator("[data-slides]")
    start = page.url
    slides.get_by_role("link", name="次のスライド").click()
    expect(slides.locator("[data-slide]")).to_have_attribute("data-slide", "2")
    expect(slides.get_by_role("link", name="次のスライド")).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(slides.locator("[data-slide]")).to_have_attribute("data-slide", "3")
    page.keyboard.press("ArrowLeft")
    expect(slides.locator("[data-slide]")).to_have_attribute("data-slide", "2")
    assert page.url == start


def test_on_paper_there_are_only_the_notes(page: Page, sign_in: SignIn) -> None:
    sign_in("officer")
    _open_with_slides(page)
    page.emulate_media(media="print")
    expect(page.locator("h1")).to_be_visible()
    expect(page.locator(".notes .prose").first).to_be_visible()
    for gone in ("#slides", "#checks", "#attachments", "[data-contents]", "[data-section-end] button"):
        expect(page.locator(gone).first).to_be_hidden()


@every_look
def test_slides_and_their_list_can_be_read_by_everybody(page: Page, sign_in: SignIn, look: Look) -> None:
    sign_in("officer")
    _open_with_slides(page)
    page.goto(f"{PAGE}/slides/4")
    assert page.locator("html").get_attribute("lang") == look.locale
    assert_fits(page)
    assert_accessible(page)
    page.goto("/study-sessions?topic=ip-6.5:23")
    assert_fits(page)
    assert_accessible(page)


def test_a_figure_opens_large_and_closes_again_where_one_was(page: Page, sign_in: SignIn) -> None:
    sign_in("officer")
    page.goto("/study-sessions/dx-basics-security")
    figure = page.locator(".figure-open").first
    figure.click()
    viewer = page.locator("dialog.figure-viewer")
    expect(viewer.locator("img")).to_have_attribute("alt", figure.locator("img").get_attribute("alt") or "")
    assert_accessible(page)
    page.keyboard.press("Escape")
    expect(viewer).to_be_hidden()
    expect(figure).to_be_focused()


def test_what_is_ticked_to_do_at_work_stays_ticked_in_this_browser(page: Page, sign_in: SignIn) -> None:
    sign_in("officer")
    page.goto("/study-sessions/dx-basics-security")
    box = page.locator(".task-list-item").first.get_by_role("checkbox")
    box.check()
    page.reload()
    expect(box).to_be_checked()
    expect(page.locator(".task-list-item").nth(1).get_by_role("checkbox")).not_to_be_checked()
