"""The list of experts: filtered by what stands in the address, a fixed number of queries a page."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from coordination.models import User
from experts.models import Expert, ExpertStatus
from experts.queries import readiness, supervision
from experts.queries.missing import Lack, lacks
from experts.queries.readiness import Readiness


@dataclass(frozen=True)
class Wanted:
    """What a list is narrowed to; empty values do not narrow. `text` is looked for in the name,
    e-mail, telephone, municipality and payroll number.
    """

    status: str = ""
    kind_id: int | None = None
    municipality: str = ""
    language: str = ""
    unit_id: int | None = None
    is_due: bool = False
    text: str = ""


@dataclass(frozen=True)
class Line:
    """One person as the list tells them."""

    expert: Expert
    ready: Readiness
    lacks: list[Lack]

    @property
    def worst(self) -> Lack | None:
        return self.lacks[0] if self.lacks else None


def find(wanted: Wanted, *, user: User, today: dt.date) -> QuerySet[Expert]:
    """The people `user` may see, narrowed; ended ones only when asked for by status."""
    found = Expert.objects.visible_to(user)
    here = Q(status=wanted.status) if wanted.status else ~Q(status=ExpertStatus.ENDED)
    found = found.filter(here)
    if wanted.kind_id is not None:
        found = found.filter(kinds=wanted.kind_id)
    if wanted.municipality:
        found = found.filter(home_municipality__iexact=wanted.municipality)
    if wanted.language:
        found = found.filter(languages__contains=[wanted.language])
    if wanted.unit_id is not None:
        found = found.filter(orientations__unit=wanted.unit_id).distinct()
    if wanted.is_due:
        found = found.filter(pk__in=due_ids(found, today=today))
    for word in wanted.text.split():
        found = found.filter(_mentions(word))
    return found.order_by("name", "pk")


def _mentions(word: str) -> Q:
    fields = ("name", "official_name", "email", "phone", "home_municipality", "payroll_number")
    mentions = Q()
    for field in fields:
        mentions |= Q(**{f"{field}__icontains": word})
    return mentions


def due_ids(experts: QuerySet[Expert], *, today: dt.date) -> list[int]:
    """Who of them is due for supervision; only people who work now can be."""
    working = experts.filter(status=ExpertStatus.ACTIVE).values_list("pk", flat=True)
    found = supervision.due(list(working), today=today)
    return [pk for pk, stand in found.items() if stand.is_due]


def lines(experts: Iterable[Expert], *, today: dt.date) -> list[Line]:
    """What the list tells of each person, in their order."""
    people = list(experts)
    known = readiness.load(people, days=[today], today=today)
    return [
        Line(expert, known[expert.pk], lacks(known[expert.pk], today=today)) for expert in people
    ]


def municipalities_in_use(user: User) -> list[str]:
    """The home municipalities there are, for the filter."""
    found = Expert.objects.visible_to(user).exclude(home_municipality="")
    return sorted(set(found.values_list("home_municipality", flat=True)))
