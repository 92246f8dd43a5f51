"""Errors in human words, in three languages, without numbers."""

import re
from typing import Any

import pytest
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import include, path

from coordination.web.views import errors


def _broken(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("on purpose")


def _forbidden(request: HttpRequest) -> HttpResponse:
    raise PermissionDenied


def _bad(request: HttpRequest) -> HttpResponse:
    raise BadRequest("on purpose")


urlpatterns = [
    path("broken/", _broken),
    path("forbidden/", _forbidden),
    path("bad/", _bad),
    path("wait/", errors.too_many),
    path("", include("coordination.project.urls")),
]
handler400 = "coordination.web.views.errors.bad_request"
handler403 = "coordination.web.views.errors.forbidden"
handler404 = "coordination.web.views.errors.not_found"
handler500 = "coordination.web.views.errors.server_error"

TITLES = {
    "/bad/": (
        400,
        "Tätä ei voitu ymmärtää",
        "Det här gick inte att förstå",
        "This could not be understood",
    ),
    "/forbidden/": (
        403,
        "Tämä sivu kuuluu toiselle roolille",
        "Den här sidan hör till en annan roll",
        "This page belongs to another role",
    ),
    "/nowhere/": (404, "Tällaista sivua ei ole", "Sidan finns inte", "There is no such page"),
    "/wait/": (429, "Odota hetki", "Vänta en stund", "Please wait a moment"),
    "/broken/": (
        500,
        "Jotain meni meillä rikki",
        "Något gick sönder hos oss",
        "Something broke on our side",
    ),
}


@pytest.fixture
def calm_client(settings: Any, db: None) -> Client:
    """A client that shows the page of an error instead of raising it."""
    settings.ROOT_URLCONF = __name__
    return Client(raise_request_exception=False)


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
@pytest.mark.parametrize("address", TITLES)
def test_error_pages(address: str, language: str, calm_client: Client) -> None:
    status, *titles = TITLES[address]
    response = calm_client.get(address, headers={"accept-language": language})
    assert response.status_code == status
    page = response.content.decode()
    assert f"<h1>{titles[('fi', 'sv', 'en').index(language)]}</h1>" in page
    words = re.sub(r"<[^>]+>", " ", page.partition("<main")[2])
    assert not re.search(r"\b[45]\d\d\b", words)


def test_a_form_without_its_token(db: None) -> None:
    client = Client(enforce_csrf_checks=True)
    response = client.post("/theme/", {"theme": "dark"})
    assert response.status_code == 403
    assert "Lomake oli ollut auki liian kauan" in response.content.decode()


def test_broken_page_when_everything_is_broken(
    calm_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The session or the database may be what broke: the bare page needs neither."""
    monkeypatch.setattr(errors, "_page", _broken)
    response = calm_client.get("/broken/")
    assert response.status_code == 500
    for words in ("Jotain meni meillä rikki", "Något gick sönder", "Something broke"):
        assert words in response.content.decode()


def test_too_many_attempts_are_told_in_words(db: None, client: Client, settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"login": "2/m/ip"}
    sent = {"login": "joku@example.org", "password": "väärä"}
    answers = [client.post("/account/login/", sent) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert "Odota hetki" in answers[-1].content.decode()
    assert answers[-1]["Retry-After"] == "300"
