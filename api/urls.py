"""Addresses of the API, version 1."""

from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView
from rest_framework.routers import SimpleRouter

from api.views.assignments import Assignments, Offers
from api.views.bookings import Bookings
from api.views.docs import docs
from api.views.money import Batches, FeeLines, FeeRules
from api.views.people import Absences, Experts, Supervisions
from api.views.places import ActivityKinds, Me, Units
from api.views.sessions import Sessions

app_name = "api"

router = SimpleRouter()
router.register("me", Me, basename="me")
router.register("activity-kinds", ActivityKinds, basename="kind")
router.register("units", Units, basename="unit")
router.register("experts", Experts, basename="expert")
router.register("absences", Absences, basename="absence")
router.register("supervisions", Supervisions, basename="supervision")
router.register("bookings", Bookings, basename="booking")
router.register("sessions", Sessions, basename="session")
router.register("assignments", Assignments, basename="assignment")
router.register("offers", Offers, basename="offer")
router.register("fee-rules", FeeRules, basename="fee-rule")
router.register("fee-lines", FeeLines, basename="fee-line")
router.register("batches", Batches, basename="batch")

urlpatterns = [
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    path("docs/", docs, name="docs"),
    path("", include(router.urls)),
]
