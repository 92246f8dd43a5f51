"""A mended register: written after the first one it brings the rest, and changes nothing else."""

import datetime as dt
from decimal import Decimal

import pytest

from billing.models import FeeRule
from coordination.formats import HELSINKI
from coordination.models import OutboxMessage
from coordination.register_import import planning
from coordination.register_import.kinds import kinds_by_word
from coordination.register_import.planning import Outcome
from coordination.register_import.register import Register
from experts.models import DiaryEntry, DiaryKind, Orientation
from experts.models.supervision import SupervisionSession
from scheduling.models import Assignment, AssignmentState, Series, Session, SessionState
from scheduling.queries import promised as today_promised
from tests.coordination.register_import.helpers import (
    MENDED,
    NOW,
    edited,
    outcomes,
    read,
    write,
)

pytestmark = pytest.mark.usefixtures("mended_written", "db")

SHIFTS = "Vuorot 2027"
PEOPLE = "Kokemusasiantuntijat"


def test_fees_orientations_and_supervision() -> None:
    rules = FeeRule.objects.filter(kind__code=_codes("aulatapaaminen")[0]).order_by("starts_on")
    assert [(r.amount, r.starts_on, r.ends_on) for r in rules] == [
        (Decimal("25.00"), dt.date(2026, 1, 1), dt.date(2026, 11, 30)),
        (Decimal("27.00"), dt.date(2026, 12, 1), None),
    ]
    assert Orientation.objects.count() == 164
    assert SupervisionSession.objects.count() == 6
    session = SupervisionSession.objects.get(starts_at=_at(14, 1, 16))
    assert session.attendances.count() == 6
    assert DiaryEntry.objects.filter(kind=DiaryKind.SUPERVISION).count() == 36


def test_shifts_are_sessions_and_series_with_the_people_they_were_promised_to() -> None:
    single = Session.objects.get(
        unit__name="Kangasalan terveyskeskus", starts_at=_at(25, 2, 13), series=None
    )
    assert (single.ends_at, single.state) == (_at(25, 2, 16), SessionState.OPEN)
    [assignment] = single.assignments.all()
    assert (assignment.expert.name, assignment.state) == (
        "Venla Luonnos",
        AssignmentState.CONFIRMED,
    )
    entry = DiaryEntry.objects.get(expert=assignment.expert, starts_at=single.starts_at)
    assert entry.ends_at == single.ends_at
    series = Series.objects.get(unit__name="Sastamalan psykiatrian poliklinikka")
    assert (series.recurrence, series.ends_on) == ("FREQ=WEEKLY", dt.date(2027, 12, 31))
    made = series.sessions.all()
    assert made.count() > 3
    assert all(s.assignments.get().expert.name == "Sylvi Näyte" for s in made)
    night = Session.objects.get(unit__name="Verkkoneuvonta", starts_at=_at(27, 3, 23))
    assert night.ends_at - night.starts_at == dt.timedelta(hours=4)


def test_every_promised_shift_is_open_so_that_it_can_be_recorded_and_paid() -> None:
    promised = Session.objects.filter(assignments__state=AssignmentState.CONFIRMED).distinct()
    assert set(promised.values_list("state", flat=True)) == {SessionState.OPEN}
    lacking = {line.session.unit.name for line in today_promised.lacking(now=NOW)}
    assert lacking == {
        "Tays Pitkäniemi, avohoito",  # no contact person
        "Valkeakosken mielenterveyspalvelut",  # insurance ended
    }


def test_an_import_sends_no_mail() -> None:
    assert OutboxMessage.objects.count() == 0


def test_a_mended_file_again_changes_nothing() -> None:
    assert outcomes(planning.plan(read(edited(*MENDED)).register)) == {Outcome.UNCHANGED: 359}


def test_a_mended_file_and_a_fresh_one_end_up_the_same() -> None:
    found = Session.objects.order_by("unit__name", "starts_at", "kind__code")
    people = list(found.values_list("unit__name", "starts_at", "assignments__expert__name"))
    Assignment.objects.all().delete()
    DiaryEntry.objects.all().delete()
    Session.objects.all().delete()
    Series.objects.all().delete()
    SupervisionSession.objects.all().delete()
    write(read(edited(*MENDED)))
    found = Session.objects.order_by("unit__name", "starts_at", "kind__code")
    assert people == list(found.values_list("unit__name", "starts_at", "assignments__expert__name"))


def _at(day: int, month: int, hour: int) -> dt.datetime:
    return dt.datetime(2027, month, day, hour, tzinfo=HELSINKI)


def _codes(*words: str) -> list[str]:
    known = kinds_by_word(Register(today=NOW.date()))
    return [known[word].code for word in words]
