"""Who was there after all: at closing out and afterwards, and the fee that follows."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.db.models import Sum
from django.test import Client

from billing.forms import nearest
from billing.models import FeeLine, FeeRule
from billing.services import batches, closeout, fee_lines
from coordination.clock import HOME_ZONE
from coordination.errors import Refused
from experts.models import DiaryEntry
from scheduling.models import Assignment, AssignmentState, Session, SessionState, Tally
from scheduling.services import assignments, tallies
from tests.cast import Cast
from tests.scheduling.makers import DAY, HOUR, NOW, local, make_ready, make_session

MARCH = dt.date(2027, 3, 1)


@pytest.fixture
def place(cast: Cast) -> Cast:
    make_ready(
        [cast.aino.expert, cast.eero.expert],
        units=[cast.sastamala.unit],
        kinds=[kind for kind in cast.kinds.values() if not kind.with_minors],
    )
    FeeRule.objects.create(
        kind=cast.kinds["lobby_shift"],
        basis="hour",
        amount=Decimal("25.00"),
        starts_on=dt.date(2026, 1, 1),
    )
    return cast


@pytest.fixture
def session(place: Cast) -> Session:
    return make_session(place.sastamala, "2027-03-04 09:30", seats=2)


def _ask(place: Cast, session: Session, person: Any, *, confirmed: bool) -> Assignment:
    asked = assignments.propose(
        session, expert=person.expert, overrules={}, by=place.coordinator, now=NOW
    )
    return assignments.confirm(asked, by=person.user, now=NOW) if confirmed else asked


def _close(session: Session, by: Any, **fields: Any) -> list[FeeLine]:
    session.refresh_from_db()
    times = {"actual_starts_at": session.starts_at, "actual_ends_at": session.ends_at}
    values = {"not_present": set(), **times, "by": by, "now": session.ends_at + HOUR, **fields}
    return closeout.close_out(session, **values)


def _occupied(assignment: Assignment) -> bool:
    source = f"assignment:{assignment.pk}"
    return DiaryEntry.objects.filter(source=source, occupies=True).exists()


def test_somebody_who_never_answered_was_there(place: Cast, session: Session) -> None:
    """They are the only one: without the mark it would be said that nobody came."""
    asked = _ask(place, session, place.aino, confirmed=False)
    with pytest.raises(Refused) as refused:
        _close(session, place.coordinator)
    assert refused.value.code == "nobody_came"
    (line,) = _close(session, place.coordinator, came_after_all={asked.pk})
    asked.refresh_from_db()
    assert (asked.state, line.amount, _occupied(asked)) == ("held", Decimal("100.00"), True)


def test_who_was_not_there_and_never_answered_is_let_go(place: Cast, session: Session) -> None:
    came = _ask(place, session, place.aino, confirmed=True)
    silent = _ask(place, session, place.eero, confirmed=False)
    assert [line.assignment for line in _close(session, place.coordinator)] == [came]
    silent.refresh_from_db()
    assert silent.state == AssignmentState.CANCELLED


def test_taken_off_on_the_spot_and_there_all_the_same(place: Cast, session: Session) -> None:
    _ask(place, session, place.aino, confirmed=True)
    silent = _ask(place, session, place.eero, confirmed=False)
    assignments.cancel(silent, by=place.coordinator, now=session.starts_at + HOUR)
    lines = _close(session, place.coordinator, came_after_all={silent.pk})
    assert len(lines) == 2
    silent.refresh_from_db()
    assert (silent.state, _occupied(silent)) == ("held", True)


def test_only_who_was_asked_can_have_come(place: Cast, session: Session) -> None:
    _ask(place, session, place.aino, confirmed=True)
    gone = _ask(place, session, place.eero, confirmed=False)
    assignments.cancel(gone, by=place.coordinator, now=NOW)  # taken off days before
    for pk in (gone.pk, 0):
        with pytest.raises(Refused) as refused:
            _close(session, place.coordinator, came_after_all={pk})
        assert refused.value.code == "unknown_assignment"


def _sum(**wanted: Any) -> Decimal:
    return FeeLine.objects.filter(**wanted).aggregate(sum=Sum("amount"))["sum"] or Decimal(0)


def _pay(place: Cast) -> None:
    waiting = FeeLine.objects.filter(state="open").values_list("pk", flat=True)
    fee_lines.approve(list(waiting), by=place.finance, now=NOW + 60 * DAY)
    batch = batches.lock(period_on=MARCH, by=place.finance, now=NOW + 60 * DAY)
    batches.export(batch, by=place.finance, now=NOW + 60 * DAY)


def test_a_mistaken_no_show_was_there(place: Cast, session: Session) -> None:
    mine = _ask(place, session, place.aino, confirmed=True)
    assert _close(session, place.sari, not_present={mine.pk}) == []
    assert not _occupied(mine)
    late = session.ends_at + DAY
    (line,) = closeout.amend_presence(mine, was_there=True, by=place.coordinator, now=late)
    mine.refresh_from_db()
    assert (mine.state, mine.changed_by, _occupied(mine)) == ("held", place.coordinator, True)
    assert line.amount == Decimal("100.00")
    with pytest.raises(Refused) as refused:
        closeout.amend_presence(mine, was_there=True, by=place.coordinator, now=late)
    assert refused.value.code == "wrong_state"


@pytest.mark.parametrize("paid", [False, True])
def test_back_and_forth_leaves_what_is_owed(place: Cast, session: Session, paid: bool) -> None:
    mine = _ask(place, session, place.aino, confirmed=True)
    _close(session, place.sari)
    if paid:
        _pay(place)
    late = session.ends_at + DAY
    for was_there, owed in ((False, "0.00"), (True, "100.00"), (False, "0.00"), (True, "100.00")):
        closeout.amend_presence(mine, was_there=was_there, by=place.coordinator, now=late)
        assert _sum() == Decimal(owed)
        assert _occupied(mine) is was_there
    fee_lines.make_missing(fee_lines.unpaid_yet(), now=late)  # as every night
    if FeeLine.objects.filter(state="open").exists():
        _pay(place)
    assert _sum(state="exported") == Decimal("100.00")


def test_a_line_in_a_locked_batch_waits(place: Cast, session: Session) -> None:
    mine = _ask(place, session, place.aino, confirmed=True)
    (line,) = _close(session, place.sari)
    fee_lines.approve([line.pk], by=place.finance, now=NOW + 60 * DAY)
    batches.lock(period_on=MARCH, by=place.finance, now=NOW + 60 * DAY)
    with pytest.raises(Refused) as refused:
        closeout.amend_presence(mine, was_there=False, by=place.coordinator, now=NOW + 60 * DAY)
    assert refused.value.code == "in_batch"
    mine.refresh_from_db()
    assert mine.state == "held", "all or nothing"


def test_who_never_answered_can_be_marked_afterwards_too(place: Cast, session: Session) -> None:
    _ask(place, session, place.aino, confirmed=True)
    silent = _ask(place, session, place.eero, confirmed=False)
    with pytest.raises(Refused) as early:
        closeout.amend_presence(silent, was_there=True, by=place.coordinator, now=NOW)
    assert early.value.code == "not_closed"
    _close(session, place.sari)
    late = session.ends_at + DAY
    (line,) = closeout.amend_presence(silent, was_there=True, by=place.coordinator, now=late)
    assert (line.expert, line.amount) == (place.eero.expert, Decimal("100.00"))


def test_the_numbers_of_a_no_show_go_and_numbers_have_an_end(place: Cast, session: Session) -> None:
    mine = _ask(place, session, place.aino, confirmed=True)
    tallies.save(mine, counts={"client_before": 3}, by=place.aino.user, now=session.ends_at)
    _close(session, place.sari, not_present={mine.pk})
    assert not Tally.objects.exists()
    closed_at = session.ends_at + HOUR
    closeout.amend_presence(mine, was_there=True, by=place.coordinator, now=closed_at)
    count: dict[str, Any] = {"counts": {"client_before": 4}, "by": place.aino.user}
    tallies.save(mine, now=closed_at + tallies.OPEN_FOR, **count)
    with pytest.raises(Refused) as refused:
        tallies.save(mine, now=closed_at + tallies.OPEN_FOR + HOUR, **count)
    assert refused.value.code == "too_late"


# -- pages -------------------------------------------------------------------------------------


@pytest.fixture
def at(client: Client, time_machine: Any) -> Any:
    """`at(user, moment)`: the client of a person at a moment."""

    def sit_down(user: Any, moment: dt.datetime) -> Client:
        time_machine.move_to(moment, tick=False)
        client.force_login(user)
        return client

    return sit_down


TIMES = {"starts_time": "9.30", "ends_time": "13.30"}


def test_the_coordinator_marks_who_came_after_all(place: Cast, session: Session, at: Any) -> None:
    silent = _ask(place, session, place.eero, confirmed=False)
    clinic = at(place.sari, session.ends_at + HOUR)
    assert "Eero Kokeilu" not in clinic.get(f"/closeout/{session.pk}/").content.decode()
    page = at(place.coordinator, session.ends_at + HOUR)
    assert f"/closeout/{session.pk}/" in page.get("/closeout/").content.decode()
    assert "Eero Kokeilu" in page.get(f"/closeout/{session.pk}/").content.decode()
    assert page.post(f"/closeout/{session.pk}/", {**TIMES, "came": silent.pk}).status_code == 302
    silent.refresh_from_db()
    assert (silent.state, FeeLine.objects.get().amount) == ("held", Decimal("100.00"))


def test_the_coordinator_mends_a_no_show(place: Cast, session: Session, at: Any) -> None:
    mine = _ask(place, session, place.aino, confirmed=True)
    _close(session, place.sari, not_present={mine.pk})
    page = at(place.coordinator, session.ends_at + DAY)
    link = f"/presence/{mine.pk}/"
    assert link in page.get(f"/closeout/{session.pk}/").content.decode()
    assert "Oliko sittenkin paikalla?" in page.get(link).content.decode()
    for _press in range(2):  # the second changes nothing back
        page.post(link, {"was_there": "yes"})
    mine.refresh_from_db()
    assert (mine.state, _sum()) == ("held", Decimal("100.00"))
    assert (
        link
        not in at(place.sari, session.ends_at + DAY)
        .get(f"/closeout/{session.pk}/")
        .content.decode()
    )


def test_the_clinic_counts_people_when_it_closes(place: Cast, session: Session, at: Any) -> None:
    first = _ask(place, session, place.aino, confirmed=True)
    second = _ask(place, session, place.eero, confirmed=True)
    page = at(place.sari, session.ends_at + HOUR)
    filled = {**TIMES, "present": [first.pk, second.pk], f"counts-{first.pk}-client_before": "5"}
    wrong = page.post(
        f"/closeout/{session.pk}/", {**filled, f"counts-{second.pk}-client_after": "x"}
    )
    assert wrong.status_code == 422
    session.refresh_from_db()
    assert session.state == SessionState.OPEN
    assert page.post(f"/closeout/{session.pk}/", filled).status_code == 302
    tally = Tally.objects.get()
    assert (tally.assignment, tally.client_before, tally.counted_by) == (first, 5, place.sari)


def test_the_clinic_counts_at_its_own_units_only(place: Cast, session: Session, at: Any) -> None:
    mine = _ask(place, session, place.aino, confirmed=True)
    assert at(place.sari, session.ends_at).get(f"/shifts/{mine.pk}/tally/").status_code == 200
    assert at(place.ilkka, session.ends_at).get(f"/shifts/{mine.pk}/tally/").status_code == 404


def test_the_page_says_when_numbers_no_longer_change(
    place: Cast, session: Session, at: Any
) -> None:
    mine = _ask(place, session, place.aino, confirmed=True)
    _close(session, place.sari)
    late = at(place.aino.user, session.ends_at + tallies.OPEN_FOR + DAY)
    page = late.get(f"/shifts/{mine.pk}/tally/").content.decode()
    assert "eivät enää muutu" in page
    assert '<form method="post" id="tally-form"' not in page
    late.post(f"/shifts/{mine.pk}/tally/", {"client_before": "1"})
    assert not Tally.objects.exists()


@pytest.mark.parametrize(
    ("plan", "typed", "meant"),
    [
        ("2027-03-04 22:00", "00:15", "2027-03-05 00:15"),
        ("2027-03-05 02:00", "02:00", "2027-03-05 02:00"),
        ("2027-03-05 02:00", "23:50", "2027-03-04 23:50"),
        ("2027-03-04 23:30", "00:10", "2027-03-05 00:10"),
        ("2027-03-04 00:30", "23:45", "2027-03-03 23:45"),
        ("2027-03-04 09:30", "16:00", "2027-03-04 16:00"),
        ("2027-03-04 13:30", "01:00", "2027-03-04 01:00"),  # a slip, not a night of work
        ("2027-03-28 02:00", "23:00", "2027-03-27 23:00"),  # the night the clocks go forward
    ],
)
def test_a_time_means_the_day_nearest_the_plan(plan: str, typed: str, meant: str) -> None:
    at = local(plan).astimezone(HOME_ZONE)
    assert nearest(dt.time.fromisoformat(typed), plan=at) == local(meant)


@pytest.mark.parametrize(
    ("starts", "ends", "typed", "wanted"),
    [
        (
            "2027-03-04 22:00",
            "2027-03-05 02:00",
            ("0.15", "2.00"),
            ("2027-03-05 00:15", "2027-03-05 02:00"),
        ),
        (
            "2027-03-04 20:00",
            "2027-03-04 23:30",
            ("20", "0.10"),
            ("2027-03-04 20:00", "2027-03-05 00:10"),
        ),
        ("2027-03-04 09:30", "2027-03-04 13:30", ("12", "11"), None),
        ("2027-03-04 09:30", "2027-03-04 13:30", ("9.30", "1.00"), None),
    ],
)
def test_closing_out_across_midnight(
    place: Cast,
    at: Any,
    starts: str,
    ends: str,
    typed: tuple[str, str],
    wanted: tuple[str, str] | None,
) -> None:
    session = make_session(place.sastamala, starts)
    mine = _ask(place, session, place.aino, confirmed=True)
    Session.objects.filter(pk=session.pk).update(ends_at=local(ends))
    page = at(place.sari, local(ends) + DAY)
    filled = {"starts_time": typed[0], "ends_time": typed[1], "present": mine.pk}
    answer = page.post(f"/closeout/{session.pk}/", filled)
    session.refresh_from_db()
    if wanted is None:
        assert (answer.status_code, session.state) == (422, SessionState.OPEN)
    else:
        assert answer.status_code == 302
        assert (session.actual_starts_at, session.actual_ends_at) == tuple(map(local, wanted))
