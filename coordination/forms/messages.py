"""Filters of messages and of the audit."""

from django import forms
from django.utils.translation import gettext_lazy as _

from coordination.forms.fields import FinnishDateField
from coordination.models.messages import MessageState
from coordination.queries.audit import tables


class MessageFilter(forms.Form):
    state = forms.ChoiceField(
        label=_("State"), required=False, choices=[("", _("all")), *MessageState.choices]
    )
    to = forms.CharField(label=_("Recipient"), required=False, max_length=100)


class AuditFilter(forms.Form):
    """`what` is a name of a table; its choices come from the tables that are audited."""

    what = forms.ChoiceField(label=_("What"), required=False)
    who = forms.CharField(label=_("Who"), required=False, max_length=100)
    since = FinnishDateField(label=_("From"), required=False)
    until = FinnishDateField(label=_("Until"), required=False)

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # passed on as they came
        choices = [("", _("all")), *[(table.key, table.label) for table in tables()]]
        self.fields["what"].choices = choices  # type: ignore[attr-defined]  # a choice field
