"""Work supervision (työnohjaus): planned, moved, cancelled, held. It stands in each diary."""

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from coordination.clock import HOME_ZONE
from coordination.errors import Refused
from coordination.models import User
from coordination.models.messages import Haste
from coordination.permissions import Permission
from coordination.services import messages
from coordination.transactions import Contention, one_transaction
from experts.models import DiaryKind, Expert, SupervisionAttendance, SupervisionSession
from experts.models.supervision import AttendanceState, SupervisionForm, SupervisionState
from experts.services import diary
from experts.transitions import SUPERVISION


@dataclass(frozen=True)
class SupervisionDetails:
    """What is planned; times in UTC, `cost` in euros. Exactly one of the two supervisors."""

    form: SupervisionForm
    starts_at: dt.datetime
    ends_at: dt.datetime
    supervisor: User | None = None
    outside_supervisor: str = ""
    place: str = ""
    cost: Decimal | None = None


class Clash(Refused):
    """Some people have something else at that time; `lines` says for each of them when."""

    def __init__(self, lines: Sequence[str]) -> None:
        super().__init__(
            _("Nothing was saved: not everybody is free at that time."), code="diary_overlap"
        )
        self.lines = list(lines)

    def __str__(self) -> str:
        return " ".join([str(self.message), *self.lines])


def source(session_id: int, expert_id: int) -> str:
    """How the diary names one person's place in one session."""
    return f"supervision:{session_id}:{expert_id}"


@one_transaction
def plan(
    details: SupervisionDetails,
    *,
    experts: Collection[Expert],
    by: User | None,
    now: dt.datetime,
) -> SupervisionSession:
    """Plan a session: it takes its place in everybody's diary, and everybody gets a message.

    All or nothing. Raises Clash (a Refused `diary_overlap`) naming who is not free, and Refused
    `nobody_invited`, `one_supervisor`, `individual_is_for_one`, `supervision_times`.
    """
    _check(details, experts)
    diary.lock_people(expert.pk for expert in experts)
    session = SupervisionSession.objects.create(**_columns(details))
    SupervisionAttendance.objects.bulk_create(
        SupervisionAttendance(session=session, expert=expert) for expert in experts
    )
    _put_into_diaries(session, experts, now)
    _tell("supervision_planned", session, experts, by=by, now=now)
    return session


@one_transaction
def change(
    session: SupervisionSession,
    details: SupervisionDetails,
    *,
    experts: Collection[Expert],
    by: User | None,
    now: dt.datetime,
) -> SupervisionSession:
    """Move a planned session or change who is invited.

    Who was there already hears only of a new time, place or supervisor; who is new is invited; who
    is no longer invited hears that. Raises as `plan` does, and Refused `wrong_state`.
    """
    _check(details, experts)
    before = {row.expert_id: row.expert for row in _attendances(session)}
    diary.lock_people({*before, *(expert.pk for expert in experts)})
    locked = _locked(session, invited=before)
    if locked.state != SupervisionState.PLANNED:
        SUPERVISION.check(locked.state, SupervisionState.HELD)  # raises, with its sentence
    told = _told(locked)
    for name, value in _columns(details).items():
        setattr(locked, name, value)
    locked.save(update_fields=list(_columns(details)))
    staying = {expert.pk: expert for expert in experts}
    gone = [expert for pk, expert in before.items() if pk not in staying]
    new = [expert for pk, expert in staying.items() if pk not in before]
    _tell("supervision_cancelled", locked, gone, by=by, now=now, supervisor=False)
    for expert in gone:
        diary.cancel(source(locked.pk, expert.pk), now=now)
    locked.attendances.filter(expert__in=gone).delete()
    SupervisionAttendance.objects.bulk_create(
        SupervisionAttendance(session=locked, expert=expert) for expert in new
    )
    _put_into_diaries(locked, experts, now)
    _tell("supervision_planned", locked, new, by=by, now=now, supervisor=False)
    if told != _told(locked):
        stayed = [expert for pk, expert in staying.items() if pk in before]
        _tell("supervision_moved", locked, stayed, by=by, now=now)
    return locked


@one_transaction
def cancel(session: SupervisionSession, *, by: User | None, now: dt.datetime) -> SupervisionSession:
    """Call a planned session off; everybody's time is free again. Raises Refused `wrong_state`."""
    experts = [row.expert for row in _attendances(session)]
    diary.lock_people(expert.pk for expert in experts)
    locked = _locked(session, invited=[expert.pk for expert in experts])
    SUPERVISION.check(locked.state, SupervisionState.CANCELLED)
    locked.state = SupervisionState.CANCELLED
    locked.save(update_fields=["state"])
    for expert in experts:
        diary.cancel(source(locked.pk, expert.pk), now=now)
    _tell("supervision_cancelled", locked, experts, by=by, now=now)
    return locked


@one_transaction
def mark_held(
    session: SupervisionSession,
    *,
    attended: Collection[int],
    by: User,
    now: dt.datetime,
) -> SupervisionSession:
    """Mark a session as held and who was there (ids of experts); the others were not present.

    By those who arrange supervision or the session's own supervisor. Raises Refused `wrong_state`,
    `not_begun`, `not_yours`, `not_invited`.
    """
    locked = _locked(session)
    _check_marker(locked, by)
    SUPERVISION.check(locked.state, SupervisionState.HELD)
    if locked.starts_at > now:
        raise Refused(_("The supervision has not begun yet."), code="not_begun")
    _mark(locked, attended)
    locked.state = SupervisionState.HELD
    locked.save(update_fields=["state"])
    return locked


