"""Every problem has a sentence in every language, and its values fit into it."""

import datetime as dt
import re
from decimal import Decimal

import pytest
from django.utils import translation

from coordination.register_import.sheets import all_sheets
from coordination.workbook import sentences
from coordination.workbook.problems import Problem

all_sheets()  # they bring their own sentences
NAMED = re.compile(r"%\((\w+)\)s")


@pytest.mark.parametrize("language", ["fi", "sv"])
def test_every_sentence_is_translated_with_the_same_values(language: str) -> None:
    with translation.override("en"):
        english = {code: str(text) for code, text in sentences.KNOWN.items()}
    with translation.override(language):
        for code, text in sentences.KNOWN.items():
            assert str(text) != english[code], code
            assert set(NAMED.findall(str(text))) == set(NAMED.findall(english[code])), code


def test_values_are_told_as_people_write_them() -> None:
    params = {"start": dt.date(2027, 6, 1), "end": dt.date(2027, 5, 1), "column": "Päättyy"}
    problem = Problem("Sopimukset", 11, "Päättyy", "ends_before_start", params=params)
    with translation.override("fi"):
        assert problem.sentence() == (
            "Päättyy (1.5.2027) ennen kuin alkaa (1.6.2027). Korjaa toinen päivistä."
        )
    with translation.override("en"):
        assert "2027-05-01" in problem.sentence()


def test_a_reason_picks_a_closer_sentence_and_an_unknown_one_the_general() -> None:
    params = {"value": "x", "likely": "y"}
    with translation.override("en"):
        close = Problem("A", 1, "B", "invalid_email", reason="likely", params=params)
        general = Problem("A", 1, "B", "invalid_email", reason="no such", params=params)
        assert close.sentence() != general.sentence()


def test_numbers_and_lists_and_long_texts() -> None:
    with translation.override("fi"):
        amount = Problem("A", 1, "B", "above_limit", params={"value": Decimal("70.5"), "most": 60})
        assert amount.sentence().startswith("70,5 on enemmän kuin 60")
        known = Problem("A", 1, "B", "no_header", params={"known": ["Nimi", "Pvm"]})
        assert "Nimi, Pvm" in known.sentence()
        long = Problem("A", 1, "B", "invalid_date", params={"value": "x" * 5000})
        assert len(long.sentence()) < 300
