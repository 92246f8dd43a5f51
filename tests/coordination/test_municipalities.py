"""The table of municipalities is whole and its points are where they should be."""

import itertools

import pytest

from coordination import municipalities


def _distance(a: str, b: str) -> float:
    first, second = municipalities.find(a), municipalities.find(b)
    assert first is not None
    assert second is not None
    return municipalities.distance_km(first, second)


def test_there_are_308_with_their_own_code_and_name() -> None:
    everything = municipalities.all_municipalities()
    assert len(everything) == 308
    assert len({m.code for m in everything}) == 308
    assert len({m.name_fi for m in everything}) == 308
    assert all(len(m.code) == 3 and m.code.isdigit() for m in everything)


def test_every_point_lies_in_finland() -> None:
    outside = [
        m
        for m in municipalities.all_municipalities()
        if not (59.5 < m.latitude < 70.1 and 19.0 < m.longitude < 31.6)
    ]
    assert outside == []


def test_no_two_municipalities_share_a_point() -> None:
    close = [
        (a.name_fi, b.name_fi)
        for a, b in itertools.combinations(municipalities.all_municipalities(), 2)
        if municipalities.distance_km(a, b) < 2
    ]
    assert close == []


@pytest.mark.parametrize(
    ("a", "b", "low", "high"),
    [
        ("Tampere", "Nokia", 12, 18),
        ("Tampere", "Seinäjoki", 145, 160),
        ("Tampere", "Sastamala", 45, 55),
        ("Helsinki", "Turku", 145, 155),
        ("Helsinki", "Utsjoki", 1060, 1110),
        ("Maarianhamina", "Turku", 125, 140),
    ],
)
def test_known_distances(a: str, b: str, low: float, high: float) -> None:
    assert low <= _distance(a, b) <= high


@pytest.mark.parametrize("name", ["Tampere", "tampere ", "TAMMERFORS", "Tammerfors"])
def test_a_name_is_found_in_either_language_and_any_case(name: str) -> None:
    found = municipalities.find(name)
    assert found is not None
    assert found.name_fi == "Tampere"
    assert found.name("sv") == "Tammerfors"
    assert found.code == "837"


def test_a_decomposed_umlaut_is_the_same_letter() -> None:
    assert municipalities.find("Seina\u0308joki") == municipalities.find("Seinäjoki") is not None


def test_a_misspelt_name_is_not_found_but_the_right_one_is_offered() -> None:
    assert municipalities.find("Tanpere") is None
    assert municipalities.nearest_names("Tanpere")[0] == "Tampere"
    assert municipalities.nearest_names("xyzzy") == []
