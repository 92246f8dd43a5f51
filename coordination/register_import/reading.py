"""From workbook to checked register: finds the sheets and tables, reads the cells, runs the
checks.
"""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from coordination.register_import import sentences  # noqa: F401 - the words of the problems found here
from coordination.register_import.register import Register
from coordination.register_import.sheets import Column, ParsedRow, RegisterSheet, all_sheets
from coordination.workbook import cells, headers
from coordination.workbook.headers import Table
from coordination.workbook.opening import Row, Sheet
from coordination.workbook.problems import Misread, Problem, Severity

Progress = Callable[[int], None]


@dataclass(frozen=True)
class Reading:
    """A register read and checked; problems in the order of the file."""

    register: Register
    problems: list[Problem]

    def worth_mending(self) -> list[Problem]:
        """Errors and warnings, without the notes."""
        return [problem for problem in self.problems if problem.severity is not Severity.NOTE]


def read_register(
    sheets: list[Sheet], *, today: dt.date, progress: Progress = lambda percent: None
) -> Reading:
    """Reads all sheets of a workbook into a register. Writes nothing; reads the database for
    names.
    """
    register = Register(today=today)
    problems: list[Problem] = []
    specs = all_sheets()
    for done, spec in enumerate(specs):
        problems += _read_sheets(sheets, spec, register)
        progress(10 + 40 * (done + 1) // len(specs))
    for spec in specs:
        spec.publish(register.rows_of(spec.key), register)
    for done, spec in enumerate(specs):
        found = list(spec.check(register.rows_of(spec.key), register))
        _mark_failed(spec, register, found)
        problems += found
        progress(50 + 30 * (done + 1) // len(specs))
    problems += _unknown_sheets(sheets, specs)
    return Reading(register, _in_file_order(problems, sheets))


def _read_sheets(sheets: list[Sheet], spec: RegisterSheet, register: Register) -> Iterator[Problem]:
    rows = register.rows.setdefault(spec.key, [])
    found = list(headers.find_sheets(sheets, spec.title, spec.also))
    if not found:
        yield Problem(
            spec.title, 1, "", "missing_sheet", Severity.WARNING, "", {"value": spec.title}
        )
    for sheet, year in found:
        table = headers.find_table(sheet, [(column.header, column.also) for column in spec.columns])
        if table is None:
            known = [column.header for column in spec.columns]
            yield Problem(sheet.title, 1, "", "no_header", Severity.ERROR, "", {"known": known})
            continue
        yield from _header_problems(sheet, table, spec)
        absent = frozenset(c.name for c in spec.columns if c.header not in table.spelled)
        for raw in table.rows:
            row = ParsedRow(
                sheet.title,
                raw.number,
                {c.name: table.spelled.get(c.header, c.header) for c in spec.columns},
                absent=absent,
            )
            problems = list(_read_row(raw, row, table, spec))
            # a row with nothing under the register's own columns is a remark beside the table
            if row.values or any(problem.code != "missing" for problem in problems):
                yield from problems
                rows.append(row)
                if year is not None:
                    register.years[id(row)] = year


def _header_problems(sheet: Sheet, table: Table, spec: RegisterSheet) -> Iterator[Problem]:
    def problem(header: str, code: str, severity: Severity) -> Problem:
        return Problem(sheet.title, table.header_row, header, code, severity, "", {"value": header})

    for column in spec.columns:
        if column.required and column.header not in table.columns:
            yield problem(column.header, "missing_column", Severity.ERROR)
    for header in table.twice:
        yield problem(header, "duplicate_column", Severity.WARNING)
    for header in table.unknown:
        yield problem(header, "unknown_column", Severity.NOTE)


def _read_row(raw: Row, row: ParsedRow, table: Table, spec: RegisterSheet) -> Iterator[Problem]:
    for column in spec.columns:
        if column.header not in table.columns:
            if column.required:  # said once, at the header; the row cannot be written without it
                row.failed.add(column.name)
            continue
        yield from _read_cell(raw, row, table, column)


def _read_cell(raw: Row, row: ParsedRow, table: Table, column: Column) -> Iterator[Problem]:
    cell = table.cell(raw, column.header)
    if cell is None:
        if column.when_empty is not None:
            yield row.problem(
                column.name, "missing", reason=column.empty_reason, severity=column.when_empty
            )
            if column.when_empty is Severity.ERROR:
                row.failed.add(column.name)
        return
    try:
        row.values[column.name] = cells.read(cell, column.parse)
    except Misread as misread:
        if misread.severity is Severity.ERROR:
            row.failed.add(column.name)
        yield row.misread(column.name, misread)


def _mark_failed(spec: RegisterSheet, register: Register, problems: list[Problem]) -> None:
    """An error found by a check keeps its row out, like one found in a cell."""
    errors = {(problem.sheet, problem.row) for problem in problems if problem.is_error}
    for row in register.rows_of(spec.key):
        if (row.sheet, row.number) in errors:
            row.failed.add("")


def _unknown_sheets(sheets: list[Sheet], specs: list[RegisterSheet]) -> Iterator[Problem]:
    known = {
        sheet.title
        for spec in specs
        for sheet, _ in headers.find_sheets(sheets, spec.title, spec.also)
    }
    for sheet in sheets:
        if sheet.title not in known:
            yield Problem(
                sheet.title, 1, "", "unknown_sheet", Severity.NOTE, "", {"value": sheet.title}
            )


def _in_file_order(problems: list[Problem], sheets: list[Sheet]) -> list[Problem]:
    places = {sheet.title: place for place, sheet in enumerate(sheets)}
    return sorted(
        problems, key=lambda problem: (places.get(problem.sheet, len(places)), problem.row)
    )
