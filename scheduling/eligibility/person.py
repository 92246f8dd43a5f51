"""The rules about a person and a session, one function each; every rule says all it has to say.

Sources: domain.md 1.1 rows 12, 16, 23, 28, 29, 36–38, 54, 75 and 125; issue 2 §5.
"""

import datetime as dt
from collections.abc import Callable, Iterator
from decimal import Decimal

from django.conf import settings

from coordination.models.activity import PlaceKind
from coordination.municipalities import kilometres_between, minutes_of_way
from experts.models import ExpertStatus
from experts.models.readiness import TrainingLevel
from experts.queries.readiness import Availability, TrainingState
from scheduling.eligibility.facts import Busy, PersonFacts, Point, SessionFacts
from scheduling.eligibility.reasons import PERSON_LEVELS, Moment, Param, Reason, Tongue
from scheduling.models import AssignmentState, OfferState
from scheduling.models.assignments import SEATED

Rule = Callable[[PersonFacts, SessionFacts], Iterator[Reason]]

SAME_PLACE_KM = 0.5
"""Between places closer than this nobody needs time to travel."""


def _say(code: str, **params: Param) -> Reason:
    return Reason(code=code, level=PERSON_LEVELS[code], params=params)


def _status(person: PersonFacts, facts: SessionFacts) -> Iterator[Reason]:
    if person.expert.status != ExpertStatus.ACTIVE:
        yield _say(person.expert.status)


def _sign_off(person: PersonFacts, facts: SessionFacts) -> Iterator[Reason]:
    """Four points are confirmed before the first assignment (S4 l.135)."""
    if person.ready.sign_off is None:
        yield _say("not_signed_off")


def _training(person: PersonFacts, facts: SessionFacts) -> Iterator[Reason]:
    """Any provider's training will do, of any level (S4 l.139); one valid on the day is enough."""
    states = [person.ready.training(facts.on, level) for level in TrainingLevel]
    if TrainingState.OK in states:
        return
    if TrainingState.EXPIRED not in states:
        yield _say("training_missing")
        return
    ended = [
        training.valid_until
        for training in person.ready.trainings
        if training.valid_until and training.valid_until < facts.on
    ]
    yield _say("training_expired", on=max(ended))


def _further_training(person: PersonFacts, facts: SessionFacts) -> Iterator[Reason]:
    """Counselling is for the further trained (S2 l.87 "täydennyskoulutettujen")."""
    if facts.session.kind.needs_further_training:
        state = person.ready.training(facts.on, TrainingLevel.FURTHER)
        if state is not TrainingState.OK:
            yield _say("further_training_missing")


def _confidentiality(person: PersonFacts, facts: SessionFacts) -> Iterator[Reason]:
    signed = person.expert.confidentiality_signed_on
    if signed is None or signed > facts.on:
        yield _say("confidentiality_not_signed")


def _minors(person: PersonFacts, facts: SessionFacts) -> Iterator[Reason]:
    """Acts 504/2002 and 148/2014: shown and checked, never kept (domain.md 3.7)."""
    if facts.session.with_minors or facts.session.kind.with_minors:
        seen = person.expert.extract_seen_on
        if seen is None or seen > facts.on:
            yield _say("extract_not_seen")


def _unit(person: PersonFacts, facts: SessionFacts) -> Iterator[Reason]:
    if facts.session.unit_id in person.ready.excluded_unit_ids:
        yield _say("unit_excluded")
    if not person.ready.is_oriented(facts.session.unit_id, on=facts.on):
        yield _say("not_oriented")


def _kind(person: PersonFacts, facts: SessionFacts) -> Iterator[Reason]:
    """Agreed forms of work (S4 l.89), and who works unpaid (S4 l.38)."""
    kind = facts.session.kind
    if kind.pk not in person.ready.kind_ids:
        yield _say("kind_not_agreed")
    if kind.is_paid and person.expert.is_volunteer:
        yield _say("volunteer_for_paid")
    elif kind.is_paid and person.expert.tax_card_seen_on is None:
        yield _say("tax_card_not_seen")


def _absence(person: PersonFacts, facts: SessionFacts) -> Iterator[Reason]:
    if person.ready.absence_during(facts.session.starts_at, facts.session.ends_at):
        yield _say("absent")


def _hours_given(person: PersonFacts, facts: SessionFacts) -> Iterator[Reason]:
    """Within the weekly patterns; a person who has given no hours has promised nothing."""
    given = person.ready.availability(facts.session.starts_at, facts.session.ends_at)
    if given is Availability.UNKNOWN:
        yield _say("availability_unknown")
    elif given is Availability.OUTSIDE:
        yield _say("outside_availability")


