"""What the scheduling views share: the person, things they may see, and rules that say no."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from coordination.errors import Refused
from coordination.models import User
from scheduling.models import Assignment, Session
from scheduling.queries.seats import with_seats

UNPROCESSABLE = 422


def person(request: HttpRequest) -> User:
    """Who is signed in; the gate before the view has made sure that somebody is."""
    assert isinstance(request.user, User)
    return request.user


def session_or_404(request: HttpRequest, session_id: int) -> Session:
    """A session this person may see, with its seats."""
    rows = with_seats(Session.objects.visible_to(person(request)))
    return get_object_or_404(rows.select_related("booking", "series"), pk=session_id)


def assignment_or_404(request: HttpRequest, assignment_id: int) -> Assignment:
    """An assignment this person may see, with its session and place."""
    rows = Assignment.objects.visible_to(person(request)).select_related(
        "expert", "session__kind", "session__unit", "session__site"
    )
    return get_object_or_404(rows, pk=assignment_id)


def own_assignment_or_404(request: HttpRequest, assignment_id: int) -> Assignment:
    """An expert's own assignment; a coordinator who is an expert too sees only their own here."""
    rows = Assignment.objects.filter(expert__user=person(request)).select_related(
        "expert", "session__kind", "session__unit", "session__site"
    )
    return get_object_or_404(rows, pk=assignment_id)


@dataclass
class Attempt:
    """Whether a step was done; a refused one has been told to the person."""

    refused: Refused | None = None

    @property
    def done(self) -> bool:
        return self.refused is None


@contextmanager
def attempt(request: HttpRequest) -> Iterator[Attempt]:
    """Does a step; when a rule says no, its sentence becomes a message and nothing is lost."""
    outcome = Attempt()
    try:
        yield outcome
    except Refused as refused:
        outcome.refused = refused
        messages.warning(request, str(refused))
