"""Bookings, sessions, assignments, offers, tallies."""

import re
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from api.serializers.fields import Day, Euros, Moment, ReasonSerializer, Scoped
from coordination.models import ActivityKind, Site, Unit
from coordination.models.activity import PlaceKind
from experts.models import Expert
from scheduling.models import Assignment, Booking, Offer, Session, SessionPriority, Tally
from scheduling.models.tallies import COUNTS


class AppointmentFields(serializers.Serializer[Any]):
    """What a booking and a session have in common."""

    kind = serializers.PrimaryKeyRelatedField(queryset=ActivityKind.objects.filter(is_active=True))
    unit = Scoped(queryset=Unit.objects.all())
    site = serializers.PrimaryKeyRelatedField(
        queryset=Site.objects.all(), required=False, allow_null=True, default=None
    )
    place_kind = serializers.ChoiceField(choices=PlaceKind.choices, default=PlaceKind.SITE)
    seats = serializers.IntegerField(min_value=1, max_value=50, default=1)
    responsible_professional = serializers.CharField(max_length=200, default="", allow_blank=True)
    support_person = serializers.CharField(max_length=200, default="", allow_blank=True)
    support_phone = serializers.CharField(max_length=20, default="", allow_blank=True)
    professional_present = serializers.BooleanField(default=False)
    with_minors = serializers.BooleanField(default=False)
    language = serializers.RegexField(r"^[a-z]{2,3}$", default="fi")
    notes = serializers.CharField(max_length=500, default="", allow_blank=True)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        site = attrs.get("site")
        unit = attrs.get("unit") or getattr(self.instance, "unit", None)
        if site is not None and unit is not None and site.unit_id != unit.pk:
            raise serializers.ValidationError({"site": _("This place belongs to another unit.")})
        return attrs


class BookingRequest(AppointmentFields):
    """A request for one session, or for a series until `ends_on`, in the unit's wall time."""

    starts_on = Day()
    starts_time = serializers.TimeField()
    minutes = serializers.IntegerField(min_value=15, max_value=720)
    every_weeks = serializers.IntegerField(min_value=1, max_value=8, default=1)
    ends_on = Day(required=False, allow_null=True, default=None)


class BookingSerializer(serializers.ModelSerializer[Booking]):
    estimate = Euros(read_only=True, allow_null=True)

    class Meta:
        model = Booking
        fields = (
            *("id", "state", "kind", "unit", "site", "place_kind", "seats"),
            *("responsible_professional", "support_person", "support_phone", "language", "notes"),
            *("starts_on", "starts_time", "minutes", "every_weeks", "ends_on", "estimate"),
            *("requested_at", "decided_at", "decision_note"),
        )


class OccurrenceSerializer(serializers.Serializer[Any]):
    on = serializers.DateField()
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()


class SkippedSerializer(serializers.Serializer[Any]):
    on = serializers.DateField()
    code = serializers.CharField()
    detail = serializers.CharField()


class BookingPreviewSerializer(serializers.Serializer[Any]):
    """What would come of a booking; nothing is saved."""

    occurrences = OccurrenceSerializer(many=True)
    skipped = SkippedSerializer(many=True)
    notes = serializers.ListField(child=serializers.CharField())
    estimate = Euros(allow_null=True)
    missing = ReasonSerializer(many=True)


class NoteSerializer(serializers.Serializer[Any]):
    """A word with a decision."""

    note = serializers.CharField(max_length=500, default="", allow_blank=True)


class PersonSerializer(serializers.ModelSerializer[Expert]):
    class Meta:
        model = Expert
        fields = ("id", "name")


class SeatSerializer(serializers.ModelSerializer[Assignment]):
    """Who sits on a seat, as far as the caller may see it."""

    expert = PersonSerializer(read_only=True)

    class Meta:
        model = Assignment
        fields = ("id", "seat", "state", "expert")


class SessionSerializer(serializers.ModelSerializer[Session]):
    assignments = SeatSerializer(many=True, read_only=True, source="seen_assignments")

    class Meta:
        model = Session
        fields = (
            *("id", "state", "kind", "unit", "site", "place_kind", "seats", "series", "booking"),
            *("starts_at", "ends_at", "zone_name", "responsible_professional", "support_person"),
            *("support_phone", "professional_present", "with_minors", "language", "notes"),
            *("priority", "actual_starts_at", "actual_ends_at", "sequence", "assignments"),
        )


class SessionRequest(AppointmentFields):
    """A single session of a coordinator."""

    starts_at = Moment()
    ends_at = Moment()
    priority = serializers.ChoiceField(
        choices=SessionPriority.choices, default=SessionPriority.NORMAL
    )
    publish = serializers.BooleanField(default=False)


