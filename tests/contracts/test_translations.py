"""Every text of every package is there in Finnish and Swedish."""

import re
from pathlib import Path

import allauth
import django
import pytest
from babel.messages.pofile import read_po

from coordination import catalogues
from coordination.web import borrowed


@pytest.mark.parametrize("package", catalogues.PACKAGES)
def test_catalogue_is_complete(package: str) -> None:
    assert [str(problem) for problem in catalogues.check(package)] == []


def test_packages_agree() -> None:
    assert [str(problem) for problem in catalogues.check_agreement()] == []


OTHER_WORDS = {"fi": r"\b(tapaami|istunto)", "sv": r"\bträff"}
"""A session is a *vuoro*, a *pass*; forms of work have names of their own (domain.md, glossary)."""


@pytest.mark.parametrize("language", OTHER_WORDS)
def test_a_session_is_called_by_one_word(language: str) -> None:
    said = [
        str(message.id)
        for package in catalogues.PACKAGES
        for message in catalogues.read(package, language)
        if message.id and message.id != "Agreed to meet again"
        for text in (message.string if isinstance(message.string, tuple) else [message.string])
        if re.search(OTHER_WORDS[language], str(text), re.IGNORECASE)
    ]
    assert said == []


def test_borrowed_texts_are_still_those_of_the_libraries() -> None:
    """A text that a library has changed would silently be shown in the library's own words."""
    folders = [
        Path(django.__file__).parent / "conf/locale",
        Path(django.__file__).parent / "contrib/auth/locale",
        Path(allauth.__file__).parent / "locale",
    ]
    known: set[str] = set()
    for folder in folders:
        with (folder / "fi/LC_MESSAGES/django.po").open("rb") as file:
            known |= {message.id for message in read_po(file) if isinstance(message.id, str)}
    assert [text for text in borrowed.TEXTS if text not in known] == []
