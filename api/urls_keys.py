"""Pages about one's own keys."""

from django.urls import path

from api.views import keys

app_name = "keys"

urlpatterns = [
    path("", keys.index, name="index"),
    path("<int:pk>/revoke/", keys.revoke, name="revoke"),
]
