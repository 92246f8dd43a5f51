"""What a person still lacks before working, or will lack soon, as sentences for the coordinator."""

import datetime as dt
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from coordination import formats
from experts.models import Expert
from experts.queries.readiness import Readiness, TrainingState

SOON = dt.timedelta(days=60)
"""Two months is time enough to arrange a training."""
EXTRACT_LASTS = dt.timedelta(days=365)
"""Our choice, for a reminder only: an extract shown a year ago is asked for again."""


@dataclass(frozen=True)
class Lack:
    """`level`: block (cannot work without), ask (somebody should look), note (good to know)."""

    code: str
    level: str
    text: "str | Promise"


def lacks(ready: Readiness, *, today: dt.date) -> list[Lack]:
    """Everything a person lacks on a day, the worst first."""
    found = [
        *_training(ready, today),
        *_sign_off(ready),
        *_orientation(ready),
        *_papers(ready.expert, today),
        *_supervision(ready),
        *_agreed(ready),
    ]
    return sorted(found, key=lambda lack: ("block", "ask", "note").index(lack.level))


def _training(ready: Readiness, today: dt.date) -> list[Lack]:
    state = ready.training(today)
    if state is TrainingState.MISSING:
        text = _("No completed expert by experience training.")
        return [Lack("training_missing", "block", text)]
    if state is TrainingState.EXPIRED:
        return [Lack("training_expired", "block", _("The training is no longer valid."))]
    ends = ready.training_ends_on(today)
    if ends is not None and ends - today <= SOON:
        text = _("The training is valid until %(day)s.")
        return [Lack("training_ends", "ask", text % {"day": formats.day(ends)})]
    return []


def _sign_off(ready: Readiness) -> list[Lack]:
    if ready.sign_off is not None:
        return []
    return [Lack("not_signed_off", "block", _("The four points have not been signed off."))]


def _orientation(ready: Readiness) -> list[Lack]:
    if ready.oriented_on:
        return []
    return [Lack("not_oriented", "ask", _("No orientation at any unit yet."))]


def _papers(expert: Expert, today: dt.date) -> list[Lack]:
    found = []
    if expert.confidentiality_signed_on is None:
        text = _("The duty of confidentiality has not been signed for.")
        found.append(Lack("confidentiality", "ask", text))
    if not expert.is_volunteer:
        found += _pay(expert, today)
    if expert.extract_seen_on is None:
        text = _("No criminal-record extract has been seen: no work with minors.")
        found.append(Lack("extract_missing", "note", text))
    elif expert.extract_seen_on + EXTRACT_LASTS - today <= SOON:
        text = _("The criminal-record extract was seen on %(day)s, so it will soon be a year old.")
        if expert.extract_seen_on + EXTRACT_LASTS < today:
            text = _("The criminal-record extract was seen over a year ago, on %(day)s.")
        day = formats.day(expert.extract_seen_on)
        found.append(Lack("extract_old", "note", text % {"day": day}))
    return found


def _pay(expert: Expert, today: dt.date) -> list[Lack]:
    found = []
    if not expert.payroll_number:
        text = _("No payroll number: fees cannot be paid.")
        found.append(Lack("payroll_number", "ask", text))
    if expert.tax_card_seen_on is None or expert.tax_card_seen_on.year < today.year:
        text = _("This year's tax card has not been seen.")
        found.append(Lack("tax_card", "note", text))
    return found


def _supervision(ready: Readiness) -> list[Lack]:
    due = ready.supervision
    if not due.is_due:
        return []
    if due.days_late == 0:
        return [Lack("supervision_due", "ask", _("Work supervision is due today."))]
    text = ngettext(
        "Work supervision is %(days)s day late.",
        "Work supervision is %(days)s days late.",
        due.days_late,
    ) % {"days": due.days_late}
    return [Lack("supervision_due", "ask", text)]


def _agreed(ready: Readiness) -> list[Lack]:
    found = []
    if not ready.kind_ids:
        found.append(Lack("no_kinds", "ask", _("No form of work has been agreed.")))
    if not ready.patterns:
        text = _("No weekly hours have been given.")
        found.append(Lack("no_hours", "note", text))
    if not ready.expert.email and ready.expert.user_id is None:
        text = _("No e-mail address: messages cannot be sent.")
        found.append(Lack("no_email", "ask", text))
    elif ready.expert.user_id is None:
        text = _("No account yet: the person cannot sign in.")
        found.append(Lack("no_account", "note", text))
    return found
