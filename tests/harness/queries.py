"""A query for each row of a page fails the test, whichever test asks for the page."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

READING = frozenset({"GET", "HEAD"})


def watch_for_repeated_queries() -> None:
    """After Django's set-up. What a test does in a loop of its own is not watched."""
    from zeal.apps import ZealConfig

    ZealConfig.create("zeal").ready()
    settings.MIDDLEWARE = [f"{__name__}.{no_repeated_queries.__name__}", *settings.MIDDLEWARE]


def no_repeated_queries(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Only reading is watched: writing locks and changes one row after the other on purpose."""
    from zeal import zeal_context

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.method not in READING:
            return get_response(request)
        with zeal_context():
            return get_response(request)

    return middleware
