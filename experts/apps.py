from django.apps import AppConfig


class ExpertsConfig(AppConfig):
    name = "experts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Whoever accepts an invitation as an expert meets their own row of the register."""
        from coordination import retention
        from coordination.services import invitations
        from experts import retention_policy
        from experts.services import register

        invitations.on_accepted(register.invitation_accepted)
        retention.register(retention_policy.RULES)