class ById(serializers.DictField):
    """Something for each of several people; the keys are ids."""

    def to_internal_value(self, data: Any) -> dict[int, Any]:
        found = super().to_internal_value(data)
        if not all(re.fullmatch(r"[0-9]{1,18}", key) for key in found):
            raise serializers.ValidationError(_("The keys are ids."))
        return {int(key): value for key, value in found.items()}


class WhysByPerson(ById):
    """By an id: for each `ask` reason's code, why all the same."""

    child = serializers.DictField(child=serializers.CharField(max_length=300))


class SessionChangeRequest(AppointmentFields):
    """What may be changed; what is left out stays.

    `release`: assignments to take off, of people who could no longer come. `overrules`, by the
    assignment's id: why somebody stays in spite of what the change newly asks. `seen`: the
    `sequence` one has looked at, so that nobody's change is overwritten unseen.
    """

    starts_at = Moment()
    ends_at = Moment()
    priority = serializers.ChoiceField(choices=SessionPriority.choices, required=False)
    release = serializers.ListField(
        child=serializers.IntegerField(min_value=1), required=False, max_length=50
    )
    overrules = WhysByPerson(required=False)
    seen = serializers.IntegerField(min_value=0, required=False)


class UnfitSerializer(serializers.Serializer[Any]):
    """Somebody on a seat who could no longer come, or who must be asked about."""

    assignment = serializers.IntegerField()
    expert = PersonSerializer(allow_null=True)
    reasons = ReasonSerializer(many=True)


class SessionPreviewSerializer(serializers.Serializer[Any]):
    """Who would hear of a change, and who could no longer come, with the reasons."""

    told = PersonSerializer(many=True)
    unfit = UnfitSerializer(many=True)


class AssignmentSerializer(serializers.ModelSerializer[Assignment]):
    expert = PersonSerializer(read_only=True)
    starts_at = serializers.DateTimeField(source="session.starts_at", read_only=True)
    ends_at = serializers.DateTimeField(source="session.ends_at", read_only=True)

    class Meta:
        model = Assignment
        fields = ("id", "session", "seat", "state", "expert", "starts_at", "ends_at", "changed_at")


class CandidateSerializer(serializers.Serializer[Any]):
    """A person for a session, with all reasons for and against."""

    expert = PersonSerializer()
    verdict = serializers.ChoiceField(choices=["fits", "ask", "blocked"])
    reasons = ReasonSerializer(many=True)
    distance_km = serializers.FloatField(allow_null=True)
    times_here = serializers.IntegerField()
    week_hours = serializers.DecimalField(max_digits=6, decimal_places=2)
    month_sessions = serializers.IntegerField()


class ProposalRequest(serializers.Serializer[Any]):
    """Ask a person to take a seat. `overrules`: for each `ask` reason's code, why all the same."""

    expert = Scoped(queryset=Expert.objects.all())
    seat = serializers.IntegerField(
        min_value=1, max_value=50, required=False, allow_null=True, default=None
    )
    overrules = serializers.DictField(
        child=serializers.CharField(max_length=300), default=dict, required=False
    )


class OfferRequest(serializers.Serializer[Any]):
    """Ask several people. `overrules`, by the expert's id: for each `ask` reason's code, why all the same."""

    experts = Scoped(queryset=Expert.objects.all(), many=True, allow_empty=False)
    expires_at = Moment()
    overrules = WhysByPerson(default=dict, required=False)


class OfferSerializer(serializers.ModelSerializer[Offer]):
    expert = PersonSerializer(read_only=True)

    class Meta:
        model = Offer
        fields = ("id", "session", "expert", "state", "sent_at", "expires_at", "answered_at")


class TallySerializer(serializers.ModelSerializer[Tally]):
    """Numbers only."""

    class Meta:
        model = Tally
        fields = COUNTS
        extra_kwargs: dict[str, dict[str, Any]] = {
            name: {"min_value": 0, "max_value": 999, "default": 0} for name in COUNTS
        }


def _assignment_ids() -> serializers.ListField:
    return serializers.ListField(
        child=serializers.IntegerField(min_value=1), default=list, required=False, max_length=50
    )


class PresenceRequest(serializers.Serializer[Any]):
    """Whether the person was there after all."""

    was_there = serializers.BooleanField()


class CloseoutRequest(serializers.Serializer[Any]):
    """When it really was, who was not there, who came without having answered, what each counted.

    People are named by the ids of their assignments.
    """

    actual_starts_at = Moment()
    actual_ends_at = Moment()
    not_present = _assignment_ids()
    came_after_all = _assignment_ids()
    counts = ById(child=TallySerializer(), required=False)
