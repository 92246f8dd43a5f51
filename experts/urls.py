"""Addresses of the register, of people's own pages and of work supervision."""

app_name = "experts"
urlpatterns: list = []
