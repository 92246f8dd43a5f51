"""Pay batches: locked once, exported once, the same bytes for ever."""

import csv
import datetime as dt
import io
import threading
from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from django.db import DatabaseError, connection, transaction

from billing import exports
from billing.models import BatchExport, FeeLine, FeeRule, PayBatch
from billing.services import batches, fee_lines
from coordination.errors import Refused
from coordination.models import Agreement, User
from experts.models import Expert
from tests.billing.conftest import NOW, MakeHeld

MARCH = dt.date(2027, 3, 1)


def approve_all(by: User) -> None:
    fee_lines.make_missing(fee_lines.unpaid_yet(), now=NOW)
    fee_lines.approve(list(FeeLine.objects.values_list("pk", flat=True)), by=by, now=NOW)


@pytest.fixture
def three_lines(
    make_held: MakeHeld, hourly: FeeRule, agreement: Agreement, finance: User
) -> list[FeeLine]:
    make_held("2027-02-25 09:00", "2027-02-25 12:20")
    make_held("2027-03-31 09:30", "2027-03-31 13:30")
    make_held("2027-04-01 09:00", "2027-04-01 10:00")
    approve_all(finance)
    return list(FeeLine.objects.order_by("session_on"))


def read_csv(content: bytes) -> list[dict[str, str]]:
    assert content.startswith(b"\xef\xbb\xbf")
    assert b"\r\n" in content
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))


def test_a_batch_takes_the_month_and_what_was_late(
    three_lines: list[FeeLine], finance: User
) -> None:
    batch = batches.lock(period_on=MARCH, by=finance, now=NOW)
    assert (batch.number, batch.state, batch.locked_by) == ("2027-03-1", "locked", finance)
    assert list(batch.lines.order_by("session_on")) == three_lines[:2]
    with pytest.raises(Refused) as refused:
        batches.lock(period_on=MARCH, by=finance, now=NOW)
    assert refused.value.code == "empty"
    assert PayBatch.objects.count() == 1


def test_a_second_batch_of_the_month_has_its_own_number(
    three_lines: list[FeeLine], make_held: MakeHeld, finance: User
) -> None:
    batches.lock(period_on=MARCH, by=finance, now=NOW)
    make_held("2027-03-30 09:00", "2027-03-30 10:00")
    approve_all(finance)
    assert batches.lock(period_on=MARCH, by=finance, now=NOW).number == "2027-03-2"


def test_the_files_are_right_to_the_cent(three_lines: list[FeeLine], finance: User) -> None:
    batch = batches.lock(period_on=MARCH, by=finance, now=NOW)
    as_csv, as_xlsx = batches.export(batch, by=finance, now=NOW)
    rows = read_csv(bytes(as_csv.content))
    assert [
        (
            row["Palkanlaskennan nro"],
            row["Nimi"],
            row["Vuoron päivä"],
            row["Minuutit"],
            row["Määrä"],
            row["À €"],
            row["Yhteensä €"],
            row["Maksaja"],
            row["Kustannuspaikka"],
            row["Tulolaji"],
        )
        for row in rows
    ] == [
        ("1001", "Aino Testilä", "25.2.2027", "200", "3,3333", "25,00", "83,33", "Kehittämishanke", "S21275", "216"),
        ("1001", "Aino Testilä", "31.3.2027", "240", "4", "25,00", "100,00", "Kehittämishanke", "S21275", "216"),
    ]  # fmt: skip
    sheet: Any = openpyxl.load_workbook(io.BytesIO(bytes(as_xlsx.content))).active
    cells = list(sheet.iter_rows(values_only=True))
    total = exports.HEADERS.index("Yhteensä €")
    day = exports.HEADERS.index("Vuoron päivä")
    assert [row[total] for row in cells[1:]] == [83.33, 100]
    assert cells[1][day] == dt.datetime(2027, 2, 25)
    assert sum(line.amount for line in batch.lines.all()) == Decimal("183.33")


