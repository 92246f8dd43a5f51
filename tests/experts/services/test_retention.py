"""What is known of a person goes when its time has come, and what the audit remembers goes with it."""

import datetime as dt
from typing import Any

import pytest

from coordination import jobs, retention
from coordination.clock import HOME_ZONE
from coordination.models import JobRun, OutboxMessage, PersonalDataView, RoleGrant, Unit, User
from coordination.models.traces import JobState
from coordination.permissions import Role
from coordination.retention import Delete, Span, YearEnd
from coordination.services import traces
from coordination.tasks import apply_retention
from experts.models import Absence, AvailabilityPattern, Expert, ExpertStatus, SignOff, Training
from experts.services import readiness, register
from tests.cast import SINCE, Cast, make_user

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2027, 3, 1, 8, tzinfo=dt.UTC)


def at(text: str) -> dt.datetime:
    """`2027-06-02 03:20` on a Helsinki clock."""
    return dt.datetime.fromisoformat(text).replace(tzinfo=HOME_ZONE)


def past(model: Any) -> Any:
    """The audit's rows of a model."""
    found = retention.history_of(model)
    assert found is not None
    return found._default_manager


def test_days_away_go_three_months_after_their_last_day_and_the_audit_forgets_them(
    cast: Cast,
) -> None:
    last_day = dt.date(2027, 3, 1)
    absence = Absence.objects.create(expert=cast.aino.expert, starts_on=SINCE, ends_on=last_day)
    later = Absence.objects.create(
        expert=cast.aino.expert, starts_on=SINCE, ends_on=last_day + dt.timedelta(days=1)
    )
    assert retention.apply(now=at("2027-06-01 23:59")) == {}
    assert retention.apply(now=at("2027-06-02 00:00")) == {"experts.Absence": 1}
    assert list(Absence.objects.all()) == [later]
    assert not past(Absence).filter(id=absence.pk).exists()
    assert past(Absence).filter(id=later.pk).exists()
    assert retention.apply(now=at("2027-06-02 00:00")) == {}


def test_what_a_person_removed_is_not_remembered_longer_than_it_would_have_stayed(
    cast: Cast,
) -> None:
    absence = Absence.objects.create(expert=cast.aino.expert, starts_on=SINCE, ends_on=SINCE)
    pk = absence.pk
    absence.delete()
    written = past(Absence).filter(id=pk).latest("pgh_id").pgh_created_at
    retention.apply(now=written + dt.timedelta(days=85))
    assert past(Absence).filter(id=pk).exists()
    retention.apply(now=written + dt.timedelta(days=95))
    assert not past(Absence).filter(id=pk).exists()


def test_hours_go_when_they_are_over_and_those_without_an_end_stay(cast: Cast) -> None:
    common: dict[str, Any] = {
        "expert": cast.aino.expert,
        "weekday": 0,
        "starts_time": dt.time(9),
        "ends_time": dt.time(15),
        "starts_on": SINCE,
    }
    AvailabilityPattern.objects.create(**common, ends_on=dt.date(2026, 11, 1))
    stays = AvailabilityPattern.objects.create(**common)
    retention.apply(now=NOW)
    assert list(AvailabilityPattern.objects.all()) == [stays]


FULL: dict[str, Any] = {
    "phone": "+358401234567",
    "themes": "oman toipumisen kokemus",
    "themes_shown_to_units": True,
    "wishes": "aamuisin",
    "home_municipality": "Sastamala",
    "tax_card_seen_on": SINCE,
    "extract_seen_on": SINCE,
    "extract_seen_by": "Kaisa",
    "confidentiality_signed_on": SINCE,
    "max_km": 50,
}


@pytest.fixture
def ended(cast: Cast) -> Expert:
    """Aino's work ended on 1 March 2027; the register knew much of her."""
    expert = cast.aino.expert
    for name, value in FULL.items():
        setattr(expert, name, value)
    expert.save()
    expert.kinds.set(cast.kinds.values())
    expert.excluded_units.add(cast.nokia.unit)
    Training.objects.create(expert=expert, name="Koulutus", completed_on=SINCE)
    readiness.sign_off(
        expert, readiness.FourPoints(True, True, True, True), by=cast.coordinator, now=NOW
    )
    register.change_status(expert, to=ExpertStatus.ENDED, by=cast.coordinator, now=NOW)
    return expert


