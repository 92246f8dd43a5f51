"""Finnish municipalities with a point each, so that distances work offline.

The data and its sources: `coordination/data/README.md`.
"""

import csv
import difflib
import functools
import math
import unicodedata
from dataclasses import dataclass
from pathlib import Path

_FILE = Path(__file__).parent / "data" / "municipalities.csv"
_EARTH_RADIUS_KM = 6371.0088  # mean radius, IUGG


@dataclass(frozen=True, slots=True)
class Municipality:
    """A municipality; `code` is the official three digits, `latitude` and `longitude` its main
    settlement (WGS 84).
    """

    code: str
    name_fi: str
    name_sv: str
    latitude: float
    longitude: float

    def name(self, language: str) -> str:
        """The name in Swedish for `sv`, else in Finnish."""
        return self.name_sv if language.startswith("sv") else self.name_fi


@functools.cache
def all_municipalities() -> tuple[Municipality, ...]:
    """All municipalities, by Finnish name."""
    with _FILE.open(encoding="utf-8", newline="") as file:
        rows = [
            Municipality(
                r["code"], r["name_fi"], r["name_sv"], float(r["latitude"]), float(r["longitude"])
            )
            for r in csv.DictReader(file)
        ]
    return tuple(sorted(rows, key=lambda m: m.name_fi))


def find(name: str) -> Municipality | None:
    """The municipality with this Finnish or Swedish name, in any case, or None."""
    return _by_name().get(_key(name))


def nearest_names(misspelt: str, *, count: int = 3) -> list[str]:
    """Names that look like the misspelt one, best first, as they are written: «tarkoititko
    Tampere?»
    """
    keys = difflib.get_close_matches(_key(misspelt), _spellings(), n=count, cutoff=0.7)
    return [_spellings()[key] for key in keys]


def distance_km(a: Municipality, b: Municipality) -> float:
    """Kilometres between two municipalities along the great circle (not by road)."""
    return kilometres_between((a.latitude, a.longitude), (b.latitude, b.longitude))


def kilometres_between(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Kilometres along the great circle between two points given as (latitude, longitude) in
    degrees.
    """
    lat_a, lon_a, lat_b, lon_b = map(math.radians, (*a, *b))
    half_chord = (
        math.sin((lat_b - lat_a) / 2) ** 2
        + math.cos(lat_a) * math.cos(lat_b) * math.sin((lon_b - lon_a) / 2) ** 2
    )
    return 2 * _EARTH_RADIUS_KM * math.asin(math.sqrt(min(1.0, half_chord)))


def minutes_of_way(km: float, *, km_per_hour: float, margin_minutes: int) -> int:
    """Minutes for a way of so many straight-line kilometres, with a margin at its end."""
    return round(km / km_per_hour * 60) + margin_minutes


def _key(name: str) -> str:
    return " ".join(unicodedata.normalize("NFC", name).casefold().split())


@functools.cache
def _spellings() -> dict[str, str]:
    return {_key(name): name for m in all_municipalities() for name in (m.name_sv, m.name_fi)}


@functools.cache
def _by_name() -> dict[str, Municipality]:
    # Finnish names last: where one municipality's Swedish name is another's Finnish one, the
    # Finnish one wins.
    swedish = {_key(m.name_sv): m for m in all_municipalities()}
    return swedish | {_key(m.name_fi): m for m in all_municipalities()}
