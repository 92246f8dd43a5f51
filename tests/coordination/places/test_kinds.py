"""The forms of work the sources name are there, with the rules the sources give."""

import pytest
from django.utils import translation

from coordination.models import ActivityKind

CODES = {
    *("lobby_shift", "group_session", "individual_meeting", "reception", "panel", "school_visit"),
    *("talk", "online_counselling", "advice_point", "peer_service_guide", "development_work"),
    *("meeting", "volunteer_support"),
}


def test_all_are_there_in_three_languages_with_their_source(db: None) -> None:
    kinds = ActivityKind.objects.all()

    assert {kind.code for kind in kinds} == CODES
    for kind in kinds:
        assert len({kind.name_fi, kind.name_sv, kind.name_en}) == 3
        assert all((kind.purpose_fi, kind.purpose_sv, kind.purpose_en, kind.source))


@pytest.mark.parametrize(
    ("code", "rules"),
    [
        ("group_session", {"default_minutes": 240, "needs_responsible_professional": True}),
        (
            "individual_meeting",
            {"monthly_min": 1, "monthly_max": 2, "asks_professional_present": True},
        ),
        ("school_visit", {"with_minors": True}),
        ("online_counselling", {"place_kinds": ["online"], "needs_further_training": True}),
        ("peer_service_guide", {"place_kinds": ["other_authority"]}),
        ("lobby_shift", {"needs_space_agreement": True, "is_paid": True}),
        ("volunteer_support", {"is_paid": False}),
    ],
)
def test_the_rules_of_the_sources(db: None, code: str, rules: dict[str, object]) -> None:
    kind = ActivityKind.objects.get(code=code)

    assert {name: getattr(kind, name) for name in rules} == rules


def test_the_name_follows_the_language(db: None) -> None:
    kind = ActivityKind.objects.get(code="group_session")
    names = []
    for language in ("fi", "sv", "en"):
        with translation.override(language):
            names.append(kind.name)

    assert names == ["yhteistapaaminen", "gruppträff", "group session"]
