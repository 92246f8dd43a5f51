"""Who has looked at a person's data: the person reads this log (invariant 9)."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from coordination.models import PersonalDataView
from experts.models import Expert

SUBJECT = "expert"
ACCOUNT = "user"
"""What the ground floor logs: it knows accounts, and not whose row of the register is whose."""
PAGES: "dict[str, str | Promise]" = {
    "experts:detail": _("the page on the register"),
    "experts:edit": _("contact details"),
    "experts:load": _("work and load agreed"),
    "experts:papers": _("papers seen"),
    "experts:availability": _("weekly hours and days away"),
    "experts:list": _("the list of the register"),
    "experts:export": _("a list taken out of the register"),
    "scheduling:candidates": _("who could take a shift, and why not"),
    "scheduling:plan": _("a plan of who takes which shift"),
    "scheduling:plan_session": _("who could take a shift, and why not"),
    "assign": _("who could take a shift, and why not"),
    "billing:lines": _("fees"),
    "billing:download": _("a file for payroll"),
    "api": _("the register, through the API"),
    "api:fees": _("fees, through the API"),
    "person": _("the account and its roles"),
    "message": _("a message sent"),
    "audit": _("changes made to the data"),
}
"""What was looked at, told so that the person and the coordinator can both read it."""


@dataclass(frozen=True)
class Look:
    viewer: str
    page: "str | Promise"
    seen_at: dt.datetime


def views_of(expert: Expert) -> QuerySet[PersonalDataView]:
    """The rows about one expert and their account, the newest first."""
    about = Q(subject_kind=SUBJECT, subject_id=expert.pk)
    if expert.user_id:
        about |= Q(subject_kind=ACCOUNT, subject_id=expert.user_id)
    return PersonalDataView.objects.filter(about).select_related("viewer")


def told(view: PersonalDataView) -> Look:
    """One row as it is shown; an account that is gone has no name."""
    return Look(
        viewer=str(view.viewer) if view.viewer else str(_("a removed account")),
        page=PAGES.get(view.page, _("other data")),
        seen_at=view.seen_at,
    )
