"""About sixty made-up experts: who they are, what they can, when."""

import datetime as dt
from decimal import Decimal

from coordination import clock
from coordination.demo import PASSWORD, World, step
from coordination.models import ActivityKind, RoleGrant, User
from coordination.permissions import Role
from coordination.workbook.weekly import WeeklyHours
from experts.models import Expert, ExpertStatus
from experts.models.readiness import TrainingLevel
from experts.models.supervision import SupervisionForm
from experts.services import availability, readiness, register, supervision

FIRST = (
    "Aino Armas Arvo Aune Eero Eino Elli Göran Helmi Hilja Ilmari Impi Jalmari Kerttu Lahja Lempi "
    "Martta Oiva Onni Otso Rauha Reino Saimi Siiri Soini Sylvi Taisto Toivo Tyyne Venla Yrjö Åsa"
)
LAST = "Testilä Kokeilu Näyte Mallinen Keksitty Kuvitelma Luonnos Harjoitus Sepitelmä Esimerkki"
TOWNS = "Sastamala Ikaalinen Hämeenkyrö Nokia Tampere Ylöjärvi Parkano Kangasala Valkeakoski"
THEMES = (
    "oma kokemus mielenterveyden haasteista",
    "läheisen kokemus",
    "toipuminen päihteistä",
    "kokemus asunnottomuudesta",
    "",
)
PEOPLE = 60
WITH_ACCOUNT = 8


@step(order=20, says="Experts …")
def people(world: World) -> None:
    kinds = {kind.code: kind for kind in ActivityKind.objects.filter(is_active=True)}
    names = [f"{first} {last}" for last in LAST.split() for first in FIRST.split()]
    world.random.shuffle(names)
    names = ["Aino Testilä", *(name for name in names if name != "Aino Testilä")][:PEOPLE]
    for number, name in enumerate(names):
        _person(world, kinds, name, number)


def _person(world: World, kinds: dict[str, ActivityKind], name: str, number: int) -> None:
    pick, now, by = world.random, world.began, world.coordinator
    towns = TOWNS.split()
    user = _account(world, name, number)
    waiting = number in (57, 58, 59)
    expert = register.create(
        {
            "name": name,
            "official_name": name,
            "email": user.email if user else f"henkilo{number}@example.org",
            "phone": f"+35840{5550000 + number}",
            "home_municipality": towns[number % len(towns)],
            "languages": ["fi", "sv"] if number % 9 == 4 else ["fi"],
            "themes": THEMES[number % len(THEMES)],
            "themes_shown_to_units": number % 2 == 0,
            "kinds": _kinds(world, kinds, number),
            "payroll_number": "" if number == 31 else str(1000 + number),
            "weekly_hours": Decimal(pick.choice((8, 10, 12, 16))),
            "monthly_sessions": pick.choice((4, 6, 8, 8, 10)),
            "max_km": pick.choice((None, 50, 80, 80)),
            "excluded_units": [world.units[1]] if number == 11 else [],
            "wishes": "mieluiten aamupäivisin" if number % 7 == 3 else "",
            "is_volunteer": number == 41,
        },
        status=ExpertStatus.APPLICANT if waiting else ExpertStatus.ACTIVE,
        by=by,
        now=now,
    )
    Expert.objects.filter(pk=expert.pk).update(user=user)
    if waiting:
        return
    _make_ready(world, expert, number)
    availability.replace(expert, _hours(world, number), from_day=now.date(), by=by, now=now)
    if number in (50, 51):
        register.change_status(expert, to=ExpertStatus.ON_BREAK, by=by, now=world.now)
    if number == 52:
        register.change_status(expert, to=ExpertStatus.ENDED, by=by, now=world.now)
    if number % 12 == 5:
        today = clock.today(world.now)
        availability.add_absence(
            expert,
            starts_on=today + dt.timedelta(days=3),
            ends_on=today + dt.timedelta(days=3 + number % 10),
            by=by,
            now=world.now,
        )


