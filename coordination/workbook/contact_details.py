"""Addresses, telephone numbers and business ids."""

import re

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from stdnum.exceptions import ValidationError as StdnumError
from stdnum.fi import ytunnus

from coordination.workbook.opening import Cell
from coordination.workbook.problems import Misread

_PHONE = re.compile(r"\+?[\d\s()./\u2010-\u2015-]{6,25}")
_OTHER_ADDRESS_SIGN = re.compile(r"\s*[(\[{]\s*(?:at|ät|a)\s*[)\]}]\s*", re.IGNORECASE)


def parse_email(cell: Cell) -> str:
    """An e-mail address in lower case. Raises `Misread` `invalid_email`, with the likely address
    if there is one.
    """
    address = cell.text.removeprefix("mailto:").strip().lower()
    if _is_email(address):
        return address
    likely = _OTHER_ADDRESS_SIGN.sub("@", address)
    if likely != address and _is_email(likely):
        raise Misread("invalid_email", reason="likely", value=cell.text, likely=likely)
    raise Misread("invalid_email", value=cell.text)


def _is_email(address: str) -> bool:
    try:
        validate_email(address)
    except ValidationError:
        return False
    return len(address) <= 254


def parse_phone(cell: Cell) -> str:
    """A telephone number as +358…; other countries' numbers keep their code. Raises `Misread`
    `invalid_phone`.
    """
    text = cell.text
    if isinstance(cell.value, int | float) and not text.startswith(("0", "+")):
        # the spreadsheet program took the number for a number and dropped its first zero
        text = f"0{text}" if not text.startswith("358") else f"+{text}"
    digits = (
        re.sub(r"\D", "", text.replace("(0)", ""))
        if text.startswith(("+", "00"))
        else re.sub(r"\D", "", text)
    )
    if not _PHONE.fullmatch(text):
        raise Misread("invalid_phone", value=cell.text)
    if text.startswith("+"):
        number = digits
    elif digits.startswith("00"):
        number = digits[2:]
    elif digits.startswith("0"):
        number = f"358{digits[1:]}"
    else:
        raise Misread("invalid_phone", value=cell.text)
    if not 7 <= len(number) <= 15:
        raise Misread("invalid_phone", value=cell.text)
    return f"+{number}"


def parse_business_id(cell: Cell) -> str:
    """A Finnish Y-tunnus with its hyphen. Raises `Misread` `invalid_business_id`, with the right
    check digit if it can.
    """
    compact = cell.text.replace(" ", "").upper().removeprefix("FI").replace("-", "")
    if (
        compact.isdigit() and len(compact) == 7
    ):  # the first zero was dropped when it was typed as a number
        compact = f"0{compact}"
    try:
        return str(ytunnus.format(ytunnus.validate(compact)))
    except StdnumError:
        likely = _with_right_check_digit(compact)
        raise Misread(
            "invalid_business_id",
            reason="check_digit" if likely else "",
            value=cell.text,
            likely=likely,
        ) from None


def _with_right_check_digit(compact: str) -> str:
    if not (compact.isdigit() and len(compact) == 8):
        return ""
    candidates = (f"{compact[:7]}{digit}" for digit in range(10))
    return next((str(ytunnus.format(c)) for c in candidates if ytunnus.is_valid(c)), "")
