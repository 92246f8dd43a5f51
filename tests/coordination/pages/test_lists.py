"""Lists: as many queries for thirty rows as for three, filters in the address, and something to do when empty."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from coordination import clock
from coordination.models import (
    Agreement,
    FundingProject,
    InsurancePolicy,
    Invitation,
    OutboxMessage,
    UnitContact,
)
from coordination.models.messages import MessageState
from coordination.permissions import Role
from coordination.services import invitations
from tests.cast import SINCE, Cast, make_organisation, make_unit, make_user


def a_unit(cast: Cast) -> None:
    unit = make_unit(organisation=make_organisation())
    agreement = Agreement.objects.create(
        unit=unit, starts_on=SINCE, project=cast.project, ends_on=clock.today() + dt.timedelta(30)
    )
    agreement.kinds.set(cast.kinds.values())
    InsurancePolicy.objects.create(unit=unit, starts_on=SINCE)
    UnitContact.objects.create(unit=unit, kind="contact", name="N", starts_on=SINCE)


def a_person(cast: Cast) -> None:
    make_user(role=Role.CLINIC_CONTACT, unit=make_unit(organisation=cast.ngo))


def a_message(cast: Cast) -> None:
    number = OutboxMessage.objects.count()
    OutboxMessage.objects.create(
        key=f"k{number}",
        kind="account_notice",
        recipient=make_user(),
        to_email="x@example.org",
        language="fi",
        subject="Aihe",
        body="Teksti",
        state=MessageState.GIVEN_UP,
        created_at=clock.now(),
        send_after=clock.now(),
    )


def an_invitation(cast: Cast) -> None:
    invitations.invite(
        email=f"kutsu{Invitation.objects.count()}@example.org",
        name="Kutsuttu",
        role=Role.CLINIC_CONTACT,
        units=[cast.nokia.unit, cast.sastamala.unit],
        language="fi",
        by=cast.coordinator,
        now=clock.now(),
    )


def a_project(cast: Cast) -> None:
    number = FundingProject.objects.count()
    FundingProject.objects.create(code=f"P{number}", name=f"Hanke {number}", starts_on=SINCE)


LISTS: list[tuple[str, Callable[[Cast], None]]] = [
    ("/units/", a_unit),
    ("/units/?papers=missing", a_unit),
    ("/agreements/", a_unit),
    ("/organisations/", a_unit),
    ("/projects/", a_project),
    ("/people/", a_person),
    ("/people/invited/", an_invitation),
    ("/messages/", a_message),
    ("/audit/", a_unit),
    ("/audit/?what=coordination.unit", a_unit),
    ("/administration/", a_unit),
    ("/administration/", an_invitation),
]


@pytest.mark.parametrize(("path", "make"), LISTS)
def test_thirty_rows_take_as_many_queries_as_three(
    cast: Cast, administrator: Client, path: str, make: Callable[[Cast], None]
) -> None:
    administrator.get(path)  # sessions and the like are warm

    def queries(rows: int) -> list[str]:
        for _ in range(rows):
            make(cast)
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert administrator.get(path).status_code == 200
        return [query["sql"] for query in captured.captured_queries]

    three, thirty = queries(3), queries(27)

    assert len(thirty) == len(three)


@pytest.mark.parametrize(
    ("path", "shown", "hidden"),
    [
        ("/units/?q=nokia", "Nokian", "Sastamalan"),
        ("/units/?papers=missing", "Yksikkö", "Nokian"),
        ("/units/?state=ended", "Ikaalisten", "Nokian"),
        ("/organisations/?q=2077474", "Kokemus ry", "Pirkanmaan"),
        ("/people/?role=finance", "Tiina Talous", "Aino Testilä"),
        ("/people/?q=AINO", "Aino Testilä", "Eero Kokeilu"),
        ("/people/?role=wrong&unit=999999", "Aino Testilä", "zzz"),
        ("/agreements/?state=ended", "Sastamalan", "Nokian"),
    ],
)
def test_filters_live_in_the_address(
    cast: Cast, coordinator: Client, path: str, shown: str, hidden: str
) -> None:
    make_unit(organisation=cast.ngo)
    cast.ikaalinen.unit.is_active = False
    cast.ikaalinen.unit.save()
    cast.sastamala.agreement.ends_on = clock.today() - dt.timedelta(days=1)
    cast.sastamala.agreement.save()

    page = coordinator.get(path)

    table = page.content.decode().partition("<tbody>")[2]
    assert shown in table
    assert hidden not in table


@pytest.mark.parametrize(
    "path",
    ["/units/?q=zzz", "/organisations/?q=zzz", "/people/?q=zzz", "/messages/", "/people/invited/"],
)
def test_an_empty_list_says_so(cast: Cast, coordinator: Client, path: str) -> None:
    assert 'class="empty"' in coordinator.get(path).content.decode()


def test_a_contact_sees_their_own_unit_and_cannot_change_it(cast: Cast, contact: Client) -> None:
    own, other = cast.sastamala.unit, cast.nokia.unit

    page = contact.get(reverse("unit", args=[own.pk]))

    text = page.content.decode()
    assert page.status_code == 200
    assert "Kerttu Keksitty" in text
    assert "/edit/" not in text
    assert "/new/" not in text
    assert contact.get(reverse("unit", args=[other.pk])).status_code == 404


def test_the_units_page_says_what_is_missing_in_words(cast: Cast, contact: Client) -> None:
    cast.sastamala.contact.delete()
    cast.sastamala.insurance.ends_on = clock.today() + dt.timedelta(days=10)
    cast.sastamala.insurance.save()

    text = contact.get(reverse("unit", args=[cast.sastamala.unit.pk])).content.decode()

    assert "Ammatillista yhteyshenkilöä ei ole." in text
    assert "Vakuutus päättyy" in text


def test_a_paper_is_added_and_the_form_says_what_to_mend(cast: Cast, coordinator: Client) -> None:
    url = reverse("agreement_new", args=[cast.nokia.unit.pk])
    values: dict[str, Any] = {
        "starts_on": "1.1.2027",
        "ends_on": "31.12.2027",
        "kinds": [cast.kinds["talk"].pk],
        "yearly_budget": "12 000,50",
    }

    refused = coordinator.post(url, values)
    assert refused.status_code == 422
    assert "toinen sopimus" in refused.content.decode()

    cast.nokia.agreement.delete()
    assert coordinator.post(url, values).status_code == 302
    agreement = Agreement.objects.get(unit=cast.nokia.unit)
    assert str(agreement.yearly_budget) == "12000.50"
    assert agreement.ends_on == dt.date(2027, 12, 31)


# -- messages ------------------------------------------------------------------------------------


@pytest.mark.parametrize(("demo", "readable"), [(True, True), (False, False)])
def test_links_are_readable_in_the_demo_only(
    cast: Cast, coordinator: Client, settings: Any, demo: bool, readable: bool
) -> None:
    settings.DEMO = demo
    a_message(cast)
    message = OutboxMessage.objects.get()
    OutboxMessage.objects.update(body="Vahvista: https://vuoro.example.org/a/secret-token/")

    text = coordinator.get(reverse("message", args=[message.pk])).content.decode()

    assert ("secret-token" in text) == readable
    assert "Vahvista:" in text


def test_a_text_that_opens_an_account_is_never_shown(
    cast: Cast, coordinator: Client, settings: Any
) -> None:
    settings.DEMO = False
    a_message(cast)
    message = OutboxMessage.objects.get()
    OutboxMessage.objects.update(kind="login_code", body="Koodi on ABC-DEF")

    assert "ABC-DEF" not in coordinator.get(reverse("message", args=[message.pk])).content.decode()


def test_what_was_given_up_is_sent_once_more(cast: Cast, coordinator: Client) -> None:
    a_message(cast)
    message = OutboxMessage.objects.get()

    coordinator.post(reverse("message_again", args=[message.pk]))

    message.refresh_from_db()
    assert (message.state, message.attempts) == (MessageState.QUEUED, 0)


# -- people ----------------------------------------------------------------------------------------


def test_an_invited_person_makes_an_account_and_is_in(cast: Cast, coordinator: Client) -> None:
    invited = {"email": "uusi@example.org", "name": "Uusi", "role": "expert", "language": "sv"}
    assert coordinator.post(reverse("invite"), invited).status_code == 302
    token = OutboxMessage.objects.get().body.partition("/invitations/")[2].partition("/")[0]
    stranger = Client()

    page = stranger.get(f"/invitations/{token}/")
    assert "Välkommen" in page.content.decode()
    weak = stranger.post(
        f"/invitations/{token}/", {"name": "Uusi", "language": "sv", "password": "kort"}
    )
    assert weak.status_code == 422
    done = stranger.post(
        f"/invitations/{token}/",
        {"name": "Uusi", "language": "sv", "password": "ett-langt-losenord-1"},
    )

    assert (done.status_code, done.headers["Location"]) == (302, "/")
    assert stranger.get("/me/").status_code == 200
    assert Client().get(f"/invitations/{token}/").status_code == 410
    assert Client().get("/invitations/unknown/").status_code == 404


def test_a_coordinator_is_not_offered_roles_that_are_not_theirs(
    cast: Cast, coordinator: Client
) -> None:
    form = coordinator.get(reverse("invite")).context["form"]
    assert {value for value, _label in form.fields["role"].choices} == {
        *("", "clinic_contact", "expert", "work_supervisor")  # nobody is one by chance
    }

    refused = coordinator.post(
        reverse("invite"),
        {"email": "x@example.org", "name": "X", "role": "finance", "language": "fi"},
    )
    assert refused.status_code == 422
    assert not Invitation.objects.exists()
