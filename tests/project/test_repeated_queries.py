"""The watch over repeated queries is awake: a page that asks once for each row fails its test."""

import pytest
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from zeal import NPlusOneError

from coordination.models import Site
from tests.cast import Cast
from tests.harness.queries import no_repeated_queries


def one_by_one(request: HttpRequest) -> HttpResponse:
    return HttpResponse(", ".join(site.unit.name for site in Site.objects.all()))


def all_at_once(request: HttpRequest) -> HttpResponse:
    sites = Site.objects.select_related("unit")
    return HttpResponse(", ".join(site.unit.name for site in sites))


def test_a_query_for_each_row_is_seen(cast: Cast) -> None:
    with pytest.raises(NPlusOneError, match=r"Site\.unit"):
        no_repeated_queries(one_by_one)(RequestFactory().get("/"))


def test_one_query_for_all_rows_is_right_and_writing_is_not_watched(cast: Cast) -> None:
    assert no_repeated_queries(all_at_once)(RequestFactory().get("/")).status_code == 200
    assert no_repeated_queries(one_by_one)(RequestFactory().post("/")).status_code == 200


def test_every_request_of_every_test_is_watched() -> None:
    assert settings.MIDDLEWARE[0] == "tests.harness.queries.no_repeated_queries"
