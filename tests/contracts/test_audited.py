"""Every table of ours is audited by trigger, deletions too, or says here why not."""

from typing import Any

import pghistory.models
import pytest
from django.apps import apps
from django.db import connection, models
from django.utils import translation

from coordination.queries import audit, audit_places, audit_words
from experts.models import Absence
from tests.cast import Cast
from tests.contracts.test_routes import TABLE

OURS = ("coordination", "experts", "scheduling", "billing", "api")
NOT_AUDITED = {
    "api.IdempotencyKey": "the answer to a write that is audited itself; gone after a day",
    "billing.BatchExport": "a trigger forbids every change and deletion",
    "coordination.Invitation_units": "what comes of it, the role for the unit, is audited",
    "coordination.JobRun": "a trace itself, of what happened by itself",
    "coordination.OutboxMessage": "a trace itself, of what was sent; its texts must go in time",
    "coordination.PersonalDataView": "a trace itself, of who looked",
    "coordination.RegisterImport": "a trace itself; what it writes is audited",
    "experts.DiaryEntry": "follows shift, supervision and training, which are audited",
    "scheduling.FeedToken": "says itself who made it, when it was made and revoked; its last use changes all the time",
    "scheduling.PlanPart": "a piece of work for a worker, gone when the run has ended",
    "scheduling.PlanRun": "a trace itself, of who planned and published; what it publishes is audited",
    "scheduling.PlanSeat": "a draft; the assignment made of it is audited",
    "scheduling.RegisterShift": "what an import read; the session or series made of it is audited",
    "scheduling.RegisterShift_people": "as above",
    "scheduling.SkippedOccurrence": "what the calendar did not allow; goes when its session, which is audited, is made",
}
"""Tables without an audit, and why."""


def our_tables() -> list[type[models.Model]]:
    return [
        model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.app_label in OURS
        and not model._meta.proxy
        and not issubclass(model, pghistory.models.Event)
    ]


def triggers(table: str) -> set[str]:
    """What the database itself writes into an event table: INSERT, UPDATE, DELETE of rows."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT upper(m.word) FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid
            CROSS JOIN LATERAL (VALUES ('insert', 4), ('delete', 8), ('update', 16)) AS m(word, bit)
            WHERE t.tgrelid = %s::regclass AND t.tgenabled <> 'D' AND t.tgtype & m.bit > 0
              AND p.prosrc ~ 'INSERT INTO "[a-z_]+event"'
            """,
            [table],
        )
        return {word for (word,) in cursor.fetchall()}


def is_link(model: type[models.Model]) -> bool:
    """A row of two people's or things' numbers: it is made and removed, never changed."""
    return bool(model._meta.auto_created)


@pytest.mark.parametrize("model", our_tables(), ids=lambda model: model._meta.label)
def test_a_table_is_audited_or_says_why_not(db: None, model: type[models.Model]) -> None:
    wanted = {"INSERT", "DELETE"} if is_link(model) else {"INSERT", "UPDATE", "DELETE"}
    if model._meta.label in NOT_AUDITED:
        wanted = set()
    assert triggers(model._meta.db_table) == wanted


def test_the_list_of_exceptions_names_only_what_is_there() -> None:
    assert set(NOT_AUDITED) <= {model._meta.label for model in our_tables()}


@pytest.mark.parametrize("language", ["fi", "sv"])
def test_people_read_the_audit_in_their_own_words(db: None, language: str) -> None:
    """A column without words would show its name in the program."""
    with translation.override(language):
        wordless = [
            f"{table.key}.{field.name}"
            for table in audit.tables()
            for field in table.events._meta.fields
            if not field.name.startswith("pgh_")
            and field.name != "id"
            and audit_words.column(field).lower() == field.name.replace("_", " ")
            and "_" in field.name
        ]
        english = {
            table.key: table.label
            for table in audit.tables()
            if table.label == in_english(table.key)
        }
    assert wordless == []
    assert set(english) <= {"coordination.organisation"}  # the same word in Swedish


def in_english(key: str) -> str:
    with translation.override("en"):
        return next(table.label for table in audit.tables() if table.key == key)


def test_a_removed_row_stays_readable(cast: Cast) -> None:
    person = cast.aino.expert
    Absence.objects.create(expert=person, starts_on="2027-03-01", ends_on="2027-03-05").delete()
    person.kinds.add(cast.kinds["talk"])
    person.excluded_units.add(cast.nokia.unit)
    person.excluded_units.clear()

    def labels(what: str) -> list[Any]:
        return [entry.label for entry in audit.read(audit.entries(what=what))]

    assert labels("experts.absence") == ["delete", "insert"]
    assert labels("experts.expertkind") == ["kinds.add"]
    assert labels("experts.expertexcludedunit") == ["units.remove", "units.add"]
    gone = audit.read(audit.entries(what="experts.expertexcludedunit"))[0]
    assert all(change.before and not change.after for change in gone.changes)


def test_every_address_that_writes_has_a_word_for_people() -> None:
    """The audit says on which page a thing was done; an address's name is no word."""
    writes = ("POST", "PUT", "PATCH", "DELETE")
    nameless = {
        row.name
        for row in TABLE
        if any(row.expected(who, how, is_other=False) != 405 for who in row.who for how in writes)
        and not audit_places.where(row.name)
    }
    assert nameless == set()


def test_each_word_for_an_address_is_of_use() -> None:
    names = [row.name for row in TABLE]
    for beginnings, word in audit_places.WORDS:
        for beginning in beginnings:
            first = {str(audit_places.where(n)) for n in names if n.startswith(beginning)}
            assert str(word) in first, f"{beginning} never gives {word}"
