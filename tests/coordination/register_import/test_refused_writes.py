"""What stops a register from being written: then nothing of it is."""

import pytest

from billing.register_sheets.fee_rules import FeeRulesSheet
from coordination.errors import Refused
from coordination.models import Unit
from experts.models import Expert
from experts.register_sheets import people
from scheduling.models import Session
from tests.coordination.register_import.helpers import (
    edited,
    few,
    read,
    write,
)

pytestmark = pytest.mark.django_db

SHIFTS = "Vuorot 2027"
PEOPLE = "Kokemusasiantuntijat"


def test_a_payroll_number_of_somebody_in_vuoro_is_told() -> None:
    Expert.objects.create(name="Joku Muu", payroll_number="1000")
    found = {(p.row, p.column, p.reason) for p in read().problems if p.code == "duplicate"}
    assert (4, "Palkanlaskennan nro", "payroll_number_stored") in found


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
        write(read(edited(few)))
    assert Expert.objects.count() == Unit.objects.count() == Session.objects.count() == 0
