"""Ranking, and that 300 people cost as many queries as three."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from experts.models import Absence, Expert
from experts.models.expert import ExpertStatus
from scheduling import eligibility
from scheduling.models import Session
from tests.cast import Cast
from tests.scheduling.makers import NOW, claim_seat, local, make_experts, make_session


def _candidates(session: Session) -> list[tuple[str, str]]:
    return [(c.expert.name, c.verdict) for c in eligibility.candidates(session, now=NOW)]


def test_who_fits_comes_before_who_must_be_asked_and_who_cannot(ready: Cast) -> None:
    session = make_session(ready.sastamala)
    Expert.objects.filter(pk=ready.aino.expert.pk).update(languages=["sv"])
    on = session.starts_at.date()
    Absence.objects.create(expert=ready.eero.expert, starts_on=on, ends_on=on)
    assert _candidates(session) == [
        ("Onni Näyte", "fits"),
        ("Aino Testilä", "ask"),
        ("Eero Kokeilu", "blocked"),
    ]


def test_the_nearer_comes_first_and_then_who_has_less_that_week(ready: Cast) -> None:
    session = make_session(ready.sastamala)  # Aino lives there, Eero in Nokia, Onni in Tampere
    assert [name for name, _verdict in _candidates(session)] == [
        "Aino Testilä",
        "Eero Kokeilu",
        "Onni Näyte",
    ]
    Expert.objects.update(home_municipality="Sastamala")
    other = make_session(ready.sastamala, "2027-03-02 09:30")
    claim_seat(other, expert=ready.aino.expert, by=None, now=NOW)
    found = eligibility.candidates(session, now=NOW)
    assert [c.expert.name for c in found] == ["Eero Kokeilu", "Onni Näyte", "Aino Testilä"]
    last = found[-1]
    assert (last.week_hours, last.month_sessions, last.times_here) == (Decimal("4.0"), 1, 0)
    assert last.distance_km is not None
    assert last.distance_km < 1


def test_applicants_and_those_who_left_are_not_in_the_list(ready: Cast) -> None:
    ended = {"status": ExpertStatus.ENDED, "ended_on": NOW.date()}
    Expert.objects.filter(pk=ready.aino.expert.pk).update(**ended)
    Expert.objects.filter(pk=ready.eero.expert.pk).update(status=ExpertStatus.APPLICANT)
    Expert.objects.filter(pk=ready.onni.expert.pk).update(status=ExpertStatus.ON_BREAK)
    assert _candidates(make_session(ready.sastamala)) == [("Onni Näyte", "blocked")]


def _queries(sessions: list[Session]) -> int:
    with CaptureQueriesContext(connection) as caught:
        if len(sessions) == 1:
            eligibility.candidates(sessions[0], now=NOW)
        eligibility.how_many_fit(sessions, now=NOW)
    return len(caught)


@pytest.fixture
def sessions(ready: Cast) -> list[Session]:
    made = [
        make_session(place, f"2027-03-{day:02} 09:30", seats=2)
        for place in (ready.sastamala, ready.nokia)
        for day in range(4, 24)
    ]
    rows = Session.objects.select_related("kind", "unit", "site")
    return list(rows.filter(pk__in=[s.pk for s in made]).order_by("-unit__name", "starts_at"))


def test_queries_do_not_depend_on_people_or_sessions(ready: Cast, sessions: list[Session]) -> None:
    kinds = list(ready.kinds.values())
    few, few_sessions = _queries(sessions[:1]), _queries(sessions[:2])
    people = make_experts(297, units=[ready.sastamala.unit], kinds=kinds)
    for expert in people[:20]:
        claim_seat(sessions[expert.pk % 20], expert=expert, by=None, now=NOW)
    assert _queries(sessions[:1]) == few
    assert _queries(sessions) == few_sessions
    assert few <= 45


def test_how_many_fit_counts_and_names_the_best(ready: Cast, sessions: list[Session]) -> None:
    chosen = sessions[0]
    away = chosen.starts_at.date()
    Absence.objects.create(expert=ready.aino.expert, starts_on=away, ends_on=away)
    found = eligibility.how_many_fit([chosen, sessions[1]], now=NOW)
    assert found[chosen.pk].count == 2
    assert found[chosen.pk].best == ready.eero.expert
    assert found[sessions[1].pk].count == 3
    late = local("2027-04-30 12:00")
    past = eligibility.how_many_fit([chosen], now=late)[chosen.pk]
    assert [reason.code for reason in past.blocked_by] == ["in_the_past"]
