"""The gate: the mark every view must carry, and what it lets through."""

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar, cast

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase

from coordination.permissions import Permission

if TYPE_CHECKING:
    from coordination.models import User

View = TypeVar("View", bound=Callable[..., HttpResponseBase])


class UserRequest(HttpRequest):
    """What a view behind `requires` or `signed_in` gets: a request whose user is a person with an account."""

    user: "User"


def _mark(view: Callable[..., Any], rule: "Permission | str") -> None:
    view.access_rule = rule  # type: ignore[attr-defined]  # read by the start-up check of all routes


def requires(permission: Permission) -> Callable[[View], View]:
    """Only people with `permission` get in; others see 403, strangers the log-in page."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: UserRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            if not request.user.access.can(permission):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        _mark(guarded, permission)
        return cast(View, guarded)

    return decorate


def public(view: View) -> View:
    """Anybody gets in: log-in, feeds, answer links, notices, health."""
    _mark(view, "public")
    return view


def signed_in(view: View) -> View:
    """Anybody with an account gets in."""

    @wraps(view)
    def guarded(request: UserRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        return view(request, *args, **kwargs)

    _mark(guarded, "signed_in")
    return cast(View, guarded)
