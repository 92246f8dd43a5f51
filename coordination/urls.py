"""Addresses of people, places, messages and the audit."""

from django.urls import URLPattern, path

from coordination.views import accounts, audit, invitations, messages, organisations, people, units

ACCOUNTS: list[URLPattern] = [
    path("account/", accounts.own_account, name="own_account"),
    path("account/second-factor/", accounts.second_factor, name="second_factor"),
    path("invitations/<str:token>/", invitations.accept, name="invitation"),
]
PEOPLE: list[URLPattern] = [
    path("people/", people.people, name="people"),
    path("people/invited/", people.invited, name="invitations"),
    path("people/invited/new/", people.invite, name="invite"),
    path("people/invited/<int:pk>/again/", people.invitation_again, name="invitation_again"),
    path("people/invited/<int:pk>/revoke/", people.invitation_revoke, name="invitation_revoke"),
    path("people/roles/<int:pk>/end/", people.grant_end, name="grant_end"),
    path("people/<int:pk>/", people.person, name="person"),
    path("people/<int:pk>/end/", people.account_end, name="account_end"),
    path("people/<int:pk>/open/", people.account_open, name="account_open"),
    path("people/<int:pk>/address/", people.account_address, name="account_address"),
    path("people/<int:pk>/second-factor/", people.second_factor_reset, name="second_factor_reset"),
]
UNITS: list[URLPattern] = [
    path("units/", units.units, name="units"),
    path("units/new/", units.unit_new, name="unit_new"),
    path("units/<int:pk>/", units.unit, name="unit"),
    path("units/<int:pk>/edit/", units.unit_edit, name="unit_edit"),
    path("units/<int:unit_id>/places/new/", units.site_new, name="site_new"),
    path("units/<int:unit_id>/contacts/new/", units.contact_new, name="contact_new"),
    path("units/<int:unit_id>/spaces/new/", units.space_new, name="space_new"),
    path("units/<int:unit_id>/insurance/new/", units.insurance_new, name="insurance_new"),
    path("units/<int:unit_id>/agreements/new/", units.agreement_new, name="agreement_new"),
    path("places/<int:pk>/edit/", units.site_edit, name="site_edit"),
    path("contacts/<int:pk>/edit/", units.contact_edit, name="contact_edit"),
    path("spaces/<int:pk>/edit/", units.space_edit, name="space_edit"),
    path("insurance/<int:pk>/edit/", units.insurance_edit, name="insurance_edit"),
    path("agreements/<int:pk>/edit/", units.agreement_edit, name="agreement_edit"),
]
ORGANISATIONS: list[URLPattern] = [
    path("agreements/", organisations.agreements, name="agreements"),
    path("organisations/", organisations.organisations, name="organisations"),
    path("organisations/new/", organisations.organisation_new, name="organisation_new"),
    path("organisations/<int:pk>/", organisations.organisation, name="organisation"),
    path("organisations/<int:pk>/edit/", organisations.organisation_edit, name="organisation_edit"),
    path(
        "organisations/<int:pk>/rename/",
        organisations.organisation_rename,
        name="organisation_rename",
    ),
    path(
        "organisations/<int:pk>/succeed/",
        organisations.organisation_succeed,
        name="organisation_succeed",
    ),
    path("projects/", organisations.projects, name="projects"),
    path("projects/new/", organisations.project_new, name="project_new"),
    path("projects/<int:pk>/edit/", organisations.project_edit, name="project_edit"),
    path("kinds/", organisations.kinds, name="kinds"),
    path("kinds/new/", organisations.kind_new, name="kind_new"),
    path("kinds/<int:pk>/edit/", organisations.kind_edit, name="kind_edit"),
]
TRACES: list[URLPattern] = [
    path("messages/", messages.messages, name="messages"),
    path("messages/<int:pk>/", messages.message, name="message"),
    path("messages/<int:pk>/again/", messages.message_again, name="message_again"),
    path("audit/", audit.audit, name="audit"),
]
urlpatterns = [*ACCOUNTS, *PEOPLE, *UNITS, *ORGANISATIONS, *TRACES]
