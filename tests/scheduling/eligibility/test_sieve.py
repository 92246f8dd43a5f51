"""The sieve lets through exactly those whom the rules say nothing against, in made-up worlds."""

import datetime as dt
import random
from collections.abc import Callable

from coordination.models import ActivityKind
from coordination.models.activity import PlaceKind
from experts.models import (
    Absence,
    AvailabilityPattern,
    DiaryEntry,
    DiaryKind,
    Expert,
    Orientation,
    SignOff,
    Training,
)
from experts.models.expert import ExpertStatus
from experts.models.readiness import TrainingLevel
from scheduling import eligibility
from scheduling.eligibility import Level, Matrix
from scheduling.eligibility.person import RULES
from scheduling.eligibility.reasons import PERSON_LEVELS
from scheduling.models import Assignment, AssignmentState, Offer, Session
from tests.cast import SINCE, Cast, CastUnit
from tests.scheduling.makers import DAY, HOUR, NOW, local, make_experts

AGAINST = {code for code, level in PERSON_LEVELS.items() if level is not Level.NOTE}
WEIGHED = frozenset({"over_week_hours", "over_month_sessions", "supervision_overdue"})
FIRST = dt.date(2027, 3, 20)
"""A week before the clocks change, so that worlds reach over it."""


def _sessions(cast: Cast, luck: random.Random, count: int) -> list[Session]:
    """Short and long, by day and over midnight, here, elsewhere and online, in two zones."""
    kinds = [cast.kinds[code] for code in ("lobby_shift", "online_counselling", "group_session")]
    made = []
    for _number in range(count):
        place = luck.choice([cast.sastamala, cast.nokia, cast.ikaalinen])
        day = FIRST + dt.timedelta(days=luck.randrange(14))
        hour = luck.choice([0, 8, 9, 9, 9, 12, 17, 22, 23])
        starts = local(f"{day} {hour:02}:{luck.choice(['00', '30'])}")
        made.append(
            Session(
                unit=place.unit,
                site=luck.choice([place.lobby, None]),
                place_kind=luck.choice([PlaceKind.SITE, PlaceKind.SITE, PlaceKind.ONLINE]),
                kind=luck.choice(kinds),
                state="open",
                starts_at=starts,
                ends_at=starts + luck.choice([1, 2, 4, 4, 4, 9, 50]) * HOUR,
                zone_name=luck.choice(["Europe/Helsinki", "Europe/Helsinki", "Europe/Stockholm"]),
                language=luck.choice(["fi", "fi", "fi", "sv"]),
                with_minors=luck.random() < 0.1,
            )
        )
    ids = [session.pk for session in Session.objects.bulk_create(made)]
    return list(
        Session.objects.select_related("kind", "unit", "site").filter(pk__in=ids).order_by("pk")
    )


def _flawed(
    cast: Cast, luck: random.Random, people: list[Expert], kinds: list[ActivityKind]
) -> None:
    """Each person has a flaw or two of all there are; the first round has each of them alone."""
    units = [place.unit for place in (cast.sastamala, cast.nokia, cast.ikaalinen)]
    day = FIRST + dt.timedelta(days=5)
    flaws: list[Callable[[Expert], object]] = [
        lambda e: _set(e, status=luck.choice([s for s in ExpertStatus if s not in ("active", "ended")])),
        lambda e: _set(e, status=ExpertStatus.ENDED, ended_on=NOW.date()),
        lambda e: _set(e, status=ExpertStatus.APPLICANT),
        lambda e: _set(e, status=ExpertStatus.IN_TRAINING),
        lambda e: _set(e, status=ExpertStatus.ON_BREAK),
        lambda e: SignOff.objects.filter(expert=e).delete(),
        lambda e: Training.objects.filter(expert=e).delete(),
        lambda e: Training.objects.filter(expert=e).update(valid_until=day),
        lambda e: Training.objects.filter(expert=e, level=TrainingLevel.FURTHER).delete(),
        lambda e: _set(e, confidentiality_signed_on=luck.choice([None, day])),
        lambda e: _set(e, extract_seen_on=luck.choice([None, day])),
        lambda e: e.excluded_units.add(luck.choice(units)),
        lambda e: Absence.objects.create(
            expert=e, starts_on=day, ends_on=day + luck.randrange(4) * DAY
        ),
        lambda e: _busy(e, luck, [cast.sastamala, cast.nokia], luck.choice([1, 4, 12])),
        lambda e: _busy(e, luck, [cast.nokia], 12),
        lambda e: Orientation.objects.filter(expert=e, unit=luck.choice(units)).delete(),
        lambda e: AvailabilityPattern.objects.filter(expert=e, weekday__lt=3).delete(),
        lambda e: AvailabilityPattern.objects.filter(expert=e).update(
            starts_time=dt.time(9), ends_time=dt.time(17), every_weeks=2, starts_on=FIRST
        ),
        lambda e: _set(e, weekly_hours=6) and _busy(e, luck, [cast.sastamala], 3),
        lambda e: _set(e, monthly_sessions=2) and _busy(e, luck, [cast.sastamala], 2),
        lambda e: _set(e, home_municipality="Oulu", max_km=luck.choice([10, 50])),
        lambda e: e.kinds.remove(luck.choice(kinds)),
        lambda e: _busy(e, luck, [cast.nokia], 1, first=dt.date(2026, 11, 2)),
        lambda e: _set(e, languages=luck.choice([["sv"], ["fi"], ["fi", "sv"]])),
        lambda e: _set(e, rest_hours=luck.choice([11, 48])) and _busy(e, luck, [cast.nokia], 4),
    ]  # fmt: skip
    for number, expert in enumerate(people):
        flaws[number % len(flaws)](expert)
        if number >= len(flaws) and luck.random() < 0.7:
            luck.choice(flaws)(expert)


