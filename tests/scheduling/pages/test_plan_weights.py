"""The organisation's own weights: where every new plan starts from."""

from collections.abc import Callable

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from coordination.errors import Refused
from coordination.models import User
from scheduling.models import PlanDefaults, PlanRun
from scheduling.planner.problem import Weights
from scheduling.services import plan_defaults
from tests.cast import Cast
from tests.scheduling.pages.test_plan_pages import MARCH, filled, text_of
from tests.scheduling.plans.makers import make_people, make_sessions

PAGE = "/plans/weights/"


@pytest.fixture
def kaisa(cast: Cast, sign_in: Callable[[User], Client]) -> Client:
    cast.coordinator.language = "fi"
    cast.coordinator.save()
    return sign_in(cast.coordinator)


def test_a_new_plan_starts_from_what_was_saved(cast: Cast, kaisa: Client) -> None:
    make_people(cast, 1)
    make_sessions(cast, 1)
    assert PAGE in text_of(kaisa.get("/plans/"))
    assert kaisa.get("/plans/").context["form"]["share"].value() == Weights().share
    assert kaisa.post(PAGE, filled(kaisa, PAGE, share="9", gap="0")).status_code == 302
    form = kaisa.get("/plans/").context["form"]
    assert (form["share"].value(), form["gap"].value(), form["fill"].value()) == (9, 0, 10)
    kaisa.post("/plans/", filled(kaisa, **MARCH, distance="7", gap="0"))
    made = PlanRun.objects.get()
    assert (made.weights["share"], made.weights["distance"]) == (9, 7)
    # what one plan was given is its own
    assert kaisa.get("/plans/").context["form"]["distance"].value() == Weights().distance
    kaisa.post(PAGE, filled(kaisa, PAGE, share="1", gap="0"))
    made.refresh_from_db()
    assert made.weights["share"] == 9
    assert PlanDefaults.objects.count() == 1


@pytest.mark.parametrize("fields", [{"share": "11"}, {"gap": "-1"}, {"fill": "0"}, {"wishes": ""}])
def test_weights_out_of_range_are_said_and_not_saved(
    cast: Cast, kaisa: Client, fields: dict[str, str]
) -> None:
    response = kaisa.post(PAGE, filled(kaisa, PAGE, **fields))
    assert response.status_code == 422
    assert list(response.context["form"].errors) == list(fields)
    assert not PlanDefaults.objects.exists()


def test_service_and_database_keep_them_in_range(cast: Cast) -> None:
    for weights in ({"share": 11}, {"fill": 0}, {"luck": 3}):
        with pytest.raises(Refused):
            plan_defaults.save(weights, by=cast.coordinator)
    for row in (PlanDefaults(share=11), PlanDefaults(fill=0), PlanDefaults(id=2)):
        with pytest.raises(IntegrityError), transaction.atomic():
            row.save(force_insert=True)


def test_the_page_says_how_fast_people_travel(cast: Cast, kaisa: Client) -> None:
    page = text_of(kaisa.get(PAGE))
    assert "60 km tunnissa" in page
    assert "15 minuuttia" in page
