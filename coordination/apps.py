from django.apps import AppConfig


class CoordinationConfig(AppConfig):
    name = "coordination"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from coordination import (  # what registers itself
            retention,
            retention_policy,
            routes,  # noqa: F401  # the check of all routes
            sign_in_changes,  # noqa: F401  # whose sessions end
        )

        retention.register(retention_policy.RULES)
