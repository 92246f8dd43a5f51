"""Fee lines, batches and files stay as long as bookkeeping asks, and then nobody knows who was paid."""

import datetime as dt

import pytest
from django.db import DatabaseError, transaction

from billing.models import BatchExport, FeeLine, FeeRule, PayBatch
from billing.services import batches, fee_lines
from coordination import retention
from coordination.models import Agreement, User
from coordination.permissions import Role
from coordination.retention_policy import REMOVED
from experts.models import Expert, ExpertStatus
from tests.billing.conftest import NOW, MakeHeld, local

MARCH = dt.date(2027, 3, 1)


@pytest.fixture
def exported(make_held: MakeHeld, hourly: FeeRule, agreement: Agreement, finance: User) -> FeeLine:
    """A fee of March 2027, sent to payroll in April."""
    make_held("2027-03-04 09:30", "2027-03-04 13:30")
    (line,) = fee_lines.make_missing(fee_lines.unpaid_yet(), now=NOW)
    fee_lines.approve([line.pk], by=finance, now=NOW)
    batches.export(batches.lock(period_on=MARCH, by=finance, now=NOW), by=finance, now=NOW)
    return FeeLine.objects.get()


def counts() -> tuple[int, int, int]:
    return FeeLine.objects.count(), BatchExport.objects.count(), PayBatch.objects.count()


def test_a_paid_fee_stays_to_the_end_of_the_sixth_year_and_goes_with_its_file(
    exported: FeeLine,
) -> None:
    retention.apply(now=local("2033-12-31 23:59"))
    assert counts() == (1, 2, 1)
    retention.apply(now=local("2034-01-01 00:00"))
    assert counts() == (0, 0, 0)
    for model in (FeeLine, PayBatch):
        past = retention.history_of(model)
        assert past is not None
        assert not past._default_manager.exists()


def test_nobody_else_may_delete_what_the_job_may(exported: FeeLine) -> None:
    retention.apply(now=local("2033-12-31 23:59"))
    for row in (exported, BatchExport.objects.all()[0], PayBatch.objects.get()):
        with pytest.raises(DatabaseError), transaction.atomic():
            type(row)._base_manager.filter(pk=row.pk)._raw_delete(
                using="default"
            )  # past Django's own guard


def test_a_fee_paid_in_the_next_year_stays_with_that_year(
    make_held: MakeHeld, hourly: FeeRule, agreement: Agreement, finance: User
) -> None:
    make_held("2027-12-30 09:30", "2027-12-30 13:30")
    paid_at = local("2028-01-04 09:00")
    (line,) = fee_lines.make_missing(fee_lines.unpaid_yet(), now=paid_at)
    fee_lines.approve([line.pk], by=finance, now=paid_at)
    batch = batches.lock(period_on=dt.date(2027, 12, 1), by=finance, now=paid_at)
    batches.export(batch, by=finance, now=paid_at)
    retention.apply(now=local("2034-06-01 03:20"))
    assert counts() == (1, 2, 1)
    retention.apply(now=local("2035-01-01 03:20"))
    assert counts() == (0, 0, 0)


def test_a_corrected_fee_goes_after_its_correction(exported: FeeLine, finance: User) -> None:
    paid_at = local("2028-01-04 09:00")
    fee_lines.correct(exported, minutes=180, by=finance, now=paid_at)
    fee_lines.approve(
        list(FeeLine.objects.filter(state="open").values_list("pk", flat=True)),
        by=finance,
        now=paid_at,
    )
    batch = batches.lock(period_on=dt.date(2027, 12, 1), by=finance, now=paid_at)
    batches.export(batch, by=finance, now=paid_at)
    retention.apply(now=local("2034-01-01 03:20"))
    assert FeeLine.objects.count() == 3
    retention.apply(now=local("2035-01-01 03:20"))
    retention.apply(now=local("2035-01-02 03:20"))
    assert counts() == (0, 0, 0)


def test_a_reversed_fee_that_was_never_paid_goes_too(
    make_held: MakeHeld, hourly: FeeRule, agreement: Agreement, finance: User
) -> None:
    make_held("2027-03-04 09:30", "2027-03-04 13:30")
    (line,) = fee_lines.make_missing(fee_lines.unpaid_yet(), now=NOW)
    fee_lines.reverse(line, by=finance, now=NOW)
    retention.apply(now=local("2033-12-31 23:59"))
    assert FeeLine.objects.count() == 2
    for day in ("2034-01-01 03:20", "2034-01-02 03:20"):
        retention.apply(now=local(day))
    assert FeeLine.objects.count() == 0


def test_the_name_stays_as_long_as_a_fee_does(exported: FeeLine, aino: Expert) -> None:
    user = User.objects.create_user("aino@example.org", name="Aino Testilä")
    user.role_grants.create(role=Role.EXPERT, starts_on=MARCH)
    Expert.objects.filter(pk=aino.pk).update(
        user=user, status=ExpertStatus.ENDED, ended_on=MARCH, phone="+358401234567"
    )
    retention.apply(now=local("2033-12-31 03:20"))
    aino.refresh_from_db()
    user.refresh_from_db()
    assert (aino.name, aino.payroll_number, aino.phone) == ("Aino Testilä", "1001", "")
    assert user.email.endswith(REMOVED)
    retention.apply(now=local("2034-01-01 03:20"))
    aino.refresh_from_db()
    assert (aino.name, aino.payroll_number) == ("–", "")
    assert aino.assignments.filter(state="held").count() == 1
    past = retention.history_of(Expert)
    assert past is not None
    assert {row["name"] for row in past._default_manager.values("name")} == {"–"}
