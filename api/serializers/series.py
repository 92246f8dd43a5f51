"""Series: what repeats, the days it could not have, and changing it."""

from typing import Any

from rest_framework import serializers

from api.serializers.fields import Day, Scoped
from api.serializers.scheduling import OccurrenceSerializer, SkippedSerializer, UnfitSerializer
from coordination.models import Site
from coordination.models.activity import PlaceKind
from experts.models import Expert
from scheduling.models import PreferredPerson, Series, Session, SkippedOccurrence


class SeriesSerializer(serializers.ModelSerializer[Series]):
    class Meta:
        model = Series
        fields = (
            *("id", "kind", "unit", "site", "place_kind", "seats", "booking"),
            *("responsible_professional", "support_person", "support_phone"),
            *("professional_present", "with_minors", "language", "notes"),
            *("starts_on", "ends_on", "starts_time", "minutes", "recurrence"),
            *("skips_holidays", "made_until", "ended_at"),
        )


class SkippedDaySerializer(serializers.ModelSerializer[SkippedOccurrence]):
    """A day a series could not have, and why; `detail` names a holiday in the asker's language."""

    detail = serializers.CharField(read_only=True)

    class Meta:
        model = SkippedOccurrence
        fields = ("id", "series", "occurrence_on", "code", "detail")


class PreferredSerializer(serializers.ModelSerializer[PreferredPerson]):
    """Whom a series would rather have; the first is asked first. Put in anew, somebody gets other days."""

    series = Scoped(queryset=Series.objects.all())
    expert = Scoped(queryset=Expert.objects.all())
    starts_on = Day(required=False, allow_null=True)
    ends_on = Day(required=False, allow_null=True)

    class Meta:
        model = PreferredPerson
        fields = ("id", "series", "expert", "order", "starts_on", "ends_on")
        read_only_fields = ("order",)
        validators: tuple[Any, ...] = ()  # the service says what fits, in one place


class PublishedSerializer(serializers.Serializer[Any]):
    """How many drafts were opened; the others still lack something."""

    published = serializers.IntegerField()


class EndRequest(serializers.Serializer[Any]):
    """The last day; later sessions are cancelled and everybody is told."""

    last_on = Day()


class EndedSerializer(serializers.Serializer[Any]):
    cancelled = serializers.IntegerField()


class SeriesValues(serializers.Serializer[Any]):
    """What may be changed; what is left out stays. Times are the unit's wall time."""

    site = serializers.PrimaryKeyRelatedField(
        queryset=Site.objects.all(), required=False, allow_null=True
    )
    place_kind = serializers.ChoiceField(choices=PlaceKind.choices, required=False)
    seats = serializers.IntegerField(min_value=1, max_value=50, required=False)
    responsible_professional = serializers.CharField(
        max_length=200, required=False, allow_blank=True
    )
    support_person = serializers.CharField(max_length=200, required=False, allow_blank=True)
    support_phone = serializers.CharField(max_length=20, required=False, allow_blank=True)
    professional_present = serializers.BooleanField(required=False)
    with_minors = serializers.BooleanField(required=False)
    language = serializers.RegexField(r"^[a-z]{2,3}$", required=False)
    notes = serializers.CharField(max_length=500, required=False, allow_blank=True)
    starts_time = serializers.TimeField(required=False)
    minutes = serializers.IntegerField(min_value=15, max_value=720, required=False)
    recurrence = serializers.CharField(
        max_length=200, required=False, help_text="RFC 5545, as FREQ=WEEKLY;INTERVAL=2"
    )
    ends_on = Day(required=False, allow_null=True)
    skips_holidays = serializers.BooleanField(required=False)


class SeriesPreviewRequest(SeriesValues):
    since = Day(
        required=False, allow_null=True, help_text="From this day on; left out: all to come."
    )


class SeriesChangeRequest(SeriesPreviewRequest):
    """`seen` is the preview's digest; `take_off` and `whys` answer what the preview said."""

    take_off = serializers.BooleanField(required=False)
    whys = serializers.DictField(child=serializers.CharField(max_length=300), required=False)
    seen = serializers.CharField(max_length=64, required=False)


class MovedSessionSerializer(serializers.Serializer[Any]):
    session = serializers.IntegerField()
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()
    unfit = UnfitSerializer(many=True)


class BriefSessionSerializer(serializers.ModelSerializer[Session]):
    class Meta:
        model = Session
        fields = ("id", "starts_at", "ends_at")


class SeriesPreviewSerializer(serializers.Serializer[Any]):
    """What a change would do; nothing is saved."""

    digest = serializers.CharField()
    first_on = serializers.DateField()
    is_cut = serializers.BooleanField()
    changed = MovedSessionSerializer(many=True)
    made = OccurrenceSerializer(many=True)
    cancelled = BriefSessionSerializer(many=True)
    kept = BriefSessionSerializer(many=True)
    skipped = SkippedSerializer(many=True)
    told = serializers.ListField(child=serializers.CharField())
    to_call = serializers.ListField(child=serializers.CharField())
