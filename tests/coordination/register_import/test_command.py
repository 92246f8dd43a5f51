"""`manage.py import_register`: what it prints, what it writes, and when it refuses."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from experts.models import Expert
from tests.coordination.register_import.helpers import (
    FEW_MENDED,
    REGISTER,
    edited,
    few,
    planted,
)

pytestmark = pytest.mark.django_db


def _run(*arguments: str, file: Path = REGISTER) -> str:
    out = io.StringIO()
    call_command("import_register", str(file), *arguments, stdout=out)
    return out.getvalue()


def _json(*arguments: str, file: Path = REGISTER) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(_run("--json", *arguments, file=file))
    return found


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A few rows, one of them with an error."""
    path = tmp_path / "small.xlsx"
    path.write_bytes(edited(few).getvalue())
    return path


@pytest.fixture
def mended(tmp_path: Path) -> Path:
    """The same rows, the error mended."""
    path = tmp_path / "mended.xlsx"
    path.write_bytes(edited(*FEW_MENDED).getvalue())
    return path


def test_json_lists_the_problems_with_five_fields_and_nothing_is_written() -> None:
    found = _json("--dry-run")
    assert {frozenset(item) for item in found} == {
        frozenset({"sheet", "row", "column", "code", "message"})
    }
    assert planted() <= {(p["sheet"], p["row"], p["column"], p["code"]) for p in found}
    assert Expert.objects.count() == 0


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("fi", "Kuntaa nimeltä ”Tanpere” ei ole. Tarkoititko Tampere?"),
        ("sv", "Det finns ingen kommun som heter ”Tanpere”. Menade du Tampere?"),
        ("en", "There is no municipality called “Tanpere”. Did you mean Tampere?"),
    ],
)
def test_sentences_in_the_language_asked_for(small: Path, language: str, sentence: str) -> None:
    found = _json("--dry-run", "--lang", language, file=small)
    assert sentence in {item["message"] for item in found}


def test_notes_come_only_when_asked_for(small: Path) -> None:
    with_notes = _json("--dry-run", "--notes", file=small)
    assert len(with_notes) > len(_json("--dry-run", file=small))


def test_errors_stop_it_unless_they_are_to_be_left_out(small: Path) -> None:
    with pytest.raises(CommandError, match=r"\b1\b"):
        _run("--yes", file=small)
    assert Expert.objects.count() == 0
    _run("--yes", "--skip-errors", file=small)
    assert Expert.objects.get().name == "Taisto Demonen"


def test_it_asks_before_it_writes(mended: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("kyllä\n"))  # no terminal: nobody to ask
    with pytest.raises(CommandError):
        _run(file=mended)
    assert Expert.objects.count() == 0


def test_the_same_file_twice_says_nothing_new(mended: Path) -> None:
    assert "Kokemusasiantuntijat: 2 new, 0 changed" in _run("--yes", "--lang", "en", file=mended)
    again = _run("--yes", "--lang", "en", file=mended)
    assert "Kokemusasiantuntijat: 0 new, 0 changed, 2 unchanged" in again
    assert " 1 new" not in again


@pytest.mark.parametrize(
    ("content", "code"), [(b"Nimi;Puhelin", "not_a_workbook"), (None, "unreadable")]
)
def test_a_file_that_cannot_be_read_is_one_clear_error(
    tmp_path: Path, content: bytes | None, code: str
) -> None:
    path = tmp_path / "register.xlsx"
    if content is not None:
        path.write_bytes(content)
    out = io.StringIO()
    with pytest.raises(CommandError):
        call_command("import_register", str(path), "--json", "--dry-run", stdout=out)
    [found] = json.loads(out.getvalue())
    assert (found["code"], found["row"]) == (code, 0)
    assert found["message"]
