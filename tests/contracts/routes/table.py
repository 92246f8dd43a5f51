"""What the table of routes is made of. How to add a line: see ../test_routes.py."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.cast import Cast

PEOPLE = {
    "C": "coordinator",
    "A": "administrator",
    "F": "finance",
    "S": "sari",  # clinic contact of Sastamala
    "E": "aino",  # expert
    "W": "tuula",  # work supervisor
}
EVERYONE = "CAFSEW"
PUBLIC = "!CAFSEW"
"""Also people who are not signed in."""

Status = int | dict[str, int] | None
Arguments = Callable[[Cast], list[Any]]


@dataclass(frozen=True)
class Row:
    """One route: who gets in, and what a GET and an empty POST answer.

    `who`: letters of PEOPLE, with `!` in front for a public address, "" for nobody.
    `get`, `post`: the status for those who get in; None means the method is not allowed (405); a
    dictionary gives letters their own, as `{"CAF": 302, "SEW": 200}` (`!` for the stranger).
    `own`, `other`: functions that make the object in the address and return its arguments; `own`
    belongs to Sari, Aino or Sastamala, `other` to Ilkka, Eero or Nokia. `other_who`: who gets
    in to `other` too (everybody else in `who` sees 404).
    `stranger`: what somebody who is not signed in gets (302 to the log-in page; 401 for the API).
    """

    name: str
    who: str
    get: Status = 200
    post: Status = None
    own: Arguments | None = None
    other: Arguments | None = None
    other_who: str = ""
    stranger: int = 302
    common: str = ""
    """Why a thing that units, experts and supervisors open is nobody's in particular: no `other` then."""
    sends: tuple[str, str] = ("nothing=1", "application/x-www-form-urlencoded")
    """The empty body of a write, and its type."""
    put: Status = None
    patch: Status = None
    delete: Status = None

    @property
    def lacks_other(self) -> bool:
        """The address names a thing, and people who see only their own get in: another's must be tried."""
        scoped = set("SEW") & set(self.who) and "!" not in self.who
        return bool(scoped and self.own and not self.other and not self.common)

    def expected(self, letter: str, method: str, *, is_other: bool) -> int:
        """The status a person must get; letter "!" is the stranger."""
        if letter not in self.who:
            return self.stranger if letter == "!" else 403
        wanted = getattr(self, method.lower())
        if isinstance(wanted, dict):
            wanted = next((status for key, status in wanted.items() if letter in key), None)
        if wanted is None:
            return 405
        if wanted == 403:  # a right that is missing is missing whoever the thing belongs to
            return 403
        return 404 if is_other and letter not in self.other_who else wanted
