"""Addresses of the shell."""

from django.urls import path

from coordination.web.views import design, homes, preferences

urlpatterns = [
    path("", homes.root, name="root"),
    path("today/", homes.today, name="today"),
    path("finance/", homes.finance_home, name="finance_home"),
    path("unit/", homes.unit_home, name="unit_home"),
    path("me/", homes.expert_home, name="expert_home"),
    path("supervisor/", homes.supervisor_home, name="supervisor_home"),
    path("administration/", homes.admin_home, name="admin_home"),
    path("language/", preferences.set_language, name="set_language"),
    path("theme/", preferences.set_theme, name="set_theme"),
    path("design/", design.design, name="design"),
]
