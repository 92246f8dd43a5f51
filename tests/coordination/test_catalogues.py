"""Message catalogues: what is found, kept, compiled, and what is called wrong."""

from collections.abc import Callable
from gettext import GNUTranslations
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from coordination import catalogues
from coordination.catalogue_sources import UnreadableTextError, sources

PYTHON = """
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy as _n, pgettext
from django.utils import translation

title = _("Week board")
seats = _n("%(count)d seat", "%(count)d seats", 2)
word = pgettext("month", "May")
late = translation.gettext("Late "
    "evening")
not_ours = _other("Hidden")
def _other(text): return text
"""
TEMPLATE = """{% load i18n %}
  <p title="{% translate "Open" %}">{% translate 'May' context "verb" as may %}</p>
{% blocktranslate count n=seats with who=name trimmed %}
   {{ who }} has {{ n }} seat
{% plural %}
   {{ who }} has {{ n }} seats
{% endblocktranslate %}
{% badge _("New") %}{{ x|default:_("None") }}{# {% translate "Commented" %} #}
"""


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """A small project whose `api` package has a Python file and a template."""
    package = tmp_path / "api"
    (package / "templates" / "api").mkdir(parents=True)
    (package / "views.py").write_text(PYTHON, encoding="utf-8")
    (package / "templates" / "api" / "page.html").write_text(TEMPLATE, encoding="utf-8")
    return tmp_path


@pytest.fixture
def translate(house: Path) -> Callable[..., None]:
    """Fills every text of a language with itself, then replaces one translation."""

    def translate(language: str, **changed: str) -> None:
        path = catalogues.po_path("api", language, root=house)
        lines: list[str] = []
        source, plural = "", ""
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.startswith("msgid "):
                source = plural = line.removeprefix("msgid ")
            elif line.startswith("msgid_plural "):
                plural = line.removeprefix("msgid_plural ")
            elif line.startswith("msgstr") and source != '""':
                key = line.split(" ")[0]
                text = plural if key == "msgstr[1]" else source
                first_word = text.strip('"').split()[0]
                lines.append(f"{key} {changed.get(first_word, text)}")
                continue
            lines.append(line)
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")

    return translate


def test_finds_every_text_of_python_and_templates(house: Path) -> None:
    assert sources(house / "api") == {
        ("", "Week board"): "",
        ("", "%(count)d seat"): "%(count)d seats",
        ("month", "May"): "",
        ("", "Late evening"): "",
        ("", "Open"): "",
        ("verb", "May"): "",
        ("", "%(who)s has %(n)s seat"): "%(who)s has %(n)s seats",
        ("", "New"): "",
        ("", "None"): "",
    }


def test_a_computed_text_is_refused(house: Path) -> None:
    code = (
        'from django.utils.translation import gettext as _\nname = "x"\nbad = _(f"Hello {name}")\n'
    )
    (house / "api" / "bad.py").write_text(code, encoding="utf-8")
    with pytest.raises(UnreadableTextError, match=r"bad\.py:3"):
        sources(house / "api")


def test_update_keeps_translations_and_drops_what_is_gone(
    house: Path, translate: Callable[..., None]
) -> None:
    assert catalogues.update("api", root=house) == {"fi": 9, "sv": 9, "en": 9}
    translate("fi")
    (house / "api" / "views.py").write_text(PYTHON.replace("Week board", "Month board"))
    assert catalogues.update("api", root=house)["fi"] == 1
    text = catalogues.po_path("api", "fi", root=house).read_text(encoding="utf-8")
    assert "Week board" not in text
    assert 'msgctxt "month"\nmsgid "May"\nmsgstr "May"' in text
    before = text
    catalogues.update(
        "api", root=house
    )  # again: not a byte changes, and nothing names a line or a day
    assert catalogues.po_path("api", "fi", root=house).read_text(encoding="utf-8") == before
    assert "Date" not in before
    assert "#:" not in before


def _what(house: Path) -> set[str]:
    return {
        f"{problem.language}: {problem.what}" for problem in catalogues.check("api", root=house)
    }


def test_a_complete_house_has_no_problem(house: Path, translate: Callable[..., None]) -> None:
    catalogues.update("api", root=house)
    assert _what(house) == {"fi: not translated", "sv: not translated"}
    translate("fi")
    translate("sv")
    assert _what(house) == set()


