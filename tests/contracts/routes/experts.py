"""Routes of experts. How to add a line: see ../test_routes.py."""

import datetime as dt
from typing import Any

from experts.models import Absence, Orientation, SupervisionRule, SupervisionSession, Training
from experts.models.supervision import SupervisionAttendance
from tests.cast import Cast, CastExpert
from tests.contracts.routes.table import Row

FAR = dt.date(2099, 1, 1)


def aino(cast: Cast) -> list[Any]:
    return [cast.aino.expert.pk]


def eero(cast: Cast) -> list[Any]:
    return [cast.eero.expert.pk]


def nobody(cast: Cast) -> list[Any]:
    """Nobody's row."""
    return [cast.onni.expert.pk + 10_000]


def a_training(cast: Cast) -> list[Any]:
    made = Training.objects.create(expert=cast.aino.expert, name="Koulutus")
    return [cast.aino.expert.pk, made.pk]


def anothers_training(cast: Cast) -> list[Any]:
    """Eero's training at Aino's address."""
    made = Training.objects.create(expert=cast.eero.expert, name="Koulutus")
    return [cast.aino.expert.pk, made.pk]


def an_orientation(cast: Cast) -> list[Any]:
    return [cast.aino.expert.pk, _orientation(cast, expert=cast.aino.expert)]


def anothers_orientation(cast: Cast) -> list[Any]:
    return [cast.aino.expert.pk, _orientation(cast, expert=cast.eero.expert)]


def a_professionals_orientation(cast: Cast) -> list[Any]:
    return [cast.sastamala.unit.pk, _orientation(cast, professional_name="Sari Sastamala")]


def an_orientation_elsewhere(cast: Cast) -> list[Any]:
    """Sastamala's orientation at Nokia's address."""
    return [cast.nokia.unit.pk, _orientation(cast, professional_name="Sari Sastamala")]


def _orientation(cast: Cast, **fields: Any) -> int:
    day = dt.date(2026, 1, 1)
    unit = cast.sastamala.unit
    return Orientation.objects.create(unit=unit, oriented_on=day, **fields).pk


def _absence(who: CastExpert) -> int:
    return Absence.objects.create(expert=who.expert, starts_on=FAR, ends_on=FAR).pk


def own_absence(cast: Cast) -> list[Any]:
    return [_absence(cast.aino)]


def anothers_absence(cast: Cast) -> list[Any]:
    return [_absence(cast.eero)]


def an_absence(cast: Cast) -> list[Any]:
    return [cast.aino.expert.pk, _absence(cast.aino)]


def eeros_absence_at_aino(cast: Cast) -> list[Any]:
    return [cast.aino.expert.pk, _absence(cast.eero)]


def a_unit(cast: Cast) -> list[Any]:
    return [cast.sastamala.unit.pk]


def a_coming_rule(_cast: Cast) -> list[Any]:
    return [SupervisionRule.objects.create(starts_on=FAR).pk]


def no_rule(_cast: Cast) -> list[Any]:
    return [999_999]


def _session(cast: Cast, **fields: Any) -> list[Any]:
    starts_at = dt.datetime(2026, 1, 7, 8, tzinfo=dt.UTC)
    made = SupervisionSession.objects.create(
        form="group", starts_at=starts_at, ends_at=starts_at + dt.timedelta(hours=2), **fields
    )
    SupervisionAttendance.objects.create(session=made, expert=cast.aino.expert)
    return [made.pk]


def held_by_tuula(cast: Cast) -> list[Any]:
    return _session(cast, supervisor=cast.tuula)


def held_by_another(cast: Cast) -> list[Any]:
    return _session(cast, outside_supervisor="Olli Ohjaaja")


ROWS: list[Row] = [
    Row("experts:list", "C"),
    Row("experts:export", "C"),
    Row("experts:new", "C", post=422),
    Row("experts:detail", "C", own=aino, other=nobody),
    Row("experts:edit", "C", post=422, own=aino, other=nobody),
    Row("experts:load", "C", post=302, own=aino, other=nobody),
    Row("experts:papers", "C", post=302, own=aino, other=nobody),
    Row("experts:status", "C", post=422, own=aino, other=nobody),
    Row("experts:training_new", "C", post=422, own=aino, other=nobody),
    Row("experts:training", "C", post=422, own=a_training, other=anothers_training),
    Row("experts:training_remove", "C", post=302, own=a_training, other=anothers_training),
    Row("experts:sign_offs", "C", post=422),
    Row("experts:sign_off", "C", post=422, own=aino, other=nobody),
    Row("experts:sign_off_withdraw", "C", post=302, own=aino, other=nobody),
    Row("experts:orientation_new", "C", post=422, own=aino, other=nobody),
    Row(
        *("experts:orientation_remove", "C"),
        post=302,
        own=an_orientation,
        other=anothers_orientation,
    ),
    Row("experts:availability", "C", post=422, own=aino, other=nobody),
    Row("experts:absences", "C", post=422, own=aino, other=nobody),
    Row(
        *("experts:absence_remove", "C"),
        get=None,
        post=302,
        own=an_absence,
        other=eeros_absence_at_aino,
    ),
    Row("experts:orientation", "C"),
    Row("experts:orientation_unit", "C", post=422, own=a_unit),
    Row(
        *("experts:professional_remove", "C"),
        post=302,
        own=a_professionals_orientation,
        other=an_orientation_elsewhere,
    ),
    Row("experts:supervisions", "C"),
    Row("experts:supervision_new", "C", post=422),
    Row("experts:supervision_rules", "CA", post=422),
    Row("experts:supervision_rule_remove", "CA", post=302, own=a_coming_rule, other=no_rule),
    Row("experts:supervision", "C", own=held_by_tuula, other=held_by_another, other_who="C"),
    Row("experts:supervision_edit", "C", post=422, own=held_by_tuula),
    Row("experts:supervision_cancel", "C", post=302, own=held_by_tuula),
    Row("experts:supervision_held", "C", post=302, own=held_by_tuula),
    Row("experts:held_session", "W", own=held_by_tuula, other=held_by_another),
    Row(
        *("experts:held_session_attendance", "W"),
        post=302,
        own=held_by_tuula,
        other=held_by_another,
    ),
    Row("experts:own", "E"),
    Row("experts:own_edit", "E", post=422),
    Row("experts:own_availability", "E", post=422),
    Row("experts:own_absences", "E", post=422),
    Row(
        "experts:own_absence_remove",
        "E",
        get=None,
        post=302,
        own=own_absence,
        other=anothers_absence,
    ),
    Row("experts:own_supervision", "E"),
    Row("experts:own_access_log", "E"),
    Row("experts:own_data", "E"),
    Row("experts:own_data_in_words", "E"),
]
