"""The colours: readable in light and dark, and the two ways to be dark are the same."""

import re
from pathlib import Path

import pytest

from coordination import web

STATIC = Path(web.__file__).parent / "static" / "web"
TOKENS = (STATIC / "css" / "tokens.css").read_text(encoding="utf-8")
LIGHT, DARK_DEVICE, DARK_CHOSEN = (
    dict(re.findall(r"--([\w-]+):\s*([^;]+);", block))
    for block in re.findall(r"{([^{}]+)}", TOKENS)
)


def _luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(one: str, other: str) -> float:
    """WCAG 2.2's contrast ratio."""
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_contrast_of_black_on_white() -> None:
    assert round(_contrast("#000000", "#ffffff"), 2) == 21
    assert round(_contrast("#777777", "#ffffff"), 2) == 4.48


@pytest.mark.parametrize("tokens", [LIGHT, DARK_CHOSEN], ids=["light", "dark"])
def test_text_and_lines_are_readable(tokens: dict[str, str]) -> None:
    surfaces = ("paper", "card", "veil")
    texts = [(ink, on) for ink in ("ink", "muted", "spruce") for on in surfaces]
    texts += [(tone, "card") for tone in ("amber", "rose", "sky")]
    texts += [(tone, f"{tone}-soft") for tone in ("spruce", "amber", "rose", "sky")]
    texts += [("ink", f"{tone}-soft") for tone in ("spruce", "amber", "rose", "sky")]
    texts += [("on-spruce", "spruce"), ("on-spruce", "spruce-deep"), ("on-rose", "rose")]
    weak = {
        f"{ink} on {on}": round(_contrast(tokens[ink], tokens[on]), 2)
        for ink, on in texts
        if _contrast(tokens[ink], tokens[on]) < 4.5
    }
    assert weak == {}
    assert _contrast(tokens["line"], tokens["card"]) >= 3  # controls are always filled with card
    assert [on for on in surfaces if _contrast(tokens["sky"], tokens[on]) < 3] == []  # the ring


def test_dark_is_dark_whoever_asked_for_it() -> None:
    assert DARK_DEVICE == DARK_CHOSEN
    assert len(DARK_CHOSEN) == 19


def test_every_icon_named_in_a_template_is_drawn() -> None:
    drawn = set(re.findall(r'id="([\w-]+)"', (STATIC / "icons.svg").read_text(encoding="utf-8")))
    root = Path(web.__file__).parent.parent.parent
    used: dict[str, str] = {}
    for package in ("coordination", "experts", "scheduling", "billing"):
        for path in (root / package).rglob("templates/**/*.html"):
            for name in re.findall(r'{% icon "([\w-]+)"', path.read_text(encoding="utf-8")):
                used[name] = str(path.relative_to(root))
    assert {name: path for name, path in used.items() if name not in drawn} == {}
    assert len(used) > 20


def test_no_file_of_the_shell_is_inline_or_foreign() -> None:
    """No CDN, no address of others in our style and script."""
    for path in [*STATIC.rglob("*.css"), *STATIC.rglob("*.js")]:
        assert "http" not in path.read_text(encoding="utf-8"), path.name
