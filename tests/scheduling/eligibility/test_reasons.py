"""Every reason once without and once with its cause; who is blocked cannot be assigned, whatever one tries."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from django.utils import translation

from coordination.errors import Refused
from coordination.models import Agreement, InsurancePolicy, SpaceAgreement, UnitContact
from coordination.models.places import ContactKind
from experts.models import (
    Absence,
    AvailabilityPattern,
    DiaryKind,
    Expert,
    Orientation,
    SignOff,
    Training,
)
from experts.models.expert import ExpertStatus
from experts.services import diary
from scheduling import eligibility
from scheduling.eligibility import Level
from scheduling.eligibility.reasons import PERSON_LEVELS, SENTENCES, SESSION_LEVELS
from scheduling.models import (
    Assignment,
    AssignmentState,
    Offer,
    OfferState,
    Overrule,
    PreferredPerson,
    Series,
    Session,
)
from scheduling.models import SessionState as State
from scheduling.services import assignments, offers, sessions
from tests.cast import Cast, CastUnit
from tests.scheduling.makers import DAY, HOUR, NOW, claim_seat, local, make_session


@dataclass
class Scene:
    """Aino and a lobby shift in Sastamala, Thursday 4.3.2027 9.30–13.30."""

    cast: Cast
    session: Session
    expert: Expert

    def change(self, **fields: object) -> "Scene":
        Expert.objects.filter(pk=self.expert.pk).update(**fields)
        self.expert.refresh_from_db()
        return self

    def set_session(self, **fields: object) -> None:
        Session.objects.filter(pk=self.session.pk).update(**fields)
        self.session = Session.objects.select_related("kind", "unit", "site").get(
            pk=self.session.pk
        )

    def busy(self, starts: str, hours: float, *, place: CastUnit | None = None) -> None:
        where = place or self.cast.sastamala
        starts_at = local(starts)
        diary.occupy(
            self.expert,
            source=f"test:{starts}",
            kind=DiaryKind.SHIFT,
            starts_at=starts_at,
            ends_at=starts_at + dt.timedelta(hours=hours),
            zone_name="Europe/Helsinki",
            unit=where.unit,
            site=where.lobby,
            now=NOW,
        )

    def was_here(self, state: AssignmentState) -> None:
        Assignment.objects.create(
            session=self.session,
            expert=self.expert,
            seat=1,
            state=state,
            proposed_at=NOW,
            changed_at=NOW,
        )

    def was_offered(self, state: OfferState) -> None:
        Offer.objects.create(
            session=self.session,
            expert=self.expert,
            state=state,
            sent_at=NOW,
            expires_at=NOW + DAY,
        )

    def level_of(self, code: str) -> Level | None:
        reasons = eligibility.reasons_for(self.session, [self.expert], now=NOW)[self.expert.pk]
        return next((reason.level for reason in reasons if reason.code == code), None)

    def decisive(self) -> set[str]:
        reasons = eligibility.reasons_for(self.session, [self.expert], now=NOW)[self.expert.pk]
        return {reason.code for reason in reasons if reason.level is not Level.NOTE}


@pytest.fixture
def scene(ready: Cast) -> Scene:
    session = make_session(ready.sastamala)
    return Scene(cast=ready, session=session, expert=ready.aino.expert)


def _training(scene: Scene, **fields: object) -> None:
    Training.objects.filter(expert=scene.expert).update(**fields)


def _asked_elsewhere(scene: Scene) -> None:
    other = make_session(scene.cast.nokia, "2027-03-04 12:00", 2)
    Assignment.objects.create(
        session=other, expert=scene.expert, seat=1, proposed_at=NOW, changed_at=NOW
    )


def _been_here(scene: Scene) -> None:
    before = make_session(scene.cast.sastamala, "2027-02-04 09:30", state=State.HELD)
    Assignment.objects.create(
        session=before,
        expert=scene.expert,
        seat=1,
        state=AssignmentState.HELD,
        proposed_at=NOW,
        changed_at=NOW,
    )


def _supervision_overdue(scene: Scene) -> None:
    # the first shift was held more than eight weeks ago, and there has been no supervision since
    scene.busy("2026-12-01 09:00", 4)


def _in_series(scene: Scene, kind: str) -> Series:
    """The scene's session as one day of a series."""
    series = Series.objects.create(
        kind=scene.cast.kinds[kind],
        unit=scene.cast.sastamala.unit,
        starts_on=dt.date(2027, 2, 4),
        starts_time=dt.time(9, 30),
        minutes=90,
    )
    scene.set_session(
        series=series, kind=series.kind, occurrence_on=dt.date(2027, 3, 4), place_kind="hobby"
    )
    return series


