"""Supervision planned, moved, called off, held: all or nothing, and everybody concerned hears of it."""

import datetime as dt
from typing import Any

import pytest
from django.utils import translation

from coordination.errors import Refused
from coordination.models import OutboxMessage, User
from coordination.permissions import Role
from experts.models import (
    DiaryEntry,
    Expert,
    SupervisionAttendance,
    SupervisionSession,
)
from experts.models.supervision import SupervisionForm
from experts.queries.supervision import due
from experts.services import supervision
from experts.services.supervision import Clash, SupervisionDetails
from tests.experts.makers import NOW, local, make_expert, make_shift, make_user

pytestmark = pytest.mark.django_db
LATER = NOW + dt.timedelta(hours=1)
AFTER = local(2027, 3, 10, 15)


@pytest.fixture
def coordinator() -> User:
    return make_user("kaisa@example.org", Role.COORDINATOR)


@pytest.fixture
def tuula() -> User:
    return make_user("tuula@example.org", Role.WORK_SUPERVISOR, name="Tuula Työnohjaaja")


@pytest.fixture
def aino() -> Expert:
    return make_expert(email="aino@example.org", language="sv")


@pytest.fixture
def eero() -> Expert:
    return make_expert("Eero Kokeilu", email="eero@example.org")


def details(**changes: Any) -> SupervisionDetails:
    values: dict[str, Any] = {
        "form": SupervisionForm.GROUP,
        "starts_at": local(2027, 3, 10, 13),
        "ends_at": local(2027, 3, 10, 15),
        "outside_supervisor": "Olli Ohjaaja",
        "place": "Hatanpää",
    }
    return SupervisionDetails(**(values | changes))


def plan(*experts: Expert, by: User | None = None, **changes: Any) -> SupervisionSession:
    return supervision.plan(details(**changes), experts=experts, by=by, now=NOW)


def mails() -> list[tuple[str, str]]:
    return sorted(OutboxMessage.objects.values_list("kind", "to_email"))


def occupied() -> list[tuple[str, dt.datetime]]:
    rows = DiaryEntry.objects.filter(occupies=True, kind="supervision")
    return sorted(rows.values_list("expert__name", "starts_at"))


def test_a_planned_session_stands_in_the_diaries_and_invites(aino: Expert, eero: Expert) -> None:
    session = plan(aino, eero)
    entry = DiaryEntry.objects.get(expert=aino)
    assert entry.source == f"supervision:{session.pk}:{aino.pk}"
    assert (entry.starts_at, entry.place, entry.kind) == (
        *(local(2027, 3, 10, 13), "Hatanpää", "supervision"),
    )
    assert occupied() == [(aino.name, session.starts_at), (eero.name, session.starts_at)]
    assert mails() == [
        ("supervision_planned", "aino@example.org"),
        ("supervision_planned", "eero@example.org"),
    ]


def test_the_message_is_in_the_persons_language_and_names_nobody_else(
    aino: Expert, eero: Expert
) -> None:
    plan(aino, eero)
    swedish = OutboxMessage.objects.get(to_email="aino@example.org")
    finnish = OutboxMessage.objects.get(to_email="eero@example.org")
    assert swedish.subject == "Arbetshandledning: ons 10.3.2027 kl. 13.00–15.00"
    assert finnish.subject == "Työnohjaus: ke 10.3.2027 klo 13.00–15.00"
    assert "Hatanpää" in finnish.body
    assert "Olli Ohjaaja" in finnish.body
    assert "/me/profile/supervision/" in finnish.body
    assert "Aino" not in finnish.body


