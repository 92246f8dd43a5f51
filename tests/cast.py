"""The fixed cast: made-up people and places that tests know by name, and plain factories.

`cast` (a fixture, see conftest.py) is everything below, made with one insert per table::

    def test_something(cast, client):
        client.force_login(cast.coordinator)      # all who need a second factor have one
        cast.sastamala.lobby                      # a unit with its agreement, insurance, space, contact
        cast.aino.expert, cast.aino.user

Factories take what matters as keyword arguments and fill in the rest; nothing happens behind the scenes.
Numbers only keep names apart. Everybody may add factories for their own models at the end.
"""

import datetime as dt
import itertools
from dataclasses import dataclass
from typing import Any

from allauth.mfa.models import Authenticator
from django.contrib.auth.hashers import make_password

from coordination import municipalities, sealing
from coordination.models import (
    ActivityKind,
    Agreement,
    FundingProject,
    InsurancePolicy,
    Organisation,
    RoleGrant,
    Site,
    SpaceAgreement,
    Unit,
    UnitContact,
    User,
)
from coordination.models.organisations import OrganisationKind
from coordination.models.places import ContactKind, SiteKind
from coordination.permissions import SECOND_FACTOR_ROLES, Role
from experts.models import Expert
from experts.models.expert import ExpertStatus

SINCE = dt.date(2020, 1, 1)
"""The day from which the cast's roles, agreements and papers hold; they have no end."""

PASSWORD = "seitsemän-veljestä-1870"
"""The password of everybody in the cast."""

_number = itertools.count(1)
_password_hash = ""


@dataclass
class CastUnit:
    """A unit in which nothing is missing: agreement for all kinds, insurance, agreed space, contact, deputy."""

    unit: Unit
    lobby: Site
    room: Site
    agreement: Agreement
    insurance: InsurancePolicy
    space: SpaceAgreement
    contact: UnitContact
    deputy: UnitContact
    support: UnitContact


@dataclass
class CastExpert:
    user: User
    expert: Expert


@dataclass
class Cast:
    kinds: dict[str, ActivityKind]
    ngo: Organisation
    county: Organisation
    project: FundingProject
    sastamala: CastUnit
    ikaalinen: CastUnit
    nokia: CastUnit
    coordinator: User
    """Kaisa Koordinaattori."""
    administrator: User
    """Aatu Ylläpitäjä."""
    finance: User
    """Tiina Talous."""
    sari: User
    """Sari Sastamala, clinic contact of Sastamala."""
    ilkka: User
    """Ilkka Ikaalinen, clinic contact of Ikaalinen."""
    aino: CastExpert
    eero: CastExpert
    onni: CastExpert
    tuula: User
    """Tuula Työnohjaaja, work supervisor."""

    @property
    def everybody(self) -> dict[str, User]:
        """All people with an account, by the name tests use."""
        staff = {name: getattr(self, name) for name in ("coordinator", "administrator", "finance")}
        experts = {name: getattr(self, name).user for name in ("aino", "eero", "onni")}
        return {**staff, "sari": self.sari, "ilkka": self.ilkka, "tuula": self.tuula, **experts}


def make_cast() -> Cast:
    """The whole cast, in about fifteen statements."""
    ngo, county = Organisation.objects.bulk_create(
        [
            Organisation(name="Kokemus ry", kind=OrganisationKind.NGO, business_id="2077474-0"),
            Organisation(
                name="Pirkanmaan hyvinvointialue",
                name_sv="Birkalands välfärdsområde",
                kind=OrganisationKind.WELLBEING_COUNTY,
                business_id="3221308-6",
            ),
        ]
    )
    kinds = {kind.code: kind for kind in ActivityKind.objects.all()}
    project = FundingProject.objects.create(
        code="S21275", name="Recovery-hanke", funder="STM", starts_on=SINCE
    )
    units = _make_units(county, kinds)
    people = _make_people({name: units[name].unit for name in ("sastamala", "ikaalinen")})
    experts = _make_experts({name: people.pop(name) for name in ("aino", "eero", "onni")})
    everybody: dict[str, Any] = {**units, **people, **experts}
    return Cast(kinds=kinds, ngo=ngo, county=county, project=project, **everybody)


