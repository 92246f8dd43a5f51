"""Addresses of the register, of people's own pages and of work supervision."""

from django.urls import path

from experts.views import (
    export,
    orientation,
    own,
    records,
    register,
    sign_offs,
    supervision,
    supervision_rules,
    times,
)

app_name = "experts"
_ONE = "experts/<int:expert_id>/"
urlpatterns = [
    path("experts/", register.index, name="list"),
    path("experts/export.csv", export.export, name="export"),
    path("experts/new/", register.new, name="new"),
    path("experts/sign-off/", sign_offs.several, name="sign_offs"),
    path(_ONE, register.detail, name="detail"),
    path(f"{_ONE}edit/", register.edit, name="edit"),
    path(f"{_ONE}load/", register.load, name="load"),
    path(f"{_ONE}papers/", register.papers, name="papers"),
    path(f"{_ONE}status/", register.status, name="status"),
    path(f"{_ONE}trainings/new/", records.training_new, name="training_new"),
    path(f"{_ONE}trainings/<int:training_id>/", records.training, name="training"),
    path(
        f"{_ONE}trainings/<int:training_id>/remove/",
        records.training_remove,
        name="training_remove",
    ),
    path(f"{_ONE}sign-off/", records.sign_off, name="sign_off"),
    path(f"{_ONE}sign-off/withdraw/", records.sign_off_withdraw, name="sign_off_withdraw"),
    path(f"{_ONE}orientations/new/", records.orientation_new, name="orientation_new"),
    path(
        f"{_ONE}orientations/<int:orientation_id>/remove/",
        records.orientation_remove,
        name="orientation_remove",
    ),
    path(f"{_ONE}availability/", times.expert_availability, name="availability"),
    path(f"{_ONE}absences/", times.expert_absences, name="absences"),
    path(
        f"{_ONE}absences/<int:absence_id>/remove/",
        times.expert_absence_remove,
        name="absence_remove",
    ),
    path("orientation/", orientation.units, name="orientation"),
    path("orientation/<int:unit_id>/", orientation.unit, name="orientation_unit"),
    path(
        "orientation/<int:unit_id>/<int:orientation_id>/remove/",
        orientation.remove,
        name="professional_remove",
    ),
    path("supervision/", supervision.index, name="supervisions"),
    path("supervision/rules/", supervision_rules.index, name="supervision_rules"),
    path(
        "supervision/rules/<int:rule_id>/remove/",
        supervision_rules.remove,
        name="supervision_rule_remove",
    ),
    path("supervision/new/", supervision.new, name="supervision_new"),
    path("supervision/<int:session_id>/", supervision.session, name="supervision"),
    path("supervision/<int:session_id>/edit/", supervision.edit, name="supervision_edit"),
    path("supervision/<int:session_id>/cancel/", supervision.cancel, name="supervision_cancel"),
    path("supervision/<int:session_id>/held/", supervision.attendance, name="supervision_held"),
    path("supervisor/<int:session_id>/", supervision.held_session, name="held_session"),
    path(
        "supervisor/<int:session_id>/attendance/",
        supervision.held_session_attendance,
        name="held_session_attendance",
    ),
    path("me/profile/", own.profile, name="own"),
    path("me/profile/edit/", own.profile_edit, name="own_edit"),
    path("me/availability/", times.own_availability, name="own_availability"),
    path("me/availability/absences/", times.own_absences, name="own_absences"),
    path(
        "me/availability/absences/<int:absence_id>/remove/",
        times.own_absence_remove,
        name="own_absence_remove",
    ),
    path("me/profile/supervision/", own.own_supervision, name="own_supervision"),
    path("me/profile/access-log/", own.access_log, name="own_access_log"),
    path("me/profile/data/", own.own_data_in_words, name="own_data_in_words"),
    path("me/profile/data.json", own.own_data_file, name="own_data"),
]
