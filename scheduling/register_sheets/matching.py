"""Which stored session or series a row of shifts speaks of.

Unit, form of work and first day find it; where there are several that day, those with the very
same hour belong together first, and one that is left over on each side is the same shift with its
hour mended. What is left over then, one in the file and one that an earlier file brought, is the
same shift with its day mended. A row that has begun to repeat, or repeats no more, is the shift an
earlier file brought on the same first day. Day and hour are those the register said the last time.
"""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from coordination.formats import HELSINKI
from coordination.register_import.kinds import kinds_of
from coordination.register_import.register import Register
from coordination.register_import.sheets import ParsedRow
from coordination.workbook.problems import Problem, Severity
from coordination.workbook.words import Repeats, name_key
from scheduling.models import Series, Session, SessionState
from scheduling.services import shift_rows
from scheduling.services.shift_rows import Known

_Thing = tuple[str, str, bool]
"""Unit, form of work, whether it repeats."""
_Key = tuple[_Thing, dt.date]


@dataclass
class _Matches:
    """What was found for each row, by its id; `left`: what an earlier file brought and no row speaks of."""

    found: dict[int, Known] = field(default_factory=dict)
    left: list[Known] = field(default_factory=list)


def matched(row: ParsedRow, register: Register) -> Known | None:
    """The stored session or series of a row, after `match`."""
    return _matches(register).found.get(id(row))


def _matches(register: Register) -> _Matches:
    return register.cached("shift_matches", _Matches)


def match(rows: Iterable[ParsedRow], register: Register) -> None:
    """Pairs rows with what is stored, once for all rows."""
    found = _matches(register).found
    stored = _stored()
    by_key: dict[_Key, list[ParsedRow]] = {}
    for row in rows:
        by_key.setdefault((_thing(row, register), row.get("day")), []).append(row)
    for key, group in by_key.items():
        known = stored.get(key, [])
        for row in group:
            same = next((k for k in known if _starts(k) == row.get("clock").start), None)
            if same is not None:
                found[id(row)] = same
                known.remove(same)
        _pair_last(group, [one for one in known if not _is_over(one)], found)
    _match_mended_days(by_key, stored, register)


def _pair_last(rows: list[ParsedRow], known: list[Known], found: dict[int, Known]) -> None:
    """One row and one thing that are left over belong together."""
    left = [row for row in rows if id(row) not in found]
    if len(left) == len(known) == 1:
        found[id(left[0])] = known[0]


def _match_mended_days(
    by_key: dict[_Key, list[ParsedRow]], stored: dict[_Key, list[Known]], register: Register
) -> None:
    matches = _matches(register)
    broken = [row for row in register.rows_of("shifts") if row.failed]
    taken = {(type(one), one.pk) for one in matches.found.values()}
    sheets = {row.sheet[:31].casefold() for row in register.rows_of("shifts")}
    rows: dict[_Thing, list[ParsedRow]] = {}
    for (thing, _day), group in by_key.items():
        rows.setdefault(thing, []).extend(group)
    left: dict[_Thing, list[Known]] = {}
    for (thing, _day), known in stored.items():
        left.setdefault(thing, []).extend(
            one
            for one in known
            if (type(one), one.pk) not in taken
            and _is_from(one, sheets)
            and not _is_over(one)
            and not _is_past(one, register.today)
            and not any(_may_be(row, one, register) for row in broken)
        )
    _match_turned(by_key, left, matches.found)
    for thing, known in left.items():
        _pair_last(rows.get(thing, []), known, matches.found)
    taken = {(type(one), one.pk) for one in matches.found.values()}
    matches.left = [
        one for known in left.values() for one in known if (type(one), one.pk) not in taken
    ]


def _match_turned(
    by_key: dict[_Key, list[ParsedRow]],
    left: dict[_Thing, list[Known]],
    found: dict[int, Known],
) -> None:
    """One row and one thing of the same first day, of which one repeats and the other does not."""
    for ((unit, kind, repeats), day), group in by_key.items():
        others = left.get((unit, kind, not repeats), [])
        same_day = [one for one in others if _day(one) == day]
        rows = [row for row in group if "repeats" not in row.absent]
        _pair_last(rows, same_day, found)
        others[:] = [one for one in others if one not in found.values()]


