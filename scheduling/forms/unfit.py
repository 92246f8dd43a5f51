"""Who would not fit after a change: taken off, or kept with a word why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from scheduling import eligibility
from scheduling.eligibility import Reason
from scheduling.models import Assignment
from scheduling.services import recipients
from scheduling.services.allowed import LONGEST_WHY

Unfit = Mapping[int, Sequence[Reason]]
"""By the assignment's id: what speaks against the person after the change."""


@dataclass(frozen=True)
class Line:
    """One person: the tick, what blocks, and a field for each thing that asks why."""

    release: BoundField
    blocks: list[Reason]
    whys: list[BoundField]


class UnfitForm(forms.Form):
    """A tick for each person, on when they cannot come; who stays in spite of something needs a why.

    `shown` names the people and reasons the page has shown; an answer to other reasons counts for nothing.
    """

    shown = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(
        self, data: Mapping[str, Any] | None, *, seated: Sequence[Assignment], unfit: Unfit
    ) -> None:
        self.seated = [row for row in seated if row.pk in unfit]
        self.unfit = unfit
        now_shown = _shown(unfit)
        self.is_answered = (data or {}).get("shown", "") == now_shown
        super().__init__(data if self.is_answered else None, initial={"shown": now_shown})
        self.use_required_attribute = False
        for row in self.seated:
            self._add_person(row, data or {})

    def _add_person(self, row: Assignment, before: Mapping[str, Any]) -> None:
        reasons = self.unfit[row.pk]
        label = _("Take %(name)s off the shift and tell them")
        if not recipients.of_expert(row.expert):
            label = _("Take %(name)s off the shift; call them, they have no e-mail address")
        self.fields[f"release_{row.pk}"] = forms.BooleanField(
            label=label % {"name": row.expert.name},
            required=False,
            initial=bool(eligibility.blocks(reasons)) or f"release_{row.pk}" in before,
        )
        for ask in eligibility.asks(reasons):
            self.fields[f"why_{row.pk}_{ask.code}"] = forms.CharField(
                label=_("Stays in spite of this, why: %(reason)s") % {"reason": ask.sentence},
                required=False,
                max_length=LONGEST_WHY,
                initial=before.get(f"why_{row.pk}_{ask.code}", ""),
            )

    @property
    def lines(self) -> list[Line]:
        return [
            Line(
                release=self[f"release_{row.pk}"],
                blocks=eligibility.blocks(self.unfit[row.pk]),
                whys=[self[name] for name in self._whys_of(row)],
            )
            for row in self.seated
        ]

    def _whys_of(self, row: Assignment) -> list[str]:
        return [name for name in self.fields if name.startswith(f"why_{row.pk}_")]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        for row in self.seated:
            if not data.get(f"release_{row.pk}"):
                for name in self._whys_of(row):
                    if not data.get(name) and name not in self.errors:
                        self.add_error(name, gettext_lazy("Write why in a few words."))
        return data

    @property
    def release(self) -> list[int]:
        """Ids of the assignments to be taken off."""
        return [row.pk for row in self.seated if self.cleaned_data[f"release_{row.pk}"]]

    @property
    def overrules(self) -> dict[int, dict[str, str]]:
        """By the assignment's id, of those who stay: the reason's code and why."""
        return {
            row.pk: {
                name.removeprefix(f"why_{row.pk}_"): self.cleaned_data[name]
                for name in self._whys_of(row)
            }
            for row in self.seated
            if not self.cleaned_data[f"release_{row.pk}"]
        }


def _shown(unfit: Unfit) -> str:
    """Who would not fit and why, in a form the page can send back; empty when all fit."""
    lines = (
        f"{pk}:{','.join(sorted(reason.code for reason in reasons))}"
        for pk, reasons in sorted(unfit.items())
    )
    return ";".join(lines)
