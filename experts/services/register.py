"""The register of experts: who is on it, what is agreed with them, where they stand."""

import datetime as dt
from collections.abc import Callable, Collection
from decimal import Decimal
from functools import wraps
from typing import ParamSpec, TypedDict, TypeVar

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from coordination import clock, municipalities
from coordination.errors import Refused
from coordination.models import ActivityKind, Unit, User
from coordination.permissions import Role
from coordination.transactions import constraint_name
from experts.models import DiaryEntry, Expert, ExpertStatus
from experts.transitions import EXPERT

P = ParamSpec("P")
R = TypeVar("R")


class ExpertValues(TypedDict, total=False):
    """What may be said of a person; what is not given stays as it is.

    `languages` are ISO 639 codes. Load is what was agreed: hours a week, sessions a calendar month,
    kilometres one way, hours of rest between working days; None means that nothing was agreed.
    """

    name: str
    official_name: str
    email: str
    phone: str
    language: str
    home_municipality: str
    languages: list[str]
    themes: str
    themes_shown_to_units: bool
    kinds: Collection[ActivityKind]
    is_volunteer: bool
    payroll_number: str
    weekly_hours: Decimal | None
    monthly_sessions: int | None
    max_km: int | None
    rest_hours: int | None
    excluded_units: Collection[Unit]
    wishes: str


OWN = frozenset(
    {
        *("email", "phone", "language", "home_municipality", "languages"),
        *("themes", "themes_shown_to_units", "wishes"),
    }
)
"""What people change about themselves; the rest is agreed with a coordinator."""

_MANY = ("kinds", "excluded_units")
_TAKEN = {
    "expert_email_once": Refused(
        _("Somebody else on the register has this e-mail address."), code="email_taken"
    ),
    "expert_payroll_number_once": Refused(
        _("Somebody else on the register has this payroll number."), code="payroll_number_taken"
    ),
}


def _saying_what_is_taken(write: Callable[P, R]) -> Callable[P, R]:
    """The whole write in one transaction; a key that is taken becomes a sentence."""

    @wraps(write)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            with transaction.atomic():
                return write(*args, **kwargs)
        except IntegrityError as error:
            taken = _TAKEN.get(constraint_name(error))
            if taken is None:
                raise
            raise Refused(taken.message, code=taken.code) from error

    return guarded


@_saying_what_is_taken
def create(
    values: ExpertValues,
    *,
    status: ExpertStatus = ExpertStatus.APPLICANT,
    by: User | None,
    now: dt.datetime,
) -> Expert:
    """Put a person on the register; `values` must have a name.

    Raises Refused `wrong_state` when nobody begins in that status, `email_taken`,
    `payroll_number_taken`, `municipality_unknown`.
    """
    if status not in EXPERT.initial:
        raise Refused(_("Nobody is put on the register in that state."), code="wrong_state")
    expert = Expert(status=status)
    _write(expert, _checked(values))
    return expert


@_saying_what_is_taken
def change(expert: Expert, values: ExpertValues, *, by: User | None, now: dt.datetime) -> Expert:
    """Change what is given of a person. Raises as `create` does.

    Taking back the consent (`themes_shown_to_units` False) hides the themes at once: everybody who
    shows them asks `Expert.themes_for_units`.
    """
    locked = Expert.objects.select_for_update(no_key=True).get(pk=expert.pk)
    _write(locked, _checked(values))
    return locked


def change_own(expert: Expert, values: ExpertValues, *, by: User, now: dt.datetime) -> Expert:
    """Change one's own details. Raises Refused `not_yours` for another's or for what is agreed."""
    if expert.user_id != by.pk or not OWN.issuperset(values):
        raise Refused(_("Your coordinator changes this with you."), code="not_yours")
    return change(expert, values, by=by, now=now)


def _checked(values: ExpertValues) -> ExpertValues:
    values = values.copy()
    if "email" in values:
        values["email"] = values["email"].strip().lower()
    if values.get("home_municipality"):
        found = municipalities.find(values["home_municipality"])
        if found is None:
            raise Refused(
                _("There is no such municipality in Finland. Check the spelling."),
                code="municipality_unknown",
            )
        values["home_municipality"] = found.name_fi
    return values


