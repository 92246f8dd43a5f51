"""One way to read a cell with any parser, and the parsers that need more than the cell's own
words.
"""

from collections.abc import Callable
from typing import TypeVar

from coordination import municipalities
from coordination.municipalities import Municipality
from coordination.workbook.opening import Cell
from coordination.workbook.problems import Misread

T = TypeVar("T")


def read(cell: Cell, parser: Callable[[Cell], T]) -> T:
    """The parsed value. Raises `Misread`: `formula`, `cell_error`, or what the parser raises."""
    if cell.is_formula:
        raise Misread("formula", value=cell.value)
    if cell.is_error:
        raise Misread("cell_error", value=cell.value)
    return parser(cell)


def parse_municipality(cell: Cell) -> Municipality:
    """A Finnish municipality. Raises `Misread` `unknown_municipality`, with the names it may have
    meant.
    """
    found = municipalities.find(cell.text)
    if found is not None:
        return found
    nearest = municipalities.nearest_names(cell.text, count=1)
    raise Misread(
        "unknown_municipality",
        reason="nearest" if nearest else "",
        value=cell.text,
        nearest=nearest,
    )
