"""Root addresses: each package brings its own."""

from django.urls import URLPattern, URLResolver, include, path

from coordination.views.health import healthz

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", healthz, name="healthz"),
    path("", include("coordination.web.urls")),
    path("account/", include("coordination.urls_account")),
    path("", include("coordination.urls")),
    path("", include("coordination.urls_register_import")),
    path("", include("experts.urls")),
    path("feeds/", include("scheduling.urls_feeds")),
    path("", include("scheduling.urls")),
    path("", include("billing.urls")),
    path("api/v1/", include("api.urls")),
    path("keys/", include("api.urls_keys")),
]

handler400 = "coordination.web.views.errors.bad_request"
handler403 = "coordination.web.views.errors.forbidden"
handler404 = "coordination.web.views.errors.not_found"
handler429 = "coordination.web.views.errors.too_many"  # asked for by allauth, not by Django
handler500 = "coordination.web.views.errors.server_error"
