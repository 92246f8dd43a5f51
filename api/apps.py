from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "api"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """What a person may read about themselves has their keys to the API in it."""
        from api import own_data, retention_policy
        from coordination import retention

        own_data.register()
        retention.register(retention_policy.RULES)
