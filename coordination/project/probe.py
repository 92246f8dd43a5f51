"""A container's health check: `python -m coordination.project.probe web|worker|beat`; exit code 0 when well.

It asks this container's web process (`web`), or Redis for the sign of life of `worker` or `beat`.
"""

import json
import os
import sys
import urllib.error
import urllib.request
from urllib.parse import urlsplit


def main(part: str) -> int:
    well = _web() if part == "web" else _process(part)
    return 0 if well else 1


def _web() -> bool:
    """Up means that it answers and its database answers; 503 for a silent worker is not its own illness."""
    port = os.environ.get("BIND", "127.0.0.1:8000").rpartition(":")[2]
    host = urlsplit(os.environ.get("BASE_URL", "")).hostname or "localhost"
    request = urllib.request.Request(f"http://127.0.0.1:{port}/healthz", headers={"Host": host})
    try:
        with urllib.request.urlopen(request, timeout=8) as answer:  # our own address  # noqa: S310  # our own address
            body = answer.read()
    except urllib.error.HTTPError as error:
        with error:
            body = error.read()
    except OSError:
        return False
    try:
        return bool(json.loads(body)["checks"]["database"]["ok"])
    except (ValueError, KeyError):
        return False


def _process(part: str) -> bool:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "coordination.project.settings")
    import django

    django.setup()
    from coordination import clock, heartbeat

    silent = heartbeat.silence(part, now=clock.now())
    return silent is not None and silent < heartbeat.SILENT_AFTER


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