def _make_units(county: Organisation, kinds: dict[str, ActivityKind]) -> dict[str, CastUnit]:
    towns = {"sastamala": "Sastamala", "ikaalinen": "Ikaalinen", "nokia": "Nokia"}
    units = Unit.objects.bulk_create(
        Unit(
            organisation=county,
            name=f"{town}n poliklinikka" if town != "Ikaalinen" else "Ikaalisten poliklinikka",
            name_sv=f"{town} poliklinik",
            slug=key,
            municipality=town,
            cost_centre=str(number),
        )
        for number, (key, town) in enumerate(towns.items(), start=4100)
    )
    lobbies = Site.objects.bulk_create(_site(unit, "Aula", SiteKind.LOBBY) for unit in units)
    rooms = Site.objects.bulk_create(_site(unit, "Ryhmähuone", SiteKind.ROOM) for unit in units)
    agreements = Agreement.objects.bulk_create(
        Agreement(unit=unit, starts_on=SINCE, yearly_budget=12000) for unit in units
    )
    covers = Agreement.kinds.through
    covers.objects.bulk_create(
        covers(agreement_id=agreement.pk, activitykind_id=kind.pk)
        for agreement in agreements
        for kind in kinds.values()
    )
    insurances = InsurancePolicy.objects.bulk_create(
        InsurancePolicy(unit=unit, insurer="Turva", policy_number="T-1", starts_on=SINCE)
        for unit in units
    )
    spaces = SpaceAgreement.objects.bulk_create(
        SpaceAgreement(unit=unit, agreed_with="osastonhoitaja", starts_on=SINCE) for unit in units
    )
    contacts = {
        kind: UnitContact.objects.bulk_create(_contact(unit, kind) for unit in units)
        for kind in ContactKind
    }
    columns = (units, lobbies, rooms, agreements, insurances, spaces)
    papers = zip(*columns, *(contacts[kind] for kind in ContactKind), strict=True)
    return {key: CastUnit(*row) for key, row in zip(towns, papers, strict=True)}


def _site(unit: Unit, name: str, kind: SiteKind) -> Site:
    town = municipalities.find(unit.municipality)
    assert town is not None
    return Site(
        unit=unit,
        name=name,
        kind=kind,
        room="1. kerros",
        address="Itsenäisyydentie 2",
        municipality=unit.municipality,
        latitude=town.latitude,
        longitude=town.longitude,
        arrival_notes="Sisään pääovesta.",
        safety_notes="Hälytyspainike on oven vieressä.",
    )


def _contact(unit: Unit, kind: ContactKind) -> UnitContact:
    names = {
        ContactKind.CONTACT: "Kerttu Keksitty",
        ContactKind.DEPUTY: "Ilmari Leikkilä",
        ContactKind.SUPPORT: "Tuija Tukeva",
    }
    name = names[kind]
    address = f"{name.split()[0].lower()}.{unit.slug}@example.org"
    return UnitContact(
        unit=unit, kind=kind, name=name, email=address, phone="0401234567", starts_on=SINCE
    )


