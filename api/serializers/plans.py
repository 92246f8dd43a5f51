"""Plans of a period: how far, what came of it, its seats. What is asked for is checked by the pages' form."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from api.serializers.fields import Day, ReasonSerializer, Scoped
from api.serializers.scheduling import AssignmentSerializer, PersonSerializer
from coordination import clock
from experts.models import Expert
from scheduling.forms.plan import SECONDS
from scheduling.models import Assignment, PlanRun, PlanSeat, SeatOutcome, Session
from scheduling.planner.problem import Weights
from scheduling.queries import plans as query

LARGEST_ID = 2**62


@extend_schema_field(
    {"type": "integer", "enum": [seconds for seconds, _label in SECONDS], "default": 60}
)
class TimeLimit(serializers.IntegerField):
    """How long to search, in seconds."""


@extend_schema_field({"type": "integer", "minimum": 0, "maximum": Weights.HIGHEST})
class Weight(serializers.IntegerField):
    """How much something counts, 0 not at all."""


class WeightsSerializer(serializers.Serializer[Any]):
    """What counts how much, from 0 to 10; filling seats at least 1."""

    fill = Weight()
    share = Weight()
    continuity = Weight()
    distance = Weight()
    wishes = Weight()
    supervision = Weight()
    gap = Weight()
    change = Weight()


class SomeWeightsSerializer(WeightsSerializer):
    """Asked for: what is left out is as saved for all plans. A plan of before may lack a later weight."""

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        fields = super().get_fields()
        for field in fields.values():
            field.required = False
        return fields


def _ids() -> serializers.ListField:
    one = serializers.IntegerField(min_value=1, max_value=LARGEST_ID)
    return serializers.ListField(child=one, required=False, max_length=2000)


class PlanRequest(serializers.Serializer[Any]):
    """The days, both included, how long to search, what counts how much, and who may be moved.

    `free_people`: experts whose shifts may be moved; `free_seats`: assignments that may be given to
    others. `again`: a plan to make anew: its pinned seats stay, it is discarded, and what is left
    out is as it was there.
    """

    starts_on = Day(required=False)
    ends_on = Day(required=False)
    seconds = TimeLimit(required=False)
    weights = SomeWeightsSerializer(required=False)
    free_people = _ids()
    free_seats = _ids()
    again = serializers.IntegerField(min_value=1, max_value=LARGEST_ID, required=False)


class ProgressSerializer(serializers.Serializer[Any]):
    """The best so far, or the draft. `gap`: how much better a plan could be at most, per cent."""

    seats = serializers.IntegerField()
    filled = serializers.IntegerField()
    objective = serializers.IntegerField()
    bound = serializers.IntegerField(allow_null=True)
    gap = serializers.FloatField(allow_null=True)
    elapsed = serializers.IntegerField(source="seconds", help_text="Seconds.")


class PlanSerializer(serializers.ModelSerializer[PlanRun]):
    weights = SomeWeightsSerializer(read_only=True)
    made_by = serializers.CharField(source="made_by.name", read_only=True, default=None)
    progress = serializers.SerializerMethodField()

    class Meta:
        model = PlanRun
        fields = (
            *("id", "state", "is_publishing", "starts_on", "ends_on", "seconds", "weights"),
            *("made_at", "made_by", "stop_asked_at", "finished_at", "publish_asked_at"),
            *("error_code", "progress"),
        )
        read_only_fields = fields

    @extend_schema_field(ProgressSerializer)
    def get_progress(self, run: PlanRun) -> Any:
        known = self.context.get("progress") or query.progress_of([run], now=clock.now())
        return ProgressSerializer(known[run.pk]).data


class WhyEmptySerializer(serializers.Serializer[Any]):
    """What kept so many people from a seat; none of them: it lies in the session."""

    code = serializers.CharField()
    people = serializers.IntegerField()
    sentence = serializers.CharField()


class GapSerializer(serializers.Serializer[Any]):
    """Seats left empty, most often met reason first; no reasons: left empty by hand."""

    session = serializers.IntegerField()
    seats = serializers.IntegerField()
    whys = WhyEmptySerializer(many=True)


class DifferenceSerializer(serializers.Serializer[Any]):
    """What publishing would do, in seats; seats on drafts of sessions are asked for by nobody."""

    asked = serializers.IntegerField()
    kept = serializers.IntegerField()
    taken_off = serializers.IntegerField()
    empty = serializers.IntegerField()
    on_drafts = serializers.IntegerField()
    supervision_overdue = serializers.ListField(
        child=serializers.CharField(), help_text="Names of those who are asked all the same."
    )


class RefusedSeatSerializer(serializers.ModelSerializer[PlanSeat]):
    """A seat that no longer fitted, and why."""

    expert = PersonSerializer(read_only=True)

    class Meta:
        model = PlanSeat
        fields = ("id", "session", "expert", "why")


class OutcomeSerializer(serializers.Serializer[Any]):
    """What publishing did. `to_call`: names of people with no address to write to."""

    asked = serializers.IntegerField()
    kept = serializers.IntegerField()
    taken_off = serializers.IntegerField()
    refused = RefusedSeatSerializer(many=True)
    to_call = serializers.ListField(child=serializers.CharField())


class PlanDetailSerializer(PlanSerializer):
    """`difference` is there while it is a draft, `outcome` once it has been published."""

    difference = serializers.SerializerMethodField()
    outcome = serializers.SerializerMethodField()
    freed = serializers.SerializerMethodField()
    gaps = serializers.SerializerMethodField()

    class Meta(PlanSerializer.Meta):
        fields = (*PlanSerializer.Meta.fields, "difference", "outcome", "freed", "gaps")  # type: ignore[assignment]  # more fields than in the list
        read_only_fields = fields  # type: ignore[assignment]  # the same

    @extend_schema_field(DifferenceSerializer(allow_null=True))
    def get_difference(self, run: PlanRun) -> Any:
        if not run.is_draft:
            return None
        found = query.difference(run)
        return {name: getattr(found, name) for name in ("asked", "kept", "taken_off", "empty")} | {
            "on_drafts": query.unpublished(run),
            "supervision_overdue": query.overdue(run, now=clock.now()),
        }

    @extend_schema_field(OutcomeSerializer(allow_null=True))
    def get_outcome(self, run: PlanRun) -> Any:
        found = self.context.get("outcome")
        return OutcomeSerializer(found).data if found else None

    @extend_schema_field(AssignmentSerializer(many=True))
    def get_freed(self, run: PlanRun) -> Any:
        seen = Assignment.objects.visible_to(self.context["request"].user)
        rows = seen.filter(pk__in=run.freed).select_related("session", "expert")
        return AssignmentSerializer(rows.order_by("session__starts_at", "id"), many=True).data

    @extend_schema_field(GapSerializer(many=True))
    def get_gaps(self, run: PlanRun) -> Any:
        return GapSerializer(query.gaps(run), many=True).data


class PlanSeatSerializer(serializers.ModelSerializer[PlanSeat]):
    """A seat the plan gives to a person. `was`: the assignment the person has there already.

    `reasons`: what there is to say of the person for this session, the plan counted in; `why`: why
    the seat no longer fitted when it was to be published.
    """

    starts_at = serializers.DateTimeField(source="session.starts_at", read_only=True)
    ends_at = serializers.DateTimeField(source="session.ends_at", read_only=True)
    unit = serializers.IntegerField(source="session.unit_id", read_only=True)
    expert = PersonSerializer(read_only=True)
    is_new = serializers.SerializerMethodField()
    reasons = serializers.SerializerMethodField()

    class Meta:
        model = PlanSeat
        fields = (
            *("id", "plan", "session", "starts_at", "ends_at", "unit", "expert"),
            *("is_new", "was", "is_pinned", "outcome", "why", "reasons"),
        )
        read_only_fields = fields
        extra_kwargs: dict[str, dict[str, Any]] = {"plan": {"source": "run"}}

    def get_is_new(self, seat: PlanSeat) -> bool:
        return seat.was_id is None

    @extend_schema_field(ReasonSerializer(many=True))
    def get_reasons(self, seat: PlanSeat) -> Any:
        return ReasonSerializer(self.context["people"][seat.pk].whys, many=True).data


class SeatsWanted(serializers.Serializer[Any]):
    """Which seats of a plan; left out: all."""

    session = serializers.IntegerField(min_value=1, max_value=LARGEST_ID, required=False)
    outcome = serializers.ChoiceField(choices=SeatOutcome.choices, required=False)


class CandidatesWanted(serializers.Serializer[Any]):
    session = serializers.IntegerField(min_value=1, max_value=LARGEST_ID)


class GiveSeatRequest(serializers.Serializer[Any]):
    """Put somebody on an empty seat of the draft; it is pinned."""

    session = Scoped(queryset=Session.objects.all())
    expert = Scoped(queryset=Expert.objects.active())


class PinRequest(serializers.Serializer[Any]):
    is_pinned = serializers.BooleanField()


class PlanCandidateSerializer(serializers.Serializer[Any]):
    """Somebody for a session of a plan, the rest of the draft counted in."""

    expert = PersonSerializer()
    fits = serializers.BooleanField()
    reasons = ReasonSerializer(many=True, source="whys")
