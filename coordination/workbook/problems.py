"""What is wrong in a cell, said so that the person who keeps the file can mend it."""

import datetime as dt
import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from django.utils import formats, translation
from django.utils.functional import Promise

from coordination.workbook import sentences


class Severity(enum.StrEnum):
    """How bad it is: an error keeps its row out; a warning does not; a note is only worth
    knowing.
    """

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


class Misread(Exception):
    """A cell could not be understood. Parsers raise it; whoever knows sheet, row and column makes
    it a `Problem`.
    """

    def __init__(
        self, code: str, *, reason: str = "", severity: Severity = Severity.ERROR, **params: object
    ) -> None:
        super().__init__(code)
        self.code = code
        self.reason = reason
        self.severity = severity
        self.params = params


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to mend: `sheet` and `column` as the file writes them, `row` as the spreadsheet
    program numbers it.

    `code` is stable and machine-readable; `reason` picks a closer sentence for the same code.
    """

    sheet: str
    row: int
    column: str
    code: str
    severity: Severity = Severity.ERROR
    reason: str = ""
    params: Mapping[str, object] = field(default_factory=dict)

    @property
    def is_error(self) -> bool:
        """Whether the row must stay out until this is mended."""
        return self.severity is Severity.ERROR

    def sentence(self) -> str:
        """What to mend, in the language of the moment."""
        return sentences.sentence(
            self.code, self.reason, {key: said(value) for key, value in self.params.items()}
        )

    def as_json(self) -> dict[str, object]:
        """The five fields the command prints."""
        return {
            "sheet": self.sheet,
            "row": self.row,
            "column": self.column,
            "code": self.code,
            "message": self.sentence(),
        }


def said(value: object) -> str:
    """A value as people write it in the language of the moment."""
    if isinstance(value, dt.datetime | dt.date):
        pattern = "Y-m-d" if (translation.get_language() or "fi").startswith("en") else "j.n.Y"
        return formats.date_format(value, pattern)
    if isinstance(value, Decimal | float):
        return formats.localize(value)
    if isinstance(value, list | tuple):
        return ", ".join(said(item) for item in value)
    if isinstance(value, Promise):
        return str(value)
    return " ".join(str(value).split())[:120]
