"""The late check: under the locks, the one function that decides is asked once more."""

import datetime as dt
from collections.abc import Iterable, Mapping

from django.utils.translation import gettext as _

from coordination.errors import Refused
from coordination.models import User
from experts.models import Expert
from scheduling import eligibility
from scheduling.eligibility import Reason
from scheduling.models import Assignment, Overrule, Session

OWN_SEAT = frozenset({"already_here", "full"})
"""Reasons that somebody's own seat gives: they do not speak against keeping it."""

CODES = {"full": "full", "diary_overlap": "diary_overlap"}
LONGEST_WHY = 300


def check(
    session: Session, expert: Expert, *, overrules: Mapping[str, str], now: dt.datetime
) -> dict[str, str]:
    """The whys that are needed and given, by code.

    Raises Refused `full`, `diary_overlap` or `not_allowed` when anything blocks, `needs_why` when
    something asks and nobody has said why, `why_too_long`.
    """
    reasons = eligibility.reasons_for(session, [expert], now=now)[expert.pk]
    return judge(expert, reasons, overrules)


def judge(expert: Expert, reasons: list[Reason], overrules: Mapping[str, str]) -> dict[str, str]:
    """The same for reasons that have been found already, under the same locks."""
    _refuse_blocks(expert, eligibility.blocks(reasons))
    return whys_for(expert, eligibility.asks(reasons), overrules)


def check_seated(assignment: Assignment, *, now: dt.datetime) -> None:
    """Whether somebody who was asked may still come. What asks was settled when they were asked."""
    _refuse_blocks(assignment.expert, _others(assignment, OWN_SEAT, now=now))


def check_back(assignment: Assignment, *, now: dt.datetime) -> None:
    """Whether somebody who gave a shift up may have it back."""
    _refuse_blocks(assignment.expert, _others(assignment, frozenset(), now=now))


def _others(assignment: Assignment, but: frozenset[str], *, now: dt.datetime) -> list[Reason]:
    expert = assignment.expert
    reasons = eligibility.reasons_for(assignment.session, [expert], now=now)[expert.pk]
    return [reason for reason in eligibility.blocks(reasons) if reason.code not in but]


def _refuse_blocks(expert: Expert, blocks: list[Reason]) -> None:
    if not blocks:
        return
    code = next((CODES[reason.code] for reason in blocks if reason.code in CODES), "not_allowed")
    raise Refused(told(expert, blocks), code=code)


def told(expert: Expert, reasons: Iterable[Reason]) -> str:
    """The session's reasons as they stand, the person's after the name."""
    found = list(reasons)
    sentences = [reason.sentence for reason in found if reason.about == "session"]
    own = [reason.sentence for reason in found if reason.about == "person"]
    if own:
        sentences.append(f"{expert.name}: {'; '.join(own)}.")
    return " ".join(sentences)


def whys_for(expert: Expert, asks: list[Reason], overrules: Mapping[str, str]) -> dict[str, str]:
    """Why each of these may be overruled. Raises Refused `needs_why`, `why_too_long`."""
    given = {code: why.strip() for code, why in overrules.items()}
    open_ones = [reason for reason in asks if not given.get(reason.code)]
    if open_ones:
        sentence = _("Say why in spite of this: %(reasons)s")
        raise Refused(sentence % {"reasons": told(expert, open_ones)}, code="needs_why")
    whys = {reason.code: given[reason.code] for reason in asks}
    if any(len(why) > LONGEST_WHY for why in whys.values()):
        raise Refused(_("Say it in 300 characters at most."), code="why_too_long")
    return whys


def store(
    assignment: Assignment, whys: Mapping[str, str], *, by: User | None, now: dt.datetime
) -> None:
    """Who overruled what, and why; never a health reason (design.md, invariant 9).

    What is asked once more after a change has its newest why.
    """
    Overrule.objects.bulk_create(
        [
            Overrule(assignment=assignment, code=code, why=why, by=by, at=now)
            for code, why in whys.items()
        ],
        update_conflicts=True,
        unique_fields=["assignment", "code"],
        update_fields=["why", "by", "at"],
    )
