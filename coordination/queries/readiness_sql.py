"""The rules of `readiness` as conditions of a query, for lists that must not load every paper.

Only what keeps anybody from being sent there; a test holds the two against each other.
"""

from django.db.models import Exists, OuterRef, Q
from django.db.models.expressions import Combinable

from coordination.models import Agreement, InsurancePolicy, UnitContact
from coordination.models.places import ContactKind
from coordination.queries.readiness import (
    KIND_NOT_IN_AGREEMENT,
    NO_AGREEMENT,
    NO_CONTACT_PERSON,
    NO_INSURANCE,
)


def missing(*, unit: str, kind: str, on: str) -> dict[str, Combinable | Q]:
    """A condition for each code; `unit`, `kind` and `on` (a local day) are columns of the query."""
    ends_later = Q(ends_on__isnull=True) | Q(ends_on__gte=OuterRef(on))
    in_force = Q(unit=OuterRef(unit), starts_on__lte=OuterRef(on)) & ends_later
    contacts = UnitContact.objects.filter(in_force, kind=ContactKind.CONTACT)
    agreements = Agreement.objects.filter(in_force)
    covers = agreements.filter(kinds=OuterRef(kind))
    needed = Q(**{f"{kind}__needs_unit_agreement": True})
    return {
        NO_CONTACT_PERSON: ~Exists(contacts),
        NO_AGREEMENT: needed & ~Exists(agreements),
        KIND_NOT_IN_AGREEMENT: needed & Q(Exists(agreements)) & ~Exists(covers),
        NO_INSURANCE: ~Exists(InsurancePolicy.objects.filter(in_force)),
    }
