from django.apps import AppConfig


class SchedulingConfig(AppConfig):
    name = "scheduling"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """What a person may read about themselves has shifts in it, which the floor below cannot know."""
        from coordination import retention
        from scheduling import retention_policy
        from scheduling.queries import own_data

        own_data.register()
        retention.register(retention_policy.RULES)
