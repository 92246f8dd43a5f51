"""What all views of the API share: a permission per action, a scoped queryset, pages, one kind of error."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.core.exceptions import ImproperlyConfigured
from django.db.models import Model
from rest_framework.pagination import LimitOffsetPagination
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.viewsets import GenericViewSet

from api import looks
from coordination.models import User
from coordination.permissions import Permission

OF_ROUTER = ("list", "retrieve", "create", "update", "partial_update", "destroy")
"""Actions a router finds by their names."""


class Pages(LimitOffsetPagination):
    """`?limit=50&offset=0`"""

    default_limit = 50
    max_limit = 200


class MayDo(BasePermission):
    """One of the permissions that the view names for the action; an action without any is refused."""

    def has_permission(self, request: Request, view: Any) -> bool:
        if not request.user.is_authenticated:
            return False
        if (
            view.action is None
        ):  # no such method: 405 for whoever may use another one at this address
            here = (view.permissions.get(action, ()) for action in view.action_map.values())
            return any(self._may(request, needed) for needed in here)
        return self._may(request, view.permissions.get(view.action, ()))

    @staticmethod
    def _may(request: Request, needed: "Permission | tuple[Permission, ...]") -> bool:
        any_of = (needed,) if isinstance(needed, Permission) else needed
        assert isinstance(request.user, User)  # strangers went before
        return any(request.user.access.can(permission) for permission in any_of)


class ApiView(GenericViewSet[Any]):
    """A viewset whose `permissions` names a permission for each of its actions.

    `get_queryset` must be scoped to `self.person`: another's thing is 404.
    """

    access_rule = Permission.USE_API
    permissions: ClassVar[Mapping[str, Permission | tuple[Permission, ...]]] = {}
    permission_classes = (MayDo,)
    pagination_class = Pages

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        actions = {action.__name__ for action in cls.get_extra_actions()}
        actions |= {name for name in OF_ROUTER if hasattr(cls, name)}
        if missing := actions - set(cls.permissions):
            raise ImproperlyConfigured(f"{cls.__name__} names no permission for {sorted(missing)}")

    @property
    def person(self) -> User:
        """Who is calling."""
        user = self.request.user
        assert isinstance(user, User)
        return user

    def get_serializer(self, *args: Any, **kwargs: Any) -> Any:
        """Every answer made of rows passes here: what is personal in them is noted."""
        if args and args[0] is not None:
            rows = args[0] if kwargs.get("many") else [args[0]]
            looks.note(rows, viewer=self.person)
        return super().get_serializer(*args, **kwargs)

    def read(self, thing: Model) -> Any:
        """The thing as the API shows it, read anew."""
        return self.get_serializer(self.get_queryset().get(pk=thing.pk)).data
