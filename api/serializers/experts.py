"""What makes a person ready, when they can, and their supervision."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from api.serializers.fields import Day, Euros, Moment, Scoped
from coordination.models import Unit, User
from coordination.permissions import Role
from coordination.workbook.weekly import Weeks
from experts.models import (
    AvailabilityPattern,
    Expert,
    ExpertStatus,
    Orientation,
    SignOff,
    SupervisionAttendance,
    SupervisionRule,
    SupervisionSession,
    Training,
)
from experts.models.availability import Weekday
from experts.models.readiness import TrainingLevel
from experts.models.supervision import SupervisionForm


class StatusRequest(serializers.Serializer[Any]):
    status = serializers.ChoiceField(choices=ExpertStatus.choices)


class PapersSerializer(serializers.Serializer[Any]):
    """On which days papers were seen or signed; there are no copies."""

    extract_seen_on = Day(allow_null=True)
    extract_seen_by = serializers.CharField(max_length=200, allow_blank=True, default="")
    tax_card_seen_on = Day(allow_null=True)
    confidentiality_signed_on = Day(allow_null=True)


class TrainingSerializer(serializers.ModelSerializer[Training]):
    class Meta:
        model = Training
        fields = (
            *("id", "expert", "name", "provider", "level", "hours"),
            *("starts_on", "completed_on", "valid_until"),
        )


class TrainingDetailsRequest(serializers.Serializer[Any]):
    """A training from any provider; without `completed_on` it is going on."""

    name = serializers.CharField(max_length=200)
    provider = serializers.CharField(max_length=200, allow_blank=True, default="")
    level = serializers.ChoiceField(choices=TrainingLevel.choices, default=TrainingLevel.BASIC)
    hours = serializers.IntegerField(min_value=1, max_value=5000, allow_null=True, default=None)
    starts_on = Day(allow_null=True, default=None)
    completed_on = Day(allow_null=True, default=None)
    valid_until = Day(allow_null=True, default=None)


class TrainingRequest(TrainingDetailsRequest):
    expert = Scoped(queryset=Expert.objects.all())


class SignOffSerializer(serializers.ModelSerializer[SignOff]):
    class Meta:
        model = SignOff
        fields = ("id", "expert", "signed_at", "withdrawn_at")


class FourPointsRequest(serializers.Serializer[Any]):
    """All four are needed."""

    own_experience = serializers.BooleanField()
    enough_training = serializers.BooleanField()
    works_independently = serializers.BooleanField()
    looks_after_self = serializers.BooleanField()


class OrientationSerializer(serializers.ModelSerializer[Orientation]):
    class Meta:
        model = Orientation
        fields = ("id", "unit", "expert", "professional_name", "oriented_on", "given_by")


class OrientationRequest(serializers.Serializer[Any]):
    """Who was shown round: an expert, or one of the unit's professionals by name."""

    unit = Scoped(queryset=Unit.objects.all())
    expert = Scoped(queryset=Expert.objects.all(), allow_null=True, default=None)
    professional_name = serializers.CharField(max_length=200, allow_blank=True, default="")
    oriented_on = Day()
    given_by = serializers.CharField(max_length=200, allow_blank=True, default="")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if bool(attrs["expert"]) == bool(attrs["professional_name"].strip()):
            raise serializers.ValidationError(
                {"expert": _("Name an expert or a professional, one of the two.")}
            )
        return attrs


class PatternSerializer(serializers.ModelSerializer[AvailabilityPattern]):
    """Hours of a weekday (0 is Monday) in Helsinki wall time."""

    class Meta:
        model = AvailabilityPattern
        fields = (
            *("id", "expert", "weekday", "starts_time", "ends_time", "every_weeks"),
            *("starts_on", "ends_on"),
        )


class HoursRequest(serializers.Serializer[Any]):
    weekday = serializers.ChoiceField(choices=Weekday.choices)
    start = serializers.TimeField()
    end = serializers.TimeField()
    weeks = serializers.ChoiceField(choices=[week.value for week in Weeks], default=Weeks.ALL.value)


class AvailabilityRequest(serializers.Serializer[Any]):
    """The weekly hours from a day on, all of them; an empty list: no usual hours."""

    from_day = Day()
    hours = HoursRequest(many=True, max_length=50)  # type: ignore[call-arg]  # of the list that many=True makes


class AttendanceSerializer(serializers.ModelSerializer[SupervisionAttendance]):
    class Meta:
        model = SupervisionAttendance
        fields = ("expert", "state")


class SupervisionSerializer(serializers.ModelSerializer[SupervisionSession]):
    """Attendances as far as the caller may see them; the cost is for who arranges supervision."""

    supervisor_name = serializers.CharField(read_only=True)
    cost = Euros(read_only=True, allow_null=True, source="seen_cost")
    attendances = AttendanceSerializer(many=True, read_only=True, source="seen_attendances")

    class Meta:
        model = SupervisionSession
        fields = (
            *("id", "form", "state", "starts_at", "ends_at", "place"),
            *("supervisor", "supervisor_name", "cost", "attendances"),
        )


class SupervisionRequest(serializers.Serializer[Any]):
    """A session to plan: exactly one of `supervisor` (a user) and `outside_supervisor` (a name)."""

    form = serializers.ChoiceField(choices=SupervisionForm.choices)
    starts_at = Moment()
    ends_at = Moment()
    supervisor = serializers.PrimaryKeyRelatedField(
        queryset=User.objects.filter(
            is_active=True, role_grants__role=Role.WORK_SUPERVISOR
        ).distinct(),
        allow_null=True,
        default=None,
    )
    outside_supervisor = serializers.CharField(max_length=200, allow_blank=True, default="")
    place = serializers.CharField(max_length=200, allow_blank=True, default="")
    cost = Euros(min_value=0, max_value=999_999, allow_null=True, default=None)
    experts = Scoped(queryset=Expert.objects.all(), many=True, allow_empty=False)


class AttendedRequest(serializers.Serializer[Any]):
    """Ids of the experts who were there; the others were not present. No reason is taken."""

    attended = serializers.ListField(
        child=serializers.IntegerField(min_value=1), max_length=200, allow_empty=True
    )


class SupervisionRuleSerializer(serializers.ModelSerializer[SupervisionRule]):
    """Whichever comes first: the weeks or the shifts."""

    starts_on = Day()

    class Meta:
        model = SupervisionRule
        fields = ("id", "starts_on", "max_weeks", "max_sessions")
        extra_kwargs: dict[str, dict[str, Any]] = {
            "max_weeks": {"min_value": 1, "max_value": 104, "required": True},
            "max_sessions": {"min_value": 1, "max_value": 500, "required": True},
        }