def _same_as_before(scene: Scene) -> None:
    _been_here(scene)
    series = _in_series(scene, "individual_meeting")
    earlier = Session.objects.filter(state=State.HELD)
    earlier.update(series=series, occurrence_on=dt.date(2027, 2, 4))


def _over_usual_month(scene: Scene) -> None:

    kind = scene.cast.kinds["individual_meeting"]
    series = Series.objects.create(
        kind=kind,
        unit=scene.cast.sastamala.unit,
        starts_on=dt.date(2027, 3, 4),
        starts_time=dt.time(9, 30),
        minutes=90,
    )
    for day in (11, 18):
        make_session(
            scene.cast.sastamala,
            f"2027-03-{day} 09:30",
            kind=kind,
            series=series,
            occurrence_on=dt.date(2027, 3, day),
        )
    scene.set_session(kind=kind, series=series, occurrence_on=dt.date(2027, 3, 4))


def _full(scene: Scene) -> None:
    Assignment.objects.create(
        session=scene.session,
        expert=scene.cast.eero.expert,
        seat=1,
        state=AssignmentState.CONFIRMED,
        proposed_at=NOW,
        changed_at=NOW,
    )


CAUSES: dict[str, Callable[[Scene], object]] = {
    "applicant": lambda s: s.change(status=ExpertStatus.APPLICANT),
    "in_training": lambda s: s.change(status=ExpertStatus.IN_TRAINING),
    "on_break": lambda s: s.change(status=ExpertStatus.ON_BREAK),
    "ended": lambda s: s.change(status=ExpertStatus.ENDED, ended_on=NOW.date()),
    "not_signed_off": lambda s: SignOff.objects.update(withdrawn_at=NOW),
    "training_missing": lambda s: _training(s, completed_on=None),
    "training_expired": lambda s: _training(s, valid_until=dt.date(2027, 3, 3)),
    "further_training_missing": lambda s: s.set_session(kind=s.cast.kinds["online_counselling"]),
    "confidentiality_not_signed": lambda s: s.change(confidentiality_signed_on=None),
    "extract_not_seen": lambda s: s.set_session(with_minors=True),
    "unit_excluded": lambda s: s.expert.excluded_units.add(s.cast.sastamala.unit),
    "absent": lambda s: Absence.objects.create(
        expert=s.expert, starts_on=dt.date(2027, 3, 4), ends_on=dt.date(2027, 3, 4)
    ),
    "diary_overlap": lambda s: s.busy("2027-03-04 13:00", 1),
    "no_time_to_travel": lambda s: s.busy("2027-03-04 13:45", 1, place=s.cast.nokia),
    "already_here": lambda s: s.was_here(AssignmentState.PROPOSED),
    "not_oriented": lambda s: Orientation.objects.filter(unit=s.cast.sastamala.unit).delete(),
    "outside_availability": lambda s: AvailabilityPattern.objects.filter(weekday=3).update(
        ends_time=dt.time(13, 0)
    ),
    "over_week_hours": lambda s: s.change(weekly_hours=6).busy("2027-03-02 09:00", 3),
    "over_month_sessions": lambda s: s.change(monthly_sessions=1).busy("2027-03-22 09:00", 3),
    "too_far": lambda s: s.change(home_municipality="Oulu", max_km=100),
    "kind_not_agreed": lambda s: s.expert.kinds.remove(s.cast.kinds["lobby_shift"]),
    "supervision_overdue": _supervision_overdue,
    "language_missing": lambda s: s.set_session(language="sv"),
    "too_little_rest": lambda s: s.change(rest_hours=12).busy("2027-03-03 20:00", 3),
    "asked_elsewhere": _asked_elsewhere,
    "availability_unknown": lambda s: AvailabilityPattern.objects.all().delete(),
    "tax_card_not_seen": lambda s: s.change(tax_card_seen_on=None),
    "over_usual_month": _over_usual_month,
    "declined_before": lambda s: s.was_here(AssignmentState.DECLINED),
    "released_before": lambda s: s.was_here(AssignmentState.RELEASED),
    "offer_waiting": lambda s: s.was_offered(OfferState.SENT),
    "offer_not_answered": lambda s: s.was_offered(OfferState.EXPIRED),
    "volunteer_for_paid": lambda s: s.change(is_volunteer=True),
    "no_address": lambda s: s.change(email=""),
    "wishes": lambda s: s.change(wishes="mieluiten aamuisin"),
    "been_here": _been_here,
    "week_load": lambda s: s.busy("2027-03-02 09:00", 3),
    "preferred_here": lambda s: PreferredPerson.objects.create(
        series=_in_series(s, "lobby_shift"), expert=s.expert
    ),
    "same_as_before": _same_as_before,
    "cancelled": lambda s: s.set_session(state=State.CANCELLED),
    "already_held": lambda s: s.set_session(state=State.HELD),
    "not_published": lambda s: s.set_session(state=State.DRAFT),
    "in_the_past": lambda s: s.set_session(starts_at=NOW - 4 * HOUR, ends_at=NOW),
    "already_begun": lambda s: s.set_session(starts_at=NOW - HOUR, ends_at=NOW + HOUR),
    "full": _full,
    "no_responsible_professional": lambda s: s.set_session(kind=s.cast.kinds["group_session"]),
    "no_agreement": lambda s: Agreement.objects.update(ends_on=dt.date(2027, 3, 3)),
    "kind_not_in_agreement": lambda s: s.cast.sastamala.agreement.kinds.remove(
        s.cast.kinds["lobby_shift"]
    ),
    "no_insurance": lambda s: InsurancePolicy.objects.update(ends_on=dt.date(2027, 3, 3)),
    "no_contact_person": lambda s: UnitContact.objects.filter(kind=ContactKind.CONTACT).update(
        ends_on=dt.date(2027, 3, 3)
    ),
    "no_space_agreement": lambda s: SpaceAgreement.objects.update(ends_on=dt.date(2027, 3, 3)),
}
LEVELS = {**PERSON_LEVELS, **SESSION_LEVELS}
BLOCKS = sorted(code for code in CAUSES if LEVELS[code] is Level.BLOCK)
ASKS = sorted(code for code in CAUSES if LEVELS[code] is Level.ASK)


