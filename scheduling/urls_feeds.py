"""Addresses of the calendar feeds and of the pages that give them out; mounted at /feeds/."""

from django.urls import path

from scheduling.views import feeds

urlpatterns = [
    path("", feeds.calendars, name="feeds"),
    path("own/", feeds.own, name="feed_own"),
    path("own/renew/", feeds.renew_own, name="feed_own_renew"),
    path("own/end/", feeds.end_own, name="feed_own_end"),
    path("units/<int:unit_id>/", feeds.of_unit, name="feed_unit"),
    path("units/<int:unit_id>/renew/", feeds.renew_of_unit, name="feed_unit_renew"),
    path("units/<int:unit_id>/end/", feeds.end_of_unit, name="feed_unit_end"),
    path("<slug:secret>.ics", feeds.feed, name="feed"),
]
