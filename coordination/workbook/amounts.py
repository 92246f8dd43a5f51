"""Numbers and money: `25,00 €`, `8 000,00`, `-8`, `ei väliä`. Money is Decimal from the first
moment.
"""

import re
from decimal import Decimal, InvalidOperation

from coordination.workbook.opening import Cell
from coordination.workbook.problems import Misread

_UNITS = re.compile(
    r"^(?:€|eur)\s*|\s*(?:€|eur|euroa?|e|h|t|tuntia|kertaa|krt|km|gånger|timmar|hours)\.?$",
    re.IGNORECASE,
)
_NO_LIMIT = frozenset(
    (
        "ei väliä",
        "eiväliä",
        "ei rajaa",
        "ei rajoitusta",
        "rajaton",
        "rajoittamaton",
        "vapaa",
        "-",
        "–",
        "ingen gräns",
        "obegränsad",
        "spelar ingen roll",
        "no limit",
        "any",
    )
)
_PLAIN = re.compile(r"[+-]?\d+(?:[.,]\d+)?")
_GROUPED = re.compile(r"[+-]?\d{1,3}(?:[ .']\d{3})+(?:,\d+)?|[+-]?\d{1,3}(?: \d{3})+\.\d+")
_LARGEST = Decimal(100_000_000)


def parse_decimal(cell: Cell) -> Decimal:
    """A number that is not negative, as Decimal. Raises `Misread` `invalid_number`."""
    number = _number(cell)
    if number < 0:
        raise Misread("invalid_number", reason="negative", value=cell.text)
    return number


def parse_money(cell: Cell) -> Decimal:
    """Euros that are not negative, with two decimals. Raises `Misread` `invalid_number`."""
    number = parse_decimal(cell)
    if number != number.quantize(Decimal("0.01")):
        raise Misread("invalid_number", reason="cents", value=cell.text)
    return number.quantize(Decimal("0.01"))


def parse_count(cell: Cell) -> int:
    """A whole number that is not negative. Raises `Misread` `invalid_number`."""
    number = parse_decimal(cell)
    if number != number.to_integral_value():
        raise Misread("invalid_number", reason="whole", value=cell.text)
    return int(number)


def parse_limit(cell: Cell) -> int | None:
    """A limit in whole numbers, or None for «ei väliä». Raises `Misread` `invalid_number`."""
    if cell.text.casefold() in _NO_LIMIT:
        return None
    return parse_count(cell)


def parse_degrees(cell: Cell) -> float:
    """Degrees of latitude or longitude, of either sign. Raises `Misread` `invalid_number`."""
    return float(_number(cell))


def _number(cell: Cell) -> Decimal:
    value = cell.value
    if isinstance(value, bool) or not isinstance(value, str | int | float | Decimal):
        raise Misread("invalid_number", value=cell.text)
    text = cell.text if isinstance(value, str) else repr(value)
    bare = _UNITS.sub("", text).strip() if isinstance(value, str) else text
    # 1.234 is one and a bit, or twelve hundred; only the writer knows
    if isinstance(value, str) and re.fullmatch(r"[+-]?\d{1,3}\.\d{3}", bare):
        raise Misread("ambiguous_number", value=cell.text)
    try:
        number = Decimal(_plain(bare) if isinstance(value, str) else bare)
    except InvalidOperation:
        raise Misread("invalid_number", value=cell.text) from None
    if not number.is_finite() or abs(number) > _LARGEST:
        raise Misread("invalid_number", value=cell.text)
    return number


def _plain(text: str) -> str:
    """A written number as Decimal reads it: groups joined, comma to point, true minus to hyphen.

    Anything else becomes nothing, which is no number.
    """
    text = text.replace("\u2212", "-")
    if _PLAIN.fullmatch(text):
        return text.replace(",", ".")
    if not _GROUPED.fullmatch(text):
        return ""
    joined = re.sub(r"[ ']", "", text)
    if "," in joined:
        return joined.replace(".", "").replace(",", ".")
    # `1.234.567` has points between groups, `1 234.5` a decimal point
    return joined.replace(".", "") if joined.count(".") > 1 else joined
