"""What finance does at the end of a month, as a person does it."""

import csv
import io
from pathlib import Path

from playwright.sync_api import Page


def approve_and_export(page: Page, folder: Path, *, month: str) -> list[dict[str, str]]:
    """Approves all open lines, locks the month's batch ("2027-04"), takes the CSV file; its rows."""
    page.goto("/fees/?state=open")
    page.get_by_role("button", name="Hyväksy valitut").click()
    page.goto(f"/batches/?period={month}")
    page.get_by_role("link", name=f"Lukitse erä {month}").click()
    page.get_by_role("button", name="Lukitse erä").click()
    page.get_by_role("button", name="Vie tiedostoihin").click()
    with page.expect_download() as started:
        page.get_by_role("link", name="CSV").click()
    file = folder / "batch.csv"
    started.value.save_as(file)
    return list(csv.DictReader(io.StringIO(file.read_text("utf-8-sig")), delimiter=";"))
