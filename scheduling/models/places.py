"""Calendars hear of a place that is described anew: everything ahead there counts one more change.

A calendar program keeps what it has until SEQUENCE rises, and would send people to the old address.
"""

import pgtrigger

from coordination.models import Site, Unit


def _tells_calendars(name: str, *, column: str, fields: tuple[str, ...]) -> pgtrigger.Trigger:
    """After a change of these fields; sessions count by their own trigger, which sees that it was this one.

    Sessions come before diary entries, as everywhere: who changes one of them meanwhile waits.
    """
    return pgtrigger.Trigger(
        name=name,
        when=pgtrigger.After,
        operation=pgtrigger.Update,
        condition=pgtrigger.AnyChange(*fields),
        func=f"""
            UPDATE scheduling_session SET {column} = {column}
            WHERE {column} = NEW.id AND ends_at > statement_timestamp();
            UPDATE experts_diaryentry
            SET sequence = sequence + 1, changed_at = greatest(changed_at, statement_timestamp())
            WHERE {column} = NEW.id AND ends_at > statement_timestamp();
            RETURN NULL;
        """,  # noqa: S608 - both names are written here
    )


class SiteAhead(Site):
    """A site, for what takes place there."""

    class Meta:
        proxy = True
        triggers = (
            _tells_calendars(
                "site_tells_calendars",
                column="site_id",
                fields=(
                    *("name", "kind", "room", "address"),
                    *("municipality", "latitude", "longitude"),
                ),
            ),
        )


class UnitAhead(Unit):
    """A unit, for what takes place with it."""

    class Meta:
        proxy = True
        triggers = (
            _tells_calendars(
                "unit_tells_calendars",
                column="unit_id",
                fields=("name", "name_sv", "municipality"),
            ),
        )
