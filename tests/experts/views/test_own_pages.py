"""People's own pages: their details, when they can, who has looked, everything as a file."""

import datetime as dt
import json
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from coordination import clock
from coordination.models import PersonalDataView
from coordination.permissions import Role
from coordination.services import traces
from experts.models import AvailabilityPattern, DiaryKind, Expert
from experts.queries import own_data
from experts.services import diary, register
from tests.cast import Cast, make_user

NOW = dt.datetime(2027, 3, 1, 8, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def _monday(time_machine: Any) -> None:
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def aino(cast: Cast, client: Client) -> Client:
    client.force_login(cast.aino.user)
    return client


def url(name: str, *args: Any) -> str:
    return reverse(f"experts:{name}", args=args)


def text(client: Client, name: str) -> str:
    response = client.get(url(name))
    assert response.status_code == 200
    return response.content.decode()


DETAILS = {
    "email": "aino@example.org",
    "language": "sv",
    "phone": "0401234567",
    "home_municipality": "Nokia",
    "languages": ["fi"],
    "themes": "oma kokemus",
    "themes_shown_to_units": "on",
    "wishes": "aamuisin",
}


def test_one_changes_ones_own_details(cast: Cast, aino: Client) -> None:
    assert aino.post(url("own_edit"), DETAILS).status_code == 302
    expert = Expert.objects.get(pk=cast.aino.expert.pk)
    assert (expert.phone, expert.language, expert.wishes) == ("+358401234567", "sv", "aamuisin")
    assert expert.themes_for_units == "oma kokemus"
    without = {key: value for key, value in DETAILS.items() if key != "themes_shown_to_units"}
    aino.post(url("own_edit"), without)
    assert Expert.objects.get(pk=cast.aino.expert.pk).themes_for_units == ""


def test_nobody_sets_their_own_load(cast: Cast, aino: Client) -> None:
    extra = {"weekly_hours": "60", "payroll_number": "1", "status": "ended", "name": "X"}
    aino.post(url("own_edit"), DETAILS | extra)
    expert = Expert.objects.get(pk=cast.aino.expert.pk)
    assert (expert.weekly_hours, expert.payroll_number, expert.status, expert.name) == (
        *(None, "1001", "active", "Aino Testilä"),
    )


def test_ones_own_looks_are_not_logged_and_others_are_shown(cast: Cast, aino: Client) -> None:
    for name in ("own", "own_edit", "own_availability", "own_absences", "own_access_log"):
        text(aino, name)
    assert not PersonalDataView.objects.exists()
    traces.looked_at(
        subject_kind="expert",
        subject_id=cast.aino.expert.pk,
        viewer=cast.coordinator,
        page="experts:detail",
        now=NOW,
    )
    traces.looked_at(
        subject_kind="expert",
        subject_id=cast.eero.expert.pk,
        viewer=cast.administrator,
        page="experts:detail",
        now=NOW,
    )
    page = text(aino, "own_access_log")
    assert "Kaisa Koordinaattori: sivu rekisterissä" in page
    assert "Aatu" not in page


# -- weekly hours -------------------------------------------------------------------------------


def week(**rows: str) -> dict[str, str]:
    """`d0_0="9-15"`: Monday's first row."""
    data = {"from_day": "1.3.2027"}
    for key, value in rows.items():
        starts, ends, *weeks = value.split("-")
        name = key.removeprefix("d")
        data |= {f"{name}_starts": starts, f"{name}_ends": ends}
        data[f"{name}_weeks"] = weeks[0] if weeks else "all"
    return data


def patterns() -> list[tuple[int, str, str, int]]:
    rows = AvailabilityPattern.objects.filter(ends_on=None).order_by("weekday", "starts_time")
    return [
        (p.weekday, f"{p.starts_time:%H.%M}", f"{p.ends_time:%H.%M}", p.every_weeks) for p in rows
    ]


def test_the_week_is_saved_as_people_write_it(cast: Cast, aino: Client) -> None:
    data = week(d0_0="9-15", d0_1="1630-18.00", d2_0="klo 9-12-odd", d5_0="18-0")
    assert aino.post(url("own_availability"), data).status_code == 302
    assert patterns() == [
        (0, "09.00", "15.00", 1),
        (0, "16.30", "18.00", 1),
        (2, "09.00", "12.00", 2),
        (5, "18.00", "23.59", 1),
    ]
    page = text(aino, "own_availability")
    assert "Maanantai 9.00–15.00" in page
    assert "Keskiviikko 9.00–12.00 · parittomat viikot" in page
    assert "Lauantai 18.00–24.00" in page
    assert 'value="16.30"' in page


def test_saving_what_is_shown_changes_nothing(cast: Cast, aino: Client) -> None:
    data = week(d0_0="9-15", d2_0="9-12-odd")
    aino.post(url("own_availability"), data)
    first = list(AvailabilityPattern.objects.values_list("pk", flat=True).order_by("pk"))
    aino.post(url("own_availability"), data)
    assert list(AvailabilityPattern.objects.values_list("pk", flat=True).order_by("pk")) == first


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ({"d0_0": "9-"}, "Kirjoita sekä alku että loppu."),
        ({"d0_0": "-15"}, "Kirjoita sekä alku että loppu."),
        ({"d0_0": "15-9"}, "Päättymisajan pitää olla alkamisajan jälkeen."),
        ({"d0_0": "9-12", "d0_1": "11-15"}, "menee päällekkäin"),
        ({"d0_0": "yhdeksän-15"}, "9.30"),
    ],
)
def test_what_cannot_be_read_is_said_and_kept(
    cast: Cast, aino: Client, rows: dict[str, str], says: str
) -> None:
    response = aino.post(url("own_availability"), week(**rows))
    page = response.content.decode()
    assert response.status_code == 422
    assert says in page
    assert not AvailabilityPattern.objects.exists()
    typed = rows["d0_0"].split("-")[0] or rows["d0_0"].split("-")[1]
    assert f'value="{typed}"' in page


