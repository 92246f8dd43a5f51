"""The web server's door. Servers run production unless told otherwise, so a forgotten variable never opens DEBUG."""

import os

os.environ.setdefault("ENVIRONMENT", "production")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "coordination.project.settings")

from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()

from coordination.routes import refuse_to_start_unnamed  # the applications must be loaded

refuse_to_start_unnamed()
