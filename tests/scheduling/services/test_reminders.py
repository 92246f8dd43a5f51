"""What time brings: once each, however often the job runs, and by the register of jobs."""

import datetime as dt

import pytest
from django.utils import translation

from coordination import jobs
from coordination.models import JobRun, OutboxMessage
from scheduling.models import Assignment, Session
from scheduling.services import assignments, reminders, sessions
from scheduling.tasks import jobs as our_jobs
from tests.cast import Cast
from tests.scheduling.makers import DAY, HOUR, NOW, claim_seat, local, mails, make_session


def _seat(cast: Cast, session: Session, name: str = "aino") -> Assignment:
    expert = getattr(cast, name).expert
    made = claim_seat(session, expert=expert, by=None, now=NOW)
    OutboxMessage.objects.all().delete()
    return made


def test_the_day_before_each_gets_one_reminder(ready: Cast) -> None:
    _seat(ready, make_session(ready.sastamala, "2027-03-04 09:30"))
    _seat(ready, make_session(ready.nokia, "2027-03-05 09:30"), "eero")
    asked = make_session(ready.ikaalinen, "2027-03-04 09:30")
    assignments.propose(
        asked, expert=ready.onni.expert, overrules={}, by=ready.coordinator, now=NOW
    )
    OutboxMessage.objects.all().delete()
    day_before = local("2027-03-03 09:00")
    for _again in range(3):
        reminders.remind(now=day_before)
    assert mails() == [("reminder", ready.aino.user.email)]
    subject = OutboxMessage.objects.get().subject
    assert subject == "Seuraava vuorosi: to 4.3. klo 9.30–13.30, Sastamala"


@pytest.mark.parametrize(
    ("starts", "reminded"),
    [
        ("2027-10-31 00:30", True),  # the day of 25 hours, from its first hour to its last
        ("2027-10-31 23:00", True),
        ("2027-11-01 00:30", False),
        ("2027-10-30 23:30", False),
    ],
)
def test_tomorrow_is_a_calendar_day_in_helsinki(ready: Cast, starts: str, reminded: bool) -> None:
    _seat(ready, make_session(ready.sastamala, starts, 0.5))
    reminders.remind(now=local("2027-10-30 09:00"))
    assert bool(mails("reminder")) is reminded


def test_a_moved_session_is_reminded_of_again(ready: Cast) -> None:
    session = make_session(ready.sastamala, "2027-03-04 09:30")
    _seat(ready, session)
    reminders.remind(now=local("2027-03-03 09:00"))
    sessions.change(
        session,
        starts_at=session.starts_at + DAY,
        ends_at=session.ends_at + DAY,
        by=ready.coordinator,
        now=local("2027-03-03 10:00"),
    )
    reminders.remind(now=local("2027-03-04 09:00"))
    assert len(mails("reminder")) == 2


def test_unit_and_coordinators_are_asked_once_what_was_held(ready: Cast) -> None:
    session = make_session(ready.sastamala)
    _seat(ready, session)
    empty = make_session(ready.sastamala, "2027-03-03 09:30")
    reminders.prompt_closeouts(now=session.ends_at - HOUR)
    assert mails() == []
    for _again in range(3):
        reminders.prompt_closeouts(now=session.ends_at + HOUR)
    assert sorted(mails()) == [
        ("closeout_prompt", ready.coordinator.email),
        ("closeout_prompt", ready.sari.email),
    ]
    assert empty.state == "open"


def test_a_closed_session_is_not_asked_about(ready: Cast) -> None:
    session = make_session(ready.sastamala)
    _seat(ready, session)
    after = session.ends_at + HOUR
    sessions.close(
        session,
        actual_starts_at=session.starts_at,
        actual_ends_at=session.ends_at,
        by=ready.sari,
        now=after,
    )
    reminders.prompt_closeouts(now=after)
    assert mails() == []


OURS = {
    "shift-reminders",
    "closeout-prompts",
    "offers-expire",
    "series-horizon",
    "sessions-not-held",
    "plan-sweep",
}


def test_the_jobs_are_registered_and_run_once_a_period(ready: Cast) -> None:
    ours = {
        name
        for name, known in jobs.registry.items()
        if known.function.__module__ == our_jobs.__name__
    }
    assert ours == OURS
    _seat(ready, make_session(ready.sastamala, "2027-03-04 09:30"))
    now = local("2027-03-03 09:05")
    for _tick in range(3):
        for job_run_id in jobs.due(now=now):
            jobs.run(job_run_id, now=now)
    rows = JobRun.objects.filter(job__in=OURS)
    assert sorted(rows.values_list("job", "state", "attempts")) == [
        (name, "done", 1) for name in sorted(OURS)
    ]
    assert mails("reminder") == [("reminder", ready.aino.user.email)]


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_each_mail_is_in_the_readers_language(ready: Cast, language: str) -> None:
    ready.aino.expert.language = language
    ready.aino.expert.save(update_fields=["language"])
    _seat(ready, make_session(ready.sastamala))
    with translation.override("fi"):
        reminders.remind(now=local("2027-03-03 09:00"))
    message = OutboxMessage.objects.get()
    starts = {"fi": "Seuraava vuorosi: ", "sv": "Ditt nästa pass: ", "en": "Your next shift: "}
    assert message.language == language
    assert message.subject.startswith(starts[language])
    when = {"fi": "to 4.3. klo 9.30–13.30", "sv": "tors 4.3. kl. 9.30–13.30"}
    assert when.get(language, "Thu 4 Mar, 09:30–13:30") in message.subject


def test_long_ago_is_listed_and_not_mailed(ready: Cast) -> None:
    session = make_session(ready.sastamala)
    _seat(ready, session)
    reminders.prompt_closeouts(now=session.ends_at + dt.timedelta(days=15))
    assert mails() == []
