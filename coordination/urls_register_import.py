"""Addresses of the register import."""

from django.urls import path

from coordination.views import register_import

urlpatterns = [
    path("register-import/", register_import.index, name="register_imports"),
    path("register-import/<uuid:key>/", register_import.detail, name="register_import"),
    path(
        "register-import/<uuid:key>/progress/",
        register_import.progress,
        name="register_import_progress",
    ),
    path(
        "register-import/<uuid:key>/confirm/",
        register_import.confirm,
        name="register_import_confirm",
    ),
    path("register-import/<uuid:key>/drop/", register_import.drop, name="register_import_drop"),
    path(
        "register-import/<uuid:key>/problems.csv",
        register_import.problems_csv,
        name="register_import_problems",
    ),
]