def test_hours_from_a_day_to_come_leave_the_present_ones(cast: Cast, aino: Client) -> None:
    aino.post(url("own_availability"), week(d0_0="9-15"))
    aino.post(url("own_availability"), week(d1_0="9-15") | {"from_day": "15.3.2027"})
    page = text(aino, "own_availability")
    assert "su 14.3.2027 asti" in page
    assert "ma 15.3.2027 alkaen" in page
    yesterday = week(d1_0="9-15") | {"from_day": "28.2.2027"}
    response = aino.post(url("own_availability"), yesterday)
    assert "aikaisintaan tänään" in response.content.decode()


# -- absences -----------------------------------------------------------------------------------


def test_an_absence_is_days_only(cast: Cast, aino: Client) -> None:
    page = text(aino, "own_absences")
    assert "Syytä ei tarvitse kertoa" in page
    assert page.count("<textarea") == 0
    aino.post(url("own_absences"), {"starts_on": "4.3.", "ends_on": ""})
    aino.post(url("own_absences"), {"starts_on": "5.3.2027", "ends_on": "7.3.2027"})
    absence = cast.aino.expert.absences.get()
    assert (absence.starts_on, absence.ends_on) == (dt.date(2027, 3, 4), dt.date(2027, 3, 7))
    aino.post(url("own_absence_remove", absence.pk))
    assert not cast.aino.expert.absences.exists()


def test_shifts_in_those_days_are_told_and_stay(cast: Cast, aino: Client) -> None:
    starts_at = dt.datetime(2027, 3, 4, 7, tzinfo=dt.UTC)
    diary.occupy(
        cast.aino.expert,
        source="assignment:1",
        kind=DiaryKind.SHIFT,
        starts_at=starts_at,
        ends_at=starts_at + dt.timedelta(hours=2),
        zone_name="Europe/Helsinki",
        now=NOW,
    )
    response = aino.post(url("own_absences"), {"starts_on": "4.3.2027"}, follow=True)
    assert "Sinulla on niinä päivinä 1 vuoro." in response.content.decode()
    assert cast.aino.expert.diary.get().occupies
    response = aino.post(url("own_absences"), {"starts_on": "6.3.2027"}, follow=True)
    assert "niinä päivinä" not in response.content.decode()


