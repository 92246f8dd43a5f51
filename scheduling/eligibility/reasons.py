"""A reason for or against: a stable code, a level, and a sentence a person can read.

Sentences say what is the case, never why a person is away or unwell (design.md, invariant 9).
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from coordination import formats


class Level(StrEnum):
    """block: nobody can overrule it; ask: a coordinator can, and says why; note: good to know."""

    BLOCK = "block"
    ASK = "ask"
    NOTE = "note"


@dataclass(frozen=True)
class Moment:
    """A period to be told in a sentence, half-open in UTC, in the wall time of its zone."""

    starts_at: dt.datetime
    ends_at: dt.datetime
    zone: ZoneInfo


@dataclass(frozen=True)
class Tongue:
    """A language by its code, told by its name in the language of the moment."""

    code: str

    def __str__(self) -> str:
        try:
            name = Locale.parse(self.code).get_display_name(formats.language_or_active(None))
        except (UnknownLocaleError, ValueError):
            name = None
        return name or self.code


Param = str | int | float | Decimal | dt.date | Moment | Tongue | Promise


@dataclass(frozen=True)
class Reason:
    """`about` is "person" or "session"; `good` marks a note that speaks for the person."""

    code: str
    level: Level
    params: Mapping[str, Param] = field(default_factory=dict)
    about: str = "person"

    @property
    def sentence(self) -> str:
        """The reason in the language of the moment."""
        return str(SENTENCES[self.code]) % {
            name: _told(value) for name, value in self.params.items()
        }

    @property
    def good(self) -> bool:
        return self.code in GOOD


def _told(value: Param) -> str:
    if isinstance(value, Moment):
        return formats.when(value.starts_at, value.ends_at, zone=value.zone, year=False)
    if isinstance(value, dt.date):
        return formats.date_in_text(value)
    if isinstance(value, Decimal | float):
        return formats.number(round(Decimal(value), 1).normalize() + 0, language=get_language())
    return str(value)


def blocks(reasons: Iterable[Reason]) -> list[Reason]:
    return [reason for reason in reasons if reason.level is Level.BLOCK]


def asks(reasons: Iterable[Reason]) -> list[Reason]:
    return [reason for reason in reasons if reason.level is Level.ASK]


PERSON_LEVELS: dict[str, Level] = {
    "applicant": Level.BLOCK,
    "in_training": Level.BLOCK,
    "on_break": Level.BLOCK,
    "ended": Level.BLOCK,
    "not_signed_off": Level.BLOCK,
    "training_missing": Level.BLOCK,
    "training_expired": Level.BLOCK,
    "further_training_missing": Level.BLOCK,
    "confidentiality_not_signed": Level.BLOCK,
    "extract_not_seen": Level.BLOCK,
    "unit_excluded": Level.BLOCK,
    "absent": Level.BLOCK,
    "diary_overlap": Level.BLOCK,
    "no_time_to_travel": Level.BLOCK,
    "already_here": Level.BLOCK,
    "not_oriented": Level.ASK,
    "outside_availability": Level.ASK,
    "over_week_hours": Level.ASK,
    "over_month_sessions": Level.ASK,
    "too_far": Level.ASK,
    "kind_not_agreed": Level.ASK,
    "supervision_overdue": Level.ASK,
    "language_missing": Level.ASK,
    "too_little_rest": Level.ASK,
    "asked_elsewhere": Level.ASK,
    "availability_unknown": Level.NOTE,
    "tax_card_not_seen": Level.NOTE,
    "over_usual_month": Level.NOTE,
    "declined_before": Level.NOTE,
    "released_before": Level.NOTE,
    "offer_waiting": Level.NOTE,
    "offer_not_answered": Level.NOTE,
    "volunteer_for_paid": Level.NOTE,
    "no_address": Level.NOTE,
    "wishes": Level.NOTE,
    "been_here": Level.NOTE,
    "distance": Level.NOTE,
    "week_load": Level.NOTE,
    "preferred_here": Level.NOTE,
    "same_as_before": Level.NOTE,
}
"""All that can be said of a person for a session, and how much it weighs (issue 2 §5; S4 l.135–159)."""

SESSION_LEVELS: dict[str, Level] = {
    "cancelled": Level.BLOCK,
    "already_held": Level.BLOCK,
    "not_published": Level.BLOCK,
    "in_the_past": Level.BLOCK,
    "full": Level.BLOCK,
    "no_responsible_professional": Level.BLOCK,
    "no_agreement": Level.BLOCK,
    "kind_not_in_agreement": Level.BLOCK,
    "no_insurance": Level.BLOCK,
    "no_contact_person": Level.BLOCK,
    # domain.md 1.1 row 34 "booking refused or warned without it": a coordinator may know better
    "no_space_agreement": Level.ASK,
    "already_begun": Level.ASK,
}
"""All that can be said of a session itself (design.md, invariant 3)."""

GOOD = frozenset({"been_here", "distance", "week_load", "preferred_here", "same_as_before"})

SENTENCES: dict[str, Promise] = {
    "applicant": _("is still an applicant"),
    "in_training": _("is still in training"),
    "on_break": _("is on a break"),
    "ended": _("no longer works as an expert"),
    "not_signed_off": _("readiness has not been signed off"),
    "training_missing": _("no completed training on record"),
    "training_expired": _("training expired on %(on)s"),
    "further_training_missing": _("this form of work needs further training"),
    "confidentiality_not_signed": _("confidentiality has not been signed"),
    "extract_not_seen": _("with minors the criminal-record extract must have been seen"),
    "unit_excluded": _("is not offered to this unit"),
    "absent": _("has said they are away that day"),
    "diary_overlap": _("overlaps: %(what)s, %(when)s"),
    "no_time_to_travel": _(
        "too little time to travel: %(what)s, %(km)s km away, needs %(needed)s min, has %(has)s min"
    ),
    "already_here": _("is already on this session"),
    "not_oriented": _("no orientation at this unit"),
    "outside_availability": _("outside the hours they have given"),
    "over_week_hours": _("would have %(hours)s h that week, %(agreed)s h agreed"),
    "over_month_sessions": _("would have %(count)s sessions that month, %(agreed)s agreed"),
    "too_far": _("%(km)s km away, at most %(agreed)s km agreed"),
    "kind_not_agreed": _("this form of work has not been agreed on"),
    "supervision_overdue": _("work supervision is overdue"),
    "language_missing": _("does not speak the session's language (%(language)s)"),
    "too_little_rest": _("%(hours)s h of rest between working days, %(agreed)s h agreed"),
    "asked_elsewhere": _("has been asked for the same time: %(what)s, %(when)s"),
    "availability_unknown": _("has not given any hours"),
    "tax_card_not_seen": _("tax card has not been seen"),
    "over_usual_month": _("would be number %(count)s of this form this month; %(usual)s is usual"),
    "declined_before": _("has declined this session"),
    "released_before": _("could not come to this session after all"),
    "offer_waiting": _("has been offered this session and may still answer"),
    "offer_not_answered": _("did not answer the offer in time"),
    "volunteer_for_paid": _("works as a volunteer, and this form of work is paid"),
    "no_address": _("has no e-mail address: call them"),
    "wishes": _("wishes: %(text)s"),
    "been_here": _("been here %(count)s times"),
    "distance": _("%(km)s km"),
    "week_load": _("%(hours)s h that week so far"),
    "preferred_here": _("asked first for this series"),
    "same_as_before": _("has met in this series before"),
    "cancelled": _("The session has been cancelled."),
    "already_held": _("The session has been held."),
    "not_published": _("The session is a draft: publish it first."),
    "in_the_past": _("The session is over."),
    "full": _("All seats are taken."),
    "no_responsible_professional": _("No responsible professional has been named."),
    "no_agreement": _("The unit has no agreement in force on that day."),
    "kind_not_in_agreement": _("The unit's agreement does not cover this form of work."),
    "no_insurance": _("There is no insurance in force at the unit on that day."),
    "no_contact_person": _("The unit has no contact person on that day."),
    "no_space_agreement": _("The use of the space has not been agreed on."),
    "already_begun": _("The session has already begun."),
}
