"""Every field of every form has words of its own: a label somebody translated, never a column's name."""

import importlib
import pkgutil
from collections.abc import Iterator

import pytest
from django import forms
from django.utils.functional import Promise

from coordination.forms import sign_in
from tests.contracts.test_audited import OURS

NAMED_LATER = (sign_in.AddKeyForm, sign_in.EditKeyForm)
"""Fields of allauth's that get their label when the form is made."""


def our_forms() -> Iterator[type[forms.BaseForm]]:
    for package in OURS:
        root = importlib.import_module(package)
        for found in pkgutil.walk_packages(root.__path__, f"{package}."):
            if ".forms" in found.name and ".migrations" not in found.name:
                module = importlib.import_module(found.name)
                yield from (
                    thing
                    for thing in vars(module).values()
                    if isinstance(thing, type)
                    and issubclass(thing, forms.BaseForm)
                    and thing.__module__ == module.__name__
                )


@pytest.mark.django_db
def test_every_field_has_a_translated_label() -> None:
    """A model's column without a name of its own gives a plain string; a translation is lazy."""
    found, bare = 0, list[str]()
    for form in our_forms():
        for name, field in getattr(form, "base_fields", {}).items():
            found += 1
            named = isinstance(field.label, Promise) or form in NAMED_LATER
            if not field.widget.is_hidden and not named:
                bare.append(f"{form.__module__}.{form.__name__}.{name}: {field.label!r}")
    assert not bare, "\n".join(bare)
    assert found > 150


@pytest.mark.django_db
def test_no_choice_begins_with_dashes() -> None:
    """ "---------" says nothing to a person, least of all to one who listens."""
    dashes = [
        f"{form.__module__}.{form.__name__}.{name}"
        for form in our_forms()
        for name, field in getattr(form, "base_fields", {}).items()
        if not field.widget.is_hidden
        and (
            getattr(field, "empty_label", None) == "---------"
            or any(
                label == "---------" for value, label in getattr(field, "choices", ()) if not value
            )
        )
    ]
    assert not dashes, "\n".join(dashes)
