"""Which entries a feed shows, and that it says no more than it must."""

import datetime as dt

import pytest
from django.utils import translation

from coordination.models.activity import ActivityKind, PlaceKind
from experts.services import diary
from scheduling.feeds import queries
from scheduling.feeds.event import Event, Status
from scheduling.models import Assignment, AssignmentState, Session, SessionState
from tests.cast import Cast
from tests.scheduling.feeds.makers import (
    DAY,
    HOUR,
    NOW,
    make_assignment,
    make_session,
    make_shifts,
    make_supervision,
)

pytestmark = pytest.mark.django_db


def expert_feed(cast: Cast, *, now: dt.datetime = NOW) -> list[Event]:
    return queries.expert_events(cast.aino.expert, now=now)


def unit_feed(cast: Cast, *, now: dt.datetime = NOW) -> list[Event]:
    return queries.unit_events(cast.sastamala.unit, now=now)


def test_an_expert_s_feed_is_the_whole_diary_and_nobody_else_s(cast: Cast) -> None:
    shift = make_shifts(cast.sastamala, cast.aino.expert, 1)[0]
    make_shifts(cast.ikaalinen, cast.eero.expert, 2)
    make_supervision(cast.aino.expert, starts_at=NOW + 3 * DAY)
    with translation.override("fi"):
        seen = [(e.uid, e.summary, e.location, e.status) for e in expert_feed(cast)]
    place = "Sastamalan poliklinikka, Aula, 1. kerros, Itsenäisyydentie 2, Sastamala"
    assert seen == [
        (
            f"assignment-{shift.pk}@uid.vuoro.invalid",
            "Aulatapaaminen, Sastamala",
            place,
            Status.CONFIRMED,
        ),
        (
            "supervision-3-1@uid.vuoro.invalid",
            "Työnohjaus",
            "Hämeenkatu 5, Tampere",
            Status.CONFIRMED,
        ),
    ]


@pytest.mark.parametrize(
    ("language", "titles"),
    [
        ("fi", ["Aulatapaaminen, Sastamala", "Työnohjaus"]),
        ("sv", ["Möte i aulan, Sastamala", "Arbetshandledning"]),
        ("en", ["Lobby shift, Sastamala", "Work supervision"]),
    ],
)
def test_a_feed_speaks_its_owner_s_language(cast: Cast, language: str, titles: list[str]) -> None:
    make_shifts(cast.sastamala, cast.aino.expert, 1)
    make_supervision(cast.aino.expert, starts_at=NOW + 3 * DAY)
    with translation.override(language):
        assert [event.summary for event in expert_feed(cast)] == titles


def test_a_shift_without_a_site_tells_its_kind_of_place_in_the_reader_s_language(
    cast: Cast,
) -> None:
    session = make_session(cast.sastamala, site=None, place_kind=PlaceKind.SCHOOL)
    make_assignment(session, cast.aino.expert)
    with translation.override("sv"):
        school = str(PlaceKind.SCHOOL.label)  # the diary's own text is another, see makers.py
        assert [event.location for event in expert_feed(cast)] == [school]
        assert [event.location for event in unit_feed(cast)] == [school]


def test_free_text_and_names_stay_out_of_both_feeds(cast: Cast) -> None:
    """Whatever people write into titles, notes and names, a calendar's maker does not get it."""
    session = make_session(
        cast.sastamala,
        notes="SALAISUUS masennusryhmä",
        support_person="SALAISUUS Tuija Tukeva",
        support_phone="SALAISUUS",
        responsible_professional="SALAISUUS Kerttu",
        seats=2,
    )
    make_assignment(session, cast.aino.expert)
    make_assignment(session, cast.eero.expert, seat=2)
    make_supervision(cast.aino.expert, starts_at=NOW + 3 * DAY, title="SALAISUUS Tuula")
    said = repr([*expert_feed(cast), *unit_feed(cast)])
    people = ("Aino", "Testilä", "Eero", "Kokeilu", "Tuija", "Kerttu", "Tuula", "SALAISUUS")
    assert [word for word in people if word in said] == []


def test_sequence_rises_and_the_stamp_moves_with_time_place_and_state(cast: Cast) -> None:
    """Without that, Google keeps the old entry. The diary service counts; we rely on it."""
    assignment = make_shifts(cast.sastamala, cast.aino.expert, 1)[0]
    source = f"assignment:{assignment.pk}"
    start = assignment.session.starts_at
    (first,) = expert_feed(cast)
    diary.move(source, starts_at=start + HOUR, ends_at=start + 3 * HOUR, now=NOW + HOUR)
    (moved,) = expert_feed(cast)
    diary.move(
        source,
        starts_at=start + HOUR,
        ends_at=start + 3 * HOUR,
        place="Muualla",
        now=NOW + 2 * HOUR,
    )
    (elsewhere,) = expert_feed(cast)
    diary.cancel(source, now=NOW + 3 * HOUR)
    (cancelled,) = expert_feed(cast)
    versions = [first, moved, elsewhere, cancelled]
    assert len({event.uid for event in versions}) == 1
    assert [event.sequence for event in versions] == [0, 1, 2, 3]
    assert [event.last_modified for event in versions] == [NOW + n * HOUR for n in range(4)]
    assert [event.status for event in versions] == [Status.CONFIRMED] * 3 + [Status.CANCELLED]


def test_a_cancelled_entry_stays_thirty_days_and_then_goes(cast: Cast) -> None:
    assignment = make_shifts(cast.sastamala, cast.aino.expert, 1)[0]
    diary.cancel(f"assignment:{assignment.pk}", now=NOW)
    last = NOW + 30 * DAY - dt.timedelta(seconds=1)
    with translation.override("fi"):
        assert [e.summary for e in expert_feed(cast, now=last)] == [
            "Peruttu: Aulatapaaminen, Sastamala"
        ]
    assert expert_feed(cast, now=NOW + 30 * DAY) == []


