"""Money pages: what finance, clinics and experts do there, and what they may not."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from billing.models import FeeLine, FeeRule
from billing.services import fee_lines
from coordination.models import User
from experts.models import Expert
from scheduling.models import Assignment, AssignmentState, Session, SessionState
from tests.billing.conftest import NOW, local
from tests.cast import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def rule(cast: Cast) -> FeeRule:
    return FeeRule.objects.create(
        kind=cast.kinds["lobby_shift"],
        basis="hour",
        amount=Decimal("25.00"),
        starts_on=dt.date(2026, 1, 1),
    )


def make_session(
    cast: Cast, *, day: str = "2027-03-04", closed: bool = True, expert: Expert | None = None
) -> Assignment:
    """A lobby shift of four hours at Sastamala, by default closed out."""
    times = {
        "starts_at": local(f"{day} 09:30"),
        "ends_at": local(f"{day} 13:30"),
    }
    closing = {
        "state": SessionState.CLOSED,
        "actual_starts_at": times["starts_at"],
        "actual_ends_at": times["ends_at"],
        "closed_at": NOW,
        "closed_by": cast.coordinator,
    }
    session = Session.objects.create(
        kind=cast.kinds["lobby_shift"],
        unit=cast.sastamala.unit,
        site=cast.sastamala.lobby,
        **times,
        **(closing if closed else {"state": SessionState.OPEN}),
    )
    return Assignment.objects.create(
        session=session,
        expert=expert or cast.aino.expert,
        seat=1,
        state=AssignmentState.HELD if closed else AssignmentState.CONFIRMED,
        proposed_at=NOW,
        changed_at=NOW,
    )


@pytest.fixture
def line(cast: Cast, rule: FeeRule) -> FeeLine:
    make_session(cast)
    (made,) = fee_lines.make_missing(fee_lines.unpaid_yet(), now=NOW)
    return made


def sign_in(client: Client, user: User) -> Client:
    client.force_login(user)
    return client


def test_finance_approves_locks_exports_and_downloads(
    cast: Cast, client: Client, line: FeeLine, time_machine: Any
) -> None:
    time_machine.move_to(NOW, tick=False)
    sign_in(client, cast.finance)
    page = client.get("/fees/").content.decode()
    assert "Aino Testilä" in page
    assert "100,00" in page
    assert client.post("/fees/approve/", {"line": [line.pk]}).status_code == 302
    asked = client.get("/batches/lock/2027-03/").content.decode()
    assert "100,00" in asked
    assert client.post("/batches/lock/2027-03/").headers["Location"] == "/batches/2027-03-1/"
    client.post("/batches/2027-03-1/export/")
    first = client.get("/batches/2027-03-1/csv/")
    client.post("/batches/2027-03-1/export/")
    again = client.get("/batches/2027-03-1/csv/")
    assert first.content == again.content
    assert "100,00" in first.content.decode("utf-8-sig")
    assert first.headers["Content-Disposition"] == 'attachment; filename="vuoro-2027-03-1.csv"'
    assert client.get("/batches/2027-03-1/").status_code == 200
    assert client.get(f"/fees/{line.pk}/").status_code == 200


def test_a_correction_shows_both_lines(cast: Cast, client: Client, line: FeeLine) -> None:
    sign_in(client, cast.finance)
    answer = client.post(f"/fees/{line.pk}/correct/", {"hours": "3", "minutes": "0"})
    assert answer.status_code == 302
    line.refresh_from_db()
    assert line.state == "reversed"
    assert FeeLine.objects.get(state="open").amount == Decimal("75.00")


@pytest.mark.parametrize("hours", ["", "0", "-1", "25", "abc"])
def test_a_strange_correction_says_so_and_changes_nothing(
    cast: Cast, client: Client, line: FeeLine, hours: str
) -> None:
    sign_in(client, cast.finance)
    answer = client.post(f"/fees/{line.pk}/correct/", {"hours": hours, "minutes": "0"})
    assert answer.status_code == 422
    assert FeeLine.objects.count() == 1


def test_a_new_rule_ends_the_one_before(cast: Cast, client: Client, rule: FeeRule) -> None:
    sign_in(client, cast.finance)
    typed = {
        "kind": rule.kind_id,
        "basis": "hour",
        "amount": "27,50",
        "income_type": "216",
        "starts_on": "1.12.2026",
    }
    assert client.post("/fee-rules/new/", typed).status_code == 302
    rule.refresh_from_db()
    assert rule.ends_on == dt.date(2026, 11, 30)
    assert FeeRule.objects.get(ends_on=None).amount == Decimal("27.50")
    again = client.post("/fee-rules/new/", {**typed, "amount": "28"})
    assert again.status_code == 422
    assert FeeRule.objects.count() == 2


def test_a_rule_used_by_a_line_stays(cast: Cast, client: Client, line: FeeLine) -> None:
    sign_in(client, cast.finance)
    client.post(f"/fee-rules/{line.rule_id}/remove/")
    assert FeeRule.objects.filter(pk=line.rule_id).exists()


def test_the_clinic_records_its_own_session_only(
    cast: Cast, client: Client, rule: FeeRule, time_machine: object
) -> None:
    time_machine.move_to("2027-03-05T09:00+02:00")  # type: ignore[attr-defined]
    assignment = make_session(cast, closed=False)
    address = f"/closeout/{assignment.session_id}/"
    typed = {"starts_time": "9.30", "ends_time": "13", "present": [str(assignment.pk)]}
    assert sign_in(client, cast.ilkka).get(address).status_code == 404
    assert client.post(address, typed).status_code == 404
    sign_in(client, cast.sari)
    assert "Aino Testilä" in client.get(address).content.decode()
    wrong = client.post(address, {**typed, "ends_time": "9"})
    assert wrong.status_code == 422
    assert client.post(address, typed).status_code == 302
    line = FeeLine.objects.get()
    assert (line.minutes, line.amount) == (210, Decimal("87.50"))
    assert client.post(address, typed).status_code == 422  # the second click is told so
    assert FeeLine.objects.count() == 1


def test_who_did_not_come_is_not_paid(
    cast: Cast, client: Client, rule: FeeRule, time_machine: object
) -> None:
    time_machine.move_to("2027-03-05T09:00+02:00")  # type: ignore[attr-defined]
    assignment = make_session(cast, closed=False)
    sign_in(client, cast.sari)
    client.post(
        f"/closeout/{assignment.session_id}/", {"starts_time": "9.30", "ends_time": "13.30"}
    )
    assignment.refresh_from_db()
    assert assignment.state == AssignmentState.NO_SHOW
    assert not FeeLine.objects.exists()


def test_experts_see_their_own_fees_only(cast: Cast, client: Client, line: FeeLine) -> None:
    assert "100,00" in sign_in(client, cast.aino.user).get("/earnings/").content.decode()
    assert "100,00" not in sign_in(client, cast.eero.user).get("/earnings/").content.decode()
    assert client.get(f"/fees/{line.pk}/").status_code == 403
