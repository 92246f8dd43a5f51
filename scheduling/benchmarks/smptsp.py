"""Reads the published instances: fast sessions, people with skills, as few people as possible.

The format is that of Krishnamoorthy, Ernst and Baatar (2012): `Jobs = n` and a line of start and end for
each, `Qualifications = m` and for each person `count: session …`.
"""

from dataclasses import dataclass
from pathlib import Path


class NoInstance(ValueError):
    """The file does not hold what such a file holds; the message says where it ends."""


@dataclass(frozen=True, slots=True)
class Instance:
    name: str
    spans: tuple[tuple[int, int], ...]
    qualified: tuple[tuple[int, ...], ...]


def read(path: Path) -> Instance:
    """Raises `NoInstance` for anything else than an instance, `OSError` when there is no such file."""
    try:
        text = path.read_text(encoding="ascii")
    except UnicodeDecodeError as error:
        raise NoInstance(f"{path.name}: this is no text file of numbers") from error
    lines = [line.strip() for line in text.splitlines()]
    rows = [line for line in lines if line and not line.startswith("#")]
    try:
        spans = tuple(_span(row) for row in _block(rows, "Jobs"))
        qualified = tuple(_skills(row) for row in _block(rows, "Qualifications"))
    except (ValueError, IndexError) as error:
        raise NoInstance(f"{path.name}: {error}") from error
    if not all(0 <= session < len(spans) for sessions in qualified for session in sessions):
        raise NoInstance(f"{path.name}: somebody is qualified for a job that is not there")
    return Instance(path.stem, spans, qualified)


def _block(rows: list[str], title: str) -> list[str]:
    for at, row in enumerate(rows):
        if row.startswith(title):
            count = int(row.split("=")[1])
            found = rows[at + 1 : at + 1 + count]
            if len(found) < count:
                raise ValueError(f"{title} promises {count} lines and has {len(found)}")
            return found
    raise ValueError(f"no line begins with {title}")


def _span(row: str) -> tuple[int, int]:
    start, end = row.split()
    return int(start), int(end)


def _skills(row: str) -> tuple[int, ...]:
    return tuple(int(word) for word in row.split(":")[1].split())
