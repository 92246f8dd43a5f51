"""Sentences for what is wrong between cells, rows and sheets; other packages add their own."""

from django.utils.translation import gettext_lazy as _

from coordination.workbook.sentences import define

define(
    {
        "unknown_unit": _(
            "There is no unit called “%(value)s”. Correct the name, or add the unit to the sheet "
            "of units."
        ),
        "unknown_unit.nearest": _(
            "There is no unit called “%(value)s”. Did you mean %(nearest)s? If not, add the unit "
            "to the sheet of units."
        ),
        "unknown_kind": _("The form of work “%(value)s” is not known. Correct it."),
        "unknown_kind.nearest": _(
            "The form of work “%(value)s” is not known. Did you mean %(nearest)s?"
        ),
        "unknown_payer": _("“%(value)s” does not say who pays. Use one of these: %(known)s."),
        "duplicate": _("“%(value)s” is there twice. Each may be there once."),
        "duplicate.row": _(
            "“%(value)s” is already on row %(other_row)s. Leave one of the rows out."
        ),
        "missing.contact": _(
            "The unit has no professional contact person. Name one: without a contact person, "
            "shifts cannot be booked for the unit."
        ),
        "missing.business_id": _(
            "The organisation has no Business ID here. It is needed if the organisation is "
            "invoiced."
        ),
        "missing.coordinate": _("One of the coordinates is missing. Fill in both, or neither."),
        "invalid_number.degrees": _(
            "%(value)s is not in Finland: it should be between %(low)s and %(high)s."
        ),
        "far_from_municipality": _(
            "The place is %(km)s km from the centre of %(value)s. Check the coordinates and the "
            "municipality."
        ),
        "other_business_id": _(
            "%(value)s has another Business ID (%(other)s) on an earlier row. Correct one of them."
        ),
        "expired": _(
            "The insurance ended on %(day)s. Renew it: without insurance, shifts cannot be booked"
            " for the unit."
        ),
        "several_people": _(
            "There are several people called “%(value)s”. Tell them apart in Vuoro, for instance "
            "with a second name, and write the name the same way here."
        ),
        "effect.told": _("People who are told: %(count)s"),
        "overlap.agreement": _(
            "The agreement covers the same days as the one on row %(other_row)s. Correct the days"
            " of one of them."
        ),
        "overlap": _(
            "The days overlap with those on row %(other_row)s. Correct the days of one of them."
        ),
    }
)
