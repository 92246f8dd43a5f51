"""From a file's bytes to a checked register, for the command and the page alike."""

import datetime as dt
from typing import IO

from coordination.register_import.reading import Progress, Reading, read_register
from coordination.workbook.opening import read_workbook


def read_file(
    file: IO[bytes], *, today: dt.date, progress: Progress = lambda percent: None
) -> Reading:
    """Opens a workbook, reads it and checks it. Writes nothing. Raises `Refused` when it cannot be
    opened.
    """
    sheets = read_workbook(file)
    progress(10)
    return read_register(sheets, today=today, progress=progress)
