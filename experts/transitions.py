"""The allowed moves of a person's status and of supervision sessions."""

from django.utils.translation import gettext_lazy as _

from coordination.transitions import Transitions
from experts.models import ExpertStatus
from experts.models.supervision import SupervisionState

EXPERT = Transitions(
    machine="expert",
    states=ExpertStatus,
    initial=(ExpertStatus.APPLICANT, ExpertStatus.IN_TRAINING, ExpertStatus.ACTIVE),
    moves={
        ExpertStatus.APPLICANT: {
            ExpertStatus.IN_TRAINING: "register.change_status",
            ExpertStatus.ACTIVE: "register.change_status",
            ExpertStatus.ENDED: "register.change_status",
        },
        ExpertStatus.IN_TRAINING: {
            ExpertStatus.ACTIVE: "register.change_status",
            ExpertStatus.ON_BREAK: "register.change_status",
            ExpertStatus.ENDED: "register.change_status",
        },
        ExpertStatus.ACTIVE: {
            ExpertStatus.ON_BREAK: "register.change_status",
            ExpertStatus.ENDED: "register.change_status",
        },
        ExpertStatus.ON_BREAK: {
            ExpertStatus.IN_TRAINING: "register.change_status",
            ExpertStatus.ACTIVE: "register.change_status",
            ExpertStatus.ENDED: "register.change_status",
        },
        ExpertStatus.ENDED: {ExpertStatus.APPLICANT: "register.change_status"},
    },
)

SUPERVISION = Transitions(
    machine="supervision",
    states=SupervisionState,
    initial=(SupervisionState.PLANNED,),
    moves={
        SupervisionState.PLANNED: {
            SupervisionState.HELD: "supervision.mark_held",
            SupervisionState.CANCELLED: "supervision.cancel",
        },
    },
    says={
        SupervisionState.HELD: _("This supervision session has been marked as held already."),
        SupervisionState.CANCELLED: _("This supervision session has been called off."),
    },
)
