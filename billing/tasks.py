"""What billing does by itself."""

import datetime as dt

from billing.models import FeeLine
from billing.services import fee_lines
from coordination.jobs import daily_at, job


@job(name="billing.keep_lines_right", every=daily_at("04:30"))
def keep_lines_right(*, now: dt.datetime, period: str) -> None:
    """Make lines that waited for a fee rule, and find the payers of open lines anew."""
    fee_lines.make_missing(fee_lines.unpaid_yet(), now=now)
    fee_lines.resolve_payers_again(FeeLine.objects.all())
