"""Who works with us and has not been signed off."""

from django.db.models import Exists, OuterRef

from experts.models import Expert, SignOff
from experts.models.expert import ExpertQuerySet


def in_force() -> Exists:
    """Of an expert's row: whether a sign-off is in force."""
    return Exists(SignOff.objects.filter(expert=OuterRef("pk"), withdrawn_at=None))


def waiting() -> ExpertQuerySet:
    """Active people without a sign-off in force: nobody can put them on a shift (S4 l.135)."""
    return Expert.objects.active().filter(~in_force()).order_by("name", "id")
