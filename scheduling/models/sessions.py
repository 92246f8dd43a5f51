"""Series and sessions."""

from zoneinfo import ZoneInfo

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from coordination.models import User
from coordination.models.constraints import both_or_neither, ends_after_start
from coordination.models.history import tracked
from coordination.permissions import Permission
from scheduling import holidays
from scheduling.models.bookings import Appointment, Booking


class SeriesQuerySet(models.QuerySet["Series"]):
    def visible_to(self, user: User) -> "SeriesQuerySet":
        """All for coordinators, a clinic contact's own units', none for others."""
        if user.access.can(Permission.VIEW_BOARD):
            return self
        if user.access.can(Permission.VIEW_UNIT_SESSIONS):
            return self.filter(unit__in=user.access.unit_ids)
        return self.none()


@tracked()
class Series(Appointment):
    """A repeating session in the unit's wall time; an occurrence is keyed by (series, day).

    `recurrence` is an RFC 5545 rule without start or end (`FREQ=WEEKLY;INTERVAL=2`).
    `made_until` is the horizon: occurrences up to that day exist or are listed as skipped.
    """

    booking = models.ForeignKey(
        Booking, on_delete=models.PROTECT, null=True, blank=True, related_name="series"
    )
    continues = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="continued_by",
        help_text="The series this one was cut off from by a change of this and later days.",
    )
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"), null=True, blank=True)
    starts_time = models.TimeField(_("starts at"))
    minutes = models.PositiveSmallIntegerField(_("length, minutes"))
    recurrence = models.CharField(max_length=200, default="FREQ=WEEKLY")
    skips_holidays = models.BooleanField(_("no sessions on public holidays"), default=True)
    made_until = models.DateField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = SeriesQuerySet.as_manager()

    class Meta:
        ordering = ("starts_on", "id")
        verbose_name_plural = "series"
        constraints = (
            models.CheckConstraint(condition=Q(minutes__range=(15, 720)), name="series_length"),
            ends_after_start("series_days", start="starts_on", end="ends_on"),
        )

    def __str__(self) -> str:
        return f"{self.unit} {self.recurrence} {self.starts_on}"


class SessionState(models.TextChoices):
    """draft → open → held → closed, or cancelled. "Staffed" is computed from the seats."""

    DRAFT = "draft", _("draft")
    OPEN = "open", _("open")
    HELD = "held", _("held")
    CLOSED = "closed", _("closed")
    CANCELLED = "cancelled", _("cancelled")


class SessionPriority(models.IntegerChoices):
    """How much an empty seat weighs in a plan: the planner counts one of high priority as two."""

    NORMAL = 1, pgettext_lazy("priority", "normal")
    HIGH = 2, pgettext_lazy("priority", "filled first")


class SessionQuerySet(models.QuerySet["Session"]):
    def visible_to(self, user: User) -> "SessionQuerySet":
        """All for coordinators, a clinic contact's own units', an expert's own; none for others."""
        if user.access.can(Permission.VIEW_BOARD):
            return self
        mine = Q(pk__in=())
        if user.access.can(Permission.VIEW_UNIT_SESSIONS):
            mine |= Q(unit__in=user.access.unit_ids)
        if user.access.can(Permission.VIEW_OWN_SHIFTS):
            own = Session.objects.filter(assignments__expert__user=user)
            mine |= Q(pk__in=own.values("pk"))
        return self.filter(mine)


