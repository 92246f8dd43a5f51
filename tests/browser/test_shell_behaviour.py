"""What the shell does under a person's hands: with the keyboard, without script, on a phone."""

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, expect

PHONE = {"width": 360, "height": 740}


def test_the_skip_link_comes_first_and_leads_to_the_content(page: Page, db: None) -> None:
    page.goto("/account/login/")
    page.keyboard.press("Tab")
    skip = page.locator(".skip")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_label("Sähköposti", exact=True)).to_be_focused()


def test_errors_are_read_first_and_lead_to_their_field(page: Page, db: None) -> None:
    page.goto("/account/login/")
    page.get_by_label("Sähköposti", exact=True).fill("ei osoite")
    page.get_by_role("main").get_by_role("button", name="Kirjaudu sisään").click()
    summary = page.locator(".error-summary")
    expect(summary).to_be_focused()
    expect(page.get_by_label("Sähköposti", exact=True)).to_have_value("ei osoite")
    summary.get_by_role("link", name="Salasana: Täytä tämä kohta.").click()
    expect(page.get_by_label("Salasana", exact=True)).to_be_focused()


def test_language_and_colours_work_without_script(db: None, open_page: Callable[..., Page]) -> None:
    page = open_page(java_script_enabled=False)
    page.goto("/account/login/")
    page.locator("summary", has_text="FI").click()
    page.get_by_role("button", name="svenska").click()
    expect(page.locator("h1")).to_have_text("Logga in")
    page.locator("summary", has_text="Färger").click()
    page.get_by_role("button", name="Mörk").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    paper = page.locator("body").evaluate("body => getComputedStyle(body).backgroundColor")
    assert paper == "rgb(20, 27, 25)"


def test_the_chosen_light_wins_over_a_dark_device(db: None, open_page: Callable[..., Page]) -> None:
    page = open_page(color_scheme="dark")
    page.goto("/account/login/")
    colour = "body => getComputedStyle(body).backgroundColor"
    assert page.locator("body").evaluate(colour) == "rgb(20, 27, 25)"
    page.locator("summary", has_text="Värit").click()
    page.get_by_role("button", name="Vaalea").click()
    assert page.locator("body").evaluate(colour) == "rgb(251, 249, 245)"


def test_boxes_close_on_escape_and_give_the_focus_back(page: Page, db: None) -> None:
    page.goto("/account/login/")
    opener = page.locator("summary", has_text="FI")
    opener.press("Enter")
    expect(page.get_by_role("button", name="svenska")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="svenska")).to_be_hidden()
    expect(opener).to_be_focused()


def test_counters_count_within_their_limits(
    page: Page, cast: Any, login: Callable[..., None]
) -> None:
    login(page, cast.administrator)
    page.goto("/design/")
    relatives = page.get_by_label("Läheisiä")
    counter = page.locator(".counter", has=relatives)
    counter.get_by_role("button", name="Yksi vähemmän").click()
    expect(relatives).to_have_value("0")
    for _ in range(3):
        counter.get_by_role("button", name="Yksi lisää").click()
    counter.get_by_role("button", name="Yksi vähemmän").click()
    expect(relatives).to_have_value("2")


def test_a_form_is_sent_once(page: Page, db: None) -> None:
    page.goto("/account/login/code/")
    sent: list[str] = []

    def slowly(route: Any) -> None:
        sent.append(route.request.method)
        page.wait_for_timeout(300)
        route.continue_()

    page.route("**/account/login/code/", slowly)
    page.get_by_label("Sähköposti", exact=True).fill("joku@example.org")
    send = page.get_by_role("button", name="Lähetä koodi")
    send.dblclick()
    page.wait_for_url("**/confirm/")
    assert sent == ["POST"]


def test_targets_are_large_enough_for_a_thumb(
    cast: Any, open_page: Callable[..., Page], login: Callable[..., None]
) -> None:
    page = open_page(viewport=PHONE)
    login(page, cast.administrator)
    page.goto("/design/")
    small = page.evaluate(
        """() => [...document.querySelectorAll('button, summary, .menu a, .actions a, select, input')]
            .filter(e => e.checkVisibility() && !e.matches('[type=radio], [type=checkbox]'))
            .map(e => [e.outerHTML.slice(0, 80), e.getBoundingClientRect()])
            .filter(([, box]) => box.height < 43.5 || box.width < 43.5)
            .map(([html]) => html)"""
    )
    assert small == []


def test_a_coordinator_on_a_phone_finds_the_rest_behind_more(
    cast: Any,
    open_page: Callable[..., Page],
    login: Callable[..., None],
    shoot: Callable[..., None],
) -> None:
    page = open_page(viewport=PHONE)
    login(page, cast.coordinator)
    page.goto("/account/2fa/")
    bottom = page.locator(".menu-bottom")
    expect(page.locator(".menu-side")).to_be_hidden()
    expect(bottom.get_by_role("link", name="Tänään")).to_be_visible()
    last = bottom.locator("a").last
    expect(last).to_be_hidden()
    bottom.locator("summary").click()
    expect(last).to_be_visible()
    shoot(page, "menu-more")


def test_the_menu_has_no_sideways_scroll_at_400_percent(
    cast: Any, open_page: Callable[..., Page], login: Callable[..., None]
) -> None:
    page = open_page(viewport={"width": 320, "height": 256})  # 1280 × 1024 at 400 %
    login(page, cast.coordinator)
    page.goto("/account/2fa/")
    wider = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert page.evaluate(wider) == 0
    assert page.locator(".menu-bottom").evaluate("m => getComputedStyle(m).position") == "static"
