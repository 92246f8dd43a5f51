"""The one mechanism for states: a table of allowed moves, checked before each change and drawn into docs/states.md.

A package keeps its tables in `<package>/transitions.py`, so that `manage.py state_diagrams` finds them:

    OFFER = Transitions(
        machine="offer",
        states=OfferState,
        moves={OfferState.SENT: {OfferState.ACCEPTED: "accept", OfferState.DECLINED: "decline"}},
        says={OfferState.EXPIRED: _("The time to answer has passed.")},
    )

    OFFER.check(offer.state, OfferState.ACCEPTED)     # raises Refused when the table has no such move

The table decides whether a move is possible; the service beside it decides whether it may happen now.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.db.models import Choices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from coordination.errors import Refused

_registry: dict[str, "Transitions"] = {}


@dataclass(frozen=True)
class Transitions:
    """The allowed moves of one kind of thing.

    `moves`: from a state to the states it can become; with a mapping, each with the name of the
    service function that does it. `states` gives the words people see; `says` a whole sentence for
    a state in which something came too late. `initial` are the states things are made in.
    """

    machine: str
    moves: Mapping[str, Mapping[str, str] | Iterable[str]]
    states: type[Choices] | None = None
    says: Mapping[str, str | Promise] = field(default_factory=dict)
    initial: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        known = _registry.setdefault(self.machine, self)
        if known != self:
            raise ValueError(f"There are two tables of moves for {self.machine!r}.")

    def targets(self, state: str) -> dict[str, str]:
        """The states `state` can become, each with the function that does it ("" when unnamed)."""
        found = self.moves.get(state, ())
        if isinstance(found, Mapping):
            return {str(target): does for target, does in found.items()}
        return {str(target): "" for target in found}

    def allows(self, state: str, target: str) -> bool:
        return str(target) in self.targets(state)

    def check(self, state: str, target: str) -> None:
        """Raises Refused (code `wrong_state`) when a thing in `state` cannot become `target`."""
        if not self.allows(state, target):
            raise Refused(self._sentence(state, target), code="wrong_state")

    def _sentence(self, state: str, target: str) -> str | Promise:
        if state in self.says:
            return self.says[state]
        if state == target:
            return _("This has been done already: the state is “%(state)s”.") % {
                "state": self.label(state)
            }
        return _("The state is “%(state)s”; it can no longer become “%(target)s”.") % {
            "state": self.label(state),
            "target": self.label(target),
        }

    def label(self, state: str) -> str | Promise:
        """What people call the state."""
        if self.states is None:
            return state
        words: dict[str, str | Promise] = dict(self.states.choices)
        return words.get(state, state)

    def known_states(self) -> list[str]:
        """All states, in the order they are declared, else in the order of the table."""
        if self.states is not None:
            return [str(value) for value in self.states.values]
        mentioned = {str(state) for state in self.moves}
        ordered = dict.fromkeys(str(state) for state in self.moves)
        for state in self.moves:
            ordered |= dict.fromkeys(
                target for target in self.targets(state) if target not in mentioned
            )
        return list(ordered)


def check(machine: str, state: str, target: str) -> None:
    """Raises Refused (code `wrong_state`) when the machine's table has no move from `state` to `target`."""
    _registry[machine].check(state, target)


def all_machines() -> list[Transitions]:
    """Every table declared so far, by name."""
    return [_registry[name] for name in sorted(_registry)]
