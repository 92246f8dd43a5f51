"""The audit: triggers that write each row's history, so that bulk and raw changes are seen too."""

from collections.abc import Callable
from typing import Any, TypeVar

import pghistory
from django.db import models

Model = TypeVar("Model", bound=models.Model)


def tracked(**options: Any) -> Callable[[type[Model]], type[Model]]:
    """Track a model's rows: made, changed, deleted. `options` as for `pghistory.track`."""
    track: Callable[[type[Model]], type[Model]] = pghistory.track(
        pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent(), **options
    )
    return track


def tracked_links(name: str) -> Callable[[type[Model]], type[Model]]:
    """Track a proxy of a many-to-many table; the events are called `<name>.add` and `<name>.remove`."""
    track: Callable[[type[Model]], type[Model]] = pghistory.track(
        pghistory.InsertEvent(f"{name}.add"),
        pghistory.DeleteEvent(f"{name}.remove"),
        obj_field=None,
    )
    return track