def _set(expert: Expert, **fields: object) -> int:
    return Expert.objects.filter(pk=expert.pk).update(**fields)


def _busy(
    expert: Expert,
    luck: random.Random,
    places: list[CastUnit],
    count: int,
    *,
    first: dt.date = FIRST,
) -> int:
    """So many things, at most one a day; some are meetings, not shifts, and some are nowhere."""
    for day in luck.sample(range(-2, 16), count):
        starts = local(f"{first + dt.timedelta(days=day)} {luck.randrange(7, 23):02}:00")
        place = luck.choice(places)
        DiaryEntry.objects.bulk_create(
            [
                DiaryEntry(
                    expert=expert,
                    source=f"test:{expert.pk}:{starts}",
                    kind=luck.choice([DiaryKind.SHIFT, DiaryKind.SHIFT, DiaryKind.SUPERVISION]),
                    occupies=True,
                    starts_at=starts,
                    ends_at=starts + luck.choice([1, 3]) * HOUR,
                    zone_name="Europe/Helsinki",
                    unit=luck.choice([place.unit, None]),
                    site=luck.choice([place.lobby, None]),
                    changed_at=NOW,
                )
            ],
            ignore_conflicts=True,
        )
    return count


def _promised(luck: random.Random, people: list[Expert], sessions: list[Session]) -> None:
    """Who is on a session, was, or was offered one; those who have been asked may be asked elsewhere."""
    seats = [
        Assignment(
            session=session,
            expert=luck.choice(people),
            seat=1,
            state=luck.choice([AssignmentState.PROPOSED, AssignmentState.RELEASED]),
            proposed_at=NOW,
            changed_at=NOW,
        )
        for session in sessions[::2]
    ]
    Assignment.objects.bulk_create(seats)
    Offer.objects.bulk_create(
        Offer(session=s, expert=luck.choice(people), sent_at=NOW, expires_at=NOW + DAY)
        for s in sessions[::5]
    )


def _world(cast: Cast, seed: int) -> Matrix:
    luck = random.Random(seed)
    kinds = [cast.kinds[code] for code in ("lobby_shift", "online_counselling", "group_session")]
    units = [place.unit for place in (cast.sastamala, cast.nokia, cast.ikaalinen)]
    Expert.objects.update(email="")  # the makers' names are the same each time
    people = make_experts(60, units=units, kinds=kinds)
    Expert.objects.update(extract_seen_on=SINCE, languages=["fi", "sv"])
    Training.objects.bulk_create(
        Training(expert=e, name="Lisä", level=TrainingLevel.FURTHER, completed_on=SINCE)
        for e in people
    )
    sessions = _sessions(cast, luck, 45)
    _flawed(cast, luck, people, kinds)
    _promised(luck, people, sessions)
    experts = list(Expert.objects.filter(pk__in=[e.pk for e in people]).order_by("pk"))
    return Matrix(sessions, experts, now=NOW)


def _by_the_rules(matrix: Matrix) -> dict[tuple[int, int], list[str]]:
    """All that speaks against each person, every rule asked about each pair, in the rules' order."""
    found = {}
    for expert, person in matrix.people.items():
        for session, facts in matrix.sessions.items():
            said = [reason for rule in RULES for reason in rule(person, facts)]
            found[session, expert] = [r.code for r in said if r.level is not Level.NOTE]
    return found


def test_the_sieve_says_what_the_rules_say(cast: Cast) -> None:
    """Over two worlds in which each reason there is comes first somewhere."""
    met: set[str | None] = set()
    for seed in (1, 2):
        matrix = _world(cast, seed)
        rules = _by_the_rules(matrix)
        for but in (frozenset[str](), WEIGHED):
            for expert, codes in zip(matrix.experts, matrix.first_against(but=but), strict=True):
                for session, code in zip(matrix.sessions, codes, strict=True):
                    wanted = [c for c in rules[session, expert.pk] if c not in but]
                    assert code == next(iter(wanted), None), (seed, session, expert.pk)
                    met.add(code)
    assert met == {*AGAINST, None}


def test_who_passes_has_no_reason_against_them_in_the_one_function(cast: Cast) -> None:
    """`reasons_for`, which reads each session anew, says the same as the sieve over all."""
    matrix = _world(cast, 7)
    against = list(matrix.first_against())
    for place, facts in list(enumerate(matrix.sessions.values()))[::15]:
        told = eligibility.reasons_for(facts.session, matrix.experts, now=NOW)
        for expert, codes in zip(matrix.experts, against, strict=True):
            own = [r for r in told[expert.pk] if r.about == "person" and r.level is not Level.NOTE]
            assert (codes[place] is None) == (not own)
            assert codes[place] in {None, *(reason.code for reason in own)}