def _others(person: PersonFacts, facts: SessionFacts) -> list[Busy]:
    """The diary without what stands for this very session."""
    own = person.own_sources.get(facts.session.pk, set())
    return [busy for busy in person.busy if busy.source not in own]


def _overlaps(person: PersonFacts, facts: SessionFacts) -> Iterator[Reason]:
    session = facts.session
    for busy in _others(person, facts):
        if busy.starts_at < session.ends_at and busy.ends_at > session.starts_at:
            code = "asked_elsewhere" if busy.asked else "diary_overlap"
            moment = Moment(busy.starts_at, busy.ends_at, busy.zone)
            yield _say(code, what=busy.what, when=moment)


def minutes_to_travel(km: float) -> int:
    """Minutes for a way: straight-line kilometres at the speed of the settings, and a margin.

    The line is shorter than any road, so what is too far here is too far in truth.
    """
    return minutes_of_way(
        km,
        km_per_hour=float(settings.TRAVEL_KM_PER_HOUR),
        margin_minutes=int(settings.TRAVEL_MARGIN_MINUTES),
    )


def _travel(person: PersonFacts, facts: SessionFacts) -> Iterator[Reason]:
    """From one place to the next on the same local day."""
    if facts.point is None:
        return
    for busy in _others(person, facts):
        gap = _gap_same_day(busy, facts)
        if gap is None or busy.asked or busy.point is None or _same_place(busy, facts):
            continue
        km = kilometres_between(busy.point, facts.point)
        needed, has = minutes_to_travel(km), int(gap.total_seconds() // 60)
        if km >= SAME_PLACE_KM and has < needed:
            yield _say("no_time_to_travel", what=busy.what, km=round(km), needed=needed, has=has)


def _same_place(busy: Busy, facts: SessionFacts) -> bool:
    return busy.site_id is not None and busy.site_id == facts.session.site_id


def _gap_same_day(busy: Busy, facts: SessionFacts) -> dt.timedelta | None:
    """Time between the two when they touch the same local day and do not overlap."""
    session = facts.session
    if busy.ends_at <= session.starts_at:
        if busy.ends_at.astimezone(facts.zone).date() == facts.on:
            return session.starts_at - busy.ends_at
    elif busy.starts_at >= session.ends_at:
        last = session.ends_at.astimezone(facts.zone).date()
        if busy.starts_at.astimezone(facts.zone).date() == last:
            return busy.starts_at - session.ends_at
    return None


def _rest(person: PersonFacts, facts: SessionFacts) -> Iterator[Reason]:
    """Rest between working days, where it was agreed on: the shortest one is told."""
    wanted = person.expert.rest_hours
    if not wanted:
        return
    gaps = [gap for busy in _others(person, facts) if (gap := _night(busy, facts)) is not None]
    shortest = min(gaps, default=None)
    if shortest is not None and shortest < dt.timedelta(hours=wanted):
        yield _say("too_little_rest", hours=shortest.total_seconds() / 3600, agreed=wanted)


def _night(busy: Busy, facts: SessionFacts) -> dt.timedelta | None:
    session = facts.session
    if busy.asked or not busy.is_shift:
        return None
    before = busy.ends_at <= session.starts_at
    after = busy.starts_at >= session.ends_at
    if before and busy.ends_at.astimezone(facts.zone).date() < facts.on:
        return session.starts_at - busy.ends_at
    last = session.ends_at.astimezone(facts.zone).date()
    if after and busy.starts_at.astimezone(facts.zone).date() > last:
        return busy.starts_at - session.ends_at
    return None


def week_hours(person: PersonFacts, facts: SessionFacts) -> float:
    """Hours of other shifts, asked ones too, in the session's ISO week of its own zone."""
    return sum(
        busy.hours
        for busy in _others(person, facts)
        if busy.is_shift and _week_of(busy, facts) == facts.week
    )


def _week_of(busy: Busy, facts: SessionFacts) -> tuple[int, int]:
    iso = busy.starts_at.astimezone(facts.zone).isocalendar()
    return (iso.year, iso.week)


def month_sessions(person: PersonFacts, facts: SessionFacts) -> int:
    """Other shifts, asked ones too, in the session's calendar month."""
    wanted = (facts.on.year, facts.on.month)
    days = (
        busy.starts_at.astimezone(facts.zone) for busy in _others(person, facts) if busy.is_shift
    )
    return sum((day.year, day.month) == wanted for day in days)


def _load(person: PersonFacts, facts: SessionFacts) -> Iterator[Reason]:
    """What was agreed with the person about load (S4 l.89, l.103 "liiallista kuormittumista")."""
    expert, session = person.expert, facts.session
    length = (session.ends_at - session.starts_at).total_seconds() / 3600
    hours = week_hours(person, facts)
    if expert.weekly_hours is not None and hours + length > float(expert.weekly_hours):
        yield _say("over_week_hours", hours=hours + length, agreed=Decimal(expert.weekly_hours))
    elif hours:
        yield _say("week_load", hours=hours)
    count = month_sessions(person, facts) + 1
    if expert.monthly_sessions is not None and count > expert.monthly_sessions:
        yield _say("over_month_sessions", count=count, agreed=expert.monthly_sessions)


def distance_km(person: PersonFacts, facts: SessionFacts) -> float | None:
    """Straight-line kilometres from home to the place; None when either is unknown or online."""
    home: Point | None = person.home
    return kilometres_between(home, facts.point) if home and facts.point else None


def _distance(person: PersonFacts, facts: SessionFacts) -> Iterator[Reason]:
    km = distance_km(person, facts)
    if km is None:
        return
    most = person.expert.max_km
    if most is not None and km > most and facts.session.place_kind != PlaceKind.ONLINE:
        yield _say("too_far", km=round(km), agreed=most)
    else:
        yield _say("distance", km=round(km))


def _language(person: PersonFacts, facts: SessionFacts) -> Iterator[Reason]:
    spoken = person.expert.languages or [person.expert.language]
    if facts.session.language not in spoken:
        yield _say("language_missing", language=Tongue(facts.session.language))


def _supervision(person: PersonFacts, facts: SessionFacts) -> Iterator[Reason]:
    if person.ready.supervision.is_overdue:
        yield _say("supervision_overdue")


def _this_session(person: PersonFacts, facts: SessionFacts) -> Iterator[Reason]:
    """What has already been between this person and this session."""
    states = person.here.get(facts.session.pk, set())
    if not states.isdisjoint(SEATED):
        yield _say("already_here")
    if AssignmentState.RELEASED in states:
        yield _say("released_before")
    offers = person.offered.get(facts.session.pk, set())
    if AssignmentState.DECLINED in states or OfferState.DECLINED in offers:
        yield _say("declined_before")
    if OfferState.SENT in offers:
        yield _say("offer_waiting")
    elif OfferState.EXPIRED in offers:
        yield _say("offer_not_answered")


def _usual_month(person: PersonFacts, facts: SessionFacts) -> Iterator[Reason]:
    """Individual meetings are held once or twice a month (S4 l.107 "1-2 kertaa kuukaudessa")."""
    usual = facts.session.kind.monthly_max
    if usual and facts.same_kind_that_month > usual:
        yield _say("over_usual_month", count=facts.same_kind_that_month, usual=usual)


def place_in_series(person: PersonFacts, facts: SessionFacts) -> int | None:
    """1 for who is asked first of a series on that day, 2 for the next …; None for nobody's wish.

    A pair that meets goes on with the same person by default (S4 l.107): who has been there comes
    after those who were named, until a hand-over names somebody else.
    """
    series_id = facts.session.series_id
    if series_id is None:
        return None
    wish = person.preferred.get(series_id)
    if wish is not None and wish.covers(facts.on):
        return wish.order
    in_pairs = facts.session.kind.monthly_max is not None
    handed_over = wish is not None and wish.ends_on is not None and wish.ends_on < facts.on
    if in_pairs and person.times_in_series[series_id] and not handed_over:
        return _AFTER_THE_NAMED
    return None


_AFTER_THE_NAMED = 1000


def _series(person: PersonFacts, facts: SessionFacts) -> Iterator[Reason]:
    place = place_in_series(person, facts)
    if place is not None:
        yield _say("same_as_before" if place == _AFTER_THE_NAMED else "preferred_here")


def _good_to_know(person: PersonFacts, facts: SessionFacts) -> Iterator[Reason]:
    times = person.times_at_unit[facts.session.unit_id]
    if times:
        yield _say("been_here", count=times)
    if person.expert.wishes:
        yield _say("wishes", text=person.expert.wishes)
    if not person.expert.email:
        yield _say("no_address")


RULES: tuple[Rule, ...] = (
    _status,
    _sign_off,
    _confidentiality,
    _unit,
    _this_session,
    _absence,
    _training,
    _further_training,
    _minors,
    _overlaps,
    _travel,
    _kind,
    _hours_given,
    _language,
    _load,
    _rest,
    _supervision,
    _distance,
    _usual_month,
    _series,
    _good_to_know,
)
"""In the order of their cost, the most often decisive first."""
