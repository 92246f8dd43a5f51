"""An address opens its calendar only while whoever made it may see that calendar."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from coordination.models import RoleGrant, User
from coordination.permissions import Role
from coordination.services import people, roles
from experts.models import Expert, ExpertStatus
from experts.services import register
from scheduling.feeds import tokens
from scheduling.models import FeedToken
from tests.cast import SINCE, Cast, make_user
from tests.scheduling.feeds.makers import NOW, make_address

pytestmark = pytest.mark.django_db

YESTERDAY = dt.date(2027, 2, 28)


@pytest.fixture(autouse=True)
def _monday(time_machine: Any) -> None:
    time_machine.move_to(NOW, tick=False)


def answer(client: Client, address: str) -> tuple[int, bytes, list[tuple[str, str]]]:
    response = client.get(address)
    kept = [
        (name, value) for name, value in response.items() if name not in {"X-Request-ID", "Date"}
    ]
    return response.status_code, response.content, sorted(kept)


def is_like_an_unknown_one(client: Client, address: str) -> bool:
    unknown = answer(client, f"/feeds/{'u' * 43}.ics")
    assert unknown[0] == 404
    return answer(client, address) == unknown


def role_of(user: User) -> RoleGrant:
    return user.role_grants.get()


def end_work(cast: Cast) -> None:
    register.change_status(cast.aino.expert, to=ExpertStatus.ENDED, by=cast.coordinator, now=NOW)


def end_experts_role(cast: Cast) -> None:
    roles.end(role_of(cast.aino.user), last_day=YESTERDAY, by=cast.administrator, now=NOW)


def end_account(cast: Cast) -> None:
    people.end_account(cast.aino.user, by=cast.administrator, now=NOW)


def take_account_away(cast: Cast) -> None:
    Expert.objects.filter(pk=cast.aino.expert.pk).update(user=None)


def give_row_to_another(cast: Cast) -> None:
    another = make_user(role=Role.EXPERT)
    Expert.objects.filter(pk=cast.aino.expert.pk).update(user=another)


def remove_account(cast: Cast) -> None:
    User.objects.filter(pk=cast.aino.user.pk).delete()


@pytest.mark.parametrize(
    "ends",
    [
        *(end_work, end_experts_role, end_account),
        *(take_account_away, give_row_to_another, remove_account),
    ],
)
def test_an_expert_who_has_ended_reads_nothing_more(
    cast: Cast, client: Client, ends: Callable[[Cast], None]
) -> None:
    address, others = make_address(cast.aino.expert), make_address(cast.eero.expert)
    assert client.get(address).status_code == 200
    ends(cast)
    assert is_like_an_unknown_one(client, address)
    assert client.get(others).status_code == 200


def test_a_break_keeps_the_calendar(cast: Cast, client: Client) -> None:
    address = make_address(cast.aino.expert)
    register.change_status(cast.aino.expert, to=ExpertStatus.ON_BREAK, by=cast.coordinator, now=NOW)
    assert client.get(address).status_code == 200


def test_a_contact_who_leaves_a_unit_reads_nothing_and_colleagues_go_on(
    cast: Cast, client: Client
) -> None:
    colleague = make_user(role=Role.CLINIC_CONTACT, unit=cast.sastamala.unit)
    address = make_address(cast.sastamala.unit, by=cast.sari)
    colleagues = make_address(cast.sastamala.unit, by=colleague)
    coordinators = make_address(cast.sastamala.unit, by=cast.coordinator)
    assert [client.get(one).status_code for one in (address, colleagues)] == [200, 200]
    roles.end(role_of(cast.sari), last_day=YESTERDAY, by=cast.administrator, now=NOW)
    assert is_like_an_unknown_one(client, address)
    assert [client.get(one).status_code for one in (colleagues, coordinators)] == [200, 200]


def test_a_contact_who_moves_to_another_unit_loses_the_first(cast: Cast, client: Client) -> None:
    address = make_address(cast.sastamala.unit, by=cast.sari)
    RoleGrant.objects.create(
        user=cast.sari, role=Role.CLINIC_CONTACT, unit=cast.nokia.unit, starts_on=SINCE
    )
    RoleGrant.objects.filter(user=cast.sari, unit=cast.sastamala.unit).update(ends_on=YESTERDAY)
    assert is_like_an_unknown_one(client, address)


def test_a_role_with_a_last_day_ends_with_that_day(
    cast: Cast, client: Client, time_machine: Any
) -> None:
    address = make_address(cast.sastamala.unit, by=cast.sari)
    roles.end(role_of(cast.sari), last_day=NOW.date(), by=cast.administrator, now=NOW)
    time_machine.move_to("2027-03-01T23:59+02:00", tick=False)
    assert client.get(address).status_code == 200
    time_machine.move_to("2027-03-02T00:00+02:00", tick=False)
    assert is_like_an_unknown_one(client, address)


def test_a_fetch_that_is_refused_leaves_no_trace_of_a_reader(cast: Cast, client: Client) -> None:
    address = make_address(cast.aino.expert)
    end_work(cast)
    client.get(address, headers={"user-agent": "Google-Calendar-Importer"})
    token = FeedToken.objects.get()
    assert (token.last_fetched_at, token.last_reader) == (None, "")


def test_each_contact_has_an_address_of_their_own(cast: Cast, client: Client) -> None:
    colleague = make_user(role=Role.CLINIC_CONTACT, unit=cast.sastamala.unit)
    address = make_address(cast.sastamala.unit, by=cast.sari)
    page = f"/feeds/units/{cast.sastamala.unit.pk}/"
    client.force_login(colleague)
    client.post(f"{page}end/")
    assert Client().get(address).status_code == 200
    assert tokens.current(cast.sastamala.unit, of=colleague) is None


def test_an_ended_expert_has_no_calendar_page(cast: Cast, client: Client) -> None:
    client.force_login(cast.aino.user)
    assert client.get("/feeds/own/").status_code == 200
    end_work(cast)
    assert client.get("/feeds/own/").status_code == 404
    assert client.post("/feeds/own/").status_code == 404
    assert not FeedToken.objects.exists()
