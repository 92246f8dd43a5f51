"""What things are called in the language of the moment."""

from django.utils.translation import get_language

from coordination.models import Unit


def unit_name(unit: Unit) -> str:
    """The unit's Swedish name for those who read Swedish, where there is one."""
    return unit.name_sv or unit.name if get_language() == "sv" else unit.name
