"""Calendars hear of what is described anew, a place or a form of work: everything ahead counts one more change.

A calendar program keeps what it has until SEQUENCE rises, and would send people to the old address.
"""

import pgtrigger

from coordination.models import ActivityKind, Site, Unit


def _tells_calendars(
    name: str, *, column: str, fields: tuple[str, ...], entries: str
) -> pgtrigger.Trigger:
    """After a change of these fields; sessions count by their own trigger, which sees that it was this one.

    `entries` are the diary entries meant, as a condition. Sessions come before them, as everywhere:
    who changes one of them meanwhile waits.
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
            WHERE {entries} AND ends_at > statement_timestamp();
            RETURN NULL;
        """,  # noqa: S608 - all is written here
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
                entries="site_id = NEW.id",
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
                entries="unit_id = NEW.id",
            ),
        )


class KindAhead(ActivityKind):
    """A form of work, for what is held in it."""

    class Meta:
        proxy = True
        triggers = (
            _tells_calendars(
                "kind_tells_calendars",
                column="kind_id",
                fields=("name_fi", "name_sv", "name_en"),
                entries="""source IN (
                SELECT 'assignment:' || taken.id
                FROM scheduling_assignment taken JOIN scheduling_session held ON held.id = taken.session_id
                WHERE held.kind_id = NEW.id AND held.ends_at > statement_timestamp())""",
            ),
        )
