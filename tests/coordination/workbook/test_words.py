"""Names, lists, yes and no, languages and fixed words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coordination.workbook import words
from coordination.workbook.opening import Cell
from coordination.workbook.problems import Misread
from coordination.workbook.words import PerUnit, Repeats

NAMES = st.text(alphabet="abcdeåäöÅÄÖxyz-", min_size=1, max_size=12).filter(
    lambda name: any(letter.isalpha() for letter in name)
)


@given(NAMES, NAMES)
def test_spaces_and_case_do_not_make_another_person(first: str, last: str) -> None:
    keys = {
        words.name_key(text)
        for text in (
            f"{first} {last}",
            f"  {first}\u00a0{last} ",
            f"{first}\n{last}".upper(),
            f"{first}  {last}".lower(),
        )
    }
    assert len(keys) == 1


def test_letters_with_dots_are_letters_of_their_own() -> None:
    assert words.name_key("Väinö") != words.name_key("Vaino")
    assert words.name_key("Va\u0308ino\u0308") == words.name_key("Väinö")


def test_a_name_in_capitals_gets_its_usual_form() -> None:
    assert words.parse_name(Cell("  VÄINÖ LUONNOS\xa0")) == "Väinö Luonnos"
    assert words.parse_name(Cell("ulla-maija af harjoitus")) == "Ulla-Maija Af Harjoitus"
    assert words.parse_name(Cell("Anna von Testi")) == "Anna von Testi"
    with pytest.raises(Misread):
        words.parse_name(Cell(" 12 "))


def test_lists() -> None:
    assert words.parse_list(Cell("päihteet, ahdistus; syömishäiriö ja päihteet")) == [
        "päihteet",
        "ahdistus",
        "syömishäiriö",
    ]
    assert words.parse_names(Cell("Yrjö Testilä; Oiva Tarina;")) == ["Yrjö Testilä", "Oiva Tarina"]
    assert words.parse_names(Cell("Jaana Jako ja Oiva Tarina")) == ["Jaana Jako", "Oiva Tarina"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("suomi, ruotsi", ["fi", "sv"]),
        ("fi;en", ["fi", "en"]),
        ("suomi,englanti", ["fi", "en"]),
        ("Finska", ["fi"]),
        ("suomi ja suomi", ["fi"]),
    ],
)
def test_languages(text: str, expected: list[str]) -> None:
    assert words.parse_languages(Cell(text)) == expected


@pytest.mark.parametrize(
    ("value", "expected"), [("Kyllä", True), ("x", True), ("ei", False), (True, True), (0, False)]
)
def test_yes_and_no(value: object, expected: bool) -> None:
    assert words.parse_yes_no(Cell(value)) is expected


def test_fixed_words_in_any_case_and_what_is_known_when_not() -> None:
    assert words.parse_repeats(Cell("Joka  toinen viikko")) is Repeats.EVERY_OTHER_WEEK
    assert words.parse_per_unit(Cell("€/KERTA")) is PerUnit.SESSION
    assert (Repeats.NO.weeks, Repeats.WEEKLY.weeks) == (0, 1)
    with pytest.raises(Misread) as misread:
        words.parse_repeats(Cell("joskus"))
    assert misread.value.params["known"] == ["joka viikko", "joka toinen viikko", "ei"]


@pytest.mark.parametrize(
    ("parse", "value", "code"),
    [
        (words.parse_languages, "suomi, klingon", "unknown_language"),
        (words.parse_yes_no, "ehkä", "not_yes_or_no"),
        (words.parse_text, "x" * 501, "too_long"),
    ],
)
def test_what_is_not_known(parse: object, value: str, code: str) -> None:
    assert callable(parse)
    with pytest.raises(Misread) as misread:
        parse(Cell(value))
    assert misread.value.code == code
