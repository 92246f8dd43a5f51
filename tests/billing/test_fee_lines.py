"""Fee lines: made once, approved once, corrected by new lines, never changed."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction

from billing.models import FeeLine, FeeRule, PayBatch
from billing.services import batches, fee_lines
from coordination.errors import Refused
from coordination.models import Agreement, FundingProject, User
from experts.models import Expert
from scheduling.models import Assignment, AssignmentState
from tests.billing.conftest import NOW, MakeHeld


def make_all() -> list[FeeLine]:
    return fee_lines.make_missing(fee_lines.unpaid_yet(), now=NOW)


@pytest.fixture
def held(make_held: MakeHeld, hourly: FeeRule, agreement: Agreement) -> Assignment:
    return make_held("2027-03-04 09:30", "2027-03-04 13:30")


@pytest.fixture
def line(held: Assignment) -> FeeLine:
    (made,) = make_all()
    return made


def test_a_held_assignment_gets_one_line_with_everything_copied(
    line: FeeLine, held: Assignment, hourly: FeeRule, project: FundingProject, aino: Expert
) -> None:
    line.refresh_from_db()
    assert line.amount == Decimal("100.00")
    assert (line.minutes, line.rate, line.basis, line.income_type) == (
        240,
        Decimal("25.00"),
        "hour",
        "216",
    )
    assert (line.expert, line.session_on, line.rule) == (aino, dt.date(2027, 3, 4), hourly)
    assert (line.project, line.payer_name, line.cost_centre) == (
        project,
        "Kehittämishanke",
        "S21275",
    )
    assert make_all() == []


@pytest.mark.parametrize(
    ("starts", "ends", "minutes"),
    [
        ("2027-03-27 23:00", "2027-03-28 04:00", 240),  # clocks go forward in the night
        ("2027-10-30 23:00", "2027-10-31 04:00", 360),  # and back
        ("2027-03-04 23:00", "2027-03-05 04:00", 300),
    ],
)
def test_paid_minutes_are_real_minutes(
    make_held: MakeHeld,
    hourly: FeeRule,
    agreement: Agreement,
    starts: str,
    ends: str,
    minutes: int,
) -> None:
    make_held(starts, ends)
    (made,) = make_all()
    assert made.minutes == minutes
    assert made.session_on == dt.date.fromisoformat(starts[:10])


def test_no_line_for_volunteers_unpaid_kinds_no_shows_and_without_a_rule(
    make_held: MakeHeld, aino: Expert, agreement: Agreement, hourly: FeeRule
) -> None:
    make_held("2027-03-01 09:00", "2027-03-01 12:00", state=AssignmentState.NO_SHOW)
    volunteer = Expert.objects.create(name="Veikko Vapaaehtoinen", is_volunteer=True)
    make_held("2027-03-02 09:00", "2027-03-02 12:00", expert=volunteer)
    before_the_rule = make_held("2025-12-31 09:00", "2025-12-31 12:00")
    assert make_all() == []
    assert list(fee_lines.unpaid_yet()) == [before_the_rule]


def test_moving_the_end_of_a_project_moves_open_lines_only(
    make_held: MakeHeld, line: FeeLine, project: FundingProject, finance: User
) -> None:
    make_held("2027-03-05 09:00", "2027-03-05 12:00")
    (later,) = make_all()
    assert fee_lines.approve([line.pk], by=finance, now=NOW).lines == 1
    project.ends_on = dt.date(2027, 2, 28)
    project.save()
    assert fee_lines.resolve_payers_again(FeeLine.objects.all()) == 1
    line.refresh_from_db()
    later.refresh_from_db()
    assert line.payer_name == "Kehittämishanke"
    assert (later.payer_name, later.cost_centre, later.project) == (
        "Pirkanmaan hyvinvointialue",
        "4100",
        None,
    )


def test_a_line_whose_payer_has_moved_is_shown_again_before_it_is_approved(
    line: FeeLine, project: FundingProject, finance: User
) -> None:
    project.ends_on = dt.date(2027, 2, 28)
    project.save()
    assert fee_lines.approve([line.pk], by=finance, now=NOW) == fee_lines.Approved(lines=0, moved=1)
    line.refresh_from_db()
    assert (line.state, line.payer_name) == ("open", "Pirkanmaan hyvinvointialue")
    assert fee_lines.approve([line.pk], by=finance, now=NOW) == fee_lines.Approved(lines=1)
    assert fee_lines.approve([line.pk], by=finance, now=NOW) == fee_lines.Approved(lines=0)
    line.refresh_from_db()
    assert (line.state, line.approved_by, line.payer_name) == (
        "approved",
        finance,
        "Pirkanmaan hyvinvointialue",
    )


def test_an_approval_can_be_taken_back_until_the_batch_is_locked(
    line: FeeLine, finance: User
) -> None:
    fee_lines.approve([line.pk], by=finance, now=NOW)
    assert fee_lines.take_back_approval(line, by=finance, now=NOW).state == "open"
    fee_lines.approve([line.pk], by=finance, now=NOW)
    batches.lock(period_on=dt.date(2027, 3, 1), by=finance, now=NOW)
    with pytest.raises(Refused) as refused:
        fee_lines.take_back_approval(line, by=finance, now=NOW)
    assert refused.value.code == "in_batch"


def test_reversing_an_open_line_leaves_nothing_to_pay(line: FeeLine, finance: User) -> None:
    back = fee_lines.reverse(line, by=finance, now=NOW)
    line.refresh_from_db()
    assert (line.state, back.state, back.amount, back.reverses) == (
        "reversed",
        "reversed",
        Decimal("-100.00"),
        line,
    )
    for one in (line, back):
        with pytest.raises(Refused):
            fee_lines.reverse(one, by=finance, now=NOW)


def test_correcting_an_exported_line_adds_two_lines_and_leaves_it(
    line: FeeLine, finance: User
) -> None:
    fee_lines.approve([line.pk], by=finance, now=NOW)
    batch = batches.lock(period_on=dt.date(2027, 3, 1), by=finance, now=NOW)
    with pytest.raises(Refused) as waits:
        fee_lines.correct(line, minutes=180, by=finance, now=NOW)
    assert waits.value.code == "in_batch"
    batches.export(batch, by=finance, now=NOW)
    new = fee_lines.correct(line, minutes=180, by=finance, now=NOW)
    line.refresh_from_db()
    back = line.reversed_by
    assert (line.state, line.amount) == ("exported", Decimal("100.00"))
    assert (back.state, back.amount) == ("open", Decimal("-100.00"))
    assert (new.state, new.amount, new.corrects) == ("open", Decimal("75.00"), line)
    assert make_all() == []
    assert sum(one.amount for one in FeeLine.objects.all()) == Decimal("75.00")


@pytest.mark.parametrize("minutes", [0, -5, 1441])
def test_a_correction_with_strange_minutes_changes_nothing(
    line: FeeLine, finance: User, minutes: int
) -> None:
    with pytest.raises(Refused):
        fee_lines.correct(line, minutes=minutes, by=finance, now=NOW)
    line.refresh_from_db()
    assert line.state == "open"
    assert FeeLine.objects.count() == 1


@pytest.mark.parametrize(
    ("state", "change"),
    [
        ("open", "amount = 1"),
        ("open", "minutes = 1"),
        ("open", "rate = 1"),
        ("open", "session_on = '2027-01-01'"),
        ("approved", "payer_name = 'muu'"),
        ("approved", "cost_centre = 'x'"),
        ("exported", "state = 'open'"),
        ("exported", "approved_at = now()"),
        ("exported", "batch_id = NULL"),
        ("locked", "batch_id = NULL"),
    ],
)
def test_the_database_says_no(line: FeeLine, finance: User, state: str, change: str) -> None:
    if state != "open":
        fee_lines.approve([line.pk], by=finance, now=NOW)
    if state in ("locked", "exported"):
        batch = batches.lock(period_on=dt.date(2027, 3, 1), by=finance, now=NOW)
        if state == "exported":
            batches.export(batch, by=finance, now=NOW)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE billing_feeline SET " + change)  # noqa: S608 — the table above


def test_lines_and_locked_batches_are_never_deleted(line: FeeLine, finance: User) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        FeeLine.objects.all().delete()
    fee_lines.approve([line.pk], by=finance, now=NOW)
    batches.lock(period_on=dt.date(2027, 3, 1), by=finance, now=NOW)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE billing_feeline SET batch_id = NULL; DELETE FROM billing_paybatch")
    assert PayBatch.objects.count() == 1