def test_every_reason_has_a_case_here_and_a_sentence() -> None:
    assert set(LEVELS) - {"distance"} == set(CAUSES)
    assert set(LEVELS) == set(SENTENCES)


def test_a_ready_person_fits(scene: Scene) -> None:
    assert scene.decisive() == set()


@pytest.mark.parametrize("code", sorted(CAUSES))
def test_reason_appears_with_its_cause_only(scene: Scene, code: str) -> None:
    assert scene.level_of(code) is None
    CAUSES[code](scene)
    assert scene.level_of(code) is LEVELS[code]


@pytest.mark.parametrize("code", sorted(CAUSES))
def test_sentence_can_be_told_in_each_language(scene: Scene, code: str) -> None:
    CAUSES[code](scene)
    reasons = eligibility.reasons_for(scene.session, [scene.expert], now=NOW)[scene.expert.pk]
    reason = next(reason for reason in reasons if reason.code == code)
    for language in ("fi", "sv", "en"):
        with translation.override(language):
            assert reason.sentence
            assert "%(" not in reason.sentence


@pytest.mark.parametrize("code", BLOCKS)
def test_a_blocked_person_can_never_be_assigned(scene: Scene, code: str) -> None:
    """By no path: asked, offered, claimed, even with a why."""
    CAUSES[code](scene)
    whys = dict.fromkeys(LEVELS, "koordinaattori päätti")
    coordinator = scene.cast.coordinator
    before = list(Assignment.objects.values_list("pk", "state"))
    with pytest.raises(Refused):
        assignments.propose(
            scene.session, expert=scene.expert, overrules=whys, by=coordinator, now=NOW
        )
    with pytest.raises(Refused):
        claim_seat(scene.session, expert=scene.expert, overrules=whys, by=coordinator, now=NOW)
    with pytest.raises(Refused):
        offers.send(
            scene.session,
            experts=[scene.expert],
            expires_at=NOW + HOUR,
            overrules={scene.expert.pk: whys},
            by=coordinator,
            now=NOW,
        )
    assert list(Assignment.objects.values_list("pk", "state")) == before
    assert not Offer.objects.exists()


OWN_SEAT = {"already_here", "full", "not_published"}


@pytest.mark.parametrize("code", [code for code in BLOCKS if code not in OWN_SEAT])
def test_what_comes_up_after_asking_blocks_the_yes(scene: Scene, code: str) -> None:
    """Confirming, accepting an offer and taking a release back look once more."""
    asked = assignments.propose(
        scene.session, expert=scene.expert, overrules={}, by=scene.cast.coordinator, now=NOW
    )
    CAUSES[code](scene)
    with pytest.raises(Refused):
        assignments.confirm(asked, by=scene.expert.user, now=NOW)
    asked.refresh_from_db()
    assert asked.state == AssignmentState.PROPOSED