def _account(world: World, name: str, number: int) -> User | None:
    if number == 0:
        return world.users["aino@example.org"]
    if number >= WITH_ACCOUNT:
        return None
    user = User.objects.create_user(f"kokemus{number}@example.org", PASSWORD, name=name)
    RoleGrant.objects.create(user=user, role=Role.EXPERT, starts_on=world.began.date())
    return user


def _kinds(world: World, kinds: dict[str, ActivityKind], number: int) -> list[ActivityKind]:
    usual = ["lobby_shift", "group_session", "individual_meeting"]
    more = ["reception", "panel", "school_visit", "talk", "online_counselling", "advice_point"]
    chosen = usual if number < 3 else world.random.sample(usual, 2)
    return [kinds[code] for code in [*chosen, *world.random.sample(more, 2)] if code in kinds]


def _make_ready(world: World, expert: Expert, number: int) -> None:
    pick, now, by, began = world.random, world.began, world.coordinator, world.began.date()
    completed_on = began - dt.timedelta(days=pick.randint(120, 2500))
    readiness.add_training(
        expert,
        readiness.TrainingDetails(
            name="Kokemusasiantuntijakoulutus 100 h",
            provider="Mielen tuki ry",
            completed_on=completed_on,
        ),
        by=by,
        now=now,
    )
    if number % 6 == 2:
        readiness.add_training(
            expert,
            readiness.TrainingDetails(
                name="Verkkoneuvonnan jatkokoulutus",
                level=TrainingLevel.FURTHER,
                completed_on=began - dt.timedelta(days=60),
                valid_until=clock.today(world.now) + dt.timedelta(days=40 if number == 2 else 500),
            ),
            by=by,
            now=now,
        )
    register.see_papers(
        expert,
        extract_seen_on=began if number % 3 == 0 else None,
        extract_seen_by="Kaisa Koordinaattori" if number % 3 == 0 else "",
        tax_card_seen_on=began if number % 8 else None,
        confidentiality_signed_on=completed_on,
        by=by,
        now=now,
    )
    if number != 54:
        readiness.sign_off(expert, readiness.FourPoints(True, True, True, True), by=by, now=now)
    for unit in world.units if number < 20 else pick.sample(world.units, pick.randint(1, 2)):
        readiness.orient(expert, unit=unit, on=began, given_by="yhteyshenkilö", by=by, now=now)


def _hours(world: World, number: int) -> list[WeeklyHours]:
    some = sorted(world.random.sample(range(5), world.random.randint(2, 5)))
    days = range(5) if number == 0 else some
    return [WeeklyHours(day, dt.time(8), dt.time(17)) for day in days]


@step(order=45, says="Work supervision …")
def supervise(world: World) -> None:
    """Two groups in turn, behind and ahead; a third has not been thought of, as happens."""
    active = list(Expert.objects.filter(status=ExpertStatus.ACTIVE).order_by("id")[:40])
    today = clock.today(world.now)
    for turn, back in enumerate((70, 42, 14, -14, -42)):
        on = today - dt.timedelta(days=back)
        on -= dt.timedelta(days=max(0, on.weekday() - 3))
        starts_at = dt.datetime.combine(on, dt.time(16, 30), clock.HOME_ZONE).astimezone(dt.UTC)
        ends_at = starts_at + dt.timedelta(minutes=90)
        group = [
            one
            for one in active[turn % 2 * 20 : turn % 2 * 20 + 20]
            if not one.diary.filter(occupies=True, starts_at__lt=ends_at, ends_at__gt=starts_at).exists()
        ]  # fmt: skip
        planned_at = min(world.now, starts_at - dt.timedelta(days=10))
        session = supervision.plan(
            supervision.SupervisionDetails(
                form=SupervisionForm.GROUP,
                starts_at=starts_at,
                ends_at=ends_at,
                supervisor=world.users["tyonohjaaja@example.org"],
                place="Mielen tuki ry, Tampere",
                cost=Decimal("240.00"),
            ),
            experts=group,
            by=world.coordinator,
            now=planned_at,
        )
        if back > 0:
            present = [one.pk for one in group if world.random.random() < 0.9]
            supervision.mark_held(
                session, attended=present, by=world.coordinator, now=ends_at + dt.timedelta(hours=1)
            )
