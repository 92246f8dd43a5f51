"""What a unit lacks on a day, at the first and the last day of each paper."""

import datetime as dt
from typing import Any

import pytest

from coordination.models import (
    ActivityKind,
    Agreement,
    InsurancePolicy,
    SpaceAgreement,
    UnitContact,
)
from coordination.models.places import SiteKind
from coordination.queries.readiness import SENTENCES, Request, missing_for_units
from tests.cast import Cast, make_site, make_unit

FIRST, LAST = dt.date(2027, 3, 1), dt.date(2027, 5, 31)
DAY = dt.timedelta(days=1)


def missing(cast: Cast, on: dt.date, *, kind: str = "lobby_shift", **changes: Any) -> list[str]:
    place = cast.sastamala
    fields = {"kind": cast.kinds[kind], "site": place.lobby, "on": on, **changes}
    return missing_for_units([Request(unit=place.unit, **fields)])[0]


def test_nothing_is_missing_in_a_complete_unit(cast: Cast) -> None:
    for kind in cast.kinds:
        assert missing(cast, FIRST, kind=kind) == []


@pytest.mark.parametrize(
    ("paper", "code"),
    [
        ("contact", "no_contact_person"),
        ("agreement", "no_agreement"),
        ("space", "no_space_agreement"),
        ("insurance", "no_insurance"),
    ],
)
def test_a_paper_counts_on_its_first_and_last_day(cast: Cast, paper: str, code: str) -> None:
    row = getattr(cast.sastamala, paper)
    row.starts_on, row.ends_on = FIRST, LAST
    row.save()

    found = {on: missing(cast, on) for on in (FIRST - DAY, FIRST, LAST, LAST + DAY)}

    assert found == {FIRST - DAY: [code], FIRST: [], LAST: [], LAST + DAY: [code]}


def test_all_that_is_missing_is_named_at_once(cast: Cast) -> None:
    for model in (UnitContact, Agreement, SpaceAgreement, InsurancePolicy):
        model._default_manager.all().delete()

    found = missing(cast, FIRST)

    assert found == ["no_contact_person", "no_agreement", "no_space_agreement", "no_insurance"]
    assert set(found) < set(SENTENCES)


def test_a_deputy_does_not_replace_the_contact_person(cast: Cast) -> None:
    cast.sastamala.contact.delete()

    assert missing(cast, FIRST) == ["no_contact_person"]


def test_the_agreement_must_cover_the_form_of_work(cast: Cast) -> None:
    cast.sastamala.agreement.kinds.remove(cast.kinds["lobby_shift"])

    assert missing(cast, FIRST) == ["kind_not_in_agreement"]
    assert missing(cast, FIRST, kind="group_session") == []


def test_an_agreement_without_any_form_of_work_covers_none(cast: Cast) -> None:
    cast.sastamala.agreement.kinds.clear()

    assert missing(cast, FIRST) == ["kind_not_in_agreement"]


def test_the_agreement_of_the_day_decides(cast: Cast) -> None:
    old = cast.sastamala.agreement
    old.ends_on = LAST
    old.save()
    new = Agreement.objects.create(unit=old.unit, starts_on=LAST + DAY)
    new.kinds.add(cast.kinds["group_session"])

    assert missing(cast, LAST) == []
    assert missing(cast, LAST + DAY) == ["kind_not_in_agreement"]


def test_a_space_agreement_of_another_place_does_not_count(cast: Cast) -> None:
    cast.sastamala.space.site = cast.sastamala.room
    cast.sastamala.space.save()

    assert missing(cast, FIRST) == ["no_space_agreement"]
    assert missing(cast, FIRST, site=cast.sastamala.room) == []
    assert missing(cast, FIRST, site=None) == []  # the place is not known yet


def test_online_needs_no_space(cast: Cast) -> None:
    cast.sastamala.space.delete()
    online = make_site(cast.sastamala.unit, kind=SiteKind.ONLINE)

    assert missing(cast, FIRST, site=online) == []
    assert (
        missing(cast, FIRST, kind="individual_meeting") == []
    )  # the participant chooses the place
    assert missing(cast, FIRST) == ["no_space_agreement"]


def test_a_form_of_work_without_agreement(cast: Cast) -> None:
    cast.sastamala.agreement.delete()
    kind = cast.kinds["meeting"]
    ActivityKind.objects.filter(pk=kind.pk).update(needs_unit_agreement=False)
    kind.refresh_from_db()

    assert missing(cast, FIRST, kind="meeting") == []


def test_another_units_papers_do_not_count(cast: Cast) -> None:
    bare = make_unit()

    (found,) = missing_for_units([Request(bare, cast.kinds["lobby_shift"], None, FIRST)])

    assert found == ["no_contact_person", "no_agreement", "no_space_agreement", "no_insurance"]


@pytest.mark.parametrize("count", [3, 60])
def test_many_are_asked_in_four_queries(
    cast: Cast, count: int, django_assert_num_queries: Any
) -> None:
    requests = [
        Request(place.unit, cast.kinds["lobby_shift"], place.lobby, FIRST + n * DAY)
        for n in range(count // 3)
        for place in (cast.sastamala, cast.ikaalinen, cast.nokia)
    ]
    with django_assert_num_queries(4):
        found = missing_for_units(requests)

    assert found == [[]] * count
