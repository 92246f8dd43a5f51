"""A shift the register promises to somebody can always be recorded and paid, whatever is missing (ADR 0011)."""

import datetime as dt
from decimal import Decimal

import pytest

from billing.models import FeeBasis, FeeLine, FeeRule
from billing.services import closeout
from coordination.models import OutboxMessage
from experts.models import DiaryEntry
from scheduling.models import (
    Assignment,
    AssignmentState,
    Offer,
    OfferState,
    Session,
    SessionState,
    SkippedOccurrence,
)
from scheduling.queries import today
from scheduling.services import offers, promises, reminders, sessions
from tests.cast import SINCE, Cast
from tests.scheduling.makers import DAY, HOUR, NOW, local, mails, make_session
from tests.scheduling.register_sheets.files import shift, write

pytestmark = pytest.mark.django_db

AFTER = local("2027-03-10 08:00")


@pytest.fixture
def without_papers(ready: Cast) -> Cast:
    """No insurance, no contact person, no agreement at Sastamala."""
    ready.sastamala.insurance.delete()
    ready.sastamala.contact.delete()
    ready.sastamala.agreement.delete()
    FeeRule.objects.create(
        kind=ready.kinds["lobby_shift"], basis=FeeBasis.HOUR, amount=Decimal(25), starts_on=SINCE
    )
    return ready


def test_it_is_open_reminded_of_recorded_and_paid_though_every_paper_is_missing(
    without_papers: Cast,
) -> None:
    write(shift())
    session = Session.objects.get()
    assert session.state == SessionState.OPEN
    reminders.remind(now=local("2027-03-08 10:00"))
    assert mails("reminder") == [("reminder", without_papers.aino.user.email)]
    assert [s.pk for s in today.not_recorded(now=AFTER)] == [session.pk]
    reminders.prompt_closeouts(now=AFTER)
    assert mails("closeout_prompt")
    closeout.close_out(
        session,
        actual_starts_at=session.starts_at,
        actual_ends_at=session.ends_at,
        not_present=frozenset(),
        by=without_papers.coordinator,
        now=AFTER,
    )
    assert FeeLine.objects.get().amount == Decimal("75.00")


def test_one_that_is_over_already_is_recorded_too(without_papers: Cast) -> None:
    write(shift("22.2.2027"))
    session = Session.objects.get()
    assert (session.state, session.ends_at < NOW) == (SessionState.OPEN, True)
    assert list(today.not_recorded(now=NOW)) == [session]
    closed = sessions.close(
        session,
        actual_starts_at=session.starts_at,
        actual_ends_at=session.ends_at,
        by=without_papers.coordinator,
        now=NOW,
    )
    assert closed.state == SessionState.CLOSED
    assert OutboxMessage.objects.count() == 0


def test_a_shift_nobody_was_promised_waits_for_its_papers_as_a_draft(without_papers: Cast) -> None:
    write(shift(people=""))
    assert Session.objects.get().state == SessionState.DRAFT


def test_a_draft_opens_when_the_mended_row_promises_it_to_somebody(without_papers: Cast) -> None:
    write(shift(people=""))
    write(shift(people="Eero Kokeilu"))
    session = Session.objects.get()
    assert session.state == SessionState.OPEN
    assert session.assignments.get().expert == without_papers.eero.expert


def test_every_day_of_a_promised_series_is_there_though_some_lack_papers(ready: Cast) -> None:
    ready.sastamala.insurance.ends_on = dt.date(2027, 3, 20)
    ready.sastamala.insurance.save()
    write(shift(repeats="joka viikko"))
    found = Session.objects.order_by("starts_at")
    assert {s.state for s in found} == {SessionState.OPEN}
    assert all(s.assignments.get().expert == ready.aino.expert for s in found)
    assert [s.occurrence_on for s in found[:3]] == [dt.date(2027, 3, d) for d in (9, 16, 23)]
    assert set(SkippedOccurrence.objects.values_list("code", flat=True)) <= {"holiday"}


def test_no_session_with_somebody_on_it_is_a_draft(without_papers: Cast) -> None:
    """Every row of a big mix: single, series, past, several people, nobody."""
    write(
        shift("22.2.2027"),
        shift("10.3.2027", people="Aino Testilä, Eero Kokeilu"),
        shift("11.3.2027", people=""),
        shift("12.3.2027", people="Onni Näyte", repeats="joka toinen viikko"),
        shift("13.3.2027", people="", repeats="joka viikko"),
    )
    seated = Assignment.objects.filter(state=AssignmentState.CONFIRMED)
    assert {a.session.starts_at > NOW for a in seated} == {True, False}
    assert not seated.filter(session__state=SessionState.DRAFT).exists()
    assert Session.objects.filter(state=SessionState.DRAFT).exists()


def test_offers_of_a_session_the_register_has_filled_are_withdrawn(ready: Cast) -> None:
    session = make_session(ready.sastamala, "2027-03-09 09:00", 3)
    offers.send(
        session,
        experts=[ready.aino.expert, ready.eero.expert],
        expires_at=NOW + DAY,
        by=ready.coordinator,
        now=NOW,
    )
    write(shift(people="Eero Kokeilu"), now=NOW + HOUR)
    assert session.assignments.get().expert == ready.eero.expert
    assert set(Offer.objects.values_list("state", flat=True)) == {OfferState.SUPERSEDED}
    assert mails("offer_filled") == [("offer_filled", ready.aino.user.email)]


def test_who_gets_a_seat_has_no_open_offer_of_it(ready: Cast) -> None:
    session = make_session(ready.sastamala, "2027-03-09 09:00", 3, seats=3)
    people = [ready.aino.expert, ready.eero.expert]
    offers.send(session, experts=people, expires_at=NOW + DAY, by=None, now=NOW)
    write(shift(people="Eero Kokeilu"), now=NOW + HOUR)
    waiting = Offer.objects.filter(state=OfferState.SENT)
    assert [offer.expert for offer in waiting] == [ready.aino.expert]


def test_who_was_promised_a_series_comes_along_when_the_horizon_moves(ready: Cast) -> None:
    write(shift(repeats="joka viikko"))
    known = set(Session.objects.values_list("pk", flat=True))
    later = NOW + dt.timedelta(weeks=3)
    reminders.extend_series(now=later)
    made = Session.objects.exclude(pk__in=known)
    assert made.count() == 3
    assert all(s.assignments.get().expert == ready.aino.expert for s in made)
    assert DiaryEntry.objects.filter(expert=ready.aino.expert).count() == len(known) + 3


def test_who_may_not_take_a_new_shift_does_not_come_along(ready: Cast) -> None:
    write(shift(repeats="joka viikko"))
    known = set(Session.objects.values_list("pk", flat=True))
    ready.aino.expert.sign_offs.all().delete()
    reminders.extend_series(now=NOW + dt.timedelta(weeks=3))
    made = Session.objects.exclude(pk__in=known)
    assert made.count() == 3
    assert not Assignment.objects.filter(session__in=made).exists()


def test_who_is_no_longer_preferred_does_not_come_along(ready: Cast) -> None:
    write(shift(repeats="joka viikko"))
    series = Session.objects.all()[0].series
    assert series is not None
    assert [one.expert for one in series.preferred.all()] == [ready.aino.expert]
    series.preferred.all().delete()
    before = Session.objects.count()
    assert promises.extend(series, now=NOW + dt.timedelta(weeks=3)) == 3
    assert Assignment.objects.count() == before
