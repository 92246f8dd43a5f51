"""The allowed moves of bookings, sessions, assignments and offers (design.md, "Words for states")."""

from django.utils.translation import gettext_lazy as _

from coordination.transitions import Transitions
from scheduling.models import (
    AssignmentState,
    BookingState,
    OfferState,
    PlanState,
    SessionState,
)

BOOKING = Transitions(
    machine="booking",
    states=BookingState,
    initial=(BookingState.REQUESTED,),
    moves={
        BookingState.REQUESTED: {
            BookingState.ACCEPTED: "bookings.accept",
            BookingState.DECLINED: "bookings.decline",
            BookingState.WITHDRAWN: "bookings.withdraw",
        },
    },
    says={
        BookingState.ACCEPTED: _("This request has been accepted already."),
        BookingState.DECLINED: _("This request has been declined already."),
        BookingState.WITHDRAWN: _("This request has been withdrawn."),
    },
)

SESSION = Transitions(
    machine="session",
    states=SessionState,
    initial=(SessionState.DRAFT, SessionState.OPEN),
    moves={
        SessionState.DRAFT: {
            SessionState.OPEN: "sessions.publish, promises.open_promised",
            SessionState.CANCELLED: "sessions.cancel",
        },
        SessionState.OPEN: {
            SessionState.HELD: "sessions.close",
            SessionState.CANCELLED: "sessions.cancel",
        },
        SessionState.HELD: {SessionState.CLOSED: "sessions.close"},
    },
    says={
        SessionState.CANCELLED: _("This session has been cancelled."),
        SessionState.CLOSED: _("This session has been closed out."),
    },
)

ASSIGNMENT = Transitions(
    machine="assignment",
    states=AssignmentState,
    initial=(AssignmentState.PROPOSED, AssignmentState.CONFIRMED),
    moves={
        AssignmentState.PROPOSED: {
            AssignmentState.CONFIRMED: "assignments.confirm",
            AssignmentState.HELD: "sessions.close",
            AssignmentState.DECLINED: "assignments.decline",
            AssignmentState.CANCELLED: "assignments.cancel, sessions.cancel",
        },
        AssignmentState.CONFIRMED: {
            AssignmentState.HELD: "sessions.close",
            AssignmentState.NO_SHOW: "sessions.close",
            AssignmentState.RELEASED: "assignments.release",
            AssignmentState.CANCELLED: "assignments.cancel, sessions.cancel",
        },
        AssignmentState.RELEASED: {AssignmentState.CONFIRMED: "assignments.take_back_release"},
        AssignmentState.HELD: {AssignmentState.NO_SHOW: "sessions.close, presence.amend"},
        AssignmentState.NO_SHOW: {AssignmentState.HELD: "presence.amend"},
        # only who was still asked when the session began, and came all the same
        AssignmentState.CANCELLED: {AssignmentState.HELD: "sessions.close, presence.amend"},
    },
    says={
        AssignmentState.DECLINED: _("This shift was declined already."),
        AssignmentState.RELEASED: _("This shift was given up already."),
        AssignmentState.CANCELLED: _("This shift has been cancelled."),
        AssignmentState.HELD: _("This shift has been held already."),
        AssignmentState.NO_SHOW: _("This shift has been closed out."),
    },
)

OFFER = Transitions(
    machine="offer",
    states=OfferState,
    initial=(OfferState.SENT,),
    moves={
        OfferState.SENT: {
            OfferState.ACCEPTED: "offers.accept",
            OfferState.DECLINED: "offers.decline",
            OfferState.EXPIRED: "offers.expire_due",
            OfferState.SUPERSEDED: "offers.accept of another person, sessions.cancel",
        },
    },
    says={
        OfferState.ACCEPTED: _("You have taken this shift already."),
        OfferState.DECLINED: _("You have answered this offer already."),
        OfferState.EXPIRED: _("The time to answer this offer has passed."),
        OfferState.SUPERSEDED: _("The shift was filled already. Thank you for answering."),
    },
)

PLAN_RUN = Transitions(
    machine="plan_run",
    states=PlanState,
    initial=(PlanState.QUEUED,),
    moves={
        PlanState.QUEUED: {
            PlanState.RUNNING: "plan_work.prepare",
            PlanState.STOPPED: "plan_runs.stop",
            PlanState.FAILED: "plan_work.fail",
        },
        PlanState.RUNNING: {
            PlanState.DONE: "plan_work.finish",
            PlanState.STOPPED: "plan_work.finish",
            PlanState.FAILED: "plan_work.fail, plan_work.sweep",
        },
        PlanState.DONE: {
            PlanState.PUBLISHED: "plan_publish.publish",
            PlanState.DISCARDED: "plan_runs.discard, plan_runs.start",
        },
        PlanState.STOPPED: {
            PlanState.PUBLISHED: "plan_publish.publish",
            PlanState.DISCARDED: "plan_runs.discard, plan_runs.start",
        },
        PlanState.FAILED: {PlanState.DISCARDED: "plan_runs.discard, plan_runs.start"},
    },
    says={
        PlanState.PUBLISHED: _("This plan has been published already."),
        PlanState.DISCARDED: _("This plan has been discarded."),
    },
)
