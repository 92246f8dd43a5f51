"""What the register said of a shift, to tell a mended row from what has become of it in Vuoro."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from experts.models import Expert
from scheduling.models.sessions import Series, Session


class RegisterShift(models.Model):
    """A row of the register as it was last written: which session or series it became.

    Only what the row says anew is carried over; so a shift that was moved or given up in Vuoro is
    not moved back by an old file. `day` and `clock` are by the wall; `sheet` is the sheet's name.
    """

    session = models.OneToOneField(
        Session, on_delete=models.CASCADE, null=True, blank=True, related_name="register_shift"
    )
    series = models.OneToOneField(
        Series, on_delete=models.CASCADE, null=True, blank=True, related_name="register_shift"
    )
    sheet = models.CharField(_("sheet"), max_length=31)
    day = models.DateField(_("first day"))
    clock = models.CharField(_("hours"), max_length=20)
    recurrence = models.CharField(max_length=200, blank=True)
    people = models.ManyToManyField(Expert, related_name="+")

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(session__isnull=False, series__isnull=True, recurrence="")
                | Q(session__isnull=True, series__isnull=False) & ~Q(recurrence=""),
                name="register_shift_is_one_thing",
            ),
        )

    def __str__(self) -> str:
        return f"{self.sheet}: {self.day} {self.clock}"