@one_transaction
def correct_attendance(
    session: SupervisionSession,
    *,
    attended: Collection[int],
    by: User,
    now: dt.datetime,
) -> SupervisionSession:
    """Mend who was there after the session was marked as held. Raises as `mark_held` does."""
    locked = _locked(session)
    _check_marker(locked, by)
    if locked.state != SupervisionState.HELD:
        raise Refused(_("Mark the session as held first."), code="wrong_state")
    _mark(locked, attended)
    return locked


def _mark(session: SupervisionSession, attended: Collection[int]) -> None:
    rows = list(_attendances(session))
    if not {row.expert_id for row in rows}.issuperset(attended):
        raise Refused(_("Somebody marked as present was not invited."), code="not_invited")
    for row in rows:
        present = row.expert_id in attended
        row.state = AttendanceState.ATTENDED if present else AttendanceState.NOT_PRESENT
        row.save(update_fields=["state"])


def _check_marker(session: SupervisionSession, by: User) -> None:
    own = session.supervisor_id == by.pk and by.access.can(Permission.VIEW_OWN_SUPERVISION)
    if not own and not by.access.can(Permission.MANAGE_SUPERVISION):
        raise Refused(
            _("Only the supervisor and the coordinators mark attendance."), code="not_yours"
        )


def _check(details: SupervisionDetails, experts: Collection[Expert]) -> None:
    if details.ends_at <= details.starts_at:
        raise Refused(_("The end must be after the start."), code="supervision_times")
    if not experts:
        raise Refused(_("Choose who is invited."), code="nobody_invited")
    if bool(details.supervisor) == bool(details.outside_supervisor.strip()):
        raise Refused(
            _("Choose a supervisor, or write the name of an outside one."), code="one_supervisor"
        )
    if details.form == SupervisionForm.INDIVIDUAL and len(experts) > 1:
        raise Refused(_("Individual supervision is for one person."), code="individual_is_for_one")


def _columns(details: SupervisionDetails) -> dict[str, object]:
    return {
        **vars(details),
        "outside_supervisor": details.outside_supervisor.strip() or None,
        "place": details.place.strip(),
    }


def _locked(
    session: SupervisionSession, *, invited: Collection[int] | None = None
) -> SupervisionSession:
    """The session's row, locked; `invited`: those whose diaries were locked first must be all."""
    locked = SupervisionSession.objects.select_for_update(of=("self",)).get(pk=session.pk)
    if invited is not None:
        there = set(locked.attendances.values_list("expert_id", flat=True))
        if there != set(invited):
            raise Contention
    return locked


def _attendances(session: SupervisionSession) -> Iterable[SupervisionAttendance]:
    return session.attendances.select_related("expert__user").order_by("expert_id")


def _told(session: SupervisionSession) -> tuple[object, ...]:
    """What an invited person knows of a session."""
    return (
        *(session.starts_at, session.ends_at, session.place),
        *(session.supervisor_id, session.outside_supervisor),
    )


def _put_into_diaries(
    session: SupervisionSession, experts: Iterable[Expert], now: dt.datetime
) -> None:
    lines = []
    for expert in sorted(experts, key=lambda expert: expert.pk):
        try:
            diary.occupy(
                expert,
                source=source(session.pk, expert.pk),
                kind=DiaryKind.SUPERVISION,
                starts_at=session.starts_at,
                ends_at=session.ends_at,
                zone_name=HOME_ZONE.key,
                place=session.place,
                now=now,
            )
        except Refused as refused:
            lines.append(str(refused))
    if lines:
        raise Clash(lines)


def _tell(
    kind: str,
    session: SupervisionSession,
    experts: Iterable[Expert],
    *,
    by: User | None,
    now: dt.datetime,
    supervisor: bool = True,
) -> None:
    """A message to each person but the one who acted; the key makes each news leave once."""
    people = [_Addressee.invited(expert) for expert in experts]
    if supervisor and session.supervisor is not None:
        people.append(_Addressee.holding(session, session.supervisor))
    for person in people:
        if not person.address or (by is not None and person.user == by):
            continue
        messages.enqueue(
            kind=kind,
            key=f"{kind}:{session.pk}:{now.isoformat()}:{person.address}",
            to_email=person.address,
            language=person.language,
            user=person.user,
            context={
                "session": session,
                "zone": HOME_ZONE.key,
                "holds": person.holds,
                "link": messages.absolute_url(person.path),
            },
            now=now,
            haste=Haste.NEWS,
            about_at=session.starts_at,
        )


@dataclass(frozen=True)
class _Addressee:
    user: User | None
    address: str
    language: str
    path: str
    holds: bool = False

    @classmethod
    def invited(cls, expert: Expert) -> "_Addressee":
        address = expert.email or (expert.user.email if expert.user else "")
        return cls(expert.user, address, expert.language, reverse("experts:own_supervision"))

    @classmethod
    def holding(cls, session: SupervisionSession, user: User) -> "_Addressee":
        path = reverse("experts:held_session", args=[session.pk])
        return cls(user, user.email, user.language, path, holds=True)
