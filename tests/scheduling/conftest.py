"""The cast, ready for work."""

from typing import Any

import pytest

from tests.cast import Cast
from tests.scheduling.makers import make_ready


@pytest.fixture
def ready(cast: Cast) -> Any:
    """The cast whose three experts nothing speaks against, at all three units, for all forms of work."""
    people = (cast.aino, cast.eero, cast.onni)
    make_ready(
        [person.expert for person in people],
        units=[cast.sastamala.unit, cast.ikaalinen.unit, cast.nokia.unit],
        kinds=[kind for kind in cast.kinds.values() if not kind.with_minors],
    )
    for person in people:
        person.expert.refresh_from_db()
    return cast
