"""What a unit asks for. Accepting a booking makes its sessions."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from coordination.models import ActivityKind, Site, Unit, User
from coordination.models.activity import PlaceKind
from coordination.models.constraints import both_or_neither
from coordination.models.history import tracked
from coordination.permissions import Permission


class BookingState(models.TextChoices):
    """requested → accepted | declined | withdrawn"""

    REQUESTED = "requested", _("requested")
    ACCEPTED = "accepted", _("accepted")
    DECLINED = "declined", _("declined")
    WITHDRAWN = "withdrawn", _("withdrawn")


class BookingQuerySet(models.QuerySet["Booking"]):
    def visible_to(self, user: User) -> "BookingQuerySet":
        """All for coordinators, a clinic contact's own units', none for others."""
        if user.access.can(Permission.DECIDE_BOOKINGS):
            return self
        if user.access.can(Permission.BOOK):
            return self.filter(unit__in=user.access.unit_ids)
        return self.none()


class Appointment(models.Model):
    """What a booking, a series and a session have in common: what, where, for how many, with whom."""

    kind = models.ForeignKey(ActivityKind, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="%(class)s_set")
    site = models.ForeignKey(
        Site, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    place_kind = models.CharField(
        _("place"), max_length=20, choices=PlaceKind.choices, default=PlaceKind.SITE
    )
    seats = models.PositiveSmallIntegerField(_("experts needed"), default=1)
    responsible_professional = models.CharField(
        _("responsible professional"), max_length=200, blank=True
    )
    support_person = models.CharField(
        _("support person during the shift"), max_length=200, blank=True
    )
    support_phone = models.CharField(_("support person's phone"), max_length=20, blank=True)
    professional_present = models.BooleanField(_("a professional is present"), default=False)
    with_minors = models.BooleanField(_("with minors"), default=False)
    language = models.CharField(_("language"), max_length=8, default="fi")
    notes = models.CharField(_("what the expert should know"), max_length=500, blank=True)

    class Meta:
        abstract = True


@tracked()
class Booking(Appointment):
    """A request by a unit for one session or a weekly series, in the unit's wall time.

    `ends_on` empty: one session on `starts_on`; else every `every_weeks` weeks until that day.
    """

    state = models.CharField(
        max_length=10, choices=BookingState.choices, default=BookingState.REQUESTED
    )
    key = models.UUIDField(unique=True, help_text="Made with the form: a double click books once.")
    starts_on = models.DateField(_("first day"))
    starts_time = models.TimeField(_("starts at"))
    minutes = models.PositiveSmallIntegerField(_("length, minutes"))
    every_weeks = models.PositiveSmallIntegerField(_("every how many weeks"), default=1)
    recurrence = models.CharField(
        max_length=200,
        blank=True,
        help_text="An RFC 5545 rule for days that are not one a week; empty: every `every_weeks`.",
    )
    ends_on = models.DateField(_("last day of the series"), null=True, blank=True)
    estimate = models.DecimalField(
        _("estimate, euros"), max_digits=10, decimal_places=2, null=True, blank=True
    )
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    requested_at = models.DateTimeField()
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    decision_note = models.CharField(_("a word with the decision"), max_length=500, blank=True)

    objects = BookingQuerySet.as_manager()

    class Meta:
        ordering = ("-requested_at",)
        constraints = (
            models.CheckConstraint(condition=Q(minutes__range=(15, 720)), name="booking_length"),
            models.CheckConstraint(condition=Q(seats__range=(1, 50)), name="booking_seats"),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="booking_days",
            ),
            models.CheckConstraint(
                condition=Q(state__in=BookingState.values), name="booking_known_state"
            ),
            both_or_neither("booking_decided_by_someone", "decided_at", "decided_by"),
            models.CheckConstraint(
                condition=Q(state=BookingState.REQUESTED, decided_at__isnull=True)
                | (~Q(state=BookingState.REQUESTED) & Q(decided_at__isnull=False)),
                name="booking_decided_when_not_requested",
            ),
        )

    def __str__(self) -> str:
        return f"{self.unit} {self.starts_on}"
