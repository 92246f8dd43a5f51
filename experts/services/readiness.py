"""What makes a person ready: trainings, the sign-off of four points, orientation at a unit."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import astuple, dataclass

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from coordination.clock import today as day_of
from coordination.errors import Refused
from coordination.models import Unit, User
from experts.models import Expert, Orientation, SignOff, Training
from experts.models.readiness import TrainingLevel
from experts.services.diary import lock_people


@dataclass(frozen=True)
class TrainingDetails:
    """A training from any provider (S4 l.139). `completed_on` None: it is going on."""

    name: str
    provider: str = ""
    level: TrainingLevel = TrainingLevel.BASIC
    hours: int | None = None
    starts_on: dt.date | None = None
    completed_on: dt.date | None = None
    valid_until: dt.date | None = None


@dataclass(frozen=True)
class FourPoints:
    """What a coordinator confirms before the first assignment (S4 l.135): yes, no reasons."""

    own_experience: bool
    enough_training: bool
    works_independently: bool
    looks_after_self: bool


def _in_order(details: TrainingDetails, now: dt.datetime) -> None:
    known = [day for day in (details.starts_on, details.completed_on, details.valid_until) if day]
    if known != sorted(known) or (details.valid_until and not details.completed_on):
        raise Refused(
            _("The days of a training come in order: began, completed, valid until."),
            code="training_days",
        )
    if details.completed_on and details.completed_on > day_of(now):
        raise Refused(_("A training cannot be completed on a day to come."), code="future_day")


def add_training(
    expert: Expert, details: TrainingDetails, *, by: User | None, now: dt.datetime
) -> Training:
    """Record a training. Raises Refused `training_days` or `future_day`."""
    _in_order(details, now)
    return Training.objects.create(expert=expert, **vars(details))


@transaction.atomic
def change_training(
    training: Training, details: TrainingDetails, *, by: User | None, now: dt.datetime
) -> Training:
    """Mend a recorded training. Raises Refused `training_days` or `future_day`."""
    _in_order(details, now)
    locked = Training.objects.select_for_update().get(pk=training.pk)
    for name, value in vars(details).items():
        setattr(locked, name, value)
    locked.save(update_fields=list(vars(details)))
    return locked


def remove_training(training: Training, *, by: User | None, now: dt.datetime) -> None:
    """Take away a training recorded by mistake; the audit keeps it."""
    training.delete()


@transaction.atomic
def sign_off(expert: Expert, points: FourPoints, *, by: User | None, now: dt.datetime) -> SignOff:
    """Confirm the four points. Raises Refused `points_missing` or `signed_already`."""
    if not all(astuple(points)):
        raise Refused(_("All four points must be confirmed."), code="points_missing")
    lock_people([expert.pk])
    if SignOff.objects.filter(expert=expert, withdrawn_at=None).exists():
        raise Refused(_("This person has been signed off already."), code="signed_already")
    return SignOff.objects.create(expert=expert, signed_by=by, signed_at=now, **vars(points))


@transaction.atomic
def sign_off_several(
    people: Iterable[Expert], points: FourPoints, *, by: User | None, now: dt.datetime
) -> int:
    """Confirm the four points for each of these people; who is signed off already stays so.

    Returns how many this call signed off. Raises Refused `points_missing`.
    """
    if not all(astuple(points)):
        raise Refused(_("All four points must be confirmed."), code="points_missing")
    ids = sorted({person.pk for person in people})
    lock_people(ids)
    signed = SignOff.objects.filter(expert__in=ids, withdrawn_at=None)
    todo = sorted(set(ids) - set(signed.values_list("expert_id", flat=True)))
    SignOff.objects.bulk_create(
        SignOff(expert_id=pk, signed_by=by, signed_at=now, **vars(points)) for pk in todo
    )
    return len(todo)


@transaction.atomic
def withdraw_sign_off(expert: Expert, *, by: User | None, now: dt.datetime) -> SignOff:
    """Take the sign-off back; no reason is kept. Raises Refused `not_signed` when none holds."""
    lock_people([expert.pk])
    found = SignOff.objects.filter(expert=expert, withdrawn_at=None).first()
    if found is None:
        raise Refused(_("There is no sign-off in force."), code="not_signed")
    found.withdrawn_at = now
    found.save(update_fields=["withdrawn_at"])
    return found


def orient(
    expert: Expert,
    *,
    unit: Unit,
    on: dt.date,
    given_by: str = "",
    by: User | None,
    now: dt.datetime,
) -> Orientation:
    """Record that an expert was shown round at a unit, once a day. Raises Refused `future_day`."""
    _has_come(on, now)
    found, _is_new = Orientation.objects.get_or_create(
        expert=expert, unit=unit, oriented_on=on, defaults={"given_by": given_by.strip()}
    )
    return found


def orient_professional(
    name: str,
    *,
    unit: Unit,
    on: dt.date,
    given_by: str = "",
    by: User | None,
    now: dt.datetime,
) -> Orientation:
    """Record that one of the unit's professionals was told of the activity (S4 l.157).

    Raises Refused `future_day`, or `name_missing`.
    """
    _has_come(on, now)
    name = " ".join(name.split())
    if not name:
        raise Refused(_("Write the professional's name."), code="name_missing")
    found, _is_new = Orientation.objects.get_or_create(
        professional_name=name, unit=unit, oriented_on=on, defaults={"given_by": given_by.strip()}
    )
    return found


def remove_orientation(orientation: Orientation, *, by: User | None, now: dt.datetime) -> None:
    """Take away an orientation recorded by mistake; the audit keeps it."""
    orientation.delete()


def _has_come(on: dt.date, now: dt.datetime) -> None:
    if on > day_of(now):
        raise Refused(_("An orientation is recorded when it has been given."), code="future_day")
