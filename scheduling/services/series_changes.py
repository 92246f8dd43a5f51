"""Changing a series from a day on, or all of it: looked at first, then done as it was shown.

The look is the change itself, taken back at the end: nothing is reckoned twice, so nothing can differ.
A day keeps its session, whatever happens to its hour or weekday; what was edited by hand stays as it
is, and what was cancelled stays cancelled. "This and later" cuts the series in two, so that its past
keeps the rule it was held by.
"""

import datetime as dt
import hashlib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any, TypedDict, Unpack

from django.utils.translation import gettext as _

from coordination import formats
from coordination.errors import Refused
from coordination.models import Site, User
from coordination.transactions import one_transaction
from scheduling import eligibility, occurrences, recurrence
from scheduling.eligibility import Reason
from scheduling.models import Assignment, Series, Session, SkippedOccurrence
from scheduling.models.sessions import SkipCode
from scheduling.occurrences import Occurrence, Pattern, Skipped
from scheduling.services import (
    changes,
    estimates,
    locks,
    outcomes,
    pairing,
    recipients,
    series,
    sessions,
)
from scheduling.services.appointments import APPOINTMENT, check_appointment
from scheduling.services.pairing import Pair

TIMING = ("starts_time", "minutes", "recurrence", "ends_on", "skips_holidays")


class SeriesChanges(TypedDict, total=False):
    """What may be changed; what is left out stays. Wall times of the unit."""

    site: Site | None
    place_kind: str
    seats: int
    responsible_professional: str
    support_person: str
    support_phone: str
    professional_present: bool
    with_minors: bool
    language: str
    notes: str
    starts_time: dt.time
    minutes: int
    recurrence: str
    ends_on: dt.date | None
    skips_holidays: bool


@dataclass(frozen=True)
class Step:
    """A session before and after; `unfit` are its people who block or must be asked about."""

    before: Session
    after: Session
    unfit: dict[int, list[Reason]] = field(default_factory=dict)
    people: dict[int, Assignment] = field(default_factory=dict)

    @property
    def lines(self) -> list[dict[str, str]]:
        """Who would not fit, and why, for the page."""
        return [
            {"name": self.people[pk].expert.name, "text": "; ".join(r.sentence for r in reasons)}
            for pk, reasons in self.unfit.items()
        ]


@dataclass
class SeriesPreview:
    """What a change does: days in order. `told` and `to_call` are names; sums are euros or unknown."""

    first_on: dt.date
    is_cut: bool = False
    changed: list[Step] = field(default_factory=list)
    made: list[Occurrence] = field(default_factory=list)
    cancelled: list[Session] = field(default_factory=list)
    kept: list[Session] = field(default_factory=list)
    """Edited by hand, or begun: they stay as they are."""
    skipped: list[Skipped] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    to_call: list[str] = field(default_factory=list)
    cost_before: Decimal | None = None
    cost_after: Decimal | None = None

    @property
    def blocked(self) -> list[Step]:
        return [step for step in self.changed if _any(step, eligibility.blocks)]

    @property
    def asked(self) -> dict[str, str]:
        """By code: what has to be overruled for those who stay, in words."""
        return {
            reason.code: reason.sentence
            for step in self.changed
            for reasons in step.unfit.values()
            if not eligibility.blocks(reasons)
            for reason in eligibility.asks(reasons)
        }

    @property
    def digest(self) -> str:
        """The same for the same outcome: what was shown is what is done."""
        said = [
            [(s.before.pk, str(s.after.starts_at), str(s.after.ends_at)) for s in self.changed],
            [
                sorted((pk, [r.code for r in rs]) for pk, rs in s.unfit.items())
                for s in self.changed
            ],
            [o.on for o in self.made],
            [s.pk for s in self.cancelled],
            sorted(self.told),
        ]
        return hashlib.sha256(repr(said).encode()).hexdigest()[:16]


def _any(step: Step, which: Any) -> bool:
    return any(which(reasons) for reasons in step.unfit.values())


class _TakenBack(Exception):
    """No error: it ends a look."""


