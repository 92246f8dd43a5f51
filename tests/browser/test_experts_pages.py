"""The pages of the register, of people themselves and of supervision, as a browser shows them."""

import datetime as dt
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from coordination import clock
from coordination.workbook.weekly import WeeklyHours, Weeks
from experts.models import SupervisionSession
from experts.models.supervision import SupervisionForm
from experts.services import availability, readiness, supervision
from experts.services.supervision import SupervisionDetails
from tests.browser.reading import PHONE, Reader
from tests.cast import Cast


def url(name: str, *args: Any) -> str:
    return reverse(f"experts:{name}", args=args)


@pytest.fixture
def session(cast: Cast) -> SupervisionSession:
    """A register with something in every section, and a supervision session ahead."""
    now = clock.now()
    today, aino = clock.today(now), cast.aino.expert
    training = readiness.TrainingDetails("Koulutus", completed_on=today)
    readiness.add_training(aino, training, by=None, now=now)
    readiness.sign_off(
        aino, readiness.FourPoints(True, True, True, True), by=cast.coordinator, now=now
    )
    readiness.orient(aino, unit=cast.sastamala.unit, on=today, by=None, now=now)
    readiness.orient_professional(
        "Kerttu Keksitty", unit=cast.sastamala.unit, on=today, by=None, now=now
    )
    hours = [
        WeeklyHours(0, dt.time(9), dt.time(15)),
        WeeklyHours(2, dt.time(13), dt.time(16), Weeks.EVEN),
    ]
    availability.replace(aino, hours, from_day=today, by=cast.coordinator, now=now)
    availability.add_absence(aino, starts_on=today, ends_on=today, by=cast.coordinator, now=now)
    starts_at = now + dt.timedelta(days=2)
    details = SupervisionDetails(
        form=SupervisionForm.GROUP,
        starts_at=starts_at,
        ends_at=starts_at + dt.timedelta(hours=2),
        supervisor=cast.tuula,
        place="Hatanpää",
    )
    people = [aino, cast.eero.expert]
    return supervision.plan(details, experts=people, by=None, now=now)


def _pages(cast: Cast, session: SupervisionSession) -> Iterator[tuple[Any, list[str]]]:
    aino, unit = cast.aino.expert.pk, cast.sastamala.unit.pk
    yield (
        cast.coordinator,
        [
            *(url("list") + "?language=fi", url("detail", aino), url("edit", aino)),
            *(url("load", aino), url("status", aino), url("papers", aino), url("new")),
            *(url("orientation"), url("orientation_unit", unit), url("availability", aino)),
            *(url("supervisions"), url("supervision_new"), url("supervision", session.pk)),
            url("supervision_rules"),
        ],
    )
    yield (
        cast.aino.user,
        [
            *(url("own"), url("own_edit"), url("own_availability"), url("own_absences")),
            *(url("own_supervision"), url("own_access_log"), url("own_data_in_words")),
        ],
    )
    yield cast.tuula, ["/supervisor/", url("held_session", session.pk)]


def test_pages_are_accessible(cast: Cast, session: SupervisionSession, reader: Reader) -> None:
    for user, addresses in _pages(cast, session):
        for address in addresses:
            assert reader.look_at(address, user)


def test_the_week_is_edited_without_script(
    cast: Cast, open_page: Callable[..., Page], login: Callable[..., None]
) -> None:
    page = open_page(viewport=PHONE, java_script_enabled=False)
    login(page, cast.aino.user)
    page.goto(url("own_availability"))
    page.get_by_label("maanantai, alkaen").first.fill("9")
    page.get_by_label("maanantai, asti").first.fill("8")
    page.get_by_role("button", name="Tallenna viikkoajat").click()
    expect(page.get_by_role("link", name="Päättymisajan pitää olla")).to_be_visible()
    page.get_by_label("maanantai, asti").first.fill("15")
    page.get_by_role("button", name="Tallenna viikkoajat").click()
    expect(page.get_by_text("Maanantai 9.00–15.00")).to_be_visible()


def test_the_register_is_narrowed_as_one_chooses(
    cast: Cast, page: Page, login: Callable[..., None]
) -> None:
    login(page, cast.coordinator)
    page.goto(url("list"))
    page.get_by_label("Haku").fill("eero")
    page.get_by_role("button", name="Rajaa").click()
    expect(page).to_have_url(re.compile("q=eero"))
    expect(page.get_by_role("link", name="Eero Kokeilu")).to_be_visible()
    expect(page.get_by_role("link", name="Aino Testilä")).to_have_count(0)
