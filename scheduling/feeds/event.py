"""What a calendar feed is made of, before it becomes text."""

import dataclasses
import datetime as dt
import hashlib
from enum import StrEnum

UID_DOMAIN = "uid.vuoro.invalid"
"""Part of every UID, for ever: a new host name must not make a calendar show everything twice."""


class Status(StrEnum):
    """How sure an entry is; the words are those of RFC 5545, 3.8.1.11."""

    CONFIRMED = "CONFIRMED"
    CANCELLED = "CANCELLED"


def uid(source_key: str) -> str:
    """The name of an entry in every calendar and mail, from its source ("assignment:7")."""
    return f"{source_key.replace(':', '-')}@{UID_DOMAIN}"


@dataclasses.dataclass(frozen=True, kw_only=True)
class Event:
    """One entry of a calendar. Moments are aware and written in UTC; the period is half-open.

    `sequence` counts the changes of time, place and state; `last_modified` is when the entry last
    changed and stands for DTSTAMP too, so that the same data is the same bytes. Coordinates are
    WGS 84 degrees. Raises ValueError for a moment without a zone, or an end not after the start.
    """

    uid: str
    sequence: int
    starts_at: dt.datetime
    ends_at: dt.datetime
    summary: str
    last_modified: dt.datetime
    location: str = ""
    description: str = ""
    status: Status = Status.CONFIRMED
    latitude: float | None = None
    longitude: float | None = None

    def __post_init__(self) -> None:
        for moment in (self.starts_at, self.ends_at, self.last_modified):
            if moment.utcoffset() is None:
                raise ValueError(f"{self.uid}: a moment without a time zone")
        if self.ends_at <= self.starts_at:
            raise ValueError(f"{self.uid}: ends before it starts")

    @property
    def version(self) -> str:
        """A name for exactly this content: the same for equal events, another after any change."""
        moments = (self.starts_at, self.ends_at, self.last_modified)
        content = (
            *(moment.astimezone(dt.UTC).isoformat() for moment in moments),
            *(self.uid, self.sequence, self.summary, self.location, self.description),
            *(self.status.value, self.latitude, self.longitude),
        )
        return hashlib.sha256(repr(content).encode()).hexdigest()


@dataclasses.dataclass(frozen=True, kw_only=True)
class Calendar:
    """The cover of a feed: its name as programs show it, and the language of its texts."""

    name: str
    language: str
