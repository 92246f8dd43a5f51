from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class WebConfig(AppConfig):
    """The shell all pages stand in: base templates, design system, menu and panels."""

    name = "coordination.web"
    label = "web"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # each package that has a shell.py registers its menu items and panels in it
        autodiscover_modules("shell")
