"""The allowed moves of an uploaded register."""

from django.utils.translation import gettext_lazy as _

from coordination.models.register_import import RegisterImportState as State
from coordination.transitions import Transitions

REGISTER_IMPORT = Transitions(
    machine="register_import",
    states=State,
    initial=(State.UPLOADED,),
    moves={
        State.UPLOADED: {
            State.READY: "register_imports.read",
            State.REFUSED: "register_imports.read, register_imports.sweep",
            State.DROPPED: "register_imports.drop, register_imports.sweep",
        },
        State.READY: {
            State.CONFIRMED: "register_imports.confirm",
            State.DROPPED: "register_imports.drop, register_imports.sweep",
        },
        State.CONFIRMED: {
            State.DONE: "register_imports.write",
            State.READY: "register_imports.write",
            State.REFUSED: "register_imports.sweep",
        },
    },
    says={
        State.CONFIRMED: _("The import has been confirmed already."),
        State.DONE: _("The import has been written already."),
        State.DROPPED: _("The import was dropped. Upload the file again."),
    },
)
