"""What the experts package puts on the homes: small lists, the most urgent first."""

import datetime as dt
from typing import Any

from django.http import HttpRequest

from coordination import clock
from coordination.models import User
from coordination.web.panels import once
from experts.models import SupervisionAttendance, SupervisionSession
from experts.models.supervision import SupervisionState
from experts.queries import due_panel

MOST = 6
"""Lines in a panel; the rest are behind its link."""


def _person(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # panels are drawn for people with an account only
    return request.user


def _people(request: HttpRequest) -> due_panel.People:
    return once(request, due_panel.people)


def supervision_due(request: HttpRequest, now: dt.datetime) -> dict[str, Any] | None:
    """Today: whose supervision is due."""
    due = due_panel.due_people(_people(request).active, today=clock.today(now))
    return {"due": due[:MOST], "count": len(due)} if due else None


def running_out(request: HttpRequest, now: dt.datetime) -> dict[str, Any] | None:
    """Today: trainings and extracts that run out within 60 days."""
    found = due_panel.running_out(_people(request).active, today=clock.today(now))
    if not found:
        return None
    return {"rows": found[:MOST], "count": len(found), "today": clock.today(now)}


def applicants(request: HttpRequest, now: dt.datetime) -> dict[str, Any] | None:
    """Today: who has applied."""
    found = _people(request).applicants
    return {"people": found[:MOST], "count": len(found)} if found else None


def waiting_for_sign_off(request: HttpRequest, now: dt.datetime) -> dict[str, Any] | None:
    """Today: active people nobody has signed off, as after a register import."""
    count = len(_people(request).unsigned)
    return {"count": count} if count else None


def own_supervision(request: HttpRequest, now: dt.datetime) -> dict[str, Any] | None:
    """An expert's home: supervision ahead."""
    mine = SupervisionAttendance.objects.filter(
        expert__user=_person(request),
        session__state=SupervisionState.PLANNED,
        session__ends_at__gt=now,
    )
    found = list(mine.select_related("session__supervisor").order_by("session__starts_at")[:3])
    return {"attendances": found, "today": clock.today(now)} if found else None


def held_sessions(request: HttpRequest, now: dt.datetime) -> dict[str, Any] | None:
    """A work supervisor's home: own sessions ahead."""
    mine = SupervisionSession.objects.filter(supervisor=_person(request))
    mine = mine.prefetch_related("attendances").order_by("starts_at")
    ahead = list(mine.filter(state=SupervisionState.PLANNED, ends_at__gt=now)[:20])
    return {"sessions": ahead, "today": clock.today(now)}


def sessions_to_mark(request: HttpRequest, now: dt.datetime) -> dict[str, Any] | None:
    """A work supervisor's home: sessions that are over and not yet marked, then those marked."""
    mine = SupervisionSession.objects.filter(supervisor=_person(request))
    mine = mine.prefetch_related("attendances")
    unmarked = mine.filter(state=SupervisionState.PLANNED, ends_at__lte=now)
    held = mine.filter(state=SupervisionState.HELD).order_by("-starts_at")
    found = {"unmarked": list(unmarked.order_by("starts_at")), "held": list(held[:10])}
    return found if any(found.values()) else None
