"""Routes of the API about experts: the register, what makes them ready, when they can, supervision."""

import datetime as dt
from typing import Any

from coordination import clock
from coordination.models import User
from experts.models import (
    Absence,
    Orientation,
    SignOff,
    SupervisionRule,
    SupervisionSession,
    Training,
)
from tests.cast import Cast, CastExpert
from tests.contracts.routes.api_places import row
from tests.contracts.routes.table import EVERYONE, Row

POINTS = ("own_experience", "enough_training", "works_independently", "looks_after_self")


def aino(cast: Cast) -> list[Any]:
    return [cast.aino.expert.pk]


def eero(cast: Cast) -> list[Any]:
    return [cast.eero.expert.pk]


def _absence(who: CastExpert) -> list[Any]:
    day = clock.today() + dt.timedelta(days=30)
    return [Absence.objects.create(expert=who.expert, starts_on=day, ends_on=day).pk]


def _supervision(who: CastExpert, supervisor: User | None) -> list[Any]:
    starts_at = clock.now() + dt.timedelta(days=3)
    made = SupervisionSession.objects.create(
        form="group",
        starts_at=starts_at,
        ends_at=starts_at + dt.timedelta(hours=1),
        supervisor=supervisor,
        outside_supervisor=None if supervisor else "Olli Ohjaaja",
    )
    made.attendances.create(expert=who.expert)
    return [made.pk]


SUPERVISION: dict[str, Any] = {
    "own": lambda cast: _supervision(cast.aino, cast.tuula),
    "other": lambda cast: _supervision(cast.eero, None),
    "other_who": "C",
}


def _training(cast: Cast) -> list[Any]:
    return [Training.objects.create(expert=cast.aino.expert, name="Koulutus").pk]


def _sign_off(cast: Cast) -> list[Any]:
    yes = dict.fromkeys(POINTS, True)
    made = SignOff.objects.create(expert=cast.aino.expert, signed_at=clock.now(), **yes)
    return [made.pk]


def _orientation(cast: Cast) -> list[Any]:
    made = Orientation.objects.create(
        expert=cast.aino.expert, unit=cast.sastamala.unit, oriented_on=dt.date(2026, 1, 1)
    )
    return [made.pk]


def _coming_rule(cast: Cast) -> list[Any]:
    starts_on = clock.today() + dt.timedelta(days=30)
    return [SupervisionRule.objects.create(starts_on=starts_on).pk]


ROWS: list[Row] = [
    row("expert-list", "C", post=400),
    row("expert-detail", "C", patch=200, own=aino),
    row("expert-status", "C", get=None, post=400, own=aino),
    row("expert-papers", "C", put=400, own=aino),
    row("expert-sign-off", "C", get=None, post=400, own=aino),
    row("expert-withdraw-sign-off", "C", get=None, post=409, own=aino),
    row("expert-availability", "CE", put=400, own=aino, other=eero, other_who="C"),
    row("absence-list", "CE", post=400),
    row(
        "absence-detail",
        "CE",
        delete=204,
        own=lambda cast: _absence(cast.aino),
        other=lambda cast: _absence(cast.eero),
        other_who="C",
    ),
    row("training-list", "C", post=400),
    row("training-detail", "C", put=400, delete=204, own=_training),
    row("sign-off-list", "C"),
    row("sign-off-detail", "C", own=_sign_off),
    row("orientation-list", "C", post=400),
    row("orientation-detail", "C", delete=204, own=_orientation),
    row("supervision-list", EVERYONE, post={"C": 400, "AFSEW": 403}),
    row(
        "supervision-detail",
        EVERYONE,
        get={"CWE": 200, "AFS": 404},
        put={"C": 400, "AFSEW": 403},
        **SUPERVISION,
    ),
    row("supervision-cancel", "C", get=None, post=200, **SUPERVISION),
    row("supervision-held", "CW", get=None, post=400, **SUPERVISION),
    row("supervision-rule-list", "CA", post=400),
    row("supervision-rule-detail", "CA", delete=204, own=_coming_rule),
    row("own-profile-list", "E"),
    row("own-profile-change", "E", get=None, patch=200),
    row("supervision-attendance", "CW", get=None, put=400, **SUPERVISION),
]
