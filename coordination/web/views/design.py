"""The design system on one page: every component in all its states."""

import datetime as dt
import re
from decimal import Decimal
from pathlib import Path
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from coordination.access import requires
from coordination.forms.fields import FinnishDateField, FinnishTimeField, MoneyField
from coordination.permissions import Permission
from coordination.web.widgets import Counter, RadioCards

SWATCHES = [
    "paper",
    "card",
    "ink",
    "muted",
    "line",
    "spruce",
    "spruce-soft",
    "amber",
    "amber-soft",
    "rose",
    "rose-soft",
    "sky",
    "sky-soft",
]
SPRITE = Path(__file__).parent.parent / "static" / "web" / "icons.svg"
STATES = (
    ("confirmed", "vahvistettu"),
    ("held", "pidetty"),
    ("proposed", "ehdotettu"),
    ("open", "avoin"),
    ("requested", "pyydetty"),
    ("draft", "luonnos"),
    ("released", "este"),
    ("closed", "suljettu"),
    ("cancelled", "peruttu"),
    ("expired", "vanhentunut"),
)


class SpecimenForm(forms.Form):
    """One of each field. The words are a made-up booking."""

    kind = forms.ChoiceField(
        label="Mitä tilaat?",
        choices=[("lobby", "Aulavuoro"), ("group", "Ryhmä"), ("meeting", "Yksilötapaaminen")],
        widget=RadioCards(
            lines={
                "lobby": "Tavattavissa aulassa ilman ajanvarausta.",
                "group": "Neljä tuntia, mukana vastuuammattilainen.",
                "meeting": "Kahden kesken, kerran tai kaksi kuussa.",
            }
        ),
    )
    starts_on = FinnishDateField(label="Ensimmäinen päivä", help_text="Esimerkiksi 4.3.2027")
    starts_at = FinnishTimeField(label="Alkaa", help_text="Esimerkiksi 9.30")
    ends_at = FinnishTimeField(label="Päättyy", help_text="Esimerkiksi 13.30")
    unit = forms.ChoiceField(label="Yksikkö", choices=[("1", "Sastamala"), ("2", "Ikaalinen")])
    budget = MoneyField(label="Enintään", required=False, help_text="Euroina, esimerkiksi 780,00")
    weekdays = forms.MultipleChoiceField(
        label="Viikonpäivät",
        choices=[("0", "maanantai"), ("1", "tiistai"), ("2", "keskiviikko")],
        widget=forms.CheckboxSelectMultiple,
    )
    email = forms.EmailField(label="Sähköposti")
    wishes = forms.CharField(label="Toiveita", widget=forms.Textarea, required=False)
    poster = forms.FileField(label="Liite", required=False)
    repeat = forms.BooleanField(label="Toistuu joka viikko", required=False)


class TallyForm(forms.Form):
    """Two counters."""

    clients = forms.IntegerField(label="Osallistujia", widget=Counter, initial=3)
    relatives = forms.IntegerField(label="Läheisiä", widget=Counter, initial=0)


class FilterForm(forms.Form):
    """A filter bar's fields."""

    unit = forms.ChoiceField(label="Yksikkö", choices=[("", "kaikki"), ("1", "Sastamala")])
    q = forms.CharField(label="Nimi")
    only_open = forms.BooleanField(label="Vain avoimet", required=False)


def _specimens() -> dict[str, Any]:
    monday = dt.date(2027, 3, 1)
    starts_at = dt.datetime(2027, 3, 4, 7, 30, tzinfo=dt.UTC)
    wrong = {"starts_on": "31.2.2027", "starts_at": "25.30", "ends_at": "13.30", "kind": "lobby"}
    return {
        "title": _("Design system"),
        "swatches": SWATCHES,
        "icons": re.findall(r'id="([\w-]+)"', SPRITE.read_text(encoding="utf-8")),
        "states": STATES,
        "form": SpecimenForm(initial={"kind": "lobby", "starts_on": dt.date(2027, 3, 4)}),
        "wrong": _wrong(wrong),
        "tally": TallyForm(),
        "filter": FilterForm(prefix="f"),
        "reasons": [
            {"level": "note", "text": "Kieli: suomi."},
            {"level": "block", "text": "Päällekkäin: ryhmä Nokialla 10–14."},
            {"level": "ask", "text": "Työnohjaus on kolme päivää myöhässä."},
        ],
        "week": [monday + dt.timedelta(days=n) for n in range(5)],
        "starts_at": starts_at,
        "ends_at": starts_at + dt.timedelta(hours=4),
        "monday": monday,
        "amount": Decimal("1234.50"),
        "page": Paginator(range(60), 20).page(2),
        "rates": [("Sastamala", 94), ("Ikaalinen", 78), ("Nokia", 61.5)],
        "weeks": [52, 61, 70, 68, 83, 79, 90, 94],
    }


def _wrong(values: dict[str, str]) -> SpecimenForm:
    """The form as it comes back with errors, its ids apart from the good one's."""
    data = {f"wrong-{name}": value for name, value in values.items()}
    form = SpecimenForm(data, prefix="wrong")
    form.is_valid()
    return form


@requires(Permission.VIEW_DESIGN)
@require_safe
def design(request: HttpRequest) -> HttpResponse:
    """Every component in all its states."""
    return render(request, "web/design.html", _specimens())
