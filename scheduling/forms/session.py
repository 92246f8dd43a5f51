"""A session made or changed by a coordinator."""

import datetime as dt
from typing import Any

from scheduling.forms import places
from scheduling.forms.appointment import PLAIN, AppointmentForm
from scheduling.models import Session


class SessionForm(AppointmentForm):
    """One session in the unit's wall time."""

    @property
    def period(self) -> tuple[dt.datetime, dt.datetime]:
        """Start and end, aware, in the unit's zone; the end is reckoned on the wall clock."""
        data = self.cleaned_data
        zone = data["unit"].zone
        starts = dt.datetime.combine(data["starts_on"], data["starts_time"])
        ends = starts + dt.timedelta(minutes=data["minutes"])
        return starts.replace(tzinfo=zone), ends.replace(tzinfo=zone)

    @property
    def details(self) -> dict[str, Any]:
        """What the services take, once the form is valid."""
        starts_at, ends_at = self.period
        when = ("starts_on", "starts_time", "minutes")
        common = {name: value for name, value in self.common.items() if name not in when}
        return {**common, "starts_at": starts_at, "ends_at": ends_at}

    @staticmethod
    def initial_of(session: Session) -> dict[str, Any]:
        """A stored session as its form shows it."""
        starts, ends = (at.astimezone(session.zone) for at in (session.starts_at, session.ends_at))
        return {
            **{name: getattr(session, name) for name in PLAIN},
            "kind": session.kind.code,
            "unit": str(session.unit_id),
            "starts_on": starts.date(),
            "starts_time": starts.time(),
            "ends_time": ends.time(),
            "where": places.value_of(session.site_id, session.place_kind),
        }
