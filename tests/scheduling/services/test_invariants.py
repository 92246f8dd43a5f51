"""Whatever people do in whatever order, what must always hold still holds (design.md, invariants 1, 2, 4)."""

import datetime as dt
from collections import Counter
from typing import Any

from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from coordination.errors import Refused
from experts.models import Absence, DiaryEntry, Expert
from scheduling import eligibility
from scheduling.models import Assignment, AssignmentState, Offer, OfferState, Session, SessionState
from scheduling.models.assignments import SEATED
from scheduling.services import assignments, offers, sessions
from scheduling.services.changes import Changes
from tests.cast import Cast
from tests.scheduling.makers import HOUR, NOW, claim_seat, local, make_session

ACTS = (
    "propose",
    "claim",
    "offer",
    "accept",
    "refuse",
    "confirm",
    "decline",
    "release",
    "take_back",
    "take_off",
    "move",
    "seats",
    "away",
    "cancel",
)
OFTEN = ("claim", "claim", "offer", "move", "seats", "confirm", "accept")
steps = st.lists(
    st.tuples(st.sampled_from(ACTS + OFTEN), st.integers(0, 2), st.integers(0, 2)),
    min_size=20,
    max_size=30,
)


class _Undo(Exception):
    """Ends an example; the next one begins with untouched tables."""


class World:
    """Three people and three sessions, two of them at the same time in different towns."""

    def __init__(self, cast: Cast) -> None:
        self.by = cast.coordinator
        self.experts = [cast.aino.expert, cast.eero.expert, cast.onni.expert]
        self.sessions = [
            make_session(cast.sastamala, "2027-03-04 09:30", seats=2),
            make_session(cast.nokia, "2027-03-04 12:00"),
            make_session(cast.sastamala, "2027-03-05 09:30"),
        ]
        self.done: Counter[str] = Counter()
        self.sentences: set[str] = set()

    def act(self, what: str, person: int, where: int) -> None:
        """Tries one thing; a rule may say no, nothing else may go wrong."""
        expert = Expert.objects.get(pk=self.experts[person].pk)
        session = Session.objects.get(pk=self.sessions[where].pk)
        try:
            getattr(self, f"_{what}")(expert, session)
        except Refused as refused:
            self.sentences.add(str(refused))
        else:
            self.done[what] += 1

    def _assignment(self, expert: Expert, session: Session, state: AssignmentState) -> Assignment:
        found = session.assignments.filter(expert=expert, state=state).last()
        if found is None:
            raise Refused("nothing to do")
        return found

    def _waiting_offer(self, expert: Expert, session: Session) -> Offer:
        found = session.offers.filter(expert=expert, state=OfferState.SENT).first()
        if found is None:
            raise Refused("nothing to do")
        return found

    def _propose(self, expert: Expert, session: Session) -> None:
        assignments.propose(session, expert=expert, overrules={}, by=self.by, now=NOW)

    def _claim(self, expert: Expert, session: Session) -> None:
        claim_seat(session, expert=expert, by=self.by, now=NOW)

    def _offer(self, expert: Expert, session: Session) -> None:
        offers.send(session, experts=[expert], expires_at=NOW + HOUR, by=self.by, now=NOW)

    def _accept(self, expert: Expert, session: Session) -> None:
        offers.accept(self._waiting_offer(expert, session), by=expert.user, now=NOW)

    def _refuse(self, expert: Expert, session: Session) -> None:
        offers.decline(self._waiting_offer(expert, session), by=expert.user, now=NOW)

    def _confirm(self, expert: Expert, session: Session) -> None:
        asked = self._assignment(expert, session, AssignmentState.PROPOSED)
        assignments.confirm(asked, by=expert.user, now=NOW)

    def _decline(self, expert: Expert, session: Session) -> None:
        asked = self._assignment(expert, session, AssignmentState.PROPOSED)
        assignments.decline(asked, by=expert.user, now=NOW)

    def _release(self, expert: Expert, session: Session) -> None:
        mine = self._assignment(expert, session, AssignmentState.CONFIRMED)
        assignments.release(mine, by=expert.user, now=NOW)

    def _take_back(self, expert: Expert, session: Session) -> None:
        mine = self._assignment(expert, session, AssignmentState.RELEASED)
        assignments.take_back_release(mine, by=expert.user, now=NOW)

    def _take_off(self, expert: Expert, session: Session) -> None:
        mine = self._assignment(expert, session, AssignmentState.CONFIRMED)
        assignments.cancel(mine, by=self.by, now=NOW)

    def _move(self, expert: Expert, session: Session) -> None:
        hours = 1 if session.starts_at < local("2027-03-05 00:00") else -2
        later = dt.timedelta(hours=hours)
        values: Changes = {
            "starts_at": session.starts_at + later,
            "ends_at": session.ends_at + later,
        }
        sessions.change(session, **values, by=self.by, now=NOW)

    def _seats(self, expert: Expert, session: Session) -> None:
        sessions.change(session, seats=3 - session.seats or 1, by=self.by, now=NOW)

    def _away(self, expert: Expert, session: Session) -> None:
        on = session.starts_at.date()
        Absence.objects.create(expert=expert, starts_on=on, ends_on=on)

    def _cancel(self, expert: Expert, session: Session) -> None:
        sessions.cancel(session, by=self.by, now=NOW)


