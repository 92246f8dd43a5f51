from django.apps import AppConfig


class ExpertsConfig(AppConfig):
    name = "experts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Whoever accepts an invitation as an expert meets their own row of the register."""
        from coordination.services import invitations  # noqa: PLC0415 — models exist from here on
        from experts.services import register  # noqa: PLC0415

        invitations.on_accepted(register.invitation_accepted)
