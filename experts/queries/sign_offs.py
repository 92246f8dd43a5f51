"""Who works with us and has not been signed off."""

from django.db.models import Exists, OuterRef

from experts.models import Expert, SignOff
from experts.models.expert import ExpertQuerySet


def waiting() -> ExpertQuerySet:
    """Active people without a sign-off in force: nobody can put them on a shift (S4 l.135)."""
    in_force = SignOff.objects.filter(expert=OuterRef("pk"), withdrawn_at=None)
    return Expert.objects.active().filter(~Exists(in_force)).order_by("name", "id")
