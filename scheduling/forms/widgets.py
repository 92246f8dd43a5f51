"""Widgets of the scheduling pages."""

from typing import Any

from coordination.web.widgets import RadioCards

SHOWN_AT_ONCE = 3
"""How many forms of work are seen at once; the rest fold (ui.md, "Clinic, book")."""


class KindCards(RadioCards):
    """Forms of work as big choices: the first three open, the others behind one press."""

    template_name = "scheduling/widgets/kind_cards.html"

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        options = [option for _, group, _ in context["widget"]["optgroups"] for option in group]
        context["first"], context["rest"] = options[:SHOWN_AT_ONCE], options[SHOWN_AT_ONCE:]
        context["rest_open"] = any(option["selected"] for option in context["rest"])
        return context
