"""Writing a register: once is enough, a mended file updates, and it is all or nothing."""

import datetime as dt
from decimal import Decimal

import pytest

from billing.models import FeeRule
from coordination.formats import HELSINKI
from coordination.models import Agreement, Unit
from coordination.models.organisations import OrganisationKind
from coordination.register_import import planning
from coordination.register_import.kinds import kinds_by_word
from coordination.register_import.planning import Outcome
from coordination.register_import.register import Register
from experts.models import DiaryEntry, DiaryKind, Expert, ExpertStatus, Orientation
from experts.services import diary
from scheduling.models import Assignment, AssignmentState, Series, Session, SessionState
from scheduling.services import assignments, sessions
from tests.coordination.register_import.helpers import (
    NOW,
    cell,
    edited,
    outcomes,
    read,
    write,
)

pytestmark = pytest.mark.usefixtures("register_written", "db")

SHIFTS = "Vuorot 2027"
PEOPLE = "Kokemusasiantuntijat"


def _at(day: int, month: int, hour: int) -> dt.datetime:
    return dt.datetime(2027, month, day, hour, tzinfo=HELSINKI)


def test_a_person_is_written_as_the_row_says() -> None:
    expert = Expert.objects.get(name="Soini Hahmola")
    assert (expert.email, expert.phone) == ("soini.hahmola@example.fi", "+358444154032")
    assert (expert.home_municipality, expert.languages) == ("Kangasala", ["fi", "sv"])
    assert (expert.status, expert.max_km) == (ExpertStatus.ACTIVE, None)
    assert (expert.weekly_hours, expert.monthly_sessions) == (Decimal(16), 2)
    assert expert.confidentiality_signed_on == dt.date(2022, 11, 19)
    assert (expert.payroll_number, expert.wishes) == ("1000", "ei aamuisin")
    [training] = expert.trainings.all()
    assert (training.name, training.completed_on) == ("Mielen ry 100 h", dt.date(2022, 9, 26))
    assert sorted(kind.code for kind in expert.kinds.all()) == sorted(
        _codes("yhteistapaaminen", "kouluvierailu", "vastaanotto")
    )
    assert [unit.name for unit in expert.excluded_units.all()] == [
        "Valkeakosken mielenterveyspalvelut"
    ]
    patterns = expert.patterns.order_by("weekday")
    assert [(p.weekday, p.starts_time, p.ends_time) for p in patterns] == [
        (day, dt.time(8), dt.time(16)) for day in range(5)
    ]


def _codes(*words: str) -> list[str]:
    known = kinds_by_word(Register(today=NOW.date()))
    return [known[word].code for word in words]


def test_a_unit_is_written_with_all_that_hangs_on_it() -> None:
    unit = Unit.objects.get(name="Sastamalan psykiatrian poliklinikka")
    assert unit.organisation.kind == OrganisationKind.WELLBEING_COUNTY
    assert (unit.organisation.business_id, unit.municipality) == ("3221308-6", "Sastamala")
    assert (unit.cost_centre, unit.e_invoice_address) == ("4100", "003722701645")
    [site] = unit.sites.all()
    assert (site.latitude, site.longitude) == (61.3417, 22.9097)
    assert {(c.kind, c.name) for c in unit.contacts.all()} == {
        ("contact", "Eero Keksitty"),
        ("deputy", "Ilmari Leikkilä"),
    }
    assert unit.space_agreements.get().starts_on == dt.date(2026, 11, 5)
    assert unit.insurance_policies.get().ends_on == dt.date(2027, 12, 31)
    online = Unit.objects.get(name="Verkkoneuvonta").sites.get()
    assert online.is_online


def test_agreements_say_who_pays_until_when() -> None:
    first, second = Agreement.objects.filter(unit__name="Ikaalisten aikuissosiaalityö").order_by(
        "starts_on"
    )
    assert first.project is not None
    assert (first.project.name, first.project.ends_on) == ("Kehittämishanke", dt.date(2027, 3, 31))
    assert first.yearly_budget == Decimal("8000.00")
    assert second.project is None


def test_a_unit_that_lacks_something_has_drafts_only() -> None:
    drafts = set(
        Session.objects.filter(state=SessionState.DRAFT).values_list("unit__name", flat=True)
    )
    assert drafts == {
        "Tays Pitkäniemi, avohoito",  # no contact person
        "Valkeakosken mielenterveyspalvelut",  # insurance ended
        "Verkkoneuvonta",  # no agreement for online counselling
    }


