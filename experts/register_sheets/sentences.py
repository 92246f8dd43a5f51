"""Sentences for problems that only the sheets about people have."""

from django.utils.translation import gettext_lazy as _

from coordination.workbook.sentences import define

define(
    {
        "unknown_person": _(
            "“%(value)s” is not on the register of experts. Correct the name, or add the person."
        ),
        "unknown_person.nearest": _(
            "“%(value)s” is not on the register of experts. Did you mean %(nearest)s?"
        ),
        "duplicate.email": _(
            "%(other)s on row %(other_row)s has the same e-mail address. Each person needs an own"
            " one."
        ),
        "duplicate.email_stored": _(
            "%(other)s has this e-mail address in Vuoro already. Each person needs an own one."
        ),
        "duplicate.payroll_number": _(
            "%(other)s on row %(other_row)s has the same payroll number. Correct one of them."
        ),
        "duplicate.payroll_number_stored": _(
            "%(other)s has this payroll number in Vuoro already. Correct it."
        ),
        "duplicate.same_name": _(
            "“%(value)s” is on row %(other_row)s too. If they are two people, tell the names "
            "apart: other sheets name people by name."
        ),
        "missing.training_day": _(
            "The day the training was completed is missing. Without it the person is not offered "
            "shifts."
        ),
        "day_not_said": _(
            "“%(value)s” on %(rows)s rows does not say on which day it was seen, so no day is "
            "stored. Write the day, like 2.3.2026."
        ),
        "double_booking": _(
            "%(value)s is booked twice on %(day)s. Give one of the shifts to somebody else."
        ),
        "double_booking.row": _(
            "%(value)s is booked twice on %(day)s: the time overlaps with row %(other_row)s of "
            "the sheet “%(sheet)s”. Give one of them to somebody else."
        ),
        "double_booking.diary": _(
            "%(value)s already has something else in the diary in Vuoro on %(day)s. Give the "
            "shift to somebody else, or mend the diary first."
        ),
        "above_limit": _("%(value)s is more than %(most)s. Correct the number."),
    }
)
