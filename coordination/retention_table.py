"""The table of docs/data-protection.md, written from the rules the daily job reads."""

from coordination import retention
from coordination.retention import Blank, Delete, Keep, Rule

HEAD = "| table | what happens | when | why |\n| --- | --- | --- | --- |"


def markdown() -> str:
    """What goes, the ground floor last as the job does it; then what stays, and why."""
    rules = retention.policy()
    lines = [_line(rule) for rule in rules if not isinstance(rule, Keep)]
    kept: dict[str, list[str]] = {}
    for rule in rules:
        if isinstance(rule, Keep):
            kept.setdefault(rule.why, []).append(f"`{rule.model}`")
    stays = [f"- {', '.join(sorted(names))}: {why}." for why, names in kept.items()]
    return "\n".join([HEAD, *lines, "", "What stays:", "", *stays])


def _line(rule: Rule) -> str:
    assert isinstance(rule, Delete | Blank)
    what = "deleted"
    if isinstance(rule, Blank):
        what = "blanked: " + ", ".join(rule.columns)
    when = f"{rule.after} after `{rule.since}`" if rule.since else "at once"
    if rule.since and str(rule.after) == "at once":
        when = f"after `{rule.since}`"
    if " after the end" in str(rule.after):
        when = f"{rule.after} of `{rule.since}`"
    return f"| `{rule.model}` | {what} | {when} | {rule.why} |"
