from django.apps import AppConfig


class BillingConfig(AppConfig):
    name = "billing"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Scheduling shows what a booking costs and a person what they earned; only billing can tell."""
        from billing import budgets, rates, retention_policy
        from billing.queries import own_data
        from coordination import retention
        from scheduling.services import estimates

        estimates.register(rates.estimate)
        estimates.register_budget(budgets.left)
        own_data.register()
        retention.register(retention_policy.RULES)
