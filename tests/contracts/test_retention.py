"""Every stored table has a rule about how long it is kept, and the page that tells the rules is fresh."""

from typing import Any

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import models

from coordination import retention
from coordination.management.commands.retention import BEGIN, END, with_table
from coordination.models import User
from coordination.retention import Blank, Keep, Rule
from coordination.retention_policy import CLOSED
from experts.models import Expert
from experts.retention_policy import COLUMNS_THAT_STAY

ACCOUNT_THAT_STAYS = {
    *("id", "language", "created_at", "last_login"),
    "sign_in_version",
}
"""Of an account without its person: numbers and moments."""


def stored() -> set[str]:
    """Tables of ours and of libraries, but for what the audit keeps: that follows its rows."""
    return {
        model._meta.label
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy and not hasattr(model, "pgh_tracked_model")
    }


def test_every_table_has_a_rule_and_every_rule_a_table() -> None:
    """A new table: say in <package>/retention_policy.py how long it is kept, and why."""
    assert {rule.model for rule in retention.policy()} == stored()


def test_a_table_that_stays_altogether_says_why() -> None:
    for rule in retention.policy():
        assert len(rule.why) > 10, rule


def _path_end(model: Any, lookup: str) -> Any:
    meta, found = model._meta, None
    for name in lookup.split("__"):
        found = meta.get_field(name)
        meta = found.related_model._meta if found.is_relation else meta
    return found


@pytest.mark.parametrize(
    "rule",
    [rule for rule in retention.policy() if not isinstance(rule, Keep)],
    ids=lambda rule: f"{rule.model}-{rule.since}",
)
def test_a_rule_speaks_of_columns_there_are(rule: Any) -> None:
    model = apps.get_model(rule.model)
    if rule.since:
        assert isinstance(_path_end(model, rule.since), models.DateField)
    if isinstance(rule, Blank):
        names = {column.name for column in model._meta.fields}
        assert {*rule.columns, *rule.also} <= names


def _blanked(model: str) -> set[str]:
    rules: list[Rule] = retention.policy()
    blanks = [rule for rule in rules if isinstance(rule, Blank) and rule.model == model]
    return {name for rule in blanks for name in rule.columns}


def test_every_column_of_a_person_goes_or_says_why_it_stays() -> None:
    columns = {column.name for column in Expert._meta.fields}
    assert _blanked("experts.Expert") & set(COLUMNS_THAT_STAY) == set()
    assert _blanked("experts.Expert") | set(COLUMNS_THAT_STAY) == columns


def test_every_column_of_an_account_goes_or_is_known_to_stay() -> None:
    columns = {column.name for column in User._meta.fields}
    assert columns - _blanked("coordination.User") - set(CLOSED) <= ACCOUNT_THAT_STAYS


def test_the_page_tells_the_rules_of_today() -> None:
    call_command("retention", check=True)


def test_a_page_that_tells_other_rules_is_stale() -> None:
    page = f"# A\n{BEGIN}\n| stale row |\n{END}\nB\n"
    assert "stale row" not in with_table(page)
    assert with_table(page).endswith(f"{END}\nB\n")
