"""Sentences for problems that only the sheet of shifts has."""

from django.utils.translation import gettext_lazy as _

from coordination.workbook.sentences import define

define(
    {
        "missing.responsible": _(
            "This form of work needs a responsible professional. Write the name."
        ),
        "holiday": _("%(day)s is a holiday (%(value)s). Check that the shift is really held then."),
        "holiday.series": _(
            "%(day)s is a holiday (%(value)s). The series begins with the next time after it."
        ),
        "not_a_professional": _(
            "%(value)s is on the register of experts, so they cannot be the responsible "
            "professional. Check the name."
        ),
        "no_agreement": _(
            "The unit has no agreement that covers %(value)s on %(day)s. Make one, or correct the"
            " row."
        ),
        "excluded_unit": _(
            "%(value)s is not to be offered shifts at this unit. Check whom the shift is for."
        ),
        "not_active": _("%(value)s is not active on the register. Check whom the shift is for."),
        "kind_not_agreed": _("%(value)s has not agreed to this form of work."),
        "no_orientation": _("%(value)s has had no orientation at this unit."),
        "no_longer_in_file": _(
            "Vuoro has a shift from an earlier file that is not here any more: %(day)s %(clock)s, "
            "%(unit)s, %(value)s. If it is off, cancel it in Vuoro; else write the row back."
        ),
        "no_longer_in_file.series": _(
            "Vuoro has a series from an earlier file that is not here any more: from %(day)s, "
            "%(clock)s, %(unit)s, %(value)s. If it is over, end it in Vuoro; else write the row "
            "back."
        ),
        "would_not_fit": _(
            "%(value)s gets the shift, as it has been promised, though by the rules of Vuoro: "
            "%(why)s."
        ),
        "would_not_fit.not_signed_off": _(
            "%(value)s gets the shift, as it has been promised, though readiness has not been "
            "signed off. So have %(people)s people in all."
        ),
        "unit_lacks": _(
            "The shift is kept, as it has been promised, but something is to be mended: %(why)s."
        ),
        "effect.made": _("Sessions made: %(count)s"),
        "effect.cancelled": _("Sessions cancelled: %(count)s"),
        "effect.moved": _("Sessions moved: %(count)s"),
        "other_year": _("%(day)s is not in the year of the sheet (%(year)s). Check the day."),
        "too_long_or_short": _("A shift lasts from 15 minutes to 12 hours. Correct the times."),
    }
)