def test_exporting_again_gives_the_same_bytes(three_lines: list[FeeLine], finance: User) -> None:
    batch = batches.lock(period_on=MARCH, by=finance, now=NOW)
    first = batches.export(batch, by=finance, now=NOW)
    Expert.objects.update(name="Aino Uusi-Nimi")
    again = batches.export(batch, by=finance, now=NOW + dt.timedelta(days=30))
    assert [(bytes(one.content), one.sha256) for one in first] == [
        (bytes(one.content), one.sha256) for one in again
    ]
    assert BatchExport.objects.count() == 2
    batch.refresh_from_db()
    assert batch.exported_at == NOW


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE billing_batchexport SET content = 'x'",
        "DELETE FROM billing_batchexport",
        "UPDATE billing_paybatch SET number = 'x'",
        "UPDATE billing_paybatch SET state = 'open'",
        "DELETE FROM billing_paybatch",
    ],
)
def test_what_was_exported_never_changes(
    three_lines: list[FeeLine], finance: User, statement: str
) -> None:
    batches.export(batches.lock(period_on=MARCH, by=finance, now=NOW), by=finance, now=NOW)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_a_correction_is_in_the_next_batch_with_its_sign(
    three_lines: list[FeeLine], finance: User
) -> None:
    batches.export(batches.lock(period_on=MARCH, by=finance, now=NOW), by=finance, now=NOW)
    wrong = three_lines[1]
    fee_lines.correct(wrong, minutes=180, by=finance, now=NOW)
    approve_all(finance)
    batch = batches.lock(period_on=MARCH, by=finance, now=NOW)
    as_csv, _ = batches.export(batch, by=finance, now=NOW)
    rows = read_csv(bytes(as_csv.content))
    assert [(row["Yhteensä €"], row["Määrä"], row["Oikaisee riviä"]) for row in rows] == [
        ("-100,00", "-4", str(wrong.pk)),
        ("75,00", "3", ""),
    ]


@pytest.mark.parametrize("text", ["=1+1", "+358", "-x", "@SUM(A1)", "\tx", "\rx"])
def test_no_text_becomes_a_formula(
    make_held: MakeHeld,
    hourly: FeeRule,
    agreement: Agreement,
    aino: Expert,
    finance: User,
    text: str,
) -> None:
    aino.name = text
    aino.save()
    make_held("2027-03-04 09:30", "2027-03-04 13:30")
    approve_all(finance)
    batch = batches.lock(period_on=MARCH, by=finance, now=NOW)
    as_csv, as_xlsx = batches.export(batch, by=finance, now=NOW)
    (row,) = read_csv(bytes(as_csv.content))
    assert row["Nimi"] == f"'{text}"
    sheet: Any = openpyxl.load_workbook(io.BytesIO(bytes(as_xlsx.content))).active
    assert {cell.data_type for cell in list(sheet.rows)[1]} <= {"s", "n", "d"}


def _all_at_once(number: int, press: Callable[[], str]) -> Counter[str]:
    """So many press a button at one moment; what came of it, by name."""
    outcomes: Counter[str] = Counter()
    gate = threading.Barrier(number)

    def work() -> None:
        try:
            gate.wait(30)
            outcomes[press()] += 1
        except Refused as refused:
            outcomes[refused.code] += 1
        except Exception as error:  # noqa: BLE001 — the test counts whatever comes
            outcomes[type(error).__name__] += 1
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


@pytest.mark.django_db(transaction=True)
def test_many_lock_and_export_at_once(three_lines: list[FeeLine], finance: User) -> None:
    """However many press the button, each line is in one batch and there is one pair of files."""
    locked = _all_at_once(8, lambda: batches.lock(period_on=MARCH, by=finance, now=NOW).number)
    assert set(locked) <= {"2027-03-1", "empty", "locked_meanwhile"}
    assert locked["2027-03-1"] == 1
    batch = PayBatch.objects.get()
    assert batch.lines.count() == 2

    def export() -> str:
        return f"{len(batches.export(batch, by=finance, now=NOW))} files"

    assert _all_at_once(8, export) == {"2 files": 8}
    assert BatchExport.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_an_export_fails(
    three_lines: list[FeeLine], finance: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: two who read the batch before either has written it get in each other's way."""
    batch = batches.lock(period_on=MARCH, by=finance, now=NOW)
    both_have_read = threading.Barrier(2)

    def only_read(wanted: PayBatch) -> PayBatch:
        row = PayBatch.objects.get(pk=wanted.pk)
        both_have_read.wait(30)
        return row

    monkeypatch.setattr(batches, "_locked", only_read)
    outcomes = _all_at_once(2, lambda: str(len(batches.export(batch, by=finance, now=NOW))))
    assert outcomes == {"2": 1, "IntegrityError": 1}


def test_a_month_that_has_not_begun_is_not_locked(
    three_lines: list[FeeLine], finance: User
) -> None:
    """The next month would take what is approved into a batch of its own time."""
    for period_on in (dt.date(2027, 5, 1), dt.date(2031, 7, 1)):
        with pytest.raises(Refused) as refused:
            batches.lock(period_on=period_on, by=finance, now=NOW)
        assert refused.value.code == "not_begun"
    assert not PayBatch.objects.exists()
    running = batches.lock(period_on=dt.date(2027, 4, 1), by=finance, now=NOW)
    assert running.lines.count() == 3
