"""Double booking: nobody is at two places at once, in the file or beside what stands in the
diary.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from coordination.formats import HELSINKI
from coordination.register_import.register import Register
from coordination.register_import.sheets import ParsedRow
from coordination.workbook.problems import Problem
from coordination.workbook.words import name_key
from experts.models import DiaryEntry


@dataclass(frozen=True, slots=True)
class Busy:
    """A person's time taken by a row, half-open in UTC; `own`: the row's own entries in the diary,
    from an earlier import.
    """

    key: str
    name: str
    starts_at: dt.datetime
    ends_at: dt.datetime
    row: ParsedRow
    own: frozenset[str] = frozenset()

    def meets(self, starts_at: dt.datetime, ends_at: dt.datetime) -> bool:
        return self.starts_at < ends_at and starts_at < self.ends_at


def check_busy(
    register: Register, row: ParsedRow, name: str, times: list[Busy]
) -> Iterator[Problem]:
    """At most one `double_booking` for each person of a row: against earlier rows, then against
    the diary.
    """
    taken: dict[str, list[Busy]] = register.cached("busy", dict)
    told: set[str] = set()
    for busy in times:
        other = next(
            (
                b
                for b in taken.get(busy.key, [])
                if b.row is not row and b.meets(busy.starts_at, busy.ends_at)
            ),
            None,
        )
        stored = None if other else _in_diary(register, busy)
        if (other or stored) and busy.key not in told:
            told.add(busy.key)
            row.failed.add(name)
            reason = "row" if other else "diary"
            yield row.problem(
                name,
                "double_booking",
                reason=reason,
                value=busy.name,
                day=busy.starts_at.astimezone(HELSINKI).date(),
                sheet=other.row.sheet if other else "",
                other_row=other.row.number if other else 0,
            )
    if not told:
        for busy in times:
            taken.setdefault(busy.key, []).append(busy)


def _in_diary(register: Register, busy: Busy) -> bool:
    entries = _diary(register).get(busy.key, [])
    return any(busy.meets(s, e) and source not in busy.own for s, e, source in entries)


Entries = dict[str, list[tuple[dt.datetime, dt.datetime, str]]]


def _diary(register: Register) -> Entries:
    def load() -> Entries:
        found: Entries = {}
        rows = DiaryEntry.objects.filter(occupies=True)
        for expert, starts_at, ends_at, source in rows.values_list(
            "expert__name", "starts_at", "ends_at", "source"
        ):
            found.setdefault(name_key(expert), []).append((starts_at, ends_at, source))
        return found

    return register.cached("diary", load)