def test_the_own_supervisor_hears_and_who_acted_does_not(aino: Expert, tuula: User) -> None:
    aino.user = make_user("aino@example.org", Role.EXPERT)
    aino.save()
    plan(aino, by=tuula, outside_supervisor="", supervisor=tuula)
    assert mails() == [("supervision_planned", "aino@example.org")]
    plan(
        aino,
        by=aino.user,
        outside_supervisor="",
        supervisor=tuula,
        starts_at=local(2027, 3, 11, 13),
        ends_at=local(2027, 3, 11, 15),
    )
    assert mails()[1:] == [("supervision_planned", "tuula@example.org")]
    assert "/supervisor/" in OutboxMessage.objects.get(to_email="tuula@example.org").body


def test_who_is_not_free_is_named_and_nothing_is_half_done(aino: Expert, eero: Expert) -> None:
    onni = make_expert("Onni Näyte", email="onni@example.org")
    make_shift(aino, local(2027, 3, 10, 14))
    make_shift(onni, local(2027, 3, 10, 12))
    with pytest.raises(Clash) as clash:
        plan(aino, eero, onni)
    assert clash.value.code == "diary_overlap"
    assert len(clash.value.lines) == 2
    assert "Aino Testilä" in clash.value.lines[0]
    assert "Onni Näyte" in clash.value.lines[1]
    assert not SupervisionSession.objects.exists()
    assert (occupied(), mails()) == ([], [])


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"ends_at": local(2027, 3, 10, 13)}, "supervision_times"),
        ({"outside_supervisor": " "}, "one_supervisor"),
        ({"form": SupervisionForm.INDIVIDUAL}, "individual_is_for_one"),
    ],
)
def test_what_cannot_be_planned(
    aino: Expert, eero: Expert, changes: dict[str, Any], code: str
) -> None:
    with pytest.raises(Refused) as refused:
        plan(aino, eero, **changes)
    assert refused.value.code == code
    with pytest.raises(Refused) as refused:
        plan()
    assert refused.value.code == "nobody_invited"
    assert not SupervisionSession.objects.exists()


def test_moving_moves_the_diaries_and_tells(aino: Expert, eero: Expert) -> None:
    session = plan(aino, eero)
    OutboxMessage.objects.all().delete()
    moved = details(starts_at=local(2027, 3, 11, 9), ends_at=local(2027, 3, 11, 11))
    supervision.change(session, moved, experts=[aino, eero], by=None, now=LATER)
    assert occupied() == [
        (aino.name, local(2027, 3, 11, 9)),
        (eero.name, local(2027, 3, 11, 9)),
    ]
    assert DiaryEntry.objects.get(expert=aino).sequence == 1
    assert {kind for kind, _address in mails()} == {"supervision_moved"}


def test_a_new_cost_is_no_news(aino: Expert) -> None:
    session = plan(aino)
    OutboxMessage.objects.all().delete()
    supervision.change(session, details(cost=180), experts=[aino], by=None, now=LATER)
    assert mails() == []
    assert DiaryEntry.objects.get().sequence == 0


def test_a_move_that_clashes_leaves_everything(aino: Expert, eero: Expert) -> None:
    session = plan(aino, eero)
    make_shift(eero, local(2027, 3, 11, 9))
    moved = details(starts_at=local(2027, 3, 11, 9), ends_at=local(2027, 3, 11, 11))
    with pytest.raises(Clash):
        supervision.change(session, moved, experts=[aino, eero], by=None, now=LATER)
    session.refresh_from_db()
    assert session.starts_at == local(2027, 3, 10, 13)
    assert occupied() == [(aino.name, session.starts_at), (eero.name, session.starts_at)]


def test_who_goes_and_who_comes(aino: Expert, eero: Expert) -> None:
    session = plan(aino)
    OutboxMessage.objects.all().delete()
    supervision.change(session, details(), experts=[eero], by=None, now=LATER)
    assert occupied() == [(eero.name, session.starts_at)]
    assert mails() == [
        ("supervision_cancelled", "aino@example.org"),
        ("supervision_planned", "eero@example.org"),
    ]
    supervision.change(session, details(), experts=[aino, eero], by=None, now=AFTER)
    assert occupied() == [(aino.name, session.starts_at), (eero.name, session.starts_at)]


