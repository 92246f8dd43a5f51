"""Language and colours: each is a button that works without script."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST
from django.views.i18n import set_language as django_set_language

from coordination.access import public
from coordination.services import preferences
from coordination.web.shell_context import THEME_COOKIE, THEMES

_YEAR = 365 * 24 * 3600


def _back(request: HttpRequest) -> str:
    wanted = request.POST.get("next", "/")
    safe = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if safe else "/"


@public
@require_POST
def set_theme(request: HttpRequest) -> HttpResponse:
    """Light, dark or as the device says; kept in a cookie of this browser."""
    response = HttpResponseRedirect(_back(request))
    theme = request.POST.get("theme", "auto")
    if theme in THEMES and theme != "auto":
        response.set_cookie(
            THEME_COOKIE,
            theme,
            max_age=_YEAR,
            samesite="Lax",
            secure=settings.SESSION_COOKIE_SECURE,
        )
    else:
        response.delete_cookie(THEME_COOKIE, samesite="Lax")
    return response


@public
@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """The language of the pages; for a person with an account also that of the mails."""
    language = request.POST.get("language", "")
    if request.user.is_authenticated and language in dict(settings.LANGUAGES):
        preferences.choose_language(request.user, language=language)
    return django_set_language(request)
