"""Five calendar readers, libical too where there is one: which entries do you see in these bytes?"""

import datetime as dt
import json
import os
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import icalendar
import ics
import vobject

from tests.contracts.feeds import libical_reader, node_readers

READ_MJS = Path(__file__).with_name("read.mjs")


@dataclass(frozen=True, order=True)
class Seen:
    """One entry as a reader understood it; moments in UTC."""

    uid: str
    sequence: int
    start: dt.datetime
    end: dt.datetime
    summary: str
    location: str
    description: str
    status: str


def _seen(entries: list[dict[str, Any]]) -> list[Seen]:
    return sorted(
        Seen(
            **{
                **entry,
                "sequence": int(entry["sequence"]),
                "start": entry["start"].astimezone(dt.UTC),
                "end": entry["end"].astimezone(dt.UTC),
            }
        )
        for entry in entries
    )


def read_icalendar(feed: bytes) -> list[Seen]:
    return _seen(
        [
            {
                "uid": str(event["uid"]),
                "sequence": event["sequence"],
                "start": event.decoded("dtstart"),
                "end": event.decoded("dtend"),
                "summary": str(event["summary"]),
                "location": str(event.get("location", "")),
                "description": str(event.get("description", "")),
                "status": str(event["status"]),
            }
            for event in icalendar.Calendar.from_ical(feed).walk("VEVENT")
        ]
    )


def read_vobject(feed: bytes) -> list[Seen]:
    calendar = vobject.readOne(feed.decode())
    return _seen(
        [
            {
                "uid": event.uid.value,
                "sequence": event.sequence.value,
                "start": event.dtstart.value,
                "end": event.dtend.value,
                "summary": event.summary.value,
                "location": event.getChildValue("location", ""),
                "description": event.getChildValue("description", ""),
                "status": event.status.value,
            }
            for event in calendar.contents.get("vevent", [])
        ]
    )


def read_ics(feed: bytes) -> list[Seen]:
    return _seen(
        [
            {
                "uid": event.uid,
                # ics knows no SEQUENCE; it keeps what it does not know as it stood
                "sequence": next(line.value for line in event.extra if line.name == "SEQUENCE"),
                "start": event.begin.datetime,
                "end": event.end.datetime,
                "summary": event.name,
                "location": event.location or "",
                "description": event.description or "",
                "status": event.status,
            }
            for event in ics.Calendar(feed.decode()).events
        ]
    )


def _node_reader(name: str) -> Callable[[bytes], list[Seen]]:
    def read(feed: bytes) -> list[Seen]:
        done = subprocess.run(
            [node_readers.node(), str(READ_MJS), name],
            input=feed,
            capture_output=True,
            check=False,
            # a reader far from Helsinki: what it sees must not depend on where it runs
            env={
                **os.environ,
                "NODE_READERS": str(node_readers.install()),
                "TZ": "America/New_York",
            },
        )
        assert done.returncode == 0, done.stderr.decode()
        entries = json.loads(done.stdout)
        for entry in entries:
            entry["start"] = dt.datetime.fromisoformat(entry["start"])
            entry["end"] = dt.datetime.fromisoformat(entry["end"])
        return _seen(entries)

    return read


READERS: dict[str, Callable[[bytes], list[Seen]]] = {
    "icalendar": read_icalendar,
    "vobject": read_vobject,
    "ics": read_ics,
    "ical.js": _node_reader("ical.js"),
    "node-ical": _node_reader("node-ical"),
}
if libical_reader.is_there():
    READERS["libical"] = lambda feed: _seen(libical_reader.entries(feed))
