"""A person's own language wins over the browser's; a change that could not get through is no fault of ours."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation

from coordination.transactions import is_contention
from coordination.web.views import errors


def own_language(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Speaks the signed-in person's language; stands after the authentication middleware."""

    def middleware(request: HttpRequest) -> HttpResponse:
        # who has no session is not asked who they are: feeds and health checks stay free of cookies
        known = settings.SESSION_COOKIE_NAME in request.COOKIES
        if known and request.user.is_authenticated:
            translation.activate(request.user.language)
            request.LANGUAGE_CODE = translation.get_language()
        return get_response(request)

    return middleware


class ContentionMiddleware:
    """Two people changed the same thing and trying again did not help: a sentence instead of a failure."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        return errors.busy(request) if is_contention(error) else None
