"""Strange files get one clear error, in seconds and in bounded memory; good ones are read as they
are.
"""

import datetime as dt
import io
import json
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from coordination.errors import Refused
from coordination.workbook.opening import Cell, Limits, read_workbook
from tests.coordination.workbook.makers import saved, with_part, workbook

SHEET = "xl/worksheets/sheet1.xml"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def _refusal(content: bytes, **limits: int) -> Refused:
    with pytest.raises(Refused) as refused:
        read_workbook(io.BytesIO(content), limits=Limits(**limits))
    assert str(refused.value)
    return refused.value


def _sheet_xml(rows: str) -> bytes:
    return f'<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>'.encode()


def test_values_keep_their_kind_and_row_numbers() -> None:
    file = workbook(
        {
            "A": [
                ["Nimi", "Pvm"],
                [],
                ["  Väinö\xa0Luonnos ", dt.datetime(2026, 4, 5)],
                [25.5, True],
            ],
            "B": [],
        }
    )
    first, second = read_workbook(file)
    assert (first.title, second.title, second.rows) == ("A", "B", [])
    assert [row.number for row in first.rows] == [1, 3, 4]
    assert first.rows[1].cells[1].text == "Väinö Luonnos"
    assert first.rows[1].cells[2] == Cell(dt.datetime(2026, 4, 5))
    assert first.rows[2].cells == {1: Cell(25.5), 2: Cell(True)}


def test_a_formula_is_seen_as_one_and_its_cached_value_is_not_read() -> None:
    xml = _sheet_xml(
        '<row r="1"><c r="A1"><f>1+1</f><v>2</v></c><c r="B1" t="e"><v>#REF!</v></c></row>'
    )
    [sheet] = read_workbook(with_part(workbook({"A": [["x"]]}), SHEET, xml))
    cells = sheet.rows[0].cells
    assert (cells[1].is_formula, cells[1].value) == (True, "=1+1")
    assert cells[2].is_error


def test_text_that_would_become_a_formula_counts_as_one() -> None:
    book = openpyxl.Workbook()
    book.worksheets[0]["A1"].value = " =HYPERLINK(1)"
    [sheet] = read_workbook(saved(book))
    assert sheet.rows[0].cells[1].is_formula


def test_array_formulas_too() -> None:
    xml = _sheet_xml('<row r="1"><c r="A1"><f t="array" ref="A1">SUM(1)</f><v>1</v></c></row>')
    [sheet] = read_workbook(with_part(workbook({"A": [["x"]]}), SHEET, xml))
    assert sheet.rows[0].cells[1].is_formula


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "not_a_workbook"),
        (b"Nimi;Puhelin\nAino;040", "not_a_workbook"),
        (b"PK\x03\x04 torn off", "not_a_workbook"),
        (OLE + b"\0" * 600 + "Workbook".encode("utf-16-le"), "old_excel"),
        (OLE + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"), "encrypted"),
    ],
)
def test_files_that_are_no_workbook(content: bytes, code: str) -> None:
    assert _refusal(content).code == code


def test_another_zip_is_no_workbook() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
    assert _refusal(file.getvalue()).code == "not_a_workbook"


@pytest.mark.parametrize(
    "xml",
    [
        b"<worksheet",
        b"\xff\xfe broken",
        _sheet_xml('<row r="1"><c r="A1" t="s"><v>99</v></c></row>'),
        _sheet_xml('<row r="x"><c r="A1"><v>1</v></c></row>'),
    ],
)
def test_broken_parts_are_one_clear_error(xml: bytes) -> None:
    content = with_part(workbook({"A": [["x"]]}), SHEET, xml).getvalue()
    assert _refusal(content).code == "not_a_workbook"


def test_a_torn_file_is_one_clear_error() -> None:
    content = workbook({"A": [["x"] * 50] * 50}).getvalue()
    for length in range(100, len(content), 700):
        assert _refusal(content[:length]).code == "not_a_workbook"


def test_entities_are_not_expanded() -> None:
    bomb = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    xml = (
        f'<?xml version="1.0"?><!DOCTYPE w [<!ENTITY e0 "ha">{bomb}]>'
        f'<worksheet xmlns="{MAIN}"><sheetData><row r="1"><c r="A1" t="str"><v>&e9;</v></c></row>'
        "</sheetData></worksheet>"
    )
    content = with_part(workbook({"A": [["x"]]}), SHEET, xml.encode()).getvalue()
    assert _refusal(content).code == "not_a_workbook"