def test_a_feed_reaches_a_year_back_and_moves_once_a_month(cast: Cast) -> None:
    old = make_session(cast.sastamala, starts_at=dt.datetime(2026, 2, 28, 20, tzinfo=dt.UTC))
    kept = make_session(cast.sastamala, starts_at=dt.datetime(2026, 3, 1, 8, tzinfo=dt.UTC))
    for session in (old, kept):
        make_assignment(session, cast.aino.expert)
    for moment in (NOW, dt.datetime(2027, 3, 31, 23, 59, tzinfo=dt.UTC)):
        assert [e.starts_at for e in expert_feed(cast, now=moment)] == [kept.starts_at]
        assert [e.starts_at for e in unit_feed(cast, now=moment)] == [kept.starts_at]
    assert expert_feed(cast, now=dt.datetime(2027, 4, 1, tzinfo=dt.UTC)) == []
    assert unit_feed(cast, now=dt.datetime(2027, 4, 1, tzinfo=dt.UTC)) == []


def test_a_unit_s_feed_shows_its_published_sessions_and_how_many_come(cast: Cast) -> None:
    session = make_session(cast.sastamala, seats=2)
    make_assignment(session, cast.aino.expert)
    make_assignment(session, cast.eero.expert, seat=2, state=AssignmentState.PROPOSED)
    make_session(cast.sastamala, state=SessionState.DRAFT)
    make_session(cast.ikaalinen)
    with translation.override("fi"):
        (event,) = unit_feed(cast)
    assert (event.uid, event.summary) == (
        f"session-{session.pk}@uid.vuoro.invalid",
        "Aulatapaaminen",
    )
    assert event.description.startswith("Kokemusasiantuntijoita vahvistettu: 1/2.\n")


def test_a_cancelled_session_stays_thirty_days_in_the_unit_s_feed(cast: Cast) -> None:
    session = make_session(cast.sastamala)
    session.state, session.cancelled_at, session.cancelled_by = (
        SessionState.CANCELLED,
        NOW,
        cast.coordinator,
    )
    session.save()
    assert [e.status for e in unit_feed(cast, now=NOW + 29 * DAY)] == [Status.CANCELLED]
    assert unit_feed(cast, now=NOW + 30 * DAY) == []


def test_a_session_s_sequence_rises_with_each_change_and_never_falls(cast: Cast) -> None:
    session = make_session(cast.sastamala)

    def sequence() -> int:
        (event,) = unit_feed(cast)
        return event.sequence

    seen = [sequence()]
    Session.objects.filter(pk=session.pk).update(ends_at=session.ends_at + HOUR)
    seen.append(sequence())
    Session.objects.filter(pk=session.pk).update(site=cast.sastamala.room)
    seen.append(sequence())
    first = make_assignment(session, cast.aino.expert, state=AssignmentState.PROPOSED)
    seen.append(sequence())
    Assignment.objects.filter(pk=first.pk).update(state=AssignmentState.CONFIRMED)
    seen.append(sequence())
    Assignment.objects.filter(pk=first.pk).update(state=AssignmentState.RELEASED)
    seen.append(sequence())
    make_assignment(session, cast.eero.expert, state=AssignmentState.CONFIRMED)
    seen.append(sequence())
    Session.objects.filter(pk=session.pk).update(
        state=SessionState.CANCELLED, cancelled_at=NOW, cancelled_by=cast.coordinator
    )
    seen.append(sequence())
    assert seen == sorted(set(seen))
    # a writer with an old copy cannot set it back
    session.sequence = 0
    session.save(update_fields=["sequence"])
    assert sequence() == seen[-1]


@pytest.mark.parametrize(
    ("described", "changes", "counts"),
    [
        ("site", {"address": "Uusikatu 1"}, 1),
        ("site", {"latitude": 61.1, "longitude": 22.9}, 1),
        ("unit", {"name": "Uusi nimi"}, 1),
        ("site", {"arrival_notes": "Soita ovikelloa."}, 0),  # no calendar says it
        ("unit", {"cost_centre": "4321"}, 0),
        ("kind", {"name_sv": "Samtal i aulan"}, 1),
        ("kind", {"default_minutes": 90}, 0),
    ],
)
def test_what_is_described_anew_is_told_to_calendars(
    cast: Cast, described: str, changes: dict[str, object], counts: int
) -> None:
    assignment = make_shifts(cast.sastamala, cast.aino.expert, 1)[0]
    group = ActivityKind.objects.get(code="group_session")
    make_assignment(make_session(cast.ikaalinen, kind=group), cast.eero.expert)

    def sequences() -> list[int]:
        elsewhere = queries.expert_events(cast.eero.expert, now=NOW)
        return [event.sequence for event in (*expert_feed(cast), *unit_feed(cast), *elsewhere)]

    before = sequences()
    it = getattr(assignment.session, described)
    type(it).objects.filter(pk=it.pk).update(**changes)
    rise = [new - old for new, old in zip(sequences(), before, strict=True)]
    assert rise == [counts, counts, 0]


def test_an_assignment_s_change_moves_the_unit_s_stamp(cast: Cast) -> None:
    session = make_session(cast.sastamala)
    assignment = make_assignment(session, cast.aino.expert)
    later = dt.datetime(2099, 1, 1, tzinfo=dt.UTC)
    Assignment.objects.filter(pk=assignment.pk).update(changed_at=later)
    (event,) = unit_feed(cast)
    assert event.last_modified == later
