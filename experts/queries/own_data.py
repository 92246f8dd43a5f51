"""Everything Vuoro knows about one person, for a JSON file and a page (domain.md 5.1, rights; GDPR art. 15, 20).

Upper packages add what they know with `register`, in their AppConfig.ready:

    own_data.register("shifts", lambda expert: [...], words={"shifts": _("Shifts"), "seat": _("Seat")})

Nothing about other people belongs in it, but for the officials who acted: who signed off, who looked.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Choices, Q
from django.utils.functional import Promise

from coordination.models import OutboxMessage
from coordination.models.people import Language
from coordination.permissions import Role
from coordination.queries.people import sign_in_methods
from experts import spoken
from experts.models import DiaryKind, Expert, ExpertStatus
from experts.models.availability import Weekday
from experts.models.readiness import TrainingLevel
from experts.models.supervision import AttendanceState, SupervisionForm, SupervisionState
from experts.queries import looks
from experts.queries.own_data_words import WORDS, Word

Provider = Callable[[Expert], Any]
_providers: dict[str, Provider] = {}
_words: dict[str, Word] = {}


@dataclass(frozen=True)
class Coded:
    """A value of a fixed set: its code for programs, its word for people."""

    code: str | int
    text: "str | Promise"


def coded(choices: type[Choices], value: Any) -> Coded | None:
    """One of the choices; None stays None."""
    return None if value is None else Coded(value, choices(value).label)


def register(key: str, provider: Provider, *, words: Mapping[str, Word] | None = None) -> None:
    """Add a part of the file; `provider` gives plain values, days and moments, and `Coded`.

    `words` say what the part and its columns are called on the page; None keeps one for the file.
    """
    if _providers.get(key, provider) is not provider:
        raise ValueError(f"part of own data taken: {key}")
    _providers[key] = provider
    _words.update(words or {})


def word(part: str, column: str = "") -> Word:
    """What a part or a column is called, None when only programs read it."""
    known = WORDS | _words
    full, short = f"{part}.{column}", column or part
    return known[full] if full in known else known.get(short, short)


PROFILE = (
    *("name", "official_name", "email", "phone", "language", "home_municipality", "languages"),
    *("themes", "themes_shown_to_units", "status", "ended_on", "is_volunteer", "payroll_number"),
    *("tax_card_seen_on", "extract_seen_on", "extract_seen_by", "confidentiality_signed_on"),
    *("weekly_hours", "monthly_sessions", "max_km", "rest_hours", "wishes"),
)


def everything(expert: Expert, *, now: dt.datetime) -> dict[str, Any]:
    """All data about a person as JSON knows it. Days and moments (UTC) are ISO 8601 text."""
    return {key: _plain(value) for key, value in parts(expert, now=now).items()}


def parts(expert: Expert, *, now: dt.datetime) -> dict[str, Any]:
    """The same with Python's own values, which the page says in the reader's language."""
    data: dict[str, Any] = {
        "made_at": now,
        "profile": _profile(expert),
        "account": _account(expert),
        "forms_of_work": [Coded(kind.code, kind.name) for kind in expert.kinds.all()],
        "units_never_offered": [unit.name for unit in expert.excluded_units.all()],
        "trainings": _rows(
            expert.trainings,
            *("name", "provider", "level", "hours", "starts_on", "completed_on", "valid_until"),
            level=TrainingLevel,
        ),
        "sign_offs": _rows(expert.sign_offs, "signed_at", "signed_by__name", "withdrawn_at"),
        "orientations": _rows(expert.orientations, "unit__name", "oriented_on", "given_by"),
        "weekly_hours": _rows(
            expert.patterns,
            *("weekday", "starts_time", "ends_time", "every_weeks", "starts_on", "ends_on"),
            weekday=Weekday,
        ),
        "absences": _rows(expert.absences, "starts_on", "ends_on"),
        "diary": _rows(
            expert.diary,
            *("kind", "starts_at", "ends_at", "unit__name", "title", "place", "cancelled_at"),
            kind=DiaryKind,
        ),
        "supervision": _rows(
            expert.supervisions,
            *("session__starts_at", "session__form", "session__state", "session__place", "state"),
            session__form=SupervisionForm,
            session__state=SupervisionState,
            state=AttendanceState,
        ),
        "messages": _messages(expert),
        "looks_at_my_data": _looks(expert),
        "changes_of_my_details": _changes(expert),
    }
    for key, provider in sorted(_providers.items()):
        data[key] = provider(expert)
    return data


def _profile(expert: Any) -> dict[str, Any]:
    """Of the row, or of what it was at a time."""
    return {name: getattr(expert, name) for name in PROFILE} | {
        "language": coded(Language, expert.language),
        "languages": [Coded(code, spoken.names([code])) for code in expert.languages],
        "status": coded(ExpertStatus, expert.status),
    }


def _account(expert: Expert) -> dict[str, Any] | None:
    user = expert.user
    if user is None:
        return None
    methods = sign_in_methods(user)
    return {
        "email": user.email,
        "name": user.name,
        "phone": user.phone,
        "language": coded(Language, user.language),
        "created_at": user.created_at,
        "last_sign_in_at": user.last_login,
        "has_password": methods.password,
        "has_code_generator": methods.code_generator,
        "passkeys": methods.passkeys,
        "roles": [
            {
                "role": coded(Role, grant.role),
                "starts_on": grant.starts_on,
                "ends_on": grant.ends_on,
            }
            for grant in user.role_grants.order_by("pk")
        ],
    }


def _rows(related: Any, *names: str, **choices: type[Choices]) -> list[dict[str, Any]]:
    rows = related.order_by("pk").values(*names)
    return [
        {
            name.replace("__", "_"): coded(choices[name], row[name])
            if name in choices
            else row[name]
            for name in names
        }
        for row in rows
    ]


def _messages(expert: Expert) -> list[dict[str, Any]]:
    """What was sent to the person: when and about what; texts are kept 30 days only.

    To the account, or to an address without an account: another person's account may once have had it.
    """
    addresses = {expert.email, expert.user.email if expert.user else ""} - {""}
    mine = Q(recipient__isnull=True, to_email__in=addresses)
    if expert.user_id:
        mine |= Q(recipient=expert.user_id)
    rows = OutboxMessage.objects.filter(mine).order_by("pk")
    return [
        dict(row) for row in rows.values("kind", "to_email", "subject", "created_at", "sent_at")
    ]


def _looks(expert: Expert) -> list[dict[str, Any]]:
    found = (looks.told(view) for view in looks.views_of(expert))
    return [{"by": look.viewer, "page": str(look.page), "seen_at": look.seen_at} for look in found]


def _changes(expert: Expert) -> list[dict[str, Any]]:
    """What the audit keeps of the person's own row: each change with the values it brought."""
    found: list[dict[str, Any]] = []
    before: dict[str, Any] = {}
    events: Iterable[Any] = expert.events.order_by("pgh_id")  # type: ignore[attr-defined]  # pghistory's
    for event in events:
        values = _profile(event)
        changed = {name: value for name, value in values.items() if before.get(name) != value}
        if not before:
            changed = {
                name: value for name, value in changed.items() if value not in ("", [], None)
            }
        if changed:
            found.append({"at": event.pgh_created_at, "changed": changed})
        before = values
    return found


def _plain(value: Any) -> Any:
    """Values as JSON knows them; a Decimal becomes text, so that no digit is lost."""
    if isinstance(value, Coded):
        return value.code
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    if value is None or isinstance(value, str | int | float | bool):
        return value
    return str(value)
