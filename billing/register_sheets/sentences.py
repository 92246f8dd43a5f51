"""Sentences for problems that only the sheet of fee rules has."""

from django.utils.translation import gettext_lazy as _

from coordination.workbook.sentences import define

define(
    {
        "overlap.fee": _(
            "There are two fees for “%(value)s” at once: this one and the one on row "
            "%(other_row)s. Write %(day)s as the last day of the earlier one."
        ),
        "fee_in_use": _(
            "Fees for “%(value)s” have been made at %(amount)s € already, so this rate is not "
            "rewritten. Begin the new rate on a later day."
        ),
        "overlap.fee_stored": _(
            "Vuoro already has a fee for “%(value)s” on these days, from %(day)s on. Write a last"
            " day for the earlier one first."
        ),
    }
)
