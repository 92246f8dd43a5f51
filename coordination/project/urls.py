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

# pages for people, problem details for programs
handler400 = "api.problem_pages.bad_request"
handler403 = "api.problem_pages.forbidden"
handler404 = "api.problem_pages.not_found"
handler429 = "coordination.web.views.errors.too_many"  # asked for by allauth, not by Django
handler500 = "api.problem_pages.server_error"
