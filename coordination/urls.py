"""Addresses of people, places and messages."""

from django.urls import URLPattern, path

from coordination.views import accounts, invitations

urlpatterns: list[URLPattern] = [
    path("account/", accounts.own_account, name="own_account"),
    path("account/second-factor/", accounts.second_factor, name="second_factor"),
    path("invitations/<str:token>/", invitations.accept, name="invitation"),
]
