"""Whoever sees an expert's data is written into the log which that expert reads: every address, every role.

Aino is given data nobody else has. An answer that shows any of it to somebody else must have left a row
in her log, whatever page it is: a new page that forgets to is found here. Lists that show no such value but tell
how people stand are asked one by one below. What is no look, and why: docs/data-protection.md, "Who looked".
"""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.apps import apps
from django.db import models
from django.test import Client
from django.urls import reverse

from api import looks as api_looks
from billing.models import FeeBasis, FeeRule
from billing.services import batches, closeout, fee_lines
from coordination import clock
from coordination.models import OutboxMessage, PersonalDataView, User
from coordination.services import traces
from experts.models import Absence, Expert, Training
from experts.queries import looks
from scheduling.models import Assignment, Session
from scheduling.services import assignments
from tests.cast import SINCE, Cast
from tests.contracts.routes.table import PEOPLE, Row
from tests.contracts.test_routes import TABLE, undone
from tests.scheduling.makers import HOUR, NOW, local, make_ready, make_session

MARKS = {
    "phone": "+358449990001",
    "email": "salainen.osoite@example.org",
    "themes": "aivan omat kokemuksen sanat",
    "wishes": "toive jota muilla ei ole",
    "payroll_number": "98761",
}
SPACED = {"+358 44 999 0001", "0449990001"}


@pytest.fixture(autouse=True)
def _monday(time_machine: Any) -> None:
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def marked(cast: Cast) -> Cast:
    """Aino has values nobody else has."""
    Expert.objects.filter(pk=cast.aino.expert.pk).update(**MARKS, themes_shown_to_units=False)
    cast.aino.expert.refresh_from_db()
    return cast


def shows(content: str) -> set[str]:
    return {value for value in (*MARKS.values(), *SPACED) if value in content}


def seen_by(user: User, cast: Cast) -> bool:
    return looks.views_of(cast.aino.expert).filter(viewer=user).exists()


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.name)
def test_who_sees_data_leaves_a_trace(row: Row, marked: Cast) -> None:
    arguments = row.own(marked) if row.own else []
    url = reverse(row.name, args=arguments)
    for letter, name in PEOPLE.items():
        user = marked.everybody[name]
        if letter == "E":
            continue
        client = Client()
        client.force_login(user)
        with undone():
            response = client.get(url)
            body = b"".join(response) if response.streaming else response.content
            found = shows(body.decode(errors="replace"))
            assert not found or seen_by(user, marked), (row.name, letter, found)
            unnamed = PersonalDataView.objects.exclude(page__in=looks.PAGES)
            assert not unnamed.exists(), (row.name, letter, unnamed[0].page)


def test_the_marks_would_be_seen(marked: Cast) -> None:
    client = Client()
    client.force_login(marked.coordinator)
    page = client.get(reverse("experts:detail", args=[marked.aino.expert.pk])).content.decode()
    assert len(shows(page)) >= 4


# -- lists that tell how people stand ------------------------------------------------------------


@pytest.fixture
def lived(marked: Cast, time_machine: Any) -> Session:
    """Aino held a session and was paid; another session has an open seat."""
    kind = marked.kinds["lobby_shift"]
    make_ready([marked.aino.expert], units=[marked.sastamala.unit], kinds=[kind])
    FeeRule.objects.create(kind=kind, basis=FeeBasis.HOUR, amount=Decimal(25), starts_on=SINCE)
    held = make_session(marked.sastamala)
    expert = Expert.objects.get(pk=marked.aino.expert.pk)
    made = assignments.propose(held, expert=expert, overrules={}, by=marked.coordinator, now=NOW)
    assignments.confirm(made, by=marked.aino.user, now=NOW + HOUR)
    after = local("2027-03-05 12:00")
    time_machine.move_to(after, tick=False)
    closeout.close_out(
        held,
        actual_starts_at=held.starts_at,
        actual_ends_at=held.ends_at,
        not_present=set(),
        by=marked.coordinator,
        now=after,
    )
    fee_lines.approve(
        list(expert.fee_lines.values_list("pk", flat=True)), by=marked.finance, now=after
    )
    batch = batches.lock(period_on=dt.date(2027, 3, 1), by=marked.finance, now=after)
    batches.export(batch, by=marked.finance, now=after)
    Absence.objects.create(
        expert=expert, starts_on=dt.date(2027, 4, 1), ends_on=dt.date(2027, 4, 2)
    )
    Training.objects.create(expert=expert, name="Koulutus", completed_on=SINCE)
    PersonalDataView.objects.all().delete()
    return make_session(marked.sastamala, "2027-03-11 09:30")


def line(cast: Cast) -> int:
    return int(cast.aino.expert.fee_lines.get().pk)


