"""Who takes which seat, who was asked, and what a coordinator overruled."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from coordination.models import User
from coordination.models.history import tracked
from coordination.permissions import Permission
from experts.models import Expert
from scheduling.models.sessions import Session


class AssignmentState(models.TextChoices):
    """proposed → confirmed → held, or declined | released | cancelled | no-show."""

    PROPOSED = "proposed", _("proposed")
    CONFIRMED = "confirmed", _("confirmed")
    HELD = "held", _("held")
    DECLINED = "declined", _("declined")
    RELEASED = "released", _("released")
    CANCELLED = "cancelled", _("cancelled")
    NO_SHOW = "no_show", _("did not come")


SEATED = (
    AssignmentState.PROPOSED,
    AssignmentState.CONFIRMED,
    AssignmentState.HELD,
    AssignmentState.NO_SHOW,
)
"""States in which an assignment takes its seat."""


class AssignmentQuerySet(models.QuerySet["Assignment"]):
    def seated(self) -> "AssignmentQuerySet":
        return self.filter(state__in=SEATED)

    def visible_to(self, user: User) -> "AssignmentQuerySet":
        """All for coordinators, those at a clinic contact's units, an expert's own; none for others."""
        if user.access.can(Permission.VIEW_BOARD):
            return self
        mine = Q(pk__in=())
        if user.access.can(Permission.VIEW_UNIT_SESSIONS):
            mine |= Q(session__unit__in=user.access.unit_ids)
        if user.access.can(Permission.VIEW_OWN_SHIFTS):
            mine |= Q(expert__user=user)
        return self.filter(mine)


@tracked(exclude=["answer_nonce"])
class Assignment(models.Model):
    """A person on a numbered seat of a session. A seat has at most one person: a unique constraint.

    `answer_nonce` makes the link in the mail work once; it is emptied with the answer.
    """

    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="assignments")
    expert = models.ForeignKey(Expert, on_delete=models.PROTECT, related_name="assignments")
    seat = models.PositiveSmallIntegerField()
    state = models.CharField(
        max_length=10, choices=AssignmentState.choices, default=AssignmentState.PROPOSED
    )
    answer_nonce = models.CharField(max_length=32, blank=True)
    proposed_at = models.DateTimeField()
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        ordering = ("session", "seat", "id")
        indexes = (models.Index(fields=["expert", "state"], name="assignment_of_expert"),)
        constraints = (
            models.UniqueConstraint(
                fields=["session", "seat"],
                condition=Q(state__in=["proposed", "confirmed", "held", "no_show"]),
                name="assignment_one_person_a_seat",
            ),
            models.UniqueConstraint(
                fields=["session", "expert"],
                condition=Q(state__in=["proposed", "confirmed", "held", "no_show"]),
                name="assignment_one_seat_a_person",
            ),
            models.CheckConstraint(condition=Q(seat__range=(1, 50)), name="assignment_seat_number"),
            models.CheckConstraint(
                condition=Q(state__in=AssignmentState.values), name="assignment_known_state"
            ),
        )

    def __str__(self) -> str:
        return f"{self.expert}: {self.session}"


class OfferState(models.TextChoices):
    """sent → accepted | declined | expired | superseded"""

    SENT = "sent", _("waiting for an answer")
    ACCEPTED = "accepted", _("accepted")
    DECLINED = "declined", _("declined")
    EXPIRED = "expired", _("not answered in time")
    SUPERSEDED = "superseded", _("filled by somebody else")


@tracked(exclude=["answer_nonce"])
class Offer(models.Model):
    """An open seat offered to a person; the first who accepts gets it."""

    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="offers")
    expert = models.ForeignKey(Expert, on_delete=models.PROTECT, related_name="offers")
    state = models.CharField(max_length=10, choices=OfferState.choices, default=OfferState.SENT)
    answer_nonce = models.CharField(max_length=32, blank=True)
    sent_at = models.DateTimeField()
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    expires_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    overrules = models.JSONField(
        default=dict, blank=True, help_text="Why each `ask` reason was overruled, by its code."
    )

    class Meta:
        ordering = ("-sent_at",)
        indexes = (
            models.Index(fields=["expires_at"], condition=Q(state="sent"), name="offer_waiting"),
        )
        constraints = (
            models.UniqueConstraint(
                fields=["session", "expert"],
                condition=Q(state="sent"),
                name="offer_one_open_a_person",
            ),
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("sent_at")), name="offer_expires_later"
            ),
            models.CheckConstraint(
                condition=Q(state__in=OfferState.values), name="offer_known_state"
            ),
        )

    def __str__(self) -> str:
        return f"{self.expert}: {self.session}"


@tracked()
class Overrule(models.Model):
    """A coordinator assigned a person in spite of an `ask` reason, and said why. Never a health reason."""

    assignment = models.ForeignKey(Assignment, on_delete=models.CASCADE, related_name="overrules")
    code = models.CharField(max_length=40)
    why = models.CharField(max_length=300)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["assignment", "code"], name="overrule_once_a_reason"),
            models.CheckConstraint(condition=~Q(why=""), name="overrule_says_why"),
        )

    def __str__(self) -> str:
        return f"{self.assignment}: {self.code}"