def no_longer_in_file(rows: list[ParsedRow], register: Register) -> Iterator[Problem]:
    """Shifts ahead that an earlier file brought and that no row speaks of any more."""
    sheets = {row.sheet[:31].casefold(): row for row in reversed(rows)}
    for one in _matches(register).left:
        said = shift_rows.said_of(one)
        assert said is not None, "only what an earlier file brought is left over"
        first = sheets[said.sheet.casefold()]
        yield Problem(
            first.sheet,
            first.number - 1,
            first.headers["day"],
            "no_longer_in_file",
            Severity.WARNING,
            "series" if isinstance(one, Series) else "",
            {"day": said.day, "clock": said.clock, "unit": one.unit.name, "value": one.kind.name},
        )


def _may_be(row: ParsedRow, one: Known, register: Register) -> bool:
    """Whether a row with an error may be the shift: where unit and form of work do not say no."""

    def says(name: str) -> bool:
        return row.has(name) and name not in row.failed

    if says("unit") and name_key(row.get("unit")) != name_key(one.unit.name):
        return False
    return not says("kind") or kinds_of(register, row, "kind") == [one.kind]


def _thing(row: ParsedRow, register: Register) -> _Thing:
    repeats = (row.get("repeats") or Repeats.NO) is not Repeats.NO
    [kind] = kinds_of(register, row, "kind")
    return name_key(row.get("unit")), kind.code, repeats


def _stored() -> dict[_Key, list[Known]]:
    people = ("register_shift__people", "assignments__expert")
    sessions = Session.objects.filter(series__isnull=True).select_related(
        "unit", "kind", "register_shift"
    )
    series = Series.objects.select_related("unit", "kind", "register_shift")
    everything: list[Known] = [
        *sessions.prefetch_related(*people),
        *series.prefetch_related(
            "register_shift__people", "continued_by", "sessions__assignments__expert"
        ),
    ]
    found: dict[_Key, list[Known]] = {}
    for one in everything:
        if _has_left_the_register(one):
            continue
        thing = (name_key(one.unit.name), one.kind.code, isinstance(one, Series))
        found.setdefault((thing, _day(one)), []).append(one)
    for group in found.values():
        group.sort(key=_is_over)  # a cancelled one stands for its row only if there is no other
    return found


def _has_left_the_register(one: Known) -> bool:
    """Over and no row of its own: a day of a series whose rule was mended, a series whose row repeats no more."""
    if shift_rows.said_of(one) is not None:
        return False
    if isinstance(one, Series):
        made_by_row = one.booking_id is None and one.continues_id is None
        return made_by_row and one.ended_at is not None
    return one.state == SessionState.CANCELLED


def _is_over(known: Known) -> bool:
    if isinstance(known, Series):
        return known.ended_at is not None or bool(known.continued_by.all())
    return known.state not in {SessionState.DRAFT, SessionState.OPEN}


def _is_past(known: Known, today: dt.date) -> bool:
    if isinstance(known, Series):
        return known.ends_on is not None and known.ends_on < today
    return known.starts_at.astimezone(HELSINKI).date() < today


def _is_from(known: Known, sheets: set[str]) -> bool:
    said = shift_rows.said_of(known)
    return said is not None and said.sheet.casefold() in sheets


def _day(known: Known) -> dt.date:
    if (said := shift_rows.said_of(known)) is not None:
        return said.day
    if isinstance(known, Series):
        return known.starts_on
    return known.starts_at.astimezone(HELSINKI).date()


def _starts(known: Known) -> dt.time:
    if (said := shift_rows.said_of(known)) is not None:
        hours, minutes = said.clock.split("–")[0].split(".")
        return dt.time(int(hours), int(minutes))
    if isinstance(known, Series):
        return known.starts_time
    return known.starts_at.astimezone(HELSINKI).time()
