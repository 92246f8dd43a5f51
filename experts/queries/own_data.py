"""Everything Vuoro knows about one person, as plain values for a JSON file (domain.md 5.1, rights).

Upper packages add what they know with `register`, in their AppConfig.ready:

    own_data.register("shifts", lambda expert: [...])
"""

import datetime as dt
from collections.abc import Callable
from typing import Any

from coordination.models import OutboxMessage
from experts.models import Expert
from experts.queries import looks

Provider = Callable[[Expert], Any]
_providers: dict[str, Provider] = {}


def register(key: str, provider: Provider) -> None:
    """Add a part of the file; `provider` gives values JSON knows, days and moments as ISO text."""
    if _providers.get(key, provider) is not provider:
        raise ValueError(f"part of own data taken: {key}")
    _providers[key] = provider


_PROFILE = (
    *("name", "official_name", "email", "phone", "language", "home_municipality", "languages"),
    *("themes", "themes_shown_to_units", "status", "is_volunteer", "payroll_number"),
    *("tax_card_seen_on", "extract_seen_on", "extract_seen_by", "confidentiality_signed_on"),
    *("weekly_hours", "monthly_sessions", "max_km", "rest_hours", "wishes"),
)


def everything(expert: Expert, *, now: dt.datetime) -> dict[str, Any]:
    """All data about a person. Days and moments (UTC) are ISO 8601 text."""
    data: dict[str, Any] = {
        "made_at": now,
        "profile": {name: getattr(expert, name) for name in _PROFILE},
        "account": _account(expert),
        "forms_of_work": [kind.code for kind in expert.kinds.all()],
        "units_never_offered": [unit.name for unit in expert.excluded_units.all()],
        "trainings": _rows(
            expert.trainings,
            *("name", "provider", "level", "hours", "starts_on", "completed_on", "valid_until"),
        ),
        "sign_offs": _rows(expert.sign_offs, "signed_at", "signed_by__name", "withdrawn_at"),
        "orientations": _rows(expert.orientations, "unit__name", "oriented_on", "given_by"),
        "weekly_hours": _rows(
            expert.patterns,
            *("weekday", "starts_time", "ends_time", "every_weeks", "starts_on", "ends_on"),
        ),
        "absences": _rows(expert.absences, "starts_on", "ends_on"),
        "diary": _rows(
            expert.diary,
            *("kind", "starts_at", "ends_at", "unit__name", "title", "place", "cancelled_at"),
        ),
        "supervision": _rows(
            expert.supervisions,
            *("session__starts_at", "session__form", "session__state", "session__place", "state"),
        ),
        "messages": _messages(expert),
        "looks_at_my_data": _looks(expert),
    }
    for key, provider in sorted(_providers.items()):
        data[key] = provider(expert)
    return {key: _plain(value) for key, value in data.items()}


def _account(expert: Expert) -> dict[str, Any] | None:
    user = expert.user
    if user is None:
        return None
    return {
        "email": user.email,
        "name": user.name,
        "language": user.language,
        "created_at": user.created_at,
        "roles": [
            {"role": grant.role, "starts_on": grant.starts_on, "ends_on": grant.ends_on}
            for grant in user.role_grants.all()
        ],
    }


def _rows(related: Any, *names: str) -> list[dict[str, Any]]:
    rows = related.order_by("pk").values(*names)
    return [{name.replace("__", "_"): row[name] for name in names} for row in rows]


def _messages(expert: Expert) -> list[dict[str, Any]]:
    """What was sent to the person: when and about what; texts are kept 30 days only."""
    addresses = {expert.email, expert.user.email if expert.user else ""} - {""}
    rows = OutboxMessage.objects.filter(to_email__in=addresses).order_by("pk")
    return [dict(row) for row in rows.values("kind", "subject", "created_at", "sent_at")]


def _looks(expert: Expert) -> list[dict[str, Any]]:
    found = (looks.told(view) for view in looks.views_of(expert.pk))
    return [{"by": look.viewer, "page": str(look.page), "seen_at": look.seen_at} for look in found]


def _plain(value: Any) -> Any:
    """Values as JSON knows them; a Decimal becomes text, so that no digit is lost."""
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    if value is None or isinstance(value, str | int | float | bool):
        return value
    return str(value)
