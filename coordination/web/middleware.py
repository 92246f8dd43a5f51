"""A person's own language wins over the browser's."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation


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
