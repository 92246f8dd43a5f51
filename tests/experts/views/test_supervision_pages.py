"""Supervision planned on its pages, and the homes on which it is seen."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from experts.models import DiaryEntry, DiaryKind, Expert, SupervisionSession, Training
from experts.models.supervision import SupervisionForm
from experts.services import diary, supervision
from experts.services.supervision import SupervisionDetails
from tests.cast import Cast

NOW = dt.datetime(2027, 3, 1, 8, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def _monday(time_machine: Any) -> None:
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def kaisa(cast: Cast, client: Client) -> Client:
    client.force_login(cast.coordinator)
    return client


def url(name: str, *args: Any) -> str:
    return reverse(f"experts:{name}", args=args)


def form(cast: Cast, **changes: Any) -> dict[str, Any]:
    return {
        "form": "group",
        "day": "10.3.2027",
        "starts": "13",
        "ends": "15",
        "supervisor": cast.tuula.pk,
        "outside_supervisor": "",
        "place": "Hatanpää",
        "cost": "180,50",
        "experts": [cast.aino.expert.pk, cast.eero.expert.pk],
        **changes,
    }


def planned(cast: Cast, **changes: Any) -> SupervisionSession:
    values: dict[str, Any] = {
        "form": SupervisionForm.GROUP,
        "starts_at": dt.datetime(2027, 3, 10, 11, tzinfo=dt.UTC),
        "ends_at": dt.datetime(2027, 3, 10, 13, tzinfo=dt.UTC),
        "supervisor": cast.tuula,
        **changes,
    }
    people = [cast.aino.expert, cast.eero.expert]
    details = SupervisionDetails(**values)
    return supervision.plan(details, experts=people, by=cast.coordinator, now=NOW)


def busy(expert: Expert, starts_at: dt.datetime, hours: int = 2, number: int = 1) -> None:
    diary.occupy(
        expert,
        source=f"assignment:{expert.pk}-{number}",
        kind=DiaryKind.SHIFT,
        starts_at=starts_at,
        ends_at=starts_at + dt.timedelta(hours=hours),
        zone_name="Europe/Helsinki",
        now=NOW,
    )


def test_a_session_is_planned_in_local_time(cast: Cast, kaisa: Client) -> None:
    response = kaisa.post(url("supervision_new"), form(cast), follow=True)
    session = SupervisionSession.objects.get()
    assert session.starts_at == dt.datetime(2027, 3, 10, 11, tzinfo=dt.UTC)
    assert (str(session.cost), session.supervisor) == ("180.50", cast.tuula)
    assert "Työnohjaus on suunniteltu, ja 2 ihmistä on kutsuttu." in response.content.decode()
    assert DiaryEntry.objects.filter(occupies=True).count() == 2


def test_who_is_not_free_is_listed_and_nothing_is_saved(cast: Cast, kaisa: Client) -> None:
    busy(cast.eero.expert, dt.datetime(2027, 3, 10, 12, tzinfo=dt.UTC))
    response = kaisa.post(url("supervision_new"), form(cast))
    page = response.content.decode()
    assert response.status_code == 422
    assert "Mitään ei tallennettu" in page
    assert "Henkilöllä Eero Kokeilu on jo muuta kalenterissa: ke 10.3.2027 klo 14.00–16.00." in page
    assert 'value="180,50"' in page
    assert not SupervisionSession.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"experts": []}, "experts"),
        ({"ends": "12"}, "ends"),
        ({"supervisor": ""}, "outside_supervisor"),
        ({"outside_supervisor": "Olli"}, "outside_supervisor"),
        ({"day": "10.13.2027"}, "day"),
        ({"cost": "paljon"}, "cost"),
    ],
)
def test_errors_stand_beside_their_field(
    cast: Cast, kaisa: Client, wrong: dict[str, Any], field: str
) -> None:
    response = kaisa.post(url("supervision_new"), form(cast, **wrong))
    assert response.status_code == 422
    assert f'id="id_{field}_error"' in response.content.decode()


def test_only_people_with_the_role_are_supervisors(cast: Cast, kaisa: Client) -> None:
    response = kaisa.post(url("supervision_new"), form(cast, supervisor=cast.sari.pk))
    assert response.status_code == 422


def test_those_who_are_due_can_be_chosen_beforehand(cast: Cast, kaisa: Client) -> None:
    page = kaisa.get(url("supervision_new") + f"?expert={cast.eero.expert.pk}&expert=x")
    assert page.content.decode().count("checked") == 2  # the group, and Eero


def test_a_session_is_moved_and_called_off(cast: Cast, kaisa: Client) -> None:
    session = planned(cast)
    page = kaisa.get(url("supervision_edit", session.pk)).content.decode()
    assert 'value="13.00"' in page
    kaisa.post(url("supervision_edit", session.pk), form(cast, day="11.3.2027"))
    session.refresh_from_db()
    assert session.starts_at == dt.datetime(2027, 3, 11, 11, tzinfo=dt.UTC)
    confirm = kaisa.get(url("supervision_cancel", session.pk)).content.decode()
    assert "2 ihmistä saa viestin" in confirm
    assert "to 11.3.2027 klo 13.00" in confirm
    kaisa.post(url("supervision_cancel", session.pk))
    again = kaisa.post(url("supervision_cancel", session.pk), follow=True).content.decode()
    assert "Tämä työnohjaus on peruttu." in again
    for page in ("supervision_edit", "supervision_cancel"):
        led = kaisa.get(url(page, session.pk))
        assert led.headers["Location"] == url("supervision", session.pk), "nothing is left to do"
    assert not DiaryEntry.objects.filter(occupies=True).exists()


def test_the_supervisor_marks_attendance_on_the_own_page(cast: Cast, client: Client) -> None:
    started = NOW - dt.timedelta(hours=3)
    session = planned(cast, starts_at=started, ends_at=started + dt.timedelta(hours=2))
    client.force_login(cast.tuula)
    home = client.get("/supervisor/").content.decode()
    assert url("held_session_attendance", session.pk) in home
    data = {"attended": [cast.aino.expert.pk]}
    assert client.post(url("held_session_attendance", session.pk), data).status_code == 302
    rows = session.attendances.order_by("expert__name").values_list("state", flat=True)
    assert list(rows) == ["attended", "not_present"]
    page = client.get(url("held_session", session.pk)).content.decode()
    assert "Aino Testilä" in page
    assert url("detail", cast.aino.expert.pk) not in page  # nothing else of the people
    fixed = {"attended": [cast.aino.expert.pk, cast.eero.expert.pk]}
    client.post(url("held_session_attendance", session.pk), fixed)
    assert session.attendances.filter(state="attended").count() == 2


def test_a_session_that_has_not_begun_is_not_marked(cast: Cast, client: Client) -> None:
    session = planned(cast)
    client.force_login(cast.tuula)
    response = client.post(url("held_session_attendance", session.pk), {"attended": []})
    assert response.status_code == 422
    assert "Työnohjaus ei ole vielä alkanut." in response.content.decode()


def test_the_cost_is_no_business_of_the_supervisor(cast: Cast, client: Client) -> None:
    session = planned(cast, cost=180)
    client.force_login(cast.tuula)
    assert "180,00" not in client.get(url("held_session", session.pk)).content.decode()
    client.force_login(cast.coordinator)
    assert "180,00" in client.get(url("supervision", session.pk)).content.decode()


def test_an_expert_sees_when_and_where_and_no_other_names(cast: Cast, client: Client) -> None:
    planned(cast, place="Hatanpää")
    client.force_login(cast.aino.user)
    for address in ("/me/", url("own_supervision")):
        page = client.get(address).content.decode()
        assert "ke 10.3.2027 klo 13.00–15.00" in page
        assert "Hatanpää" in page
        assert "Eero" not in page
    client.force_login(cast.onni.user)
    assert "Hatanpää" not in client.get("/me/").content.decode()


def test_the_coordinators_day_shows_who_is_due_what_ends_who_applied(
    cast: Cast, kaisa: Client
) -> None:
    quiet = kaisa.get("/today/").content.decode()
    for panel in ("supervision-due", "running-out", "applicants"):
        assert f"panel-{panel}" not in quiet
    busy(cast.eero.expert, dt.datetime(2027, 1, 1, 8, tzinfo=dt.UTC))
    Training.objects.create(
        expert=cast.aino.expert,
        name="K",
        completed_on=dt.date(2025, 1, 1),
        valid_until=dt.date(2027, 4, 1),
    )
    Expert.objects.create(name="Venla Harjoitus")
    page = kaisa.get("/today/").content.decode()
    assert "3 päivää myöhässä" in page
    assert "Aino Testilä: koulutus" in page
    assert "Venla Harjoitus" in page
    due = kaisa.get(url("supervisions")).content.decode()
    assert f'name="expert" value="{cast.eero.expert.pk}"' in due
