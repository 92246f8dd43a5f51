"""Whatever the API is asked, it answers; a fault of ours is never among the answers.

The requests are drawn by schemathesis from the API's own OpenAPI document, half of them wrong on
purpose; ids are those of real rows, so that requests get past the front door.
"""

import json
import traceback
from functools import cache
from typing import Any
from urllib.parse import urlencode

import pytest
import schemathesis
from django.db import transaction
from drf_spectacular.generators import SchemaGenerator
from hypothesis import HealthCheck, given, settings
from rest_framework.test import APIClient

from billing.models import FeeLine, FeeRule
from coordination import clock
from coordination import models as places
from coordination.models import RoleGrant, User
from coordination.permissions import Role
from experts import models as people
from scheduling.models import (
    Assignment,
    Booking,
    FeedToken,
    Offer,
    PlanRun,
    PlanSeat,
    PreferredPerson,
    Series,
    Session,
    SkippedOccurrence,
)
from tests.api.conftest import Caller
from tests.api.test_lists import fill
from tests.cast import SINCE, Cast

pytestmark = pytest.mark.django_db
IDS = {
    "batches": ["2025-01-1", "2025-01-2", "2027-03-1"],
    "": [1, 2, 3, 999_999, 2**63],
}


def document() -> dict[str, Any]:
    """The OpenAPI document, with ids that exist beside some that do not."""
    found = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]  # untyped library
    for path, operations in found["paths"].items():
        ids = IDS["batches" if "/batches/" in path else ""]
        for operation in operations.values():
            for parameter in operation.get("parameters", []):
                if parameter["in"] == "path" and parameter["name"] in ("id", "number"):
                    parameter["schema"] = {"enum": ids}
    plain: dict[str, Any] = json.loads(json.dumps(found))
    return plain


@pytest.fixture
def everything(cast: Cast, calling: Caller) -> APIClient:
    """Somebody who is everything at once, so that nothing stops at the door, and some rows."""
    fill(cast, range(4))
    person = cast.aino.user
    for role in (Role.COORDINATOR, Role.FINANCE, Role.WORK_SUPERVISOR):
        RoleGrant.objects.create(user=person, role=role, starts_on=SINCE)
    RoleGrant.objects.create(
        user=person, role=Role.CLINIC_CONTACT, unit=cast.sastamala.unit, starts_on=SINCE
    )
    return calling(User.objects.get(pk=person.pk))


@cache
def operations() -> list[Any]:
    """All operations; drawing the document takes seconds, and it is the same for each test."""
    schema = schemathesis.openapi.from_dict(document())
    found: list[Any] = list(schema.get_all_operations())
    return [one.ok() for one in found]


@pytest.mark.parametrize("number", range(4))
def test_no_request_is_answered_with_a_fault(everything: APIClient, number: int) -> None:
    now = clock.now()
    known = _rows_from_one()
    faults: list[str] = []
    for operation in operations()[number::4]:

        @given(case=operation.as_strategy())
        @settings(
            max_examples=8,  # of some 150 operations
            deadline=None,
            derandomize=True,
            database=None,
            suppress_health_check=list(HealthCheck),
        )
        def ask(case: Any) -> None:
            status, asked = send(everything, case, known)
            if status >= 500:
                faults.append(f"{status}: {asked}")

        ask()
    assert faults == []
    assert clock.now() >= now


def _rows_from_one() -> dict[str, list[int]]:
    """The first ids of what `fill` made: a test's rows do not begin at one."""
    models: dict[str, Any] = {
        "activity-kinds": places.ActivityKind,
        "units": places.Unit,
        "sites": places.Site,
        "contacts": places.UnitContact,
        "spaces": places.SpaceAgreement,
        "insurances": places.InsurancePolicy,
        "agreements": places.Agreement,
        "projects": places.FundingProject,
        "organisations": places.Organisation,
        "experts": people.Expert,
        "absences": people.Absence,
        "trainings": people.Training,
        "sign-offs": people.SignOff,
        "orientations": people.Orientation,
        "supervisions": people.SupervisionSession,
        "supervision-rules": people.SupervisionRule,
        "series": Series,
        "preferred-people": PreferredPerson,
        "skipped-days": SkippedOccurrence,
        "feeds": FeedToken,
        "bookings": Booking,
        "sessions": Session,
        "assignments": Assignment,
        "offers": Offer,
        "plans": PlanRun,
        "plan-seats": PlanSeat,
        "fee-lines": FeeLine,
        "fee-rules": FeeRule,
    }
    return {
        word: list(model.objects.order_by("pk").values_list("pk", flat=True)[:3])
        for word, model in models.items()
    }


def send(client: APIClient, case: Any, known: dict[str, list[int]]) -> tuple[int, str]:
    """Ask, and undo what came of it."""
    path = case.path
    word = path.removeprefix("/api/v1/").split("/")[0]
    for name, value in (case.path_parameters or {}).items():
        rows = known.get(word, [])
        real = rows[value - 1] if isinstance(value, int) and 1 <= value <= len(rows) else value
        path = path.replace(f"{{{name}}}", str(real))
    query = urlencode(case.query or {}, doseq=True)
    body = "" if _is_unset(case.body) else json.dumps(case.body, default=str)
    client.raise_request_exception = False
    with transaction.atomic():
        answer: Any = client.generic(
            case.method.upper(),
            f"{path}?{query}" if query else path,
            body,
            content_type="application/json",
        )
        transaction.set_rollback(True)
    asked = f"{case.method} {path}?{query} {body[:300]}"
    if answer.status_code >= 500 and answer.exc_info:  # what Django's client kept of the fault
        asked += "".join(traceback.format_exception(*answer.exc_info))[-700:]
    return answer.status_code, asked


def _is_unset(body: Any) -> bool:
    return type(body).__name__ == "NotSet"
