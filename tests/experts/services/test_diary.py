"""The diary: one row per source, no overlap, a sequence that tells calendars of real changes."""

import datetime as dt

import pytest
from django.db import IntegrityError, OperationalError, connection, transaction

from coordination.errors import Refused
from experts.models import DiaryEntry, DiaryKind
from experts.services import diary
from tests.experts.makers import NOW, local, make_expert, make_shift, make_unit

pytestmark = pytest.mark.django_db
LATER = NOW + dt.timedelta(hours=3)


def test_an_entry_holds_what_was_asked() -> None:
    expert, unit = make_expert(), make_unit()
    made = diary.occupy(
        expert,
        source="assignment:1",
        kind=DiaryKind.SHIFT,
        starts_at=local(2027, 3, 4, 9),
        ends_at=local(2027, 3, 4, 12),
        zone_name="Europe/Helsinki",
        unit=unit,
        title="Lobby shift",
        place="Sastamala, lobby",
        now=NOW,
    )
    entry = DiaryEntry.objects.get()
    assert entry == made
    assert (entry.starts_at, entry.ends_at) == (local(2027, 3, 4, 9), local(2027, 3, 4, 12))
    assert (entry.unit, entry.title, entry.place) == (unit, "Lobby shift", "Sastamala, lobby")
    assert (entry.occupies, entry.sequence, entry.changed_at) == (True, 0, NOW)


@pytest.mark.parametrize(
    ("starts", "ends"),
    [(9, 12), (10, 11), (8, 10), (11, 13), (8, 13)],
    ids=["same", "inside", "over the start", "over the end", "around"],
)
def test_what_overlaps_is_refused_and_the_transaction_lives(starts: int, ends: int) -> None:
    expert = make_expert()
    make_shift(expert, local(2027, 3, 4, 9), 3, source="assignment:1")
    with transaction.atomic():
        with pytest.raises(Refused) as refused:
            make_shift(expert, local(2027, 3, 4, starts), ends - starts, source="assignment:2")
        expert.phone = "+358401234567"
        expert.save()  # raises TransactionManagementError without the savepoint
    assert refused.value.code == "diary_overlap"
    assert "Aino Testilä" in str(refused.value)
    assert "9.00–12.00" in str(refused.value)
    assert list(DiaryEntry.objects.values_list("source", flat=True)) == ["assignment:1"]


def test_periods_are_half_open_and_people_do_not_disturb_each_other() -> None:
    aino, eero = make_expert(), make_expert("Eero Kokeilu")
    make_shift(aino, local(2027, 3, 4, 9), 3)
    make_shift(aino, local(2027, 3, 4, 12), 2)
    make_shift(aino, local(2027, 3, 4, 7), 2)
    make_shift(eero, local(2027, 3, 4, 9), 3)
    assert DiaryEntry.objects.count() == 4


def test_the_same_source_again_changes_nothing() -> None:
    expert = make_expert()
    first = make_shift(expert, local(2027, 3, 4, 9), source="assignment:1", title="a")
    again = make_shift(expert, local(2027, 3, 4, 9), source="assignment:1", title="a")
    assert again.pk == first.pk
    assert DiaryEntry.objects.values_list("sequence", "changed_at").get() == (0, NOW)


def test_a_new_title_is_no_news_for_calendars() -> None:
    expert = make_expert()
    make_shift(expert, local(2027, 3, 4, 9), source="assignment:1", title="a")
    make_shift(expert, local(2027, 3, 4, 9), source="assignment:1", title="b")
    assert DiaryEntry.objects.values_list("title", "sequence").get() == ("b", 0)


def test_a_source_belongs_to_one_person() -> None:
    make_shift(make_expert(), local(2027, 3, 4, 9), source="assignment:1")
    with pytest.raises(ValueError, match="assignment:1"):
        make_shift(make_expert("Eero Kokeilu"), local(2027, 3, 4, 9), source="assignment:1")


def test_moving_tells_calendars_and_moving_nowhere_does_not() -> None:
    expert = make_expert()
    entry = make_shift(expert, local(2027, 3, 4, 9), source="assignment:1", place="Lobby")
    diary.move(
        "assignment:1", starts_at=entry.starts_at, ends_at=entry.ends_at, place="Lobby", now=LATER
    )
    entry.refresh_from_db()
    assert (entry.sequence, entry.changed_at) == (0, NOW)
    diary.move(
        "assignment:1", starts_at=local(2027, 3, 4, 10), ends_at=local(2027, 3, 4, 12), now=LATER
    )
    entry.refresh_from_db()
    assert (entry.sequence, entry.changed_at, entry.place) == (1, LATER, "Lobby")
    diary.move(
        "assignment:1",
        starts_at=entry.starts_at,
        ends_at=entry.ends_at,
        place="Room 2",
        now=LATER,
    )
    entry.refresh_from_db()
    assert (entry.sequence, entry.place) == (2, "Room 2")


