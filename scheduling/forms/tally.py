"""Counts after a session: numbers only."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from coordination.models.activity import TallyForm as Asked
from coordination.web.widgets import Counter
from scheduling.models import Tally

LABELS = {
    "client_before": _("Clients, before the appointment"),
    "client_after": _("Clients, after the appointment"),
    "relative_before": _("Close people, before the appointment"),
    "relative_after": _("Close people, after the appointment"),
    "professional": _("Professionals"),
    "guided_onward": _("Guided onward"),
    "follow_up_agreed": _("Agreed to meet again"),
    "participants": _("Participants"),
    "peer_leaders": _("Peer group leaders"),
}
FIRST = {
    Asked.ENCOUNTERS: ("client_before", "client_after", "relative_before", "relative_after"),
    Asked.GROUP: ("participants", "peer_leaders"),
}
MORE = {
    Asked.ENCOUNTERS: ("professional", "guided_onward", "follow_up_agreed"),
    Asked.GROUP: ("guided_onward", "follow_up_agreed"),
}


class CountsForm(forms.Form):
    """The counters a form of work asks: four big ones first, the rarer ones after them."""

    def __init__(self, *args: Any, asked: str, tally: Tally | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.use_required_attribute = False
        self.tally = tally
        self._first, self._more = FIRST.get(Asked(asked), ()), MORE.get(Asked(asked), ())
        for name in (*self._first, *self._more):
            self.fields[name] = forms.IntegerField(
                label=LABELS[name],
                min_value=0,
                max_value=999,
                required=False,
                widget=Counter(),
                initial=getattr(tally, name, 0),
            )

    @property
    def first(self) -> list[forms.BoundField]:
        return [self[name] for name in self._first]

    @property
    def more(self) -> list[forms.BoundField]:
        return [self[name] for name in self._more]

    @property
    def counts(self) -> dict[str, int]:
        """An empty counter is a zero."""
        return {name: value or 0 for name, value in self.cleaned_data.items()}