def test_own_words_go_first_then_contact_details_then_proofs_and_the_name(
    cast: Cast, ended: Expert
) -> None:
    def row() -> Expert:
        return Expert.objects.get(pk=ended.pk)

    retention.apply(now=at("2027-06-01 03:20"))
    assert (row().themes, row().phone) == (FULL["themes"], FULL["phone"])
    retention.apply(now=at("2027-06-02 03:20"))
    assert (row().themes, row().themes_shown_to_units, row().wishes) == ("", False, "")
    assert (row().phone, row().excluded_units.count()) == (FULL["phone"], 0)

    retention.apply(now=at("2029-03-01 03:20"))
    assert row().phone == FULL["phone"]
    retention.apply(now=at("2029-03-02 03:20"))
    assert (row().phone, row().email, row().home_municipality, row().max_km) == ("", "", "", None)
    assert (row().name, row().official_name, row().payroll_number) == ("–", "", "")
    assert (row().kinds.count(), ended.trainings.count()) == (0, 0)
    assert SignOff.objects.filter(expert=ended).exists()
    assert row().confidentiality_signed_on == SINCE

    retention.apply(now=at("2030-03-02 03:20"))
    assert not SignOff.objects.filter(expert=ended).exists()
    assert (row().confidentiality_signed_on, row().extract_seen_by) == (None, "")
    assert row().status == "ended"


def test_the_audit_no_longer_knows_who_it_was(cast: Cast, ended: Expert) -> None:
    retention.apply(now=at("2030-03-02 03:20"))
    rows = list(past(Expert).filter(id=ended.pk).values())
    assert len(rows) > 2
    said = str(rows)
    for value in (*FULL.values(), "Aino", "aino"):
        if isinstance(value, str):
            assert value not in said
    assert "aino" not in str(list(past(User).filter(id=ended.user_id).values()))
    assert {row["status"] for row in rows} == {"active", "ended"}


def test_the_account_of_somebody_who_ended_is_nobodys_and_opens_nothing(
    cast: Cast, ended: Expert, client: Any
) -> None:
    client.force_login(cast.aino.user)
    retention.apply(now=at("2029-03-02 03:20"))
    user = User.objects.get(pk=cast.aino.user.pk)
    assert (user.name, user.phone, user.email) == ("", "", f"removed-{user.pk}@removed.invalid")
    assert (user.is_active, user.has_usable_password()) == (False, False)
    assert client.get("/account/").status_code in {302, 404}
    assert User.objects.get(pk=cast.eero.user.pk).name == "Eero Kokeilu"


def test_an_account_with_another_role_stays(cast: Cast, ended: Expert) -> None:
    RoleGrant.objects.create(user=cast.aino.user, role=Role.WORK_SUPERVISOR, starts_on=SINCE)
    retention.apply(now=at("2030-03-02 03:20"))
    assert User.objects.get(pk=cast.aino.user.pk).name == "Aino Testilä"


def test_somebody_who_came_back_is_not_forgotten(cast: Cast, ended: Expert) -> None:
    register.change_status(ended, to=ExpertStatus.APPLICANT, by=cast.coordinator, now=NOW)
    retention.apply(now=at("2035-01-01 03:20"))
    back = Expert.objects.get(pk=ended.pk)
    assert (back.name, back.phone, back.ended_on) == ("Aino Testilä", FULL["phone"], None)


def test_contacts_accounts_go_after_two_years_and_staffs_with_the_vouchers(cast: Cast) -> None:
    User.objects.update(created_at=NOW)
    RoleGrant.objects.filter(role__in=[Role.CLINIC_CONTACT, Role.FINANCE]).update(
        ends_on=dt.date(2027, 3, 1)
    )
    new = make_user()
    User.objects.filter(pk=new.pk).update(created_at=at("2029-02-28 03:20"))

    def names() -> set[str]:
        found = User.objects.filter(pk__in=[cast.sari.pk, cast.finance.pk, new.pk])
        return {user.name for user in found}

    retention.apply(now=at("2029-03-01 03:20"))
    assert names() == {"Sari Sastamala", "Tiina Talous", new.name}
    retention.apply(now=at("2029-03-03 03:20"))
    assert names() == {"", "Tiina Talous", new.name}
    retention.apply(now=at("2034-12-31 03:20"))
    assert "Tiina Talous" in names()
    for day in ("2035-01-01 03:20", "2035-01-02 03:20"):
        retention.apply(now=at(day))
    assert names() == {""}