def preview_change(
    row: Series,
    *,
    since: dt.date | None = None,
    by: User,
    now: dt.datetime,
    **wanted: Unpack[SeriesChanges],
) -> SeriesPreview:
    """What `change` would do, as if everybody who cannot stay were taken off; nothing is saved.

    Raises Refused as `change` would for values that no series can have.
    """
    seen: list[SeriesPreview] = []

    @one_transaction
    def look() -> None:
        run = _Run(row, since=since, by=by, now=now, wanted=dict(wanted), looks=True)
        seen.append(run.carry_out()[1])
        raise _TakenBack

    with suppress(_TakenBack):
        look()
    return seen[-1]


@one_transaction
def change(
    row: Series,
    *,
    since: dt.date | None = None,
    by: User,
    now: dt.datetime,
    take_off: bool = False,
    whys: Mapping[str, str] | None = None,
    seen: str | None = None,
    **wanted: Unpack[SeriesChanges],
) -> Series:
    """Change a series from `since` on (a local day; None: all that is to come); the series that goes on.

    `take_off`: who would be blocked is taken off those sessions and told. `whys`, by code, say why
    everybody else stays in spite of what the change newly asks. `seen` is the digest of the preview
    that was shown. Raises Refused `wrong_state` when the series has ended, `changed_meanwhile` when
    the outcome is not what was seen, `no_longer_fits`, `needs_why`, `nothing_changes`,
    `recurrence`, `days`, and what changing a session raises.
    """
    run = _Run(row, since=since, by=by, now=now, wanted=dict(wanted), take_off=take_off, whys=whys)
    goes_on, outcome = run.carry_out()
    if seen is not None and seen != outcome.digest:
        raise Refused(
            _("Something has changed meanwhile. Look at what would happen once more."),
            code="changed_meanwhile",
        )
    return goes_on


