"""What one person cannot do together: two things at once, no time to travel, too little rest between days.

The same rules as in `scheduling.eligibility.person`, between sessions that are all still being planned.
Sets of sessions are the bits of one integer, by the session's index.
"""

from collections.abc import Iterator, Sequence

from coordination.municipalities import kilometres_between, minutes_of_way
from scheduling.planner.problem import Session, Travel

_FAR = 40_000.0
"""Kilometres; nothing on earth is further, so no travel takes longer than this would."""
_DAY = 24 * 60
"""Minutes; what is further apart does not lie on the same local day."""


def bits(which: int) -> Iterator[int]:
    """The indexes in a set, ascending."""
    while which:
        low = which & -which
        yield low.bit_length() - 1
        which ^= low


def clashes(sessions: Sequence[Session], travel: Travel) -> list[int]:
    """By session, the others nobody can do besides it."""
    found = [0] * len(sessions)
    order = sorted(range(len(sessions)), key=lambda i: (sessions[i].starts, sessions[i].ends))
    for place, i in enumerate(order):
        for j in order[place + 1 :]:
            first, second = sessions[i], sessions[j]
            if second.starts - first.ends >= _DAY:
                break  # by the clock: local days of two zones do not come in the order of the starts
            if _clash(first, second, travel):
                found[i] |= 1 << j
                found[j] |= 1 << i
    return found


def _clash(first: Session, second: Session, travel: Travel) -> bool:
    """Whether the second, which does not start before the first, is out of reach after it."""
    gap = second.starts - first.ends
    if gap < 0:
        return True
    return first.last_day == second.first_day and gap < travel_minutes(first, second, travel)


def travel_minutes(first: Session, second: Session, travel: Travel) -> int:
    """Minutes from one place to the other; none within a place or when one of them is online."""
    if first.point is None or second.point is None:
        return 0
    if first.site is not None and first.site == second.site:
        return 0
    km = min(kilometres_between(first.point, second.point), _FAR)
    if km < travel.same_place_km:
        return 0
    return minutes_of_way(km, km_per_hour=travel.km_per_hour, margin_minutes=travel.margin_minutes)


def too_close(sessions: Sequence[Session], rest_minutes: int) -> list[int]:
    """By session, those of another day with less than this time between."""
    found = [0] * len(sessions)
    order = sorted(range(len(sessions)), key=lambda i: sessions[i].starts)
    for place, i in enumerate(order):
        for j in order[place + 1 :]:
            gap = sessions[j].starts - sessions[i].ends
            if gap >= rest_minutes:
                break
            if sessions[j].first_day > sessions[i].last_day and gap < rest_minutes:
                found[i] |= 1 << j
                found[j] |= 1 << i
    return found


def cliques(within: int, clash: Sequence[int]) -> list[list[int]]:
    """Groups of sessions of which a person can do one, that together cover every clash within the set."""
    found: list[list[int]] = []
    covered = dict.fromkeys(bits(within), 0)
    for i in bits(within):
        open_pairs = clash[i] & within & ~covered[i] & ~((1 << i) - 1)
        while open_pairs:
            clique = _grown(i, open_pairs, clash, within)
            members = sum(1 << member for member in clique)
            for member in clique:
                covered[member] |= members
            open_pairs &= ~members
            found.append(clique)
    return found


def _grown(first: int, wanted: int, clash: Sequence[int], within: int) -> list[int]:
    """A clique with `first` and one of the wanted, as many of the wanted as go, then any others."""
    clique, common = [first], clash[first] & within
    while common:
        preferred = common & wanted or common
        member = (preferred & -preferred).bit_length() - 1
        clique.append(member)
        common &= clash[member]
    return clique