def _write(expert: Expert, values: ExpertValues) -> None:
    own = {name: value for name, value in values.items() if name not in _MANY}
    for name, value in own.items():
        setattr(expert, name, value)
    if expert.pk is None:
        expert.save()
    elif own:
        expert.save(update_fields=list(own))
    if "kinds" in values:
        expert.kinds.set(values["kinds"])
    if "excluded_units" in values:
        expert.excluded_units.set(values["excluded_units"])


@transaction.atomic
def change_status(expert: Expert, *, to: ExpertStatus, by: User | None, now: dt.datetime) -> Expert:
    """Move a person along (table: `experts.transitions.EXPERT`). No status asks for a reason.

    Raises Refused `wrong_state`, and `diary_ahead` when somebody would end with something in the
    diary still ahead. A break leaves the diary as it is.
    """
    locked = Expert.objects.select_for_update(no_key=True).get(pk=expert.pk)
    EXPERT.check(locked.status, to)
    if to == ExpertStatus.ENDED and diary_ahead(locked, now=now):
        raise Refused(
            _("There is still something ahead in this person's diary. Cancel it first."),
            code="diary_ahead",
        )
    locked.status = to
    locked.ended_on = clock.today(now) if to == ExpertStatus.ENDED else None
    locked.save(update_fields=["status", "ended_on"])
    return locked


def diary_ahead(expert: Expert, *, now: dt.datetime) -> int:
    """How many things in the diary have not ended yet."""
    return DiaryEntry.objects.filter(expert=expert, occupies=True, ends_at__gt=now).count()


@transaction.atomic
def see_papers(
    expert: Expert,
    *,
    extract_seen_on: dt.date | None,
    extract_seen_by: str,
    tax_card_seen_on: dt.date | None,
    confidentiality_signed_on: dt.date | None,
    by: User | None,
    now: dt.datetime,
) -> Expert:
    """Write down on which days papers were seen or signed; never a copy of them (domain.md 3.7).

    Raises Refused `future_day` for a day that has not come, `extract_seen_by` when nobody is named.
    """
    days = (extract_seen_on, tax_card_seen_on, confidentiality_signed_on)
    if any(day is not None and day > clock.today(now) for day in days):
        raise Refused(_("A paper cannot have been seen on a day to come."), code="future_day")
    if extract_seen_on and not extract_seen_by.strip():
        raise Refused(_("Write who saw the criminal-record extract."), code="extract_seen_by")
    locked = Expert.objects.select_for_update(no_key=True).get(pk=expert.pk)
    locked.extract_seen_on = extract_seen_on
    locked.extract_seen_by = extract_seen_by.strip() if extract_seen_on else ""
    locked.tax_card_seen_on = tax_card_seen_on
    locked.confidentiality_signed_on = confidentiality_signed_on
    locked.save(
        update_fields=[
            *("extract_seen_on", "extract_seen_by"),
            *("tax_card_seen_on", "confidentiality_signed_on"),
        ]
    )
    return locked


@transaction.atomic
def link_user(user: User, *, now: dt.datetime) -> Expert | None:
    """Join an account to the register row that has its e-mail address; None when there is none.

    A row that already has another account is left alone.
    """
    found = (
        Expert.objects.select_for_update(no_key=True)
        .filter(email__iexact=user.email, user=None)
        .exclude(email="")
        .first()
    )
    if found is None or Expert.objects.filter(user=user).exists():
        return None
    found.user = user
    found.save(update_fields=["user"])
    return found


def invitation_accepted(user: User, role: Role) -> None:
    """A new expert's account joins its row; somebody not on the register yet becomes an applicant."""
    if role is not Role.EXPERT:
        return
    now = clock.now()
    if link_user(user, now=now) is not None or Expert.objects.filter(user=user).exists():
        return
    if Expert.objects.filter(email__iexact=user.email).exists():
        return  # the row belongs to another account; a coordinator sorts it out
    values: ExpertValues = {"name": user.name, "email": user.email, "language": user.language}
    expert = create(values, by=None, now=now)
    expert.user = user
    expert.save(update_fields=["user"])
