"""How many people are needed at least: the largest crowd of sessions no two of which one person can do."""

import random
from collections.abc import Callable, Sequence

_KEPT = 0.7
"""The part of a crowd that is kept when a larger one is sought from it."""
_PATIENCE = 100
"""Rounds without a larger crowd after which the search ends."""


def crowd(spans: Sequence[tuple[int, int]]) -> list[int]:
    """By span, as bits of an integer: the other spans it overlaps. Spans are half-open."""
    order = sorted(range(len(spans)), key=lambda i: spans[i])
    found = [0] * len(spans)
    for place, i in enumerate(order):
        for j in order[place + 1 :]:
            if spans[j][0] >= spans[i][1]:
                break
            found[i] |= 1 << j
            found[j] |= 1 << i
    return found


def largest_crowd(
    spans: Sequence[tuple[int, int]],
    apart: Sequence[int],
    *,
    seed: int,
    out_of_time: Callable[[], bool],
) -> list[int]:
    """As many sessions as can be found of which each two are apart; their number is a lower bound.

    `apart[i]` holds, as bits, the sessions that no one person can do together with i: those at the same
    time and those for which the two have no person in common. Any such crowd is a proof by itself, so the
    search may end at any time. It adds to what runs at one moment what runs at another, then takes a part
    away and grows it anew.
    """
    chance = random.Random(seed)  # noqa: S311 - a search, no secret
    moments = _moments(spans)
    best: list[int] = []
    for first in moments:
        best = max(best, _grown(_bits(first), moments, apart), key=len)
        if out_of_time():
            return sorted(best)
    best = max(best, _grown_singly([], apart), key=len)
    idle, now = 0, best
    while idle < _PATIENCE and not out_of_time():
        kept = chance.sample(now, k=int(len(now) * _KEPT))
        found = _grown_singly(kept, apart) if idle % 2 else _grown(kept, moments, apart)
        idle = 0 if len(found) > len(best) else idle + 1
        now = found if len(found) >= len(now) else now
        best = max(best, now, key=len)
    return sorted(best)


def _moments(spans: Sequence[tuple[int, int]]) -> list[int]:
    """What runs at the start of each span, as bits; the fullest moment first, each once."""
    events = sorted(
        [(start, 1, i) for i, (start, _) in enumerate(spans)]
        + [(end, 0, i) for i, (_, end) in enumerate(spans)]
    )
    running, found, grew = 0, [], False
    for _, starts, i in events:
        if not starts and grew:
            found.append(running)
        grew = bool(starts)
        running ^= 1 << i
    return sorted(found, key=int.bit_count, reverse=True)


def _grown(members: list[int], moments: Sequence[int], apart: Sequence[int]) -> list[int]:
    """These, then as much as fits of the moment that has most to add, and so on."""
    left = (1 << len(apart)) - 1
    for member in members:
        left &= apart[member]
    found = list(members)
    while left:
        fullest = max(moments, key=lambda moment: (moment & left).bit_count())
        for member in _bits(fullest & left):
            found.append(member)
            left &= apart[member]
    return found


def _grown_singly(members: list[int], apart: Sequence[int]) -> list[int]:
    """These, then one after another whichever leaves most others to choose from."""
    left = (1 << len(apart)) - 1
    for member in members:
        left &= apart[member]
    found = list(members)
    while left:
        now = left
        member = max(_bits(now), key=lambda i: (now & apart[i]).bit_count())
        found.append(member)
        left &= apart[member]
    return found


def _bits(which: int) -> list[int]:
    return [i for i, bit in enumerate(bin(which)[:1:-1]) if bit == "1"]