class _Run:
    """One change on its way."""

    def __init__(
        self,
        row: Series,
        *,
        since: dt.date | None,
        by: User,
        now: dt.datetime,
        wanted: dict[str, Any],
        looks: bool = False,
        take_off: bool = False,
        whys: Mapping[str, str] | None = None,
    ) -> None:
        self.by, self.now, self.looks = by, now, looks
        self.take_off, self.whys = take_off or looks, dict(whys or {})
        self.row, self.since = _locked(row, now=now), since
        self.wanted = {k: v for k, v in wanted.items() if getattr(self.row, k) != v}
        self.old = series.pattern_of(self.row)
        self.first_on = self._first_on()
        self.out = SeriesPreview(first_on=self.first_on)
        self.heard: list[Assignment] = []

    def carry_out(self) -> tuple[Series, SeriesPreview]:
        self._check()
        pairs = pairing.pairs(self.row, first_on=self.first_on, new=self._new_pattern())
        before = self._cost(self.row, [p.session for p in pairs if p.is_alive(self.now)])
        goes_on = self._written()
        self._settle(goes_on, pairs)
        self._account(goes_on, before)
        return goes_on, self.out

    def _first_on(self) -> dt.date:
        today = self.now.astimezone(self.row.unit.zone).date()
        coming = series.to_come(self.row, now=self.now).values_list("occurrence_on", flat=True)
        first = next((on for on in coming if on and on >= (self.since or today)), None)
        return first or max(self.since or today, self.row.starts_on)

    def _check(self) -> None:
        if not self.wanted:
            raise Refused(_("Nothing would change."), code="nothing_changes")
        if "recurrence" in self.wanted:
            recurrence.read(self.wanted["recurrence"])
        ends_on = self.wanted.get("ends_on")
        if ends_on is not None and ends_on < self.first_on:
            raise Refused(
                _("The last day must not be before the first day that changes."), code="days"
            )
        value = {name: self.wanted.get(name, getattr(self.row, name)) for name in APPOINTMENT}
        check_appointment(
            kind=self.row.kind,
            unit=self.row.unit,
            site=value["site"],
            place_kind=value["place_kind"],
            seats=value["seats"],
            minutes=self.wanted.get("minutes", self.row.minutes),
        )

    def _new_pattern(self) -> Pattern:
        """The rule from `first_on` on; a new rhythm may begin earlier in the same week or month."""
        timing = {name: self.wanted[name] for name in TIMING if name in self.wanted}
        new = replace(self.old, **timing)
        if "recurrence" not in timing:
            return replace(new, starts_on=self.first_on) if self._cuts() else new
        today = self.now.astimezone(self.row.unit.zone).date()
        before = self.row.sessions.filter(occurrence_on__lt=self.first_on)
        last = before.order_by("-occurrence_on").values_list("occurrence_on", flat=True).first()
        floor = max(today, last or today) + dt.timedelta(days=1)
        start = pairing.start_of_period(self.first_on, new.recurrence)
        starts_on = replace(new, starts_on=max(start, floor))
        first = occurrences.first_day(starts_on)
        if first is None:
            raise Refused(_("The series would have no day left."), code="days")
        return replace(new, starts_on=first)

    def _cuts(self) -> bool:
        """Whether days before `first_on` keep the rule they were made by."""
        changes_rhythm = "recurrence" in self.wanted
        later_only = self.since is not None
        has_before = self.row.starts_on < self.first_on
        return has_before and (later_only or changes_rhythm)

    def _written(self) -> Series:
        """The series row that goes on: this one changed, or a new one cut off from it."""
        pattern = self._new_pattern()
        row = self.row
        self.out.is_cut = self._cuts()
        if not self.out.is_cut:
            for name, value in self.wanted.items():
                setattr(row, name, value)
            row.starts_on = pattern.starts_on
            row.save()
            return row
        values = {name: getattr(row, name) for name in (*APPOINTMENT, *TIMING)}
        goes_on = Series.objects.create(
            **{**values, **self.wanted},
            booking=row.booking,
            continues=row,
            starts_on=pattern.starts_on,
            made_until=row.made_until,
        )
        for person in row.preferred.all():
            person.pk, person.series = None, goes_on
            person.save(force_insert=True)
        row.ends_on = self.first_on - dt.timedelta(days=1)
        row.save(update_fields=["ends_on"])
        return goes_on

    def _settle(self, goes_on: Series, pairs: list[Pair]) -> None:
        pattern = series.pattern_of(goes_on)
        closed = _closed_days(pattern, [p.on for p in pairs if p.on])
        locks.people_of([p.session.pk for p in pairs if p.session is not None])
        for pair in pairs:
            self._settle_one(goes_on, pattern, pair, closed)
        there = set(goes_on.sessions.values_list("occurrence_on", flat=True))
        there |= set(goes_on.skipped.values_list("occurrence_on", flat=True))
        wanted = [p.on for p in pairs if p.on and p.on not in there]
        skipped = [closed[on] for on in wanted if on in closed]
        series.skip(goes_on, skipped)
        self.out.skipped = skipped
        new = [occurrences.at(pattern, on) for on in wanted if on not in closed]
        new = [occurrence for occurrence in new if occurrence.starts_at > self.now]
        made_before = set(goes_on.sessions.values_list("pk", flat=True))
        series.make_days(goes_on, new, now=self.now)
        made = goes_on.sessions.exclude(pk__in=made_before)
        days = set(made.values_list("occurrence_on", flat=True))
        self.out.made = [occurrence for occurrence in new if occurrence.on in days]

    def _settle_one(
        self, goes_on: Series, pattern: Pattern, pair: Pair, closed: dict[dt.date, Skipped]
    ) -> None:
        session = pair.session
        if pair.skipped is not None:
            _settle_skipped(goes_on, pair.skipped, pair.on)
        if session is None:
            return
        if not pair.is_alive(self.now) or session.edited_by_hand:
            if pair.is_alive(self.now):
                self.out.kept.append(session)
            if pair.on:
                _key(session, goes_on, pair.on)
            return
        if pair.on is None or pair.on in closed:
            self.heard += outcomes.waiting_or_coming(session)
            sessions.cancel(session, by=self.by, now=self.now)
            self.out.cancelled.append(session)
            return
        _key(session, goes_on, pair.on)
        self._change_one(session, occurrences.at(pattern, pair.on))

    def _change_one(self, session: Session, to: Occurrence) -> None:
        values: dict[str, Any] = {n: v for n, v in self.wanted.items() if n in APPOINTMENT}
        values |= {"starts_at": to.starts_at, "ends_at": to.ends_at}
        values = {name: value for name, value in values.items() if getattr(session, name) != value}
        if not values:
            return
        try:
            step = self._step(session, values)
            after = changes.change(
                session,
                by=self.by,
                now=self.now,
                release=[pk for pk, rs in step.unfit.items() if eligibility.blocks(rs)],
                overrules=self._overrules(step),
                with_series=True,
                **values,
            )
        except Refused as refused:
            day = formats.day(to.on)
            raise Refused(f"{day}: {refused}", code=refused.code) from refused
        self.out.changed.append(replace(step, after=after))

    def _step(self, session: Session, values: dict[str, Any]) -> Step:
        preview = changes.preview_change(session, now=self.now, **values)
        self.heard += preview.told
        people = {a.pk: a for a in outcomes.waiting_or_coming(session) if a.pk in preview.unfit}
        self.heard += [a for pk, a in people.items() if eligibility.blocks(preview.unfit[pk])]
        step = Step(before=session, after=session, unfit=preview.unfit, people=people)
        if not self.take_off and _any(step, eligibility.blocks):
            names = ", ".join(
                a.expert.name for pk, a in people.items() if eligibility.blocks(preview.unfit[pk])
            )
            raise Refused(
                _("%(names)s could no longer come.") % {"names": names}, code="no_longer_fits"
            )
        return step

    def _overrules(self, step: Step) -> dict[int, dict[str, str]]:
        def why(code: str) -> str:
            return self.whys.get(code, "–" if self.looks else "")

        return {
            pk: {reason.code: why(reason.code) for reason in eligibility.asks(reasons)}
            for pk, reasons in step.unfit.items()
        }

    def _cost(self, row: Series, alive: list[Session | None]) -> Decimal | None:
        days = [s.starts_at.astimezone(s.zone).date() for s in alive if s is not None]
        return estimates.estimate(
            kind=row.kind, unit=row.unit, days=days, minutes=self.old.minutes, seats=row.seats
        )

    def _account(self, goes_on: Series, before: Decimal | None) -> None:
        """Who hears of it, and what the days cost before and after."""
        out = self.out
        out.cost_before = before
        alive = series.to_come(goes_on, now=self.now).filter(occurrence_on__gte=self.first_on)
        days = [s.starts_at.astimezone(s.zone).date() for s in alive]
        out.cost_after = estimates.estimate(
            kind=goes_on.kind,
            unit=goes_on.unit,
            days=days,
            minutes=goes_on.minutes,
            seats=goes_on.seats,
        )
        experts = list({a.expert_id: a.expert for a in self.heard}.values())
        reached = [who for expert in experts for who in recipients.of_expert(expert)]
        if out.cancelled or any(changes.tells(s.before, s.after) for s in out.changed):
            reached += recipients.clinic_contacts(goes_on.unit, on=self.first_on)
        out.told = [who.name for who in recipients.but_not(reached, self.by)]
        out.to_call = [e.name for e in experts if not recipients.of_expert(e)]
        out.changed.sort(key=lambda step: step.after.starts_at)
        out.cancelled.sort(key=lambda session: session.starts_at)
        out.kept.sort(key=lambda session: session.starts_at)


