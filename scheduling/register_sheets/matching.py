"""Which stored session or series a row of shifts speaks of.

Unit, form of work and first day find it; where there are several that day, those with the very
same hour belong together first, and one that is left over on each side is the same shift with its
hour mended.
"""

import datetime as dt
from collections.abc import Iterable

from coordination.formats import HELSINKI
from coordination.register_import.kinds import kinds_of
from coordination.register_import.register import Register
from coordination.register_import.sheets import ParsedRow
from coordination.workbook.words import Repeats, name_key
from scheduling.models import Series, Session, SessionState

Known = Session | Series
_Key = tuple[str, str, dt.date, bool]


def matched(row: ParsedRow, register: Register) -> Known | None:
    """The stored session or series of a row, after `match`."""
    found: dict[int, Known] = register.cached("shift_matches", dict)
    return found.get(id(row))


def match(rows: Iterable[ParsedRow], register: Register) -> None:
    """Pairs rows with what is stored, once for all rows."""
    by_key: dict[_Key, list[ParsedRow]] = {}
    for row in rows:
        by_key.setdefault(_key(row, register), []).append(row)
    stored = _stored()
    found: dict[int, Known] = register.cached("shift_matches", dict)
    for key, group in by_key.items():
        known = stored.get(key, [])
        for row in group:
            same = next((k for k in known if _starts(k) == row.get("clock").start), None)
            if same is not None:
                found[id(row)] = same
                known.remove(same)
        left = [row for row in group if id(row) not in found]
        moved = [one for one in known if not _is_over(one)]
        if len(left) == len(moved) == 1:
            found[id(left[0])] = moved[0]


def _key(row: ParsedRow, register: Register) -> _Key:
    repeats = (row.get("repeats") or Repeats.NO) is not Repeats.NO
    [kind] = kinds_of(register, row, "kind")
    return name_key(row.get("unit")), kind.code, row.get("day"), repeats


def _stored() -> dict[_Key, list[Known]]:
    found: dict[_Key, list[Known]] = {}
    sessions = Session.objects.filter(series__isnull=True)
    for session in sessions.select_related("unit", "kind").prefetch_related("assignments__expert"):
        day = session.starts_at.astimezone(HELSINKI).date()
        found.setdefault((name_key(session.unit.name), session.kind.code, day, False), []).append(
            session
        )
    series = Series.objects.select_related("unit", "kind")
    for one in series.prefetch_related("sessions__assignments__expert"):
        found.setdefault((name_key(one.unit.name), one.kind.code, one.starts_on, True), []).append(
            one
        )
    for group in found.values():
        group.sort(key=_is_over)  # a cancelled one stands for its row only if there is no other
    return found


def _is_over(known: Known) -> bool:
    if isinstance(known, Series):
        return known.ended_at is not None
    return known.state not in {SessionState.DRAFT, SessionState.OPEN}


def _starts(known: Known) -> dt.time:
    return (
        known.starts_time
        if isinstance(known, Series)
        else known.starts_at.astimezone(HELSINKI).time()
    )
