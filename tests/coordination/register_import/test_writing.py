"""Writing a register: once is enough, a mended file updates, and it is all or nothing."""

import datetime as dt
from decimal import Decimal

import pytest

from billing.models import FeeRule
from billing.register_sheets.fee_rules import FeeRulesSheet
from coordination.errors import Refused
from coordination.formats import HELSINKI
from coordination.models import Agreement, OutboxMessage, Unit
from coordination.models.organisations import OrganisationKind
from coordination.register_import import planning
from coordination.register_import.kinds import kinds_by_word
from coordination.register_import.planning import Outcome
from coordination.register_import.register import Register
from experts.models import DiaryEntry, DiaryKind, Expert, ExpertStatus, Orientation
from experts.models.supervision import SupervisionSession
from experts.register_sheets import people
from experts.services import diary
from scheduling.models import Assignment, AssignmentState, Series, Session, SessionState
from scheduling.services import assignments, sessions
from tests.coordination.register_import.helpers import (
    MENDED,
    NOW,
    cell,
    edited,
    outcomes,
    read,
    write,
)

pytestmark = pytest.mark.django_db

SHIFTS = "Vuorot 2027"
PEOPLE = "Kokemusasiantuntijat"


def _at(day: int, month: int, hour: int) -> dt.datetime:
    return dt.datetime(2027, month, day, hour, tzinfo=HELSINKI)


def test_a_person_is_written_as_the_row_says() -> None:
    write(read())
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
    write(read())
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
    write(read())
    first, second = Agreement.objects.filter(unit__name="Ikaalisten aikuissosiaalityö").order_by(
        "starts_on"
    )
    assert first.project is not None
    assert (first.project.name, first.project.ends_on) == ("Kehittämishanke", dt.date(2027, 3, 31))
    assert first.yearly_budget == Decimal("8000.00")
    assert second.project is None


def test_fees_orientations_and_supervision() -> None:
    write(read(edited(*MENDED)))
    rules = FeeRule.objects.filter(kind__code=_codes("aulatapaaminen")[0]).order_by("starts_on")
    assert [(r.amount, r.starts_on, r.ends_on) for r in rules] == [
        (Decimal("25.00"), dt.date(2026, 1, 1), dt.date(2026, 11, 30)),
        (Decimal("27.00"), dt.date(2026, 12, 1), None),
    ]
    assert Orientation.objects.count() == 164
    assert SupervisionSession.objects.count() == 6
    session = SupervisionSession.objects.get(starts_at=_at(14, 1, 16))
    assert session.attendances.count() == 6
    assert DiaryEntry.objects.filter(kind=DiaryKind.SUPERVISION).count() == 36


def test_shifts_are_sessions_and_series_with_the_people_they_were_promised_to() -> None:
    write(read(edited(*MENDED)))
    single = Session.objects.get(
        unit__name="Kangasalan terveyskeskus", starts_at=_at(25, 2, 13), series=None
    )
    assert (single.ends_at, single.state) == (_at(25, 2, 16), SessionState.OPEN)
    [assignment] = single.assignments.all()
    assert (assignment.expert.name, assignment.state) == (
        "Venla Luonnos",
        AssignmentState.CONFIRMED,
    )
    entry = DiaryEntry.objects.get(expert=assignment.expert, starts_at=single.starts_at)
    assert entry.ends_at == single.ends_at
    series = Series.objects.get(unit__name="Sastamalan psykiatrian poliklinikka")
    assert (series.recurrence, series.ends_on) == ("FREQ=WEEKLY", dt.date(2027, 12, 31))
    made = series.sessions.all()
    assert made.count() > 3
    assert all(s.assignments.get().expert.name == "Sylvi Näyte" for s in made)
    night = Session.objects.get(unit__name="Verkkoneuvonta", starts_at=_at(27, 3, 23))
    assert night.ends_at - night.starts_at == dt.timedelta(hours=4)


def test_a_unit_that_lacks_something_has_drafts_only() -> None:
    write(read())
    drafts = set(
        Session.objects.filter(state=SessionState.DRAFT).values_list("unit__name", flat=True)
    )
    assert drafts == {
        "Tays Pitkäniemi, avohoito",  # no contact person
        "Valkeakosken mielenterveyspalvelut",  # insurance ended
        "Verkkoneuvonta",  # no agreement for online counselling
    }


