"""The rule of how often supervision is due: seen, changed from a day on, never backwards."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from coordination.errors import Refused
from coordination.queries import audit
from experts.models import Expert, SupervisionRule
from experts.queries import supervision
from experts.services import supervision_rules
from tests.cast import Cast
from tests.experts.makers import local, make_shift

NOW = dt.datetime(2027, 3, 1, 8, tzinfo=dt.UTC)
TODAY = dt.date(2027, 3, 1)
PAGE = "/supervision/rules/"


@pytest.fixture(autouse=True)
def _monday(time_machine: Any) -> None:
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def page(cast: Cast, client: Client) -> Client:
    client.force_login(cast.coordinator)
    return client


def rule(weeks: int = 6, shifts: int = 5, day: str = "1.3.2027") -> dict[str, str]:
    return {"max_weeks": str(weeks), "max_sessions": str(shifts), "starts_on": day}


def due_on(expert: Expert, today: dt.date = TODAY) -> dt.date | None:
    return supervision.due([expert], today=today)[expert.pk].due_on


def test_the_default_is_told_and_a_new_rule_moves_who_is_due(cast: Cast, page: Client) -> None:
    aino = cast.aino.expert
    for number in range(5):
        make_shift(aino, local(2027, 2, 1 + number, 9))
    assert "vähintään 8 viikon välein tai 10" in page.get(PAGE).content.decode()
    assert due_on(aino) == dt.date(2027, 3, 29)
    assert page.post(PAGE, rule()).status_code == 302
    assert due_on(aino) == dt.date(2027, 2, 5)
    assert "vähintään 6 viikon välein tai 5" in page.get(PAGE).content.decode()


def test_a_rule_to_come_changes_nothing_before_its_day(cast: Cast, page: Client) -> None:
    make_shift(cast.aino.expert, local(2027, 2, 1, 9))
    page.post(PAGE, rule(weeks=4, day="1.4.2027"))
    assert due_on(cast.aino.expert) == dt.date(2027, 3, 29)
    assert due_on(cast.aino.expert, dt.date(2027, 4, 1)) == dt.date(2027, 3, 1)


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        (rule(day="28.2.2027"), "Valitse tämä päivä tai myöhempi."),
        (rule(weeks=0), "id_max_weeks_error"),
        (rule(shifts=0), "id_max_sessions_error"),
        (rule(weeks=99999), "id_max_weeks_error"),
        (rule(day="31.2.2027"), "id_starts_on_error"),
        ({}, "id_max_weeks_error"),
    ],
)
def test_what_cannot_be_is_said_and_nothing_is_saved(
    page: Client, typed: dict[str, str], says: str
) -> None:
    answer = page.post(PAGE, typed)
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert not SupervisionRule.objects.exists()


def test_the_same_day_is_changed_and_not_doubled(page: Client) -> None:
    page.post(PAGE, rule(weeks=6))
    page.post(PAGE, rule(weeks=7))
    assert [row.max_weeks for row in SupervisionRule.objects.all()] == [7]


def test_only_a_rule_to_come_is_removed(cast: Cast, page: Client) -> None:
    page.post(PAGE, rule())
    page.post(PAGE, rule(weeks=4, day="1.4.2027"))
    coming, begun = SupervisionRule.objects.all()
    shown = page.get(PAGE).content.decode()
    address = reverse("experts:supervision_rule_remove", args=[coming.pk])
    assert address in shown
    assert reverse("experts:supervision_rule_remove", args=[begun.pk]) not in shown
    assert "to 1.4.2027" in page.get(address).content.decode()
    page.post(address)
    assert list(SupervisionRule.objects.all()) == [begun]
    with pytest.raises(Refused) as refused:
        supervision_rules.remove_coming(begun, by=cast.coordinator, now=NOW)
    assert refused.value.code == "has_begun"


def test_each_change_is_in_the_audit_with_who_made_it(cast: Cast, page: Client) -> None:
    page.post(PAGE, rule(weeks=6))
    page.post(PAGE, rule(weeks=7))
    found = audit.read(audit.entries(what="experts.supervisionrule")[:5])
    assert [entry.by for entry in found] == [cast.coordinator, cast.coordinator]
    (change,) = found[0].changes
    assert (change.before, change.after) == ("6", "7")


def test_the_administrator_finds_it_in_the_menu_and_coordinators_under_supervision(
    cast: Cast, client: Client
) -> None:
    client.force_login(cast.administrator)
    assert f'href="{PAGE}"' in client.get("/units/").content.decode()
    assert client.get(PAGE).status_code == 200
    client.force_login(cast.coordinator)
    assert f'href="{PAGE}"' not in client.get("/units/").content.decode()
    assert f'href="{PAGE}"' in client.get(reverse("experts:supervisions")).content.decode()