@tracked()
class Session(Appointment):
    """One session: half-open in UTC, made in the unit's wall time (`zone_name`).

    `sequence` rises and `changed_at` moves with each change of what a form can change, and of state:
    calendar readers take the new one, and who has an old page open overwrites nothing unseen. A
    trigger counts, so no writer can forget it or set it back.
    """

    series = models.ForeignKey(
        Series, on_delete=models.PROTECT, null=True, blank=True, related_name="sessions"
    )
    occurrence_on = models.DateField(null=True, blank=True)
    booking = models.ForeignKey(
        Booking, on_delete=models.PROTECT, null=True, blank=True, related_name="sessions"
    )
    key = models.UUIDField(
        unique=True,
        null=True,
        editable=False,
        help_text="Made with the form: a double click makes one session.",
    )
    state = models.CharField(
        max_length=10, choices=SessionState.choices, default=SessionState.DRAFT
    )
    starts_at = models.DateTimeField(_("starts"))
    ends_at = models.DateTimeField(_("ends"))
    zone_name = models.CharField(max_length=60, default="Europe/Helsinki")
    edited_by_hand = models.BooleanField(default=False)
    priority = models.PositiveSmallIntegerField(
        _("priority"), choices=SessionPriority.choices, default=SessionPriority.NORMAL
    )
    actual_starts_at = models.DateTimeField(null=True, blank=True)
    actual_ends_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    cancelled_at = models.DateTimeField(null=True, blank=True)
    cancelled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    sequence = models.PositiveIntegerField(default=0, editable=False)
    changed_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = SessionQuerySet.as_manager()

    class Meta:
        ordering = ("starts_at", "id")
        triggers = (
            pgtrigger.Trigger(
                name="session_counts_changes",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                func="""
                    NEW.sequence := OLD.sequence;
                    NEW.changed_at := OLD.changed_at;
                    IF (NEW.kind_id, NEW.unit_id, NEW.site_id, NEW.place_kind, NEW.state,
                        NEW.starts_at, NEW.ends_at, NEW.seats, NEW.responsible_professional,
                        NEW.support_person, NEW.support_phone, NEW.professional_present,
                        NEW.with_minors, NEW.language, NEW.notes, NEW.priority)
                       IS DISTINCT FROM
                       (OLD.kind_id, OLD.unit_id, OLD.site_id, OLD.place_kind, OLD.state,
                        OLD.starts_at, OLD.ends_at, OLD.seats, OLD.responsible_professional,
                        OLD.support_person, OLD.support_phone, OLD.professional_present,
                        OLD.with_minors, OLD.language, OLD.notes, OLD.priority)
                       OR pg_trigger_depth() > 1  -- what it tells is described anew (described.py)
                    THEN
                        NEW.sequence := OLD.sequence + 1;
                        NEW.changed_at := statement_timestamp();
                    END IF;
                    RETURN NEW;
                """,
            ),
        )
        indexes = (
            models.Index(fields=["starts_at"], name="session_starts"),
            models.Index(fields=["unit", "starts_at"], name="session_of_unit"),
        )
        constraints = (
            models.UniqueConstraint(
                fields=["series", "occurrence_on"], name="session_once_a_series_and_day"
            ),
            models.CheckConstraint(
                condition=Q(series__isnull=True, occurrence_on__isnull=True)
                | Q(series__isnull=False, occurrence_on__isnull=False),
                name="session_of_series_has_day",
            ),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="session_ends_after_start"
            ),
            models.CheckConstraint(condition=Q(seats__range=(1, 50)), name="session_seats"),
            models.CheckConstraint(
                condition=Q(state__in=SessionState.values), name="session_known_state"
            ),
            models.CheckConstraint(
                condition=Q(priority__in=SessionPriority.values), name="session_known_priority"
            ),
            both_or_neither("session_closed_by_someone", "closed_at", "closed_by"),
            both_or_neither("session_actual_times", "actual_starts_at", "actual_ends_at"),
            models.CheckConstraint(
                condition=Q(actual_ends_at__isnull=True)
                | Q(actual_ends_at__gt=F("actual_starts_at")),
                name="session_actual_order",
            ),
            models.CheckConstraint(
                condition=~Q(state=SessionState.CLOSED)
                | Q(closed_at__isnull=False, actual_starts_at__isnull=False),
                name="session_closed_has_times",
            ),
        )

    def __str__(self) -> str:
        return f"{self.unit} {self.starts_at:%Y-%m-%d %H:%M}"

    @property
    def was_not_held(self) -> bool:
        """Nobody took a seat, and it ended by itself afterwards; a cancellation is somebody's."""
        ended = self.cancelled_at is not None and self.cancelled_at >= self.ends_at
        return ended and self.state == SessionState.CANCELLED and self.cancelled_by_id is None

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.zone_name)


class SkipCode(models.TextChoices):
    """Why an occurrence of a series was not made."""

    HOLIDAY = "holiday", _("public holiday")
    REMOVED = "removed", _("taken out")
    NO_AGREEMENT = "no_agreement", _("no agreement in force")
    NO_INSURANCE = "no_insurance", _("no insurance in force")
    PAST = "past", _("over before it could be made")


class SkippedOccurrence(models.Model):
    """A day a series could not have, kept with its reason so that it can be added back.

    A holiday's name follows from its day, in the language of whoever reads it.
    """

    series = models.ForeignKey(Series, on_delete=models.CASCADE, related_name="skipped")
    occurrence_on = models.DateField()
    code = models.CharField(max_length=20, choices=SkipCode.choices)

    class Meta:
        ordering = ("occurrence_on",)
        constraints = (
            models.UniqueConstraint(fields=["series", "occurrence_on"], name="skipped_once"),
        )

    def __str__(self) -> str:
        return f"{self.series}: {self.occurrence_on} {self.code}"

    @property
    def detail(self) -> str:
        """What a holiday is called in the language of the moment, else ""."""
        return holidays.called(self.occurrence_on) if self.code == SkipCode.HOLIDAY else ""
