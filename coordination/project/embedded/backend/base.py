"""Django's PostgreSQL engine, which starts the embedded server at the first connection.

So `manage.py` commands just work, and those that need no database start none.
"""

from typing import Any

from django.db.backends.postgresql import base

from coordination.project.embedded import Places, attach


class DatabaseWrapper(base.DatabaseWrapper):
    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        places = self.settings_dict["EMBEDDED"]
        assert isinstance(places, Places)
        attach(places)
        return super().get_new_connection(conn_params)
