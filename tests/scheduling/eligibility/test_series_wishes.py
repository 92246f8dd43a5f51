"""Whom a series would rather have comes first among those who fit; nobody else's verdict moves."""

import datetime as dt

from scheduling import eligibility
from scheduling.models import PreferredPerson, Session
from scheduling.services import assignments
from tests.cast import Cast
from tests.scheduling.makers import NOW, claim_seat
from tests.scheduling.services.test_series_changes import make_series


def _first(session: Session) -> tuple[str, list[str]]:
    best = eligibility.candidates(session, now=NOW)[0]
    return best.expert.name, [r.code for r in best.reasons if r.good]


def test_a_planned_hand_over(ready: Cast) -> None:
    row = make_series(ready)
    april = dt.date(2027, 4, 1)
    day = dt.timedelta(days=1)
    PreferredPerson.objects.create(series=row, expert=ready.onni.expert, ends_on=april - day)
    PreferredPerson.objects.create(series=row, expert=ready.eero.expert, order=2, starts_on=april)
    march, later = (row.sessions.get(occurrence_on=on) for on in (dt.date(2027, 3, 25), april))
    assert _first(march) == ("Onni Näyte", ["distance", "preferred_here"])
    assert _first(later)[0] == "Eero Kokeilu"
    fitting = eligibility.how_many_fit([march, later], now=NOW)
    assert [fitting[s.pk].best for s in (march, later)] == [ready.onni.expert, ready.eero.expert]


def test_a_pair_goes_on_with_the_same_person_by_default(ready: Cast) -> None:
    pairs = make_series(ready, kind=ready.kinds["individual_meeting"])
    lobby = make_series(ready, unit=ready.nokia.unit, site=ready.nokia.lobby)
    after = dt.datetime(2027, 3, 10, 12, tzinfo=dt.UTC)
    for row in (pairs, lobby):
        held = row.sessions.get(occurrence_on=dt.date(2027, 3, 4))
        if row is lobby:
            Session.objects.filter(pk=held.pk).update(
                starts_at=held.starts_at + dt.timedelta(days=1),
                ends_at=held.ends_at + dt.timedelta(days=1),
            )
            held.refresh_from_db()
        claim_seat(held, expert=ready.onni.expert, by=None, now=NOW)
    nexts = [row.sessions.get(occurrence_on=dt.date(2027, 3, 18)) for row in (pairs, lobby)]
    places = [
        {c.expert.name: c.place_in_series for c in eligibility.candidates(s, now=after)}
        for s in nexts
    ]
    assert places[0]["Onni Näyte"] is not None
    assert set(places[0].values()) - {places[0]["Onni Näyte"]} == {None}
    assert set(places[1].values()) == {None}


def test_a_wish_overrules_nothing(ready: Cast) -> None:
    row = make_series(ready)
    PreferredPerson.objects.create(series=row, expert=ready.onni.expert)
    session = row.sessions.get(occurrence_on=dt.date(2027, 3, 25))
    busy = claim_seat(session, expert=ready.onni.expert, by=None, now=NOW)
    assert _first(session)[0] != "Onni Näyte"
    assignments.cancel(busy, by=ready.coordinator, now=NOW)
    assert _first(session)[0] == "Onni Näyte"
