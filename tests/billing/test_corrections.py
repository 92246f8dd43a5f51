"""A correction is paid together with what it takes back, in one batch, or not at all."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.models import Sum
from django.test import Client

from billing.models import FeeLine, FeeRule
from billing.services import batches, fee_lines
from coordination.errors import Refused
from coordination.models import Agreement, FundingProject, User
from coordination.permissions import Role
from tests.billing.conftest import NOW, MakeHeld
from tests.cast import make_user

MARCH = dt.date(2027, 3, 1)


@pytest.fixture
def paid(make_held: MakeHeld, hourly: FeeRule, agreement: Agreement, finance: User) -> FeeLine:
    """An exported line of 100 euros."""
    make_held("2027-03-04 09:30", "2027-03-04 13:30")
    (line,) = fee_lines.make_missing(fee_lines.unpaid_yet(), now=NOW)
    _pay(line, by=finance)
    line.refresh_from_db()
    return line


@pytest.fixture
def clerk(db: None) -> User:
    return make_user(role=Role.FINANCE)


def _pay(*lines: FeeLine, by: User) -> Decimal:
    """Approve these, lock and export a batch; what is in it."""
    fee_lines.approve([line.pk for line in lines], by=by, now=NOW)
    batch = batches.lock(period_on=MARCH, by=by, now=NOW)
    batches.export(batch, by=by, now=NOW)
    total: Decimal = batch.lines.aggregate(sum=Sum("amount"))["sum"]
    return total


def _corrected(paid: FeeLine, finance: User) -> tuple[FeeLine, FeeLine]:
    new = fee_lines.correct(paid, minutes=200, by=finance, now=NOW)
    return FeeLine.objects.get(reverses=paid), new


@pytest.mark.parametrize("chosen", [0, 1])
def test_either_of_the_pair_takes_the_other_along(
    paid: FeeLine, finance: User, chosen: int
) -> None:
    pair = _corrected(paid, finance)
    assert fee_lines.approve([pair[chosen].pk], by=finance, now=NOW).lines == 2
    assert _pay(by=finance) == Decimal("-16.67")
    total = FeeLine.objects.filter(state="exported").aggregate(sum=Sum("amount"))["sum"]
    assert total == Decimal("83.33")


@pytest.mark.parametrize("chosen", [0, 1])
def test_taking_the_approval_back_opens_both(paid: FeeLine, finance: User, chosen: int) -> None:
    pair = _corrected(paid, finance)
    fee_lines.approve([pair[0].pk], by=finance, now=NOW)
    fee_lines.take_back_approval(pair[chosen], by=finance, now=NOW)
    assert list(FeeLine.objects.filter(state="approved")) == []
    with pytest.raises(Refused) as refused:
        batches.lock(period_on=MARCH, by=finance, now=NOW)
    assert refused.value.code == "empty"


def test_correcting_a_correction_that_was_approved(paid: FeeLine, finance: User) -> None:
    """The reversal of the first line waits for the newest one."""
    back, new = _corrected(paid, finance)
    fee_lines.approve([new.pk], by=finance, now=NOW)
    newest = fee_lines.correct(new, minutes=180, by=finance, now=NOW)
    back.refresh_from_db()
    assert (back.state, newest.state) == ("open", "open")
    assert _pay(newest, by=finance) == Decimal("-25.00")


def test_a_correction_that_is_taken_back_leaves_only_the_reversal(
    paid: FeeLine, finance: User
) -> None:
    _back, new = _corrected(paid, finance)
    fee_lines.approve([new.pk], by=finance, now=NOW)
    fee_lines.reverse(new, by=finance, now=NOW)
    assert _pay(by=finance) == Decimal("-100.00")


def test_the_pair_waits_when_the_payer_of_one_has_moved(
    paid: FeeLine, finance: User, project: FundingProject
) -> None:
    back, new = _corrected(paid, finance)
    project.ends_on = dt.date(2027, 2, 28)
    project.save()
    assert fee_lines.approve([back.pk], by=finance, now=NOW) == fee_lines.Approved(0, moved=2)
    assert fee_lines.approve([back.pk], by=finance, now=NOW) == fee_lines.Approved(2)
    new.refresh_from_db()
    assert (back.payer_name, new.payer_name) == ("Kehittämishanke", "Pirkanmaan hyvinvointialue")


def _at_once(sql: str, *values: int) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(sql, values)


def test_the_database_refuses_one_without_the_other(paid: FeeLine, finance: User) -> None:
    _back, new = _corrected(paid, finance)
    with pytest.raises(DatabaseError, match="fee_line_goes_with_its_reversal"):
        _at_once(
            "UPDATE billing_feeline SET state = 'approved', approved_at = now(), approved_by_id = %s"
            " WHERE id = %s",
            finance.pk,
            new.pk,
        )


def test_the_database_refuses_a_second_line_while_the_first_counts(
    paid: FeeLine, finance: User
) -> None:
    paid.pk, paid.state, paid.batch, paid.corrects_id = None, "open", None, paid.pk
    paid.approved_at = paid.approved_by = None
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    with pytest.raises(DatabaseError, match="fee_line_one_counts"), transaction.atomic():
        paid.save(force_insert=True)


def test_a_fee_taken_back_by_mistake_is_made_again_on_purpose_only(
    paid: FeeLine, finance: User
) -> None:
    fee_lines.reverse(paid, by=finance, now=NOW)
    assert list(fee_lines.unpaid_yet()) == []
    again = fee_lines.unpaid_yet(taken_back=True)
    assert list(again) == [paid.assignment]
    (new,) = fee_lines.make_missing(again, now=NOW)
    assert (new.amount, new.corrects, new.state) == (Decimal("100.00"), paid, "open")
    assert list(fee_lines.unpaid_yet(taken_back=True)) == []
    assert fee_lines.make_missing([paid.assignment], now=NOW) == []
    assert _pay(new, by=finance) == Decimal("0.00")
    fee_lines.reverse(new, by=finance, now=NOW)
    (third,) = fee_lines.make_missing(fee_lines.unpaid_yet(taken_back=True), now=NOW)
    assert third.corrects == new


def test_an_open_fee_taken_back_can_be_made_again(
    make_held: MakeHeld, hourly: FeeRule, agreement: Agreement, finance: User
) -> None:
    make_held("2027-03-04 09:30", "2027-03-04 13:30")
    (line,) = fee_lines.make_missing(fee_lines.unpaid_yet(), now=NOW)
    fee_lines.reverse(line, by=finance, now=NOW)
    (again,) = fee_lines.make_missing(fee_lines.unpaid_yet(taken_back=True), now=NOW)
    assert _pay(again, by=finance) == Decimal("100.00")


def test_the_page_approves_both_and_says_so(paid: FeeLine, clerk: User, client: Client) -> None:
    back, new = _corrected(paid, clerk)
    client.force_login(clerk)
    assert f"/fees/{back.pk}/" in client.get(f"/fees/{new.pk}/").content.decode()
    answer = client.post("/fees/approve/", {"line": new.pk}, follow=True)
    assert "2 riviä hyväksytty" in answer.content.decode()
    assert not FeeLine.objects.filter(state="open").exists()


def test_a_fee_is_made_again_from_the_page(paid: FeeLine, clerk: User, client: Client) -> None:
    client.force_login(clerk)
    button = f'action="/fees/{paid.pk}/again/"'
    assert button not in client.get(f"/fees/{paid.pk}/").content.decode()
    client.post(f"/fees/{paid.pk}/again/")
    assert FeeLine.objects.count() == 1, "while the fee is there, nothing is made"
    fee_lines.reverse(paid, by=clerk, now=NOW)
    assert button in client.get(f"/fees/{paid.pk}/").content.decode()
    for _press in range(2):
        client.post(f"/fees/{paid.pk}/again/")
    new = FeeLine.objects.get(corrects=paid)
    assert (new.state, FeeLine.objects.count()) == ("open", 3)