def test_an_import_sends_no_mail() -> None:
    write(read(edited(*MENDED)))
    assert OutboxMessage.objects.count() == 0


def test_the_same_file_again_changes_nothing() -> None:
    write(read())
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
    return {
        model.__name__: list(model.objects.order_by("pk").values())  # type: ignore[attr-defined]
        for model in models
    }


def test_a_mended_file_brings_the_rest_and_touches_nothing_else() -> None:
    write(read())
    mended = read(edited(*MENDED))
    assert outcomes(planning.plan(mended.register))[Outcome.NEW] == 61 + 16
    write(mended)
    assert outcomes(planning.plan(read(edited(*MENDED)).register)) == {Outcome.UNCHANGED: 359}


def test_a_mended_file_and_a_fresh_one_end_up_the_same() -> None:
    write(read())
    write(read(edited(*MENDED)))
    found = Session.objects.order_by("unit__name", "starts_at", "kind__code")
    people = list(found.values_list("unit__name", "starts_at", "assignments__expert__name"))
    Assignment.objects.all().delete()
    DiaryEntry.objects.all().delete()
    Session.objects.all().delete()
    Series.objects.all().delete()
    SupervisionSession.objects.all().delete()
    write(read(edited(*MENDED)))
    found = Session.objects.order_by("unit__name", "starts_at", "kind__code")
    assert people == list(found.values_list("unit__name", "starts_at", "assignments__expert__name"))


def test_a_changed_cell_is_shown_with_before_and_after_and_updates() -> None:
    write(read())
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
    write(read())
    poorer = read(edited(cell(PEOPLE, 4, "Puhelin", None), cell(PEOPLE, 4, "Huom", None)))
    rows = planning.plan(poorer.register)
    assert outcomes(rows)[Outcome.CHANGED] == 0


def test_what_became_of_a_shift_in_vuoro_is_not_undone_by_an_old_file() -> None:
    write(read())
    session = Session.objects.filter(state=SessionState.OPEN, series=None).exclude(
        assignments=None
    )[0]
    gone = session.assignments.get()
    assignments.release(gone, by=None, now=NOW)
    other = Session.objects.filter(state=SessionState.OPEN, series=None).exclude(pk=session.pk)[0]
    sessions.cancel(other, by=None, now=NOW)
    again = read()
    assert outcomes(planning.plan(again.register))[Outcome.CHANGED] == 0
    assert outcomes(planning.plan(again.register))[Outcome.NEW] == 0
    write(again)
    gone.refresh_from_db()
    assert gone.state == AssignmentState.RELEASED


def test_somebody_busy_in_vuoro_is_told_before_anything_is_written() -> None:
    write(read())
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


def test_a_payroll_number_of_somebody_in_vuoro_is_told() -> None:
    Expert.objects.create(name="Joku Muu", payroll_number="1000")
    found = {(p.row, p.column, p.reason) for p in read().problems if p.code == "duplicate"}
    assert (4, "Palkanlaskennan nro", "payroll_number_stored") in found


def test_a_person_with_a_new_name_is_found_by_the_address() -> None:
    write(read())
    renamed = read(edited(cell(PEOPLE, 29, "Nimi", "Helmi Uusinimi")))
    rows = [r for r in planning.plan(renamed.register) if r.sheet == PEOPLE and r.row == 29]
    assert [(r.outcome, r.changes[0].before) for r in rows] == [(Outcome.CHANGED, "Helmi Kokeilu")]


def test_a_clash_nobody_foresaw_is_refused_with_its_row(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(people, "_check_stored", lambda *_args: iter(()))
    Expert.objects.create(name="Joku Muu", payroll_number="1000")
    with pytest.raises(Refused) as refused:
        write(read())
    assert refused.value.code == "conflict"
    assert "Kokemusasiantuntijat" in str(refused.value)
    assert "4" in str(refused.value)


def test_it_is_all_or_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_args: object, **_kwargs: object) -> None:
        raise Refused("no", code="no")

    monkeypatch.setattr(FeeRulesSheet, "write", refuse)  # the last sheet to be written
    with pytest.raises(Refused):
        write(read())
    assert Expert.objects.count() == Unit.objects.count() == Session.objects.count() == 0
