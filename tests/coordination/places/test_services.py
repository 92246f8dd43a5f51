"""Organisations, units and papers: what the services write, and what they refuse."""

import datetime as dt

import pytest

from coordination.errors import Refused
from coordination.forms.places import OrganisationForm, UnitForm
from coordination.models import ActivityKind, Agreement, FormerName, Organisation, Site, Unit
from coordination.queries import places as found
from coordination.services import places
from tests.cast import Cast, make_organisation, make_unit

TODAY = dt.date(2027, 3, 2)
DAY = dt.timedelta(days=1)


def test_a_renamed_organisation_is_found_by_both_names(cast: Cast) -> None:
    places.rename(cast.county, name="Pirha", name_sv="Birkaland", on=TODAY, by=cast.coordinator)
    places.rename(cast.county, name="Pirha 2", name_sv="", on=TODAY + 10 * DAY, by=cast.coordinator)

    names = list(FormerName.objects.order_by("pk").values_list("name", "starts_on", "ends_on"))
    assert names == [
        ("Pirkanmaan hyvinvointialue", None, TODAY - DAY),
        ("Pirha", TODAY, TODAY + 9 * DAY),
    ]
    for q in ("Pirkanmaan", "Pirha 2", "3221308"):
        assert list(found.organisations(q=q)) == [cast.county]


@pytest.mark.parametrize(
    ("name", "code"), [("Pirkanmaan hyvinvointialue", "same_name"), ("Kokemus ry", "name_taken")]
)
def test_names_that_are_refused(cast: Cast, name: str, code: str) -> None:
    with pytest.raises(Refused) as refused:
        places.rename(cast.county, name=name, name_sv="", on=TODAY, by=cast.coordinator)

    assert refused.value.code == code


def test_a_successor_takes_the_units_and_the_old_one_ends_the_day_before(cast: Cast) -> None:
    successor = make_organisation(name="Uusi hyvinvointialue")

    moved = places.succeed(cast.county, successor=successor, on=TODAY, by=cast.coordinator)

    cast.county.refresh_from_db()
    assert moved == 3
    assert (cast.county.successor, cast.county.ended_on) == (successor, TODAY - DAY)
    assert set(Unit.objects.values_list("organisation", flat=True)) == {successor.pk}
    assert list(found.organisations(state="ended")) == [cast.county]


def test_successions_that_are_refused(cast: Cast) -> None:
    def code(old: Organisation, new: Organisation) -> str:
        with pytest.raises(Refused) as refused:
            places.succeed(old, successor=new, on=TODAY, by=cast.coordinator)
        return refused.value.code

    assert code(cast.county, cast.county) == "own_successor"
    places.succeed(cast.county, successor=cast.ngo, on=TODAY, by=cast.coordinator)
    assert code(cast.county, cast.ngo) == "ended_already"
    assert code(cast.ngo, cast.county) == "successor_ended"


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("2077474-0", "2077474-0"),
        ("20774740", "2077474-0"),
        ("FI20774740", None),
        ("2077474-1", None),
    ],
)
def test_the_business_id_is_checked(db: None, typed: str, stored: str | None) -> None:
    form = OrganisationForm({"name": "Järjestö", "kind": "ngo", "business_id": typed})

    assert form.is_valid() == (stored is not None)
    if stored:
        assert form.cleaned_data["business_id"] == stored


def test_a_misspelt_municipality_gets_a_suggestion(cast: Cast) -> None:
    form = UnitForm(
        {
            "organisation": cast.ngo.pk,
            "name": "Y",
            "municipality": "Tamperre",
            "zone_name": "Europe/Helsinki",
        }
    )

    assert "Tampere" in str(form.errors["municipality"])


def test_a_place_without_coordinates_gets_those_of_its_municipality(cast: Cast) -> None:
    unit = make_unit(municipality="Nokia")
    values = {"name": "Aula", "kind": "lobby", "latitude": None, "longitude": None}

    site = places.save_site(
        Site(unit=unit), values={**values, "municipality": ""}, by=cast.coordinator
    )
    assert (site.latitude, site.longitude) == (
        cast.nokia.lobby.latitude,
        cast.nokia.lobby.longitude,
    )

    places.save_site(site, values={**values, "municipality": "Tampere"}, by=cast.coordinator)
    assert site.latitude != cast.nokia.lobby.latitude

    places.save_site(site, values={**values, "kind": "online"}, by=cast.coordinator)
    site.refresh_from_db()
    assert (site.latitude, site.longitude) == (None, None)