def test_looks_go_after_two_years(cast: Cast) -> None:
    for seen_at in (NOW, NOW + dt.timedelta(days=2)):
        traces.looked_at(
            subject_kind="expert",
            subject_id=cast.aino.expert.pk,
            viewer=cast.coordinator,
            page="experts:detail",
            now=seen_at,
        )
    retention.apply(now=at("2029-03-02 03:20"))
    assert [row.seen_at for row in PersonalDataView.objects.all()] == [NOW + dt.timedelta(days=2)]


def test_what_something_leans_on_stays_and_the_rest_goes(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A rule that is wrong must not stop the others, nor take more than the database allows."""
    free = Unit.objects.create(
        organisation=cast.county, name="Vapaa", slug="vapaa", municipality="Nokia"
    )
    Absence.objects.create(expert=cast.aino.expert, starts_on=SINCE, ends_on=SINCE)
    wrong = Delete("coordination.Unit", "", Span(), "made up for this test")
    monkeypatch.setattr(
        retention, "policy", lambda: [wrong, Delete("experts.Absence", "ends_on", Span(), "")]
    )
    done = retention.apply(now=NOW)
    assert done == {"coordination.Unit": 1, "experts.Absence": 1}
    assert Unit.objects.count() == 3
    assert not Unit.objects.filter(pk=free.pk).exists()


def test_many_rows_go_in_short_transactions(cast: Cast) -> None:
    count = retention.AT_ONCE * 2 + 1
    Absence.objects.bulk_create(
        Absence(expert=cast.aino.expert, starts_on=SINCE, ends_on=SINCE) for _ in range(count)
    )
    assert retention.apply(now=NOW) == {"experts.Absence": count}
    assert not past(Absence).exists()


def test_the_job_runs_once_a_night(cast: Cast) -> None:
    Absence.objects.create(expert=cast.aino.expert, starts_on=SINCE, ends_on=SINCE)

    assert jobs.registry["retention"].function is apply_retention

    def rows() -> list[JobRun]:
        return list(JobRun.objects.filter(job="retention"))

    jobs.due(now=at("2027-03-01 03:19"))
    assert rows() == []
    jobs.due(now=at("2027-03-01 03:20"))
    jobs.due(now=at("2027-03-01 04:00"))
    (row,) = rows()
    assert row.period == "2027-03-01"
    assert jobs.run(row.pk, now=at("2027-03-01 03:20")) is True
    assert jobs.run(row.pk, now=at("2027-03-01 03:21")) is False
    (row,) = rows()
    assert (row.state, Absence.objects.count()) == (JobState.DONE, 0)


def test_messages_lose_their_text_and_then_go(cast: Cast) -> None:
    common: dict[str, Any] = {
        "kind": "x",
        "to_email": "a@example.org",
        "language": "fi",
        "subject": "S",
        "body": "B",
        "created_at": NOW,
        "send_after": NOW,
    }
    OutboxMessage.objects.create(**common, key="sent", state="sent", sent_at=NOW)
    OutboxMessage.objects.create(**common, key="waits")

    def texts(now: str) -> dict[str, str]:
        retention.apply(now=at(now))
        return dict(OutboxMessage.objects.values_list("key", "body"))

    assert texts("2027-03-31 03:20") == {"sent": "B", "waits": "B"}
    assert texts("2027-04-01 03:20") == {"sent": "", "waits": "B"}
    assert texts("2028-03-02 03:20") == {"waits": "B"}


@pytest.mark.parametrize(
    ("now", "first_kept"),
    [
        ("2033-12-31 23:59", "2027-01-01"),
        ("2034-01-01 00:00", "2028-01-01"),
    ],
)
def test_years_end_at_midnight_in_helsinki(now: str, first_kept: str) -> None:
    assert YearEnd(6).limit(at(now)) == at(f"{first_kept} 00:00")


def test_a_month_is_a_calendar_month_also_in_february() -> None:
    assert Span(months=3).limit(at("2027-05-31 03:20")) == at("2027-02-28 03:20")