def _make_people(units: dict[str, Unit]) -> dict[str, User]:
    roles: dict[str, tuple[str, Role, Unit | None]] = {
        "coordinator": ("Kaisa Koordinaattori", Role.COORDINATOR, None),
        "administrator": ("Aatu Ylläpitäjä", Role.ADMINISTRATOR, None),
        "finance": ("Tiina Talous", Role.FINANCE, None),
        "sari": ("Sari Sastamala", Role.CLINIC_CONTACT, units["sastamala"]),
        "ilkka": ("Ilkka Ikaalinen", Role.CLINIC_CONTACT, units["ikaalinen"]),
        "tuula": ("Tuula Työnohjaaja", Role.WORK_SUPERVISOR, None),
        "aino": ("Aino Testilä", Role.EXPERT, None),
        "eero": ("Eero Kokeilu", Role.EXPERT, None),
        "onni": ("Onni Näyte", Role.EXPERT, None),
    }
    users = User.objects.bulk_create(
        User(email=email_of(name), name=name, password=hashed_password())
        for name, _role, _unit in roles.values()
    )
    RoleGrant.objects.bulk_create(
        RoleGrant(user=user, role=role, unit=unit, starts_on=SINCE)
        for user, (_name, role, unit) in zip(users, roles.values(), strict=True)
    )
    Authenticator.objects.bulk_create(
        second_factor(user)
        for user, (_name, role, _unit) in zip(users, roles.values(), strict=True)
        if role in SECOND_FACTOR_ROLES
    )
    return dict(zip(roles, users, strict=True))


def _make_experts(people: dict[str, User]) -> dict[str, CastExpert]:
    towns = {"aino": "Sastamala", "eero": "Nokia", "onni": "Tampere"}
    experts = Expert.objects.bulk_create(
        Expert(
            user=user,
            name=user.name,
            official_name=user.name,
            email=user.email,
            home_municipality=towns[key],
            languages=["fi"],
            status=ExpertStatus.ACTIVE,
            payroll_number=str(1000 + number),
        )
        for number, (key, user) in enumerate(people.items(), start=1)
    )
    return {
        key: CastExpert(user=user, expert=expert)
        for (key, user), expert in zip(people.items(), experts, strict=True)
    }


def email_of(name: str) -> str:
    """`Aatu Ylläpitäjä` is aatu.yllapitaja@example.org."""
    plain = name.lower().translate(str.maketrans("äöå ", "aoa."))
    return f"{plain}@example.org"


def hashed_password() -> str:
    """The cast's password, hashed once a run."""
    global _password_hash  # noqa: PLW0603  # hashing is slow even in tests
    _password_hash = _password_hash or make_password(PASSWORD)
    return _password_hash


def second_factor(user: User) -> Authenticator:
    """A code generator as the person would have set it up (unsaved)."""
    return Authenticator(
        user=user,
        type=Authenticator.Type.TOTP,
        data={"secret": sealing.seal("JBSWY3DPEHPK3PXP")},
    )


# -- factories: coordination -------------------------------------------------------------------


def make_user(*, role: Role | None = None, unit: Unit | None = None, **fields: Any) -> User:
    """A person with one role (or none); with a second factor when the role demands one."""
    number = next(_number)
    name = fields.pop("name", f"Henkilö {number}")
    email = fields.pop("email", f"henkilo{number}@example.org")
    user = User.objects.create(name=name, email=email, password=hashed_password(), **fields)
    if role:
        RoleGrant.objects.create(user=user, role=role, unit=unit, starts_on=SINCE)
        if role in SECOND_FACTOR_ROLES:
            second_factor(user).save()
    return user


def make_organisation(**fields: Any) -> Organisation:
    number = next(_number)
    return Organisation.objects.create(
        **{"name": f"Järjestö {number}", "kind": OrganisationKind.NGO, **fields}
    )


def make_unit(*, organisation: Organisation | None = None, **fields: Any) -> Unit:
    """A bare unit: no agreement, insurance, space or contact."""
    number = next(_number)
    defaults = {"name": f"Yksikkö {number}", "slug": f"yksikko-{number}", "municipality": "Tampere"}
    return Unit.objects.create(
        organisation=organisation or make_organisation(), **{**defaults, **fields}
    )


def make_site(unit: Unit, **fields: Any) -> Site:
    """A room with the coordinates of its unit's municipality."""
    site = _site(unit, f"Huone {next(_number)}", SiteKind.ROOM)
    for name, value in fields.items():
        setattr(site, name, value)
    site.save()
    return site