@pytest.mark.parametrize(
    ("days", "says"),
    [
        ({"starts_on": ""}, "id_starts_on_error"),
        ({"starts_on": "1.2.2027", "ends_on": "2.2.2027"}, "Ne päivät ovat jo menneet."),
        ({"starts_on": "5.3.2027", "ends_on": "4.3.2027"}, "ennen ensimmäistä"),
        ({"starts_on": "31.2.2027"}, "id_starts_on_error"),
    ],
)
def test_days_that_cannot_be(cast: Cast, aino: Client, days: dict[str, str], says: str) -> None:
    response = aino.post(url("own_absences"), days)
    assert response.status_code == 422
    assert says in response.content.decode()
    assert not cast.aino.expert.absences.exists()


# -- everything about me ------------------------------------------------------------------------


def test_the_file_has_everything_and_nobody_else(cast: Cast, aino: Client) -> None:
    aino.post(url("own_edit"), DETAILS)
    aino.post(url("own_availability"), week(d0_0="9-15"))
    aino.post(url("own_absences"), {"starts_on": "4.3.2027"})
    response = aino.get(url("own_data"))
    assert response["Content-Disposition"].startswith("attachment")
    data = json.loads(response.content)
    assert data["profile"]["themes"] == "oma kokemus"
    assert data["account"]["email"] == cast.aino.user.email
    assert data["absences"] == [{"starts_on": "2027-03-04", "ends_on": "2027-03-04"}]
    assert data["weekly_hours"][0]["starts_time"] == "09:00:00"
    assert data["made_at"] == "2027-03-01T08:00:00+00:00"
    assert "Eero" not in response.content.decode()


def test_the_file_leaves_out_no_column_of_the_register(cast: Cast, aino: Client) -> None:
    """A new column must come into the file too, or say here why not."""
    data = json.loads(aino.get(url("own_data")).content)
    columns = {field.name for field in Expert._meta.fields} - {"id", "user"}
    assert set(data["profile"]) == columns


def test_packages_above_add_their_part(
    cast: Cast, aino: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(own_data, "_providers", {})
    own_data.register("fees", lambda expert: [{"of": expert.pk, "on": dt.date(2027, 1, 1)}])
    data = json.loads(aino.get(url("own_data")).content)
    assert data["fees"] == [{"of": cast.aino.expert.pk, "on": "2027-01-01"}]
    with pytest.raises(ValueError, match="fees"):
        own_data.register("fees", lambda _expert: [])


def test_an_account_without_a_row_gets_404_not_anothers(cast: Cast, client: Client) -> None:
    client.force_login(make_user(role=Role.EXPERT))
    for name in ("own", "own_edit", "own_availability", "own_absences", "own_data"):
        assert client.get(url(name)).status_code == 404


# -- an accepted invitation ---------------------------------------------------------------------


def test_whoever_accepts_as_an_expert_finds_their_row(cast: Cast) -> None:
    row = Expert.objects.create(name="Venla Harjoitus", email="venla@example.org")
    user = make_user(email="venla@example.org", role=Role.EXPERT)
    register.invitation_accepted(user, Role.EXPERT)
    assert Expert.objects.get(user=user) == row


def test_somebody_not_on_the_register_becomes_an_applicant(cast: Cast) -> None:
    user = make_user(email="uusi@example.org", name="Uusi Ihminen", role=Role.EXPERT)
    for _ in range(2):
        register.invitation_accepted(user, Role.EXPERT)
    made = Expert.objects.get(user=user)
    assert (made.name, made.email, made.status) == (
        *("Uusi Ihminen", "uusi@example.org", "applicant"),
    )


def test_other_roles_get_no_row(cast: Cast) -> None:
    user = make_user(email="finance2@example.org", role=Role.FINANCE)
    register.invitation_accepted(user, Role.FINANCE)
    assert not Expert.objects.filter(user=user).exists()


def test_the_clock_is_still(cast: Cast) -> None:
    assert clock.now() == NOW
