"""Today tells which promised shifts lack something, and the query says what the rules say."""

import datetime as dt
import itertools
from collections.abc import Callable

import pytest
import time_machine as tm
from django.test import Client

from coordination.models import Agreement, InsurancePolicy, UnitContact, User
from coordination.queries import readiness, readiness_sql
from scheduling.models import Session
from scheduling.queries import promised
from scheduling.services import promises
from tests.cast import Cast
from tests.scheduling.makers import DAY, NOW, make_session
from tests.scheduling.register_sheets.files import shift, write

pytestmark = pytest.mark.django_db


def test_today_says_what_a_promised_shift_lacks(
    ready: Cast, sign_in: Callable[[User], Client], time_machine: tm.TimeMachineFixture
) -> None:
    ready.sastamala.insurance.delete()
    write(shift(repeats="joka viikko"), shift("11.3.2027", people=""))
    [line] = promised.lacking(now=NOW)
    assert line.session == Session.objects.filter(series__isnull=False).order_by("starts_at")[0]
    assert line.in_all == Session.objects.filter(series__isnull=False).count()
    time_machine.move_to(NOW)
    html = sign_in(ready.coordinator).get("/today/").content.decode()
    assert str(line.why) in html
    assert f"/sessions/{line.session.pk}/" in html


def test_nothing_is_said_where_nothing_is_missing(ready: Cast) -> None:
    write(shift(repeats="joka viikko"))
    assert promised.lacking(now=NOW) == []


def test_a_group_without_its_professional_is_told(ready: Cast) -> None:
    session = make_session(ready.sastamala, kind=ready.kinds["group_session"])
    promises.seat(session, [ready.aino.expert], by=None, now=NOW, tell=False)
    [line] = promised.lacking(now=NOW)
    assert line.session == session


def test_the_query_and_the_rule_say_the_same(ready: Cast) -> None:
    """Each paper in force, over, to come, and not there at all; for kinds that need an agreement or not."""
    unit, on = ready.sastamala.unit, (NOW + 3 * DAY).date()
    kinds = [ready.kinds["lobby_shift"], ready.kinds["meeting"]]
    days = {
        "in force": (on, on),
        "over": (on - 30 * DAY, on - DAY),
        "to come": (on + DAY, None),
        "not there": None,
    }
    tried = 0
    for contact, insurance, agreement in itertools.product(days.values(), repeat=3):
        for rows, period in (
            (UnitContact.objects.filter(kind="contact"), contact),
            (InsurancePolicy.objects.all(), insurance),
            (Agreement.objects.all(), agreement),
        ):
            starts_on, ends_on = period or (on + 900 * DAY, None)
            rows.filter(unit=unit).update(starts_on=starts_on, ends_on=ends_on)
        for kind, covers in itertools.product(kinds, (True, False)):
            ready.sastamala.agreement.kinds.set([kind] if covers else [])
            session = make_session(ready.sastamala, f"{on} 09:30", kind=kind)
            tried += _same(session, on)
    assert tried == 4**3 * 4


def _same(session: Session, on: dt.date) -> int:
    request = readiness.Request(session.unit, session.kind, session.site, on)
    (found,) = readiness.missing_for_units([request])
    row = Session.objects.filter(pk=session.pk).annotate(local_day=promised._local_day())
    conditions = readiness_sql.missing(unit="unit", kind="kind", on="local_day")
    asked = {code for code, condition in conditions.items() if row.filter(condition).exists()}
    assert asked == set(found) - {readiness.NO_SPACE_AGREEMENT}
    return 1