def test_calling_off_frees_the_time_and_tells(aino: Expert, eero: Expert) -> None:
    session = plan(aino, eero)
    OutboxMessage.objects.all().delete()
    supervision.cancel(session, by=None, now=LATER)
    assert occupied() == []
    assert [kind for kind, _address in mails()] == ["supervision_cancelled"] * 2
    make_shift(aino, local(2027, 3, 10, 13))
    with translation.override("en"):
        with pytest.raises(Refused, match="called off"):
            supervision.cancel(session, by=None, now=LATER)
        with pytest.raises(Refused, match="called off"):
            supervision.change(session, details(), experts=[aino], by=None, now=LATER)
    assert len(mails()) == 2


def test_attendance_counts_for_those_who_were_there(
    aino: Expert, eero: Expert, coordinator: User
) -> None:
    session = plan(aino, eero)
    supervision.mark_held(session, attended={aino.pk}, by=coordinator, now=AFTER)
    rows = SupervisionAttendance.objects.order_by("expert__name")
    assert list(rows.values_list("state", flat=True)) == ["attended", "not_present"]
    found = due([aino, eero], today=dt.date(2027, 3, 11))
    assert found[aino.pk].last_on == dt.date(2027, 3, 10)
    assert found[eero.pk].last_on is None
    supervision.correct_attendance(session, attended={eero.pk}, by=coordinator, now=AFTER)
    found = due([aino, eero], today=dt.date(2027, 3, 11))
    assert (found[aino.pk].last_on, found[eero.pk].last_on) == (None, dt.date(2027, 3, 10))


def test_what_cannot_be_marked(aino: Expert, eero: Expert, coordinator: User) -> None:
    session = plan(aino)
    for now, attended, code in (
        (local(2027, 3, 10, 12), {aino.pk}, "not_begun"),
        (AFTER, {eero.pk}, "not_invited"),
    ):
        with pytest.raises(Refused) as refused:
            supervision.mark_held(session, attended=attended, by=coordinator, now=now)
        assert refused.value.code == code
    with pytest.raises(Refused) as refused:
        supervision.correct_attendance(session, attended=set(), by=coordinator, now=AFTER)
    assert refused.value.code == "wrong_state"
    supervision.mark_held(session, attended=set(), by=coordinator, now=AFTER)
    with translation.override("en"):
        with pytest.raises(Refused, match="held already"):
            supervision.mark_held(session, attended=set(), by=coordinator, now=AFTER)
        with pytest.raises(Refused, match="held already"):
            supervision.cancel(session, by=None, now=AFTER)
        with pytest.raises(Refused, match="held already"):
            supervision.change(session, details(), experts=[aino], by=None, now=AFTER)


@pytest.mark.parametrize(
    ("role", "is_own", "allowed"),
    [
        (Role.WORK_SUPERVISOR, True, True),
        (Role.WORK_SUPERVISOR, False, False),
        (Role.COORDINATOR, False, True),
        (Role.EXPERT, False, False),
        (Role.FINANCE, False, False),
    ],
)
def test_who_marks(aino: Expert, role: Role, is_own: bool, allowed: bool) -> None:
    user = make_user("somebody@example.org", role)
    session = plan(aino, supervisor=user, outside_supervisor="") if is_own else plan(aino)
    if allowed:
        supervision.mark_held(session, attended={aino.pk}, by=user, now=AFTER)
    else:
        with pytest.raises(Refused) as refused:
            supervision.mark_held(session, attended={aino.pk}, by=user, now=AFTER)
        assert refused.value.code == "not_yours"
    session.refresh_from_db()
    assert session.state == ("held" if allowed else "planned")


def test_somebody_without_an_address_is_planned_all_the_same() -> None:
    plan(make_expert())
    assert len(occupied()) == 1
    assert mails() == []
