"""How the web processes run: `gunicorn -c python:coordination.project.gunicorn_conf coordination.project.wsgi`."""

import os
from pathlib import Path

from coordination.logging import logging_config

bind = (
    os.environ.get("BIND")
    or f"{os.environ.get('HOST', '127.0.0.1')}:{os.environ.get('PORT', '8000')}"
)
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
worker_class = "gthread"
threads = int(os.environ.get("WEB_THREADS", "4"))
timeout = 60
graceful_timeout = 10
max_requests = 5000  # a slow leak in a library never grows old
max_requests_jitter = 500
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # heartbeat files, not on a disk  # noqa: S108  # heartbeat files, not on a disk
# No visitor's address, no query string; the path goes through the scrubber like every line.
access_log_format = "%(m)s %(U)s %(s)s %(B)s bytes %(M)s ms request_id=%({x-request-id}o)s"
logconfig_dict = logging_config(
    level=os.environ.get("LOG_LEVEL", "INFO").upper(),
    as_json=os.environ.get("ENVIRONMENT", "production") == "production",
)
control_socket_disable = True  # one socket less; nobody uses it
