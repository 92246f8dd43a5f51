"""A plan to begin with, at once: what is fixed, what is promised, then the seats fewest people can fill."""

from scheduling.planner.compiled import Compiled
from scheduling.planner.problem import BadProblem
from scheduling.planner.roster import Roster, Why
from scheduling.planner.rules import bits


def first_roster(given: Compiled) -> Roster:
    """Pinned seats whatever the limits, current ones where they still go, then one seat after another."""
    roster = with_pinned(given)
    for session, person in sorted(given.current - given.pinned):
        if roster.empty_seats(session) > 0 and roster.hindrance(session, person) is None:
            roster.add(session, person)
    fill(roster)
    mend(roster)
    return roster


def with_pinned(given: Compiled) -> Roster:
    """Only the pinned seats are taken; raises `BadProblem` when two of them clash."""
    roster = Roster(given)
    for session, person in sorted(given.pinned):
        if roster.held[person] & given.clash_of(person)[session]:
            raise BadProblem("pinned_clash", str(given.sessions[session].id))
        roster.add(session, person)
    return roster


def fill(roster: Roster) -> None:
    """Each empty seat to whom it costs least, those first that fewest people could take."""
    given = roster.given
    open_now = [s for s in range(len(given.sessions)) if roster.empty_seats(s) > 0]
    for session in sorted(open_now, key=lambda s: (-given.empty[s], len(given.who[s]), s)):
        while roster.empty_seats(session) > 0:
            person = cheapest(roster, session)
            if person is None:
                break
            roster.add(session, person)


def cheapest(roster: Roster, session: int) -> int | None:
    """Who can take it for the fewest points, if for fewer than the seat costs empty."""
    can = [p for p in roster.given.who[session] if roster.hindrance(session, p) is None]
    priced = min(((roster.price_of(session, p), p) for p in can), default=None)
    return priced[1] if priced and priced[0] < roster.given.empty[session] else None


def mend(roster: Roster) -> None:
    """Fill what is left empty by handing one session in the way on to somebody else."""
    for session in range(len(roster.given.sessions)):
        while roster.empty_seats(session) > 0 and _hand_on(roster, session):
            pass


def _hand_on(roster: Roster, session: int) -> bool:
    given = roster.given
    for person in given.who[session]:
        if roster.hindrance(session, person) is not Why.BUSY:
            continue
        in_the_way = list(bits(roster.held[person] & given.clash_of(person)[session]))
        stays = given.pinned | given.current
        if len(in_the_way) != 1 or (in_the_way[0], person) in stays:
            continue
        if _exchange(roster, session, person, in_the_way[0]):
            return True
    return False


def _exchange(roster: Roster, session: int, person: int, other: int) -> bool:
    roster.remove(other, person)
    if roster.hindrance(session, person) is None:
        roster.add(session, person)
        if (heir := cheapest(roster, other)) is not None:
            roster.add(other, heir)
            return True
        roster.remove(session, person)
    roster.add(other, person)
    return False