def test_the_same_file_again_changes_nothing() -> None:
    again = read()
    assert outcomes(planning.plan(again.register)) == {
        Outcome.UNCHANGED: 282,
        Outcome.WAITS: 61,
        Outcome.ERROR: 16,
    }
    before = _everything()
    write(again)
    assert _everything() == before


def _everything() -> dict[str, list[object]]:
    models = (
        Expert,
        Unit,
        Agreement,
        FeeRule,
        Session,
        Series,
        Assignment,
        DiaryEntry,
        Orientation,
    )
    return {model.__name__: list(model.objects.order_by("pk").values()) for model in models}


def test_a_changed_cell_is_shown_with_before_and_after_and_updates() -> None:
    changed = read(
        edited(
            cell(PEOPLE, 4, "Puhelin", "050 111 2222"),
            cell(PEOPLE, 4, "Saatavuus", "ma 9-12"),
            cell(SHIFTS, 2, "Klo", "10-13"),
            cell("Yksiköt", 2, "Yhteyshenkilö", "Uusi Yhteyshenkilö"),
        )
    )
    rows = [row for row in planning.plan(changed.register) if row.outcome is Outcome.CHANGED]
    told = {(row.row, c.column, str(c.before), str(c.after)) for row in rows for c in row.changes}
    assert (4, "Puhelin", "+358444154032", "+358501112222") in told
    assert (2, "Klo", "09.00–12.00", "10.00–13.00") in told
    assert (2, "Yhteyshenkilö", "Eero Keksitty", "Uusi Yhteyshenkilö") in told
    assert len(rows) == 3
    write(changed)
    assert Expert.objects.get(name="Soini Hahmola").phone == "+358501112222"
    session = Session.objects.get(
        unit__name="Sastamalan psykiatrian poliklinikka", starts_at=_at(18, 3, 10)
    )
    assert session.assignments.get().expert.name == "Taisto Demonen"
    entry = DiaryEntry.objects.get(expert__name="Taisto Demonen", starts_at=session.starts_at)
    assert entry.ends_at == _at(18, 3, 13)


def test_an_empty_cell_leaves_what_is_stored() -> None:
    poorer = read(edited(cell(PEOPLE, 4, "Puhelin", None), cell(PEOPLE, 4, "Huom", None)))
    rows = planning.plan(poorer.register)
    assert outcomes(rows)[Outcome.CHANGED] == 0


def test_what_became_of_a_shift_in_vuoro_is_not_undone_by_an_old_file() -> None:
    session = Session.objects.filter(state=SessionState.OPEN, series=None).exclude(
        assignments=None
    )[0]
    gone = session.assignments.get()
    assignments.release(gone, by=None, now=NOW)
    group = Session.objects.filter(series=None).exclude(responsible_professional="")
    other = group.exclude(pk=session.pk)[0]
    sessions.cancel(other, by=None, now=NOW)
    Session.objects.filter(pk=other.pk).update(responsible_professional="Joku Muu")
    again = read()
    assert outcomes(planning.plan(again.register))[Outcome.CHANGED] == 0
    assert outcomes(planning.plan(again.register))[Outcome.NEW] == 0
    write(again)
    gone.refresh_from_db()
    assert gone.state == AssignmentState.RELEASED


def test_somebody_busy_in_vuoro_is_told_before_anything_is_written() -> None:
    oiva = Expert.objects.get(name="Oiva Tarina")
    diary.occupy(
        oiva,
        source="meeting:1",
        kind=DiaryKind.MEETING,
        starts_at=_at(10, 2, 9),
        ends_at=_at(10, 2, 12),
        zone_name="Europe/Helsinki",
        now=NOW,
    )
    again = read(
        edited(
            cell(SHIFTS, 94, "Klo", "11-13"),
            cell(SHIFTS, 94, "Kokemusasiantuntijat", "Oiva Tarina"),
        )
    )
    found = [p for p in again.problems if p.code == "double_booking" and p.row == 94]
    assert [(p.sheet, p.column, p.reason) for p in found] == [
        (SHIFTS, "Kokemusasiantuntijat", "diary")
    ]


def test_a_person_with_a_new_name_is_found_by_the_address() -> None:
    renamed = read(edited(cell(PEOPLE, 29, "Nimi", "Helmi Uusinimi")))
    rows = [r for r in planning.plan(renamed.register) if r.sheet == PEOPLE and r.row == 29]
    assert [(r.outcome, r.changes[0].before) for r in rows] == [(Outcome.CHANGED, "Helmi Kokeilu")]
