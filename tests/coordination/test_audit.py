"""The audit sees every way of writing, says who and where, and keeps personal data out of the where."""

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from coordination import clock
from coordination.models import InsurancePolicy, PersonalDataView, Unit
from coordination.queries import audit
from coordination.queries.traces import views_of
from coordination.services import traces
from tests.cast import Cast


def changes(what: str, **filters: Any) -> list[tuple[str, dict[str, tuple[str, str]]]]:
    """Label and columns (before, after) of what was changed, the newest first."""
    return [
        (entry.label, {c.column: (c.before, c.after) for c in entry.changes})
        for entry in audit.read(audit.entries(what=what, **filters))
    ]


def test_a_saved_a_bulk_and_a_raw_change_are_all_seen(cast: Cast) -> None:
    unit = cast.nokia.unit
    unit.cost_centre = "1"
    unit.save()
    Unit.objects.filter(pk=unit.pk).update(cost_centre="2")
    unit.cost_centre = "3"
    Unit.objects.bulk_update([unit], ["cost_centre"])
    with connection.cursor() as cursor:
        cursor.execute("UPDATE coordination_unit SET cost_centre = '4' WHERE id = %s", [unit.pk])

    found = changes("coordination.unit")[:4]

    assert [change["Kustannuspaikka"] for _label, change in found] == [
        *(("3", "4"), ("2", "3"), ("1", "2"), ("4102", "1"))
    ]


def test_deletions_and_links_are_seen(cast: Cast) -> None:
    cast.nokia.agreement.kinds.remove(cast.kinds["talk"])
    InsurancePolicy.objects.filter(pk=cast.nokia.insurance.pk).delete()

    assert changes("coordination.insurancepolicy")[0][0] == "delete"
    assert changes("coordination.agreementkind")[0][0] == "kinds.remove"


def test_who_and_where_without_personal_data(cast: Cast) -> None:
    client = Client()
    client.force_login(cast.coordinator)
    client.post(
        reverse("insurance_edit", args=[cast.nokia.insurance.pk]),
        {"insurer": "Pohjola", "policy_number": "T-1", "starts_on": "1.1.2020"},
        headers={"x-request-id": "abcdefgh-1234"},
    )

    [entry] = audit.read(audit.entries(what="coordination.insurancepolicy", who="Kaisa"))

    assert entry.by == cast.coordinator
    assert (entry.url_name, entry.request_id) == ("insurance_edit", "abcdefgh-1234")
    assert entry.where == "Yksiköt"
    event = audit._tables()["coordination.insurancepolicy"]._default_manager.get(insurer="Pohjola")
    assert set(event.pgh_context.metadata) == {"user", "url", "url_name", "request_id"}  # type: ignore[attr-defined]
    assert cast.coordinator.email not in str(event.pgh_context.metadata)  # type: ignore[attr-defined]


def test_an_invitations_token_is_not_in_the_audit(cast: Cast) -> None:
    """The address of the request is written down; the token in it is scrubbed."""
    from tests.coordination.people.test_invitations import invite, token_in_last_mail

    invite(cast, now=clock.now())
    token = token_in_last_mail()
    Client().post(f"/invitations/{token}/", {"name": "Uusi", "language": "fi"})

    with connection.cursor() as cursor:
        cursor.execute("SELECT metadata::text FROM pghistory_context")
        written = str(cursor.fetchall())
    assert "[token]" in written
    assert token not in written


def test_filters_by_who_and_when(cast: Cast) -> None:
    now = clock.now()
    hour = dt.timedelta(hours=1)

    assert list(audit.entries(what="coordination.unit", who="nobody here")) == []
    assert len(audit.entries(what="coordination.unit", since=now - hour, until=now + hour)) == 3
    assert list(audit.entries(what="coordination.unit", since=now + hour)) == []
    assert list(audit.entries(what="coordination.unit", until=now - hour)) == []


def test_the_audit_of_a_persons_data_counts_as_a_look(cast: Cast) -> None:
    client = Client()
    client.force_login(cast.administrator)

    client.get("/audit/?what=experts.expert")

    looks = views_of(subject_kind="expert", subject_id=cast.aino.expert.pk)
    assert [(look.viewer, look.page) for look in looks] == [(cast.administrator, "audit")]


@pytest.mark.parametrize(
    ("minutes", "rows"), [(0, 1), (59, 1), (60, 2)], ids=["at once", "same hour", "next hour"]
)
def test_a_look_is_logged_once_an_hour(cast: Cast, minutes: int, rows: int) -> None:
    first = dt.datetime(2027, 3, 2, 7, 0, tzinfo=dt.UTC)
    for moment in (first, first + dt.timedelta(minutes=minutes)):
        traces.looked_at(
            subject_kind="expert",
            subject_id=1,
            viewer=cast.coordinator,
            page="experts:detail",
            now=moment,
        )

    assert PersonalDataView.objects.count() == rows


def test_another_page_person_or_viewer_is_another_look(cast: Cast) -> None:
    now = clock.now()
    for viewer in (cast.coordinator, cast.administrator):
        for page in ("a", "b"):
            for subject_id in (1, 2):
                traces.looked_at(
                    subject_kind="expert", subject_id=subject_id, viewer=viewer, page=page, now=now
                )

    assert PersonalDataView.objects.count() == 8
