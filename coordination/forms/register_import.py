"""The forms of the register import."""

import uuid
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from coordination.workbook.opening import Limits


class UploadForm(forms.Form):
    """A workbook. `key` is made with the form, so that a double click uploads once."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    file = forms.FileField(
        label=_("Workbook"),
        help_text=_(
            "An Excel file (.xlsx) with the sheets of the register. Nothing is written before "
            "you have seen what would change."
        ),
        widget=forms.FileInput(
            attrs={
                "accept": ".xlsx,application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
            }
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"key": uuid.uuid4()})
        super().__init__(*args, **kwargs)

    def clean_file(self) -> "UploadedFile[bytes]":
        """Turns away what is too large before it is kept."""
        file: UploadedFile[bytes] = self.cleaned_data["file"]
        most = Limits().file_bytes
        if (file.size or 0) > most:
            raise forms.ValidationError(
                _("The file is larger than %(megabytes)d MB."), params={"megabytes": most // 2**20}
            )
        return file


class ConfirmForm(forms.Form):
    """Whether the rows with errors are left out."""

    skip_errors = forms.BooleanField(
        label=_("Leave out the rows with errors and write the rest"), required=False
    )
