"""Words and lists: names, yes and no, languages, statuses, repetition, units of a fee."""

import enum
import re
import unicodedata
from collections.abc import Callable, Hashable, Mapping
from typing import TypeVar

from coordination.workbook.opening import Cell
from coordination.workbook.problems import Misread

T = TypeVar("T", bound=Hashable)

_SEPARATORS = re.compile(r"\s*[;,/\n]\s*|\s+(?:ja|och|and|sekä|samt|&)\s+", re.IGNORECASE)
_SEMICOLONS = re.compile(r"\s*[;\n]\s*")
_YES = frozenset(("kyllä", "k", "on", "x", "joo", "ja", "yes", "y", "1", "true"))
_NO = frozenset(("ei", "e", "ei ole", "nej", "no", "n", "0", "false", "-", "–"))
_LANGUAGES = {
    "fi": ("fi", "fin", "suomi", "suomen kieli", "finska", "finnish"),
    "sv": ("sv", "swe", "ruotsi", "ruotsin kieli", "svenska", "swedish"),
    "en": ("en", "eng", "englanti", "engelska", "english"),
    "se": ("saame", "pohjoissaame", "samiska", "nordsamiska", "sami"),
    "ru": ("ru", "venäjä", "ryska", "russian"),
    "et": ("et", "viro", "eesti", "estniska", "estonian"),
    "ar": ("ar", "arabia", "arabiska", "arabic"),
    "so": ("so", "somali", "somaliska"),
    "fa": ("fa", "persia", "farsi", "dari", "persian"),
    "uk": ("uk", "ukraina", "ukrainska", "ukrainian"),
    "de": ("de", "saksa", "tyska", "german"),
    "fr": ("fr", "ranska", "franska", "french"),
    "es": ("es", "espanja", "spanska", "spanish"),
    "fse": (
        "viittomakieli",
        "suomalainen viittomakieli",
        "teckenspråk",
        "finskt teckenspråk",
        "sign language",
    ),
}
_LANGUAGE_BY_WORD = {word: code for code, words in _LANGUAGES.items() for word in words}


def clean(text: str) -> str:
    """Composed letters, single plain spaces, none at the ends."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def name_key(name: str) -> str:
    """What makes two spellings of a name the same: no case, no extra or hard spaces, one kind of
    hyphen; å ä ö stay.
    """
    return re.sub("[\u2010-\u2015]", "-", clean(name)).casefold()


def parse_text(cell: Cell) -> str:
    """Text as it stands, spaces made plain. Raises `Misread` `too_long` above 500 letters."""
    text = clean(cell.text)
    if len(text) > 500:
        raise Misread("too_long", value=text, length=len(text), most=500)
    return text


def parse_name(cell: Cell) -> str:
    """A person's name; one written all in capitals or all in small letters gets its usual form."""
    name = re.sub("[\u2010-\u2015]", "-", clean(cell.text))
    if not any(character.isalpha() for character in name) or len(name) > 200:
        raise Misread("invalid_name", value=name)
    return _capitalised(name) if name.isupper() or name.islower() else name


def _capitalised(name: str) -> str:
    return re.sub(r"[^\W\d_]+", lambda part: part[0][:1].upper() + part[0][1:].lower(), name)


def split_list(text: str) -> list[str]:
    """The parts of a list written with `,` `;` `/` or `ja`, in order, each once."""
    return list(dict.fromkeys(part for part in map(clean, _SEPARATORS.split(text)) if part))


def parse_list(cell: Cell) -> list[str]:
    """Free words in a list."""
    return split_list(cell.text)


def parse_names(cell: Cell) -> list[str]:
    """People's names in a list; with semicolons a comma belongs to the name."""
    text = cell.text
    parts = _SEMICOLONS.split(text) if ";" in text else split_list(text)
    return list(dict.fromkeys(parse_name(Cell(part)) for part in parts if part.strip()))


def parse_yes_no(cell: Cell) -> bool:
    """Yes or no. Raises `Misread` `not_yes_or_no`."""
    if isinstance(cell.value, bool):
        return cell.value
    word = cell.text.casefold()
    if word in _YES:
        return True
    if word in _NO:
        return False
    raise Misread("not_yes_or_no", value=cell.text)


def parse_languages(cell: Cell) -> list[str]:
    """Language codes (ISO 639), in the order written. Raises `Misread` `unknown_language`."""
    words = split_list(cell.text)
    unknown = [word for word in words if word.casefold() not in _LANGUAGE_BY_WORD]
    if unknown:
        raise Misread("unknown_language", value=unknown[0])
    return list(dict.fromkeys(_LANGUAGE_BY_WORD[word.casefold()] for word in words))


class Repeats(enum.StrEnum):
    """How a shift repeats."""

    NO = "no"
    WEEKLY = "weekly"
    EVERY_OTHER_WEEK = "every_other_week"

    @property
    def weeks(self) -> int:
        """Weeks between occurrences; 0 when it does not repeat."""
        return {Repeats.NO: 0, Repeats.WEEKLY: 1, Repeats.EVERY_OTHER_WEEK: 2}[self]


class PerUnit(enum.StrEnum):
    """What a fee is paid for."""

    HOUR = "hour"
    SESSION = "session"


def one_of(words: Mapping[str, T], code: str) -> Callable[[Cell], T]:
    """A parser of a fixed set of words, in any case. It raises `Misread` with `code`, listing the
    words it knows.
    """
    known = {clean(word).casefold(): meaning for word, meaning in words.items()}
    shown = list({meaning: word for word, meaning in reversed(list(words.items()))}.values())[::-1]

    def parse(cell: Cell) -> T:
        try:
            return known[clean(cell.text).casefold()]
        except KeyError:
            raise Misread(code, value=cell.text, known=shown) from None

    return parse


parse_repeats = one_of(
    {
        "joka viikko": Repeats.WEEKLY,
        "viikoittain": Repeats.WEEKLY,
        "viikottain": Repeats.WEEKLY,
        "varje vecka": Repeats.WEEKLY,
        "every week": Repeats.WEEKLY,
        "weekly": Repeats.WEEKLY,
        "joka toinen viikko": Repeats.EVERY_OTHER_WEEK,
        "joka 2. viikko": Repeats.EVERY_OTHER_WEEK,
        "varannan vecka": Repeats.EVERY_OTHER_WEEK,
        "every other week": Repeats.EVERY_OTHER_WEEK,
        "ei": Repeats.NO,
        "ei toistu": Repeats.NO,
        "kerran": Repeats.NO,
        "en gång": Repeats.NO,
        "once": Repeats.NO,
        "-": Repeats.NO,
    },
    "unknown_repetition",
)
parse_per_unit = one_of(
    {
        "€/h": PerUnit.HOUR,
        "€ / h": PerUnit.HOUR,
        "euroa/h": PerUnit.HOUR,
        "e/h": PerUnit.HOUR,
        "eur/h": PerUnit.HOUR,
        "h": PerUnit.HOUR,
        "tunti": PerUnit.HOUR,
        "€/tunti": PerUnit.HOUR,
        "€/timme": PerUnit.HOUR,
        "€/kerta": PerUnit.SESSION,
        "€ / kerta": PerUnit.SESSION,
        "euroa/kerta": PerUnit.SESSION,
        "e/kerta": PerUnit.SESSION,
        "eur/kerta": PerUnit.SESSION,
        "kerta": PerUnit.SESSION,
        "€/gång": PerUnit.SESSION,
        "€/session": PerUnit.SESSION,
    },
    "unknown_unit_of_fee",
)
