"""What people call audited tables and columns that have no name of their own for people."""

from typing import Any

from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

TABLES: dict[str, Promise] = {
    "api.apitoken": _("key to the API"),
    "billing.feeline": _("fee line"),
    "billing.feerule": _("fee rule"),
    "billing.paybatch": _("pay batch"),
    "coordination.activitykind": _("form of work"),
    "coordination.agreement": _("agreement"),
    "coordination.agreementkind": _("form of work in an agreement"),
    "coordination.formername": _("former name"),
    "coordination.formerorganisation": _("former organisation of a unit"),
    "coordination.fundingproject": _("funding project"),
    "coordination.insurancepolicy": _("insurance"),
    "coordination.invitation": _("invitation"),
    "coordination.organisation": _("organisation"),
    "coordination.rolegrant": _("role"),
    "coordination.site": _("place"),
    "coordination.spaceagreement": _("agreement on spaces"),
    "coordination.unit": _("unit"),
    "coordination.unitcontact": _("contact person"),
    "coordination.user": _("account"),
    "experts.absence": _("absence"),
    "experts.availabilitypattern": _("availability"),
    "experts.expert": _("expert"),
    "experts.expertexcludedunit": _("unit never to be offered"),
    "experts.expertkind": _("form of work of an expert"),
    "experts.orientation": _("orientation"),
    "experts.signoff": _("sign-off"),
    "experts.supervisionattendance": _("attendance at supervision"),
    "experts.supervisionrule": _("rule of supervision"),
    "experts.supervisionsession": _("supervision session"),
    "experts.training": _("training"),
    "scheduling.assignment": _("assignment"),
    "scheduling.booking": _("booking"),
    "scheduling.offer": _("offer"),
    "scheduling.overrule": _("overruling"),
    "scheduling.plandefaults": _("weights of plans"),
    "scheduling.preferredperson": _("preferred person"),
    "scheduling.series": _("series"),
    "scheduling.session": _("session"),
    "scheduling.tally": _("counts"),
}
_COLUMNS: dict[str, Promise] = {
    "accepted": _("accepted"),
    "activitykind": _("form of work"),
    "actual_ends": _("really ended"),
    "actual_starts": _("really began"),
    "agreement": _("agreement"),
    "amount": _("amount"),
    "answered": _("answered"),
    "approved": _("approved"),
    "at": _("when"),
    "assignment": _("assignment"),
    "basis": _("basis"),
    "batch": _("pay batch"),
    "booking": _("booking"),
    "by": _("by whom"),
    "cancelled": _("was cancelled"),
    "changed": _("changed"),
    "client_after": _("Clients, after the appointment"),
    "client_before": _("Clients, before the appointment"),
    "closed": _("was closed"),
    "code": _("code"),
    "continues": _("continues"),
    "corrects": _("corrects"),
    "cost_centre": _("cost centre"),
    "counted": _("counted"),
    "created": _("made"),
    "decided": _("decided"),
    "edited_by_hand": _("changed by hand"),
    "email": _("e-mail"),
    "ended": _("has ended"),
    "ends": _("until"),
    "expert": _("expert"),
    "expires": _("runs out"),
    "exported": _("exported"),
    "follow_up_agreed": _("Agreed to meet again"),
    "granted": _("given"),
    "guided_onward": _("Guided onward"),
    "income_type": _("income type"),
    "invited": _("invited"),
    "is_active": _("in use"),
    "key": _("key"),
    "kind": _("kind"),
    "language": _("language"),
    "locked": _("locked"),
    "made_until": _("made until"),
    "minutes": _("minutes"),
    "name": _("name"),
    "occurrence": _("day in the series"),
    "order": _("order"),
    "organisation": _("organisation"),
    "overrules": _("overruled"),
    "participants": _("Participants"),
    "payer_name": _("payer"),
    "peer_leaders": _("Peer group leaders"),
    "professional": _("Professionals"),
    "project": _("funding project"),
    "proposed": _("proposed"),
    "rate": _("rate"),
    "recurrence": _("repetition"),
    "relative_after": _("Close people, after the appointment"),
    "relative_before": _("Close people, before the appointment"),
    "requested": _("was requested"),
    "reverses": _("reverses"),
    "revoked": _("taken back"),
    "role": _("role"),
    "rule": _("fee rule"),
    "seat": _("seat"),
    "sent": _("sent"),
    "sequence": _("version"),
    "series": _("series"),
    "session": _("session"),
    "signed": _("signed"),
    "site": _("place"),
    "slug": _("address name"),
    "source": _("source"),
    "starts": _("from"),
    "state": _("state"),
    "successor": _("successor"),
    "tally_form": _("counts"),
    "unit": _("unit"),
    "user": _("person"),
    "why": _("why"),
    "withdrawn": _("was withdrawn"),
    "zone_name": _("time zone"),
}
"""Moments and days lose `_at` and `_on`, people `_by`."""


def table(key: str, model: Any) -> str:
    """What a row of the table is called."""
    return capfirst(str(TABLES.get(key, model._meta.verbose_name)))


def column(field: Any) -> str:
    """The column's name for people: its own when the model gives one, else from the list above."""
    own = str(field.verbose_name)
    if own != field.name.replace("_", " "):
        return capfirst(own)
    stem, _underscore, ending = field.name.rpartition("_")
    if field.name in _COLUMNS:
        return capfirst(str(_COLUMNS[field.name]))
    if ending in {"at", "on"} and stem in _COLUMNS:
        return capfirst(str(_COLUMNS[stem]))
    if ending == "by" and stem in _COLUMNS:
        return capfirst(_now("%(what)s, by whom") % {"what": _COLUMNS[stem]})
    return capfirst(own)