def test_given_coordinates_stay(cast: Cast) -> None:
    values = {"name": "Piha", "kind": "room", "latitude": 61.5, "longitude": 23.5}

    site = places.save_site(
        Site(unit=cast.nokia.unit), values={**values, "municipality": "Nokia"}, by=cast.coordinator
    )

    assert (site.latitude, site.longitude) == (61.5, 23.5)


@pytest.mark.parametrize(("starts_on", "refused"), [(TODAY, True), (TODAY + DAY, False)])
def test_two_agreements_never_cover_the_same_day(
    cast: Cast, starts_on: dt.date, refused: bool
) -> None:
    old = cast.nokia.agreement
    places.save_agreement(old, values={"ends_on": TODAY}, by=cast.coordinator)
    new = Agreement(unit=cast.nokia.unit)
    values = {"starts_on": starts_on, "ends_on": None, "kinds": [cast.kinds["talk"]]}

    if refused:
        with pytest.raises(Refused) as said:
            places.save_agreement(new, values=values, by=cast.coordinator)
        assert said.value.code == "agreement_one_a_day"
    else:
        places.save_agreement(new, values=values, by=cast.coordinator)
        assert list(new.kinds.all()) == [cast.kinds["talk"]]


def test_a_last_day_before_the_first_is_a_sentence(cast: Cast) -> None:
    with pytest.raises(Refused) as refused:
        places.save_insurance(
            cast.nokia.insurance, values={"ends_on": dt.date(2019, 1, 1)}, by=cast.coordinator
        )

    assert str(refused.value) == "Viimeinen päivä on ennen ensimmäistä."


def test_new_units_and_kinds_get_names_of_their_own(cast: Cast) -> None:
    values = {"organisation": cast.ngo, "name": "Äetsän pöytä", "municipality": "Sastamala"}
    first = places.save_unit(Unit(), values=values, by=cast.coordinator)
    second = places.save_unit(
        Unit(), values={**values, "name": "Aetsän poytä"}, by=cast.coordinator
    )
    kind = places.save_kind(
        ActivityKind(place_kinds=["site"]),
        values={"name_fi": "messu", "name_sv": "mässa", "name_en": "fair stand"},
        by=cast.coordinator,
    )

    assert (first.slug, second.slug, kind.code) == ("aetsan-poyta", "aetsan-poyta-2", "fair_stand")


# -- what is missing or ends soon ----------------------------------------------------------------


def concerns(cast: Cast, on: dt.date = TODAY) -> list[tuple[str, str, dt.date | None]]:
    unit = found.with_papers(Unit.objects.filter(pk=cast.nokia.unit.pk), on=on).get()
    return [(c.paper, c.state, c.last_day) for c in found.concerns_of(unit, on=on)]


def test_a_complete_unit_has_no_concerns(cast: Cast) -> None:
    assert concerns(cast) == []


@pytest.mark.parametrize(
    ("ends_in", "expected"),
    [(-1, "missing"), (0, "ending"), (59, "ending"), (60, None), (400, None)],
)
@pytest.mark.parametrize("paper", ["contact", "agreement", "space", "insurance", "support"])
def test_a_paper_concerns_sixty_days_before_its_end(
    cast: Cast, paper: str, ends_in: int, expected: str | None
) -> None:
    row = getattr(cast.nokia, paper)
    row.ends_on = TODAY + ends_in * DAY
    row.save()

    last_day = row.ends_on if expected == "ending" else None
    assert concerns(cast) == ([(paper, expected, last_day)] if expected else [])


@pytest.mark.parametrize(("gap", "expected"), [(1, []), (2, [("agreement", "ending")])])
def test_a_paper_that_follows_without_a_gap_is_no_concern(
    cast: Cast, gap: int, expected: list[tuple[str, str]]
) -> None:
    cast.nokia.agreement.ends_on = TODAY + 10 * DAY
    cast.nokia.agreement.save()
    Agreement.objects.create(unit=cast.nokia.unit, starts_on=TODAY + (10 + gap) * DAY)

    assert [(paper, state) for paper, state, _day in concerns(cast)] == expected