VIEWS: dict[str, tuple[str, Callable[[Cast, Session], str], str]] = {
    "register": ("coordinator", lambda c, s: reverse("experts:list"), "experts:list"),
    "export": ("coordinator", lambda c, s: reverse("experts:export"), "experts:export"),
    "candidates": (
        "coordinator",
        lambda c, s: reverse("scheduling:session", args=[s.pk]),
        "scheduling:candidates",
    ),
    "choosing": (
        "coordinator",
        lambda c, s: reverse("scheduling:assign", args=[s.pk, c.aino.expert.pk]),
        "scheduling:candidates",
    ),
    "fees": ("finance", lambda c, s: reverse("billing:lines"), "billing:lines"),
    "fee": ("finance", lambda c, s: reverse("billing:line", args=[line(c)]), "billing:lines"),
    "batch": (
        "finance",
        lambda c, s: reverse("billing:batch", args=["2027-03-1"]),
        "billing:lines",
    ),
    "file": (
        "finance",
        lambda c, s: reverse("billing:download", args=["2027-03-1", "csv"]),
        "billing:download",
    ),
    "audit": ("administrator", lambda c, s: "/audit/?what=experts.absence", "audit"),
    "account": ("administrator", lambda c, s: f"/people/{c.aino.user.pk}/", "person"),
    "message": (
        "administrator",
        lambda c, s: reverse("message", args=[mail_of(c.aino.user)]),
        "message",
    ),
    "api register": ("coordinator", lambda c, s: "/api/v1/experts/", "api"),
    "api expert": ("coordinator", lambda c, s: f"/api/v1/experts/{c.aino.expert.pk}/", "api"),
    "api absences": ("coordinator", lambda c, s: "/api/v1/absences/", "api"),
    "api candidates": ("coordinator", lambda c, s: f"/api/v1/sessions/{s.pk}/candidates/", "api"),
    "api fees": ("finance", lambda c, s: "/api/v1/fee-lines/", "api:fees"),
    "api file": ("finance", lambda c, s: "/api/v1/batches/2027-03-1/files/csv/", "api:fees"),
}


def mail_of(user: User) -> int:
    return int(OutboxMessage.objects.filter(recipient=user)[0].pk)


@pytest.mark.parametrize("name", VIEWS)
def test_a_look_is_in_the_log_of_that_person_with_its_words(
    name: str, marked: Cast, lived: Session
) -> None:
    who, address, page = VIEWS[name]
    client = Client()
    client.force_login(marked.everybody[who])
    assert client.get(address(marked, lived)).status_code == 200
    (look,) = looks.views_of(marked.aino.expert)
    assert (look.viewer, look.page) == (marked.everybody[who], page)
    assert page in looks.PAGES


def test_ones_own_data_through_the_api_is_no_look(marked: Cast, lived: Session) -> None:
    client = Client()
    client.force_login(marked.aino.user)
    for address in ("/api/v1/absences/", "/api/v1/fee-lines/", "/api/v1/assignments/"):
        answer = client.get(address)
        assert answer.json()["results"], address
    assert not PersonalDataView.objects.exists()


def test_names_on_a_board_are_no_look(marked: Cast, lived: Session) -> None:
    held = Assignment.objects.get().session
    for who, address in (
        ("coordinator", reverse("scheduling:board") + "?week=2027-W09"),
        ("sari", reverse("scheduling:session", args=[held.pk])),
        ("coordinator", "/api/v1/assignments/"),
    ):
        client = Client()
        client.force_login(marked.everybody[who])
        answer = client.get(address)
        assert (answer.status_code, "Aino" in answer.content.decode()) == (200, True), address
    assert not PersonalDataView.objects.exists()


def test_the_person_reads_the_log_in_words(marked: Cast) -> None:
    for page in looks.PAGES:
        traces.looked_at(
            subject_kind="expert",
            subject_id=marked.aino.expert.pk,
            viewer=marked.coordinator,
            page=page,
            now=clock.now(),
        )
    client = Client()
    client.force_login(marked.aino.user)
    log = client.get(reverse("experts:own_access_log")).content.decode()
    assert log.count("Kaisa Koordinaattori: ") == len(looks.PAGES)
    assert "muut tiedot" not in log


def test_every_row_of_the_api_about_an_expert_is_a_look_or_is_known_not_to_be() -> None:
    """A new serializer of a table that points at an expert must be decided on in api/looks.py."""
    from rest_framework.serializers import ModelSerializer

    decided = {*api_looks.PERSONAL, *api_looks.NAMES_ONLY}
    shown: set[Any] = set()
    waiting = list(ModelSerializer.__subclasses__())
    while waiting:
        found = waiting.pop()
        waiting += found.__subclasses__()
        if found.__module__.startswith("api.") and hasattr(found, "Meta"):
            shown.add(found.Meta.model)
    about = {
        model
        for model in shown
        if model is Expert
        or any(
            isinstance(column, models.ForeignKey) and column.related_model is Expert
            for column in model._meta.fields
        )
    }
    assert about - decided == set()
    assert apps.get_model("billing.FeeLine") in about
