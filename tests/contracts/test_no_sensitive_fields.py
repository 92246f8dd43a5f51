"""Vuoro has no place for what it must not know (design.md, invariant 9; domain.md 5.1).

No client identity, no diagnosis, no reason for an absence, no benefit type, no personal identity
code: not as a field of any model, however it is called in Finnish, Swedish or English.
"""

import re

import pytest
from django.apps import apps
from django.db import models

OURS = ("coordination", "experts", "scheduling", "billing", "api")

FORBIDDEN = {
    "diagnosis": r"diagnos|illness|disease|disorder|sickness|sairau|sjuk|icd\d*$|medication",
    "treatment": r"treatment|therapy|hoito(?!k)|health_|_health|terveys",
    "reason of an absence": r"absence_reason|reason|excuse|syy$|_syy|orsak",
    "personal identity code": r"hetu|ssn|social_security|identity_code|identity_number"
    r"|henkilotunnus|personnummer|personbeteckning|national_id|birth|syntym",
    "client": r"client(?!s$|_count)|patient|asiakas|potilas|customer|participant_(name|id|email)"
    r"|osallistujan|deltagarens",
    "benefit": r"benefit|pension|elake|allowance_type|sick_pay|unemploy|kela_|etuus",
}
"""What a name must not suggest; matched against names in small letters."""

COUNTS = {
    f"scheduling.{model}.client_{when}"
    for model in ("Tally", "TallyEvent")
    for when in ("before", "after")
}
"""How many clients were met before and after an appointment, and their audit: numbers, never people."""


def _fields() -> list[tuple[str, str]]:
    """(package.Model.field, name) of every stored field of ours, audit tables included."""
    found = []
    for model in apps.get_models(include_auto_created=True):
        if model._meta.app_label not in OURS:
            continue
        for field in model._meta.get_fields():
            if isinstance(field, models.Field):
                name = field.name
                found.append((f"{model._meta.app_label}.{model.__name__}.{name}", name))
    return found


def _suggests(name: str) -> list[str]:
    return [what for what, pattern in FORBIDDEN.items() if re.search(pattern, name.lower())]


def test_no_field_suggests_what_we_must_not_know() -> None:
    found = {full: _suggests(name) for full, name in _fields() if full not in COUNTS}
    assert {full: what for full, what in found.items() if what} == {}


def test_counts_are_numbers() -> None:
    for full in COUNTS:
        package, model, name = full.split(".")
        field = apps.get_model(package, model)._meta.get_field(name)
        assert isinstance(field, models.IntegerField), full


def test_the_guard_sees_all_packages() -> None:
    seen = {full.split(".", maxsplit=1)[0] for full, _name in _fields()}
    assert seen == set(OURS)


@pytest.mark.parametrize(
    "name",
    [
        *("diagnosis", "icd10", "sairaus", "hetu", "birth_date", "date_of_birth", "client_name"),
        *("patient_id", "reason", "absence_reason", "poissaolon_syy", "benefit_type", "ssn"),
        *("health_status", "participant_name", "personal_identity_code", "sjukdom"),
    ],
)
def test_the_guard_would_bark(name: str) -> None:
    assert _suggests(name) != []


@pytest.mark.parametrize(
    "name", ["wishes", "themes", "starts_on", "payroll_number", "note", "participants", "clients"]
)
def test_the_guard_is_quiet_about_what_we_may_know(name: str) -> None:
    assert _suggests(name) == []


def test_an_absence_is_days_and_nothing_else() -> None:
    absence = apps.get_model("experts", "Absence")
    assert {field.name for field in absence._meta.get_fields()} == {
        *("id", "expert", "starts_on", "ends_on", "events"),
    }
