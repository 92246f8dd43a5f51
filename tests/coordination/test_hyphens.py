"""Long Finnish words break between syllables, and only long ones."""

import pytest

from coordination import hyphens


@pytest.mark.parametrize(
    ("text", "broken"),
    [
        ("mielenterveyspalvelut", "mie-len-ter-veys-pal-ve-lut"),
        ("Ikaalisten aikuissosiaalityö", "Ikaalisten aikuis-so-siaa-li-työ"),
        ("Sastamalan poliklinikka", "Sastamalan poliklinikka"),
        ("erfarenhetsmottagning", "erfa-ren-hets-mot-tag-ning"),
        ("", ""),
    ],
)
def test_breaks(text: str, broken: str) -> None:
    found = hyphens.soften(text)
    assert found.replace(hyphens.SOFT_HYPHEN, "-") == broken
    assert found.replace(hyphens.SOFT_HYPHEN, "") == text
