"""Where in Vuoro a change was made, in words: the names of addresses mean nothing to people."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

_PEOPLE = ("invite", "invitation_", "person", "grant_", "account_end", "account_open")
_OWN = ("own_account", "account_", "mfa_", "set_", "experts:own_edit")
_PLACES = ("unit_", "site_", "contact_", "space_", "insurance_", "agreement_")
_SESSIONS = ("scheduling:session_", "scheduling:seat_", "scheduling:assign", "scheduling:ask")
_SERIES = ("scheduling:series_", "scheduling:prefer", "scheduling:add_back")
_OWN_SHIFTS = ("scheduling:shift_", "scheduling:offer_answer", "scheduling:tally")

WORDS: tuple[tuple[tuple[str, ...], Promise], ...] = (
    (("api:",), _("Through the API")),
    (("keys:",), _("Keys to the API")),
    (("scheduling:answer",), _("From the link of a mail")),
    ((*_PEOPLE, "account_address", "second_factor_reset"), _("People")),
    (("invitation",), _("From the link of a mail")),
    (_OWN, _("Own account")),
    (_PLACES, _("Units")),
    (("organisation_",), _("Organisations")),
    (("project_",), _("Funding projects")),
    (("kind_",), _("Forms of work")),
    (("message_",), _("Messages")),
    (("register_import",), _("Register import")),
    (("feed_",), _("Calendar")),
    (("experts:supervision_rule",), _("Supervision rule")),
    (("experts:supervision_", "experts:held_session"), _("Work supervision")),
    (("experts:orientation_unit", "experts:professional_"), _("Orientation")),
    (("experts:own_",), _("When I can")),
    (("experts:",), _("Register")),
    (("scheduling:booking_",), _("Bookings")),
    (_SERIES, _("Series")),
    (("scheduling:plan",), _("Plan a period")),
    (_OWN_SHIFTS, _("Coming shifts")),
    (_SESSIONS, _("Sessions")),
    (("billing:closeout", "billing:presence"), _("To be recorded")),
    (("billing:rule_",), _("Fee rules")),
    (("billing:batch", "billing:export"), _("Pay batches")),
    (("billing:approve", "billing:line_"), _("Fee lines")),
)
"""The beginning of an address's name → what its page is called in the menu; the first that fits counts."""


def where(url_name: str) -> str:
    """What people call the page of an address; empty for none and for one that is no more."""
    for beginnings, words in WORDS:
        if url_name.startswith(beginnings):
            return str(words)
    return ""