def test_moving_over_another_entry_is_refused_and_leaves_it() -> None:
    expert = make_expert()
    make_shift(expert, local(2027, 3, 4, 9), 3, source="assignment:1")
    make_shift(expert, local(2027, 3, 4, 14), 2, source="assignment:2")
    with pytest.raises(Refused) as refused:
        diary.move(
            "assignment:2",
            starts_at=local(2027, 3, 4, 11),
            ends_at=local(2027, 3, 4, 13),
            now=LATER,
        )
    assert refused.value.code == "diary_overlap"
    assert DiaryEntry.objects.get(source="assignment:2").starts_at == local(2027, 3, 4, 14)


def test_cancelling_frees_the_time_and_keeps_the_entry() -> None:
    expert = make_expert()
    make_shift(expert, local(2027, 3, 4, 9), source="assignment:1")
    diary.cancel("assignment:1", now=LATER)
    diary.cancel("assignment:1", now=LATER + dt.timedelta(hours=1))
    entry = DiaryEntry.objects.get()
    assert (entry.occupies, entry.cancelled_at, entry.sequence) == (False, LATER, 1)
    make_shift(expert, local(2027, 3, 4, 9), source="assignment:2")
    with pytest.raises(Refused) as refused:
        diary.move("assignment:1", starts_at=entry.starts_at, ends_at=entry.ends_at, now=LATER)
    assert refused.value.code == "diary_cancelled"


def test_a_cancelled_entry_comes_back_only_while_the_time_is_free() -> None:
    expert = make_expert()
    make_shift(expert, local(2027, 3, 4, 9), source="assignment:1")
    diary.cancel("assignment:1", now=LATER)
    make_shift(expert, local(2027, 3, 4, 9), source="assignment:1")
    entry = DiaryEntry.objects.get()
    assert (entry.occupies, entry.cancelled_at, entry.sequence) == (True, None, 2)
    diary.cancel("assignment:1", now=LATER)
    make_shift(expert, local(2027, 3, 4, 9), source="assignment:2")
    with pytest.raises(Refused):
        make_shift(expert, local(2027, 3, 4, 9), source="assignment:1")


def test_cancelling_what_is_not_there_is_no_error() -> None:
    assert diary.cancel("assignment:404", now=NOW) is None


def test_an_end_before_the_start_is_a_sentence() -> None:
    with pytest.raises(Refused) as refused:
        make_shift(make_expert(), local(2027, 3, 4, 9), 0)
    assert refused.value.code == "diary_times"


def test_the_database_says_no_to_whoever_goes_round_the_service() -> None:
    expert = make_expert()
    make_shift(expert, local(2027, 3, 4, 9))
    with pytest.raises(IntegrityError, match="diary_no_overlap"):
        DiaryEntry.objects.create(
            expert=expert,
            kind=DiaryKind.MEETING,
            source="meeting:1",
            starts_at=local(2027, 3, 4, 10),
            ends_at=local(2027, 3, 4, 11),
            changed_at=NOW,
        )


@pytest.mark.parametrize("sqlstate", ["40P01", "40001"])
@pytest.mark.parametrize(("hiccups", "tries"), [(2, 3), (99, diary.TRIES)])
def test_a_deadlock_is_tried_again_a_few_times(sqlstate: str, hiccups: int, tries: int) -> None:
    """A trigger aborts the first inserts as PostgreSQL does a deadlock's victim."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE SEQUENCE hiccup")
        cursor.execute(
            "CREATE FUNCTION hiccup() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"IF nextval('hiccup') <= {hiccups} THEN "
            f"RAISE EXCEPTION 'hiccup' USING ERRCODE = '{sqlstate}'; END IF; RETURN NEW; END $$"
        )
        cursor.execute(
            "CREATE TRIGGER hiccup BEFORE INSERT ON experts_diaryentry"
            " FOR EACH ROW EXECUTE FUNCTION hiccup()"
        )
    expert = make_expert()
    if hiccups >= diary.TRIES:
        with pytest.raises(OperationalError):
            make_shift(expert, local(2027, 3, 4, 9))
    else:
        make_shift(expert, local(2027, 3, 4, 9))
    assert DiaryEntry.objects.count() == (0 if hiccups >= diary.TRIES else 1)
    with connection.cursor() as cursor:
        cursor.execute("SELECT last_value FROM hiccup")
        assert cursor.fetchone() == (tries,)
