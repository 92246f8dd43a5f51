"""Dates as people and spreadsheet programs write them."""

import datetime as dt
import math
import re

from openpyxl.utils.datetime import MAC_EPOCH, WINDOWS_EPOCH, from_excel

from coordination.workbook.opening import Cell
from coordination.workbook.problems import Misread

FIRST_YEAR, LAST_YEAR = 1900, 2100
_SERIALS = range(
    7_306, 73_051
)  # 1920-01-01 … 2099-12-31 as day numbers; a smaller number is a year or a slip
_DAYS_FROM_1900_TO_1904 = 1_462
_MONTHS = (
    "tammi|helmi|maalis|huhti|touko|kesä|heinä|elo|syys|loka|marras|joulu"
    "|jan|feb|mar|apr|maj|may|jun|jul|aug|sep|okt|oct|nov|dec"
)
_DAY_FIRST = re.compile(
    r"(?:(?:ma|ti|ke|to|pe|la|su|mån|tis|ons|tors?|fre|lör|sön|mon|tue|wed|thu|fri|sat|sun)\.?,?\s+)?"
    r"(\d{1,2})\s*\.\s*(\d{1,2})\s*\.\s*(\d{4}|\d{2})\.?",
    re.IGNORECASE,
)
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?")
_INCOMPLETE = re.compile(
    rf"\d{{4}}|\d{{1,2}}\s*[./-]\s*\d{{4}}|\d{{4}}-\d{{1,2}}|\d{{1,2}}\.\s*\d{{1,2}}\.?|(?:{_MONTHS})\w*\.?(?:\s+\d{{4}})?",
    re.IGNORECASE,
)


def parse_date(cell: Cell) -> dt.date:
    """A calendar day: `5.4.2026`, `05.04.2026`, `5.4.26`, `to 5.4.2026`, ISO, a date cell, or a
    day number.

    Raises `Misread`: `incomplete_date` when the day or the year is missing, else `invalid_date`.
    """
    value = cell.value
    if isinstance(value, dt.datetime):
        return _sane(value.date(), cell)
    if isinstance(value, dt.date):
        return _sane(value, cell)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _from_number(value, cell)
    text = cell.text
    if found := _DAY_FIRST.fullmatch(text):
        day, month, year = (int(part) for part in found.groups())
        return _from_parts(year + 2000 if year < 100 else year, month, day, cell)
    if found := _ISO.fullmatch(text):
        year, month, day = (int(part) for part in found.groups())
        return _from_parts(year, month, day, cell)
    if _INCOMPLETE.fullmatch(text):
        raise Misread("incomplete_date", value=text)
    raise Misread("invalid_date", value=text)


def _from_number(value: float, cell: Cell) -> dt.date:
    if not math.isfinite(value):
        raise Misread("invalid_date", value=cell.text)
    if FIRST_YEAR <= value <= LAST_YEAR and float(value).is_integer():
        raise Misread("incomplete_date", value=cell.text)
    if int(value) + (_DAYS_FROM_1900_TO_1904 if cell.date1904 else 0) not in _SERIALS:
        raise Misread("invalid_date", value=cell.text)
    moment = from_excel(value, MAC_EPOCH if cell.date1904 else WINDOWS_EPOCH)
    if not isinstance(moment, dt.datetime):
        raise Misread("invalid_date", value=cell.text)
    return moment.date()


def _from_parts(year: int, month: int, day: int, cell: Cell) -> dt.date:
    try:
        return _sane(dt.date(year, month, day), cell)
    except ValueError:
        raise Misread("invalid_date", reason="no_such_day", value=cell.text) from None


def _sane(day: dt.date, cell: Cell) -> dt.date:
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise Misread("invalid_date", value=cell.text)
    return day
