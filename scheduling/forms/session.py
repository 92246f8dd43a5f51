"""A session made or changed by a coordinator."""

import datetime as dt
import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from scheduling import occurrences
from scheduling.forms import places
from scheduling.forms.appointment import PLAIN, AppointmentForm
from scheduling.models import Session, SessionPriority
from scheduling.occurrences import Pattern


class SessionForm(AppointmentForm):
    """One session in the unit's wall time. `key` is made with the form: a double click makes one."""

    key = forms.UUIDField(widget=forms.HiddenInput, required=False)
    priority = forms.TypedChoiceField(
        label=_("Priority in a plan"),
        choices=SessionPriority.choices,
        coerce=int,
        initial=SessionPriority.NORMAL,
        required=False,
        help_text=_(
            "When a plan cannot fill everything, seats of higher priority are filled first."
        ),
    )

    def __init__(self, *args: Any, session: Session | None = None, **kwargs: Any) -> None:
        """`session` is the one that is changed."""
        super().__init__(*args, **kwargs)
        self.fields["key"].initial = uuid.uuid4
        self.session = session

    def clean_priority(self) -> int:
        """Normal when nothing was said."""
        return self.cleaned_data["priority"] or SessionPriority.NORMAL

    @property
    def period(self) -> tuple[dt.datetime, dt.datetime]:
        """Start and end in UTC, as a series would have them on that day.

        Times that were not touched are the stored ones: in the hour that comes twice in autumn the
        wall alone does not tell which is meant.
        """
        data = self.cleaned_data
        if self.session is not None and not _touched(data, self.initial_of(self.session)):
            return self.session.starts_at, self.session.ends_at
        found = occurrences.at(
            Pattern(
                starts_on=data["starts_on"],
                starts_time=data["starts_time"],
                minutes=data["minutes"],
                zone_name=data["unit"].zone_name,
            ),
            data["starts_on"],
        )
        return found.starts_at, found.ends_at

    @property
    def details(self) -> dict[str, Any]:
        """What the services take, once the form is valid."""
        starts_at, ends_at = self.period
        when = ("starts_on", "starts_time", "minutes")
        common = {name: value for name, value in self.common.items() if name not in when}
        return {
            **common,
            "starts_at": starts_at,
            "ends_at": ends_at,
            "priority": self.cleaned_data["priority"],
        }

    @staticmethod
    def initial_of(session: Session) -> dict[str, Any]:
        """A stored session as its form shows it."""
        starts, ends = (at.astimezone(session.zone) for at in (session.starts_at, session.ends_at))
        return {
            **{name: getattr(session, name) for name in PLAIN},
            "priority": session.priority,
            "kind": session.kind.code,
            "unit": str(session.unit_id),
            "starts_on": starts.date(),
            "starts_time": starts.time(),
            "ends_time": ends.time(),
            "where": places.value_of(session.site_id, session.place_kind),
        }


def _touched(data: dict[str, Any], initial: dict[str, Any]) -> bool:
    """Whether another time has been typed. An empty end is another one: the usual length."""
    names = ("starts_on", "starts_time", "ends_time")
    typed = [data[name] for name in names]
    shown = [initial[name] for name in names]
    return typed != shown or str(data["unit"].pk) != initial["unit"]