@pytest.mark.parametrize("code", [code for code in BLOCKS if code not in OWN_SEAT])
def test_what_comes_up_after_offering_blocks_the_acceptance(scene: Scene, code: str) -> None:
    [offer] = offers.send(
        scene.session,
        experts=[scene.expert],
        expires_at=NOW + HOUR,
        by=scene.cast.coordinator,
        now=NOW,
    )
    CAUSES[code](scene)
    with pytest.raises(Refused):
        offers.accept(offer, by=scene.expert.user, now=NOW)
    offer.refresh_from_db()
    assert (offer.state, Assignment.objects.filter(expert=scene.expert).count()) == ("sent", 0)


@pytest.mark.parametrize("code", ASKS)
def test_an_ask_wants_a_why_and_keeps_it(scene: Scene, code: str) -> None:
    CAUSES[code](scene)
    coordinator = scene.cast.coordinator
    for overrules in ({}, {code: "  "}, {"some_other": "koska"}):
        with pytest.raises(Refused) as refused:
            assignments.propose(
                scene.session, expert=scene.expert, overrules=overrules, by=coordinator, now=NOW
            )
        assert refused.value.code == "needs_why"
    asks = scene.decisive()
    made = assignments.propose(
        scene.session,
        expert=scene.expert,
        overrules=dict.fromkeys(asks, "sovittu puhelimessa"),
        by=coordinator,
        now=NOW,
    )
    stored = Overrule.objects.values_list("assignment", "code", "why", "by", "at")
    assert set(stored) == {
        (made.pk, ask, "sovittu puhelimessa", coordinator.pk, NOW) for ask in asks
    }
    assert code in asks


def test_an_offer_keeps_the_why_until_it_is_accepted(scene: Scene) -> None:
    CAUSES["not_oriented"](scene)
    coordinator = scene.cast.coordinator
    with pytest.raises(Refused) as refused:
        offers.send(
            scene.session,
            experts=[scene.expert],
            expires_at=NOW + HOUR,
            by=coordinator,
            now=NOW,
        )
    assert refused.value.code == "needs_why"
    [offer] = offers.send(
        scene.session,
        experts=[scene.expert],
        expires_at=NOW + HOUR,
        overrules={scene.expert.pk: {"not_oriented": "perehdytetään paikalla"}},
        by=coordinator,
        now=NOW,
    )
    made = offers.accept(offer, by=scene.expert.user, now=NOW)
    assert list(Overrule.objects.values_list("assignment", "code", "why", "by")) == [
        (made.pk, "not_oriented", "perehdytetään paikalla", coordinator.pk)
    ]


def test_unit_excluded_says_no_more_than_it_must(scene: Scene) -> None:
    CAUSES["unit_excluded"](scene)
    reasons = eligibility.reasons_for(scene.session, [scene.expert], now=NOW)[scene.expert.pk]
    assert [dict(r.params) for r in reasons if r.code == "unit_excluded"] == [{}]


def test_own_assignment_does_not_overlap_itself(scene: Scene) -> None:
    made = claim_seat(scene.session, expert=scene.expert, by=None, now=NOW)
    assert made.state == AssignmentState.CONFIRMED
    assert scene.decisive() == {"already_here", "full"}


def test_sessions_publish_refuses_what_blocks(scene: Scene) -> None:
    scene.set_session(state=State.DRAFT)
    CAUSES["no_insurance"](scene)
    with pytest.raises(Refused) as refused:
        sessions.publish(scene.session, by=scene.cast.coordinator, now=NOW)
    assert refused.value.code == "not_allowed"


@pytest.mark.parametrize(
    ("starts", "blocked"),
    [
        ("2027-03-04 13:45", True),
        ("2027-03-04 14:18", True),  # Sastamala to Nokia is 34 km: 34 minutes, and 15 to spare
        ("2027-03-04 14:19", False),
        ("2027-03-04 08:00", True),
        ("2027-03-04 07:41", False),
    ],
)
def test_travel_time_is_reckoned_from_the_places(scene: Scene, starts: str, blocked: bool) -> None:
    scene.busy(starts, 1, place=scene.cast.nokia)
    assert (scene.level_of("no_time_to_travel") is Level.BLOCK) is blocked


def test_a_sentence_names_the_language_in_the_readers_own(scene: Scene) -> None:
    scene.set_session(language="sv")
    reasons = eligibility.reasons_for(scene.session, [scene.expert], now=NOW)[scene.expert.pk]
    reason = next(reason for reason in reasons if reason.code == "language_missing")
    with translation.override("fi"):
        assert reason.sentence == "ei puhu vuoron kieltä (ruotsi)"
