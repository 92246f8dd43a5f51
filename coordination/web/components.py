"""What the components need to know: looks of states, lines of reasons, errors of forms."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.forms import BaseForm, BoundField
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import pgettext_lazy

# A state is told by a word and a shape; colour only helps (ui.md, Tokens and Words for states).
_LOOKS: dict[str, tuple[str, str, str]] = {
    "confirmed": ("spruce", "filled", "check"),
    "accepted": ("spruce", "filled", "check"),
    "held": ("spruce", "filled", "check"),
    "active": ("spruce", "filled", "check"),
    "approved": ("spruce", "filled", "check"),
    "closed": ("", "filled", "lock"),
    "exported": ("", "filled", "lock"),
    "locked": ("", "filled", "lock"),
    "ended": ("", "outlined", ""),
    "proposed": ("sky", "dashed", "dots"),
    "sent": ("sky", "dashed", "dots"),
    "in_training": ("sky", "dashed", "dots"),
    "draft": ("", "dashed", ""),
    "applicant": ("", "dashed", ""),
    "requested": ("amber", "outlined", "alert"),
    "open": ("amber", "outlined", "circle"),
    "due": ("amber", "outlined", "alert"),
    "released": ("amber", "outlined", "alert"),
    "on_break": ("", "outlined", "pause"),
    "cancelled": ("rose", "struck", "cross"),
    "declined": ("rose", "struck", "cross"),
    "withdrawn": ("rose", "struck", "cross"),
    "expired": ("", "struck", "cross"),
    "superseded": ("", "struck", "cross"),
    "reversed": ("rose", "struck", "cross"),
    "no_show": ("rose", "outlined", "cross"),
}

_REASONS = {
    "block": ("rose", "cross", pgettext_lazy("reason", "cannot")),
    "ask": ("amber", "question", pgettext_lazy("reason", "ask")),
    "note": ("sky", "info", pgettext_lazy("reason", "note")),
}


def look(state: str) -> dict[str, str]:
    """Tone, shape and icon of a state; an unknown one is plain and outlined."""
    tone, shape, icon = _LOOKS.get(state.replace("-", "_"), ("", "outlined", ""))
    return {"tone": tone, "shape": shape, "icon": icon, "state": state}


def reason_lines(found: Iterable[Any]) -> list[dict[str, Any]]:
    """Reasons for the eye, the worst first; each has `level` (block, ask, note) and `text`."""
    order = list(_REASONS)
    lines = []
    for reason in found:
        level, text = (
            (reason["level"], reason["text"])
            if isinstance(reason, dict)
            else (reason.level, reason.text)
        )
        level = str(getattr(level, "value", level))
        tone, icon, word = _REASONS[level]
        lines.append({"level": level, "text": text, "tone": tone, "icon": icon, "word": word})
    return sorted(lines, key=lambda line: order.index(line["level"]))


def problems(forms: Iterable[BaseForm]) -> list[dict[str, str]]:
    """Every error of the forms in the order of the fields, with the address of its field."""
    found: list[dict[str, str]] = []
    for form in forms:
        if not form.is_bound:
            continue
        found += [{"message": str(error)} for error in form.non_field_errors()]
        for bound in form:
            for error in bound.errors:
                href = "" if bound.is_hidden else f"#{_control_id(bound)}"
                found.append({"message": str(error), "label": str(bound.label), "href": href})
    return found


def _control_id(bound: BoundField) -> str:
    if bound.id_for_label:
        return str(bound.id_for_label)
    first = next(iter(bound.subwidgets), None)  # a group of radios: its first choice
    return str((first.id_for_label if first else None) or bound.auto_id)


def tabs(pairs: Sequence[Any], *, path: str) -> SafeString:
    """Tabs as links from url, label, url, label…"""
    links = [
        {"url": url, "label": label, "current": str(url).split("?")[0] == path}
        for url, label in zip(pairs[::2], pairs[1::2], strict=True)
    ]
    return render_to_string("web/components/tabs.html", {"links": links})
