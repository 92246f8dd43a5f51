"""Who is calling: a token in the Authorization header, or the signed-in browser."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from api.models import ApiToken
from api.services import tokens
from coordination import clock
from coordination.models import User
from coordination.queries.people import lacks_second_factor


class TokenAuthentication(BaseAuthentication):
    """`Authorization: Bearer vuoro_…`"""

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        parts = get_authorization_header(request).split()
        if not parts or parts[0].lower() != b"bearer":
            return None
        if len(parts) != 2:
            raise AuthenticationFailed(code="bad_header")
        found = tokens.find(parts[1].decode("latin-1"), now=clock.now())
        if found is None:
            raise AuthenticationFailed(code="unknown_token")
        if lacks_second_factor(found.user):  # a role given since the token was made may demand one
            raise AuthenticationFailed(
                _("Your role needs a second factor. Sign in on the pages and set one up."),
                code="second_factor_missing",
            )
        return found.user, found

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # the library's metaclass is untyped
    """How the OpenAPI document names it."""

    target_class = "api.authentication.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer"}
