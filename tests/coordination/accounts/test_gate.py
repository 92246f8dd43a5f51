"""A view that does not say who may open it keeps the server from starting."""

from types import ModuleType
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponse
from django.test import override_settings
from django.urls import include, path

from coordination import routes
from coordination.access import public


def unguarded(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


@public
def guarded(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


def urlconf(*patterns: Any) -> ModuleType:
    module = ModuleType("made_up_urls")
    module.urlpatterns = list(patterns)  # type: ignore[attr-defined]  # what a urlconf is
    return module


def test_every_real_route_has_a_rule() -> None:
    assert routes.unnamed() == []
    routes.refuse_to_start_unnamed()


def test_an_unguarded_view_is_refused_however_deep_it_hides() -> None:
    deep = include(([path("inner/", unguarded, name="inner")], "deep"), namespace="deep")
    with override_settings(ROOT_URLCONF=urlconf(path("ok/", guarded), path("x/", deep))):
        with pytest.raises(ImproperlyConfigured, match="x/inner/"):
            routes.refuse_to_start_unnamed()
        errors = routes.every_route_has_a_rule()

    assert [error.id for error in errors] == ["coordination.E001"]


def test_a_librarys_view_counts_only_under_its_own_name() -> None:
    with override_settings(ROOT_URLCONF=urlconf(path("a/", unguarded, name="account_login"))):
        assert routes.unnamed() == []
    with override_settings(ROOT_URLCONF=urlconf(path("a/", unguarded, name="account_other"))):
        assert [route.name for route in routes.unnamed()] == ["account_other"]


def test_the_table_of_libraries_names_nothing_that_is_not_there() -> None:
    assert set(routes.OF_LIBRARIES) <= {route.name for route in routes.all_routes()}
