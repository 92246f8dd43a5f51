"""The demo's data, made through the services as people would have made it, at made-up moments.

Each package adds its steps in `<package>/demo.py`; they run in order of `order` and share a World.
All names are made up. The same day gives the same data.
"""

import datetime as dt
import random
from collections.abc import Callable
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import F
from django.utils.module_loading import autodiscover_modules

from coordination import clock
from coordination.models import (
    ActivityKind,
    Agreement,
    FundingProject,
    Organisation,
    OutboxMessage,
    RoleGrant,
    Unit,
    UnitContact,
    User,
)
from coordination.models.messages import MessageState
from coordination.models.places import ContactKind, SiteKind
from coordination.permissions import Role
from coordination.services import unit_rows

PASSWORD = "vuoro-demo"  # noqa: S105 — printed for everybody who starts the demo
NGO = "Mielen tuki ry"

ACCOUNTS = (
    ("koordinaattori@example.org", "Kaisa Koordinaattori", Role.COORDINATOR),
    ("talous@example.org", "Tiina Talous", Role.FINANCE),
    ("yllapito@example.org", "Aatu Ylläpitäjä", Role.ADMINISTRATOR),
    ("sastamala@example.org", "Sari Sastamala", Role.CLINIC_CONTACT),
    ("aino@example.org", "Aino Testilä", Role.EXPERT),
    ("tyonohjaaja@example.org", "Tuula Työnohjaaja", Role.WORK_SUPERVISOR),
)
"""One log-in per role; `manage.py demo_accounts` prints them."""

UNITS = (
    ("Sastamalan psykiatrian poliklinikka", "Sastamala", "Itsenäisyydentie 2", "4100", "Eero Keksitty"),
    ("Ikaalisten aikuissosiaalityö", "Ikaalinen", "Valtakatu 7", "4101", "Kerttu Keksitty"),
    ("Hämeenkyrön mielenterveyspalvelut", "Hämeenkyrö", "Härkikuja 13", "4102", "Åsa Kuvitelma"),
)  # fmt: skip
"""The three units of the Pirkanmaa model (S4 l.65 "Sastamalassa, Hämeenkyrössä ja Ikaalisissa")."""


@dataclass
class World:
    """What the steps share. `began` lies three months back; `now` is the moment of loading."""

    now: dt.datetime
    began: dt.datetime
    random: random.Random
    users: dict[str, User] = field(default_factory=dict)
    units: list[Unit] = field(default_factory=list)

    @property
    def coordinator(self) -> User:
        return self.users["koordinaattori@example.org"]

    def contact_of(self, unit: Unit) -> User:
        """The clinic contact who books for a unit."""
        return self.users[f"{unit.municipality.lower().translate(_PLAIN)}@example.org"]


Step = Callable[[World], None]
_PLAIN = str.maketrans("äöå", "aoa")
_steps: list[tuple[int, str, Step]] = []


def step(*, order: int, says: str) -> Callable[[Step], Step]:
    """Register a step of the demo; `says` is printed when it begins."""

    def register(function: Step) -> Step:
        _steps.append((order, says, function))
        return function

    return register


def load(*, now: dt.datetime, tell: Callable[[str], None]) -> bool:
    """Load the demo, all or nothing; False when it is there already."""
    if Organisation.objects.filter(name=NGO).exists():
        return False
    autodiscover_modules("demo")
    monday = clock.today(now) - dt.timedelta(days=clock.today(now).weekday() + 7 * 13)
    began = dt.datetime.combine(monday, dt.time(6), dt.UTC)
    world = World(now=now, began=began, random=random.Random(2027))  # noqa: S311 — not a secret
    with transaction.atomic():
        for _order, says, function in sorted(_steps, key=lambda one: one[0]):
            tell(says)
            function(world)
        _deliver_the_past(now)
    return True


def _deliver_the_past(now: dt.datetime) -> None:
    """Messages of months ago have been read long since."""
    OutboxMessage.objects.filter(
        state=MessageState.QUEUED, created_at__lt=now - dt.timedelta(hours=1)
    ).update(state=MessageState.SENT, sent_at=F("created_at"))


@step(order=10, says="People, units and agreements …")
def ground(world: World) -> None:
    Organisation.objects.create(name=NGO, kind="ngo", business_id="2077474-0")
    project = FundingProject.objects.create(
        code="S21275",
        name="Kokemus mukaan -hanke",
        funder="Euroopan sosiaalirahasto",
        starts_on=world.began.date() - dt.timedelta(days=700),
        ends_on=clock.today(world.now) + dt.timedelta(days=30),
        logo_text="Euroopan unionin osarahoittama",
    )
    for row in UNITS:
        world.units.append(_unit(world, project, *row))
    for email, name, role in ACCOUNTS:
        unit = world.units[0] if role == Role.CLINIC_CONTACT else None
        _account(world, email, name, role, unit)
    _account(world, "ikaalinen@example.org", "Ilkka Ikaalinen", Role.CLINIC_CONTACT, world.units[1])
    _account(world, "hameenkyro@example.org", "Helka Kyrö", Role.CLINIC_CONTACT, world.units[2])


def _account(world: World, email: str, name: str, role: Role, unit: Unit | None) -> None:
    user = User.objects.create_user(email, PASSWORD, name=name)
    RoleGrant.objects.create(user=user, role=role, unit=unit, starts_on=world.began.date())
    world.users[email] = user


def _unit(
    world: World,
    project: FundingProject,
    name: str,
    municipality: str,
    address: str,
    cost_centre: str,
    contact: str,
) -> Unit:
    began = world.began.date()
    today = clock.today(world.now)
    unit = unit_rows.save(
        {
            "name": name,
            "organisation": "Pirkanmaan hyvinvointialue",
            "business_id": "3221308-6",
            "municipality": municipality,
            "address": address,
            "cost_centre": cost_centre,
            "contact": contact,
            "contact_email": f"{municipality.lower().translate(_PLAIN)}@example.org",
            "deputy": "Ilmari Leikkilä",
            "space_agreed_on": began,
            "space_agreed_with": "osastonhoitaja",
            "insured_until": today + dt.timedelta(days=45 if municipality == "Hämeenkyrö" else 400),
        },
        on=began,
    )
    unit.insurance_policies.update(starts_on=began, insurer="Turva", policy_number="VK-2026-17")
    unit.sites.update(
        name="Ryhmähuone",
        room="2. kerros",
        arrival_notes="Sisään pääovesta, ilmoittaudu neuvonnassa.",
        safety_notes="Hälytyspainike on oven vieressä.",
    )
    room = unit.sites.get()
    unit.sites.create(
        name="Aula",
        kind=SiteKind.LOBBY,
        room="1. kerros",
        address=room.address,
        municipality=municipality,
        latitude=room.latitude,
        longitude=room.longitude,
        arrival_notes="Pöytä on aulan ikkunan vieressä.",
        safety_notes="Neuvonnan henkilökunta näkee aulaan.",
    )
    UnitContact.objects.create(
        unit=unit,
        kind=ContactKind.SUPPORT,
        name="Tuija Tukeva",
        phone="+358401234567",
        starts_on=began,
    )
    agreement = Agreement.objects.create(
        unit=unit, starts_on=began, ends_on=None, project=project, yearly_budget=12000
    )
    agreement.kinds.set(ActivityKind.objects.filter(is_active=True))
    return unit
