"""Addresses of the API, version 1."""

from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView
from rest_framework.routers import SimpleRouter

from api.views.assignments import Assignments, Offers
from api.views.bookings import Bookings
from api.views.docs import docs
from api.views.feeds import Feeds
from api.views.money import Batches, FeeLines, FeeRules
from api.views.people import Absences, Experts, OwnProfile
from api.views.places import (
    ActivityKinds,
    Agreements,
    Contacts,
    Insurances,
    Me,
    Organisations,
    Projects,
    Sites,
    Spaces,
    Units,
)
from api.views.plans import Plans, PlanSeats
from api.views.records import Orientations, SignOffs, Trainings
from api.views.register_imports import RegisterImports
from api.views.series import PreferredPeople, SeriesView, SkippedDays
from api.views.sessions import Sessions
from api.views.supervision import SupervisionRules, Supervisions

app_name = "api"

router = SimpleRouter()
router.register("me", Me, basename="me")
router.register("activity-kinds", ActivityKinds, basename="kind")
router.register("units", Units, basename="unit")
router.register("sites", Sites, basename="site")
router.register("contacts", Contacts, basename="contact")
router.register("spaces", Spaces, basename="space")
router.register("insurances", Insurances, basename="insurance")
router.register("agreements", Agreements, basename="agreement")
router.register("projects", Projects, basename="project")
router.register("organisations", Organisations, basename="organisation")
router.register("register-imports", RegisterImports, basename="register-import")
router.register("experts", Experts, basename="expert")
router.register("own-profile", OwnProfile, basename="own-profile")
router.register("absences", Absences, basename="absence")
router.register("trainings", Trainings, basename="training")
router.register("sign-offs", SignOffs, basename="sign-off")
router.register("orientations", Orientations, basename="orientation")
router.register("supervisions", Supervisions, basename="supervision")
router.register("supervision-rules", SupervisionRules, basename="supervision-rule")
router.register("bookings", Bookings, basename="booking")
router.register("series", SeriesView, basename="series")
router.register("preferred-people", PreferredPeople, basename="preferred")
router.register("skipped-days", SkippedDays, basename="skipped-day")
router.register("sessions", Sessions, basename="session")
router.register("assignments", Assignments, basename="assignment")
router.register("offers", Offers, basename="offer")
router.register("plans", Plans, basename="plan")
router.register("plan-seats", PlanSeats, basename="plan-seat")
router.register("feeds", Feeds, basename="feed")
router.register("fee-rules", FeeRules, basename="fee-rule")
router.register("fee-lines", FeeLines, basename="fee-line")
router.register("batches", Batches, basename="batch")

urlpatterns = [
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    path("docs/", docs, name="docs"),
    path("", include(router.urls)),
]