def test_not_even_a_harmless_entity_is_read() -> None:
    xml = (
        f'<!DOCTYPE w [<!ENTITY e "ha">]><worksheet xmlns="{MAIN}"><sheetData><row r="1">'
        '<c r="A1" t="str"><v>&e;</v></c></row></sheetData></worksheet>'
    )
    content = with_part(workbook({"A": [["x"]]}), SHEET, xml.encode()).getvalue()
    assert _refusal(content).code == "not_a_workbook"


def test_a_decompression_bomb_is_not_unpacked() -> None:
    spaces = _sheet_xml(" " * 30_000_000)
    content = with_part(workbook({"A": [["x"]]}), SHEET, spaces).getvalue()
    assert len(content) < 100_000
    assert _refusal(content).code == "decompression_bomb"


def test_what_unpacks_to_too_much_in_all_is_refused() -> None:
    content = workbook({"A": [["x"]]}).getvalue()
    assert _refusal(content, unpacked_bytes=1_000).code == "decompression_bomb"


@pytest.mark.parametrize(
    ("limits", "code"),
    [
        ({"rows_a_sheet": 3}, "too_many_rows"),
        ({"cells": 7}, "too_many_cells"),
        ({"sheets": 1}, "too_many_sheets"),
        ({"file_bytes": 100}, "file_too_large"),
    ],
)
def test_limits(limits: dict[str, int], code: str) -> None:
    content = workbook({"A": [[1, 2]] * 4, "B": []}).getvalue()
    assert _refusal(content, **limits).code == code


def test_empty_rows_at_the_end_cost_nothing_and_count_nothing() -> None:
    rows = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576" ht="15"/>'
    made_up = '<row r="1"><c r="A1"><v>1</v></c></row><row r="99999999999"><c><v>2</v></c></row>'
    for xml, numbers in ((rows, [1]), (made_up, [1, 99999999999])):
        file = with_part(workbook({"A": [["x"]]}), SHEET, _sheet_xml(xml))
        [sheet] = read_workbook(file)
        assert [row.number for row in sheet.rows] == numbers


MEASURE = """
import io, json, resource, sys, time
from django.conf import settings
settings.configure(USE_I18N=False)
from coordination.errors import Refused
from coordination.workbook.opening import read_workbook
base = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
start = time.monotonic()
try:
    read_workbook(open(sys.argv[1], "rb")); code = "read"
except Refused as refused:
    code = refused.code
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(json.dumps({"code": code, "seconds": time.monotonic() - start, "mb": (peak - base) / 1024}))
"""


def _measured(path: Path) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-c", MEASURE, str(path)], capture_output=True, text=True, check=True
    )
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@pytest.mark.parametrize("says_its_size", [True, False])
def test_two_hundred_thousand_rows_are_refused_in_seconds_and_little_memory(
    tmp_path: Path, says_its_size: bool
) -> None:
    cells = "".join(
        f'<c r="{letter}{{0}}" t="inlineStr"><is><t>value {letter} {{0}} {{1}}</t></is></c>'
        for letter in "ABCD"
    )
    rows = "".join(
        f'<row r="{n}">{cells.format(n, n * 7919 % 100_003)}</row>' for n in range(1, 200_001)
    )
    xml = _sheet_xml(rows)
    if says_its_size:
        xml = xml.replace(b"<sheetData>", b'<dimension ref="A1:D200000"/><sheetData>')
    content = with_part(workbook({"A": [["x"]]}), SHEET, xml)
    path = tmp_path / "large.xlsx"
    path.write_bytes(content.getvalue())
    found = _measured(path)
    # a sheet that hides how long it is may be stopped by its size before its rows are counted
    codes = {"too_many_rows"} if says_its_size else {"too_many_rows", "decompression_bomb"}
    assert found["code"] in codes
    assert found["seconds"] < 10
    assert found["mb"] < 200


def test_two_hundred_thousand_short_rows_are_counted_and_refused(tmp_path: Path) -> None:
    rows = "".join(
        f'<row r="{n}"><c r="A{n}"><v>{n * 7919 % 1_000_003}</v></c></row>'
        for n in range(1, 200_001)
    )
    content = with_part(workbook({"A": [["x"]]}), SHEET, _sheet_xml(rows))
    path = tmp_path / "long.xlsx"
    path.write_bytes(content.getvalue())
    found = _measured(path)
    assert found["code"] == "too_many_rows"
    assert found["seconds"] < 10
    assert found["mb"] < 200
