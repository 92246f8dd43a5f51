"""The tables of moves, their sentences, and the page drawn from them."""

from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db.models import TextChoices
from django.utils import translation
from django.utils.module_loading import autodiscover_modules

from coordination import transitions
from coordination.errors import Refused
from coordination.management.commands import state_diagrams
from coordination.transitions import Transitions


class Light(TextChoices):
    RED = "red", "red light"
    GREEN = "green", "green light"
    BROKEN = "broken", "broken"


@pytest.fixture(autouse=True)
def _own_registry(monkeypatch: pytest.MonkeyPatch) -> None:
    autodiscover_modules("transitions")  # a table first read in a test would be lost with it
    monkeypatch.setattr(transitions, "_registry", dict(transitions._registry))


@pytest.fixture
def light() -> Transitions:
    return Transitions(
        machine="light",
        states=Light,
        initial=(Light.RED,),
        moves={Light.RED: {Light.GREEN: "lights.go"}, Light.GREEN: (Light.RED, Light.BROKEN)},
        says={Light.BROKEN: "The light is broken."},
    )


def test_only_moves_of_the_table_are_allowed(light: Transitions) -> None:
    allowed = {(a, b) for a in Light.values for b in Light.values if light.allows(a, b)}
    assert allowed == {("red", "green"), ("green", "red"), ("green", "broken")}


@pytest.mark.parametrize(
    ("state", "target", "sentence"),
    [
        ("broken", "red", "The light is broken."),
        ("red", "broken", "The state is “red light”; it can no longer become “broken”."),
        ("red", "red", "This has been done already: the state is “red light”."),
    ],
)
def test_what_is_not_allowed_is_refused_with_a_sentence(
    light: Transitions, state: str, target: str, sentence: str
) -> None:
    with translation.override("en"), pytest.raises(Refused) as refused:
        transitions.check("light", state, target)
    assert (refused.value.code, str(refused.value)) == ("wrong_state", sentence)


def test_a_machine_has_one_table(light: Transitions) -> None:
    with pytest.raises(ValueError, match="two tables"):
        Transitions(machine="light", moves={Light.RED: (Light.BROKEN,)})


def test_the_drawing_shows_every_move_and_state(light: Transitions) -> None:
    drawn = state_diagrams.diagram(light)
    for line in (
        "    red: red light",
        "    [*] --> red",
        "    red --> green: lights.go",
        "    green --> red",
        "    green --> broken",
        "    broken --> [*]",
    ):
        assert line in drawn.splitlines()


def test_the_page_is_up_to_date_and_a_stale_one_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    call_command("state_diagrams", "--check")
    monkeypatch.setattr(settings, "BASE_DIR", tmp_path)
    (tmp_path / "docs").mkdir()
    with pytest.raises(CommandError, match="stale"):
        call_command("state_diagrams", "--check")
    call_command("state_diagrams", stdout=StringIO())
    call_command("state_diagrams", "--check")
    page = tmp_path / "docs" / "states.md"
    page.write_text(page.read_text() + "x")
    with pytest.raises(CommandError, match="stale"):
        call_command("state_diagrams", "--check")


def test_every_function_named_in_a_table_exists() -> None:
    """`bookings.accept, sessions.cancel` and the like are functions of the package's services."""
    from importlib import import_module

    from scheduling import transitions as tables

    named = {
        name.split(" ")[0]
        for table in (tables.BOOKING, tables.SESSION, tables.ASSIGNMENT, tables.OFFER)
        for state in table.known_states()
        for does in table.targets(state).values()
        for name in does.split(", ")
    }
    for name in sorted(named):
        module, function = name.split(".")
        assert callable(getattr(import_module(f"scheduling.services.{module}"), function)), name
