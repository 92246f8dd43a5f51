"""Links in mails that answer without logging in: signed, and good for one answer.

The token holds what is answered and a random number that the row forgets with the answer; the
signature keeps anybody from making one up (SECRET_KEY). Nothing else is in it.
"""

import datetime as dt
import secrets

from django.core.signing import BadSignature, Signer
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from coordination.errors import Refused
from scheduling.models import Assignment, AssignmentState, Offer, OfferState

_SALT = "scheduling.answer"
_ASSIGNMENT, _OFFER = "a", "o"


def new_nonce() -> str:
    """What makes a link work once."""
    return secrets.token_urlsafe(16)


def link_for_assignment(assignment: Assignment) -> str:
    """The path `/a/<token>/` on which the person answers a proposal."""
    return _path(_ASSIGNMENT, assignment.pk, assignment.answer_nonce)


def link_for_offer(offer: Offer) -> str:
    """The path `/a/<token>/` on which the person answers an offer."""
    return _path(_OFFER, offer.pk, offer.answer_nonce)


def _path(what: str, pk: int, nonce: str) -> str:
    token = Signer(salt=_SALT, sep=".").sign_object([what, pk, nonce])
    return f"/a/{token}/"


def read(token: str, *, now: dt.datetime) -> Assignment | Offer:
    """What the link asks about, with its session and person.

    Raises Refused: `link_unknown` when nobody here made it, `link_used` when it has been answered
    or the question has been taken back, `link_expired` when the time to answer is over.
    """
    what, pk, nonce = _opened(token)
    found: Assignment | Offer | None = _find(what, pk)
    if found is None:
        raise _unknown()
    if not nonce or not secrets.compare_digest(found.answer_nonce, nonce):
        raise _used(found)
    ends = found.expires_at if isinstance(found, Offer) else found.session.ends_at
    if ends <= now:
        raise Refused(
            _("The time to answer has passed. Thank you all the same."), code="link_expired"
        )
    return found


def _opened(token: str) -> tuple[str, int, str]:
    try:
        what, pk, nonce = Signer(salt=_SALT, sep=".").unsign_object(token)
    except (BadSignature, ValueError):
        raise _unknown() from None
    return str(what), int(pk), str(nonce)


def _find(what: str, pk: int) -> Assignment | Offer | None:
    related = ("expert__user", "session__kind", "session__unit", "session__site")
    if what == _OFFER:
        return Offer.objects.select_related(*related).filter(pk=pk).first()
    return Assignment.objects.select_related(*related).filter(pk=pk).first()


def _unknown() -> Refused:
    return Refused(_("This link is not whole. Open it again from the mail."), code="link_unknown")


def _used(found: Assignment | Offer) -> Refused:
    says: dict[str, Promise] = {
        OfferState.SENT: _("The time has changed since this mail. Answer from the newest one."),
        AssignmentState.PROPOSED: _(
            "The time has changed since this mail. Answer from the newest one."
        ),
        OfferState.SUPERSEDED: _("The shift was filled already. Thank you for answering."),
        OfferState.EXPIRED: _("The time to answer has passed. Thank you all the same."),
        AssignmentState.CANCELLED: _("This shift has been cancelled."),
    }
    codes: dict[str, str] = {OfferState.EXPIRED: "link_expired"}
    sentence = says.get(str(found.state), _("This has been answered already. Thank you."))
    return Refused(sentence, code=codes.get(str(found.state), "link_used"))