def _check(world: World) -> None:
    seated = Assignment.objects.filter(state__in=SEATED)
    places = list(seated.values_list("session", "seat"))
    people = list(seated.values_list("session", "expert"))
    assert len(places) == len(set(places))
    assert len(people) == len(set(people))
    confirmed = seated.filter(state=AssignmentState.CONFIRMED).select_related("session")
    wanted = {(f"assignment:{a.pk}", a.expert_id, a.session.starts_at) for a in confirmed}
    occupied = DiaryEntry.objects.filter(occupies=True)
    assert set(occupied.values_list("source", "expert", "starts_at")) == wanted
    for session in Session.objects.filter(pk__in=[s.pk for s in world.sessions]):
        taken = [seat for of, seat in places if of == session.pk]
        waiting = session.offers.filter(state=OfferState.SENT)
        assert all(1 <= seat <= session.seats for seat in taken)
        if session.state == SessionState.CANCELLED:
            assert not taken
        if session.state == SessionState.CANCELLED or len(taken) >= session.seats:
            assert not waiting.exists()
    answered = Assignment.objects.exclude(state=AssignmentState.PROPOSED)
    assert not answered.exclude(answer_nonce="").exists()


@given(steps=steps)
@settings(
    max_examples=12,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # shrinking takes minutes
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_nothing_that_people_do_breaks_what_must_hold(
    ready: Any, steps: list[tuple[str, int, int]]
) -> None:
    try:
        with transaction.atomic():
            world = World(ready)
            for what, person, where in steps:
                world.act(what, person, where)
                _check(world)
            assert "" not in world.sentences
            raise _Undo
    except _Undo:
        pass


def test_a_busy_day_really_happens(ready: Cast) -> None:
    """The acts above do something: a day on which each of them works at least once."""
    world = World(ready)
    for what, person, where in (
        ("propose", 0, 0),
        ("confirm", 0, 0),
        ("offer", 1, 0),
        ("offer", 2, 0),
        ("refuse", 2, 0),
        ("accept", 1, 0),
        ("release", 0, 0),
        ("take_back", 0, 0),
        ("take_off", 1, 0),
        ("seats", 0, 0),
        ("seats", 0, 0),
        ("claim", 1, 0),
        ("move", 0, 0),
        ("take_off", 0, 0),
        ("seats", 0, 0),
        ("offer", 2, 1),
        ("claim", 0, 1),
        ("take_off", 0, 1),
        ("offer", 2, 1),
        ("move", 0, 2),
        ("propose", 2, 2),
        ("decline", 2, 2),
        ("seats", 0, 2),
        ("away", 2, 2),
        ("cancel", 0, 1),
    ):
        world.act(what, person, where)
        _check(world)
    assert set(world.done) == set(ACTS)


def test_nobody_blocked_is_confirmed_by_moving(ready: Cast) -> None:
    """After a move everybody who stays still has nothing that blocks."""
    world = World(ready)
    world.act("claim", 0, 0)
    world.act("move", 0, 0)
    assert world.done == {"claim": 1, "move": 1}
    _check(world)
    session = Session.objects.select_related("kind", "unit", "site").get(pk=world.sessions[0].pk)
    for assignment in session.assignments.filter(state=AssignmentState.CONFIRMED):
        reasons = eligibility.reasons_for(session, [assignment.expert], now=NOW)
        blocked = eligibility.blocks(reasons[assignment.expert_id])
        assert {reason.code for reason in blocked} <= {"already_here", "full"}