def _locked(row: Series, *, now: dt.datetime) -> Series:
    series.people_first(row, after=dt.date.min, now=now)
    found = (
        Series.objects.select_for_update(no_key=True, of=("self",))
        .select_related("kind", "unit", "site")
        .get(pk=row.pk)
    )
    if found.ended_at is not None:
        raise Refused(_("This series has ended already."), code="wrong_state")
    return found


def _closed_days(pattern: Pattern, days: list[dt.date]) -> dict[dt.date, Skipped]:
    if not pattern.skips_holidays or not days:
        return {}
    _made, skipped = occurrences.plan(pattern, until=max(days))
    return {found.on: found for found in skipped if found.on in days}


def _key(session: Session, goes_on: Series, on: dt.date) -> None:
    """Make a session that day's of the series, without touching its hours."""
    Session.objects.filter(pk=session.pk).update(series=goes_on, occurrence_on=on)
    session.series, session.occurrence_on = goes_on, on


def _settle_skipped(goes_on: Series, skipped: SkippedOccurrence, on: dt.date | None) -> None:
    """What was taken out stays out; what a holiday or a paper kept out is looked at anew."""
    if on is not None and skipped.code in (SkipCode.REMOVED, SkipCode.PAST):
        SkippedOccurrence.objects.filter(pk=skipped.pk).update(series=goes_on, occurrence_on=on)
    else:
        skipped.delete()