@pytest.mark.parametrize(
    ("word", "translation", "problem"),
    [
        ("Open", '""', "not translated"),
        (
            "%(who)s",
            '"%(kuka)s, %(n)s paikkaa"',
            "placeholders differ in '%(kuka)s, %(n)s paikkaa'",
        ),
        ("%(count)d", '"monta paikkaa"', "placeholders differ in 'monta paikkaa'"),
        ("New", '"{uusi}"', "placeholders differ in '{uusi}'"),
        ("Late", '"Ilta "', "begins or ends with other white space in 'Ilta '"),
    ],
)
def test_one_thing_broken_on_purpose(
    word: str, translation: str, problem: str, house: Path, translate: Callable[..., None]
) -> None:
    catalogues.update("api", root=house)
    translate("sv")
    translate("fi", **{word: translation})
    assert _what(house) == {f"fi: {problem}"}


def test_fuzzy_and_out_of_date_are_problems(house: Path, translate: Callable[..., None]) -> None:
    catalogues.update("api", root=house)
    translate("fi")
    translate("sv")
    path = catalogues.po_path("api", "sv", root=house)
    fuzzy = path.read_text().replace('msgid "Open"', '#, fuzzy\nmsgid "Open"')
    path.write_text(fuzzy)
    assert _what(house) == {"sv: marked as unsure (fuzzy)", "sv: not translated"}
    path.write_text(fuzzy.replace("#, fuzzy\n", ""))
    (house / "api" / "views.py").write_text(PYTHON.replace("Week board", "Month board"))
    stale = {"not in the catalogue (run --update)", "no longer used (run --update)"}
    assert _what(house) == {f"{code}: {what}" for code in ("fi", "sv", "en") for what in stale}


def test_a_singular_may_leave_the_number_out(house: Path, translate: Callable[..., None]) -> None:
    catalogues.update("api", root=house)
    translate("sv")
    translate("fi")
    path = catalogues.po_path("api", "fi", root=house)
    path.write_text(
        path.read_text().replace('msgstr[0] "%(count)d seat"', 'msgstr[0] "yksi paikka"')
    )
    assert _what(house) == set()


def test_two_packages_that_disagree(house: Path, translate: Callable[..., None]) -> None:
    catalogues.update("api", root=house)
    translate("fi")
    other = house / "billing"
    other.mkdir()
    (other / "views.py").write_text(
        'from django.utils.translation import gettext as _\nx = _("Open")\n'
    )
    catalogues.update("billing", root=house)
    path = catalogues.po_path("billing", "fi", root=house)
    path.write_text(
        path.read_text().replace('msgid "Open"\nmsgstr ""', 'msgid "Open"\nmsgstr "Auki"')
    )
    assert [str(problem) for problem in catalogues.check_agreement(root=house)] == [
        "api/fi: translated otherwise in billing: 'Open'"
    ]


def test_compiled_catalogues_leave_out_what_is_missing(
    house: Path, translate: Callable[..., None]
) -> None:
    catalogues.update("api", root=house)
    translate("fi", Open='"Avoin"', New='""')
    compiled = catalogues.compile_stale(root=house)
    assert len(compiled) == 3
    assert catalogues.compile_stale(root=house) == []
    with catalogues.po_path("api", "fi", root=house).with_suffix(".mo").open("rb") as file:
        finnish = GNUTranslations(file)
    assert finnish.gettext("Open") == "Avoin"
    assert finnish.gettext("New") == "New"
    with catalogues.po_path("api", "en", root=house).with_suffix(".mo").open("rb") as file:
        english = GNUTranslations(file)
    assert english.ngettext("%(count)d seat", "%(count)d seats", 2) == "%(count)d seats"


def test_the_command_says_what_is_wrong(
    house: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(catalogues, "ROOT", house)
    monkeypatch.setattr(catalogues.po_path, "__kwdefaults__", {"root": house})
    for function in ("extract", "read", "update", "check", "check_agreement", "compile_one"):
        monkeypatch.setattr(getattr(catalogues, function), "__kwdefaults__", {"root": house})
    call_command("catalogues", "--update", "--package", "api")
    assert capsys.readouterr().out == (
        "api/locale/fi/LC_MESSAGES/django.po: 9 to translate\n"
        "api/locale/sv/LC_MESSAGES/django.po: 9 to translate\n"
    )
    with pytest.raises(CommandError, match="18 problems"):
        call_command("catalogues", "--check", "--package", "api")
    assert "api/fi: not translated: 'Week board'\n" in capsys.readouterr().err
