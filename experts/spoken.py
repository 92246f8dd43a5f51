"""The languages people speak, by the codes the register and its import know, and their names."""

from babel import Locale
from django.utils.translation import gettext as _

from coordination.formats import language_or_active

SPOKEN = ("fi", "sv", "en", "se", "ru", "et", "ar", "so", "fa", "uk", "de", "fr", "es", "fse")


def name_of(code: str) -> str:
    """The name of a language in the language of the page; an unknown code stands as it is."""
    if code == "fse":
        return _("Finnish Sign Language")
    return str(Locale.parse(language_or_active(None)).languages.get(code, code))


def names(codes: list[str]) -> str:
    """Names in the order of the codes, with commas."""
    return ", ".join(name_of(code) for code in codes)


def choices() -> list[tuple[str, str]]:
    """For a form: made anew for each request, since names are told in its language."""
    return [(code, name_of(code)) for code in SPOKEN]
