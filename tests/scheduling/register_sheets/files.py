"""A register with one sheet of shifts, read and written in tests."""

import datetime as dt
from collections.abc import Sequence

from coordination.register_import import planning
from coordination.register_import.files import read_file
from coordination.register_import.planning import PlannedRow, Rehearsal
from coordination.register_import.reading import Reading
from tests.coordination.workbook.makers import workbook
from tests.scheduling.makers import NOW

SHEET = "Vuorot 2027"
UNIT = "Sastamalan poliklinikka"
LOBBY = "aulatapaaminen"
HEADERS = (
    "Pvm",
    "Klo",
    "Yksikkö",
    "Muoto",
    "Kokemusasiantuntijat",
    "Vastuuammattilainen",
    "Toistuu",
    "Huom",
)


def shift(
    day: str = "9.3.2027",
    clock: str = "9-12",
    people: str = "Aino Testilä",
    *,
    unit: str = UNIT,
    kind: str = LOBBY,
    repeats: str = "",
    notes: str = "",
) -> tuple[str, ...]:
    """A row of the sheet."""
    return (day, clock, unit, kind, people, "Aune Ammattilainen", repeats, notes)


def read(*rows: Sequence[str], now: dt.datetime = NOW) -> Reading:
    file = workbook({SHEET: [HEADERS, *rows]})
    return read_file(file, today=now.date())


def write(*rows: Sequence[str], now: dt.datetime = NOW) -> list[PlannedRow]:
    """Written as a worker would; errors are not expected."""
    reading = read(*rows, now=now)
    assert [p for p in reading.problems if p.is_error] == []
    return planning.write(reading.register, by=None, now=now)


def rehearse(*rows: Sequence[str], now: dt.datetime = NOW) -> Rehearsal:
    return planning.rehearse(lambda: read(*rows, now=now), by=None, now=now)
