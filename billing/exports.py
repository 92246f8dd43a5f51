"""Export files of a batch: CSV as Finnish spreadsheets read it, and a workbook with typed cells.

Neutral columns (domain.md 4.3): the employee number stands for the person; no identity code.
"""

import csv
import datetime as dt
import hashlib
import io
from dataclasses import dataclass
from decimal import Decimal

import xlsxwriter
from django.db.models import QuerySet

from billing.models import FeeBasis, FeeLine, PayBatch
from billing.models.batches import ExportFormat
from coordination.spreadsheets import safe_text

Lines = QuerySet[FeeLine]
Cell = str | int | Decimal | dt.date

HEADERS = (
    "Erä",
    "Rivi",
    "Palkanlaskennan nro",
    "Nimi",
    "Vuoron päivä",
    "Yksikkö",
    "Toimintamuoto",
    "Tulolaji",
    "Peruste",
    "Minuutit",
    "Määrä",
    "À €",
    "Yhteensä €",
    "Maksaja",
    "Kustannuspaikka",
    "Oikaisee riviä",
)
"""Payroll in Finland reads Finnish headers, whatever language finance uses the pages in."""

BASIS_WORDS = {FeeBasis.HOUR: "tunti", FeeBasis.SESSION: "kerta"}


@dataclass(frozen=True)
class ExportFile:
    """One file of an export: its bytes and their SHA-256 in hex."""

    format: ExportFormat
    content: bytes

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


def quantity(line: FeeLine) -> Decimal:
    """Hours to four decimals, or one session.

    The sum owed is the amount, computed from whole minutes; hours times rate may differ from it by
    a cent, so payroll takes the sum.
    """
    if line.basis == FeeBasis.HOUR:
        hours = (Decimal(line.minutes) / 60).quantize(Decimal("0.0001")).normalize()
        return -hours if line.amount < 0 else hours
    return Decimal(-1 if line.amount < 0 else 1)


def rows(batch: PayBatch) -> list[tuple[Cell, ...]]:
    """The lines of a batch as cells, in a fixed order."""
    lines = batch.lines.select_related("expert", "unit", "kind", "project").order_by(
        "expert__name", "session_on", "id"
    )
    return [
        (
            batch.number,
            line.pk,
            line.expert.payroll_number,
            line.expert.official_name or line.expert.name,
            line.session_on,
            line.unit.name,
            line.kind.name_fi,
            line.income_type,
            BASIS_WORDS[FeeBasis(line.basis)],
            line.minutes,
            quantity(line),
            line.rate,
            line.amount,
            line.payer_name,
            line.cost_centre,
            line.reverses_id or "",
        )
        for line in lines
    ]


def _as_csv_text(cell: Cell) -> str:
    if isinstance(cell, Decimal):
        return f"{cell:f}".replace(".", ",")
    if isinstance(cell, dt.date):
        return f"{cell.day}.{cell.month}.{cell.year}"
    return safe_text(str(cell))


def csv_bytes(cells: list[tuple[Cell, ...]]) -> bytes:
    """UTF-8 with BOM, `;`, decimal comma, CRLF."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(HEADERS)
    writer.writerows([[_as_csv_text(cell) for cell in row] for row in cells])
    return out.getvalue().encode("utf-8-sig")


def xlsx_bytes(cells: list[tuple[Cell, ...]], *, number: str, moment: dt.datetime) -> bytes:
    """A workbook with amounts as numbers and days as dates; its date of making is `moment`."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False})
    book.set_properties({"title": number, "created": moment.replace(tzinfo=None)})
    sheet = book.add_worksheet(number)
    bold = book.add_format({"bold": True})
    euros = book.add_format({"num_format": "#,##0.00"})
    day = book.add_format({"num_format": "d.m.yyyy"})
    sheet.write_row(0, 0, HEADERS, bold)
    for number_of_row, row in enumerate(cells, start=1):
        for column, cell in enumerate(row):
            if isinstance(cell, Decimal):
                sheet.write_number(number_of_row, column, float(cell), euros)
            elif isinstance(cell, dt.date):
                sheet.write_datetime(
                    number_of_row, column, dt.datetime.combine(cell, dt.time()), day
                )
            elif isinstance(cell, int):
                sheet.write_number(number_of_row, column, cell)
            else:
                sheet.write_string(number_of_row, column, safe_text(cell))
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, len(HEADERS) - 1, 16)
    book.close()
    return out.getvalue()


def write_all(batch: PayBatch, *, moment: dt.datetime) -> list[ExportFile]:
    """Both files of a batch."""
    cells = rows(batch)
    return [
        ExportFile(ExportFormat.CSV, csv_bytes(cells)),
        ExportFile(ExportFormat.XLSX, xlsx_bytes(cells, number=batch.number, moment=moment)),
    ]
